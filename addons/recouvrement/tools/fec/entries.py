"""Entries rebuilt from lines, in a few bytes each.

EcritureNum alone is no key in real files (one number for a whole journal, or entries
that balance only over journals), so an entry is (journal, number, date) unless the
number alone explains the file better.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .model import FecLine, Kind
from .values import to_cents

_SALES, _CASH, _CHARGES, _CAPITAL = 1 << 7, 1 << 5, 1 << 6, 1 << 1
_MIN_NUMBERS = 10


@dataclass(slots=True)
class EntryBook:
    """Classes met and balance of each entry, plus the entry numbered first."""

    _index: dict[int, int] = field(default_factory=dict)
    _numbers: array = field(default_factory=lambda: array("q"))
    _classes: array = field(default_factory=lambda: array("H"))
    _first_line: array = field(default_factory=lambda: array("L"))
    _cents: list[int] = field(default_factory=list)
    _lowest: tuple = ()
    _by_number: dict[int, list[int]] | None = None

    def add(self, line: FecLine) -> int:
        """Return the handle of the line's entry."""
        key = hash((line.journal, line.number or line.ref, line.date))
        handle = self._index.get(key)
        if handle is None:
            handle = self._new(key, line)
        self._classes[handle] |= 1 << (ord(line.account[0]) - 48)
        self._cents[handle] += to_cents(line.amount)
        return handle

    def _new(self, key: int, line: FecLine) -> int:
        handle = self._index[key] = len(self._cents)
        self._numbers.append(hash(line.number) if line.number else key)
        self._classes.append(0)
        self._first_line.append(line.line_no)
        self._cents.append(0)
        rank = (line.date, _natural(line.number), line.line_no)
        if not self._lowest or rank < self._lowest[0]:
            self._lowest = rank, handle
        return handle

    def close(self):
        """Choose the key that leaves fewer unbalanced entries; free the index."""
        self._index.clear()
        fine = sum(1 for cents in self._cents if cents)
        if not fine:
            return
        groups: dict[int, list[int]] = {}
        for handle, number in enumerate(self._numbers):
            group = groups.setdefault(number, [0, 0, handle])
            group[0] += self._cents[handle]
            group[1] |= self._classes[handle]
        coarse = sum(1 for group in groups.values() if group[0])
        if len(groups) >= _MIN_NUMBERS and coarse * 10 < fine:
            self._by_number = groups

    def kind(self, handle: int, is_debit: bool) -> Kind:
        """Nature of a receivable line from the other accounts of its entry."""
        classes = self._classes[handle]
        if self._by_number and not classes & (_SALES | _CASH):
            classes = self._by_number[self._numbers[handle]][1]
        if classes & _SALES and (is_debit or not classes & _CASH):
            return Kind.INVOICE if is_debit else Kind.CREDIT_NOTE
        return Kind.PAYMENT if classes & _CASH else Kind.OTHER

    def is_balance_sheet_only(self, handle: int) -> bool:
        """No classes 6 and 7: an opening entry (LPF art. A47 A-1, XI)."""
        return not self._classes[handle] & (_CHARGES | _SALES)

    def lowest_opening(self, first_day: date) -> int | None:
        """The entry of the lowest number on the first day, if it opens a year.

        Capital accounts (class 1) tell it from any early entry.
        """
        if not self._lowest:
            return None
        (day, *_rank), handle = self._lowest
        looks = self.is_balance_sheet_only(handle) and self._classes[handle] & _CAPITAL
        return handle if day == first_day and looks else None

    def unbalanced(self) -> Iterator[tuple[int, int]]:
        """Yield (line of the first row, difference in cents)."""
        if self._by_number:
            for cents, _classes, handle in self._by_number.values():
                if cents:
                    yield self._first_line[handle], cents
            return
        for handle, cents in enumerate(self._cents):
            if cents:
                yield self._first_line[handle], cents


def _natural(number: str) -> tuple[int, str]:
    """Numbers in numeric order, other names after the shorter ones."""
    return (len(number.lstrip("0")), number) if number.isdigit() else (99, number)
