"""Workbooks of several sheets, written row after row in bounded memory.

Texts are written as texts, whatever they begin with: no name of a customer becomes a
formula or a link. Amounts and days are numbers that the reader's program can add up.
"""

from datetime import date

import xlsxwriter

SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
DAY_ZERO = date(1899, 12, 30).toordinal()
LOCAL_DATE = 14  # the short date of whoever opens the file
WIDTHS = {"text": 28, "short": 14, "date": 12, "integer": 8, "amount": 16}
TEXTS = ("text", "short")


NUMBERS = ("amount", "integer", "percent")


class Workbook:
    """A file of sheets.

    :param stream: binary file to write to.
    :param str title: of the document.
    """

    def __init__(self, stream, title):
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
        self._formats = {}

    def sheet(self, name, columns, rows=SHEET_ROWS):
        """A new sheet; see :class:`Sheet`."""
        return Sheet(self, name, columns, rows)

    def grid(self, name, widths):
        """A new sheet without headings; see :class:`Grid`."""
        return Grid(self, name, widths)

    def close(self):
        """Finish the file; the stream stays open."""
        self._book.close()

    def _format(self, kind, style, decimals):
        key = kind, style, decimals
        if key not in self._formats:
            self._formats[key] = self._book.add_format(_look(kind, style, decimals))
        return self._formats[key]


class Sheet:
    """Rows under headings that stay in view; goes on in another sheet when full.

    :param list columns: ``(heading, kind)``; kinds are the keys of ``WIDTHS``.
    """

    def __init__(self, workbook, name, columns, rows=SHEET_ROWS):
        self._workbook = workbook
        self._name = name
        self._columns = columns
        self._kinds = [kind for _heading, kind in columns]
        self._rows = rows
        self._parts = 0
        self._open()

    def row(self, values, style="plain", decimals=2):
        """Write one row; None leaves a cell empty.

        :param str style: ``plain``, ``subtotal`` or ``total``.
        :param int decimals: digits after the point of its amounts.
        """
        self._row += 1
        if self._row >= self._rows:
            self._open()
            self._row = 1
        formats = self._row_formats(style, decimals)
        sheet, row = self._sheet, self._row
        if style != "plain":
            sheet.set_row(row, None, formats[0])
        text, number = sheet.write_string, sheet.write_number
        cells = zip(values, self._kinds, formats, strict=False)
        for place, (value, kind, look) in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, str):
                text(row, place, value[:CELL_CHARACTERS], look)
            elif kind == "date":
                number(row, place, value.toordinal() - DAY_ZERO, look)
            elif kind in TEXTS:
                text(row, place, str(value)[:CELL_CHARACTERS], look)
            else:
                number(row, place, value, look)

    def _row_formats(self, style, decimals):
        key = style, decimals
        if key not in self._known:
            self._known[key] = [
                self._workbook._format(kind, style, decimals)
                for _heading, kind in self._columns
            ]
        return self._known[key]

    def _open(self):
        self._parts += 1
        self._row = 0
        self._known = {}
        name = self._name if self._parts == 1 else f"{self._name} {self._parts}"
        self._sheet = sheet = self._workbook._book.add_worksheet(_sheet_name(name))
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, (_label, kind) in enumerate(self._columns):
            sheet.set_column(place, place, WIDTHS[kind])
        for place, (label, kind) in enumerate(self._columns):
            look = self._workbook._format(heading_of(kind), "plain", 0)
            sheet.write_string(0, place, label, look)


class Grid:
    """A printed form: each cell of a row has its own kind.

    :param list widths: of the columns, in characters.
    """

    def __init__(self, workbook, name, widths):
        self._workbook = workbook
        self._row = -1
        self._sheet = sheet = workbook._book.add_worksheet(_sheet_name(name))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def row(self, cells=(), style="plain", decimals=2):
        """Write one row of ``(value, kind)``; None leaves a cell empty."""
        self._row += 1
        for place, (value, kind) in enumerate(cells):
            if value is None:
                continue
            look = self._workbook._format(kind, style, decimals)
            if isinstance(value, str):
                text = value[:CELL_CHARACTERS]
                self._sheet.write_string(self._row, place, text, look)
            else:
                self._sheet.write_number(self._row, place, value, look)


def heading_of(kind):
    """Kind of the heading of a column: above numbers it stands on their side."""
    return "heading_number" if kind in NUMBERS else "heading"


def _sheet_name(name):
    """A name that the format allows."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31]


def _look(kind, style, decimals):
    if kind.startswith("heading"):
        side = {"align": "right"} if kind == "heading_number" else {}
        look = {"bold": True, "bottom": 1, "bg_color": "#E5E7EB", "text_wrap": True}
        return look | side
    look = {
        "amount": {"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")},
        "date": {"num_format": LOCAL_DATE, "align": "left"},
        "integer": {"num_format": "0"},
        "percent": {"num_format": '0.00" %"'},
    }.get(kind, {"num_format": "@"})
    if style == "subtotal":
        look = look | {"bold": True, "bg_color": "#F3F4F6"}
    elif style == "total":
        look = look | {"bold": True, "top": 1, "bg_color": "#E5E7EB"}
    return look
