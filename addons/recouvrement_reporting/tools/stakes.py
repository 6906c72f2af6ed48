"""What each open item brings, and when: its parts that were promised, agreed in a plan
or are on their way, and the rest."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial

from .flows import OUTSIDE as NOT_COUNTED
from .flows import agreed, known, middle, paused, resolved, spread

ZERO = Decimal(0)
# What no court or liquidator has decided comes in after the horizon, if at all.
OUTSIDE = ("litigation", "insolvency")
TRANSIT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """An amount that the customer is to pay on a day.

    :param amount: in company currency.
    :param rate: chance that it does.
    :param source: ``promise``, ``plan`` or ``transit``.
    """

    source: str
    amount: Decimal
    day: date
    rate: float


@dataclass(frozen=True, slots=True)
class Fact:
    """An open item, less the credits of its customer, and what is known of it.

    :param amount: in company currency, above zero.
    :param loss: share that will not be paid (doubtful item), between 0 and 1.
    :param hold_until: last day of a hold of the customer, or None.
    :param agreements: parts of it, in the order in which they are paid.
    """

    line_id: int
    customer: int
    debtor_id: int
    date_due: date
    amount: Decimal
    status: str = "to_chase"
    loss: Decimal = ZERO
    hold_until: date | None = None
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """A part of an item and its chances to be paid by the end of each cell."""

    customer: int
    debtor_id: int
    line_id: int
    source: str
    amount: Decimal
    chances: tuple
    cells: list = field(hash=False)
    date_expected: date | None = None


class Planner:
    """Makes stakes of facts.

    :param Horizon horizon: the days to come.
    :param dict curves: of each customer.
    :param Decimal unit: smallest amount of the currency.
    :param float dispute_days: that a dispute still takes on average.
    """

    def __init__(self, horizon, curves, unit, dispute_days):
        self.horizon = horizon
        self.ends = horizon.ends
        self.curves = curves
        self.unit = unit
        self.dispute_days = dispute_days
        self._usual = lru_cache(maxsize=None)(self._spread_usual)
        self._disputed = lru_cache(maxsize=None)(self._spread_disputed)

    def stakes(self, fact):
        """Parts of an item that may be paid within the horizon or after it."""
        left = counted(fact, self.unit)
        found, busy = [], 0
        for one in fact.agreements:
            part = min(one.amount, left)
            if part <= 0:
                continue
            left -= part
            busy = max(busy, self._days(one.day))
            found.append(self._agreed(fact, one, part))
        if left > 0:
            found.append(self._rest(fact, left, busy))
        return found

    def _agreed(self, fact, agreement, amount):
        """A late instalment has no day left: it comes in as usual."""
        curve, age = self.curves[fact.customer], self._age(fact)
        day = self._days(agreement.day)
        if agreement.rate >= 1.0:
            flow = partial(known, day)
        elif agreement.source == "plan" and day < 1:
            flow = partial(curve.reached, age)
        else:
            flow = partial(agreed, curve, age, day, agreement.rate)
        return self._stake(fact, agreement.source, amount, *self._run(flow))

    def _rest(self, fact, amount, busy):
        """What nothing is agreed on waits for what is, then comes in as usual."""
        age = self._age(fact)
        if fact.status == "disputed":
            chances, day = self._disputed(fact.customer, age)
            return self._stake(fact, "dispute", amount, chances, day)
        pause = busy
        if fact.hold_until and age >= 0:
            pause = max(pause, self._days(fact.hold_until))
        chances, day = self._usual(fact.customer, age, max(pause, 0))
        return self._stake(fact, "delay", amount, chances, day)

    def _spread_usual(self, customer, age, pause):
        return self._run(partial(paused, self.curves[customer], age, pause))

    def _spread_disputed(self, customer, age):
        last = self.horizon.last
        daily = resolved(
            self.curves[customer], age, self.dispute_days, list(range(1, last + 1))
        )
        day = next((n for n, one in enumerate(daily, 1) if one >= 0.5), None)
        return tuple(daily[end - 1] for end in self.ends), day

    def _run(self, flow):
        chances = tuple(flow(self.ends))
        return chances, middle(flow, self.ends, chances)

    def _stake(self, fact, source, amount, chances, day):
        return Stake(
            fact.customer,
            fact.debtor_id,
            fact.line_id,
            source,
            amount,
            chances,
            spread(amount, chances, self.unit),
            self.horizon.as_of + timedelta(days=day) if day else None,
        )

    def _age(self, fact):
        return (self.horizon.as_of - fact.date_due).days

    def _days(self, day):
        return (day - self.horizon.as_of).days


def counted(fact, unit):
    """The part of an item that may be paid at all."""
    if fact.status in OUTSIDE:
        return ZERO
    return (fact.amount * (1 - fact.loss)).quantize(unit)


def not_counted(fact, unit):
    """The part of an item that is not counted on, as a stake without any cell; None
    when all of it is."""
    left = fact.amount - counted(fact, unit)
    if not left:
        return None
    return Stake(fact.customer, fact.debtor_id, fact.line_id, NOT_COUNTED, left, (), [])


def share_out(agreements, items):
    """Put what was agreed on several items on each of them, first on the first.

    :param list agreements: of the items together, first to be paid first.
    :param list items: ``(key, amount)``, oldest first.
    :return: ``{key: [Agreement]}``.
    """
    found, items = defaultdict(list), [list(one) for one in items]
    for one in agreements:
        left = one.amount
        for item in items:
            part = min(left, item[1])
            if part > 0:
                item[1] -= part
                left -= part
                found[item[0]].append(Agreement(one.source, part, one.day, one.rate))
    return dict(found)
