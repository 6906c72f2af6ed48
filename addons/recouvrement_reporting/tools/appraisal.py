"""What a one-page appraisal says of a customer: numbers checked, months, trends."""

from dataclasses import dataclass
from decimal import Decimal

from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret

ZERO = Decimal(0)
MISSING, VALID, WRONG = "missing", "valid", "wrong"
EU_SINGLE_LETTERS = {"GR": "EL"}
THOUSANDS_FROM = Decimal(10_000_000)
SAME_DAYS = Decimal(1)


@dataclass(frozen=True)
class Number:
    """An identification number and whether its check digits are right."""

    text: str
    state: str


def check_registry(text, country):
    """A SIREN or SIRET of a French company, another number as it is.

    :return: :class:`Number`; ``state`` is None for countries whose numbers are not
        checked here.
    """
    digits = "".join(sign for sign in text or "" if sign.isalnum())
    if not digits:
        return Number("", MISSING)
    if country != "FR":
        return Number(text.strip(), None)
    scheme = fr_siret if len(digits) > 9 else fr_siren
    if not scheme.is_valid(digits):
        return Number(text.strip(), WRONG)
    return Number(scheme.format(digits) if scheme is fr_siret else _by_3(digits), VALID)


def check_vat(text, country):
    """A VAT number of the European Union; see :func:`check_registry`."""
    number = "".join(sign for sign in text or "" if sign.isalnum()).upper()
    if not number:
        return Number("", MISSING)
    prefix = EU_SINGLE_LETTERS.get(country, country)
    if not number[:2].isalpha() and prefix:
        number = prefix + number
    if number[:2].lower() not in eu_vat.MEMBER_STATES:
        return Number(number, None)
    return Number(number, VALID if eu_vat.is_valid(number) else WRONG)


def do_numbers_agree(registry, vat):
    """Whether a French VAT number holds the SIREN; None when that cannot be told."""
    if registry.state != VALID or vat.state != VALID or vat.text[:2] != "FR":
        return None
    try:
        own = fr_siren.compact(registry.text)[:9]
    except ValidationError:
        return None
    return vat.text[4:] == own


def _by_3(digits):
    return " ".join(digits[n : n + 3] for n in range(0, len(digits), 3))


def average_days(paid, weighted):
    """Days after the due date, weighted by amount; None when nothing was paid."""
    return weighted / paid if paid > ZERO else None


def change_in_days(now, before):
    """``slower``, ``faster`` or ``same`` within a day; None when one is missing."""
    if now is None or before is None:
        return None
    if abs(now - before) <= SAME_DAYS:
        return "same"
    return "slower" if now > before else "faster"


def percent_change(now, before):
    """Change in points, whole; None when there was nothing before."""
    if before <= ZERO:
        return None
    return int(((now - before) * 100 / before).to_integral_value("ROUND_HALF_UP"))


def cut(text, size):
    """A text that takes no more room than ``size`` signs."""
    text = " ".join((text or "").split())
    return text if len(text) <= size else text[: size - 1].rstrip() + "…"


def unit_of(amounts):
    """1 or 1,000: amounts are shown in thousands when they would not fit a month."""
    largest = max((abs(amount) for amount in amounts), default=ZERO)
    return 1000 if largest >= THOUSANDS_FROM else 1


def bar_heights(amounts, height):
    """Heights in pixels of the bars of amounts; those below zero have none."""
    largest = max(amounts, default=ZERO)
    if largest <= ZERO:
        return [0 for _amount in amounts]
    return [
        max(int(amount * height / largest), 1) if amount > ZERO else 0
        for amount in amounts
    ]
