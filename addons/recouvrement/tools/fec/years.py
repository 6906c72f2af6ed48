"""Several files together: never counted twice, and older ones give the details.

The newest file is the truth on what is open. Older ones give the history of payments
and, where its openings lost them, the invoices behind a total.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .model import CustomerKey
from .openings import Shape
from .receivables import Item, Ledger
from .values import to_amount


@dataclass(slots=True)
class Year:
    """Files that are read as one: an opening and what continues it."""

    ledgers: list[Ledger]
    follows: bool = False

    @property
    def items(self) -> list[Item]:
        return [item for ledger in self.ledgers for item in ledger.items]

    @property
    def start(self) -> date:
        return self.ledgers[0].fiscal_start


def split_years(ledgers: Iterable[Ledger]) -> list[Year]:
    """Order the files and cut them into years, oldest first.

    A file without any opening entry continues the one before: a part of a large
    file, or a year whose openings are not posted yet. Lines of an older year dated
    in a newer one are dropped, and so is a file read twice.
    """
    years: list[Year] = []
    for ledger in sorted(_distinct(ledgers), key=lambda one: (one.end, one.start)):
        if years and not ledger.has_opening:
            _continue(years[-1], ledger)
        else:
            years.append(Year([ledger], follows=bool(years)))
    for number, year in enumerate(years):
        for item in year.items:
            item.year = number
    for position in range(len(years) - 1):
        start = min(year.start for year in years[position + 1 :])
        _drop_overlap(years[position], start)
    return [year for year in years if _is_used(year, years[-1])]


def _is_used(year: Year, newest: Year) -> bool:
    return year is newest or any(one.role != "ignored" for one in year.ledgers)


def _distinct(ledgers: Iterable[Ledger]) -> list[Ledger]:
    kept: dict[str, Ledger] = {}
    for ledger in ledgers:
        first = kept.setdefault(ledger.reader.container.digest, ledger)
        if first is not ledger:
            ledger.note("duplicate_file", other=first.name)
            ledger.role = "ignored"
            ledger.items.clear()
    return list(kept.values())


def _identity(item: Item) -> tuple:
    return (
        item.customer,
        item.date,
        item.journal,
        item.number,
        item.ref,
        item.label,
        item.cents,
    )


def _continue(year: Year, ledger: Ledger):
    """Add a file without opening, unless it is mostly a copy of another one."""
    known = Counter(_identity(item) for one in year.ledgers for item in one.items)
    own = Counter(_identity(item) for item in ledger.items)
    common = (known & own).total()
    if common and common * 2 > min(known.total(), own.total()):
        older = year.ledgers
        start = min(item.date for item in ledger.items)
        for one in older:
            _drop_lines(one, start)
        if any(one.items or one.has_opening for one in older):
            ledger.note("no_opening", previous=older[-1].name)
    else:
        ledger.note("no_opening", previous=year.ledgers[-1].name)
    year.ledgers.append(ledger)


def _drop_overlap(year: Year, start: date):
    for ledger in year.ledgers:
        ledger.role = "history"
        if ledger.end >= start > ledger.fiscal_start:
            _drop_lines(ledger, start)
        if ledger.fiscal_start >= start:
            if ledger.items:
                count = len(ledger.items)
                ledger.note("overlap", count=count, start=ledger.fiscal_start)
            ledger.role = "ignored"
            ledger.items.clear()


def _drop_lines(ledger: Ledger, start: date):
    """Forget the lines from a day on: a newer file has them."""
    dropped = [
        item for item in ledger.items if item.date >= start and not item.is_opening
    ]
    if dropped:
        ledger.note("overlap", dropped[0].line_no, count=len(dropped), start=start)
        gone = set(map(id, dropped))
        ledger.items[:] = [item for item in ledger.items if id(item) not in gone]


@dataclass(slots=True)
class TakenOver:
    """Items of a year with what it carries on.

    :param moved: cents moved between customers, when one line stood for all.
    """

    items: list[Item]
    moved: Counter = field(default_factory=Counter)


def take_over(carried: list[Item], year: Year) -> TakenOver:
    """Items of a year, its undated opening lines replaced by those they sum up.

    The items left open by the year before come in only where their total is that of
    the opening lines they replace, so a balance never changes.
    """
    items = year.items
    ledger = year.ledgers[0]
    openings = _by_customer(item for item in items if item.is_opening)
    if ledger.shape is Shape.GLOBAL:
        return _spread_global(openings, carried, items, ledger)
    if not carried and not year.follows:
        return TakenOver(items)
    replaced = _replaced(openings, _by_customer(carried), ledger)
    if replaced:
        ledger.note("opening_replaced", count=len(replaced))
    gone = {id(item) for key in replaced for item in openings.get(key, [])}
    kept = [item for item in items if id(item) not in gone]
    return TakenOver([item for one in replaced.values() for item in one] + kept)


def _replaced(openings, previous, ledger: Ledger) -> dict[CustomerKey, list[Item]]:
    """Customers whose opening lines give way to the items they sum up."""
    replaced = {}
    for key in sorted(openings.keys() | previous.keys()):
        opening, before = openings.get(key, []), previous.get(key, [])
        if _sum(opening) != _sum(before):
            _note_difference(ledger, key, opening, before)
        elif not all(item.age_certain for item in opening):
            replaced[key] = before
    return replaced


def _spread_global(openings, carried, items, ledger: Ledger) -> TakenOver:
    """Replace one line for all, unless other entries already spread it."""
    ((key, (line,)),) = openings.items()
    spread = any(item.customer == key and item is not line for item in items)
    if spread or line.left != _sum(carried):
        return TakenOver(items)
    ledger.note("opening_replaced", line.line_no, count=len(_by_customer(carried)))
    moved = Counter({key: -line.left})
    for item in carried:
        moved[item.customer] += item.left
    return TakenOver(carried + [item for item in items if item is not line], moved)


def _note_difference(ledger: Ledger, key: CustomerKey, opening, before):
    ledger.note(
        "opening_differs",
        opening[0].line_no if opening else None,
        customer=" ".join(filter(None, key)),
        opening=to_amount(_sum(opening)),
        previous=to_amount(_sum(before)),
    )


def _by_customer(items: Iterable[Item]) -> dict[CustomerKey, list[Item]]:
    groups: dict[CustomerKey, list[Item]] = defaultdict(list)
    for item in items:
        groups[item.customer].append(item)
    return dict(groups)


def _sum(items: Iterable[Item]) -> int:
    return sum(item.left for item in items)
