"""Targets by working days, and how far they are."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.bonus import LOWER
from recouvrement_reporting.tools.period import Period
from recouvrement_reporting.tools.target import (
    FUTURE,
    LATE,
    MISSED,
    ON_TRACK,
    REACHED,
    expected_by,
    judge,
    share_of,
    working_days,
)

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
NOVEMBER = Period.month(date(2026, 11, 1))
D = Decimal


@given(DAYS, st.integers(-5, 400))
def test_working_days_are_counted_one_by_one(start, length):
    end = start + timedelta(days=length)
    slow = sum(
        (start + timedelta(days=number)).weekday() < 5 for number in range(length + 1)
    )
    assert working_days(start, end) == slow


@given(DAYS, st.decimals(0, 1_000_000, places=2))
def test_the_weeks_of_a_month_make_the_month(day, value):
    month = Period.month(day)
    week, parts = Period.week(month.start), []
    while week.start <= month.end:
        parts.append(share_of(value, month, week))
        week = Period.week(week.end + timedelta(days=1))
    assert abs(sum(parts) - value) <= D("0.01") * len(parts)


def test_nothing_is_shared_with_another_month():
    assert share_of(D(100), NOVEMBER, Period.month(date(2026, 12, 1))) == 0


def test_what_is_expected_by_a_day():
    # 21 working days in November 2026, ten of them by Friday 13.
    assert expected_by(D(2100), NOVEMBER, date(2026, 11, 13), True) == 1000
    assert expected_by(D(2100), NOVEMBER, date(2026, 12, 4), True) == 2100
    assert expected_by(D(64), NOVEMBER, date(2026, 11, 13), False) == 64


@pytest.mark.parametrize(
    ("actual", "day", "options", "found"),
    [
        (2100, date(2026, 11, 13), {}, (100, REACHED)),
        (1000, date(2026, 11, 13), {}, (D(1000) / 21, ON_TRACK)),
        (999, date(2026, 11, 13), {}, (D(999) / 21, LATE)),
        (1050, date(2026, 12, 1), {}, (50, MISSED)),
        (2000, date(2026, 11, 13), {"direction": LOWER, "is_flow": False}, None),
        (2200, date(2026, 11, 13), {"direction": LOWER, "is_flow": False}, None),
        (50, date(2026, 10, 31), {}, (None, FUTURE)),
        (None, date(2026, 11, 13), {}, (None, None)),
    ],
)
def test_how_far_a_target_is(actual, day, options, found):
    actual = None if actual is None else D(actual)
    achievement, status = judge(D(2100), actual, NOVEMBER, day, **options)
    if found is None:
        assert status == (ON_TRACK if actual <= 2100 else LATE)
    else:
        assert (achievement, status) == found
