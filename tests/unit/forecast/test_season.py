"""Sales that come and go with the months of the year, and those that only seem to."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_curve import Curve
from recouvrement_reporting.tools.new_sales import arrivals
from recouvrement_reporting.tools.season import Season, seasons

STEADY = Curve(0, [0.04] * 120, 0.04)
ENDS = [7 * week for week in range(1, 13)]
SUNDAY = date(2026, 11, 22)
SUMMER = {7: 0.4, 8: 0.4, 12: 2.2}


def months(count, amount):
    """``count`` months up to October, ``amount(month, place)`` each, oldest first."""
    return [
        ((9 - back) % 12 + 1, amount((9 - back) % 12 + 1, count - 1 - back))
        for back in range(count - 1, -1, -1)
    ]


def test_a_season_that_came_every_year_is_found():
    factors = seasons(months(36, lambda month, _place: 1000 * SUMMER.get(month, 1)))
    mean = (0.4 + 0.4 + 2.2 + 9) / 12
    for month, factor in factors.items():
        assert factor == pytest.approx(SUMMER.get(month, 1) / mean)


def test_growth_is_no_season():
    factors = seasons(months(36, lambda _month, place: 1000 * 1.02**place))
    assert list(factors.values()) == pytest.approx([1.0] * 12, abs=0.01)


@pytest.mark.parametrize("count", [0, 6, 12, 23])
def test_less_than_two_years_tell_no_season(count):
    sales = months(count, lambda month, _place: 1000 * SUMMER.get(month, 1))
    assert set(seasons(sales).values()) == {1.0}


def test_what_another_year_did_not_repeat_is_chance():
    """Each year another month is the busiest."""
    factors = seasons(
        months(36, lambda _month, place: 3000 if place in (2, 19, 33) else 1000)
    )
    assert list(factors.values()) == pytest.approx([1.0] * 12, abs=0.05)


def test_noise_alone_moves_the_factors_little():
    """Twenty ledgers without a season, 30 % of noise: drawn towards one, by far."""
    off = raw = 0.0
    for seed in range(20):
        random = Random(seed)
        sales = months(36, lambda _month, _place, r=random: 1000 * r.uniform(0.7, 1.3))
        off += sum((one - 1) ** 2 for one in seasons(sales).values())
        for month in range(1, 13):
            own = [amount for one, amount in sales if one == month]
            raw += (sum(own) / len(own) / 1000 - 1) ** 2
    assert off < raw / 3


@given(
    sales=st.lists(st.floats(0, 1e6), max_size=60),
)
def test_factors_are_one_on_average_and_never_below_zero(sales):
    numbered = [(place % 12 + 1, amount) for place, amount in enumerate(sales)]
    factors = seasons(numbered)
    assert sum(factors.values()) == pytest.approx(12)
    assert min(factors.values()) >= 0
    assert sorted(factors) == list(range(1, 13))


@given(
    sales=st.lists(st.floats(0, 1e5), min_size=1, max_size=13),
    ends=st.sets(st.integers(1, 130), min_size=1, max_size=15).map(sorted),
)
def test_without_a_season_sales_go_on_as_they_were(sales, ends):
    even = Season(dict.fromkeys(range(1, 13), 1.0), SUNDAY)
    means, variance = arrivals(sales, STEADY, ends)
    other_means, other_variance = arrivals(sales, STEADY, ends, even)
    assert other_means == pytest.approx(means, abs=1e-3)
    whole = slice(0, len(ends))
    assert other_variance(whole) == pytest.approx(variance(whole), abs=1e-3)


def test_sales_of_a_busy_month_come_in_after_it():
    """Thirteen weeks of usual sales, then a December of twice as much."""
    season = Season(
        {month: 2.0 if month == 12 else 10 / 11 for month in range(1, 13)}, SUNDAY
    )
    usual, _variance = arrivals([700.0] * 13, STEADY, ENDS)
    busy, _variance = arrivals([700.0] * 13, STEADY, ENDS, season)
    assert busy[0] == pytest.approx(usual[0])
    assert all(more > less for more, less in zip(busy[1:8], usual[1:8], strict=True))
    # Paid for at once, they are what was sold.
    at_once = Curve(0, [0.95] * 120, 0.95)
    sold, _variance = arrivals([700.0] * 13, at_once, [8, 39, 70], season)
    assert sold[1] == pytest.approx(100 * 31 * 2.0 * 11 / 10, rel=0.02)


def test_a_past_season_is_taken_off_the_level():
    """The last weeks were the busiest of the year: they do not go on."""
    factors = {month: 2.0 if month in (9, 10, 11) else 2 / 3 for month in range(1, 13)}
    season = Season(factors, SUNDAY)
    usual, _variance = arrivals([700.0] * 11, STEADY, ENDS)
    calm, _variance = arrivals([700.0] * 11, STEADY, ENDS, season)
    assert calm[-1] < usual[-1] / 2


def test_each_day_has_the_factor_of_its_month():
    factors = {month: float(month) for month in range(1, 13)}
    season = Season(factors, SUNDAY)
    assert season.on(1) == 11.0
    assert season.on(monthrange(2026, 11)[1] - 22 + 1) == 12.0
    days = [SUNDAY - timedelta(days=back) for back in range(28, 35)]
    assert season.week(4) == pytest.approx(sum(day.month for day in days) / 7)
