"""When receivables are paid: a curve of delays that counts what is still open as « not
yet », so that a short history does not make every customer look quick.

A delay is a number of days after the due date, negative when paid before it. The pool
is estimated by the product limit (Kaplan and Meier, 1958) with items that enter
observation at their own age. A customer's curve adds to its own items a number of
observations that follow the pool (Susarla and Van Ryzin, 1976): a new customer follows
the pool, an old one its own habit.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from math import exp, log1p
from operator import neg

FIRST, LAST = -366, 1095
# Fewer items at risk than this say little of one day.
FEW = 20
TAIL = 90
PRIOR = 3.0
MONTH = 30
MOST = 0.95
LITTLE = 1e-6


def _counts():
    return field(default_factory=lambda: defaultdict(float))


@dataclass
class Delays:
    """Histogram of delays: items that ``entered`` observation, were ``paid``, or
    ``left`` unpaid (still open, credited, written off), by delay in days.

    Parts of an item count as parts of one.
    """

    entered: dict = _counts()
    paid: dict = _counts()
    left: dict = _counts()

    def add(self, delay, entered=0.0, paid=0.0, left=0.0):
        """Count items at a delay; far ones are kept at the ends."""
        delay = min(max(int(delay), FIRST), LAST)
        self.entered[delay] += entered
        self.paid[delay] += paid
        self.left[delay] += left

    @property
    def total(self):
        return sum(self.entered.values())

    def at_risk(self, first, last):
        """Items seen unpaid at the beginning of each day from ``first`` to ``last``."""
        risk = sum(n for day, n in self.entered.items() if day < first)
        risk -= sum(n for day, n in self.paid.items() if day < first)
        risk -= sum(n for day, n in self.left.items() if day < first)
        found, done = [], first
        for day in sorted(self.entered.keys() | self.paid.keys() | self.left.keys()):
            if first <= day <= last:
                found += [max(risk, 0.0)] * (day - done)
                risk += self.entered.get(day, 0.0)
                found.append(max(risk, 0.0))
                risk -= self.paid.get(day, 0.0) + self.left.get(day, 0.0)
                done = day + 1
        return found + [max(risk, 0.0)] * (last + 1 - done)


class Histories(Mapping):
    """Histograms by customer, each made when it is asked for: together they would take
    many times the memory of their numbers.

    :param dict columns: per customer the lists of delays, and of the items that
        entered, were paid and left at each of them.
    """

    def __init__(self, columns):
        self._columns = columns

    def __getitem__(self, customer):
        delays = Delays()
        for one in zip(*self._columns[customer], strict=True):
            delays.add(*one)
        return delays

    def __contains__(self, customer):
        return customer in self._columns

    def __iter__(self):
        return iter(self._columns)

    def __len__(self):
        return len(self._columns)


class Curve:
    """Chance to be paid day after day.

    :param int first: delay of the first hazard.
    :param list hazards: chance to be paid on each day when unpaid on the eve.
    :param float tail: the same for all later days.
    """

    def __init__(self, first, hazards, tail):
        self.first = first
        self.hazards = hazards
        self.tail = min(tail, MOST)
        if hazards and max(hazards) > MOST:
            hazards = [min(one, MOST) for one in hazards]
        logs = map(neg, map(log1p, map(neg, hazards)))
        self._sums = list(accumulate(logs, initial=0.0))
        self._slope = -log1p(-self.tail)

    def cumulated(self, delay):
        """Cumulated hazard up to the end of a day; grows without bound or stays."""
        place = delay - self.first + 1
        if place <= 0:
            return 0.0
        if place < len(self._sums):
            return self._sums[place]
        return self._sums[-1] + self._slope * (place - len(self._sums) + 1)

    def survival(self, delay):
        """Share still unpaid at the end of a day."""
        return exp(-self.cumulated(delay))

    def reached(self, age, days):
        """Chance that an item unpaid at ``age`` is paid within some days.

        :param days: ascending numbers of days from now.
        """
        base, place = self.cumulated(age), age - self.first + 1
        sums, known = self._sums, len(self._sums)
        return [
            1.0
            - exp(
                base
                - (
                    sums[place + one]
                    if 0 <= place + one < known
                    else self.cumulated(age + one)
                )
            )
            for one in days
        ]

    def span(self, first, last):
        """``(share unpaid on the eve, hazard)`` of each day of a span."""
        places = range(first - FIRST, last - FIRST + 1)
        if 0 <= places.start and places.stop <= len(self._days):
            return self._days[places.start : places.stop]
        return [self._day(day) for day in range(first, last + 1)]

    @cached_property
    def _days(self):
        return [self._day(day) for day in range(FIRST, LAST + 1)]

    def _day(self, day):
        return self.survival(day - 1), self.hazard(day)

    def hazard(self, delay):
        place = delay - self.first
        if place < 0:
            return 0.0
        return self.hazards[place] if place < len(self.hazards) else self.tail


# Paid about a month after the due date, as long as nothing better is known.
USUAL = Curve(1, [], 0.03)


def pooled(delays):
    """The curve of all customers together.

    A few observations of ``USUAL`` are added, which count for nothing in a long history
    and stand for it where there is none. After the last day with enough items at risk
    the chance stays what it was on average.
    """
    risks = delays.at_risk(FIRST, LAST)
    known = [place for place, risk in enumerate(risks) if risk >= FEW]
    last = known[-1] if known else -FIRST
    hazards = []
    for day, risk in enumerate(risks[: last + 1], FIRST):
        prior = PRIOR * USUAL.survival(day - 1)
        paid = delays.paid.get(day, 0.0) + prior * USUAL.hazard(day)
        hazards.append(paid / (risk + prior))
    start = max(last - TAIL, 1 - FIRST)
    exposure = sum(risks[start:]) + PRIOR * MONTH
    paid = sum(delays.paid.get(FIRST + n, 0.0) for n in range(start, len(risks)))
    paid += PRIOR * MONTH * USUAL.tail
    return Curve(FIRST, hazards, paid / exposure)


def own(pool, delays, weight, first, last):
    """The curve of one customer.

    :param Curve pool: of all customers.
    :param Delays delays: of this one.
    :param float weight: observations of the pool added to its own.
    :param int first: youngest age that will be asked for.
    :param int last: oldest delay that will be asked for; later ones follow the pool.
    """
    risks = delays.at_risk(first, last)
    if not any(risks):
        return pool
    span = pool.span(first, last)
    hazards = [
        weight * left * rate / whole
        if (whole := risk + weight * left) > LITTLE
        else rate
        for risk, (left, rate) in zip(risks, span, strict=True)
    ]
    for day, paid in delays.paid.items():
        if first <= day <= last:
            left, rate = span[day - first]
            whole = risks[day - first] + weight * left
            if whole > LITTLE:
                hazards[day - first] = (paid + weight * left * rate) / whole
    return Curve(first, hazards, pool.tail)
