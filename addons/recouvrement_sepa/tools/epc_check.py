"""What a bank refuses in a file that its schema accepts.

The rules of the SEPA direct debit schemes that can be read in the message itself: the
state of mandates and invoices is checked where they are kept.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from stdnum import iso11649

from . import target_calendar
from .charset import is_sepa
from .identifiers import IdentifierError, read_ics
from .sepa_area import iban_fault, is_eea

SCHEMES = ("CORE", "B2B")
SEQUENCES = ("FRST", "RCUR", "FNAL", "OOFF")
ONCE = ("OOFF", "FNAL")  # end of a mandate
ID_LENGTH, NAME_LENGTH, REMITTANCE_LENGTH = 35, 70, 140
LENGTHS = {"street": 70, "building": 16, "postcode": 16, "town": 35}
LINES, LINE_LENGTH = 2, 70
SMALLEST, LARGEST = Decimal("0.01"), Decimal("999999999.99")
CENTS = -2
BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
PLAIN_ID = re.compile(r"[A-Za-z0-9\-?:().,'+ ]{1,35}")
COUNTRY = re.compile(r"[A-Z]{2}")
# The texts of a debit that needs no closer look: InstrId, EndToEndId, MndtId, name of
# the debtor, the five parts of the address or none, wording.
SIGN, ID_SIGN = r"[A-Za-z0-9/\-?:().,'+ ]", r"[A-Za-z0-9\-?:().,'+ ]"
SOUND = re.compile(
    rf"{ID_SIGN}{{0,35}}\n{ID_SIGN}{{1,35}}\n{ID_SIGN}{{1,35}}\n"
    rf"(?=[ .]*[^ .\n]){SIGN}{{1,70}}\n"
    rf"(?:{SIGN}{{0,70}}\n{SIGN}{{0,16}}\n{SIGN}{{0,16}}\n{SIGN}{{1,35}}\n[A-Z]{{2}}"
    rf"|\n\n\n\n)\n{SIGN}{{0,140}}"
)
NO_ADDRESS = ("", "", "", "", "", ())


class Refusal(NamedTuple):
    """One thing that a bank would refuse.

    :ivar code: what is wrong; who shows it has the words.
    :ivar level: ``error`` (no file is made) or ``warning``.
    :ivar line: EndToEndId, PmtInfId or MsgId it is about.
    :ivar field: name of the element.
    :ivar value: what stands there.
    :ivar params: dict of more to say.
    """

    code: str
    level: str
    line: str
    field: str
    value: Any = ""
    params: dict = {}


class Limits(NamedTuple):
    """What the bank accepts on the day the file is made."""

    earliest: date | None = None  # first collection date it still takes
    latest: date | None = None


def check(message, limits=None):
    """Everything a bank would refuse in a message.

    Each group is read once: its debits must be readable again by the writer.

    :param Message message: of ``pain008``.
    :param Limits limits: days that the bank takes.
    :return: list of :class:`Refusal`, in the order of the file; empty when good.
    """
    found = []
    here = message.message_id
    _check_id(found, here, "MsgId", here)
    _check_name(found, here, "InitgPty/Nm", message.initiator)
    if not message.groups:
        found.append(Refusal("empty", "error", here, "PmtInf"))
    schemes = {group.scheme for group in message.groups}
    if len(schemes) > 1:
        text = ", ".join(sorted(schemes))
        found.append(Refusal("scheme_mixed", "error", here, "LclInstrm", text))
    seen = _Seen()
    for group in message.groups:
        _check_group(found, group, limits or Limits(), seen)
        _check_debits(found, group, message, seen)
    return found


class _Seen:
    """What may stand once in a message."""

    def __init__(self):
        self.group_ids = set()
        self.end_to_end_ids = set()
        self.ended = set()


def _check_group(found, group, limits, seen):
    here = group.payment_info_id
    _check_id(found, here, "PmtInfId", here)
    if here in seen.group_ids:
        found.append(Refusal("id_twice", "error", here, "PmtInfId", here))
    seen.group_ids.add(here)
    if group.scheme not in SCHEMES:
        found.append(Refusal("scheme", "error", here, "LclInstrm", group.scheme))
    if group.sequence not in SEQUENCES:
        found.append(Refusal("sequence", "error", here, "SeqTp", group.sequence))
    _check_date(found, group, limits)
    creditor = group.creditor
    _check_name(found, here, "Cdtr/Nm", creditor.name)
    if iban_fault(creditor.iban):
        value = creditor.iban
        found.append(Refusal("creditor_iban", "error", here, "CdtrAcct/IBAN", value))
    _check_bic(found, here, "CdtrAgt/BIC", creditor.bic)
    if ics_fault(creditor.ics):
        found.append(Refusal("ics", "error", here, "CdtrSchmeId", creditor.ics))
    _check_address(found, here, "Cdtr/PstlAdr", creditor.address)


def _check_date(found, group, limits):
    day, here = group.date, group.payment_info_id
    if not target_calendar.is_open(day):
        params = {"next": target_calendar.next_open(day)}
        found.append(Refusal("date_closed", "error", here, "ReqdColltnDt", day, params))
    if limits.earliest and day < limits.earliest:
        params = {"earliest": limits.earliest}
        found.append(Refusal("date_early", "error", here, "ReqdColltnDt", day, params))
    if limits.latest and day > limits.latest:
        params = {"latest": limits.latest}
        found.append(Refusal("date_far", "error", here, "ReqdColltnDt", day, params))


def _check_debits(found, group, message, seen):
    count, total = 0, Decimal(0)
    once = group.sequence in ONCE
    today = message.created.date()
    for debit in group.debits:
        count += 1
        total += debit.amount
        here = debit.end_to_end_id
        sound = _is_sound(debit, today)
        if not (sound or PLAIN_ID.fullmatch(here)):
            _check_id(found, here, "EndToEndId", here)
        if here in seen.end_to_end_ids:
            found.append(Refusal("id_twice", "error", here, "EndToEndId", here))
        seen.end_to_end_ids.add(here)
        if once or seen.ended:
            _check_ended(found, debit, once, seen)
        if not sound:
            _check_debit(found, debit, message)
    here = group.payment_info_id
    if not count:
        found.append(Refusal("empty", "error", here, "DrctDbtTxInf"))
    if count != group.count:
        params = {"found": count}
        found.append(Refusal("count", "error", here, "NbOfTxs", group.count, params))
    if total != group.total:
        params = {"found": total}
        found.append(Refusal("total", "error", here, "CtrlSum", group.total, params))


def _is_sound(debit, today):
    """Whether one look is enough: nothing of what the checks of a debit refuse, in an
    ordinary debit of an account of the European Economic Area."""
    end_to_end_id, amount, rum, signed_on, name, iban, bic, *more = debit
    (
        instruction_id,
        remittance,
        reference,
        amendment,
        address,
        told_id,
        _told_on,
        ultimate,
    ) = more
    *place, lines = address or NO_ADDRESS
    return not (
        bic
        or reference
        or amendment is not None
        or told_id
        or ultimate
        or lines
        or signed_on is None
        or signed_on > today
        or not is_eea(iban)
        or iban_fault(iban)
        or not (amount.is_finite() and SMALLEST <= amount <= LARGEST)
        or amount != round(amount, -CENTS)
    ) and bool(
        SOUND.fullmatch(
            "\n".join((instruction_id, end_to_end_id, rum, name, *place, remittance))
        )
    )


def _check_ended(found, debit, once, seen):
    if debit.rum in seen.ended:
        here = debit.end_to_end_id
        found.append(Refusal("mandate_ended", "error", here, "MndtId", debit.rum))
    if once:
        seen.ended.add(debit.rum)


def _check_debit(found, debit, message):
    here = debit.end_to_end_id
    if debit.instruction_id:
        _check_id(found, here, "InstrId", debit.instruction_id)
    _check_amount(found, here, debit.amount)
    if not PLAIN_ID.fullmatch(debit.rum):
        _check_id(found, here, "MndtId", debit.rum)
    if debit.signed_on is None:
        found.append(Refusal("signature_missing", "error", here, "DtOfSgntr"))
    elif debit.signed_on > message.created.date():
        day = debit.signed_on
        found.append(Refusal("signature_future", "error", here, "DtOfSgntr", day))
    _check_name(found, here, "Dbtr/Nm", debit.debtor_name)
    _check_account(found, debit)
    if debit.remittance or debit.reference:
        _check_remittance(found, debit)
    if debit.amendment is not None:
        _check_amendment(found, debit)
    if debit.prenotification_id:
        _check_id(found, here, "PreNtfctnId", debit.prenotification_id)
    if debit.ultimate_debtor:
        _check_name(found, here, "UltmtDbtr/Nm", debit.ultimate_debtor)


def _check_account(found, debit):
    here = debit.end_to_end_id
    _check_iban(found, here, "DbtrAcct/IBAN", debit.iban)
    _check_bic(found, here, "DbtrAgt/BIC", debit.bic)
    _check_address(found, here, "Dbtr/PstlAdr", debit.address)
    if is_eea(debit.iban) or iban_fault(debit.iban):
        return
    if not debit.bic:
        found.append(Refusal("bic_needed", "error", here, "DbtrAgt/BIC"))
    if not debit.address:
        found.append(Refusal("address_needed", "error", here, "Dbtr/PstlAdr"))


def _check_amount(found, here, amount):
    if not amount.is_finite() or not SMALLEST <= amount <= LARGEST:
        params = {"smallest": SMALLEST, "largest": LARGEST}
        found.append(Refusal("amount", "error", here, "InstdAmt", amount, params))
    elif amount.normalize().as_tuple().exponent < CENTS:
        found.append(Refusal("amount_decimals", "error", here, "InstdAmt", amount))


def _check_remittance(found, debit):
    here, text, reference = debit.end_to_end_id, debit.remittance, debit.reference
    if text and reference:
        found.append(Refusal("remittance_both", "error", here, "RmtInf", text))
    if text:
        _check_text(found, here, "RmtInf/Ustrd", text, REMITTANCE_LENGTH)
    if reference and not iso11649.is_valid(reference):
        found.append(Refusal("reference", "error", here, "RmtInf/Strd", reference))


def _check_amendment(found, debit):
    here, change = debit.end_to_end_id, debit.amendment
    if not (change or change.same_mandate_new_account):
        found.append(Refusal("amendment_empty", "error", here, "AmdmntInfDtls"))
    if change.old_rum:
        _check_id(found, here, "OrgnlMndtId", change.old_rum)
        if change.old_rum == debit.rum:
            _same(found, here, "OrgnlMndtId", debit.rum)
    if change.old_ics and ics_fault(change.old_ics):
        value = change.old_ics
        found.append(Refusal("ics", "error", here, "OrgnlCdtrSchmeId", value))
    if change.old_creditor_name:
        name = change.old_creditor_name
        _check_name(found, here, "OrgnlCdtrSchmeId/Nm", name)
    if change.old_iban and not change.same_mandate_new_account:
        _check_iban(found, here, "OrgnlDbtrAcct/IBAN", change.old_iban)
        if change.old_iban == debit.iban:
            _same(found, here, "OrgnlDbtrAcct/IBAN", debit.iban)


def _same(found, here, field, value):
    found.append(Refusal("amendment_same", "error", here, field, value))


def _check_id(found, here, field, value):
    """Identifiers: 35 characters, no slash at an end nor two in a row."""
    if not value:
        found.append(Refusal("missing", "error", here, field))
        return
    _check_text(found, here, field, value, ID_LENGTH)
    if value[0] == "/" or value[-1] == "/" or "//" in value:
        found.append(Refusal("slash", "error", here, field, value))


def _check_name(found, here, field, value):
    if not value.strip(" ."):
        found.append(Refusal("missing", "error", here, field, value))
    else:
        _check_text(found, here, field, value, NAME_LENGTH)


def _check_text(found, here, field, value, length):
    if len(value) > length:
        params = {"length": length}
        found.append(Refusal("too_long", "error", here, field, value, params))
    if not is_sepa(value):
        signs = "".join(sorted({sign for sign in value if not is_sepa(sign)}))
        params = {"signs": signs}
        found.append(Refusal("charset", "error", here, field, value, params))


def _check_iban(found, here, field, value):
    fault = iban_fault(value)
    if fault:
        found.append(Refusal(f"iban_{fault}", "error", here, field, value))


def _check_bic(found, here, field, value):
    if value and not BIC.fullmatch(value):
        found.append(Refusal("bic", "error", here, field, value))


def _check_address(found, here, field, address):
    if not address:
        return
    if not (address.town and address.country):
        value = ", ".join(filter(None, address[:5]))
        found.append(Refusal("address_town", "error", here, field, value))
    if address.country and not COUNTRY.fullmatch(address.country):
        found.append(Refusal("country", "error", here, field, address.country))
    for name, length in LENGTHS.items():
        text = getattr(address, name)
        if text:
            _check_text(found, here, f"{field}/{name}", text, length)
    if len(address.lines) > LINES:
        params = {"count": len(address.lines), "most": LINES}
        found.append(Refusal("address_lines", "error", here, field, "", params))
    for line in address.lines:
        _check_text(found, here, f"{field}/AdrLine", line, LINE_LENGTH)


@lru_cache(maxsize=256)
def ics_fault(ics):
    """Whether a creditor identifier is refused as it stands."""
    try:
        return read_ics(ics) != ics
    except IdentifierError:
        return True
