"""Put credits on debits, from what is certain to what is only proposed.

1. the same lettering code of the same customer (a code alone means nothing), oldest
   first; 2. the same PieceRef; 3. a credit and the latest earlier debit of the same
amount; 4. oldest first. Every link carries its step. All steps together always run
until a customer has only debits or only credits left, so the total left open does
not depend on their order; ages do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .model import Step
from .receivables import Item

STEP_WEIGHTS = {
    Step.LETTERING: Decimal("1"),
    Step.PIECE: Decimal("0.9"),
    Step.AMOUNT: Decimal("0.6"),
    Step.OLDEST: Decimal("0.2"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """``cents`` of a credit put on a debit."""

    debit: Item
    credit: Item
    cents: int
    step: Step


def match_items(items: Iterable[Item]) -> list[Link]:
    """Match the items of any number of customers; change their ``left``."""
    customers: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.left:
            customers[item.customer].append(item)
    return [link for group in customers.values() for link in _match_customer(group)]


def _match_customer(items: list[Item]) -> Iterator[Link]:
    items.sort(key=lambda item: item.order)
    yield from _by_lettering(items)
    _flag_settled_later(items)
    yield from _opening_payments(items)
    free = [item for item in items if item.left and not item.settled_later]
    yield from _by_key(free, _piece_key, Step.PIECE)
    yield from _by_amount(free)
    yield from _oldest_first(free, Step.OLDEST)
    yield from _oldest_first(items, Step.OLDEST)


def _by_lettering(items: list[Item]) -> Iterator[Link]:
    """Inside a code of one year; across years only when the code then balances.

    The same code may return the next year for something else.
    """
    yield from _by_key(
        items,
        lambda item: item.lettering and (item.year, item.lettering),
        Step.LETTERING,
    )
    for group in _groups(items, lambda item: item.lettering):
        if sum(item.left for item in group) == 0:
            yield from _oldest_first(group, Step.LETTERING)


def _flag_settled_later(items: list[Item]):
    """Flag the lettered debits whose group holds no credit: paid after the file.

    The lettering of an export is that of the day it was made, months after closing.
    Only the newest year can say so: the payment of an older one is in the next file.
    """
    newest = max(item.year for item in items)
    lettered = [item for item in items if item.lettering and item.year == newest]
    credited = {item.lettering for item in lettered if item.cents < 0}
    for item in items:
        item.settled_later = False
    for item in lettered:
        item.settled_later = item.lettering not in credited


def _opening_payments(items: list[Item]) -> Iterator[Link]:
    """Credits lettered with invoices of before the file pay the opening total."""
    openings = [
        item
        for item in items
        if item.is_opening and not item.age_certain and not item.lettering
    ]
    credits = [item for item in items if item.lettering and item.left < 0]
    if openings and credits:
        yield from _oldest_first(openings + credits, Step.OLDEST)


def _piece_key(item: Item) -> str:
    """No key for openings that bear one reference for all of them."""
    return item.ref if item.age_certain else ""


def _by_key(items: list[Item], key: Callable, step: Step) -> Iterator[Link]:
    for group in _groups(items, key):
        yield from _oldest_first(group, step)


def _groups(items: list[Item], key: Callable) -> Iterable[list[Item]]:
    """Items with something left, by the keys that are not blank."""
    groups: dict = defaultdict(list)
    for item in items:
        if item.left and (value := key(item)):
            groups[value].append(item)
    return groups.values()


def _by_amount(items: list[Item]) -> Iterator[Link]:
    """In the order of the days, each credit takes the latest debit of its amount."""
    waiting: dict[int, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (one.date, one.left < 0, one.order)):
        if item.left > 0:
            waiting[item.left].append(item)
        elif item.left < 0 and waiting.get(-item.left):
            yield _link(waiting[-item.left].pop(), item, Step.AMOUNT)


def _oldest_first(items: list[Item], step: Step) -> Iterator[Link]:
    """``items`` are in order of age."""
    debits = (item for item in items if item.left > 0)
    debit = next(debits, None)
    for credit in items:
        while credit.left < 0 and debit:
            if debit.left:
                yield _link(debit, credit, step)
            if not debit.left:
                debit = next(debits, None)


def _link(debit: Item, credit: Item, step: Step) -> Link:
    cents = min(debit.left, -credit.left)
    debit.left -= cents
    credit.left += cents
    return Link(debit, credit, cents, step)
