"""What is claimed, head by head, and what payments leave of it; no Odoo here.

Amounts are Decimal in one currency. The order in which a payment is applied is that of
the French Civil Code: between several debts art. 1342-10, within a debt art. 1343-1,
from which the parties may depart.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
PRINCIPAL, INTEREST, INDEMNITY, CLAUSE, COSTS = HEADS = (
    "principal",
    "interest",
    "indemnity",
    "clause",
    "costs",
)
# Within a debt. Interest before principal is C. civ. art. 1343-1.
ORDERS = {
    "interest_first": (INTEREST, PRINCIPAL, INDEMNITY, CLAUSE, COSTS),
    "principal_first": (PRINCIPAL, INTEREST, INDEMNITY, CLAUSE, COSTS),
    "costs_first": (COSTS, INTEREST, PRINCIPAL, INDEMNITY, CLAUSE),
}


class ClaimError(ValueError):
    """A claim or a payment that makes no sense."""


class Bearing(NamedTuple):
    """Days in a row of one item that bear interest alike, as the interest engine tells
    them: ``label`` is the half-year of the rate, or empty."""

    first: date
    last: date
    days: int
    rate: Decimal
    base: Decimal
    amount: Decimal
    label: str = ""


def group_bearings(bearings):
    """Sum days of the same rate, half-year and base; in the order of the days.

    :param bearings: :class:`Bearing` of one item; pauses (rate and amount zero) too.
    :return: list of :class:`Bearing` whose amounts sum up to those given; what bears
        nothing is left out.
    """
    groups = {}
    for one in bearings:
        if not one.amount:
            continue
        key = one.label, one.rate, one.base
        known = groups.get(key)
        groups[key] = one if known is None else _join(known, one)
    return sorted(groups.values(), key=lambda one: (one.first, one.last))


def _join(one, other):
    return one._replace(
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        days=one.days + other.days,
        amount=one.amount + other.amount,
    )


def sum_by_half_year(bearings):
    """Interest of many items by half-year and rate.

    :return: list of ``(label, rate, first, last, amount)``, the oldest first.
    """
    groups = {}
    for one in bearings:
        key = one.label, one.rate
        first, last, amount = groups.get(key, (one.first, one.last, ZERO))
        groups[key] = (min(first, one.first), max(last, one.last), amount + one.amount)
    return sorted(
        ((label, rate, *values) for (label, rate), values in groups.items()),
        key=lambda row: (row[2], row[3], row[0], row[1]),
    )


# ----------------------------------------------------------------------
# IMPUTATION
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Debt:
    """One sum owed.

    :ivar key: whatever tells it from the others
    :ivar due: day on which it fell due; None: costs and the like, due as they arise
    :ivar heads: amounts by head, zero or more
    :ivar weight: interest that the debtor has in discharging it (its yearly rate)
    """

    key: object
    due: date | None
    heads: dict
    weight: Decimal = ZERO

    def __post_init__(self):
        for head, amount in self.heads.items():
            if head not in HEADS:
                raise ClaimError(f"unknown head {head!r}")
            if amount < 0:
                raise ClaimError(f"{self.key!r}: {head} is below zero")

    @property
    def total(self):
        return sum(self.heads.values(), ZERO)


class Payment(NamedTuple):
    """Money received, or a credit note, on a day.

    :ivar key: the debt that the debtor meant or that the ledger matched; None: none
    :ivar heads: the only heads it reduces (a credit note: the principal); empty: all
    """

    day: date
    amount: Decimal
    key: object = None
    heads: tuple = ()


class Applied(NamedTuple):
    """Part of a payment (its place in the list) that one head of one debt took."""

    payment: int
    key: object
    head: str
    amount: Decimal


@dataclass
class Imputation:
    """Where the payments went.

    :ivar applied: list of :class:`Applied`
    :ivar left: ``{debt key: {head: amount}}``, zero included
    :ivar unused: paid beyond everything that was owed
    """

    applied: list = field(default_factory=list)
    left: dict = field(default_factory=dict)
    unused: Decimal = ZERO

    @property
    def remaining(self):
        return sum((sum(heads.values(), ZERO) for heads in self.left.values()), ZERO)

    def by_head(self):
        """``{head: (paid, left)}``, every head that is in a debt."""
        paid, left = defaultdict(lambda: ZERO), defaultdict(lambda: ZERO)
        for one in self.applied:
            paid[one.head] += one.amount
        for heads in self.left.values():
            for head, amount in heads.items():
                left[head] += amount
        return {head: (paid[head], left[head]) for head in HEADS if head in left}


def impute(debts, payments, order="interest_first", digits=2):
    """Apply payments to debts, in the order of their days.

    A payment goes to the debt that it names. What it names nothing for, or has left,
    goes (art. 1342-10) to the debts that are due on its day, first those that the
    debtor has the greatest interest in discharging, then the oldest; to debts alike in
    proportion; then to those not due yet, alike.

    :param debts: :class:`Debt`, with keys of their own.
    :param payments: :class:`Payment`.
    :param order: a key of ``ORDERS``: what is paid first within a debt.
    :param digits: decimals of the currency, for shares in proportion.
    :raises ClaimError: on a payment of zero or less, or debts with the same key.
    """
    if order not in ORDERS:
        raise ClaimError(f"unknown order {order!r}")
    return _Walk(debts, ORDERS[order], digits).run(payments)


class _Walk:
    def __init__(self, debts, order, digits):
        self.debts = {debt.key: debt for debt in debts}
        if len(self.debts) != len(debts):
            raise ClaimError("two debts have the same key")
        self.order = order
        self.unit = Decimal(1).scaleb(-digits)
        self.result = Imputation(left={debt.key: dict(debt.heads) for debt in debts})

    def run(self, payments):
        places = sorted(range(len(payments)), key=lambda place: payments[place].day)
        for place in places:
            payment = payments[place]
            if payment.amount <= 0:
                raise ClaimError("a payment is above zero")
            self._apply(place, payment)
        return self.result

    def _apply(self, place, payment):
        order = payment.heads or self.order
        rest = payment.amount
        if payment.key in self.debts:
            rest -= self._pay(place, payment.key, rest, order)
        for group in self._groups(payment.day):
            if not rest:
                break
            rest -= self._share(place, group, rest, order)
        self.result.unused += rest

    def _groups(self, day):
        """Keys of the debts in the order of art. 1342-10, those alike together."""
        groups = defaultdict(list)
        for key, debt in self.debts.items():
            later = debt.due is not None and debt.due > day
            due = debt.due or date.max
            groups[later, -debt.weight, due].append(key)
        return [groups[rank] for rank in sorted(groups)]

    def _owed(self, key, order):
        left = self.result.left[key]
        return sum((left.get(head, ZERO) for head in order), ZERO)

    def _share(self, place, keys, amount, order):
        """Pay debts alike in proportion to what is owed on each, to the cent."""
        owed = {key: self._owed(key, order) for key in keys}
        total = sum(owed.values(), ZERO)
        if amount >= total:
            shares = owed
        else:
            shares = self._split(amount, owed, total)
        return sum(
            (self._pay(place, key, share, order) for key, share in shares.items()), ZERO
        )

    def _split(self, amount, owed, total):
        shares = {
            key: (amount * part / total).quantize(self.unit, ROUND_DOWN)
            for key, part in owed.items()
        }
        rest = amount - sum(shares.values(), ZERO)
        for key, part in owed.items():
            more = min(rest, part - shares[key])
            shares[key] += more
            rest -= more
        return shares

    def _pay(self, place, key, amount, order):
        """Take at most ``amount`` for one debt; return what it took."""
        left, taken = self.result.left[key], ZERO
        for head in order:
            part = min(amount - taken, left.get(head, ZERO))
            if part > 0:
                left[head] -= part
                taken += part
                self.result.applied.append(Applied(place, key, head, part))
        return taken
