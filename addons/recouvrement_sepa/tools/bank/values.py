"""Amounts, dates and names as banks write them."""

import re
from datetime import date, datetime
from decimal import Decimal

from .model import BankFileError

ZERO = Decimal(0)
# ISO 20022 allows 18 digits, 5 of them after the point.
AMOUNT = re.compile(r"\+?(\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII)
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T+\-Z].*)?", re.ASCII)
DECIMALS = {"EUR": 2}
DECIMALS_MAX = 5
# Text that a hostile file could make endless.
TEXT_MAX = 2000


def read_amount(text, currency, where):
    """Amount of an XML message, never negative: the direction stands beside it.

    :raise BankFileError: ``amount`` when it is no number, ``decimals`` when it has a
        part of a cent (zeros after the cents are fine).
    """
    text = (text or "").strip()
    if not AMOUNT.fullmatch(text) or len(text) > 30:
        raise BankFileError("amount", where, {"value": text[:40]})
    amount = Decimal(text)
    fraction = text.partition(".")[2].rstrip("0")
    if len(fraction) > DECIMALS.get(currency, DECIMALS_MAX):
        raise BankFileError("decimals", where, {"value": text[:40]})
    return amount.quantize(Decimal(1).scaleb(-max(2, len(fraction))))


def read_day(text, where):
    """Day of an ISO date, or of a moment; None for nothing.

    :raise BankFileError: ``date``.
    """
    text = (text or "").strip()
    if not text:
        return None
    match = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups()))
    except (AttributeError, ValueError):
        raise BankFileError("date", where, {"value": text[:40]}) from None


def read_moment(text):
    """Moment a message was made; None when it is not readable: nothing hangs on it."""
    try:
        return datetime.fromisoformat((text or "").strip()[:19])
    except ValueError:
        return None


def clean(text):
    """One line of text: blanks joined, control characters gone, never endless."""
    if not text:
        return ""
    text = " ".join(text[: 4 * TEXT_MAX].split())
    return "".join(char for char in text if char.isprintable())[:TEXT_MAX]


def compact(text):
    """Account number or identifier without blanks, upper case."""
    return "".join((text or "")[:TEXT_MAX].split()).upper()


def french_iban(bank, branch, account):
    """IBAN of a French account given without its key; "" when it cannot be one.

    The national key is 97 - (89 bank + 15 branch + 3 account) mod 97, letters of the
    account read as digits; the keys of the IBAN follow ISO 13616 (mod 97-10).
    """
    if not re.fullmatch(r"\d{5}\d{5}[0-9A-Z]{11}", bank + branch + account, re.ASCII):
        return ""
    digits = "".join(map(_rib_digit, account))
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97
    bban = f"{bank}{branch}{account}{key:02}"
    number = int("".join(str(int(char, 36)) for char in bban + "FR00"))
    return f"FR{98 - number % 97:02}{bban}"


def _rib_digit(char):
    """A to I are 1 to 9, J to R are 1 to 9, S to Z are 2 to 9."""
    if char.isdigit():
        return char
    place = ord(char) - ord("A")
    return str(place % 9 + 1 if place < 18 else place - 18 + 2)
