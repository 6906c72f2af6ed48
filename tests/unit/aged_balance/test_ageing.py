"""Columns of the aged balance: each date falls in exactly one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.ageing import (
    DAYS,
    DOCUMENT,
    DUE,
    MONTHS,
    AgeingError,
    Bucket,
    BucketPlan,
    add_months,
    month_ends,
    read_bounds,
)

DAY = date(2026, 3, 31)
DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31))
PLANS = st.one_of(
    st.builds(
        BucketPlan.of,
        st.lists(st.integers(-400, 1500), max_size=10),
        st.sampled_from([DAYS]),
    ),
    st.builds(
        BucketPlan.of,
        st.lists(st.integers(-12, 60), max_size=10),
        st.just(MONTHS),
    ),
    st.builds(
        BucketPlan.of,
        st.lists(st.integers(0, 120), min_size=1, max_size=10),
        st.sampled_from([DAYS, MONTHS]),
        st.just(DOCUMENT),
    ),
)


def test_days_from_the_due_date():
    plan = BucketPlan.of([60, 30])
    assert plan.bounds == (0, 30, 60)
    assert plan.buckets == (
        Bucket(None, 0),
        Bucket(0, 30),
        Bucket(30, 60),
        Bucket(60, None),
    )
    late = {-5: 0, 0: 0, 1: 1, 30: 1, 31: 2, 60: 2, 61: 3, 5000: 3}
    for days, column in late.items():
        assert plan.column_of(DAY - timedelta(days=days), DAY) == column


def test_months_are_calendar_months():
    plan = BucketPlan.of([1, 2], MONTHS)
    assert plan.limits(DAY) == (DAY, date(2026, 2, 28), date(2026, 1, 31))
    assert plan.column_of(date(2026, 2, 28), DAY) == 1
    assert plan.column_of(date(2026, 2, 27), DAY) == 2
    assert plan.column_of(date(2026, 1, 30), DAY) == 3
    # 31 days before, not 30: the month is what counts.
    assert plan.column_of(date(2026, 7, 15), date(2026, 8, 15)) == 1


def test_what_is_not_due_can_be_cut_too():
    plan = BucketPlan.of([-30, 30])
    assert plan.bounds == (-30, 0, 30)
    assert plan.column_of(DAY + timedelta(days=30), DAY) == 0
    assert plan.column_of(DAY + timedelta(days=29), DAY) == 1
    assert plan.column_of(DAY, DAY) == 1


def test_document_ages_begin_with_the_document():
    plan = BucketPlan.of([30], base=DOCUMENT)
    assert plan.buckets == (Bucket(None, 30), Bucket(30, None))
    assert plan.column_of(DAY, DAY) == 0


@pytest.mark.parametrize(
    "bounds, unit, base, code",
    [
        ([30], "weeks", DUE, "unit"),
        ([30], DAYS, "payment", "base"),
        (["30"], DAYS, DUE, "bound"),
        ([3.5], DAYS, DUE, "bound"),
        ([True], DAYS, DUE, "bound"),
        ([4000], DAYS, DUE, "too_far"),
        ([121], MONTHS, DUE, "too_far"),
        ([-1], DAYS, DOCUMENT, "negative"),
        ([], DAYS, DOCUMENT, "none"),
        (range(1, 30), DAYS, DUE, "too_many"),
    ],
)
def test_what_makes_no_ageing_is_named(bounds, unit, base, code):
    with pytest.raises(AgeingError) as caught:
        BucketPlan.of(bounds, unit, base)
    assert caught.value.code == code


def test_typed_bounds():
    assert read_bounds(" 30, 60;90 / -5 ") == [30, 60, 90, -5]
    with pytest.raises(AgeingError) as caught:
        read_bounds("30 x")
    assert caught.value.params == {"value": "x"}


def test_month_ends():
    assert month_ends(date(2026, 3, 15), 4) == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 15),
    ]
    assert month_ends(DAY, 2) == [date(2026, 2, 28), DAY]


@given(PLANS, DATES, DATES)
def test_each_date_is_in_the_one_column_whose_span_holds_it(plan, as_of, day):
    column = plan.column_of(day, as_of)
    holding = [
        number
        for number in range(len(plan.buckets))
        if (plan.span(number, as_of)[0] or date.min)
        <= day
        <= (plan.span(number, as_of)[1] or date.max)
    ]
    assert holding == [column]


@given(PLANS, DATES)
def test_limits_fall_and_spans_touch(plan, as_of):
    limits = plan.limits(as_of)
    assert list(limits) == sorted(set(limits), reverse=True)
    spans = [plan.span(number, as_of) for number in range(len(plan.buckets))]
    assert spans[0][1] is None and spans[-1][0] is None
    for newer, older in zip(spans, spans[1:], strict=False):
        assert older[1] == newer[0] - timedelta(days=1)


@given(
    PLANS,
    DATES,
    st.lists(
        st.tuples(DATES, st.decimals(-(10**6), 10**6, places=2, allow_nan=False)),
        max_size=40,
    ),
)
def test_columns_add_up_to_the_total(plan, as_of, items):
    columns = [Decimal(0)] * len(plan.buckets)
    for day, amount in items:
        columns[plan.column_of(day, as_of)] += amount
    assert sum(columns) == sum(amount for _day, amount in items)


@given(DATES, st.integers(-200, 200))
def test_months_there_and_the_last_day_kept(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (
        moved.day < day.day and (moved + timedelta(days=1)).day == 1
    )
