"""Identifiers of the SEPA schemes: creditors (ICS), mandates (RUM), messages.

No Odoo and no network. Sources: EPC Core and B2B implementation guidelines (character
set, slashes), Banque de France (13 characters for a French ICS).
"""

import re

from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

ID_MAX = 35
# Countries and territories of the SEPA schemes, by their ISO code.
SEPA_COUNTRIES = frozenset(
    "AD AL AT BE BG BL CH CY CZ DE DK EE ES FI FR GB GF GG GI GP GR HR HU IE IM IS IT "
    "JE LI LT LU LV MC MD ME MF MK MQ MT NL NO PL PM PT RE RO RS SE SI SK SM VA "
    "YT".split()
)

EPC_ID = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}")
OWN_RUM = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,33}[A-Z0-9])?")
ICS = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")
FRENCH_ICS = re.compile(r"FR[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{6}")


class IdentifierError(ValueError):
    """The text is no such identifier.

    :ivar reason: ``empty``, ``length``, ``characters``, ``slash``, ``country``,
        ``structure`` or ``key``
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def read_ics(text):
    """A creditor identifier in capitals, without spaces.

    The check digits cover the country and the national number, not the three
    characters of the activity; ``stdnum`` looks at them alone, so that the country,
    the length and the structure are checked here.

    :raise IdentifierError: on anything else.
    """
    ics = "".join((text or "").split()).upper()
    if not ics:
        raise IdentifierError("empty")
    if len(ics) > ID_MAX:
        raise IdentifierError("length")
    if not ics.isascii() or not ics.isalnum():
        raise IdentifierError("characters")
    if ics[:2] not in SEPA_COUNTRIES:
        raise IdentifierError("country")
    if not ICS.fullmatch(ics):
        raise IdentifierError("structure")
    if ics[:2] == "FR" and not FRENCH_ICS.fullmatch(ics):
        raise IdentifierError("structure")
    try:
        return at_02.validate(ics)
    except ValidationError as error:
        raise IdentifierError("key") from error


def read_rum(text):
    """A mandate reference as any creditor may have given it, in the set of the EPC.

    :raise IdentifierError: on anything else.
    """
    return check_id(text)


def is_own_rum(text):
    """Whether a reference is one that we give: capitals, digits and hyphens."""
    return bool(OWN_RUM.fullmatch(text or ""))


def rum_key(text):
    """What banks compare of a reference: they drop spaces and case."""
    return "".join((text or "").split()).upper()


def check_id(text):
    """An identifier of a message, a payment or a mandate.

    At most 35 characters of the SEPA set; no slash first or last, never two in a row.

    :raise IdentifierError: on anything else.
    """
    value = (text or "").strip()
    if not value:
        raise IdentifierError("empty")
    if len(value) > ID_MAX:
        raise IdentifierError("length")
    if not EPC_ID.fullmatch(value):
        raise IdentifierError("characters")
    if value.startswith("/") or value.endswith("/") or "//" in value:
        raise IdentifierError("slash")
    return value
