"""Workbooks: real numbers and days, texts that stay texts, bounded sheets."""

import io
from datetime import date, datetime

from openpyxl import load_workbook

from recouvrement.tools.workbook import Workbook


def written(write):
    stream = io.BytesIO()
    book = Workbook(stream, "Test")
    write(book)
    book.close()
    stream.seek(0)
    return load_workbook(stream)


COLUMNS = [("Name", "text"), ("Due", "date"), ("Days", "integer"), ("Open", "amount")]


def test_cells_hold_what_they_say():
    def write(book):
        sheet = book.sheet("A/B", COLUMNS)
        sheet.row(["=1+1", date(2026, 2, 28), 3, 12.5])
        sheet.row(["Total", None, None, 12.5], "total", decimals=0)

    sheet = written(write)["A B"]
    assert sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"
    assert sheet["B2"].value == datetime(2026, 2, 28)
    assert sheet["D2"].value == 12.5 and sheet["D2"].number_format == "#,##0.00"
    assert sheet["D3"].number_format == "#,##0" and sheet["D3"].font.bold
    assert sheet.freeze_panes == "B2"


def test_headings_stand_above_their_numbers():
    sheet = written(lambda book: book.sheet("A", COLUMNS))["A"]
    sides = [sheet.cell(1, place).alignment.horizontal for place in range(1, 5)]
    assert sides == [None, None, "right", "right"]


def test_a_full_sheet_goes_on_in_another_with_its_headings():
    def write(book):
        sheet = book.sheet("Items", COLUMNS, rows=3)
        for number in range(5):
            sheet.row([str(number), None, number, 1])

    book = written(write)
    assert book.sheetnames == ["Items", "Items 2", "Items 3"]
    assert [sheet["A1"].value for sheet in book] == ["Name"] * 3
    assert sum(sheet.max_row - 1 for sheet in book) == 5
