"""Statuses of e-invoices, read from a CSV file of the platform.

Columns, in any order, by their heading: ``invoice``, ``status``, ``date`` (ISO or
dd/mm/yyyy), and perhaps ``code``, ``reason``, ``amount``. French headings are known.
A line that cannot be read has an error and leaves the others alone.
"""

import csv
import io
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

BYTES_MAX = 5 * 1024 * 1024
ROWS_MAX = 20_000
TEXT_MAX = 500
HEADINGS = {
    "invoice": {"invoice", "facture", "numero", "numero_facture", "document"},
    "status": {"status", "statut", "code_statut"},
    "date": {"date", "date_statut"},
    "code": {"code", "code_motif", "reason_code"},
    "reason": {"reason", "motif", "libelle_motif", "commentaire"},
    "amount": {"amount", "montant", "montant_conteste"},
}
NEEDED = ("invoice", "status", "date")


class CsvError(Exception):
    """The file as a whole cannot be read; ``code`` says why."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class StatusRow:
    """A line of the file; ``error`` names the column that is wrong, or is empty."""

    number: int
    invoice: str = ""
    status: str = ""
    day: date | None = None
    code: str = ""
    reason: str = ""
    amount: Decimal | None = None
    error: str = ""


def read_statuses(content):
    """
    :param bytes content: the file, UTF-8 or Windows-1252.
    :return: list of :class:`StatusRow`.
    :raise CsvError: ``size``, ``empty``, ``columns`` or ``rows``.
    """
    if len(content) > BYTES_MAX:
        raise CsvError("size")
    text = _decode(content).replace("\0", "")
    if not text.strip():
        raise CsvError("empty")
    first = text.splitlines()[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = _find_columns(next(reader))
        return list(_read_rows(reader, columns))
    except csv.Error as error:
        raise CsvError("columns", str(error)) from None


def _decode(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _plain(heading):
    text = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return "_".join(text.lower().replace("°", "").split())


def _find_columns(headings):
    known = [_plain(heading) for heading in headings]
    columns = {}
    for name, words in HEADINGS.items():
        for place, heading in enumerate(known):
            if heading in words and name not in columns:
                columns[name] = place
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise CsvError("columns", ", ".join(missing))
    return columns


def _read_rows(reader, columns):
    for number, cells in enumerate(reader, start=2):
        if number > ROWS_MAX + 1:
            raise CsvError("rows")
        values = {
            name: cells[place].strip()[:TEXT_MAX] if place < len(cells) else ""
            for name, place in columns.items()
        }
        if any(values.values()):
            yield _read_row(number, values)


def _read_row(number, values):
    status = values["status"][:3]
    day = _read_day(values["date"])
    amount, wrong = _read_amount(values.get("amount", ""))
    error = ""
    if not values["invoice"]:
        error = "invoice"
    elif not (status.isascii() and status.isdigit() and len(status) == 3):
        error = "status"
    elif day is None:
        error = "date"
    elif wrong:
        error = "amount"
    return StatusRow(
        number,
        values["invoice"],
        status,
        day,
        values.get("code", ""),
        values.get("reason", ""),
        amount,
        error,
    )


def _read_day(text):
    try:
        if "/" in text:
            day, month, year = text.split("/")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _read_amount(text):
    """:return: ``(amount or None, whether it is wrong)``."""
    if not text:
        return None, False
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    try:
        amount = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None, True
    if not amount.is_finite() or not 0 < amount < Decimal(10) ** 12:
        return None, True
    return amount, False
