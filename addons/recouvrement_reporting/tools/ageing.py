"""Ages of receivables: free bounds in days or in real months, and the column that each
amount falls in. No date is in two columns, none is in no column.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAYS, MONTHS = "days", "months"
DUE, DOCUMENT = "due", "document"
UNITS = (DAYS, MONTHS)
BASES = (DUE, DOCUMENT)
MOST_BOUNDS = 12
FARTHEST = {DAYS: 3660, MONTHS: 120}
DEFAULT_BOUNDS = {DAYS: (30, 60, 90, 180), MONTHS: (1, 2, 3, 6)}


class AgeingError(ValueError):
    """A choice that makes no ageing.

    :ivar str code: what is wrong; ``params`` says where.
    """

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Bucket:
    """A column: ages above ``over`` up to ``upto``, in the unit of the plan.

    None is no bound on that side.
    """

    over: int | None
    upto: int | None


@dataclass(frozen=True)
class BucketPlan:
    """How ages are cut.

    :ivar tuple bounds: the last age of each column but the last one; with ``DUE`` 0
        stands for the due date, and negative ages are yet to fall due.
    :ivar str unit: ``DAYS`` or ``MONTHS``; a month is a calendar month.
    :ivar str base: ages count from the ``DUE`` date or from that of the ``DOCUMENT``.
    """

    bounds: tuple
    unit: str = DAYS
    base: str = DUE

    @classmethod
    def of(cls, bounds=None, unit=DAYS, base=DUE):
        """A checked plan from what a user chose.

        :param bounds: numbers in any order, the usual ones when it is None; from the
            due date, 0 is added.
        :raise AgeingError: ``unit``, ``base``, ``bound``, ``too_far``, ``negative``,
            ``none`` or ``too_many``.
        """
        if unit not in UNITS:
            raise AgeingError("unit", value=unit)
        if base not in BASES:
            raise AgeingError("base", value=base)
        if bounds is None:
            bounds = DEFAULT_BOUNDS[unit]
        numbers = {_checked_bound(bound, unit, base) for bound in bounds}
        if base == DUE:
            numbers.add(0)
        if not numbers:
            raise AgeingError("none")
        if len(numbers) > MOST_BOUNDS:
            raise AgeingError("too_many", most=MOST_BOUNDS)
        return cls(tuple(sorted(numbers)), unit, base)

    @property
    def buckets(self):
        """The columns, from the least to the most overdue."""
        edges = (None, *self.bounds, None)
        return tuple(map(Bucket, edges[:-1], edges[1:]))

    def limits(self, as_of):
        """Oldest date of each column but the last one, on a day; falling dates."""
        if self.unit == MONTHS:
            return tuple(add_months(as_of, -bound) for bound in self.bounds)
        return tuple(as_of - timedelta(days=bound) for bound in self.bounds)

    def column_of(self, day, as_of):
        """Number of the column of a due or document date."""
        return sum(day < limit for limit in self.limits(as_of))

    def span(self, column, as_of):
        """First and last date of a column, None where it has no end."""
        limits = (None, *self.limits(as_of), None)
        newest = limits[column] and limits[column] - timedelta(days=1)
        return limits[column + 1], newest


def _checked_bound(bound, unit, base):
    if isinstance(bound, bool) or not isinstance(bound, int):
        raise AgeingError("bound", value=bound)
    if abs(bound) > FARTHEST[unit]:
        raise AgeingError("too_far", value=bound, most=FARTHEST[unit])
    if base == DOCUMENT and bound < 0:
        raise AgeingError("negative", value=bound)
    return bound


def read_bounds(text):
    """Numbers that somebody typed, such as ``30, 60; 90``.

    :raise AgeingError: ``bound`` with the word that is no whole number.
    """
    numbers = []
    for word in text.replace(";", " ").replace(",", " ").replace("/", " ").split():
        try:
            numbers.append(int(word))
        except ValueError:
            raise AgeingError("bound", value=word) from None
    return numbers


def add_months(day, months):
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_ends(day, count):
    """The last ``count`` days to draw a history of: month-ends, then ``day``."""
    ends = [day]
    while len(ends) < count:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
