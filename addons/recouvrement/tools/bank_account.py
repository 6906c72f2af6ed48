"""Bank details that a customer gives: read and checked, and what calls for care.

No network and no database: the check digits and national keys come from ``schwifty``.
"""

import unicodedata
from dataclasses import dataclass

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

PHONE_DIGITS = 9  # what a national and an international writing share
SHORTEST_PHONE = 8


# What is wrong, by the names of ``schwifty``; anything else is ``structure``.
REASONS = {
    "InvalidLength": "length",
    "InvalidCountryCode": "country",
    "InvalidChecksumDigits": "key",
    "InvalidBBANChecksum": "national_key",
}


class BankAccountError(ValueError):
    """The text is no IBAN.

    :ivar reason: ``length``, ``country``, ``key``, ``national_key`` or ``structure``
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BankAccount:
    """A valid account.

    :param iban: compact, in capitals.
    :param country: ISO code of two letters.
    :param bic: BIC of the bank as the national register gives it, or "".
    :param bank: name of the bank in the same register, or "".
    """

    iban: str
    country: str
    bic: str = ""
    bank: str = ""

    @property
    def formatted(self):
        """In groups of four characters."""
        return " ".join(self.iban[i : i + 4] for i in range(0, len(self.iban), 4))


def read_iban(text):
    """The account of an IBAN, check digits and national key verified.

    :raise BankAccountError: on anything else.
    """
    try:
        iban = IBAN("".join((text or "").split()), validate_bban=True)
    except SchwiftyException as error:
        reason = REASONS.get(type(error).__name__, "structure")
        raise BankAccountError(reason) from error
    return BankAccount(
        iban=iban.compact,
        country=iban.country_code,
        bic=str(iban.bic or ""),
        bank=iban.bank_name or "",
    )


def same_bank(one, other):
    """Whether two IBANs are accounts of one bank, by its national code."""
    try:
        first, second = IBAN(one), IBAN(other)
    except SchwiftyException:
        return False
    return bool(first.bank_code) and (first.country_code, first.bank_code) == (
        second.country_code,
        second.bank_code,
    )


def phone_key(number):
    """What two writings of one phone number share; "" when it is too short to be
    one: ``+33 4 72 00 00 00`` and ``04 72 00 00 00`` have the same."""
    digits = "".join(char for char in number or "" if char in "0123456789")
    return digits[-PHONE_DIGITS:] if len(digits) >= SHORTEST_PHONE else ""


def email_domain(address):
    """Domain of an e-mail address in small letters, or ""."""
    _name, at, domain = (address or "").rpartition("@")
    return domain.strip(" >").lower() if at else ""


def name_key(name):
    """Letters and digits of a name without accents or case, to compare holders."""
    plain = unicodedata.normalize("NFKD", name or "")
    return "".join(char for char in plain.casefold() if char.isalnum())


def same_holder(holder, customer):
    """Whether the holder of an account bears the customer's name, or a part of it."""
    one, other = name_key(holder), name_key(customer)
    return bool(one and other) and (one in other or other in one)
