"""What collective proceedings make of a debtor's items: plain rules on plain values.

A claim is *prior* when what it pays for was delivered before the day of the judgment
(which counts from its first hour, C. com. art. R621-4); a credit note follows the
document that it corrects, whatever its own date.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)
PRIOR, LATER = "prior", "later"


@dataclass(frozen=True)
class Item:
    """An open item, or one that was open on the day of the judgment.

    Amounts in the currency of the item; negative for a credit.

    :param dated: date of its document.
    :param delivered: day of the delivery or service, where it is known.
    :param corrected: date of birth of the document that a credit note corrects.
    :param is_open: what it owes now.
    :param received_since: money matched with it since the day of the judgment.
    """

    key: int
    dated: date
    is_open: Decimal
    due: date | None = None
    delivered: date | None = None
    corrected: date | None = None
    received_since: Decimal = ZERO


@dataclass(frozen=True)
class Part:
    """An item on its side of the judgment.

    :param owed: what it owed on the day of the judgment, less what credit notes took
        off since; nothing for later items.
    :param to_come: prior, but due on the day of the judgment or after.
    :param paid_since: money received since for a claim that may not be paid
        (C. com. art. L622-7).
    """

    key: int
    side: str
    born: date
    owed: Decimal = ZERO
    to_come: bool = False
    paid_since: Decimal = ZERO


def birth(item):
    """Day on which a claim arose: delivery before the invoice, credit notes with what
    they correct."""
    if item.corrected:
        return item.corrected
    return min(item.dated, item.delivered or item.dated)


def split(items, judged):
    """Put items on both sides of the judgment.

    :param items: of :class:`Item`.
    :param date judged: day of the judgment that opens the proceedings.
    :return: list of :class:`Part`, in the order of the items.
    """
    return [_part(item, judged) for item in items]


def _part(item, judged):
    born = birth(item)
    if born >= judged:
        return Part(item.key, LATER, born)
    return Part(
        item.key,
        PRIOR,
        born,
        owed=item.is_open + item.received_since,
        to_come=bool(item.due and item.due >= judged),
        paid_since=item.received_since,
    )


def eve(judged):
    """Last day that bears interest (C. com. art. L622-28)."""
    return judged - timedelta(days=1)


@dataclass(frozen=True)
class Delay:
    """A legal delay in force for a while, for creditors of a place.

    :param place: ``metropole``, ``overseas``, ``abroad``; None: everywhere.
    :param first: opened on that day or later; None: always.
    :param last: opened until that day; None: still in force.
    """

    code: str
    count: int
    unit: str
    place: str | None = None
    first: date | None = None
    last: date | None = None


def pick(delays, code, place, opened):
    """The delay that applies to proceedings opened on a day: the place itself goes
    before « everywhere », the newest before the older.

    :return: a :class:`Delay`, or None.
    """
    fitting = [
        delay
        for delay in delays
        if delay.code == code
        and delay.place in (None, place)
        and (delay.first is None or delay.first <= opened)
        and (delay.last is None or opened <= delay.last)
    ]
    return max(
        fitting,
        key=lambda one: (one.place is not None, one.first or date.min),
        default=None,
    )


def rank_dividend(total, admitted):
    """Share of a payment that each claim gets: to the cent, in proportion to what was
    admitted, the rest to the largest remainders.

    :param Decimal total: received, at most the sum of what was admitted.
    :param dict admitted: ``{key: Decimal}``, none below zero.
    :return: ``{key: Decimal}`` that adds up to ``total``.
    """
    whole = sum(admitted.values(), ZERO)
    if not whole or not total:
        return dict.fromkeys(admitted, ZERO)
    cents = int((total * 100).to_integral_value())
    exact = {key: cents * amount / whole for key, amount in admitted.items()}
    given = {key: int(part) for key, part in exact.items()}
    left = cents - sum(given.values())
    order = sorted(exact, key=lambda key: (given[key] - exact[key], key))
    for key in order[:left]:
        given[key] += 1
    return {key: Decimal(part) / 100 for key, part in given.items()}
