"""What a spreadsheet opens is text, numbers and days; never a formula."""

import csv
import io
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.line_csv import (
    DANGEROUS,
    LineFile,
    format_cell,
    neutralise,
)


def _rows(headings, rows):
    stream = io.BytesIO()
    file = LineFile(stream, headings)
    for row in rows:
        file.row(row)
    file.close()
    text = stream.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_values_are_written_as_the_language_does():
    assert format_cell(None) == ""
    assert format_cell(-12.5) == "-12,50"
    assert format_cell(-12.5, point=".") == "-12.50"
    assert format_cell(0.0000125) == "0,0000125"
    assert format_cell(1e17) == "100000000000000000,00"
    assert format_cell(2, decimals=2) == "2"
    assert format_cell(2.0, decimals=2) == "2,00"
    assert format_cell(date(2025, 3, 9)) == "09/03/2025"
    assert format_cell(datetime(2025, 3, 9, 8, 5)) == "09/03/2025 08:05:00"
    assert format_cell("-12.5") == "'-12.5"
    assert format_cell("A-12") == "A-12"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_text_begins_as_a_formula_and_rows_stay_rows(texts):
    headings = [str(place) for place in range(len(texts))]
    [_heading, row] = _rows(headings, [texts])
    assert len(row) == len(texts)
    for value in row:
        assert not value.lstrip(" ").startswith(DANGEROUS)


@given(st.text(alphabet='=+-@\t\r\n ;"a1|%', max_size=12))
def test_dangerous_beginnings_are_seen_whatever_is_before_them(text):
    assert not neutralise(text).lstrip().startswith(DANGEROUS)


def test_it_begins_with_a_byte_order_mark_and_uses_semicolons():
    stream = io.BytesIO()
    file = LineFile(stream, ["é", "b"])
    file.row(["x;y", 1.5])
    file.close()
    expected = '\ufeffé;b\r\n"x;y";1,50\r\n'
    assert stream.getvalue() == expected.encode()
