"""When an open item is expected: chances by which day it is paid, from the habit of the
customer and from what is known of the item."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from .period import Period

SOURCES = ("delay", "promise", "plan", "dispute", "transit", "new", "rate")
# Sources made of open items; the others are of the company as a whole.
ITEM_SOURCES = SOURCES[:5]
# Parts of items that are not counted on; they bring nothing to any week.
OUTSIDE = "outside"


@dataclass(frozen=True)
class Horizon:
    """The days to come, cut in weeks and in months.

    The first week and the first month begin on the day after ``as_of``; the last
    month is the one the last week ends in, whole.

    :param date as_of: last day whose entries are known.
    :param int number: of weeks.
    """

    as_of: date
    number: int = 13

    @cached_property
    def start(self):
        return self.as_of + timedelta(days=1)

    @cached_property
    def weeks(self):
        """Weeks from Monday to Sunday, the first one from the first day on."""
        first = Period.week(self.start)
        return [
            Period(max(self.start, monday), monday + timedelta(days=6))
            for monday in (
                first.start + timedelta(weeks=number) for number in range(self.number)
            )
        ]

    @cached_property
    def months(self):
        return [
            Period(max(self.start, month.start), month.end)
            for month in Period(self.start, self.weeks[-1].end).months()
        ]

    @cached_property
    def ends(self):
        """Days from ``as_of`` to the end of each cell; weeks and months are made of
        whole cells."""
        days = {one.end for one in self.weeks + self.months}
        return [(day - self.as_of).days for day in sorted(days)]

    @cached_property
    def last(self):
        return self.ends[-1]

    def cells(self, period):
        """Places of the cells that make a week or a month."""
        starts = [0, *self.ends[:-1]]
        first = (period.start - self.as_of).days - 1
        last = (period.end - self.as_of).days
        return slice(starts.index(first), self.ends.index(last) + 1)


def rate_of(done, decided, usual, weight=5.0):
    """Share of what was done, drawn to the usual one while little was decided.

    :param done: number kept of those ``decided``.
    :param usual: share of the company.
    """
    return (float(done) + weight * float(usual)) / (float(decided) + weight)


def known(day, days):
    """Sure to be paid on a day, in days from now; at the earliest tomorrow."""
    day = max(day, 1)
    return [1.0 if end >= day else 0.0 for end in days]


def agreed(curve, age, day, rate, days):
    """Paid on the day agreed with the chance ``rate``, else as usual after it."""
    day = max(day, 1)
    later = curve.reached(age + day, [max(end - day, 0) for end in days])
    return [
        rate + (1.0 - rate) * after if end >= day else 0.0
        for end, after in zip(days, later, strict=True)
    ]


def paused(curve, age, pause, days):
    """As usual, once some days have passed."""
    return curve.reached(age, [max(end - pause, 0) for end in days])


def resolved(curve, age, mean, days):
    """As usual from the day on which something is resolved, which takes ``mean`` days
    on average, whenever it began."""
    daily = 1.0 / max(mean, 1.0)
    usual = curve.reached(age, range(days[-1]))
    found, wait = [0.0] * (days[-1] + 1), daily
    # chance(t) = sum over s of resolved on s × paid within t - s days
    for start in range(1, days[-1] + 1):
        for end in range(start, days[-1] + 1):
            found[end] += wait * usual[end - start]
        wait *= 1.0 - daily
        if wait < 1e-6:
            break
    return [found[end] for end in days]


def spread(amount, chances, unit):
    """An amount over the cells: what each brings, rounded so that cells add up.

    :param Decimal amount: of the item.
    :param chances: to be paid by the end of each cell, ascending.
    :param Decimal unit: smallest amount of the currency.
    """
    sums = [(amount * Decimal(f"{chance:.12f}")).quantize(unit) for chance in chances]
    return [sums[0], *(after - before for before, after in pairwise(sums))]


def middle(flow, ends, chances):
    """Days until it is more likely paid than not; None when that is after the last of
    some days.

    :param flow: chances to be paid within each of some numbers of days.
    :param ends: ascending numbers of days.
    :param chances: what ``flow`` says of them.
    """
    place = bisect_left(chances, 0.5, key=lambda chance: chance + 1e-9)
    if place == len(ends):
        return None
    first = ends[place - 1] + 1 if place else 1
    days = bisect_left(
        range(first, ends[place]), 0.5, key=lambda day: flow([day])[0] + 1e-9
    )
    return first + days
