"""Targets of a period read from those of months and weeks, and how far one is."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from .bonus import HIGHER, LOWER, Fact

SATURDAY = 5

FUTURE = "future"
REACHED = "reached"
ON_TRACK = "on_track"
LATE = "late"
MISSED = "missed"


def working_days(start, end):
    """Days from Monday to Friday between two days, both included; 0 when none."""
    if end < start:
        return 0
    weeks, rest = divmod((end - start).days + 1, 7)
    first = start + timedelta(days=7 * weeks)
    extra = sum(
        (first + timedelta(days=number)).weekday() < SATURDAY for number in range(rest)
    )
    return 5 * weeks + extra


def share_of(value, whole, part, cent=Decimal("0.01")):
    """What an amount set for a period makes on the part of another that it shares, by
    working days.

    :param Period whole: for which the amount was set.
    :param Period part: the period asked for.
    """
    start, end = max(whole.start, part.start), min(whole.end, part.end)
    days = working_days(whole.start, whole.end)
    if not days:
        return Decimal(0)
    shared = value * working_days(start, end) / days
    return shared.quantize(cent, rounding=ROUND_HALF_UP)


def expected_by(target, period, day, is_flow):
    """What should be reached at the end of a day: for an amount that builds up, its
    share of working days; for a rate or a delay, the target itself."""
    if not is_flow or target is None:
        return target
    days = working_days(period.start, period.end)
    if day >= period.end or not days:
        return target
    return target * working_days(period.start, day) / days


def judge(target, actual, period, day, direction=HIGHER, is_flow=True):
    """How far a target is on a day: ``(achievement in percent, status)``; None for what
    cannot be said."""
    if period.start > day:
        return None, FUTURE
    if target is None or actual is None:
        return None, None
    achievement = Fact(actual, target, direction).achievement
    sign = -1 if direction == LOWER else 1
    is_over = day > period.end
    if sign * actual >= sign * target and (is_over or direction == HIGHER):
        return achievement, REACHED
    if is_over:
        return achievement, MISSED
    expected = expected_by(target, period, day, is_flow)
    return achievement, ON_TRACK if sign * actual >= sign * expected else LATE
