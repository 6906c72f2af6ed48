"""What a bank's notices say about one of our debits, and what follows: facts in,
verdict out.

A bank may tell of one failure three times: a pain.002, a camt.054, then a camt.053 or a
CFONB 120. They are notices of ONE return, whatever their order.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

# A message that books is worth more than one that announces; of two that book, the
# statement. The order also decides which notice gives the date and the fee.
DOCUMENTS = ("camt.053", "cfonb120", "camt.054", "paper", "camt.052", "pain.002")
KINDS = ("reject", "return", "refund", "reversal", "unknown")
# Reasons that say nothing: a notice that knows more wins.
VAGUE = {"", "NARR", "MS03", "CFONB:59"}
# A debit is presented once and may be presented again twice.
MAX_PRESENTATIONS = 3
# The bank may still tell of a return some days after the scheme's own limit.
GRACE_DAYS = 15
REFUND_DAYS = 56
UNAUTHORISED = {"MD01"}
UNAUTHORISED_MONTHS = 13
RETURN_DAYS = 12

UNDER_WAY = ("planned", "presented")
IN_LEDGER = ("booked", "settled")
FAILED = ("rejected", "returned", "refunded", "reversed")


@dataclass(frozen=True)
class Notice:
    """One message of a bank about one failure. Amounts are positive."""

    document: str
    message_id: str
    where: str
    kind: str
    booked: bool
    date: date | None
    amount: Decimal | None
    charges: Decimal
    reason: str
    reason_text: str = ""
    bank_reference: str = ""

    @property
    def family(self):
        return document_family(self.document)


@dataclass(frozen=True)
class Facts:
    """All notices of one return, together."""

    kind: str
    booked: bool
    date: date | None
    amount: Decimal | None
    fee: Decimal
    reason: str
    reason_text: str


def document_family(document):
    """``"pain.002.001.10"`` → ``"pain.002"``; CFONB names → ``"cfonb120"``.

    >>> document_family("camt.053.001.08")
    'camt.053'
    """
    name = (document or "").lower().replace(" ", "").replace("-", "")
    if name.startswith("cfonb"):
        return "cfonb120"
    return ".".join(name.split(".")[:2])


def _rank(notice):
    """The notice that says most for sure goes first. Every field is part of it: no two
    notices are equal in rank, so that their order on arrival decides nothing."""
    family = notice.family
    place = DOCUMENTS.index(family) if family in DOCUMENTS else len(DOCUMENTS)
    return (
        not notice.booked,
        place,
        notice.date or date.max,
        notice.message_id,
        notice.where,
        KINDS.index(notice.kind),
        notice.amount is None,
        notice.amount or Decimal(0),
        -notice.charges,
        not notice.reason,
        notice.reason or "",
        not notice.reason_text,
        notice.reason_text,
        notice.document,
        notice.bank_reference,
    )


def _reason_rank(notice):
    code = notice.reason or ""
    return (not code, code in VAGUE, code.startswith("CFONB"), _rank(notice), code)


def merge(notices):
    """The facts of a return from all that the bank said, in any order.

    :param notices: at least one ``Notice``; the same one twice counts once.
    :return: ``Facts``.
    """
    ranked = sorted(set(notices), key=_rank)
    first = ranked[0]
    told = min(ranked, key=_reason_rank)
    kinds = [notice.kind for notice in ranked if notice.kind != "unknown"]
    return Facts(
        kind=kinds[0] if kinds else "unknown",
        booked=first.booked,
        date=next((notice.date for notice in ranked if notice.date), None),
        amount=next((n.amount for n in ranked if n.amount is not None), None),
        fee=next((n.charges for n in ranked if n.charges), Decimal(0)),
        reason=told.reason or "",
        reason_text=told.reason_text
        or next((n.reason_text for n in ranked if n.reason_text), ""),
    )


def notice_key(event, account=""):
    """What makes a message of the bank the same message: a text of 64 characters.

    A statement that is sent again has another message id, but the same reference of
    the bank; without any reference its place in the message tells it from its like.

    :param event: ``tools.bank.model.Event``.
    :param str account: IBAN of the account of the message.
    """
    family = document_family(event.document)
    if event.bank_reference and family != "pain.002":
        source = (event.bank_reference, event.date)
    else:
        source = (event.message_id, event.where)
    parts = (
        family,
        event.level,
        account,
        *source,
        event.end_to_end_id,
        event.rum,
        event.iban,
        event.amount,
        event.reason,
        event.payment_info_id,
    )
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


# ----------------------------------------------------------------------
# WHAT BECOMES OF THE DEBIT
# ----------------------------------------------------------------------


def effect(line_state, booked):
    """What a return does to a debit in the ledger.

    :param str line_state: state of the collection line.
    :param bool booked: the bank wrote it on our account.
    :return: ``"free"`` (nothing was booked: its items are free again), ``"undo"``,
        ``"wait"`` (announced only: the ledger moves when the bank books it), or
        ``"none"`` (it has failed already, or never left).
    """
    if line_state in UNDER_WAY:
        return "free"
    if line_state in IN_LEDGER:
        return "undo" if booked else "wait"
    return "none"


def last_refund_day(collected_on, kind, reason, scheme="CORE"):
    """Last day on which the debtor's bank may give a debit back.

    8 weeks for an authorised CORE debit, 13 months for an unauthorised one (CMF
    L133-24 and L133-25); 5 bank days (3 in B2B) for a return of the bank, counted
    here in calendar days with what holidays may add.

    :return: date, or None when the kind has no limit of its own.
    """
    if kind == "refund" or reason in UNAUTHORISED:
        if reason in UNAUTHORISED:
            return add_months(collected_on, UNAUTHORISED_MONTHS)
        if scheme == "B2B":
            return collected_on
        return collected_on + timedelta(days=REFUND_DAYS)
    if kind == "return":
        return collected_on + timedelta(days=RETURN_DAYS)
    return None


def in_window(collected_on, day, kind, reason, scheme="CORE"):
    """Whether a debit of a day may be the one that comes back on another.

    :param date day: None: the bank gave no date, which excludes nothing.
    """
    if day is None:
        return True
    first = collected_on - timedelta(days=GRACE_DAYS if kind == "reject" else 0)
    if kind == "unknown":
        last = add_months(collected_on, UNAUTHORISED_MONTHS)
    else:
        last = last_refund_day(collected_on, kind, reason) or collected_on + timedelta(
            days=RETURN_DAYS
        )
    return first <= day <= last + timedelta(days=GRACE_DAYS)


def add_months(day, months):
    """The same day some months later, or the last one of a shorter month.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


# ----------------------------------------------------------------------
# THE ACTION TABLE
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One row of the action table; ``reason``, ``scheme`` empty: any."""

    id: int
    reason: str
    scheme: str
    failures: int
    company: int | None = None
    sequence: int = 10


def pick_rule(rules, reason, scheme, failures, company=None):
    """The row that applies to the nth failure of a debit for a reason.

    The company's own rows come before the common ones, a reason before « any other »,
    a scheme before both, then the highest number of failures that was reached.

    :return: ``Rule``, or None when the table has none.
    """
    found = [
        rule
        for rule in rules
        if rule.reason in ("", reason)
        and rule.scheme in ("", scheme)
        and rule.failures <= failures
        and rule.company in (None, company)
    ]
    return min(
        found,
        key=lambda rule: (
            not rule.reason,
            rule.company is None,
            not rule.scheme,
            -rule.failures,
            rule.sequence,
            rule.id,
        ),
        default=None,
    )


def represent_day(today, *, calendar, delay=0, pay_day=0, agreed=None, earliest=None):
    """A sensible day to present a debit again.

    :param calendar: has ``next_open(day)`` (TARGET).
    :param int delay: days to let pass.
    :param int pay_day: day of the month on which the debtor has money; 0: none.
    :param date agreed: day agreed with the debtor; wins over both.
    :param date earliest: first day that the bank still takes.
    :return: an open TARGET day.
    """
    day = agreed or today + timedelta(days=delay)
    if pay_day and not agreed:
        day = _next_pay_day(day, pay_day)
    return calendar.next_open(max(day, earliest or day))


def _next_pay_day(day, pay_day):
    """First such day of a month from a day on; the 31st of a short month is its end."""
    month = date(day.year, day.month, 1)
    for months in (0, 1):
        first = add_months(month, months)
        last = (add_months(first, 1) - timedelta(days=1)).day
        found = first.replace(day=min(pay_day, last))
        if found >= day:
            return found
    raise AssertionError("every month has its pay day")


def may_represent(presentations, new_account=False):
    """Whether a debit that failed may be presented once more.

    :param int presentations: how often it was presented so far.
    :param bool new_account: it would go to another account than those times.
    """
    return new_account or presentations < MAX_PRESENTATIONS
