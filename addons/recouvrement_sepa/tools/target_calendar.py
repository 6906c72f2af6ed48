"""Days on which TARGET, the settlement system of the euro, is open.

Closed: Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26
December (European Central Bank). National holidays do not count.
"""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

SATURDAY = 5
FIXED = ((1, 1), (5, 1), (12, 25), (12, 26))
AROUND_EASTER = (-2, 1)  # Good Friday, Easter Monday


@lru_cache(maxsize=64)
def closed_days(year):
    """Holidays of TARGET in a year, whatever the day of the week.

    :param int year: civil year.
    :return: frozenset of dates.
    """
    moving = (easter(year) + timedelta(days=days) for days in AROUND_EASTER)
    return frozenset((*(date(year, month, day) for month, day in FIXED), *moving))


def is_open(day):
    """Whether payments settle on a day."""
    return day.weekday() < SATURDAY and day not in closed_days(day.year)


def next_open(day):
    """The day itself when TARGET is open, else the first open day after it."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def add_open_days(day, number):
    """The day so many open days after a day, before it when negative.

    :param int number: open days; 0 gives the next open day, the day itself included.
    """
    if not number:
        return next_open(day)
    step = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        day += step
        left -= is_open(day)
    return day


def earliest_collection(day, hour, cutoff, lead_days):
    """First day on which a file handed in now can be collected.

    :param date day: today.
    :param float hour: of the day, now.
    :param float cutoff: latest hour at which the bank takes a file for the same day.
    :param int lead_days: open days that the bank wants between both.
    """
    handed_in = next_open(day)
    if handed_in == day and hour >= cutoff:
        handed_in = add_open_days(day, 1)
    return add_open_days(handed_in, lead_days)
