"""Yearly rates: a table of published figures, and how a claim uses it."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .errors import InterestError, MissingRate

RATE_DIGITS = 6
FOREVER = date.max.toordinal()
ZERO = Decimal(0)


class RatePeriod(NamedTuple):
    """Days with one rate: up to ``last`` (ordinal), percent as an integer too.

    :ivar units: percent × 10⁶
    """

    last: int
    units: int
    percent: Decimal
    reason: str
    label: str


def half_year_of(day: date) -> int:
    """Number of the half-year of a day, consecutive in time."""
    return day.year * 2 + (day.month > 6)


def half_year_start(number: int) -> date:
    """First day of a half-year: 1 January or 1 July."""
    return date(number // 2, 7 if number % 2 else 1, 1)


def half_year_label(day: date) -> str:
    """``2026-S2`` for any day of the second half-year of 2026."""
    return f"{day.year}-S{2 if day.month > 6 else 1}"


class RateTable:
    """The published figures of one legal rate.

    :param code: such as ``ecb_mro``
    :param name: for people
    :param rows: ``(first day, last day or None, Decimal percent)``
    :raises InterestError: validities that overlap or end before they begin.
    """

    __slots__ = ("_first_days", "code", "name", "rows")

    def __init__(
        self,
        code: str,
        name: str,
        rows: Iterable[tuple[date, date | None, Decimal]],
    ):
        self.code = code
        self.name = name
        self.rows = tuple(sorted(rows, key=lambda row: row[0]))
        self._first_days = [row[0] for row in self.rows]
        self._check()

    def _check(self):
        for first, last, _percent in self.rows:
            if last is not None and last < first:
                raise InterestError(f"{self.code}: ends before it begins on {first}")
        for row, following in zip(self.rows, self.rows[1:], strict=False):
            if row[1] is None or row[1] >= following[0]:
                raise InterestError(f"{self.code}: two rates on {following[0]}")

    def on(self, day: date) -> Decimal:
        """The percentage of a day.

        :raises MissingRate: there is none; it is never taken from another day.
        """
        place = bisect_right(self._first_days, day) - 1
        if place >= 0:
            _first, last, percent = self.rows[place]
            if last is None or day <= last:
                return percent
        start = half_year_start(half_year_of(day))
        raise MissingRate(self.code, half_year_label(day), start)


def to_units(percent: Decimal) -> int:
    """Percent as an integer number of millionths, never below zero.

    :raises InterestError: more than six decimals.
    """
    scaled = percent.scaleb(RATE_DIGITS)
    units = int(scaled)
    if units != scaled:
        raise InterestError(f"rate {percent} has more than {RATE_DIGITS} decimals")
    return max(units, 0)


@dataclass(frozen=True, slots=True)
class FixedRate:
    """One percentage for ever: a contract, or another country's law.

    :raises InterestError: below zero, or with more than six decimals.
    """

    percent: Decimal
    _period: RatePeriod = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        if self.percent < 0:
            raise InterestError(f"rate {self.percent} is below zero")
        period = RatePeriod(FOREVER, to_units(self.percent), self.percent, "fixed", "")
        object.__setattr__(self, "_period", period)

    def period(self, day: int, began: int) -> RatePeriod:
        """The rate of a day (ordinal) of a claim."""
        return self._period


@dataclass(frozen=True, slots=True)
class HalfYearRate:
    """A published rate plus a margin, the one in force on the first day of a half-year.

    Commercial claims change rate with each half-year (C. com. art. L441-10 II). Public
    buyers owe the rate of the half-year in which interest began, ``frozen`` for the
    whole delay (R2192-31 of the public procurement code).
    """

    table: RateTable
    margin: Decimal = ZERO
    frozen: bool = False
    _known: dict[int, RatePeriod] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def period(self, day: int, began: int) -> RatePeriod:
        """The rate of a day (ordinal) of a claim whose interest began on another.

        :raises MissingRate: the half-year has no figure.
        """
        number = half_year_of(date.fromordinal(began if self.frozen else day))
        known = self._known.get(number)
        return known or self._learn(number)

    def _learn(self, number: int) -> RatePeriod:
        start = half_year_start(number)
        percent = max(self.table.on(start) + self.margin, ZERO)
        last = half_year_start(number + 1).toordinal() - 1
        period = RatePeriod(
            FOREVER if self.frozen else last,
            to_units(percent),
            percent,
            "frozen" if self.frozen else "half_year",
            half_year_label(start),
        )
        self._known[number] = period
        return period
