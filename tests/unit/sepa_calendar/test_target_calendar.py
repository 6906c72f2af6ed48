"""The days of TARGET, against the lists that the European Central Bank published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools import target_calendar

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PUBLISHED = {
    2025: [(1, 1), (4, 18), (4, 21), (5, 1), (12, 25), (12, 26)],
    2026: [(1, 1), (4, 3), (4, 6), (5, 1), (12, 25), (12, 26)],
    2027: [(1, 1), (3, 26), (3, 29), (5, 1), (12, 25), (12, 26)],
    2028: [(1, 1), (4, 14), (4, 17), (5, 1), (12, 25), (12, 26)],
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_holidays_are_those_published(year):
    expected = {date(year, month, day) for month, day in PUBLISHED[year]}
    assert target_calendar.closed_days(year) == expected


@pytest.mark.parametrize(
    "day", [date(2026, 5, 8), date(2026, 7, 14), date(2026, 5, 14)]
)
def test_french_holidays_are_open(day):
    assert target_calendar.is_open(day)


def test_a_closed_day_moves_to_the_next_open_one():
    assert target_calendar.next_open(date(2026, 4, 3)) == date(2026, 4, 7)
    assert target_calendar.next_open(date(2026, 12, 25)) == date(2026, 12, 28)
    assert target_calendar.next_open(date(2026, 4, 7)) == date(2026, 4, 7)


def test_open_days_are_counted_across_easter():
    assert target_calendar.add_open_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert target_calendar.add_open_days(date(2026, 4, 7), -1) == date(2026, 4, 2)
    assert target_calendar.add_open_days(date(2026, 4, 4), 0) == date(2026, 4, 7)


@given(DAYS)
def test_the_next_open_day_is_open_and_near(day):
    found = target_calendar.next_open(day)
    assert target_calendar.is_open(found)
    assert day <= found <= day + timedelta(days=5)


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_as_many_open_days_lie_between(day, number):
    found = target_calendar.add_open_days(day, number)
    first, last = sorted((day, found))
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    span.remove(day)
    assert sum(map(target_calendar.is_open, span)) == abs(number)
    assert target_calendar.is_open(found)


@pytest.mark.parametrize(
    ("day", "hour", "lead", "expected"),
    [
        (date(2026, 11, 20), 9.5, 2, date(2026, 11, 24)),
        (date(2026, 11, 20), 10.0, 2, date(2026, 11, 25)),
        (date(2026, 11, 21), 9.0, 2, date(2026, 11, 25)),
        (date(2026, 11, 21), 23.0, 2, date(2026, 11, 25)),
        (date(2026, 11, 20), 9.5, 0, date(2026, 11, 20)),
        (date(2026, 12, 23), 11.0, 1, date(2026, 12, 28)),
    ],
)
def test_the_cut_off_of_the_bank_moves_the_first_collection(day, hour, lead, expected):
    found = target_calendar.earliest_collection(day, hour, 10.0, lead)
    assert found == expected
