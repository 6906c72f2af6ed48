"""Numbers of a company that do not hold, or do not agree: SIREN, SIRET, VAT number.

No Odoo and no network: keys only. Whether a number is that of the company is for the
register of companies to say.
"""

import re
from dataclasses import dataclass

from stdnum.eu import vat as eu_vat
from stdnum.fr import siren, siret, tva

# Where companies have a SIREN and, if any, a VAT number that begins with FR.
FRENCH = frozenset("FR GP MQ GF RE YT BL MF PM".split())
# Prefixes of VAT numbers that are not the code of the country.
PREFIXES = {"EL": "GR", "XI": "GB"}
# Companies of Monaco have French VAT numbers that carry no SIREN.
NO_SIREN = "000"


@dataclass(frozen=True)
class Finding:
    """One number that is wrong or missing.

    :ivar proposal: what to put into the field, when it is certain; else empty.
    """

    kind: str
    field: str
    value: str = ""
    proposal: str = ""


def tidy(number):
    """A number without what people put between its characters, in capitals."""
    return re.sub(r"[^0-9A-Za-z]", "", number or "").upper()


def read_siren(registry):
    """The SIREN that a SIREN or SIRET carries, empty when its key is wrong."""
    number = tidy(registry)
    if len(number) == 9:
        return number if siren.is_valid(number) else ""
    return number[:9] if siret.is_valid(number) else ""


def read_vat_siren(vat):
    """The SIREN that a French VAT number carries, if any."""
    number = tidy(vat)
    if not number.startswith("FR") or not tva.is_valid(number):
        return ""
    return "" if number[4:7] == NO_SIREN else number[4:]


def get_key(registry, vat, country):
    """What two entries of one customer share: its SIREN, else its VAT number."""
    found = read_siren(registry) if _is_french(country) else ""
    number = tidy(vat)
    return found or read_vat_siren(vat) or (number if len(number) > 4 else "")


def check_numbers(registry, vat, country):
    """What is wrong with the numbers of a company, at most once per kind.

    :param str country: ISO code, empty when it is not known.
    """
    findings = [
        _check_registry(registry, vat, country),
        _check_vat(registry, vat),
        _check_agreement(registry, vat, country),
        _check_country(registry, vat, country),
    ]
    return [finding for finding in findings if finding]


def _is_french(country):
    return not country or country in FRENCH


def _check_registry(registry, vat, country):
    if not _is_french(country):
        return None
    if not tidy(registry):
        proposal = read_vat_siren(vat)
        if not proposal:
            return None
        return Finding("registry_missing", "company_registry", "", proposal)
    # Without a country, a number of another length may be that of another register.
    if read_siren(registry) or (not country and len(tidy(registry)) not in (9, 14)):
        return None
    return Finding("registry_wrong", "company_registry", registry)


def _check_vat(registry, vat):
    number = tidy(vat)
    prefix = number[:2].lower()
    if prefix not in eu_vat.MEMBER_STATES or eu_vat.is_valid(number):
        return None
    own = read_siren(registry)
    certain = prefix == "fr" and own and number[4:] == own
    proposal = f"FR{siren.to_tva(own)}" if certain else ""
    return Finding("vat_wrong", "vat", vat, proposal)


def _check_agreement(registry, vat, country):
    own, told = read_siren(registry), read_vat_siren(vat)
    if not _is_french(country) or not own or not told or own == told:
        return None
    return Finding("vat_of_another", "vat", vat)


def _check_country(registry, vat, country):
    """A French VAT number of a foreign company is usual; the other way round is not."""
    if not country:
        known = read_siren(registry) or read_vat_siren(vat)
        return Finding("country_missing", "country_id") if known else None
    prefix = tidy(vat)[:2]
    if prefix == "FR" or prefix.lower() not in eu_vat.MEMBER_STATES:
        return None
    if PREFIXES.get(prefix, prefix) == country or not eu_vat.is_valid(tidy(vat)):
        return None
    return Finding("vat_country", "vat", vat)
