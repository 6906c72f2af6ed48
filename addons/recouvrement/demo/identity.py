"""Identifiers of fictitious customers: every check digit is right, no series is one
that a registry gives out."""

from collections.abc import Callable

from schwifty import IBAN
from stdnum import luhn
from stdnum.be import vat as be_vat
from stdnum.ch import uid as ch_uid
from stdnum.de import vat as de_vat
from stdnum.es import cif as es_cif
from stdnum.eu import vat as eu_vat
from stdnum.fr import siren as fr_siren
from stdnum.gb import vat as gb_vat
from stdnum.lu import tva as lu_tva
from stdnum.nl import btw as nl_btw

PUBLIC_SERIES, PRIVATE_SERIES = 29990000, 99900000

# Numbers that the regulators keep for fiction, by first digit of the French number.
FRENCH_PHONES = {
    "1": "+33 1 99 00",
    "2": "+33 2 61 91",
    "3": "+33 3 53 01",
    "4": "+33 4 65 71",
    "5": "+33 5 36 49",
    "6": "+33 6 39 98",
}
SOUTH_WEST = ("09", "12", "16", "17", "19", "23", "24", "31", "32", "33", "40", "46")
SOUTH_EAST = ("01", "06", "13", "26", "30", "34", "38", "42", "63", "69", "73", "74")
NORTH_EAST = ("02", "10", "21", "25", "51", "54", "57", "59", "62", "67", "68", "71")
PARIS = ("75", "77", "78", "91", "92", "93", "94", "95")


def siren(number, public=False):
    """French company number (9 digits) of the given serial number."""
    body = str((PUBLIC_SERIES if public else PRIVATE_SERIES) + number)
    return body + luhn.calc_check_digit(body)


def siret(siren_number, establishment=1):
    """Number of an establishment (14 digits) of a French company."""
    body = f"{siren_number}{establishment:04d}"
    return body + luhn.calc_check_digit(body)


def french_vat(siren_number):
    """French VAT number with its key."""
    return "FR" + fr_siren.to_tva(siren_number)


def _first_valid(is_valid: Callable, template: str, start: int, tries: int = 2000):
    """First number of a series that a checker accepts.

    :raise ValueError: when the series holds none, which would be a fault here.
    """
    for number in range(start, start + tries):
        candidate = template.format(number)
        if is_valid(candidate):
            return candidate
    raise ValueError(f"no valid number like {template}")


FOREIGN_VAT = {
    "BE": (be_vat.is_valid, "BE{:010d}", 990000000),
    "NL": (lambda vat: nl_btw.is_valid(vat), "NL{:09d}B01", 990000000),
    "DE": (de_vat.is_valid, "DE{:09d}", 399000000),
    "CH": (ch_uid.is_valid, "CHE{:09d}", 499000000),
    "GB": (gb_vat.is_valid, "GB{:09d}", 999000000),
    "ES": (lambda vat: es_cif.is_valid(vat[2:]), "ESB{:08d}", 99900000),
    "LU": (lu_tva.is_valid, "LU{:08d}", 99900000),
}


def foreign_vat(country, number):
    """VAT number of a company outside France, or False for an unknown country."""
    if country not in FOREIGN_VAT:
        return False
    is_valid, template, start = FOREIGN_VAT[country]
    vat = _first_valid(is_valid, template, start + number * 100)
    return f"{vat[:3]}-{vat[3:6]}.{vat[6:9]}.{vat[9:]} TVA" if country == "CH" else vat


def is_valid_vat(vat):
    """Whether a VAT number of the demonstration has right check digits."""
    country = vat[:2]
    if country == "CH":
        return ch_uid.is_valid(vat.removesuffix(" TVA"))
    return gb_vat.is_valid(vat) if country == "GB" else eu_vat.is_valid(vat)


IBAN_PARTS = {
    "FR": {"bank_code": "99999", "branch_code": "00{:03d}"},
    "BE": {"bank_code": "999"},
    "NL": {"bank_code": "XXXX"},
    "DE": {"bank_code": "99999999"},
    "CH": {"bank_code": "99999"},
    "GB": {"bank_code": "XXXX", "branch_code": "999{:03d}"},
    "ES": {"bank_code": "9999", "branch_code": "0{:03d}"},
    "LU": {"bank_code": "999"},
}
ACCOUNT_LENGTH = {
    "FR": 11,
    "BE": 7,
    "NL": 10,
    "DE": 10,
    "CH": 12,
    "GB": 8,
    "ES": 10,
    "LU": 13,
}


def iban(country, number):
    """IBAN of a bank that does not exist, with its international and national keys."""
    parts = {
        name: code.format(number % 1000) for name, code in IBAN_PARTS[country].items()
    }
    account = str(4000 + number).zfill(ACCOUNT_LENGTH[country])
    return str(IBAN.generate(country, account_code=account, **parts))


def phone(country, zip_code, number):
    """Telephone number that never rings."""
    digits = f"{number % 10000:04d}"
    if country == "FR":
        prefix = FRENCH_PHONES[_french_area(zip_code)]
        return f"{prefix} {digits[:2]} {digits[2:]}"
    prefixes = {
        "BE": "+32 2 555 ",
        "NL": "+31 20 555 ",
        "DE": "+49 30 231 25 ",
        "CH": "+41 22 555 ",
        "GB": "+44 20 7946 ",
        "ES": "+34 910 55 ",
        "LU": "+352 2755 ",
    }
    return prefixes[country] + digits


def _french_area(zip_code):
    for area, departments in (
        ("1", PARIS),
        ("3", NORTH_EAST),
        ("4", SOUTH_EAST),
        ("5", SOUTH_WEST),
    ):
        if zip_code[:2] in departments:
            return area
    return "2"
