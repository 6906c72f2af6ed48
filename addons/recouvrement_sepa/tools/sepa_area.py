"""Countries of the SEPA schemes and what their accounts need in a direct debit.

Source: EPC409-09 (list of SEPA scheme countries). An account outside the European
Economic Area needs the BIC of its bank and the debtor's address.
"""

import re
from functools import lru_cache

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from .identifiers import SEPA_COUNTRIES

EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO "
    "SE SI SK".split()
)
FRENCH = re.compile(r"FR\d{12}[A-Z0-9]{11}\d{2}")
RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
RIB_PRIME = 97
FRENCH_TAIL = 152700  # FR as digits, before the check digits
CACHE = 65_536


def is_eea(iban):
    """Whether an account is held in the European Economic Area."""
    return iban[:2] in EEA


@lru_cache(maxsize=CACHE)
def iban_fault(iban):
    """What is wrong with a compact IBAN for a SEPA debit.

    French accounts, the bulk of them, are reckoned here; the others by ``schwifty``.

    :return: ``invalid``, ``national_key``, ``not_sepa`` or "".
    """
    if FRENCH.fullmatch(iban):
        return _french_fault(iban)
    try:
        IBAN(iban, validate_bban=True)
    except SchwiftyException as error:
        national = type(error).__name__ == "InvalidBBANChecksum"
        return "national_key" if national else "invalid"
    return "" if iban == iban.upper() and iban[:2] in SEPA_COUNTRIES else "not_sepa"


def _french_fault(iban):
    if iban[4:].isdigit():
        return _plain_french_fault(int(iban[4:]), int(iban[2:4]), int(iban[25:]))
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    if int(digits) % RIB_PRIME != 1:
        return "invalid"
    bank, office, account, key = iban[4:9], iban[9:14], iban[14:25], iban[25:]
    account = account.translate(RIB_LETTERS)
    rest = (89 * int(bank) + 15 * int(office) + 3 * int(account)) % RIB_PRIME
    return "" if int(key) == RIB_PRIME - rest else "national_key"


def _plain_french_fault(number, check, key):
    """An account of digits alone: the weights of bank, office and account are powers
    of ten modulo 97, so that the whole number with its key is a multiple."""
    if (number * 1_000_000 + FRENCH_TAIL + check) % RIB_PRIME != 1:
        return "invalid"
    good = number % RIB_PRIME == 0 and 0 < key <= RIB_PRIME
    return "" if good else "national_key"
