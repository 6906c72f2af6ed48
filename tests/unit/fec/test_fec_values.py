"""Amounts and dates, by the book and otherwise."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.fec.issues import RowRefused
from recouvrement.tools.fec.values import parse_amount, parse_date, parse_side


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("", "0"),
        ("  ", "0"),
        ("-", "0"),
        ("1186,5", "1186.50"),
        ("-0,00", "0"),
        ("0.00-", "0"),
        ("0,00", "0"),
        ("+000001107,13", "1107.13"),
        ("0000000074,70", "74.70"),
        (" 000000000003000,00", "3000"),
        ("12,50-", "-12.50"),
        ("-12,50", "-12.50"),
        ("12,50+", "12.50"),
        ("- 12,50", "-12.50"),
        ("1234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234\u00a0567,8", "1234567.80"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1'234.50", "1234.50"),
        ("1,5E+03", "1500"),
        ("12,3000", "12.30"),
        ("12.300000000000001", "12.30"),
        (",5", "0.50"),
        ("5,", "5"),
        ("999999999999999,99", "999999999999999.99"),
    ],
)
def test_amount(text, amount):
    parsed = parse_amount(text)
    assert parsed == Decimal(amount)
    assert parsed.as_tuple().exponent == -2
    assert not (parsed.is_zero() and parsed.is_signed())


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "12,5,6",
        "1,23.45,6",
        "12 34",
        "1O,00",
        "--5",
        "+-5",
        "5€",
        "٣٤",
        "1E99",
        "9" * 40,
        "NaN",
        "Infinity",
        "20240105x",
    ],
)
def test_not_an_amount(text):
    with pytest.raises(RowRefused) as refusal:
        parse_amount(text, "Debit")
    assert refusal.value.code == "bad_amount"


def test_a_point_before_three_digits_is_not_guessed():
    with pytest.raises(RowRefused) as refusal:
        parse_amount("1.234", "Debit")
    assert refusal.value.code == "ambiguous_amount"


@pytest.mark.parametrize(
    ("text", "code"),
    [("12.5", "amount_format"), ("12,345", "amount_precision"), ("12,5", None)],
)
def test_what_is_unusual_is_noted(text, code):
    noted = []
    parse_amount(text, "Debit", lambda *note: noted.append(note))
    assert [code_ for code_, _value in noted] == ([code] if code else [])


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(",."))
def test_any_amount_comes_back(amount, mark):
    whole, part = f"{abs(amount):.2f}".split(".")
    sign = "-" if amount < 0 else ""
    for text in (
        f"{sign}{whole}{mark}{part}",
        f"{whole}{mark}{part}{sign}",
        f" {sign}000{whole}{mark}{part} ",
    ):
        assert parse_amount(text) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text):
    try:
        assert parse_amount(text).is_finite()
    except RowRefused as refusal:
        assert refusal.code in {"bad_amount", "ambiguous_amount"}


@pytest.mark.parametrize(
    "text",
    [
        "20240105",
        "2024-01-05",
        "2024/01/05",
        "2024.1.5",
        "05/01/2024",
        "5-1-2024",
        "05.01.2024",
        "05012024",
        "2024-01-05T00:00:00",
        "2024-01-05 12:30",
        " 20240105\u00a0",
    ],
)
def test_date(text):
    assert parse_date(text) == date(2024, 1, 5)


@pytest.mark.parametrize("text", ["", " ", "00000000", "0"])
def test_blank_date(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["20240230", "20241305", "2024", "31/04/2024", "18990101", "240105", "x", "1/2/24"],
)
def test_not_a_date(text):
    with pytest.raises(RowRefused) as refusal:
        parse_date(text, "EcritureDate")
    assert refusal.value.code == "bad_date"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_packed_dates_are_never_ambiguous(day):
    assert parse_date(f"{day:%Y%m%d}") == day
    assert parse_date(f"{day:%d%m%Y}") == day


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_refused(text):
    try:
        day = parse_date(text)
        assert day is None or isinstance(day, date)
    except RowRefused as refusal:
        assert refusal.code == "bad_date"


@pytest.mark.parametrize(
    ("text", "sign"),
    [("D", 1), ("d", 1), ("C", -1), ("c", -1), ("+1", 1), ("-1", -1), ("1", 1)],
)
def test_side(text, sign):
    assert parse_side(text) == sign


def test_unknown_side():
    with pytest.raises(RowRefused):
        parse_side("X")
