"""Existing mandates from a CSV or xlsx file, as banks and other programs export them.

The reader is strict: every remark names its line, and nothing is guessed. No Odoo.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import NamedTuple

from openpyxl import load_workbook

MAX_BYTES = 5_000_000
MAX_UNPACKED = 100_000_000
MAX_LINES = 20_000
MAX_CELL = 500
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
# Name of a column in a file → column. Lower case, spaces and accents as people write.
COLUMNS = {
    "rum": ("rum", "mandate_reference", "référence du mandat", "reference du mandat"),
    "customer": ("client", "customer", "code client", "customer_reference", "siren"),
    "scheme": ("schéma", "schema", "scheme"),
    "kind": ("type", "kind"),
    "iban": ("iban",),
    "holder": ("titulaire", "account_holder", "titulaire du compte"),
    "signed": ("date de signature", "signé le", "date_signed", "signed_on"),
    "last": ("dernier prélèvement", "dernier prelevement", "last_collection"),
    "registered": ("enregistré le", "enregistre le", "registered_on"),
    "ics": ("ics", "creditor_identifier"),
    "count": ("nombre", "collections"),
}
REQUIRED = ("rum", "customer", "scheme", "iban", "signed")
SCHEMES = {"core": "CORE", "b2b": "B2B", "sdd core": "CORE", "sdd b2b": "B2B"}
KINDS = {
    "": "recurrent",
    "recurrent": "recurrent",
    "récurrent": "recurrent",
    "rcur": "recurrent",
    "oneoff": "oneoff",
    "ponctuel": "oneoff",
    "ooff": "oneoff",
}


class Row(NamedTuple):
    """One mandate of the file; days are dates or None, texts may be ""."""

    line: int
    rum: str
    customer: str
    scheme: str
    kind: str
    iban: str
    holder: str
    signed: date
    last: date | None
    registered: date | None
    ics: str
    count: int


class Problem(NamedTuple):
    """A remark; line 0 is the file itself. ``kind`` is one of ``KINDS_OF_PROBLEM``."""

    line: int
    kind: str
    text: str = ""


KINDS_OF_PROBLEM = (
    "too_large",
    "not_a_table",
    "header",
    "too_many_lines",
    "empty",
    "missing",
    "scheme",
    "kind",
    "day",
    "count",
    "duplicate",
)


def read_mandates(name, data):
    """Rows of a file and what is wrong with it.

    :param str name: of the file; ``.xlsx`` is a workbook, all else is CSV.
    :param bytes data: content.
    :return: rows that can be read, and problems.
    """
    if len(data) > MAX_BYTES:
        return [], [Problem(0, "too_large")]
    try:
        lines = _read_lines(name, data)
        return _read_rows(lines)
    except _Refused as refused:
        return [], [Problem(refused.line, refused.kind)]


class _Refused(Exception):
    def __init__(self, kind, line=0):
        super().__init__(kind)
        self.kind, self.line = kind, line


def _read_lines(name, data):
    if name.lower().endswith(".xlsx") or data.startswith(b"PK"):
        return _read_workbook(data)
    return _read_csv(data)


def _read_csv(data):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _Refused("not_a_table")
    if "\0" in text:
        raise _Refused("not_a_table")
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise _Refused("not_a_table", reader.line_num) from None


def _read_workbook(data):
    """First sheet, values only, row by row; a file that unpacks to far more than a
    list of mandates is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise _Refused("too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_cell_text(value) for value in values]
    except _Refused:
        raise
    except Exception:
        # The parser meets hostile bytes with errors of many kinds.
        raise _Refused("not_a_table") from None


def _cell_text(value):
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _read_rows(lines):
    rows, problems, seen = [], [], {}
    places = None
    for line, cells in lines:
        if not any(cells):
            continue
        if places is None:
            places = _find_columns(cells)
            continue
        if line > MAX_LINES:
            problems.append(Problem(line, "too_many_lines"))
            break
        row = _read_row(line, cells, places, problems)
        if row is None:
            continue
        key = (row.ics.upper(), "".join(row.rum.split()).upper())
        first = seen.setdefault(key, line)
        if first != line:
            problems.append(Problem(line, "duplicate", str(first)))
        else:
            rows.append(row)
    if not rows and not problems:
        problems.append(Problem(0, "empty"))
    return rows, problems


def _find_columns(cells):
    """Place of each known column."""
    places = {}
    for place, cell in enumerate(cells):
        label = " ".join(cell.lower().split())
        for column, names in COLUMNS.items():
            if label in names:
                places.setdefault(column, place)
    if any(column not in places for column in REQUIRED):
        raise _Refused("header", 1)
    return places


def _read_row(line, cells, places, problems):
    values = {
        column: cells[place][:MAX_CELL] if place < len(cells) else ""
        for column, place in places.items()
    }
    missing = [column for column in REQUIRED if not values[column]]
    found = [Problem(line, "missing", column) for column in missing]
    scheme = SCHEMES.get(values["scheme"].lower())
    kind = KINDS.get(values.get("kind", "").lower())
    count = values.get("count") or "0"
    days = {
        column: read_day(values.get(column, ""))
        for column in ("signed", "last", "registered")
    }
    found += [
        Problem(line, "day", values[column])
        for column, day in days.items()
        if values.get(column) and day is None
    ]
    if values["scheme"] and not scheme:
        found.append(Problem(line, "scheme", values["scheme"]))
    if not kind:
        found.append(Problem(line, "kind", values["kind"]))
    if not count.isascii() or not count.isdigit() or len(count) > 6:
        found.append(Problem(line, "count", count))
    problems.extend(found)
    if found:
        return None
    return Row(
        line,
        values["rum"],
        values["customer"],
        scheme,
        kind,
        values["iban"],
        values.get("holder", ""),
        days["signed"],
        days["last"],
        days["registered"],
        values.get("ics", ""),
        int(count),
    )


def read_day(text):
    """A day written 2027-01-31 or 31/01/2027; None of anything else."""
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
