"""One file reduced to its receivable lines and to what the report needs.

Only the lines on receivable accounts are kept (411 by default), so memory grows with
the customers' lines and not with the file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .entries import EntryBook
from .issues import FecIssue
from .model import CustomerKey, FecLine, FecSource, JournalReport, Kind, Options
from .openings import OpeningJournals, Shape
from .reader import FecReader
from .values import to_amount, to_cents

MAX_LISTED_ENTRIES = 100
_EARLIEST, _LATEST = -3653, 366
_NAME = re.compile(r"FEC(\d{8})[^\\/]*$", re.ASCII | re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Item:
    """A receivable line while it is being matched; amounts in cents.

    :param left: what is not matched yet, signed like ``cents``.
    """

    file: str
    line_no: int
    customer: CustomerKey
    date: date
    piece_date: date | None
    journal: str
    number: str
    ref: str
    label: str
    lettering: str
    cents: int
    left: int
    entry: int
    currency_amount: Decimal | None
    currency: str
    year: int = 0
    kind: Kind = Kind.OTHER
    age_known: bool = True
    age_certain: bool = True
    settled_later: bool = False
    unnamed: bool = False

    @property
    def order(self) -> tuple:
        """Oldest first, then in the order of the books."""
        return self.piece_date or self.date, self.year, self.line_no

    @property
    def is_opening(self) -> bool:
        return self.kind is Kind.OPENING


@dataclass(slots=True)
class Account:
    """A customer account as the files name it."""

    name: str = ""
    lines: int = 0
    line_no: int = 0


@dataclass(slots=True)
class JournalTotal:
    label: str
    line_no: int
    lines: int = 0
    debit: int = 0
    credit: int = 0


@dataclass(slots=True)
class Ledger:
    """What is kept of one file.

    :param items: receivable lines that are not zero.
    :param fiscal_start: first day of the financial year, as far as it shows.
    """

    source: FecSource
    reader: FecReader
    items: list[Item] = field(default_factory=list)
    accounts: dict[CustomerKey, Account] = field(default_factory=dict)
    journals: dict[str, JournalTotal] = field(default_factory=dict)
    entries: EntryBook = field(default_factory=EntryBook)
    issues: list[FecIssue] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    fiscal_start: date | None = None
    has_opening: bool = False
    shape: Shape = Shape.NONE
    zero_entries: list[int] = field(default_factory=list)
    lines_411: int = 0
    opening_411: int = 0
    lettered_411: int = 0
    groups: int = 0
    groups_unbalanced: int = 0
    role: str = "current"

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def balance(self) -> int:
        """Of its receivable accounts, in cents."""
        return sum(item.cents for item in self.items)

    @property
    def opening_items(self) -> list[Item]:
        return [item for item in self.items if item.is_opening]

    def note(self, code: str, line: int | None = None, /, **params):
        self.issues.append(FecIssue(code, params, self.name, line))

    def journal_reports(self) -> list[JournalReport]:
        return [
            JournalReport(
                self.name,
                code,
                total.label,
                total.lines,
                to_amount(total.debit),
                to_amount(total.credit),
            )
            for code, total in self.journals.items()
        ]


def collect(
    source: FecSource,
    options: Options,
    on_bytes: Callable[[int], None] | None = None,
) -> Ledger:
    """Read a file to its end.

    :raises FecError: when it cannot be used.
    """
    reader = FecReader(source, options, on_bytes)
    ledger = Ledger(source, reader)
    collector = _Collector(ledger, options)
    for line in reader:
        collector.add(line)
    collector.finish()
    return ledger


class _Collector:
    def __init__(self, ledger: Ledger, options: Options):
        self._ledger = ledger
        self._accounts = options.accounts
        self._openings = OpeningJournals()
        self._texts: dict[str, str] = {}

    def add(self, line: FecLine):
        ledger = self._ledger
        if ledger.start is None or line.date < ledger.start:
            ledger.start = line.date
        if ledger.end is None or line.date > ledger.end:
            ledger.end = line.date
        self._total(line)
        entry = ledger.entries.add(line)
        self._openings.add(line, entry)
        if line.account.startswith(self._accounts):
            self._receivable(line, entry)

    def _total(self, line: FecLine):
        total = self._ledger.journals.get(line.journal)
        if total is None:
            total = JournalTotal(line.journal_label, line.line_no)
            self._ledger.journals[line.journal] = total
        total.lines += 1
        cents = to_cents(line.amount)
        if cents > 0:
            total.debit += cents
        else:
            total.credit -= cents

    def _receivable(self, line: FecLine, entry: int):
        ledger = self._ledger
        ledger.lines_411 += 1
        key = self._same((line.account, line.aux))
        account = ledger.accounts.setdefault(key, Account(line_no=line.line_no))
        account.lines += 1
        name = line.aux_label if line.aux else ""
        account.name = name or line.account_label or account.name
        if line.lettering:
            ledger.lettered_411 += 1
        if not line.amount:
            ledger.reader.notes.add("zero_lines", line.line_no)
            ledger.zero_entries.append(entry)
            return
        if line.piece_date is None:
            ledger.reader.notes.add("piece_date_missing", line.line_no)
        elif not _EARLIEST <= (line.piece_date - line.date).days <= _LATEST:
            ledger.reader.notes.add(
                "piece_date_far", line.line_no, str(line.piece_date)
            )
        ledger.items.append(self._item(line, key, entry))

    def _item(self, line: FecLine, key: CustomerKey, entry: int) -> Item:
        cents = to_cents(line.amount)
        return Item(
            file=self._ledger.name,
            line_no=line.line_no,
            customer=key,
            date=line.date,
            piece_date=line.piece_date,
            journal=self._same(line.journal),
            number=self._same(line.number),
            ref=line.ref,
            label=line.label,
            lettering=self._same(line.lettering),
            cents=cents,
            left=cents,
            entry=entry,
            currency_amount=line.currency_amount,
            currency=self._same(line.currency),
        )

    def _same(self, value):
        """One object for equal keys: they repeat on most lines."""
        return self._texts.setdefault(value, value)

    def finish(self):
        ledger = self._ledger
        ledger.entries.close()
        for item in ledger.items:
            item.kind = ledger.entries.kind(item.entry, item.cents > 0)
        self._openings.mark(ledger)
        self._check_groups()
        ledger.issues += ledger.reader.notes.issues()
        self._check_balances()
        self._check_name()
        if not ledger.lines_411:
            ledger.note("no_receivables", accounts=", ".join(self._accounts))

    def _check_name(self):
        """``{SIREN}FEC{YYYYMMDD}`` holds the closing date, often a wrong one."""
        match = _NAME.search(self._ledger.name)
        if match and match[1][:6] != f"{self._ledger.end:%Y%m}":
            self._ledger.note("name_period", name=match[1], end=self._ledger.end)

    def _check_groups(self):
        """A code alone means nothing: it is read per customer account."""
        groups: dict[tuple, list[Item]] = {}
        for item in self._ledger.items:
            if item.lettering:
                groups.setdefault((item.customer, item.lettering), []).append(item)
        self._ledger.groups = len(groups)
        for (key, code), items in groups.items():
            cents = sum(item.cents for item in items)
            if cents:
                self._ledger.groups_unbalanced += 1
                self._note_group(key, code, cents, items)

    def _note_group(self, key: CustomerKey, code: str, cents: int, items: list[Item]):
        """Debits alone are told elsewhere, as settled later."""
        if any(item.cents < 0 for item in items):
            self._ledger.note(
                "group_unbalanced",
                items[0].line_no,
                code=code,
                customer=" ".join(filter(None, key)),
                difference=to_amount(cents),
            )

    def _check_balances(self):
        ledger = self._ledger
        off = {
            code: total
            for code, total in ledger.journals.items()
            if total.debit != total.credit
        }
        for code, total in off.items():
            gap = to_amount(total.debit - total.credit)
            ledger.note(
                "journal_unbalanced", total.line_no, journal=code, difference=gap
            )
        difference = sum(total.debit - total.credit for total in off.values())
        if difference:
            ledger.note("file_unbalanced", difference=to_amount(difference))
        self._check_entries()

    def _check_entries(self):
        ledger = self._ledger
        count = 0
        for line_no, cents in ledger.entries.unbalanced():
            count += 1
            if count <= MAX_LISTED_ENTRIES:
                gap = to_amount(cents)
                ledger.note("entry_unbalanced", line_no, difference=gap)
        if count > MAX_LISTED_ENTRIES:
            ledger.note("entries_unbalanced", count=count, shown=MAX_LISTED_ENTRIES)
