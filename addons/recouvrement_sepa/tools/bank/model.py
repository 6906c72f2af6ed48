"""What banks tell us, whatever the format of their file.

Amounts are `Decimal`, in the unit of the currency. On the account's side (entries,
details) they are signed: + is money in. On an event they are positive.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


class BankFileError(Exception):
    """A file that cannot be read; nothing of it may be used.

    `code` is a stable word that the screens translate, `where` the place in the file
    ("document 2, entry 14"), `params` the values the sentence needs.
    """

    def __init__(self, code, where="", params=None):
        super().__init__(code, where, params)
        self.code = code
        self.where = where
        self.params = params or {}

    def __str__(self):
        values = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return " ".join(filter(None, [self.code, self.where, values]))


@dataclass(frozen=True)
class Remark:
    """Something odd in a file that can be read all the same."""

    code: str
    where: str
    params: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Detail:
    """One transaction inside an entry; `amount` is signed, charges are positive.

    `instructed` is the amount that was asked for, positive, when the bank tells it.
    """

    amount: Decimal
    end_to_end_id: str = ""
    instruction_id: str = ""
    payment_info_id: str = ""
    rum: str = ""
    iban: str = ""
    name: str = ""
    ics: str = ""
    remittance: str = ""
    reference: str = ""
    reason: str = ""
    reason_text: str = ""
    charges: Decimal = Decimal(0)
    bank_reference: str = ""
    message_id: str = ""
    currency: str = ""
    family: str = ""
    sub_family: str = ""
    proprietary: str = ""
    instructed: Decimal | None = None


@dataclass(frozen=True)
class Batch:
    """What a bank says about entries booked in one amount."""

    payment_info_id: str = ""
    count: int | None = None
    total: Decimal | None = None
    message_id: str = ""


@dataclass(frozen=True)
class Entry:
    """One booking on the account; `amount` is signed, charges are positive."""

    where: str
    amount: Decimal
    currency: str
    status: str
    booked_on: date | None
    value_on: date | None = None
    bank_reference: str = ""
    family: str = ""
    sub_family: str = ""
    proprietary: str = ""
    reversal: bool = False
    text: str = ""
    batch: Batch | None = None
    charges: Decimal = Decimal(0)
    details: tuple[Detail, ...] = ()


@dataclass
class Statement:
    """One account over one period.

    `entries` can be iterated once. `closing`, `date_end` and `entry_count` may be
    known only when it is exhausted (CFONB 120 writes the new balance at the end).
    `account_number` is what the bank wrote when it gave no IBAN.
    """

    document: str
    account_iban: str
    currency: str
    number: str
    reference: str
    opening: Decimal | None
    closing: Decimal | None
    date_start: date | None
    date_end: date | None
    entries: Iterator[Entry]
    where: str = ""
    account_number: str = ""
    entry_count: int | None = None


@dataclass(frozen=True)
class Status:
    """One line of a payment status report (pain.002); `amount` is positive."""

    where: str
    level: str
    status: str
    reported: date | None = None
    original_name: str = ""
    message_id: str = ""
    payment_info_id: str = ""
    end_to_end_id: str = ""
    instruction_id: str = ""
    reason: str = ""
    reason_text: str = ""
    originator: str = ""
    amount: Decimal | None = None
    currency: str = ""
    collected: date | None = None
    ics: str = ""
    rum: str = ""
    debtor_name: str = ""
    iban: str = ""
    charges: Decimal = Decimal(0)
    bank_reference: str = ""


@dataclass
class Document:
    """One message of a file: `statements` (camt, CFONB) or `statuses` (pain.002).

    Both iterate once, in the order of the file, before the next document is asked
    for. `remarks` grows while they do. `kind` is "camt.053", "camt.054", "camt.052",
    "pain.002" or "cfonb120"; `version` the full name ("camt.053.001.08").
    """

    kind: str
    version: str
    where: str
    statements: Iterator[Statement] = field(default_factory=lambda: iter(()))
    statuses: Iterator[Status] = field(default_factory=lambda: iter(()))
    message_id: str = ""
    created: datetime | None = None
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """What a bank says about ONE of our direct debits (or a whole lot, a whole file).

    `amount` is positive and without the bank's `charges`; None when the level is
    "message" or "group". `reason` is the ISO code, or "CFONB:20". `booked` tells
    whether the account was debited (camt, CFONB) or not (pain.002). `date` is the day
    of the booking, or of the report; `collected` the day the debit was asked for.
    """

    kind: str
    level: str
    booked: bool
    date: date | None
    amount: Decimal | None
    currency: str = "EUR"
    end_to_end_id: str = ""
    rum: str = ""
    iban: str = ""
    debtor_name: str = ""
    ics: str = ""
    reason: str = ""
    reason_text: str = ""
    charges: Decimal = Decimal(0)
    message_id: str = ""
    payment_info_id: str = ""
    bank_reference: str = ""
    account_iban: str = ""
    document: str = ""
    where: str = ""
    instruction_id: str = ""
    collected: date | None = None


@dataclass(frozen=True)
class Skipped:
    """A line that is no failure of our debits; `why` is a stable word."""

    where: str
    why: str
