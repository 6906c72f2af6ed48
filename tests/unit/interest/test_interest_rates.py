"""Tables of published rates refuse to guess."""

import pickle
from datetime import date
from decimal import Decimal

import pytest
from interest_books import table

from recouvrement.tools.interest import (
    FixedRate,
    HalfYearRate,
    InterestError,
    MissingRate,
    RateTable,
    Terms,
    half_year_label,
)


def rows(*rows):
    return [(first, last, Decimal(percent)) for first, last, percent in rows]


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2023, 6, 30), "2.50"),
        (date(2023, 7, 1), "4.00"),
        (date(2026, 12, 31), "2.40"),
        (date(2014, 1, 1), "0.25"),
    ],
)
def test_a_table_knows_the_rate_of_a_day(day, percent):
    assert table().on(day) == Decimal(percent)


@pytest.mark.parametrize(
    ("day", "half_year"),
    [(date(2027, 1, 1), "2027-S1"), (date(2013, 12, 31), "2013-S2")],
)
def test_a_day_outside_is_an_error_that_names_its_half_year(day, half_year):
    with pytest.raises(MissingRate, match=half_year):
        table().on(day)


def test_a_hole_between_two_rates_is_an_error():
    holed = RateTable(
        "x",
        "X",
        rows(
            (date(2025, 1, 1), date(2025, 6, 30), "1"),
            (date(2026, 1, 1), None, "2"),
        ),
    )
    assert holed.on(date(2031, 1, 1)) == 2
    with pytest.raises(MissingRate, match="2025-S2"):
        holed.on(date(2025, 7, 1))


@pytest.mark.parametrize(
    "second", [(date(2025, 6, 30), None, "2"), (date(2025, 1, 1), None, "2")]
)
def test_two_rates_on_one_day_are_refused(second):
    first = (date(2025, 1, 1), date(2025, 6, 30), "1")
    with pytest.raises(InterestError, match="two rates"):
        RateTable("x", "X", rows(first, second))
    with pytest.raises(InterestError, match="two rates"):
        RateTable("x", "X", rows((date(2020, 1, 1), None, "1"), first))


def test_a_validity_that_ends_before_it_begins_is_refused():
    with pytest.raises(InterestError, match="ends before"):
        RateTable("x", "X", rows((date(2025, 1, 1), date(2024, 12, 31), "1")))


def test_a_half_year_has_the_rate_of_its_first_day_only():
    changes = rows(
        (date(2026, 1, 1), date(2026, 6, 16), "2.15"),
        (date(2026, 6, 17), None, "2.40"),
    )
    rate = HalfYearRate(RateTable("x", "X", changes), Decimal(10))
    june, july = date(2026, 6, 30).toordinal(), date(2026, 7, 1).toordinal()
    assert rate.period(june, june).percent == Decimal("12.15")
    assert rate.period(july, june).percent == Decimal("12.40")


def test_a_rate_is_never_below_zero():
    rate = HalfYearRate(table(), Decimal(-3))
    day = date(2023, 3, 1).toordinal()
    assert (rate.period(day, day).percent, rate.period(day, day).units) == (0, 0)
    with pytest.raises(InterestError, match="below zero"):
        FixedRate(Decimal("-0.01"))


def test_a_rate_finer_than_the_engine_counts_is_refused():
    assert FixedRate(Decimal("1.234567")).percent
    with pytest.raises(InterestError, match="decimals"):
        FixedRate(Decimal("1.2345678"))


@pytest.mark.parametrize("wrong", [{"basis": "360"}, {"imputation": "oldest"}])
def test_unknown_conventions_are_refused(wrong):
    with pytest.raises(InterestError, match="unknown"):
        Terms(FixedRate(Decimal(1)), **wrong)


def test_the_name_of_a_half_year():
    assert half_year_label(date(2026, 6, 30)) == "2026-S1"
    assert half_year_label(date(2026, 7, 1)) == "2026-S2"


def test_the_error_survives_a_process_boundary():
    error = pickle.loads(pickle.dumps(MissingRate("x", "2027-S1", date(2027, 1, 1))))
    assert (error.code, error.half_year) == ("x", "2027-S1")
