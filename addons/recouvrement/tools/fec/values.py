"""Amounts and dates as real packages write them.

The law (LPF art. A47 A-1, XII) wants dates YYYYMMDD, a decimal comma, no thousands
separator, and allows the sign first or last. What departs from it without being
ambiguous is read, and reported through ``note(code, value)``.
"""

import contextlib
import datetime
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from .issues import RowRefused

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MAX_INTEGER_DIGITS = 15
FIRST_YEAR, LAST_YEAR = 1900, 2199

Note = Callable[[str, str], None]

_BY_THE_BOOK = re.compile(r"\d+(?:,\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"(\d*)(?:[.,](\d*))?(?:[eE]([+-]?\d{1,2}))?", re.ASCII)
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<group>[ '\u2019.,])\d{3})(?:(?P=group)\d{3})*)"
    r"(?:(?P<mark>[.,])(?P<part>\d*))?",
    re.ASCII,
)
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ].*)?", re.ASCII)
_FORMS = (
    (_PACKED, (1, 2, 3)),
    (re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII), (1, 3, 4)),
    (re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ].*)?", re.ASCII), (4, 3, 1)),
    (re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII), (3, 2, 1)),
)
_BLANK_DATES = frozenset({"", "0", "00000000", "0000-00-00", "00/00/0000"})

_SIDES = {"D": 1, "C": -1, "+1": 1, "-1": -1, "1": 1, "+": 1, "-": -1}


def to_cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def to_amount(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2) if cents else ZERO


def clean(text: str) -> str:
    """Strip padding, including the no-break spaces some packages pad with."""
    return text.translate(_SPACES).strip()


def _ignore(code: str, value: str):
    """Default of ``note``: say nothing."""


def parse_amount(text: str, field: str = "", note: Note = _ignore) -> Decimal:
    """Return the amount to the cent; blank is zero.

    :raises RowRefused: ``bad_amount`` or ``ambiguous_amount``.
    """
    if _BY_THE_BOOK.fullmatch(text) and len(text) <= MAX_INTEGER_DIGITS:
        return Decimal(text.replace(",", ".")).quantize(CENT)
    raw = clean(text)
    body, sign = _split_sign(raw)
    if not body:
        if sign:
            note("amount_format", raw)
        return ZERO
    if _AMBIGUOUS.fullmatch(body):
        raise RowRefused("ambiguous_amount", field=field, value=_short(raw))
    number = _plain_number(body, raw, note)
    if number is None:
        raise RowRefused("bad_amount", field=field, value=_short(raw))
    exact = number * sign if sign else number
    rounded = exact.quantize(CENT, ROUND_HALF_UP)
    if rounded != exact:
        note("amount_precision", raw)
    return rounded + ZERO


def _split_sign(raw: str) -> tuple[str, int]:
    """Take one sign off either end; ``0`` when there is none."""
    for body, mark in ((raw[1:], raw[:1]), (raw[:-1], raw[-1:])):
        if mark and mark in "+-":
            return body.strip(), 1 if mark == "+" else -1
    return raw, 0


def _plain_number(body: str, raw: str, note: Note) -> Decimal | None:
    match = _NUMBER.fullmatch(body)
    if match and (match[1] or match[2]):
        whole, part, exponent = match[1] or "0", match[2] or "0", match[3] or "0"
        if "." in body or match[3]:
            note("amount_format", raw)
    else:
        match = _GROUPED.fullmatch(body)
        if not match or match["mark"] == match["group"]:
            return None
        whole = "".join(filter(str.isdigit, match["whole"]))
        part, exponent = match["part"] or "0", "0"
        note("amount_format", raw)
    number = Decimal(f"{whole}.{part}E{exponent}")
    too_big = len(whole) > 60 or len(part) > 60 or number.adjusted() > 14
    return None if too_big and number else number


def parse_side(text: str) -> int:
    """Return 1 for debit, -1 for credit (LPF art. A47 A-1, X).

    :raises RowRefused: ``bad_side``.
    """
    side = _SIDES.get(clean(text).upper())
    if side is None:
        raise RowRefused("bad_side", value=_short(text))
    return side


def parse_date(
    text: str, field: str = "", note: Note = _ignore
) -> datetime.date | None:
    """Return a date, or None when blank (``00000000`` included).

    :raises RowRefused: ``bad_date``.
    """
    raw = clean(text)
    if raw in _BLANK_DATES:
        return None
    day = next(_dates(raw), None)
    if day is None:
        raise RowRefused("bad_date", field=field, value=_short(raw))
    if raw != f"{day:%Y%m%d}":
        note("date_format", raw)
    return day


def _dates(raw: str) -> Iterator[datetime.date]:
    """Yield every valid reading; packed forms exclude each other by the year."""
    for pattern, order in _FORMS:
        match = pattern.fullmatch(raw)
        if not match:
            continue
        year, month, day = (int(match[group]) for group in order)
        if FIRST_YEAR <= year <= LAST_YEAR:
            with contextlib.suppress(ValueError):
                yield datetime.date(year, month, day)


def _short(text: str, limit: int = 40) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
