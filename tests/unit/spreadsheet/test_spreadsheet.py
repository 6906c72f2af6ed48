"""Spreadsheets written by the project, read back with another library."""

import io
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from recouvrement.tools.spreadsheet import CELL_CHARACTERS, Column, TableWriter

COLUMNS = [
    Column("Document"),
    Column("Due", "date"),
    Column("Days", "integer"),
    Column("Open", "amount"),
]


def written(rows, totals=None, **options):
    stream = io.BytesIO()
    writer = TableWriter(stream, "List", COLUMNS, **options)
    writer.write_rows(rows)
    if totals:
        writer.write_totals(totals)
    writer.close()
    return load_workbook(io.BytesIO(stream.getvalue()))


def test_dates_are_dates_and_amounts_are_numbers():
    [sheet] = written(
        [("INV/1", date(2026, 2, 28), 3, Decimal("1234567.89")), ("X", None, None, 0)],
        ["Total", None, None, Decimal("1234567.89")],
    ).worksheets
    heading, first, second, total = sheet.iter_rows()
    assert [cell.value for cell in heading] == ["Document", "Due", "Days", "Open"]
    assert first[1].is_date
    assert first[1].value.date() == date(2026, 2, 28)
    assert (first[2].value, first[3].value) == (3, 1234567.89)
    assert first[3].number_format == "#,##0.00"
    assert [cell.value for cell in second] == ["X", None, None, 0]
    assert [cell.value for cell in total] == ["Total", None, None, 1234567.89]
    assert total[3].font.bold


def test_headings_stay_in_sight():
    [sheet] = written([]).worksheets
    assert sheet.freeze_panes == "A2"


def test_currencies_without_cents():
    [sheet] = written([("X", None, 1, 5000)], decimals=0).worksheets
    assert sheet["D2"].number_format == "#,##0"


def test_a_longer_list_goes_on_another_sheet_with_its_headings():
    book = written([(f"I{n}", None, n, n) for n in range(7)], sheet_rows=4)
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2]
    names = [row[0].value for s in book.worksheets for row in s.iter_rows(min_row=2)]
    assert names == [f"I{n}" for n in range(7)]
    assert {sheet["A1"].value for sheet in book.worksheets} == {"Document"}


@given(st.text(st.characters(codec="utf-8", min_codepoint=32), min_size=1))
@settings(max_examples=60, deadline=None)
def test_any_text_stays_text(text):
    for name in (text, f"={text}", f"@{text}", f"+{text}"):
        cell = written([(name, None, None, 1)]).active["A2"]
        assert cell.data_type == "s"
        assert cell.value.replace("\r", "\n") == name.replace("\r", "\n")
        assert cell.hyperlink is None


def test_a_text_longer_than_a_cell_is_cut():
    cell = written([("x" * (CELL_CHARACTERS + 9), None, None, 1)]).active["A2"]
    assert len(cell.value) == CELL_CHARACTERS
