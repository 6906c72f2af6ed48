"""Which of our debits a bank speaks of: EndToEndId, then mandate and amount, then
account, amount and date, then a person. Never a guess.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .returns import document_family, in_window

CURRENCY = "EUR"
# What banks write when there was no reference.
NO_REFERENCE = {"", "NOTPROVIDED", "NOTPROVIDE", "NONREF", "NOREF"}


@dataclass(frozen=True)
class Debit:
    """One of our collection lines, as far as a bank can name it."""

    id: int
    end_to_end_id: str
    rum: str
    iban: str
    amount: Decimal
    date: date
    scheme: str = "CORE"
    open: bool = True


@dataclass(frozen=True)
class Match:
    """``line``: the debit, or None; ``how``: the way it was found, or why it was not.

    ``candidates`` are the debits that a person may choose from.
    """

    line: int | None
    how: str
    candidates: tuple = ()
    difference: Decimal = Decimal(0)


def clean_reference(text):
    """A reference as it is compared; empty when the bank had none.

    >>> clean_reference(" notprovided ")
    ''
    """
    reference = (text or "").strip()
    return "" if reference.upper().replace(" ", "") in NO_REFERENCE else reference


def clean_rum(text):
    """Banks change the case of a mandate reference and drop its blanks."""
    return "".join((text or "").split()).upper()


def clean_iban(text):
    return "".join((text or "").split()).upper()


def same_creditor(one, other):
    """Whether two creditor identifiers name one creditor: the activity code (characters
    5 to 7) is free.

    >>> same_creditor("FR72ZZZ123456", "FR72ABC123456")
    True
    """
    return (one[:4], one[7:]) == (other[:4], other[7:])


class Debits:
    """The debits of one company, by all that a bank may name them with."""

    def __init__(self, debits):
        self.by_reference, self.by_rum, self.by_iban = {}, {}, {}
        groups = (
            (self.by_reference, lambda debit: clean_reference(debit.end_to_end_id)),
            (self.by_rum, lambda debit: clean_rum(debit.rum)),
            (self.by_iban, lambda debit: clean_iban(debit.iban)),
        )
        for index, key in groups:
            found = defaultdict(list)
            for debit in debits:
                found[key(debit)].append(debit)
            index.update(found)

    def find(self, event, creditors=()):
        """The debit that an event is about.

        :param event: ``tools.bank.model.Event`` of level ``transaction``.
        :param creditors: our creditor identifiers; one of somebody else is not ours.
        :return: ``Match`` with ``how`` one of ``end_to_end_id``, ``rum``, ``iban``; or,
            without a line, ``not_ours``, ``currency``, ``amount`` (found, but another
            amount), ``several``, ``nothing``.
        """
        if event.ics and creditors:
            ours = any(same_creditor(event.ics, own) for own in creditors)
            if not ours:
                return Match(None, "not_ours")
        if event.currency and event.currency != CURRENCY:
            return Match(None, "currency")
        reference = clean_reference(event.end_to_end_id)
        named = self.by_reference.get(reference, []) if reference else []
        if named:
            return self._choose(event, named, "end_to_end_id")
        for how, found in (
            ("rum", self._of(self.by_rum, clean_rum(event.rum))),
            ("iban", self._of(self.by_iban, clean_iban(event.iban))),
        ):
            match = self._narrow(event, found, how)
            if match:
                return match
        return Match(None, "nothing")

    @staticmethod
    def _of(index, key):
        return index.get(key, []) if key else []

    @staticmethod
    def _choose(event, found, how):
        """One debit has the reference: its amount must agree, ± the bank's charges."""
        ids = tuple(sorted(debit.id for debit in found))
        if len(found) > 1:
            return Match(None, "several", ids)
        [debit] = found
        if not amount_agrees(event, debit.amount):
            return Match(None, "amount", ids, event.amount - debit.amount)
        return Match(debit.id, how, ids)

    @staticmethod
    def _narrow(event, found, how):
        """Without our reference, amount and date decide; two that fit: a person.

        One that names no amount fits all of them: nobody chooses for it.
        """
        near = [
            debit
            for debit in found
            if in_window(debit.date, event.date, event.kind, event.reason, debit.scheme)
        ]
        if event.amount is None or (how == "iban" and event.date is None):
            ids = tuple(sorted(debit.id for debit in near))
            return Match(None, "several", ids) if ids else None
        fitting = [debit for debit in near if amount_agrees(event, debit.amount)]
        ids = tuple(sorted(debit.id for debit in fitting))
        if len(fitting) == 1:
            return Match(fitting[0].id, how, ids)
        if fitting:
            return Match(None, "several", ids)
        return None


def amount_agrees(event, amount):
    """Whether the bank's amount is that of a debit, with or without its charges.

    >>> from types import SimpleNamespace as Event
    >>> amount_agrees(Event(amount=Decimal("53"), charges=Decimal("3")), Decimal("50"))
    True
    """
    if event.amount is None:
        return True
    return event.amount in (amount, amount + (event.charges or 0))


def same_event(one, other, days=10):
    """Whether two messages about a debit that nobody knows tell of the same failure.

    Two of one message are two failures; so are two statements that book it on
    different days.

    :param one: has the fields of an ``Event``, as has the other.
    """
    if one.message_id == other.message_id and document_family(
        one.document
    ) == document_family(other.document):
        return False
    names = ("end_to_end_id", "rum", "iban")
    cleaned = [
        (clean_reference(e.end_to_end_id), clean_rum(e.rum), clean_iban(e.iban))
        for e in (one, other)
    ]
    shared = [
        name
        for name, left, right in zip(names, *cleaned, strict=True)
        if left and right and left == right
    ]
    apart = [
        name
        for name, left, right in zip(names, *cleaned, strict=True)
        if left and right and left != right
    ]
    if not shared or apart or "iban" in shared and len(shared) == 1 and not one.date:
        return False
    return _same_money(one, other) and _near(one, other, days)


class Unknown:
    """Messages about debits that nobody knows, each with the return it belongs to."""

    def __init__(self):
        self._by_name = defaultdict(list)

    @staticmethod
    def _names(event):
        return [
            name
            for name in (
                ("reference", clean_reference(event.end_to_end_id)),
                ("rum", clean_rum(event.rum)),
                ("iban", clean_iban(event.iban)),
            )
            if name[1]
        ]

    def add(self, event, target):
        for name in self._names(event):
            self._by_name[name].append((event, target))

    def find(self, event):
        """What another message of the same failure belongs to, or None."""
        for name in self._names(event):
            for other, target in self._by_name[name]:
                if same_event(other, event):
                    return target
        return None


def _same_money(one, other):
    if one.amount is None or other.amount is None:
        return True
    return bool(
        {one.amount, one.amount - (one.charges or 0)}
        & {other.amount, other.amount - (other.charges or 0)}
    )


def _near(one, other, days):
    if one.date is None or other.date is None:
        return True
    if one.booked and other.booked:
        return one.date == other.date
    return abs((one.date - other.date).days) <= days
