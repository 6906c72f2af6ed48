"""Columns of the payment-delay table and their shares."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_table import (
    BoundsError,
    bucket_of,
    read_bounds,
    share,
    spans,
)

BOUNDS = st.lists(st.integers(1, 3000), min_size=1, max_size=8, unique=True).map(
    lambda days: tuple(sorted(days))
)


@pytest.mark.parametrize("text", ["30 60 90", "30, 60, 90", "30;60;90", " 30 60 90 "])
def test_bounds_are_read_whatever_stands_between_them(text):
    assert read_bounds(text) == (30, 60, 90)


@pytest.mark.parametrize(
    "text",
    ["", None, "a", "30 30", "60 30", "0 30", "-5", "1.5", "9999", "٣٠", "1 " * 9],
)
def test_bounds_that_make_no_table_are_refused(text):
    with pytest.raises(BoundsError):
        read_bounds(text)


def test_the_columns_of_the_model():
    assert spans((30, 60, 90)) == [(1, 30), (31, 60), (61, 90), (91, None)]


@given(bounds=BOUNDS, days=st.integers(-1000, 4000))
def test_a_delay_is_in_the_column_whose_span_holds_it(bounds, days):
    number = bucket_of(days, bounds)
    if number == 0:
        assert days <= 0
        return
    first, last = spans(bounds)[number - 1]
    assert first <= days
    assert last is None or days <= last


@given(bounds=BOUNDS)
def test_bounds_read_what_was_written(bounds):
    assert read_bounds(" ".join(map(str, bounds))) == bounds


def test_shares_are_rounded_half_up_and_unknown_without_a_whole():
    assert share(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert share(Decimal("0.125"), Decimal(100)) == Decimal("0.13")
    assert share(Decimal(5), Decimal(0)) is None
    assert share(Decimal(-1), Decimal(8)) == Decimal("-12.50")
