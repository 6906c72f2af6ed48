"""Lines as CSV that a French spreadsheet opens as it is: semicolons, a byte-order mark,
numbers and days as the language writes them, and no text that becomes a formula."""

import codecs
import csv
import io
from datetime import date, datetime
from decimal import Decimal

# What spreadsheets take for the beginning of a formula or of a command.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
FLUSH_AT = 256 * 1024


def neutralise(text):
    """A text that stays one: an apostrophe before what would be computed.

    Spaces before a formula do not hide it; bytes that no file should hold go.
    """
    text = "".join(sign for sign in text if sign >= " " or sign in "\t\r\n")
    if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS):
        return f"'{text}"
    return text


def format_cell(value, point=",", day="%d/%m/%Y", decimals=None):
    """A value as the file writes it.

    :param value: None, text, bool, number, day or moment.
    :param str point: decimal separator; thousands are not separated.
    :param str day: ``strftime`` format of days.
    :param decimals: digits after the point of a number that is not whole.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, datetime):
        return value.strftime(f"{day} %H:%M:%S")
    if isinstance(value, date):
        return value.strftime(day)
    if isinstance(value, int):
        return str(int(value))
    return _format_number(value, decimals).replace(".", point)


def _format_number(value, decimals):
    """Two digits after the point, more when the number has more."""
    if decimals is None and value != round(value, 2):
        return format(Decimal(repr(value)), "f")
    return f"{value:.{2 if decimals is None else decimals}f}"


class LineFile:
    """Rows written one after another into a binary stream.

    :param list headings: of the columns.
    """

    def __init__(self, stream, headings, point=",", day="%d/%m/%Y"):
        self._stream = stream
        self._point = point
        self._day = day
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        stream.write(codecs.BOM_UTF8)
        self._writer.writerow([neutralise(one) for one in headings])

    def row(self, values, decimals=None):
        """Write one row; ``decimals`` are those of each column."""
        decimals = decimals or [None] * len(values)
        self._writer.writerow(
            [
                format_cell(value, self._point, self._day, places)
                for value, places in zip(values, decimals, strict=True)
            ]
        )
        if self._text.tell() >= FLUSH_AT:
            self._flush()

    def close(self):
        """Finish the file; the stream stays open."""
        self._flush()

    def _flush(self):
        self._stream.write(self._text.getvalue().encode("utf-8", "replace"))
        self._text.seek(0)
        self._text.truncate()
