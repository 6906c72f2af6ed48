"""The pack before it is drawn: numbers keep their digits, charts their amounts."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.pack import (
    Section,
    cell,
    change_cell,
    difference,
)
from recouvrement_reporting.tools.pack_chart import (
    BOTTOM,
    HEIGHT,
    TOP,
    nice_step,
    sparkline,
    stacked_bars,
)

AMOUNTS = st.decimals(-(10**9), 10**9, places=2)


def test_a_figure_is_listed_with_what_makes_it_and_shown_as_the_same_number():
    section = Section("kpi", "Key figures")
    shown = section.number("DSO", Decimal("54.2000"), None, unit="days", kind="kpi")
    [figure] = section.figures
    assert (figure["exact"], figure["exact_before"]) == ("54.2000", None)
    assert figure["source"] == {"kind": "kpi"}
    assert shown == {"v": "54.2000", "u": "days", "d": 2}


def test_what_a_percentage_gains_is_in_points():
    assert change_cell(Decimal("41.7"), Decimal("38.3"), "percent", 1) == {
        "v": "3.4",
        "u": "points",
        "d": 1,
        "signed": True,
    }


@given(AMOUNTS, AMOUNTS)
def test_numbers_keep_all_their_digits(value, before):
    assert Decimal(cell(value)["v"]) == value
    assert difference(value, before) == value - before
    assert difference(value, None) is None


@pytest.mark.parametrize(
    ("span", "step"), [("83", "50"), ("8", "2"), ("1", "0.5"), ("490000", "200000")]
)
def test_steps_are_round(span, step):
    assert nice_step(Decimal(span)) == Decimal(step)


@given(st.lists(st.lists(AMOUNTS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_bars_stay_within_the_chart(series):
    drawing = stacked_bars(["a", "b", "c"], series, str)
    for top, height in re.findall(
        r'<rect[^>]*y="([^"]+)"[^>]*height="([^"]+)"', drawing
    ):
        assert float(height) >= 0
        assert float(top) >= TOP - 0.1
        assert float(top) + float(height) <= HEIGHT - BOTTOM + 5


def test_names_in_a_chart_are_texts():
    drawing = stacked_bars(["<script>"], [[Decimal(1)]], str)
    assert "<script>" not in drawing


def test_a_trend_has_gaps_where_nothing_is_known():
    values = [Decimal(1), Decimal(2), None, Decimal(3), Decimal(4)]
    assert sparkline(values).count("<polyline") == 2
    assert sparkline([None, Decimal(1)]) == ""
    assert sparkline([Decimal(1), Decimal(2), None]).count("<circle") == 1
