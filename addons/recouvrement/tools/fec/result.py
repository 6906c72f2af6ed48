"""From matched items to the values handed out, and the proof that nothing is lost."""

import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta

from .issues import FecInternalError
from .matching import STEP_WEIGHTS
from .model import (
    Analysis,
    Customer,
    Kind,
    Match,
    OpenItem,
    Options,
    PaidItem,
    Step,
)
from .receivables import Account, Item
from .report import Outcome, control_report, is_collective, is_passing
from .values import to_amount

_PAYING = (Kind.PAYMENT, Kind.OTHER)
_STEP_RANK = {step: rank for rank, step in enumerate(Step)}


def build(outcome: Outcome, options: Options) -> Analysis:
    """:raises FecInternalError: when open items do not sum up to the accounts."""
    prove(outcome)
    freeze = _Freezer(options)
    open_items = [freeze(item) for item in outcome.items if item.left]
    matches = [
        Match(
            freeze(link.debit),
            freeze(link.credit),
            to_amount(link.cents),
            link.credit.date,
            link.step,
        )
        for link in outcome.links
    ]
    customers = _customers(outcome)
    history = _history(matches, options)
    report = control_report(outcome, customers, open_items, matches)
    return Analysis(customers, open_items, matches, history, report)


def prove(outcome: Outcome):
    """Open debits - open credits = 411 balance, per customer and in total.

    :raises FecInternalError: a defect of the program.
    """
    left: Counter = Counter()
    for item in outcome.items:
        left[item.customer] += item.left
    for key in left.keys() | outcome.balances.keys():
        if left[key] != outcome.balances.get(key, 0):
            raise FecInternalError(
                f"open items of {key}: {left[key]}, accounts:"
                f" {outcome.balances.get(key, 0)} (cents)"
            )


class _Freezer:
    """One ``OpenItem`` per line, made once."""

    def __init__(self, options: Options):
        self._options = options
        self._done: dict[int, OpenItem] = {}
        self._twins: Counter = Counter()

    def __call__(self, item: Item) -> OpenItem:
        frozen = self._done.get(id(item))
        if frozen is None:
            frozen = self._done[id(item)] = self._freeze(item)
        return frozen

    def _freeze(self, item: Item) -> OpenItem:
        original = to_amount(item.cents)
        untouched = item.left == item.cents
        return OpenItem(
            uid=self._uid(item),
            customer_key=item.customer,
            date=item.date,
            piece_date=item.piece_date if item.age_known else None,
            due_date=self._due_date(item),
            ref=item.ref,
            label=item.label,
            amount=original if untouched else to_amount(item.left),
            original_amount=original,
            kind=item.kind,
            journal=item.journal,
            lettering=item.lettering,
            currency_amount=item.currency_amount,
            currency=item.currency,
            file=item.file,
            line_no=item.line_no,
            age_certain=item.age_certain,
            settled_later=item.settled_later and item.left > 0,
            chaseable=item.left > 0 and not (item.settled_later or item.unnamed),
        )

    def _due_date(self, item: Item) -> date | None:
        if not item.age_known:
            return None
        if item.cents < 0:
            return item.date
        options = self._options
        days = options.customer_terms.get(item.customer, options.terms_days)
        return (item.piece_date or item.date) + timedelta(days=days)

    def _uid(self, item: Item) -> str:
        """Of the content, with a rank among lines that are the same in all."""
        content = (
            *item.customer,
            item.date.isoformat(),
            str(item.piece_date or ""),
            item.journal,
            item.number,
            item.ref,
            item.label,
            str(item.cents),
        )
        uid = _digest("\x1f".join(content))
        self._twins[uid] += 1
        rank = self._twins[uid]
        return uid if rank == 1 else _digest(f"{uid}\x1f{rank}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def _customers(outcome: Outcome) -> list[Customer]:
    accounts: dict[tuple[str, str], Account] = {}
    lines: Counter = Counter()
    for ledger in sorted(outcome.ledgers, key=lambda one: one.end):
        if ledger.role != "ignored":
            accounts.update(ledger.accounts)
            lines.update({key: one.lines for key, one in ledger.accounts.items()})
    return [
        Customer(
            key,
            account.name or " ".join(filter(None, key)),
            to_amount(outcome.balances.get(key, 0)),
            lines[key],
            chaseable=not (is_collective(key, len(accounts)) or is_passing(account)),
        )
        for key, account in sorted(accounts.items())
    ]


def _history(matches: list[Match], options: Options) -> list[PaidItem]:
    """Sales paid in full, with the days from PieceDate to the last payment.

    Opening lines count when they kept the date of the invoice: without them only
    the quick payers of the year would show. A credit taken over by the opening has
    lost the day it was paid.
    """
    by_debit: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if _is_sale(match.debit):
            by_debit[match.debit.uid].append(match)
    paid = (_paid(group, options) for group in by_debit.values())
    return [item for item in paid if item]


def _is_sale(item: OpenItem) -> bool:
    if item.amount or item.piece_date is None:
        return False
    opening = item.kind is Kind.OPENING and item.age_certain
    return opening or item.kind is Kind.INVOICE


def _paid(matches: list[Match], options: Options) -> PaidItem | None:
    payments = [one for one in matches if one.credit.kind in _PAYING]
    step = max((one.step for one in matches), key=_STEP_RANK.get)
    lost = any(one.credit.kind is Kind.OPENING for one in matches)
    if lost or not payments or step not in options.history_steps:
        return None
    item, day = matches[0].debit, max(one.date for one in payments)
    return PaidItem(
        item,
        tuple(matches),
        day,
        (day - item.piece_date).days,
        step,
        STEP_WEIGHTS[step],
    )
