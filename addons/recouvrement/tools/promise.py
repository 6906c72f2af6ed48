"""What the ledger says of a promise to pay: waiting, kept, partly kept, broken, or
settled by something else than money.

Facts come in, a verdict comes out: nothing here depends on what was decided before,
so that judging twice, or in another order, gives the same answer.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .matches import ZERO, Match, Settled, settled

OPEN, KEPT, PARTLY, BROKEN, VOID = "open", "kept", "partly", "broken", "void"


@dataclass(frozen=True)
class Terms:
    """What was promised.

    :param amount: promised, above zero.
    :param made: day the promise was made.
    :param deadline: last day on which a receipt still counts (inclusive).
    :param tolerance: shortfall that is forgiven.
    """

    amount: Decimal
    made: date
    deadline: date
    tolerance: Decimal = ZERO

    @property
    def slack(self):
        """Tolerance; none on an amount that it would swallow whole."""
        return self.tolerance if self.tolerance < self.amount else ZERO


@dataclass(frozen=True)
class Item:
    """A promised item as it was when the promise was made, and its matching now.

    :param residual: open amount when the promise was made.
    :param base: what was matched by then with a day up to the deadline.
    :param base_later: money matched by then with a later day (post-dated).
    """

    residual: Decimal
    base: Settled = Settled()
    base_later: Decimal = ZERO
    matches: tuple[Match, ...] = ()

    def since(self, until):
        """What was settled since the promise, with a day up to ``until``."""
        return settled(self.matches, until).beyond(self.base)

    def received_after(self, day):
        """Money since the promise with a day after ``day``."""
        late = sum(
            (m.amount for m in self.matches if m.is_receipt and m.day > day), ZERO
        )
        return max(ZERO, late - self.base_later)


@dataclass(frozen=True)
class Verdict:
    """The answer.

    :param required: what had to be received: the promised amount, or less when the
        items were settled otherwise (credit note, write-off…).
    :param paid: received since the promise, whenever.
    :param paid_in_time: received up to the deadline.
    :param decided_on: first day on which the answer stood; None while open.
    :param reason: code of the sentence that explains the answer.
    """

    state: str
    required: Decimal
    paid: Decimal
    paid_in_time: Decimal
    decided_on: date | None
    reason: str

    @property
    def missing(self):
        """What is still expected while the promise is open, else nothing."""
        if self.state != OPEN:
            return ZERO
        return max(ZERO, self.required - self.paid_in_time)


def snapshot(matches, deadline):
    """``base`` and ``base_later`` of an item, from its matches when it is promised."""
    later = sum((m.amount for m in matches if m.is_receipt and m.day > deadline), ZERO)
    return settled(matches, deadline), later


def judge(terms, items, today):
    """Judge a promise.

    Only what counts up to the deadline decides: what comes later does not make a
    broken promise kept. Credit notes, write-offs and compensations lower what is
    required; when nothing is left to require, the promise is void.

    :param Terms terms: the promise.
    :param items: its ``Item``, all in the currency of the promise.
    :param date today: a promise is open up to its deadline, this day included.
    :return: ``Verdict``.
    """
    required, received = _position(terms, items, terms.deadline)
    paid = received + sum((i.received_after(terms.deadline) for i in items), ZERO)
    state = _early_state(terms, required, received)
    if state:
        decided_on = _first_day(terms, items)
    elif today <= terms.deadline:
        state, decided_on = OPEN, None
    else:
        state = PARTLY if received > terms.slack else BROKEN
        decided_on = terms.deadline + timedelta(days=1)
    reason = _reason(terms, state, required, received, paid)
    return Verdict(state, required, paid, received, decided_on, reason)


def _position(terms, items, until):
    """What is required, and what was received, as of a day."""
    since = sum((item.since(until) for item in items), Settled())
    owed = sum((item.residual for item in items), ZERO) - since.otherwise
    return max(ZERO, min(terms.amount, owed)), since.received


def _early_state(terms, required, received):
    """State that does not wait for the deadline, or None."""
    if required <= terms.slack:
        return VOID
    return KEPT if received >= required - terms.slack else None


def _first_day(terms, items):
    """First day from which a promise is kept or void, never before it was made."""
    days = sorted({m.day for i in items for m in i.matches if m.day <= terms.deadline})
    for day in days:
        if _early_state(terms, *_position(terms, items, day)):
            return max(day, terms.made)
    return terms.made


def _reason(terms, state, required, received, paid):
    if state == OPEN:
        return "part_received" if received > ZERO else "waiting"
    if state == KEPT:
        return "paid" if required >= terms.amount else "paid_rest"
    if state == VOID:
        return "settled_otherwise"
    if paid >= required - terms.slack:
        return "paid_late"
    return "paid_less" if state == PARTLY else "not_paid"
