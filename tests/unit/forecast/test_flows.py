"""Weeks, months and the days on which an item is expected."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_curve import Curve
from recouvrement_reporting.tools.flows import (
    Horizon,
    agreed,
    known,
    middle,
    paused,
    rate_of,
    resolved,
    spread,
)

CENT = Decimal("0.01")
STEADY = Curve(-30, [0.05] * 200, 0.05)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), weeks=st.integers(1, 26))
def test_weeks_and_months_are_made_of_the_same_cells(day, weeks):
    horizon = Horizon(day, weeks)
    assert horizon.weeks[0].start == horizon.months[0].start == day + timedelta(days=1)
    assert len(horizon.weeks) == weeks
    assert all(week.end.weekday() == 6 for week in horizon.weeks)
    assert all(week.start.weekday() == 0 for week in horizon.weeks[1:])
    assert all((one.end + timedelta(days=1)).day == 1 for one in horizon.months)
    ends = [0, *horizon.ends]
    for period in horizon.weeks + horizon.months:
        cells = horizon.cells(period)
        assert day + timedelta(days=ends[cells.start] + 1) == period.start
        assert day + timedelta(days=ends[cells.stop]) == period.end
    covered = [
        n for one in horizon.months for n in range(len(ends))[horizon.cells(one)]
    ]
    assert covered == list(range(len(horizon.ends)))


@given(
    amount=st.decimals("0.01", "99999999.99", places=2),
    chances=st.lists(st.floats(0, 1), min_size=1, max_size=20).map(sorted),
)
def test_cells_never_bring_more_than_the_item_and_never_take_back(amount, chances):
    cells = spread(amount, chances, CENT)
    assert all(cell >= 0 for cell in cells)
    assert abs(sum(cells) - amount * Decimal(repr(chances[-1]))) <= CENT
    assert sum(cells) <= amount


def test_a_payment_under_way_comes_in_on_its_day_or_tomorrow():
    assert known(3, [2, 3, 10]) == [0.0, 1.0, 1.0]
    assert known(-5, [1, 10]) == [1.0, 1.0]


def test_a_promise_is_believed_as_far_as_promises_are_kept():
    days = [9, 10, 11, 40]
    chances = agreed(STEADY, 0, 10, 0.8, days)
    assert chances[:2] == [0.0, pytest.approx(0.8)]
    # The rest comes in as usual, from the promised day on.
    [after] = STEADY.reached(10, [30])
    assert chances[3] == pytest.approx(0.8 + 0.2 * after)


def test_a_hold_stops_the_clock():
    assert paused(STEADY, 5, 14, [7, 14]) == [0.0, 0.0]
    assert paused(STEADY, 5, 14, [21]) == STEADY.reached(5, [7])


@given(mean=st.floats(1, 200), age=st.integers(-20, 100))
def test_a_dispute_is_paid_later_than_it_would_be_and_the_longer_the_later(mean, age):
    days = [7, 30, 90]
    usual = STEADY.reached(age, days)
    chances = resolved(STEADY, age, mean, days)
    slower = resolved(STEADY, age, mean * 2, days)
    for late, soon, slow in zip(chances, usual, slower, strict=True):
        assert slow <= late + 1e-9
        assert late <= soon + 1e-9


def test_a_dispute_is_a_wait_then_the_usual_delay():
    """Against the sum over all days of resolution, written out."""
    mean, days = 20.0, 45
    expected = sum(
        (1 - 1 / mean) ** (day - 1) / mean * STEADY.reached(3, [days - day])[0]
        for day in range(1, days + 1)
    )
    assert resolved(STEADY, 3, mean, [days])[0] == pytest.approx(expected, abs=1e-5)


def test_the_expected_day_is_the_one_when_it_becomes_more_likely_than_not():
    """5 % a day: 1 - 0.95^14 is the first above one half."""
    assert 1 - 0.95**13 < 0.5 < 1 - 0.95**14
    assert expected_day(lambda days: STEADY.reached(0, days), [7, 90]) == 14
    assert expected_day(lambda days: STEADY.reached(0, days), [13]) is None
    assert expected_day(lambda days: known(10, days), [3, 9, 90]) == 10


def expected_day(flow, ends):
    return middle(flow, ends, flow(ends))


@given(
    ends=st.sets(st.integers(1, 120), min_size=1, max_size=20).map(sorted),
    hazards=st.lists(st.floats(0, 0.3), max_size=60),
    age=st.integers(-60, 90),
    pause=st.integers(0, 40),
    rate=st.floats(0, 1),
)
def test_the_expected_day_is_the_first_of_all_days_asked_one_by_one(
    ends, hazards, age, pause, rate
):
    curve = Curve(-30, hazards, 0.01)
    for flow in (
        partial(curve.reached, age),
        partial(paused, curve, age, pause),
        partial(agreed, curve, age, pause, rate),
        partial(known, pause),
    ):
        days = range(1, ends[-1] + 1)
        first = next((day for day in days if flow([day])[0] + 1e-9 >= 0.5), None)
        assert expected_day(flow, ends) == first


def test_a_rate_of_few_decisions_is_drawn_to_the_usual_one():
    assert rate_of(0, 0, 0.6) == pytest.approx(0.6)
    assert rate_of(1, 1, 0.6) == pytest.approx(4 / 6)
    assert rate_of(500, 500, 0.6) == pytest.approx(1, abs=0.01)
