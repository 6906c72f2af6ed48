"""Days on which somebody is at work."""

from datetime import timedelta

SATURDAY = 5


def after_weekend(day):
    """The day itself, or the Monday after it when it falls on a week-end."""
    if day.weekday() < SATURDAY:
        return day
    return day + timedelta(days=7 - day.weekday())
