"""The control report: what is shown before anything is loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .issues import FecIssue
from .matching import Link
from .model import (
    BUCKETS,
    Customer,
    FecReport,
    FileReport,
    Match,
    OpenItem,
    Side,
    Step,
)
from .openings import Shape
from .receivables import Account, Item, Ledger
from .values import ZERO, to_amount

_LIMITS = ((0, "not_due"), (30, "1_30"), (60, "31_60"), (90, "61_90"), (180, "91_180"))
_PASSING_WORDS = ("divers", "passage", "comptoir", "particulier")
_SEPARATOR_NAMES = {"\t": "tab"}


@dataclass(slots=True)
class Outcome:
    """Everything matched, before it is put into words.

    :param items: of the newest year, with what was carried into it.
    :param links: of all years.
    :param balances: 411 balance of the newest year per customer, in cents, as
        summed from its lines.
    """

    ledgers: list[Ledger]
    items: list[Item]
    links: list[Link]
    balances: dict[tuple[str, str], int]
    as_of: date


def bucket_of(item: OpenItem, as_of: date) -> str:
    """Age of an open debit; never ``over_180`` on a date that is only a bound."""
    if item.due_date is None:
        return "unknown"
    days = (as_of - item.due_date).days
    for limit, name in _LIMITS:
        if days <= limit:
            return name
    return "over_180" if item.age_certain else "unknown"


def is_collective(key: tuple[str, str], customers: int) -> bool:
    """One plain 411 account for everybody, without subsidiary accounts."""
    account, aux = key
    return not aux and customers == 1 and not account[3:].strip("0")


def is_passing(account: Account) -> bool:
    name = account.name.casefold()
    return any(word in name for word in _PASSING_WORDS)


def control_report(
    outcome: Outcome,
    customers: list[Customer],
    open_items: list[OpenItem],
    matches: list[Match],
) -> FecReport:
    ledgers = outcome.ledgers
    debits = [item for item in open_items if item.amount > 0]
    later = [item.amount for item in debits if item.settled_later]
    refused = [issue for one in ledgers for issue in one.reader.refused]
    doubtful = [issue for one in ledgers for issue in one.issues]
    doubtful += _customer_issues(outcome, debits)
    return FecReport(
        files=tuple(_file_report(one, outcome) for one in ledgers),
        journals=tuple(line for one in ledgers for line in one.journal_reports()),
        as_of=outcome.as_of,
        lines=sum(one.reader.lines for one in ledgers),
        refused=tuple(refused),
        doubtful=tuple(doubtful),
        balance_411=to_amount(sum(outcome.balances.values())),
        customers=len(customers),
        debit=_side(one.balance for one in customers if one.balance > 0),
        credit=_side(one.balance for one in customers if one.balance < 0),
        open_items=len(debits),
        open_credits=len(open_items) - len(debits),
        settled_later=_side(later),
        aged=_aged(debits, outcome.as_of),
        matched_by=_matched_by(matches),
    )


def _side(amounts: Iterable[Decimal]) -> Side:
    amounts = list(amounts)
    return Side(len(amounts), sum(amounts, ZERO))


def _aged(debits: list[OpenItem], as_of: date) -> dict[str, Decimal]:
    aged = dict.fromkeys(BUCKETS, ZERO)
    for item in debits:
        aged[bucket_of(item, as_of)] += item.amount
    return aged


def _matched_by(matches: list[Match]) -> dict[str, Decimal]:
    matched = {step.value: ZERO for step in Step}
    for match in matches:
        matched[match.step.value] += match.amount
    return matched


def _customer_issues(outcome: Outcome, debits: list[OpenItem]) -> list[FecIssue]:
    issues = [
        FecIssue(
            "settled_later",
            {
                "customer": " ".join(filter(None, one.customer_key)),
                "amount": one.amount,
            },
            one.file,
            one.line_no,
        )
        for one in debits
        if one.settled_later
    ]
    for ledger in outcome.ledgers:
        for key, account in ledger.accounts.items():
            if is_collective(key, len(ledger.accounts)):
                code, params = "no_customer", {"account": key[0]}
            elif is_passing(account):
                code, params = "passing_customers", {"customer": account.name}
            else:
                continue
            issues.append(FecIssue(code, params, ledger.name, account.line_no))
    return issues


def _file_report(ledger: Ledger, outcome: Outcome) -> FileReport:
    separator = ledger.reader.separator
    return FileReport(
        name=ledger.name,
        role=ledger.role,
        encoding=ledger.reader.container.encoding,
        separator=_SEPARATOR_NAMES.get(separator, separator),
        start=ledger.start,
        end=ledger.end,
        lines=ledger.reader.lines,
        refused=len(ledger.reader.refused),
        lines_411=ledger.lines_411,
        opening_411=ledger.opening_411,
        opening_shape=Shape(ledger.shape).value,
        lettered_411=ledger.lettered_411,
        groups=ledger.groups,
        groups_unbalanced=ledger.groups_unbalanced,
    )
