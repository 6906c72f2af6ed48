"""Spans of whole days: months, weeks, years and what lies before and after them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``start`` to ``end``, both included.

    :raise ValueError: when it ends before it starts.
    """

    start: date
    end: date

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError(f"{self.end} is before {self.start}")

    @classmethod
    def month(cls, day):
        """The calendar month of a day."""
        last = monthrange(day.year, day.month)[1]
        return cls(day.replace(day=1), day.replace(day=last))

    @classmethod
    def week(cls, day):
        """The week of a day, from Monday to Sunday (ISO 8601)."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @property
    def days(self):
        return (self.end - self.start).days + 1

    @property
    def eve(self):
        """The day before it starts, whose closing figures are its opening ones."""
        return self.start - timedelta(days=1)

    def __contains__(self, day):
        return self.start <= day <= self.end

    def months(self):
        """The calendar months it touches, oldest first."""
        found, one = [], Period.month(self.start)
        while one.start <= self.end:
            found.append(one)
            one = Period.month(one.end + timedelta(days=1))
        return found

    def last_months(self, count):
        """The ``count`` months that end with the month of its last day."""
        one, found = Period.month(self.end), []
        for _number in range(count):
            found.append(one)
            one = Period.month(one.eve)
        return found[::-1]
