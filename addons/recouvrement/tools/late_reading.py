"""What an invoice was known by on the day it was issued, and whether what is learnt
from such invoices may be shown. No Odoo here.

Features are few and each is one that a credit manager would name. The error is measured
on invoices issued after all that was learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from .late_probability import Bin, Model, auc, brier, calibration, fit

PRIOR = 2  # invoices of the average customer that each customer is given
RIDGE = 10.0  # pull towards the average, in invoices: chances stay less extreme
LEAST_TESTED = 200
LEAST_OF_EACH = 30  # outcomes, learnt from as well as tested
LEAST_AUC = 0.6
DAYS_LATE = (-30, 90)
TERM = (0, 120)
MOST_OVERDUE = 10
FEATURES = ("late_share", "days_late", "known", "overdue", "term", "amount")


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with the past of its customer, as both were on the day of issue.

    :ivar known: earlier invoices of which it was known whether they were late
    :ivar late: of those, how many were
    :ivar settled: earlier invoices that were paid in full
    :ivar days: sum of their days late, negative when early
    :ivar overdue: invoices of the customer that were overdue on that day
    :ivar term: days from issue to due date
    :ivar amount: of the invoice, in company currency
    """

    known: int
    late: int
    settled: int
    days: int
    overdue: int
    term: int
    amount: float


@dataclass(frozen=True, slots=True)
class Average:
    """The average customer: share of invoices paid late, and days late."""

    late_share: float
    days: float


def average(invoices: Sequence[Invoice], late: Sequence[bool]) -> Average:
    """The average customer of what is learnt from."""
    settled = sum(invoice.settled for invoice in invoices)
    days = sum(invoice.days for invoice in invoices)
    return Average(sum(map(bool, late)) / len(late), days / settled if settled else 0.0)


def features(invoice: Invoice, mean: Average) -> tuple[float, ...]:
    """An invoice as a row of ``FEATURES``: a customer with little past looks like the
    average one."""
    share = (invoice.late + PRIOR * mean.late_share) / (invoice.known + PRIOR)
    days = (invoice.days + PRIOR * mean.days) / (invoice.settled + PRIOR)
    return (
        share,
        _between(days, DAYS_LATE),
        log1p(invoice.known),
        float(min(invoice.overdue, MOST_OVERDUE)),
        float(_between(invoice.term, TERM)),
        log1p(max(invoice.amount, 0.0)),
    )


def _between(value, bounds):
    return min(max(value, bounds[0]), bounds[1])


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model with the average it was learnt with."""

    model: Model
    mean: Average

    def chance(self, invoice: Invoice) -> float:
        """Chance between 0 and 1 that an invoice is paid late."""
        return self.model.probability(features(invoice, self.mean))

    def weights(self) -> dict[str, float]:
        """How much each feature weighs, in standard deviations; above zero: more of it
        makes an invoice later."""
        return dict(zip(FEATURES, self.model.weights[1:], strict=True))


def learn(invoices: Sequence[Invoice], late: Sequence[bool]) -> Learnt:
    """Learn from invoices whose outcome is known.

    :raise ValueError: without invoices
    """
    if not invoices:
        raise ValueError("nothing to learn from")
    mean = average(invoices, late)
    rows = [features(invoice, mean) for invoice in invoices]
    return Learnt(fit(rows, late, RIDGE), mean)


@dataclass(frozen=True, slots=True)
class Test:
    """What a model was worth on invoices it did not know.

    :ivar plain: mean squared error of the share of late invoices alone
    """

    number: int
    late: int
    auc: float | None
    brier: float
    plain: float
    groups: list[Bin]


def examine(learnt: Learnt, invoices: Sequence[Invoice], late: Sequence[bool]) -> Test:
    """Measure a model on invoices issued after those it was learnt from."""
    chances = [learnt.chance(invoice) for invoice in invoices]
    return Test(
        len(invoices),
        sum(map(bool, late)),
        auc(chances, late),
        brier(chances, late),
        brier([learnt.mean.late_share] * len(late), late),
        calibration(chances, late),
    )


def too_little(late: Sequence[bool], least: int = 0) -> str:
    """Why outcomes are too few to learn from or to test with: ``few``,
    ``one_outcome``, or "" when they are enough.

    :param int least: how many there must be at least
    """
    number, ups = len(late), sum(map(bool, late))
    if number < max(least, 2 * LEAST_OF_EACH):
        return "few"
    return "one_outcome" if min(ups, number - ups) < LEAST_OF_EACH else ""


def unconvincing(test: Test) -> bool:
    """Whether the chances are no better than the share of late invoices alone."""
    return test.auc is None or test.auc < LEAST_AUC or test.brier >= test.plain
