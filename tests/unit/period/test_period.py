"""Periods: whole days, months of the calendar, weeks from Monday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.period import Period

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 1))


@given(day=DAYS)
def test_a_month_holds_its_days_and_its_eve_is_of_the_month_before(day):
    month = Period.month(day)
    assert day in month
    assert month.start.day == 1
    assert (month.end + timedelta(days=1)).day == 1
    assert month.eve not in month
    assert Period.month(month.eve).end == month.eve


@given(day=DAYS)
def test_a_week_begins_on_monday(day):
    week = Period.week(day)
    assert (day in week, week.start.weekday(), week.days) == (True, 0, 7)


@given(day=DAYS, count=st.integers(1, 30))
def test_the_last_months_follow_each_other_and_end_with_its_own(day, count):
    months = Period(day, day).last_months(count)
    assert len(months) == count
    assert day in months[-1]
    assert all(
        earlier.end == later.eve
        for earlier, later in zip(months, months[1:], strict=False)
    )


def test_months_of_a_span_are_whole():
    span = Period(date(2025, 12, 31), date(2026, 2, 1))
    assert [month.start for month in span.months()] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_a_period_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
