"""What an agency or a lawyer reports on the files handed over: rows of a CSV or of a
workbook; no Odoo here.

The reader is strict on figures and days and lenient on form: separators, order of the
columns, French or English headings. A row that cannot be read is reported with its
line and stops no other.
"""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .follow_up_words import HEADINGS, PAID_TO, STATUSES

MAX_BYTES = 10_000_000
MAX_UNPACKED = 200_000_000  # bytes of what a workbook unpacks to
MAX_ROWS = 20_000
MAX_CELL = 2_000
ENCODINGS = ("utf-8-sig", "cp1252")
SEPARATORS = ";\t,|"
DAY_FORMATS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (0, 1, 2)),
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), (2, 1, 0)),
)
NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,4})?")


class Row(NamedTuple):
    """One row of the report. ``digest`` tells the same row when it comes again."""

    line: int
    file: str
    reference: str
    date: date | None
    status: str
    paid: Decimal
    paid_to: str
    fees: Decimal
    document: str
    comment: str
    digest: str


class Problem(NamedTuple):
    """A remark; line 0 is the file itself. ``kind`` is one of ``KINDS``."""

    line: int
    kind: str
    text: str = ""


KINDS = (
    "too_large",
    "not_readable",
    "too_many_rows",
    "header",
    "empty",
    "file",
    "date",
    "status",
    "paid",
    "paid_to",
    "fees",
    "nothing",
    "repeated",
)
BLOCKING = ("too_large", "not_readable", "too_many_rows", "header", "empty")


def read_follow_up(data):
    """Rows of a report and what is wrong with it.

    :param bytes data: CSV (UTF-8 or Windows) or workbook (.xlsx).
    :return: ``(rows, problems)``: a row with a problem is not among the rows.
    """
    if len(data) > MAX_BYTES:
        return [], [Problem(0, "too_large")]
    try:
        table = list(_read_table(data))
    except _TooLarge:
        return [], [Problem(0, "too_many_rows")]
    except Exception:
        # Whatever a damaged or hostile file breaks: openpyxl has no error of its own.
        return [], [Problem(0, "not_readable")]
    if not table:
        return [], [Problem(0, "empty")]
    head_line, head = table[0]
    columns = _find_columns(head)
    if "file" not in columns and "reference" not in columns:
        return [], [Problem(head_line, "header", "; ".join(map(_text, head)))]
    return _read_rows(table[1:], columns)


def _read_rows(table, columns):
    rows, problems, seen = [], [], {}
    for line, cells in table:
        row = _read_row(line, cells, columns, problems)
        if row is None:
            continue
        first = seen.setdefault(row.digest, line)
        if first != line:
            problems.append(Problem(line, "repeated", str(first)))
            continue
        rows.append(row)
    if not rows and not problems:
        problems.append(Problem(0, "empty"))
    return rows, problems


# ----------------------------------------------------------------------
# TABLES
# ----------------------------------------------------------------------


class _TooLarge(Exception):
    pass


def _read_table(data):
    """``(line, cells)`` of the rows that have something."""
    source = _read_workbook if data.startswith(b"PK\x03\x04") else _read_csv
    for line, cells in source(data):
        if line > MAX_ROWS:
            raise _TooLarge
        if any(_text(cell) for cell in cells):
            yield line, cells


def _read_workbook(data):
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
            raise _TooLarge
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        yield from enumerate(sheet.iter_rows(values_only=True, max_col=50), 1)
    finally:
        book.close()


def _read_csv(data):
    text = _decode(data)
    if "\0" in text:
        raise ValueError("not text")
    head = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for cells in reader:
        yield reader.line_num, cells


def _decode(data):
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("not text")


def _find_columns(head):
    """``{name: place}`` of the headings that are known."""
    found = {}
    for place, cell in enumerate(head):
        plain = _plain(cell)
        for name, headings in HEADINGS.items():
            if plain in headings:
                found.setdefault(name, place)
    return found


# ----------------------------------------------------------------------
# ROWS
# ----------------------------------------------------------------------


def _read_row(line, cells, columns, problems):
    values = {
        name: cells[place] if place < len(cells) else None
        for name, place in columns.items()
    }
    texts = {name: _text(value) for name, value in values.items()}
    file, reference = texts.get("file", ""), texts.get("reference", "")
    day = _read_day(values.get("date"))
    status = _find(STATUSES, texts.get("status", ""))
    paid, fees = (_read_amount(values.get(name)) for name in ("paid", "fees"))
    paid_to = _find(PAID_TO, texts.get("paid_to", ""))
    checks = (
        ("file", file or reference),
        ("date", day or not (texts.get("date") or paid)),
        ("status", status or not texts.get("status")),
        ("paid", paid is not None),
        ("paid_to", paid_to or not texts.get("paid_to")),
        ("fees", fees is not None),
    )
    wrong = [
        Problem(line, kind, texts.get(kind, "")) for kind, fine in checks if not fine
    ]
    if not wrong and not (status or paid or fees or texts.get("comment")):
        wrong = [Problem(line, "nothing")]
    problems.extend(wrong)
    if wrong:
        return None
    facts = (
        file,
        reference,
        day,
        status,
        paid,
        paid_to,
        fees,
        texts.get("document", ""),
        texts.get("comment", ""),
    )
    return Row(line, *facts, _digest(facts))


def _digest(facts):
    text = "\x1f".join(
        format(fact.normalize(), "f") if isinstance(fact, Decimal) else str(fact or "")
        for fact in facts
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _find(table, text):
    """Code of a word, or an empty text."""
    plain = _plain(text)
    return next((code for code, words in table.items() if plain in words), "")


def _read_day(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    for pattern, order in DAY_FORMATS:
        match = pattern.fullmatch(text)
        if match:
            year, month, day = (int(match.group(place + 1)) for place in order)
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def _read_amount(value):
    """An amount, zero when there is none, None when it is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        text = repr(round(value, 4))
        return Decimal(text) if NUMBER.fullmatch(text) else None
    text = re.sub(r"[\s\u00a0\u202f'€]|EUR", "", _text(value))
    if not text:
        return Decimal(0)
    if "," in text and "." in text:
        thousands = "," if text.rindex(".") > text.rindex(",") else "."
        text = text.replace(thousands, "")
    return Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def _text(value):
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    return " ".join(text[:MAX_CELL].split())


def _plain(value):
    """Lower case letters and digits, without accents."""
    text = unicodedata.normalize("NFKD", _text(value).lower().replace("°", " "))
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
