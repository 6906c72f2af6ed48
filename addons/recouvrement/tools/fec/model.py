"""What goes in and what comes out: plain values, amounts in ``Decimal`` euros."""

import io
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from .issues import FecError, FecIssue


class Kind(StrEnum):
    """Nature of a receivable line, from the other accounts of its entry.

    A positive ``payment`` is a returned payment.
    """

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    OPENING = "opening"
    OTHER = "other"


class Step(StrEnum):
    """How a credit found its debit, from certain to proposed."""

    LETTERING = "lettering"
    PIECE = "piece"
    AMOUNT = "amount"
    OLDEST = "oldest"


BUCKETS = ("not_due", "1_30", "31_60", "61_90", "91_180", "over_180", "unknown")


@dataclass(frozen=True, slots=True)
class FecSource:
    """One file to read, from a path or from bytes; opened as often as needed."""

    name: str
    path: Path | None = None
    data: bytes | None = None

    @classmethod
    def from_path(cls, path: str | Path) -> "FecSource":
        return cls(str(path), path=Path(path))

    def size(self) -> int:
        if self.data is not None:
            return len(self.data)
        try:
            status = self.path.stat()
        except OSError as error:
            raise self._not_found(error) from error
        if not stat.S_ISREG(status.st_mode):
            raise FecError("not_found", self.name, error="not a regular file")
        return status.st_size

    def open(self) -> BinaryIO:
        """:raises FecError: ``not_found``."""
        if self.data is not None:
            return io.BytesIO(self.data)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise self._not_found(error) from error

    def _not_found(self, error: OSError) -> FecError:
        return FecError("not_found", self.name, error=error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of the user.

    :param terms_days: days from PieceDate to the due date (C. com. art. L441-10).
    :param customer_terms: the same for customers whose terms are known.
    :param as_of: day the ages are counted at; None = last entry of the newest file.
    :param accounts: prefixes of the receivable accounts; 413, 416 and 4191 are the
        usual additions.
    :param history_steps: steps trusted as proof of when an invoice was paid.
    :param max_bytes: size over which a file is refused.
    """

    terms_days: int = 30
    customer_terms: Mapping[tuple[str, str], int] = field(default_factory=dict)
    as_of: date | None = None
    accounts: tuple[str, ...] = ("411",)
    history_steps: tuple[Step, ...] = (Step.LETTERING,)
    max_bytes: int = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class FecLine:
    """One row of the file; ``amount`` is debit - credit."""

    line_no: int
    journal: str
    journal_label: str
    number: str
    date: date
    account: str
    account_label: str
    aux: str
    aux_label: str
    ref: str
    piece_date: date | None
    label: str
    amount: Decimal
    lettering: str
    currency_amount: Decimal | None
    currency: str


CustomerKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer account: key is (CompteNum, CompAuxNum).

    ``chaseable`` is False for an account that gathers unnamed customers.
    """

    key: CustomerKey
    name: str
    balance: Decimal
    lines: int
    chaseable: bool = True


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A receivable line and what is left of it.

    :param uid: same for the same line however often and under whatever file name
        it is loaded.
    :param amount: what is left, signed (credits are negative).
    :param original_amount: what the line says, signed.
    :param due_date: PieceDate + terms for a debit, None when its age is unknown;
        the day of the entry for a credit.
    :param age_certain: False when the line is at least that old.
    :param settled_later: lettered with a payment that is not in the files.
    :param currency_amount: of the whole line, as in the file.
    """

    uid: str
    customer_key: CustomerKey
    date: date
    piece_date: date | None
    due_date: date | None
    ref: str
    label: str
    amount: Decimal
    original_amount: Decimal
    kind: Kind
    journal: str
    lettering: str
    currency_amount: Decimal | None
    currency: str
    file: str
    line_no: int
    age_certain: bool = True
    settled_later: bool = False
    chaseable: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """An amount of a credit put on a debit; ``date`` is the credit's EcritureDate."""

    debit: OpenItem
    credit: OpenItem
    amount: Decimal
    date: date
    step: Step


@dataclass(frozen=True, slots=True)
class PaidItem:
    """A sale paid in full: the raw material of payment behaviour.

    :param days: from PieceDate to the last payment, credit notes left aside.
    :param step: the least certain step among its matches.
    :param weight: of that step, 0 to 1.
    """

    item: OpenItem
    matches: tuple[Match, ...]
    paid_date: date
    days: int
    step: Step
    weight: Decimal


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file is and how it was used (``current``, ``history``, ``ignored``)."""

    name: str
    role: str
    encoding: str
    separator: str
    start: date | None
    end: date | None
    lines: int
    refused: int
    lines_411: int
    opening_411: int
    opening_shape: str
    lettered_411: int
    groups: int
    groups_unbalanced: int


@dataclass(frozen=True, slots=True)
class JournalReport:
    file: str
    code: str
    label: str
    lines: int
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class Side:
    """Customers whose balance has one sign: how many, and their sum."""

    count: int
    sum: Decimal


@dataclass(frozen=True, slots=True)
class FecReport:
    """The control report shown before anything is loaded.

    ``open_items`` counts debits, ``open_credits`` credits left over; ``aged`` is
    of open debits by bucket; ``matched_by`` of amounts by step.
    """

    files: tuple[FileReport, ...]
    journals: tuple[JournalReport, ...]
    as_of: date
    lines: int
    refused: tuple[FecIssue, ...]
    doubtful: tuple[FecIssue, ...]
    balance_411: Decimal
    customers: int
    debit: Side
    credit: Side
    open_items: int
    open_credits: int
    settled_later: Side
    aged: dict[str, Decimal]
    matched_by: dict[str, Decimal]

    def matched_share(self) -> dict[str, Decimal]:
        """Share of the matched amount by step, 0 to 1."""
        total = sum(self.matched_by.values())
        return {
            step: amount / total if total else Decimal(0)
            for step, amount in self.matched_by.items()
        }


@dataclass(frozen=True, slots=True)
class Analysis:
    customers: list[Customer]
    open_items: list[OpenItem]
    matches: list[Match] = field(repr=False)
    history: list[PaidItem] = field(repr=False)
    report: FecReport
