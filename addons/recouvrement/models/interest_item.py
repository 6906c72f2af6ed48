"""What the interest feed tells of one receivable item; plain values, no records."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ..tools.interest import Accrual, Claim, Terms, accrue

ZERO = Decimal(0)
DAY = timedelta(days=1)


@dataclass(slots=True, frozen=True)
class ItemMovement:
    """A payment or credit note matched with the item, in the item's currency."""

    day: date
    amount: Decimal
    kind: str
    name: str


@dataclass(slots=True, frozen=True)
class ItemClaim:
    """Days of interest that were invoiced or waived, both days included."""

    first: date | None
    last: date | None
    interest: Decimal
    indemnity: Decimal
    outcome: str


@dataclass(slots=True, frozen=True)
class Period:
    """Days that nobody claimed yet, both included, and what they bear."""

    first: date
    last: date
    accrual: Accrual


@dataclass(slots=True)
class ItemInterest:
    """Interest and fixed indemnity of one item at the end of the day ``until``.

    Amounts are in the currency of the item. ``note`` says why nothing runs although
    nothing is wrong (``no_regime``, ``no_notice``, ``not_late``), ``error`` is a
    translated sentence when the computation cannot be made.
    """

    line_id: int
    move_id: int
    debtor_id: int | None
    company_id: int
    currency_id: int
    digits: int
    name: str
    until: date
    principal: Decimal
    document_date: date | None = None
    date_due: date | None = None
    regime_id: int | None = None
    contractual_rate: float = 0.0
    notice: date | None = None
    movements: list[ItemMovement] = field(default_factory=list)
    claims: list[ItemClaim] = field(default_factory=list)
    claim: Claim | None = None
    terms: Terms | None = None
    accrual: Accrual | None = None
    indemnity: Decimal = ZERO
    indemnity_claimed: Decimal = ZERO
    claimed: Decimal = ZERO
    waived: Decimal = ZERO
    note: str = ""
    error: str = ""

    @property
    def accrued(self):
        """All the interest borne up to ``until``, claimed or not."""
        return self.accrual.total if self.accrual else ZERO

    @property
    def due(self):
        """Interest of the days that were neither invoiced nor waived."""
        if not any(claim.first for claim in self.claims):
            return self.accrued
        return sum((one.accrual.total for one in self.get_open_periods()), ZERO)

    @property
    def difference(self):
        """What the days already claimed bear on today's facts, less what was claimed
        or waived for them; not zero when payments changed since."""
        return self.accrued - self.due - self.claimed - self.waived

    @property
    def indemnity_due(self):
        return ZERO if self.indemnity_claimed else self.indemnity

    @property
    def residual(self):
        """Principal not yet paid at the end of the day ``until``."""
        paid = sum((m.amount for m in self.movements if m.day <= self.until), ZERO)
        return self.principal - paid

    @property
    def asks_something(self):
        return bool(self.residual or self.due or self.indemnity_due or self.error)

    @property
    def is_late(self):
        """Something was still owed at the end of the due date."""
        if not self.date_due or self.date_due >= self.until:
            return False
        paid = sum((m.amount for m in self.movements if m.day <= self.date_due), ZERO)
        return self.principal > paid

    def get_open_periods(self):
        """Days up to ``until`` that were neither invoiced nor waived.

        A claim that was cancelled leaves a hole before later ones: it is a period.

        :return: list of ``Period`` in order, those without interest left out.
        """
        if not self.accrual or not self.accrual.segments:
            return []
        start = self.accrual.segments[0].first
        spans = []
        for claim in sorted((c for c in self.claims if c.first), key=lambda c: c.first):
            spans.append((start, claim.first - DAY))
            start = max(start, claim.last + DAY)
        spans.append((start, self.until))
        periods = [
            Period(first, last, accrue(self.claim, self.terms, last, since=first))
            for first, last in spans
            if first <= last
        ]
        return [period for period in periods if period.accrual.total]

    def count_claims(self):
        """Sum up ``claims`` into ``claimed``, ``waived`` and ``indemnity_claimed``.

        Of a claim that goes beyond ``until`` only the days before count.
        """
        for claim in self.claims:
            self.indemnity_claimed += claim.indemnity
            if not claim.first or claim.first > self.until:
                continue
            interest = claim.interest
            if claim.last > self.until and self.claim:
                part = accrue(self.claim, self.terms, self.until, since=claim.first)
                interest = min(interest, part.total)
            if claim.outcome == "waived":
                self.waived += interest
            else:
                self.claimed += interest
