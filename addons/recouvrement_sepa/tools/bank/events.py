"""What a bank's file says about OUR direct debits.

Ours are those that we sent as creditor: in a statement the account is debited
(direction DBIT) under the family of issued direct debits (IDDT, CFONB B3/B4 and, for
our own reversals, A5/A6). A reason beside an entry is not enough: transfers that come
back carry one too, and received direct debits (RDDT, CFONB A3, A4, B1, B2, B5, B6)
belong to someone else.
"""

import re

from .model import Event, Skipped
from .pain002 import REJECTED, is_accepted
from .values import ZERO

FRENCH_CODE = re.compile(r"([AB][1-6])(?:/.*)?", re.ASCII)
OUR_RETURNS = ("B3", "B4")
OUR_REVERSALS = ("A5", "A6")
OUR_COLLECTIONS = ("A1", "A2")
FAMILIES = ("IDDT", "RDDT", "ICDT", "RCDT")
COLLECTIONS = ("ESDD", "BBDD", "PMDD", "FADD", "XBDD")
REFUNDS = ("MD06",)
SUCCESS = "0000"


def events(document):
    """Events of a document, and what was passed over, in the order of the file.

    :return: iterator of :class:`Event` and :class:`Skipped`.
    :raise BankFileError: when the document turns out to be unreadable.
    """
    for statement in document.statements:
        for entry in statement.entries:
            yield from entry_events(document, statement, entry)
    for status in document.statuses:
        yield status_event(document, status)


def status_event(document, status):
    """Event of one status of a pain.002: rejected before anything was booked."""
    why = _passed_over(status)
    if why:
        return Skipped(status.where, why)
    return Event(
        kind="reject" if status.status == REJECTED else "unknown",
        level=status.level,
        booked=False,
        date=status.reported,
        amount=status.amount,
        currency=status.currency or "EUR",
        end_to_end_id=status.end_to_end_id,
        instruction_id=status.instruction_id,
        rum=status.rum,
        iban=status.iban,
        debtor_name=status.debtor_name,
        ics=status.ics,
        reason=status.reason,
        reason_text=status.reason_text,
        charges=status.charges,
        message_id=status.message_id,
        payment_info_id=status.payment_info_id,
        bank_reference=status.bank_reference,
        document=document.version,
        where=status.where,
        collected=status.collected,
    )


def _passed_over(status):
    name = status.original_name.lower()
    if name == "ebics" and status.message_id.upper() == "EBICS":
        return "hac"
    if name and not name.startswith("pain.008"):
        return "other_message"
    if status.reason == SUCCESS or is_accepted(status.status):
        return "positive"
    if not status.status and not status.reason:
        return "no_status"
    return ""


def entry_events(document, statement, entry):
    """Events of one entry: one per transaction, or one for an entry without any."""
    if document.kind == "camt.052":
        yield Skipped(entry.where, "intraday")
    elif entry.status != "BOOK":
        yield Skipped(entry.where, "pending")
    elif not entry.details:
        yield _event(document, statement, entry, None, entry.where)
    else:
        several = len(entry.details) > 1
        for number, detail in enumerate(entry.details, 1):
            where = f"{entry.where}, detail {number}" if several else entry.where
            yield _event(document, statement, entry, detail, where)


def _event(document, statement, entry, detail, where):
    kind = classify(entry, detail)
    if kind not in ("return", "refund", "reversal", "unknown"):
        return Skipped(where, kind)
    batch = entry.batch
    amount, charges = _money(entry, detail)
    common = {
        "kind": kind,
        "level": "transaction",
        "booked": True,
        "date": entry.booked_on or statement.date_end,
        "amount": amount,
        "charges": charges,
        "message_id": batch.message_id if batch else "",
        "payment_info_id": batch.payment_info_id if batch else "",
        "bank_reference": entry.bank_reference,
        "account_iban": statement.account_iban,
        "document": document.version,
        "where": where,
        "currency": entry.currency,
    }
    return Event(**{**common, **_of_detail(detail)})


def _of_detail(detail):
    if detail is None:
        return {}
    values = {
        "end_to_end_id": detail.end_to_end_id,
        "instruction_id": detail.instruction_id,
        "rum": detail.rum,
        "iban": detail.iban,
        "debtor_name": detail.name,
        "ics": detail.ics,
        "reason": detail.reason,
        "reason_text": detail.reason_text,
    }
    given = ("message_id", "payment_info_id", "bank_reference", "currency")
    values.update(
        {name: getattr(detail, name) for name in given if getattr(detail, name)}
    )
    return values


def _money(entry, detail):
    """Amount of the debit and the bank's charges, both positive.

    An entry of 53.00 for a debit of 50.00 that came back holds 3.00 of charges, whether
    the bank writes them or only repeats the amount that we had asked for.
    """
    debit = abs(detail.amount if detail else entry.amount)
    sole = detail is None or len(entry.details) == 1
    booked = abs(entry.amount) if sole else debit
    charges = (detail.charges if detail else ZERO) or (entry.charges if sole else ZERO)
    if detail and detail.currency == entry.currency:
        asked = debit if detail.instructed is None else detail.instructed
        debit = asked if ZERO < asked <= booked else debit
        charges = charges or max(booked - debit, ZERO)
    return debit, charges


def classify(entry, detail=None):
    """Kind of event, or the word that tells why it is none."""
    family, sub_family, french = _codes(entry, detail)
    amount = detail.amount if detail else entry.amount
    if french and family not in FAMILIES:
        return _classify_french(french, amount)
    if family == "IDDT":
        return _classify_issued(entry, detail, sub_family, amount)
    if family == "RDDT":
        reversed_ = sub_family in ("PRDD", "UPDD") and entry.reversal
        if amount < 0 and reversed_:
            return _kind(sub_family, detail)
        return "we_are_debtor"
    if family:
        return "no_direct_debit"
    if amount < 0 and detail and detail.rum and detail.reason:
        return _kind("UPDD", detail)
    return "no_direct_debit"


def _codes(entry, detail):
    source = detail if detail and (detail.family or detail.proprietary) else entry
    match = FRENCH_CODE.fullmatch(source.proprietary or entry.proprietary)
    family = source.family or entry.family
    sub_family = source.sub_family or entry.sub_family
    return family, sub_family, match.group(1) if match else ""


def _classify_french(code, amount):
    if code in OUR_RETURNS:
        return "return" if amount < 0 else "direction"
    if code in OUR_REVERSALS:
        return "reversal" if amount < 0 else "direction"
    return "collection" if code in OUR_COLLECTIONS else "we_are_debtor"


def _classify_issued(entry, detail, sub_family, amount):
    if amount >= 0:
        return "collection" if sub_family in COLLECTIONS else "direction"
    if sub_family in ("UPDD", "PRDD", "RCDD"):
        return _kind(sub_family, detail)
    returned = entry.reversal or (detail and detail.reason)
    return _kind("UPDD", detail) if returned else "unknown"


def _kind(sub_family, detail):
    """Return or refund by the reason; ISO 20022 keeps PRDD for the creditor's own
    reversal, banks use it for refunds too: then they give a reason."""
    reason = detail.reason if detail else ""
    if reason in REFUNDS:
        return "refund"
    if sub_family == "RCDD":
        return "reversal"
    if sub_family == "PRDD":
        return "refund" if reason else "reversal"
    return "return"


def is_collection(entry):
    """Whether an entry is our direct debits that were paid: money in."""
    return entry.amount > 0 and classify(entry) == "collection"
