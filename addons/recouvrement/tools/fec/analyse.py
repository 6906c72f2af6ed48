"""The whole way from files to open items, history and control report."""

from collections import Counter
from collections.abc import Callable

from .issues import FecError
from .matching import Link, match_items
from .model import Analysis, FecSource, Options
from .receivables import Ledger, collect
from .report import Outcome
from .result import build
from .years import TakenOver, Year, split_years, take_over

Progress = Callable[[int, int], None]


def analyse(
    files: list[FecSource],
    options: Options | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Read one or several years of FEC; the newest gives what is open.

    :param progress: called with (bytes read, bytes to read) over all files.
    :raises FecError: when a file cannot be used.
    """
    options = options or Options()
    if not files:
        raise FecError("no_files")
    ledgers = _read(files, options, progress or (lambda done, total: None))
    years = split_years(ledgers)
    links: list[Link] = []
    taken = TakenOver([])
    for year in years:
        taken = take_over([item for item in taken.items if item.left], year)
        links += match_items(taken.items)
    outcome = Outcome(
        ledgers=ledgers,
        items=taken.items,
        links=links,
        balances=_balances(years[-1], taken),
        as_of=options.as_of or max(one.end for one in years[-1].ledgers),
    )
    return build(outcome, options)


def _balances(year: Year, taken: TakenOver) -> Counter:
    """411 balance per customer as the lines of the year say, in cents."""
    balances = Counter(taken.moved)
    for item in year.items:
        balances[item.customer] += item.cents
    return balances


def _read(files: list[FecSource], options: Options, progress: Progress) -> list[Ledger]:
    sizes = [source.size() for source in files]
    total, before, ledgers = sum(sizes), 0, []
    for source, size in zip(files, sizes, strict=True):
        done = before
        ledgers.append(
            collect(source, options, lambda n, done=done: progress(done + n, total))
        )
        before += size
    return ledgers
