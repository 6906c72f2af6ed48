"""Opening entries: which lines they are, which shape they have, and several years.

The entries that take up the balances of the year before are in the file and bear its
first numbers (LPF art. A47 A-1, IX). They come one line an open item, one line a
customer, or one line for all; loading two years must count nothing twice.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from .model import FecLine, Kind
from .values import to_amount

if TYPE_CHECKING:
    from .receivables import Item, Ledger

OPENING_CODES = frozenset({"AN", "ANO", "ANV", "AD", "RAN", "OUV"})
_JOURNAL_WORDS = re.compile(r"nouveau|ouverture|report|initial|bilan (de )?debut")
_LABEL_WORDS = re.compile(
    r"\ba ?nouveaux?\b|\bs\.a\.n\b|report (a nouveau|exercice)"
    r"|(balance|solde|bilan)s? (initiale?s?|d.?ouverture)"
)
_DETAIL_SHARE = 0.25


class Shape(StrEnum):
    """The shapes of opening lines on receivable accounts."""

    NONE = "none"
    DATED = "dated"
    DETAIL = "detail"
    CUSTOMER = "customer"
    GLOBAL = "global"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if not unicodedata.combining(char))


def is_opening_journal(code: str, label: str) -> bool:
    return code.strip().upper() in OPENING_CODES or bool(
        _JOURNAL_WORDS.search(_plain(label))
    )


@dataclass(slots=True)
class OpeningJournals:
    """Gather, line by line, what tells opening entries from the others."""

    _known: dict[tuple[str, str], bool] = field(default_factory=dict)
    _days: Counter = field(default_factory=Counter)
    _entries: set[int] = field(default_factory=set)
    _first_other: date | None = None

    def add(self, line: FecLine, entry: int):
        key = line.journal, line.journal_label
        opening = self._known.get(key)
        if opening is None:
            opening = self._known[key] = is_opening_journal(*key)
        if opening:
            self._days[line.date] += 1
            self._entries.add(entry)
        elif self._first_other is None or line.date < self._first_other:
            self._first_other = line.date

    def mark(self, ledger: "Ledger"):
        """Set the kind, age and shape of the opening items of a file."""
        sheet_only = ledger.entries.is_balance_sheet_only
        entries = {entry for entry in self._entries if sheet_only(entry)}
        if not entries:
            self._guess(ledger, entries)
        ledger.has_opening = bool(entries)
        ledger.fiscal_start = self._fiscal_start(ledger)
        for item in ledger.items:
            if item.entry in entries or self._is_labelled(item, ledger):
                item.kind = Kind.OPENING
                ledger.has_opening = True
        zeros = sum(1 for entry in ledger.zero_entries if entry in entries)
        ledger.opening_411 = len(ledger.opening_items) + zeros
        _set_ages(ledger)

    def _guess(self, ledger: "Ledger", entries: set[int]):
        handle = ledger.entries.lowest_opening(ledger.start)
        if handle is not None:
            entries.add(handle)
            ledger.note("opening_guessed")

    def _fiscal_start(self, ledger: "Ledger") -> date:
        """The day most opening lines bear, else the month of the first entry."""
        first = (self._first_other or ledger.start).replace(day=1)
        if self._days:
            day, count = self._days.most_common(1)[0]
            if count * 2 >= self._days.total() and day.day == 1:
                return day
        return first

    @staticmethod
    def _is_labelled(item: "Item", ledger: "Ledger") -> bool:
        return (
            item.date <= ledger.fiscal_start
            and ledger.entries.is_balance_sheet_only(item.entry)
            and bool(_LABEL_WORDS.search(_plain(item.label)))
        )


def _set_ages(ledger: "Ledger"):
    """Decide which opening lines still say how old they are."""
    items = ledger.opening_items
    undated = [item for item in items if not _keeps_date(item, ledger.fiscal_start)]
    ledger.shape = _shape(items, undated, ledger)
    totals = ledger.shape in (Shape.CUSTOMER, Shape.GLOBAL)
    for item in undated:
        item.age_known = not totals
        item.age_certain = False
        item.unnamed = ledger.shape is Shape.GLOBAL
    if ledger.shape is Shape.GLOBAL:
        line_no, cents = items[0].line_no, items[0].cents
        ledger.note("opening_global", line_no, amount=to_amount(cents))
    elif undated:
        code = "opening_totals" if totals else "opening_day_dates"
        ledger.note(code, undated[0].line_no, count=len(undated))


def _keeps_date(item: "Item", fiscal_start: date) -> bool:
    piece_date = item.piece_date or item.date
    return piece_date < item.date or piece_date < fiscal_start


def _shape(items: list["Item"], undated: list["Item"], ledger: "Ledger") -> Shape:
    if not items:
        return Shape.NONE
    if not undated:
        return Shape.DATED
    if len(items) == 1 and not items[0].customer[1] and len(ledger.accounts) > 1:
        return Shape.GLOBAL
    lines = Counter(item.customer for item in undated)
    several = sum(1 for count in lines.values() if count > 1)
    return Shape.DETAIL if several > _DETAIL_SHARE * len(lines) else Shape.CUSTOMER
