"""The walk along the days of a claim.

Everything inside is whole numbers: money in the smallest unit of the currency, days as
ordinals, interest in a fraction of that unit that makes every sum exact. Only the
interest from the first day up to a day is rounded (half up); what a segment bears is
the difference of two of these, so that segments sum to the total and a period may be
cut anywhere without losing or inventing a cent.
"""

from calendar import isleap
from datetime import date

from .account import Account
from .model import Accrual, Claim, Segment
from .money import to_amount
from .rates import FOREVER, RATE_DIGITS, ZERO, RatePeriod
from .terms import ACTUAL_BASIS, INTEREST_FIRST, Terms

COMMON_YEAR, LEAP_YEAR = 365, 366
UNIT = 10**RATE_DIGITS * 100 * COMMON_YEAR * LEAP_YEAR
HALF_UNIT = UNIT // 2
NEVER = FOREVER + 1


def accrue(
    claim: Claim, terms: Terms, until: date, since: date | None = None
) -> Accrual:
    """Interest of the days ``since`` (default: the first) to ``until``, both included.

    A day bears interest on what was owed before it, from the day after the due date
    or ``claim.begin`` on, except in pauses. Whatever ``since`` is, the claim is
    followed from its first day: what earlier payments left is right, and the totals
    of consecutive periods sum exactly to the total of the whole.

    :raises MissingRate: a day that bears interest is in a half-year without a figure.
    """
    return _Walk(claim, terms, until, since).run()


class _Walk:
    """One claim, followed from its first day of interest."""

    __slots__ = (
        "account",
        "actual",
        "anniversary",
        "began",
        "digits",
        "end",
        "exact",
        "pauses",
        "put_off",
        "rate",
        "segments",
        "since",
        "start",
        "total",
    )

    def __init__(self, claim: Claim, terms: Terms, until: date, since: date | None):
        self.start = claim.due.toordinal() + 1
        if claim.begin:
            self.start = max(self.start, claim.begin.toordinal())
        self.end = until.toordinal()
        self.since = since.toordinal() if since else 0
        self.account = Account(claim, terms.imputation == INTEREST_FIRST, NEVER)
        self.digits = claim.digits
        self.rate = terms.rate
        self.actual = terms.basis == ACTUAL_BASIS
        self.pauses = _ordered(claim.pauses) if claim.pauses else ()
        self.began = self._first_bearing_day()
        self.put_off = 0
        self.anniversary = (
            _year_later(self.start, 1)
            if terms.capitalise and self.start <= self.end
            else NEVER
        )
        self.exact = 0
        self.total = 0
        self.segments: list[Segment] = []

    def run(self) -> Accrual:
        day = self.start
        if self.account.principal <= 0:
            day = self.end + 1
        while day <= self.end:
            day = self._step(day) + 1
        account, digits = self.account, self.digits
        account.settle(self.end + 1)
        return Accrual(
            tuple(self.segments),
            to_amount(self.total, digits),
            to_amount(account.principal, digits),
            to_amount(account.interest_paid, digits),
            to_amount(account.capitalised, digits),
        )

    def _step(self, first: int) -> int:
        """Go through the days from ``first`` on that are alike; return the last."""
        account = self.account
        account.settle(first)
        if first >= self.anniversary:
            self._capitalise(first)
        last = min(self.end, account.next_day, self.anniversary - 1)
        if first < self.since <= last:
            last = self.since - 1
        reason = None
        for begin, end, why in self.pauses:
            if begin <= first <= end:
                last = min(last, end)
                reason = why
                break
            if first < begin <= last:
                last = begin - 1
        base = account.base
        if reason is not None:
            return self._rest(first, last, base, reason)
        return self._bear(first, last, base) if base else last

    def _bear(self, first: int, last: int, base: int) -> int:
        """Add the interest of days alike, as far as the rate holds."""
        period = self.rate.period(first, self.began)
        if period.last < last:
            last = period.last
        year_days = COMMON_YEAR
        if self.actual:
            last, year_days = _same_length(first, last)
        days = last - first + 1
        weight = COMMON_YEAR + LEAP_YEAR - year_days
        self.exact += base * days * period.units * weight
        accrued = (self.exact + HALF_UNIT) // UNIT
        if first >= self.since:
            amount = accrued - self.account.accrued
            self._add(first, last, base, amount, period, year_days)
        self.account.accrued = accrued
        return last

    def _add(
        self,
        first: int,
        last: int,
        base: int,
        amount: int,
        period: RatePeriod,
        year_days: int,
    ):
        self.total += amount
        self.segments.append(
            Segment(
                date.fromordinal(first),
                date.fromordinal(last),
                last - first + 1,
                period.percent,
                to_amount(base, self.digits),
                to_amount(amount, self.digits),
                period.reason,
                period.label,
                year_days,
            )
        )

    def _rest(self, first: int, last: int, base: int, reason: str) -> int:
        """Days of a pause: they bear nothing and put off the full year."""
        days = last - first + 1
        if self.anniversary != NEVER:
            self.anniversary += days
            self.put_off += days
        if base and first >= self.since:
            pause = RatePeriod(last, 0, ZERO, "pause", reason)
            self._add(first, last, base, 0, pause, COMMON_YEAR)
        return last

    def _capitalise(self, day: int):
        """C. civ. art. 1343-2, each time a full year of interest is complete."""
        self.account.capitalise()
        years = date.fromordinal(day - self.put_off).year
        years -= date.fromordinal(self.start).year
        self.anniversary = _year_later(self.start, years + 1) + self.put_off

    def _first_bearing_day(self) -> int:
        """The day on which interest began to run: pauses at the start put it off."""
        day = self.start
        for begin, end, _reason in self.pauses:
            if begin <= day <= end:
                day = end + 1
        return day


def _ordered(pauses) -> list[tuple[int, int, str]]:
    """Pauses by their first day, as ordinals."""
    return sorted(
        (
            pause.first.toordinal(),
            pause.last.toordinal() if pause.last else FOREVER,
            pause.reason,
        )
        for pause in pauses
    )


def _year_later(start: int, years: int) -> int:
    """The same day some years later, 1 March for 29 February in a common year."""
    day = date.fromordinal(start)
    year = day.year + years
    if year > date.max.year:
        return NEVER
    if day.month == 2 and day.day == 29 and not isleap(year):
        return date(year, 3, 1).toordinal()
    return day.replace(year=year).toordinal()


def _same_length(first: int, last: int) -> tuple[int, int]:
    """Last day of the years as long as that of ``first``, and their length."""
    year = date.fromordinal(first).year
    leap = isleap(year)
    end = date(year, 12, 31)
    while end.toordinal() < last and end.year < date.max.year:
        if isleap(end.year + 1) != leap:
            break
        end = end.replace(year=end.year + 1)
    return min(last, end.toordinal()), LEAP_YEAR if leap else COMMON_YEAR
