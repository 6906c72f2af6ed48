"""A street as messages want it: its name apart from the number of the building."""

import re

BEFORE = re.compile(
    r"(?P<number>\d{1,5}(?:\s?[-/]\s?\d{1,5})?(?:\s?(?:bis|ter|quater|[A-Za-z])\b)?)"
    r"[\s,]+(?P<street>\D.*)",
    re.IGNORECASE,
)
AFTER = re.compile(
    r"(?P<street>\D*\D)[\s,]+(?P<number>\d{1,5}(?:\s?[-/]\s?\d{1,5})?\s?[A-Za-z]?)",
    re.IGNORECASE,
)
NUMBER_AFTER = frozenset(
    "AT BE CH CZ DE DK EE ES FI HU IT LI LT LV NL NO PL SE".split()
)


def split_street(text, country="FR"):
    """Street and number of the building.

    :param str text: first line of an address.
    :param str country: code; says on which side the number is written.
    :return: ``(street, number)``; ``("", "")`` when they cannot be told apart, because
        a guess is worse than none.
    """
    text = " ".join((text or "").split())
    pattern = AFTER if country in NUMBER_AFTER else BEFORE
    found = pattern.fullmatch(text)
    if not found:
        return "", ""
    return found["street"].strip(" ,"), found["number"].strip()
