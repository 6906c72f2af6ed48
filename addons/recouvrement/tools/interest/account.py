"""What is owed on a claim as its movements come in: principal and interest apart."""

from .model import CREDIT, INTEREST, Claim
from .money import to_minor


class Account:
    """Principal and interest of one claim, in the smallest unit of its currency.

    :ivar principal: what is left of it, below zero when overpaid
    :ivar accrued: interest earned so far, paid or not
    :ivar interest_paid: part of the movements that paid interest
    """

    __slots__ = (
        "_by_day",
        "_capitalised",
        "_days",
        "_interest_first",
        "_principal_paid",
        "accrued",
        "interest_paid",
        "next_day",
        "principal",
    )

    def __init__(self, claim: Claim, interest_first: bool, never: int):
        self.principal = to_minor(claim.principal, claim.digits)
        self.accrued = 0
        self.interest_paid = 0
        self._capitalised = 0
        self._principal_paid = 0
        self._interest_first = interest_first
        self._by_day = _by_day(claim)
        self._days = [*sorted(self._by_day, reverse=True)]
        self._days.insert(0, never)
        self.next_day = self._days[-1]

    @property
    def capitalised(self) -> int:
        """Capitalised interest not paid yet; payments of interest pay it first."""
        return max(self._capitalised - max(self.interest_paid, 0), 0)

    @property
    def base(self) -> int:
        """What bears interest; never below zero."""
        base = self.principal
        if self._capitalised:
            base += self.capitalised
        return base if base > 0 else 0

    def capitalise(self):
        """Have all the interest earned so far bear interest, as far as unpaid."""
        self._capitalised = self.accrued

    def settle(self, before: int):
        """Take in the movements of the days (ordinals) before one.

        Those of a day count together, credits first, so that their order is nothing.
        """
        while self.next_day < before:
            credit, interest, payment = self._by_day[self._days.pop()]
            self.principal -= credit
            self.interest_paid += interest
            if payment > 0:
                self._pay(payment)
            elif payment:
                self._give_back(-payment)
            self.next_day = self._days[-1]

    def _pay(self, amount: int):
        """C. civ. art. 1343-1: interest first, unless the terms say otherwise."""
        if self._interest_first:
            interest = min(amount, max(self.accrued - self.interest_paid, 0))
            self.interest_paid += interest
            amount -= interest
        self.principal -= amount
        self._principal_paid += amount

    def _give_back(self, amount: int):
        """A payment that is undone gives back what it paid last: principal first."""
        if self._interest_first:
            beyond = max(amount - self._principal_paid, 0)
            interest = min(beyond, max(self.interest_paid, 0))
            self.interest_paid -= interest
            amount -= interest
        self.principal += amount
        self._principal_paid = max(self._principal_paid - amount, 0)


def _by_day(claim: Claim) -> dict[int, list[int]]:
    """Sums of the movements of each day (ordinal): credits, interest, payments."""
    days: dict[int, list[int]] = {}
    for movement in claim.movements:
        sums = days.setdefault(movement.day.toordinal(), [0, 0, 0])
        place = 0 if movement.kind == CREDIT else 1 if movement.kind == INTEREST else 2
        sums[place] += to_minor(movement.amount, claim.digits)
    return days
