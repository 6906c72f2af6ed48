"""Numbers checked, trends and room on the page."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.appraisal import (
    MISSING,
    VALID,
    WRONG,
    average_days,
    bar_heights,
    change_in_days,
    check_registry,
    check_vat,
    cut,
    do_numbers_agree,
    percent_change,
    unit_of,
)


@pytest.mark.parametrize(
    ("text", "country", "state"),
    [
        ("334175221", "FR", VALID),
        ("334 175 221", "FR", VALID),
        ("33417522101010", "FR", VALID),
        ("334175222", "FR", WRONG),
        ("33417522101011", "FR", WRONG),
        ("12", "FR", WRONG),
        ("", "FR", MISSING),
        (None, "FR", MISSING),
        ("HRB 1234", "DE", None),
    ],
)
def test_registry_numbers(text, country, state):
    assert check_registry(text, country).state == state


@pytest.mark.parametrize(
    ("text", "country", "state"),
    [
        ("FR 23 334175221", "FR", VALID),
        ("FR24334175221", "FR", WRONG),
        ("23334175221", "FR", VALID),
        ("BE0403019261", "BE", VALID),
        ("BE0403019262", "BE", WRONG),
        ("CHE-123.456.788", "CH", None),
        ("", "FR", MISSING),
    ],
)
def test_vat_numbers(text, country, state):
    assert check_vat(text, country).state == state


def test_the_two_french_numbers_must_be_of_the_same_company():
    siren = check_registry("334175221", "FR")
    assert do_numbers_agree(siren, check_vat("FR23334175221", "FR")) is True
    other = check_registry("552 081 317", "FR")
    assert do_numbers_agree(other, check_vat("FR23334175221", "FR")) is False
    assert do_numbers_agree(other, check_vat("", "FR")) is None


def test_days_and_their_change():
    assert average_days(Decimal(1000), Decimal(14000)) == 14
    assert average_days(Decimal(0), Decimal(0)) is None
    assert change_in_days(Decimal(20), Decimal(10)) == "slower"
    assert change_in_days(Decimal(-3), Decimal(10)) == "faster"
    assert change_in_days(Decimal(11), Decimal(10)) == "same"
    assert change_in_days(None, Decimal(10)) is None


def test_changes_in_points():
    assert percent_change(Decimal(150), Decimal(100)) == 50
    assert percent_change(Decimal(0), Decimal(100)) == -100
    assert percent_change(Decimal(5), Decimal(0)) is None
    assert percent_change(Decimal(5), Decimal(-3)) is None


def test_thousands_only_when_they_are_needed():
    assert unit_of([]) == 1
    assert unit_of([Decimal(9_999_999)]) == 1
    assert unit_of([Decimal(1), Decimal(-10_000_000)]) == 1000


@given(st.text(), st.integers(1, 80))
def test_a_text_never_takes_more_room(text, size):
    assert len(cut(text, size)) <= size


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=24))
def test_bars_stay_in_their_frame(amounts):
    heights = bar_heights(amounts, 46)
    assert len(heights) == len(amounts)
    assert all(0 <= height <= 46 for height in heights)
    assert all(bool(h) == (a > 0) for h, a in zip(heights, amounts, strict=True))
