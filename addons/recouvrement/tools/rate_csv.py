"""Legal figures in a CSV file: what people load each half-year, and its export.

The reader is strict: a file is taken whole or not at all, and every remark names its
line. No Odoo here.
"""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

COLUMNS = ("code", "date_from", "date_to", "value", "source")
MAX_BYTES = 1_000_000
MAX_LINES = 5_000
NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,4})?")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FRENCH_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Row(NamedTuple):
    """One value of the file. ``date_to`` None: still valid."""

    line: int
    code: str
    date_from: date
    date_to: date | None
    value: Decimal
    source: str


class Problem(NamedTuple):
    """A remark; line 0 is the file itself. ``kind`` is one of ``KINDS``."""

    line: int
    kind: str
    text: str = ""


KINDS = (
    "too_large",
    "not_utf8",
    "not_csv",
    "header",
    "too_many_lines",
    "empty",
    "columns",
    "code",
    "date_from",
    "date_to",
    "order",
    "value",
    "source",
    "duplicate",
)


def read_rates(data: bytes) -> tuple[list[Row], list[Problem]]:
    """Rows of a file and what is wrong with it.

    Columns ``code;date_from;date_to;value;source``, UTF-8 with or without mark, days as
    2027-01-31 or 31/01/2027, decimals after a comma or a point (four at most).

    :return: rows and problems; the rows are complete only without problems.
    """
    if len(data) > MAX_BYTES:
        return [], [Problem(0, "too_large")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Problem(0, "not_utf8")]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows, problems = [], []
    try:
        _read(reader, rows, problems)
    except csv.Error:
        problems.append(Problem(reader.line_num, "not_csv"))
    if not rows and not problems:
        problems.append(Problem(0, "empty"))
    return rows, problems


def _read(reader, rows, problems):
    header = next(reader, [])
    if tuple(cell.strip().lower() for cell in header) != COLUMNS:
        problems.append(Problem(1, "header", ";".join(header)))
        return
    seen = {}
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if reader.line_num > MAX_LINES:
            problems.append(Problem(reader.line_num, "too_many_lines"))
            return
        row = _read_row(reader.line_num, cells, problems)
        if row is None:
            continue
        first = seen.setdefault((row.code, row.date_from), row.line)
        if first != row.line:
            problems.append(Problem(row.line, "duplicate", str(first)))
        rows.append(row)


def _read_row(line, cells, problems):
    if len(cells) != len(COLUMNS):
        problems.append(Problem(line, "columns", str(len(cells))))
        return None
    code, date_from, date_to, value, source = (cell.strip() for cell in cells)
    first, last = read_day(date_from), read_day(date_to) if date_to else None
    checks = (
        ("code", CODE.fullmatch(code), code),
        ("date_from", first, date_from),
        ("date_to", last or not date_to, date_to),
        ("order", not (first and last) or last >= first, date_to),
        ("value", NUMBER.fullmatch(value), value),
        ("source", source, source),
    )
    found = [Problem(line, kind, text) for kind, fine, text in checks if not fine]
    problems.extend(found)
    if found:
        return None
    return Row(line, code, first, last, Decimal(value.replace(",", ".")), source)


def read_day(text: str) -> date | None:
    """A day written 2027-01-31 or 31/01/2027; None of anything else."""
    match = ISO_DAY.fullmatch(text)
    parts = match.groups() if match else None
    if not parts and (match := FRENCH_DAY.fullmatch(text)):
        parts = match.groups()[::-1]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def write_rates(rows) -> bytes:
    """The same CSV, which ``read_rates`` reads back to the same rows.

    :param rows: ``(code, date_from, date_to or None, Decimal value, source)``
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for code, first, last, value, source in rows:
        last_text = last.isoformat() if last else ""
        writer.writerow([code, first.isoformat(), last_text, f"{value:f}", source])
    return out.getvalue().encode("utf-8-sig")
