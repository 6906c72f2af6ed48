"""Texts of SEPA messages: the Latin letters that every bank takes.

The conversions follow the practice of EPC217-08: letters lose their accents, common
signs become the nearest allowed one. What has no equivalent becomes a full stop and is
reported, as is a text that had to be cut.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

ALLOWED = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
KEPT = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ "
)
FILLER = "."
CACHE = 16_384  # towns and names come again
SIGNS_KEPT = 4_096  # whose conversion is remembered
SPACES = re.compile(r"\s+")
NUMBER_SIGN = re.compile(r"(?<=\b[nN])[°º]")
SIGNS = {
    "&": "+",
    "@": "(at)",
    "_": "-",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "#": "no ",
    "%": "pct",
    "*": ".",
    "=": "-",
    "~": "-",
    "^": ".",
    "|": "/",
    "\\": "/",
    "{": "(",
    "}": ")",
    "[": "(",
    "]": ")",
    "<": "(",
    ">": ")",
    "«": "'",
    "»": "'",
    '"': "'",
    "“": "'",
    "”": "'",
    "„": "'",
    "‘": "'",
    "’": "'",
    "‚": "'",
    "`": "'",
    "´": "'",
    "′": "'",
    ";": ",",
    "!": ".",
    "¡": ".",
    "¿": "?",
    "…": "...",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "·": ".",
    "•": "-",
    "×": "x",
    "÷": ":",
    "⁄": "/",
    "°": "o",
    "º": "o",
    "ª": "a",
    "№": "No",
    "§": "S",
    "©": "(c)",
    "®": "(r)",
    "™": "(tm)",
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "TH",
    "ł": "l",
    "Ł": "L",
    "ħ": "h",
    "Ħ": "H",
    "ı": "i",
    "ŋ": "n",
    "Ŋ": "N",
}
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y y e yu ya "
        "e i i e g".split(),
        strict=True,
    )
)
LETTERS = GREEK | CYRILLIC


class Conversion(NamedTuple):
    """A text that a bank takes.

    :ivar text: in the SEPA character set.
    :ivar changed: a character was replaced.
    :ivar cut: the text was longer than the field.
    :ivar lost: the characters that had no equivalent, in order, each once.
    """

    text: str
    changed: bool = False
    cut: bool = False
    lost: str = ""


def is_sepa(text):
    """Whether every character may stand in a SEPA message."""
    return ALLOWED.fullmatch(text) is not None


@lru_cache(maxsize=CACHE)
def to_sepa(text, length):
    """A text in the SEPA character set, not longer than its field.

    :param str text: any text; None counts as "".
    :param int length: of the field, in characters.
    :return: :class:`Conversion`; nothing is lost without being reported.
    """
    plain = (text or "").strip()
    if len(plain) <= length and is_sepa(plain) and "  " not in plain:
        return Conversion(plain)
    tidy = SPACES.sub(" ", unicodedata.normalize("NFC", plain))
    signs = NUMBER_SIGN.sub("o", tidy)
    converted = signs.translate(TABLE)
    lost = ""
    if FILLER in converted:
        lost = "".join(sign for sign in dict.fromkeys(signs) if _convert(sign)[1])
    converted = SPACES.sub(" ", converted).strip()
    return Conversion(
        converted[:length].rstrip(), converted != tidy, len(converted) > length, lost
    )


class _Table(dict):
    """What each sign becomes, worked out when it is met for the first time."""

    def __missing__(self, code):
        text, _lost = _convert(chr(code))
        if len(self) < SIGNS_KEPT:
            self[code] = text
        return text


TABLE = _Table()


def _convert(sign):
    """What a sign becomes, and whether something is lost."""
    if sign in KEPT:
        return sign, False
    if sign in SIGNS:
        return SIGNS[sign], False
    base = "".join(
        part
        for part in unicodedata.normalize("NFKD", sign)
        if not unicodedata.combining(part)
    )
    if base == "" or unicodedata.category(sign) in ("Cc", "Cf"):
        return "", False
    found = "".join(_letter(part) for part in base)
    return found, FILLER in found and FILLER not in base


def _letter(sign):
    if sign in KEPT:
        return sign
    if sign in SIGNS:
        return SIGNS[sign]
    small = LETTERS.get(sign.lower())
    if small is None:
        return FILLER
    return small.capitalize() if sign.isupper() else small
