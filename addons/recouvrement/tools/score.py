"""A debtor's score from what is known of it, explained factor by factor. No Odoo here.

Each factor turns one measure into points from 0 (worst) to 100 (best) by a ladder, and
counts with its weight. A factor whose measure is unknown is left out and the weights of
the others make up for it, unless the model says what to assume; too little known gives
no score at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

BEST = Decimal(100)
TENTH = Decimal("0.1")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """From ``floor`` on, a measure is worth ``points`` (0 to 100)."""

    floor: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Factor:
    """What counts in a model.

    :ivar weight: above zero; only its share of all the weights matters
    :ivar steps: the ladder; a measure under the lowest floor gets the points of the
        lowest step
    :ivar assumed: points of an unknown measure; None leaves the factor out
    """

    code: str
    weight: Decimal
    steps: tuple[Step, ...]
    assumed: Decimal | None = None

    def __post_init__(self):
        if self.weight <= 0:
            raise ValueError(f"{self.code}: a weight is above zero")
        if not self.steps:
            raise ValueError(f"{self.code}: a ladder has at least one step")
        outside = [step for step in self.steps if not ZERO <= step.points <= BEST]
        if outside:
            raise ValueError(f"{self.code}: points lie between 0 and 100")

    def points_of(self, value: Decimal | None) -> Decimal | None:
        """Points of a measure, None when it is unknown and nothing is assumed."""
        if value is None:
            return self.assumed
        ladder = sorted(self.steps, key=lambda step: step.floor)
        reached = [step for step in ladder if step.floor <= value]
        return (reached or ladder[:1])[-1].points


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor brought.

    :ivar share: its part of the weights that counted, 0 to 1
    :ivar contribution: its points of the total, to a tenth; those of all the parts
        add up to the total
    :ivar known: False when the model assumed the points
    """

    code: str
    value: Decimal | None
    points: Decimal
    share: Decimal
    contribution: Decimal
    known: bool


@dataclass(frozen=True, slots=True)
class Score:
    """:ivar total: 0 to 100 to a tenth, or None when too little is known
    :ivar known: share of the weights whose measure is known, 0 to 1
    """

    total: Decimal | None
    parts: tuple[Part, ...]
    known: Decimal


def score(
    measures: Mapping[str, Decimal | None],
    factors: Iterable[Factor],
    least_known: Decimal = ZERO,
) -> Score:
    """Score measures by a model.

    :param measures: by code of factor; missing or None: unknown
    :param least_known: share of the weights (0 to 1) that must be known
    """
    factors = tuple(factors)
    counted = []
    for factor in factors:
        value = measures.get(factor.code)
        points = factor.points_of(value)
        if points is not None:
            counted.append((factor, value, points))
    everything = sum((factor.weight for factor in factors), ZERO)
    known = sum((f.weight for f, value, _points in counted if value is not None), ZERO)
    known_share = known / everything if everything else ZERO
    weights = sum((factor.weight for factor, _value, _points in counted), ZERO)
    parts = tuple(_part(*one, weights) for one in counted)
    enough = parts and known and known_share >= least_known
    total = sum((part.contribution for part in parts), ZERO) if enough else None
    return Score(total, parts, known_share)


def _part(factor, value, points, weights):
    share = factor.weight / weights
    contribution = (points * share).quantize(TENTH, ROUND_HALF_EVEN)
    return Part(factor.code, value, points, share, contribution, value is not None)


def grade(total: Decimal | None, scale: Iterable[tuple[Decimal, str]]) -> str | None:
    """The grade of a total.

    :param scale: pairs ``(lowest total, grade)``; under the lowest: the lowest grade
    """
    if total is None:
        return None
    ladder = sorted(scale)
    reached = [code for lowest, code in ladder if lowest <= total]
    return reached[-1] if reached else ladder[0][1]


def shrunk_share(late: float, number: float, mean: float, weight: float = 5.0) -> float:
    """Share of late invoices, drawn towards a mean where there are few.

    :param late: how many of ``number`` were late
    :param mean: share of the group, 0 to 1
    :param weight: invoices that the mean counts for
    """
    if number + weight <= 0:
        return mean
    return (late + weight * mean) / (number + weight)
