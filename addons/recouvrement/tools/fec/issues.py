"""Everything the reader can have to say, as one table of codes.

A caller that speaks another language translates by ``code`` and formats with
``params``; ``str(issue)`` is the English sentence.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """What an issue costs: the file, the row, or only certainty."""

    FATAL = "fatal"
    REFUSED = "refused"
    DOUBTFUL = "doubtful"
    INFO = "info"


_FATAL, _REFUSED = Level.FATAL, Level.REFUSED
_DOUBTFUL, _INFO = Level.DOUBTFUL, Level.INFO

CODES: dict[str, tuple[Level, str]] = {
    # -- the file cannot be read -------------------------------------------------
    "empty": (_FATAL, "The file is empty. Export the FEC again."),
    "not_found": (_FATAL, "The file cannot be opened: {error}. Check its path."),
    "too_big": (
        _FATAL,
        "The file has {size} bytes, over the limit of {limit}. Split it by year.",
    ),
    "not_text": (
        _FATAL,
        "This is {found}, not a FEC. Give the text file exported by the accounting"
        " software (the .txt of the tax audit export).",
    ),
    "archive": (
        _FATAL,
        "This is {found}. Unpack it and give the text file it contains.",
    ),
    "binary": (
        _FATAL,
        "The file holds binary data (NUL bytes in its first line). Save it as"
        " UTF-8 text, or export the FEC again.",
    ),
    "no_header": (
        _FATAL,
        "The first line is not the line of field names of a FEC (JournalCode,"
        " EcritureDate, CompteNum, Debit, Credit…). It starts with: {start}",
    ),
    "missing_columns": (
        _FATAL,
        "The line of field names lacks {columns}. Add these columns to the export.",
    ),
    "duplicate_column": (
        _FATAL,
        "The field name {column} stands twice in the first line. Remove one.",
    ),
    "no_lines": (
        _FATAL,
        "No entry line of the file can be read ({refused} refused; the first:"
        " {first}).",
    ),
    "too_many_refused": (
        _FATAL,
        "{refused} of the first {lines} lines cannot be read (the first: {first})."
        " The file is damaged or is not a FEC.",
    ),
    "xml_broken": (_FATAL, "The XML is broken: {error}. Export the FEC again."),
    "xml_forbidden": (
        _FATAL,
        "The XML declares a document type or entities, which a FEC never needs."
        " It is not read, for safety.",
    ),
    "no_files": (_FATAL, "No file was given."),
    # -- the row is refused, the file is kept ------------------------------------
    "field_count": (_REFUSED, "{found} fields instead of {expected}"),
    "line_too_long": (_REFUSED, "the line is longer than {limit} characters"),
    "bad_date": (_REFUSED, "{field} is not a date: {value}"),
    "no_date": (_REFUSED, "{field} is blank"),
    "bad_account": (
        _REFUSED,
        "CompteNum does not start with three digits of the chart: {value}",
    ),
    "bad_amount": (_REFUSED, "{field} is not an amount: {value}"),
    "ambiguous_amount": (
        _REFUSED,
        "{field} can be read in two ways (thousands or decimals): {value}",
    ),
    "bad_side": (_REFUSED, "Sens is neither D, C, +1 nor -1: {value}"),
    # -- read, but worth a look ---------------------------------------------------
    "row_rebuilt": (
        _DOUBTFUL,
        "a stray separator in EcritureLib was put back ({count} rows)",
    ),
    "amount_format": (
        _DOUBTFUL,
        "amounts not written with a decimal comma alone, e.g. {value} ({count})",
    ),
    "amount_precision": (
        _DOUBTFUL,
        "amounts with more than two decimals, rounded to the cent, e.g. {value}"
        " ({count})",
    ),
    "date_format": (
        _DOUBTFUL,
        "dates not written YYYYMMDD, e.g. {value} ({count})",
    ),
    "piece_date_invalid": (
        _DOUBTFUL,
        "PieceDate cannot be read and EcritureDate stands in, e.g. {value} ({count})",
    ),
    "piece_date_missing": (
        _DOUBTFUL,
        "PieceDate is blank and EcritureDate stands in ({count} receivable lines)",
    ),
    "piece_date_far": (
        _DOUBTFUL,
        "PieceDate is years away from EcritureDate, e.g. {value} ({count})",
    ),
    "nul_bytes": (_DOUBTFUL, "NUL bytes were dropped ({count} lines)"),
    "undecodable": (_DOUBTFUL, "some characters could not be decoded ({count} lines)"),
    "zero_lines": (_INFO, "receivable lines of zero were dropped ({count})"),
    "journal_unbalanced": (
        _DOUBTFUL,
        "journal {journal} does not balance: debit - credit = {difference}",
    ),
    "entry_unbalanced": (
        _DOUBTFUL,
        "the entry that starts here does not balance: debit - credit = {difference}",
    ),
    "entries_unbalanced": (
        _DOUBTFUL,
        "{count} entries do not balance; only the first {shown} are listed",
    ),
    "file_unbalanced": (
        _DOUBTFUL,
        "the file does not balance: debit - credit = {difference}",
    ),
    "group_unbalanced": (
        _DOUBTFUL,
        "lettering {code} of {customer} does not balance: {difference}",
    ),
    "no_receivables": (_DOUBTFUL, "no line on the accounts {accounts}"),
    "no_customer": (
        _DOUBTFUL,
        "account {account} gathers all customers without naming them: nothing in"
        " it can be chased",
    ),
    "passing_customers": (
        _DOUBTFUL,
        "{customer} gathers several passing customers: not to be chased as one",
    ),
    "settled_later": (
        _DOUBTFUL,
        "{customer}: {amount} is lettered with a payment after this file; to"
        " confirm before chasing",
    ),
    "opening_global": (
        _DOUBTFUL,
        "one opening line of {amount} for all of the receivables: its customers"
        " and dates are unknown",
    ),
    "opening_totals": (
        _DOUBTFUL,
        "opening lines without the dates of the invoices ({count} lines): age unknown",
    ),
    "opening_day_dates": (
        _DOUBTFUL,
        "opening lines dated on the opening day itself ({count} lines): they are"
        " at least that old",
    ),
    "opening_guessed": (
        _DOUBTFUL,
        "no journal is named as opening; the entry of the lowest number is taken"
        " as such",
    ),
    "opening_replaced": (
        _INFO,
        "opening lines replaced by the open items of the year before"
        " ({count} customers)",
    ),
    "opening_differs": (
        _DOUBTFUL,
        "{customer}: opening {opening}, but {previous} open at the end of the file"
        " before; the opening is kept",
    ),
    "no_opening": (
        _DOUBTFUL,
        "no opening entry: the file is read as the continuation of {previous}",
    ),
    "duplicate_file": (_DOUBTFUL, "same content as {other}: not read twice"),
    "overlap": (
        _DOUBTFUL,
        "{count} receivable lines dated from {start} on are in a newer file: not"
        " read twice",
    ),
    "name_period": (
        _INFO,
        "the file name says {name}, its entries end on {end}; the entries are right",
    ),
}


@dataclass(frozen=True, slots=True)
class FecIssue:
    """One remark on a file, at a line when it has one (1 = line of names)."""

    code: str
    params: dict = field(default_factory=dict)
    file: str = ""
    line: int | None = None

    @property
    def level(self) -> Level:
        return CODES[self.code][0]

    @property
    def text(self) -> str:
        """The English sentence, without file and line."""
        return CODES[self.code][1].format(**self.params)

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line else "")
        return f"{place}: {self.text}" if place else self.text


class FecError(Exception):
    """The file cannot be used; ``issue`` says what, where and what to do."""

    def __init__(self, code: str, file: str = "", line: int | None = None, **params):
        self.issue = FecIssue(code, params, file, line)
        super().__init__(str(self.issue))


class FecInternalError(RuntimeError):
    """A proof failed: a defect of this program, never of the file."""


class RowRefused(Exception):
    """One row cannot be read; the reader turns it into a refused issue."""

    def __init__(self, code: str, **params):
        self.code = code
        self.params = params
        super().__init__(code)


class Notes:
    """Repeated remarks of one file, kept as first place plus a count."""

    def __init__(self, file: str):
        self.file = file
        self._seen: dict[str, list] = {}

    def add(self, code: str, line: int, value: str = ""):
        """Count a remark; only its first line and value are kept."""
        entry = self._seen.setdefault(code, [0, line, value])
        entry[0] += 1

    def issues(self) -> list[FecIssue]:
        return [
            FecIssue(code, {"count": count, "value": value}, self.file, line)
            for code, (count, line, value) in self._seen.items()
        ]
