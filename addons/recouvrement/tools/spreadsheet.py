"""Tables of any length as a spreadsheet (.xlsx), in bounded memory.

Text is always written as text: what a customer or a document is called never becomes
a formula or a link in the reader's program.
"""

from dataclasses import dataclass
from datetime import date

import xlsxwriter

SHEET_ROWS = 1_048_576  # what the format allows, heading included
CELL_CHARACTERS = 32_767
DAY_ZERO = date(1899, 12, 30).toordinal()
LOCAL_DATE = 14  # the short date of whoever opens the file
WIDTHS = {"text": 28, "date": 12, "integer": 10, "amount": 16}


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what its cells hold.

    :param str kind: ``text``, ``date``, ``integer`` or ``amount``; None is an empty
        cell whatever the kind.
    """

    label: str
    kind: str = "text"


class TableWriter:
    """Write rows one after another; nothing but the current row stays in memory.

    :param stream: binary file the spreadsheet is written to.
    :param str title: name of the sheets and of the document.
    :param list columns: :class:`Column` objects.
    :param int decimals: digits after the point of amounts.
    """

    def __init__(self, stream, title, columns, decimals=2, sheet_rows=SHEET_ROWS):
        self._book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
            },
        )
        self._book.set_properties({"title": title})
        self._columns = columns
        self._sheet_rows = sheet_rows
        self._sheet = None
        self._row = 0
        amount = "#,##0" + ("." + "0" * decimals if decimals else "")
        self._heading = self._book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#E5E7EB", "text_wrap": True}
        )
        self._formats = {
            "text": self._book.add_format({"num_format": "@"}),
            "date": self._book.add_format({"num_format": LOCAL_DATE, "align": "left"}),
            "integer": self._book.add_format({"num_format": "0"}),
            "amount": self._book.add_format({"num_format": amount}),
        }
        self._totals = {
            "text": self._book.add_format({"bold": True, "top": 1}),
            "amount": self._book.add_format(
                {"bold": True, "top": 1, "num_format": amount}
            ),
        }
        self._add_sheet()

    def write_rows(self, rows):
        """Add rows: sequences of values in the order of the columns."""
        kinds = [column.kind for column in self._columns]
        formats = [self._formats[kind] for kind in kinds]
        for values in rows:
            self._next_row()
            for place, value in enumerate(values):
                if value is not None:
                    self._write(place, kinds[place], value, formats[place])

    def write_totals(self, values):
        """Add the closing row; None leaves a cell empty."""
        self._next_row()
        for place, value in enumerate(values):
            kind = "text" if isinstance(value, str) else "amount"
            if value is None:
                self._sheet.write_blank(self._row, place, None, self._totals["text"])
            else:
                self._write(place, kind, value, self._totals[kind])

    def close(self):
        """Finish the file; the stream stays open."""
        self._book.close()

    def _write(self, place, kind, value, cell_format):
        if kind == "text":
            text = str(value)[:CELL_CHARACTERS]
            self._sheet.write_string(self._row, place, text, cell_format)
        else:
            if kind == "date":
                value = value.toordinal() - DAY_ZERO
            self._sheet.write_number(self._row, place, value, cell_format)

    def _next_row(self):
        self._row += 1
        if self._row >= self._sheet_rows:
            self._add_sheet()
            self._row = 1

    def _add_sheet(self):
        """The next sheet, its headings frozen and ready to print."""
        self._row = 0
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, WIDTHS[column.kind])
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, column.label, self._heading)
