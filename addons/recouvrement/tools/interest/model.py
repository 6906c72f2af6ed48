"""What the computation of interest reads and returns.

Money is Decimal in the currency of the claim, a day is a ``datetime.date``.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

PAYMENT = "payment"
CREDIT = "credit"
INTEREST = "interest"


class Movement(NamedTuple):
    """What reduces a claim (amount above zero) or restores it (below zero).

    The interest of ``day`` itself still runs on what was owed before: the day of the
    payment counts (R2192-32 of the public procurement code; practice of L441-10).

    ``kind``: a ``payment`` goes where the terms say (C. civ. art. 1343-1); a ``credit``
    (credit note, discount) lowers the principal only; ``interest`` is a payment of
    interest only.
    """

    day: date
    amount: Decimal
    kind: str = PAYMENT


class Pause(NamedTuple):
    """Days without interest, ``first`` and ``last`` included; no last: for ever.

    Grace granted by a judge (C. civ. art. 1343-5), opening of insolvency (C. com. art.
    L622-28), over-indebtedness of a consumer (C. conso. art. L722-14), or agreed.
    """

    first: date
    last: date | None = None
    reason: str = ""


class Claim(NamedTuple):
    """A sum owed, when it fell due, and what happened to it since.

    :ivar principal: amount owed on the due date before ``movements``, tax included;
        a claim of zero or less bears nothing
    :ivar due: due date; interest runs from the day after (C. com. art. L441-10 II)
    :ivar begin: first day of interest if it is another one, such as the day after a
        formal notice (C. civ. art. 1231-6 and 1344-1); never before ``due``
    :ivar digits: decimals of the currency; amounts with more are rounded half up
    """

    principal: Decimal
    due: date
    movements: tuple[Movement, ...] = ()
    begin: date | None = None
    pauses: tuple[Pause, ...] = ()
    digits: int = 2


class Segment(NamedTuple):
    """Days in a row with one rate and one base.

    :ivar first: first day
    :ivar last: last day, included
    :ivar days: number of days, both included
    :ivar rate: percent a year; zero in a pause
    :ivar base: amount that bears the interest
    :ivar amount: interest of these days; amounts sum exactly to the total
    :ivar reason: ``half_year`` (rate of each half-year), ``frozen`` (rate of the
        half-year in which interest began), ``fixed``, ``pause``
    :ivar label: the half-year of the rate (``2026-S1``), or the reason of the pause
    :ivar year_days: 365, or 366 for days of a leap year on the basis ``actual``
    """

    first: date
    last: date
    days: int
    rate: Decimal
    base: Decimal
    amount: Decimal
    reason: str
    label: str = ""
    year_days: int = 365


class Accrual(NamedTuple):
    """Interest of the days asked for, and where the claim stands on the last one.

    :ivar segments: the days asked for, in order; days when nothing is owed are left out
    :ivar total: interest earned in those days, paid or not
    :ivar balance: principal left after the movements up to ``until`` (below zero when
        overpaid)
    :ivar interest_paid: part of all movements up to ``until`` that paid interest
    :ivar capitalised: unpaid interest that itself bears interest (C. civ. art. 1343-2)
    """

    segments: tuple[Segment, ...]
    total: Decimal
    balance: Decimal
    interest_paid: Decimal = Decimal(0)
    capitalised: Decimal = Decimal(0)
