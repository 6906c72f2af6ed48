"""Rows of a table that somebody hands in, as CSV or xlsx. No Odoo here.

The file comes from outside: its size, what it unpacks to, its lines and its cells are
bounded, no formula is computed and no entity expanded. Columns are found by their
headings, in any order, whatever the case, accents and punctuation. What a cell must
hold is for the caller to judge; ``read_day`` and ``read_number`` guess nothing.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import load_workbook

MAX_BYTES = 10_000_000
MAX_UNPACKED = 200_000_000
MAX_LINES = 20_000
MAX_CELL = 2_000
ENCODINGS = ("utf-8-sig", "cp1252")
SEPARATORS = ";,\t|"
DAY = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"), (3, 2, 1)),
)
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
SPACES = re.compile(r"[\s\u00a0\u202f']+")


class TableError(ValueError):
    """The file as a whole is not taken.

    :ivar code: ``too_large``, ``not_a_table``, ``header``, ``too_many_lines`` or
        ``empty``
    :ivar line: where, 0 for the file itself
    :ivar detail: the columns that are missing, for ``header``
    """

    def __init__(self, code: str, line: int = 0, detail: str = ""):
        super().__init__(f"{code} {line} {detail}".strip())
        self.code, self.line, self.detail = code, line, detail


def read_table(
    name: str,
    data: bytes,
    columns: Mapping[str, Sequence[str]],
    required: Sequence[str] = (),
    *,
    max_bytes: int = MAX_BYTES,
    max_lines: int = MAX_LINES,
    max_cell: int = MAX_CELL,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of a table as texts by column; empty lines are passed over.

    :param name: of the file; ``.xlsx`` is a workbook, all else is CSV
    :param columns: headings under which each column is known
    :param required: columns without which the file is refused
    :return: pairs ``(line of the file, {column: text})``; a column that the file does
        not have is ``""``
    :raise TableError: while reading: what was read before it is good
    """
    if len(data) > max_bytes:
        raise TableError("too_large")
    known = {plain(text): column for column, texts in columns.items() for text in texts}
    places = None
    for line, cells in _read_lines(name, data):
        if not any(cells):
            continue
        if places is None:
            places = _find_columns(cells, known, required, line)
            continue
        if line > max_lines:
            raise TableError("too_many_lines", line)
        yield (
            line,
            {
                column: cells[places[column]][:max_cell]
                if places.get(column, len(cells)) < len(cells)
                else ""
                for column in columns
            },
        )
    if places is None:
        raise TableError("empty")


def plain(text: str) -> str:
    """A heading without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def read_day(text: str) -> date | None:
    """A day written 2027-01-31 or 31/01/2027; None of anything else."""
    for pattern, order in DAY:
        if found := pattern.fullmatch(text.strip()):
            try:
                return date(*(int(found[place]) for place in order))
            except ValueError:
                return None
    return None


def read_number(text: str) -> Decimal | None:
    """A number written 1234.56 or 1 234,56; None of anything else, such as one in
    which comma and point both stand."""
    bare = SPACES.sub("", text)
    if "," in bare and "." in bare:
        return None
    bare = bare.replace(",", ".")
    return Decimal(bare) if NUMBER.fullmatch(bare) else None


# ----------------------------------------------------------------------
# LINES
# ----------------------------------------------------------------------


def _read_lines(name, data):
    if name.lower().endswith(".xlsx") or data.startswith(b"PK"):
        return _read_workbook(data)
    return _read_csv(data)


def _read_csv(data):
    text = _decode(data)
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise TableError("not_a_table", reader.line_num) from None


def _decode(data):
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise TableError("not_a_table")


def _read_workbook(data):
    """First sheet, values only, row by row."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise TableError("too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for line, values in enumerate(
            book.worksheets[0].iter_rows(values_only=True), 1
        ):
            yield line, [_cell_text(value) for value in values]
    except TableError:
        raise
    except Exception:
        # The parser meets hostile bytes with errors of many kinds.
        raise TableError("not_a_table") from None


def _cell_text(value):
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _find_columns(cells, known, required, line):
    places = {}
    for place, cell in enumerate(cells):
        column = known.get(plain(cell))
        if column:
            places.setdefault(column, place)
    missing = [column for column in required if column not in places]
    if missing:
        raise TableError("header", line, ", ".join(missing))
    return places
