"""CFONB 120: the French bank statement of 120 characters a line.

Positions are those of the CFONB's brochure, with the SEPA evolution of March 2010:
01 old balance, 04 operation, 05 its details, 07 new balance.
"""

import re
from datetime import date
from decimal import Decimal

from .model import BankFileError, Detail, Document, Entry, Remark, Statement
from .values import clean, compact, french_iban

WIDTH = 120
RECORDS = ("01", "04", "05", "07")
# Last digit and sign in one character; French terminals wrote é and è for { and }.
POSITIVE = {**{char: n for n, char in enumerate("{ABCDEFGHI")}, "é": 0}
NEGATIVE = {**{char: n for n, char in enumerate("}JKLMNOPQR")}, "è": 0}
DETAILS_MAX = 200
FREE_TEXT = ("LIB", "LCC", "LC2", "LCS", "LEM")
HEADER = re.compile(r"01\d{5}.{4}\d{5}", re.ASCII)


def is_cfonb(text):
    """Whether a text starts as a statement of 120 characters a line does."""
    return bool(HEADER.match(text.lstrip("\ufeff \r\n")[:WIDTH]))


def documents(text):
    """The one document of such a file.

    :raise BankFileError: while it is read: ``record``, ``amount``, ``date``,
        ``truncated``, ``order``, ``mixed``.
    """
    document = Document("cfonb120", "cfonb120", "document 1")
    document.statements = _Walk(document, _lines(text)).statements()
    yield document


def _lines(text):
    """Numbered records; a file without line ends is cut every 120 characters."""
    number = 0
    for raw in re.split(r"\r\n|\n|\r|\x1a", text):
        raw = raw.lstrip("\ufeff")
        if len(raw) > WIDTH and not raw[WIDTH:].isspace() and len(raw) % WIDTH:
            raise BankFileError("record", f"line {number + 1}", {"size": len(raw)})
        for start in range(0, len(raw), WIDTH):
            record = raw[start : start + WIDTH]
            number += 1
            if record.strip(" \x00\x1a"):
                yield number, record.ljust(WIDTH)


class _Walk:
    """Statements of a file; the new balance is known once its operations were read."""

    def __init__(self, document, lines):
        self.document = document
        self.lines = lines
        self.pending = None

    def statements(self):
        for number, record in self.lines:
            if record[:2] != "01":
                raise BankFileError("order", f"line {number}", {"record": record[:2]})
            statement = self._open(number, record)
            yield statement
            for _entry in statement.entries:
                pass

    def _open(self, number, record):
        where = f"line {number}"
        bank, branch, account = record[2:7], record[11:16], record[21:32]
        statement = Statement(
            document=self.document.version,
            account_iban=french_iban(bank, branch, account.upper()),
            currency=record[16:19].strip() or "EUR",
            number="",
            reference="",
            opening=_amount(record, where),
            closing=None,
            date_start=_day(record[34:40], where),
            date_end=None,
            entries=iter(()),
            where=where,
            account_number=compact(bank + branch + account),
        )
        statement.entries = self._entries(statement, _account(record))
        return statement

    def _entries(self, statement, account):
        operation, count = None, 0
        for number, record in self.lines:
            where, kind = f"line {number}", record[:2]
            self._check(kind, record, account, where)
            if kind == "05":
                self._detail(operation, record, where)
                continue
            if operation:
                count += 1
                yield operation.entry()
            if kind == "07":
                statement.closing = _amount(record, where)
                statement.date_end = _day(record[34:40], where)
                statement.entry_count = count
                return
            operation = _Operation(record, where, statement.currency)
        raise BankFileError("truncated", statement.where)

    def _check(self, kind, record, account, where):
        if kind not in RECORDS:
            raise BankFileError("record", where, {"record": kind})
        if kind == "01":
            raise BankFileError("order", where, {"record": kind})
        if _account(record) != account:
            raise BankFileError("mixed", where)

    def _detail(self, operation, record, where):
        if operation is None:
            raise BankFileError("order", where, {"record": "05"})
        if not operation.add(record[45:48], record[48:118]):
            self.document.remarks.append(Remark("details", where))


class _Operation:
    """A record 04 and the records 05 that follow it."""

    def __init__(self, record, where, currency):
        self.record, self.where, self.currency = record, where, currency
        self.details = {}
        self.count = 0

    def add(self, qualifier, text):
        """Keep a detail; False when there are too many."""
        self.count += 1
        if self.count > DETAILS_MAX:
            return self.count > DETAILS_MAX + 1
        self.details.setdefault(qualifier.strip().upper(), []).append(text)
        return True

    def entry(self):
        record, where = self.record, self.where
        amount = _amount(record, where)
        label = clean(record[48:79])
        code = record[32:34].strip().upper()
        return Entry(
            where=where,
            amount=amount,
            currency=record[16:19].strip() or self.currency,
            status="BOOK",
            booked_on=_day(record[34:40], where),
            value_on=_day(record[42:48], where, optional=True),
            bank_reference=self._first("REF", 35) or clean(record[104:120]),
            proprietary=code,
            text=label,
            details=(self._detail(amount, record),),
        )

    def _detail(self, amount, record):
        reason = record[40:42].strip()
        return Detail(
            amount=amount,
            end_to_end_id=_known(self._first("RCN", 35)),
            rum=_known(self._first("RUM", 35)),
            iban=compact(
                self._first("CPY", 34)
                if amount > 0 or self._returned()
                else self._first("CBE", 34)
            ),
            name=self._first("NPY")
            if amount > 0 or self._returned()
            else self._first("NBE"),
            ics=self._first("IBE", 35),
            remittance=self._free_text(),
            reference=clean(record[104:120]),
            reason=f"CFONB:{reason}" if reason else "",
            reason_text="",
            bank_reference=self._first("REF", 35),
            currency=record[16:19].strip() or self.currency,
            proprietary=record[32:34].strip().upper(),
        )

    def _returned(self):
        return self.record[32:34] in ("B3", "B4", "A5", "A6")

    def _first(self, qualifier, length=70):
        return clean(self.details.get(qualifier, [""])[0][:length])

    def _free_text(self):
        parts = [text for name in FREE_TEXT for text in self.details.get(name, [])]
        return clean(" ".join(part.strip() for part in parts))


def _account(record):
    """What tells accounts apart: bank, branch, currency, number."""
    return record[2:7], record[11:16], record[16:19].strip() or "EUR", record[21:32]


def _known(value):
    return "" if value.upper() == "NOTPROVIDED" else value


def _amount(record, where):
    """Signed amount of a record: + is money in, or a balance in credit."""
    text = record[90:104].strip()
    digits, last = text[:-1], text[-1:]
    decimals = record[19].strip() or "2"
    good = digits.isascii() and (digits.isdigit() or not digits) and decimals in "0123"
    if not good or (last not in POSITIVE and last not in NEGATIVE):
        raise BankFileError("amount", where, {"value": text})
    unit = POSITIVE.get(last, NEGATIVE.get(last))
    amount = Decimal(f"{digits}{unit}").scaleb(-int(decimals))
    return -amount if last in NEGATIVE else amount


def _day(text, where, optional=False):
    if optional and not text.strip(" 0"):
        return None
    try:
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        year = int(text[4:6])
        century = 1900 if year >= 90 else 2000
        return date(century + year, int(text[2:4]), int(text[:2]))
    except ValueError:
        raise BankFileError("date", where, {"value": text}) from None
