"""Instalment plans without Odoo: the schedule, what was paid of it, where it stands.

Amounts are ``Decimal`` in the currency of the plan. What was received goes to the
oldest instalment first; what a credit note takes off the debt shortens the plan from
its end. A plan never asks for more than the ledger still owes.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from .matches import Settled

ZERO = Decimal(0)
MONTH, FORTNIGHT, WEEK = "month", "fortnight", "week"
DAYS = {FORTNIGHT: 14, WEEK: 7}
MOST = 120  # instalments
DUE, PARTLY, PAID, LATE, VOID = "due", "partly", "paid", "late", "void"
RUNNING, DONE = "accepted", "done"


class PlanError(ValueError):
    """A schedule that cannot be made; ``code`` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is agreed for one day."""

    number: int
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Judged:
    """An instalment as the ledger sees it.

    :ivar amount: what is left of the agreed amount after credit notes
    :ivar paid: what of it was received
    """

    instalment: Instalment
    amount: Decimal
    paid: Decimal
    state: str

    @property
    def missing(self):
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a plan: what it owed at the start, and what happened since.

    :ivar owed: open amount when the plan was offered
    :ivar base: what had been matched with it until then
    :ivar now: what is matched with it today
    :ivar open: what the ledger says it owes today
    """

    owed: Decimal
    base: Settled
    now: Settled
    open: Decimal

    @property
    def received(self):
        """Money that came in for the plan, never more than the item owed."""
        return min(self.now.beyond(self.base).received, self.owed)

    @property
    def remaining(self):
        """What the plan may still ask of the item."""
        otherwise = self.now.beyond(self.base).otherwise
        return max(ZERO, min(self.owed - self.received - otherwise, self.open))


# ----------------------------------------------------------------------
# MAKING A SCHEDULE
# ----------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_days(first: date, number: int, interval: str = MONTH) -> list[date]:
    """Days of a number of instalments, counted from the first one, so that a plan that
    starts on the 31st goes back to the 31st after a short month."""
    if interval == MONTH:
        return [add_months(first, index) for index in range(number)]
    step = timedelta(days=DAYS[interval])
    return [first + index * step for index in range(number)]


def split(total: Decimal, number: int, first: Decimal | None, quantum: Decimal):
    """Amounts of the instalments: equal ones rounded down, the last takes the rest.

    :param first: amount of the first one when it is not like the others.
    """
    head = [] if first is None else [first]
    rest, others = total - sum(head, ZERO), number - len(head)
    if rest < 0 or (others == 0 and rest):
        raise PlanError("first_above_total" if rest < 0 else "too_few")
    if others == 0:
        return head
    each = (rest / others / quantum).to_integral_value(ROUND_DOWN) * quantum
    return [*head, *[each] * (others - 1), rest - each * (others - 1)]


def count_for(total: Decimal, each: Decimal, first: Decimal | None) -> int:
    """How many instalments of an amount a total takes."""
    if each <= 0:
        raise PlanError("no_amount")
    rest = total - (first or ZERO)
    if rest < 0:
        raise PlanError("first_above_total")
    number = (rest / each).to_integral_value(ROUND_CEILING)
    return int(number) + (first is not None)


def split_each(total: Decimal, each: Decimal, first: Decimal | None) -> list[Decimal]:
    """Amounts when the amount of an instalment is agreed; the last is what is left."""
    number = count_for(total, each, first)
    if number > MOST:
        raise PlanError("too_many")
    amounts = ([] if first is None else [first]) + [each] * number
    amounts = amounts[: number - 1]
    return [*amounts, total - sum(amounts, ZERO)]


def schedule(
    total: Decimal,
    first_day: date,
    *,
    number: int | None = None,
    each: Decimal | None = None,
    first: Decimal | None = None,
    interval: str = MONTH,
    quantum: Decimal = Decimal("0.01"),
) -> list[Instalment]:
    """Instalments whose amounts add up to the total.

    :param total: what the items owe, above zero.
    :param number: how many instalments; or ``each``: the amount of one.
    :param first: amount of the first one when it is not like the others.
    :param quantum: smallest amount of the currency.
    :raise PlanError: when an instalment would be nothing, or there are too many.
    """
    if total <= 0:
        raise PlanError("nothing_owed")
    if first is not None and first <= 0:
        raise PlanError("no_amount")
    if each is not None:
        amounts = split_each(total, each, first)
    else:
        if not number or number < 1:
            raise PlanError("too_few")
        if number > MOST:
            raise PlanError("too_many")
        amounts = split(total, number, first, quantum)
    if any(amount <= 0 for amount in amounts):
        raise PlanError("too_many")
    days = due_days(first_day, len(amounts), interval)
    return [
        Instalment(index, day, amount)
        for index, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1)
    ]


def months_of(days: Sequence[date], start: date) -> int:
    """Months that a plan lasts from a day, begun ones counted."""
    last = max(days)
    months = (last.year - start.year) * 12 + last.month - start.month
    return max(1, months + (last > add_months(start, months)))


# ----------------------------------------------------------------------
# JUDGING IT
# ----------------------------------------------------------------------


def allocate(
    instalments: Sequence[Instalment],
    received: Decimal,
    remaining: Decimal,
    today: date,
    grace: int = 0,
) -> list[Judged]:
    """Share what came in and what is left over the instalments.

    :param received: money received on the items since the start.
    :param remaining: what the items still owe of the plan.
    :param grace: days after the day of an instalment before it is late.
    """
    cut = sum((one.amount for one in instalments), ZERO) - received - remaining
    amounts = []
    for one in reversed(instalments):
        taken = min(max(cut, ZERO), one.amount)
        cut -= taken
        amounts.append(one.amount - taken)
    judged = []
    for one, amount in zip(instalments, reversed(amounts), strict=True):
        paid = min(received, amount)
        received -= paid
        state = _state(one, amount, paid, today, grace)
        judged.append(Judged(one, amount, paid, state))
    return judged


def _state(one, amount, paid, today, grace):
    if not amount:
        return VOID
    if paid >= amount:
        return PAID
    if one.day + timedelta(days=grace) < today:
        return LATE
    return PARTLY if paid else DUE


def totals(items: Iterable[Item]) -> tuple[Decimal, Decimal]:
    """``(received, remaining)`` of the items of a plan."""
    items = list(items)
    return (
        sum((item.received for item in items), ZERO),
        sum((item.remaining for item in items), ZERO),
    )


def standing(judged: Sequence[Judged]) -> str:
    """State of an accepted plan: ``accepted``, ``late`` or ``done``."""
    if all(not one.missing for one in judged):
        return DONE
    return LATE if any(one.state == LATE for one in judged) else RUNNING


def late_amount(judged: Sequence[Judged]) -> Decimal:
    """What late instalments lack."""
    return sum((one.missing for one in judged if one.state == LATE), ZERO)


def next_day(judged: Sequence[Judged]) -> date | None:
    """Day of the first instalment that lacks something."""
    return next((one.instalment.day for one in judged if one.missing), None)
