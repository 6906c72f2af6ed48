"""What one company of the group claims from another, against what the other owes it.

Documents are matched one to one, by reference then by amount, and what is left is
explained by what the other side knows of the document.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

SHORTEST = 3  # characters of a reference that says something
MOST_DAYS = timedelta(days=45)  # between two documents of the same amount

# What a document that is not open is on its side.
SETTLED, DRAFT, LATER = "settled", "draft", "later"

MATCHED = "matched"
EXCHANGE = "exchange"
AGREED = (MATCHED, EXCHANGE)
KINDS = (
    MATCHED,
    EXCHANGE,
    "amount",
    "currency",
    "in_transit",
    "not_received",
    "not_booked",
    "draft",
    "later",
    "not_issued",
    "unknown",
    "unallocated",
)


@dataclass(frozen=True)
class Document:
    """One document of one side.

    :ivar key: the same on every reading.
    :ivar references: as ``normalize`` writes them.
    :ivar amount: open, in its currency; negative for what reduces the debt.
    :ivar total: of the document, in its currency.
    :ivar home: open, in the currency of its company.
    :ivar is_document: an invoice or a credit note, no payment or other entry.
    """

    key: str
    references: frozenset
    date: date
    currency: int
    amount: Decimal
    total: Decimal
    home: Decimal
    is_document: bool = True


@dataclass(frozen=True)
class Row:
    """Two documents that are the same, or one that has no other."""

    kind: str
    ours: Document | None = None
    theirs: Document | None = None

    @property
    def key(self):
        return (self.ours or self.theirs).key

    @property
    def differences(self):
        """``{currency: claimed less owed}``; two when the currencies differ."""
        amounts = defaultdict(Decimal)
        if self.ours:
            amounts[self.ours.currency] += self.ours.amount
        if self.theirs:
            amounts[self.theirs.currency] -= self.theirs.amount
        return dict(amounts)


@dataclass
class _Side:
    """Documents not matched yet, in the order of their dates."""

    documents: list
    used: set = field(default_factory=set)

    def left(self):
        return [one for one in self.documents if one.key not in self.used]


def normalize(text):
    """A reference by its letters and digits; nothing when it is too short."""
    signs = "".join(c for c in text or "" if c.isascii() and c.isalnum()).upper()
    return signs if len(signs) >= SHORTEST else ""


def reconcile(ours, theirs, known_ours=None, known_theirs=None, same_home=True):
    """Match the documents of both sides and explain the others.

    :param list ours: documents that the creditor has open; ``theirs``: the debtor.
    :param dict known_ours: reference -> state of a document of the creditor that is
        not open; ``known_theirs``: of the debtor.
    :param bool same_home: whether both companies keep their books in one currency.
    :return: rows in the order of their dates.
    """
    left, right = _Side(_in_order(ours)), _Side(_in_order(theirs))
    pairs = _pair_by_reference(left, right, lambda a, b: _same_amount(a, b))
    pairs += _pair_by_reference(left, right, lambda a, b: a.currency == b.currency)
    pairs += _pair_by_reference(left, right, lambda a, b: True)
    pairs += _pair_by_amount(left, right)
    rows = [Row(_explain_pair(a, b, same_home), a, b) for a, b in pairs]
    rows += [
        Row(_explain_ours(one, known_theirs or {}), ours=one) for one in left.left()
    ]
    rows += [
        Row(_explain_theirs(one, known_ours or {}), theirs=one) for one in right.left()
    ]
    return sorted(rows, key=lambda row: ((row.ours or row.theirs).date, row.key))


def _in_order(documents):
    return sorted(documents, key=lambda one: (one.date, one.key))


def _same_amount(ours, theirs):
    return ours.currency == theirs.currency and ours.amount == theirs.amount


def _pair_by_reference(left, right, fits):
    """Documents that bear a common reference, each in one pair."""
    by_reference = defaultdict(list)
    for one in right.left():
        for reference in one.references:
            by_reference[reference].append(one)
    pairs = []
    for one in left.left():
        candidates = {
            other.key: other
            for reference in one.references
            for other in by_reference[reference]
            if other.key not in right.used
            and other.is_document == one.is_document
            and (other.amount > 0) == (one.amount > 0)
            and fits(one, other)
        }
        if candidates:
            _take(left, right, pairs, one, _nearest(one, candidates.values()))
    return pairs


def _pair_by_amount(left, right):
    """Of what is left, the same amount near the same day."""
    by_amount = defaultdict(list)
    for one in right.left():
        by_amount[one.currency, one.amount].append(one)
    pairs = []
    for one in left.left():
        candidates = [
            other
            for other in by_amount[one.currency, one.amount]
            if other.key not in right.used and abs(other.date - one.date) <= MOST_DAYS
        ]
        if candidates:
            _take(left, right, pairs, one, _nearest(one, candidates))
    return pairs


def _nearest(one, candidates):
    return min(candidates, key=lambda c: (abs(c.date - one.date), c.date, c.key))


def _take(left, right, pairs, one, other):
    left.used.add(one.key)
    right.used.add(other.key)
    pairs.append((one, other))


def _explain_pair(ours, theirs, same_home):
    if ours.currency != theirs.currency:
        return "currency"
    if ours.amount == theirs.amount:
        return EXCHANGE if same_home and ours.home != theirs.home else MATCHED
    if ours.total != theirs.total:
        return "amount"
    # The same document, settled further on one side than on the other.
    further = abs(ours.amount) > abs(theirs.amount)
    return "in_transit" if further else "not_received"


def _explain_ours(document, known):
    if not document.is_document:
        return "unallocated"
    states = {known[one] for one in document.references if one in known}
    for state, kind in ((SETTLED, "in_transit"), (DRAFT, "draft"), (LATER, "later")):
        if state in states:
            return kind
    return "not_booked"


def _explain_theirs(document, known):
    if not document.is_document:
        return "unallocated"
    states = {known[one] for one in document.references if one in known}
    if SETTLED in states:
        return "not_received"
    return "not_issued" if states else "unknown"
