"""Reversals by the creditor: pain.007.001.09 (with pain.008.001.08) or .02 (with .02),
written as they are read.

A reversal gives a debit back in full. Its reason is AM05 (collected twice) or MS02
(other, of the creditor): no other one exists for creditors in the scheme.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from lxml import etree

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.007.001.%s"
# Version of a reversal, by that of the direct debits of the bank.
VERSIONS = {"08": "09", "02": "02"}
ORIGINAL = "pain.008.001.%s"
REASONS = ("AM05", "MS02")
NO_BIC = "NOTPROVIDED"


class Pain007Error(ValueError):
    """A file that would not be valid.

    :ivar code: ``version``, ``reason``, ``empty`` or ``amount``
    """

    def __init__(self, code, **params):
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


class Reversal(NamedTuple):
    """One debit to give back, as it left."""

    reversal_id: str
    end_to_end_id: str
    amount: Decimal
    reason: str
    rum: str
    debtor_name: str
    iban: str
    bic: str = ""
    instruction_id: str = ""


class Lot(NamedTuple):
    """The reversals of one lot (``PmtInf``) of the original file."""

    payment_info_id: str
    reversal_info_id: str
    scheme: str
    sequence: str
    date: date
    creditor_name: str
    ics: str
    creditor_iban: str
    creditor_bic: str
    reversals: Iterable[Reversal]


class Message(NamedTuple):
    """A file of reversals of one original file; ``version`` is that of the original."""

    message_id: str
    created: datetime
    initiator: str
    original_message_id: str
    lots: tuple
    version: str = "08"


def write(stream, message):
    """Write a message.

    :param stream: binary file.
    :param Message message: its lots hold sequences, since totals stand first.
    :raise Pain007Error: unknown version or reason, nothing to reverse, amount ≤ 0.
    """
    if message.version not in VERSIONS:
        raise Pain007Error("version", value=message.version)
    _check(message)
    space = NAMESPACE % VERSIONS[message.version]
    with etree.xmlfile(stream, encoding="UTF-8") as out:
        out.write_declaration()
        with (
            out.element("Document", nsmap={None: space}),
            out.element("CstmrPmtRvsl"),
        ):
            out.write(_header(message))
            out.write(_original(message))
            for lot in message.lots:
                with out.element("OrgnlPmtInfAndRvsl"):
                    for element in _lot_head(lot, message.version):
                        out.write(element)
                    for reversal in lot.reversals:
                        out.write(_transaction(reversal, lot, message.version))


def _check(message):
    found = _all(message)
    if not found:
        raise Pain007Error("empty")
    for reversal in found:
        if reversal.reason not in REASONS:
            raise Pain007Error("reason", value=reversal.reason)
        if reversal.amount <= 0 or round(reversal.amount, 2) != reversal.amount:
            raise Pain007Error("amount", value=str(reversal.amount))


def _all(message):
    return [reversal for lot in message.lots for reversal in lot.reversals]


def _sub(parent, tag, text=None, **attributes):
    element = etree.SubElement(parent, tag, attributes)
    if text is not None:
        element.text = text
    return element


def _leaf(tag, text):
    element = etree.Element(tag)
    element.text = text
    return element


def _amount(value):
    return f"{value:.2f}"


def _header(message):
    found = _all(message)
    head = etree.Element("GrpHdr")
    _sub(head, "MsgId", message.message_id)
    _sub(head, "CreDtTm", message.created.isoformat(timespec="seconds"))
    _sub(head, "NbOfTxs", str(len(found)))
    _sub(head, "CtrlSum", _amount(sum(reversal.amount for reversal in found)))
    _sub(head, "GrpRvsl", "false")
    _sub(_sub(head, "InitgPty"), "Nm", message.initiator)
    return head


def _original(message):
    group = etree.Element("OrgnlGrpInf")
    _sub(group, "OrgnlMsgId", message.original_message_id)
    _sub(group, "OrgnlMsgNmId", ORIGINAL % message.version)
    return group


def _lot_head(lot, version):
    if version == "08":
        yield _leaf("RvslPmtInfId", lot.reversal_info_id)
    yield _leaf("OrgnlPmtInfId", lot.payment_info_id)
    yield _leaf("PmtInfRvsl", "false")


def _transaction(reversal, lot, version):
    element = etree.Element("TxInf")
    _sub(element, "RvslId", reversal.reversal_id)
    if reversal.instruction_id:
        _sub(element, "OrgnlInstrId", reversal.instruction_id)
    _sub(element, "OrgnlEndToEndId", reversal.end_to_end_id)
    amount = _amount(reversal.amount)
    _sub(element, "OrgnlInstdAmt", amount, Ccy="EUR")
    _sub(element, "RvsdInstdAmt", amount, Ccy="EUR")
    _sub(element, "ChrgBr", "SLEV")
    reason = _sub(element, "RvslRsnInf")
    _sub(_sub(reason, "Orgtr"), "Nm", lot.creditor_name)
    _sub(_sub(reason, "Rsn"), "Cd", reversal.reason)
    _add_reference(_sub(element, "OrgnlTxRef"), reversal, lot, version)
    return element


def _add_reference(parent, reversal, lot, version):
    """What the original transaction said, in the order of the schema."""
    amount = _sub(parent, "Amt")
    _sub(amount, "InstdAmt", _amount(reversal.amount), Ccy="EUR")
    _sub(parent, "ReqdColltnDt", lot.date.isoformat())
    _add_scheme_id(_sub(parent, "CdtrSchmeId"), lot.ics)
    kind = _sub(parent, "PmtTpInf")
    _sub(_sub(kind, "SvcLvl"), "Cd", "SEPA")
    _sub(_sub(kind, "LclInstrm"), "Cd", lot.scheme)
    _sub(kind, "SeqTp", lot.sequence)
    _sub(parent, "PmtMtd", "DD")
    _sub(_sub(parent, "MndtRltdInf"), "MndtId", reversal.rum)
    _add_party(_sub(parent, "Dbtr"), reversal.debtor_name, version)
    _add_account(parent, "DbtrAcct", reversal.iban)
    _add_bank(_sub(parent, "DbtrAgt"), reversal.bic, version)
    _add_bank(_sub(parent, "CdtrAgt"), lot.creditor_bic, version)
    _add_party(_sub(parent, "Cdtr"), lot.creditor_name, version)
    _add_account(parent, "CdtrAcct", lot.creditor_iban)


def _add_scheme_id(parent, ics):
    other = _sub(_sub(_sub(parent, "Id"), "PrvtId"), "Othr")
    _sub(other, "Id", ics)
    _sub(_sub(other, "SchmeNm"), "Prtry", "SEPA")


def _add_party(parent, name, version):
    _sub(_sub(parent, "Pty") if version == "08" else parent, "Nm", name)


def _add_account(parent, tag, iban):
    _sub(_sub(_sub(parent, tag), "Id"), "IBAN", iban)


def _add_bank(parent, bic, version):
    bank = _sub(parent, "FinInstnId")
    if bic:
        _sub(bank, "BICFI" if version == "08" else "BIC", bic)
    else:
        _sub(_sub(bank, "Othr"), "Id", NO_BIC)
