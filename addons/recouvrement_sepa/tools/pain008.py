"""Direct debit orders: pain.008.001.08 and pain.008.001.02, written as they are read.

The writer knows no rule of the scheme beyond the order of the elements: texts come in
the SEPA character set (``charset``) and ``epc_check`` says what a bank would refuse.
Only the totals are proven here, because they stand before what they count.
"""

import importlib.util
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from .charset import is_sepa
from .mandate import Amendment

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.%s"
VERSIONS = ("08", "02")
SAME_MANDATE_NEW_ACCOUNT = "SMNDA"
NO_BIC = "NOTPROVIDED"
DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"


class Pain008Error(ValueError):
    """What was announced is not what was written, or the schema refuses the file.

    :ivar code: ``version``, ``count``, ``total`` or ``schema``
    :ivar params: dict of what to say.
    """

    def __init__(self, code, **params):
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


class Address(NamedTuple):
    """A postal address; free ``lines`` only in hybrid form."""

    street: str = ""
    building: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    lines: tuple = ()


class Creditor(NamedTuple):
    """Who collects, and on which account."""

    name: str
    ics: str
    iban: str
    bic: str = ""
    address: Address | None = None


class Debit(NamedTuple):
    """One transaction. ``amount`` in euros; ``reference`` is an ISO 11649 creditor
    reference and takes the place of the free ``remittance``."""

    end_to_end_id: str
    amount: Decimal
    rum: str
    signed_on: date
    debtor_name: str
    iban: str
    bic: str = ""
    instruction_id: str = ""
    remittance: str = ""
    reference: str = ""
    amendment: Amendment | None = None
    address: Address | None = None
    prenotification_id: str = ""
    prenotified_on: date | None = None
    ultimate_debtor: str = ""


class Group(NamedTuple):
    """Transactions of one scheme, sequence, date, account and creditor identifier.

    :ivar debits: read once by the writer; as many as ``count``, summing to ``total``.
    """

    payment_info_id: str
    scheme: str
    sequence: str
    date: date
    creditor: Creditor
    debits: Iterable[Debit]
    count: int
    total: Decimal
    batch_booking: bool = True


class Message(NamedTuple):
    """A file to be."""

    message_id: str
    created: datetime
    initiator: str
    groups: tuple[Group, ...]
    version: str = "08"


def write(stream, message):
    """Write a message.

    :param stream: binary file.
    :param Message message: what to write.
    :raise Pain008Error: unknown version, or totals that the transactions belie.
    """
    if message.version not in VERSIONS:
        raise Pain008Error("version", value=message.version)
    space = NAMESPACE % message.version
    bic_tag = "BICFI" if message.version == "08" else "BIC"
    stream.write(DECLARATION)
    stream.write(f'<Document xmlns="{space}"><CstmrDrctDbtInitn>'.encode())
    stream.write(_bytes(_header(message)))
    for group in message.groups:
        _write_group(stream, group, bic_tag)
    stream.write(b"</CstmrDrctDbtInitn></Document>")


def _bytes(element):
    return etree.tostring(element, encoding="unicode").encode()


def _write_group(stream, group, bic_tag):
    count, total = 0, Decimal(0)
    stream.write(b"<PmtInf>")
    for element in _group_head(group, bic_tag):
        stream.write(_bytes(element))
    for debit in group.debits:
        count += 1
        total += debit.amount
        text = _plain_transaction(debit)
        if text is None:
            stream.write(_bytes(_transaction(debit, bic_tag)))
        else:
            stream.write(text.encode())
    stream.write(b"</PmtInf>")
    if count != group.count:
        raise Pain008Error("count", told=group.count, found=count)
    if total != group.total:
        raise Pain008Error("total", told=group.total, found=total)


def _sub(parent, tag, text=None):
    element = etree.SubElement(parent, tag)
    if text is not None:
        element.text = text
    return element


def _leaf(tag, text):
    element = etree.Element(tag)
    element.text = text
    return element


def format_amount(amount):
    """An amount as it stands in the file: two decimals at least, no exponent."""
    if amount.as_tuple().exponent > -2:
        amount = amount.quantize(Decimal("0.01"))
    return f"{amount:f}"


def _header(message):
    head = etree.Element("GrpHdr")
    _sub(head, "MsgId", message.message_id)
    _sub(head, "CreDtTm", message.created.isoformat(timespec="seconds"))
    _sub(head, "NbOfTxs", str(sum(group.count for group in message.groups)))
    total = sum((group.total for group in message.groups), Decimal(0))
    _sub(head, "CtrlSum", format_amount(total))
    _sub(_sub(head, "InitgPty"), "Nm", message.initiator)
    return head


def _group_head(group, bic_tag):
    """Elements of a ``PmtInf`` before its transactions."""
    creditor = group.creditor
    yield _leaf("PmtInfId", group.payment_info_id)
    yield _leaf("PmtMtd", "DD")
    yield _leaf("BtchBookg", "true" if group.batch_booking else "false")
    yield _leaf("NbOfTxs", str(group.count))
    yield _leaf("CtrlSum", format_amount(group.total))
    kind = etree.Element("PmtTpInf")
    _sub(_sub(kind, "SvcLvl"), "Cd", "SEPA")
    _sub(_sub(kind, "LclInstrm"), "Cd", group.scheme)
    _sub(kind, "SeqTp", group.sequence)
    yield kind
    yield _leaf("ReqdColltnDt", group.date.isoformat())
    party = etree.Element("Cdtr")
    _sub(party, "Nm", creditor.name)
    _add_address(party, creditor.address)
    yield party
    account = etree.Element("CdtrAcct")
    _sub(_sub(account, "Id"), "IBAN", creditor.iban)
    yield account
    agent = etree.Element("CdtrAgt")
    _add_bank(agent, creditor.bic, bic_tag)
    yield agent
    yield _leaf("ChrgBr", "SLEV")
    identifier = etree.Element("CdtrSchmeId")
    _add_scheme_id(identifier, creditor.ics)
    yield identifier


def _plain_transaction(debit):
    """The text of ``_transaction`` for an ordinary debit, ten times faster; None when
    it is not one, or holds a sign that might have to be escaped."""
    end_to_end_id, amount, rum, signed_on, name, iban, bic, *more = debit
    (
        instruction_id,
        remittance,
        reference,
        amendment,
        address,
        told_id,
        told_on,
        ultimate,
    ) = more
    if bic or reference or amendment is not None or told_id or ultimate:
        return None
    place, street, building, postcode, town, country = "", "", "", "", "", ""
    if address:
        street, building, postcode, town, country, lines = address
        if lines or not (town and country):
            return None
        way = f"<StrtNm>{street}</StrtNm>" if street else ""
        number = f"<BldgNb>{building}</BldgNb>" if building else ""
        code = f"<PstCd>{postcode}</PstCd>" if postcode else ""
        place = (
            f"<PstlAdr>{way}{number}{code}<TwnNm>{town}</TwnNm>"
            f"<Ctry>{country}</Ctry></PstlAdr>"
        )
    texts = (end_to_end_id, rum, name, iban, instruction_id, remittance)
    if not is_sepa("".join((*texts, street, building, postcode, town, country))):
        return None
    first = f"<InstrId>{instruction_id}</InstrId>" if instruction_id else ""
    told = f"<PreNtfctnDt>{told_on.isoformat()}</PreNtfctnDt>" if told_on else ""
    words = f"<RmtInf><Ustrd>{remittance}</Ustrd></RmtInf>" if remittance else ""
    return (
        f"<DrctDbtTxInf><PmtId>{first}<EndToEndId>{end_to_end_id}</EndToEndId></PmtId>"
        f'<InstdAmt Ccy="EUR">{format_amount(amount)}</InstdAmt><DrctDbtTx>'
        f"<MndtRltdInf><MndtId>{rum}</MndtId><DtOfSgntr>{signed_on.isoformat()}"
        f"</DtOfSgntr><AmdmntInd>false</AmdmntInd></MndtRltdInf>{told}</DrctDbtTx>"
        f"<DbtrAgt><FinInstnId><Othr><Id>{NO_BIC}</Id></Othr></FinInstnId></DbtrAgt>"
        f"<Dbtr><Nm>{name}</Nm>{place}</Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id>"
        f"</DbtrAcct>{words}</DrctDbtTxInf>"
    )


def _transaction(debit, bic_tag):
    element = etree.Element("DrctDbtTxInf")
    ids = _sub(element, "PmtId")
    if debit.instruction_id:
        _sub(ids, "InstrId", debit.instruction_id)
    _sub(ids, "EndToEndId", debit.end_to_end_id)
    amount = _sub(element, "InstdAmt", format_amount(debit.amount))
    amount.set("Ccy", "EUR")
    _add_mandate(_sub(element, "DrctDbtTx"), debit)
    _add_bank(_sub(element, "DbtrAgt"), debit.bic, bic_tag)
    debtor = _sub(element, "Dbtr")
    _sub(debtor, "Nm", debit.debtor_name)
    _add_address(debtor, debit.address)
    _sub(_sub(_sub(element, "DbtrAcct"), "Id"), "IBAN", debit.iban)
    if debit.ultimate_debtor:
        _sub(_sub(element, "UltmtDbtr"), "Nm", debit.ultimate_debtor)
    _add_remittance(element, debit)
    return element


def _add_mandate(parent, debit):
    mandate = _sub(parent, "MndtRltdInf")
    _sub(mandate, "MndtId", debit.rum)
    _sub(mandate, "DtOfSgntr", debit.signed_on.isoformat())
    if debit.amendment is not None:
        _sub(mandate, "AmdmntInd", "true")
        _add_amendment(_sub(mandate, "AmdmntInfDtls"), debit.amendment)
    else:
        _sub(mandate, "AmdmntInd", "false")
    if debit.prenotification_id:
        _sub(parent, "PreNtfctnId", debit.prenotification_id)
    if debit.prenotified_on:
        _sub(parent, "PreNtfctnDt", debit.prenotified_on.isoformat())


def _add_amendment(parent, amendment):
    if amendment.old_rum:
        _sub(parent, "OrgnlMndtId", amendment.old_rum)
    if amendment.old_ics or amendment.old_creditor_name:
        creditor = _sub(parent, "OrgnlCdtrSchmeId")
        if amendment.old_creditor_name:
            _sub(creditor, "Nm", amendment.old_creditor_name)
        if amendment.old_ics:
            _add_scheme_id(creditor, amendment.old_ics)
    if amendment.same_mandate_new_account:
        account = _sub(_sub(parent, "OrgnlDbtrAcct"), "Id")
        _sub(_sub(account, "Othr"), "Id", SAME_MANDATE_NEW_ACCOUNT)
    elif amendment.old_iban:
        _sub(_sub(_sub(parent, "OrgnlDbtrAcct"), "Id"), "IBAN", amendment.old_iban)


def _add_scheme_id(parent, ics):
    other = _sub(_sub(_sub(parent, "Id"), "PrvtId"), "Othr")
    _sub(other, "Id", ics)
    _sub(_sub(other, "SchmeNm"), "Prtry", "SEPA")


def _add_bank(parent, bic, bic_tag):
    bank = _sub(parent, "FinInstnId")
    if bic:
        _sub(bank, bic_tag, bic)
    else:
        _sub(_sub(bank, "Othr"), "Id", NO_BIC)


def _add_address(parent, address):
    if not address:
        return
    element = _sub(parent, "PstlAdr")
    for tag, text in (
        ("StrtNm", address.street),
        ("BldgNb", address.building),
        ("PstCd", address.postcode),
        ("TwnNm", address.town),
        ("Ctry", address.country),
    ):
        if text:
            _sub(element, tag, text)
    for line in address.lines:
        _sub(element, "AdrLine", line)


def _add_remittance(parent, debit):
    if debit.reference:
        structured = _sub(_sub(parent, "RmtInf"), "Strd")
        reference = _sub(structured, "CdtrRefInf")
        _sub(_sub(_sub(reference, "Tp"), "CdOrPrtry"), "Cd", "SCOR")
        _sub(reference, "Ref", debit.reference)
    elif debit.remittance:
        _sub(_sub(parent, "RmtInf"), "Ustrd", debit.remittance)


@lru_cache(maxsize=len(VERSIONS))
def schema(version):
    """The ISO schema of a version, from the files of the ``sepaxml`` package.

    :raise Pain008Error: version we do not write.
    """
    if version not in VERSIONS:
        raise Pain008Error("version", value=version)
    spec = importlib.util.find_spec("sepaxml")
    [home] = spec.submodule_search_locations
    path = Path(home, "schemas", f"pain.008.001.{version}.xsd")
    return etree.XMLSchema(etree.parse(path))


class _Nothing:
    """Target of a parser that keeps nothing of what it reads."""

    def close(self):
        return None


def validate(stream, version):
    """Check a file against the schema of its version, as it is read: no tree is made.

    :param stream: binary file, read from where it stands.
    :raise Pain008Error: ``schema`` with what the schema says.
    """
    parser = etree.XMLParser(
        target=_Nothing(),
        schema=schema(version),
        no_network=True,
        resolve_entities=False,
        huge_tree=True,
    )
    try:
        etree.parse(stream, parser)
    except etree.XMLSyntaxError as error:
        raise Pain008Error("schema", text=error.msg) from error
    # To such a target the parser tells no fault but by its log.
    if parser.error_log:
        raise Pain008Error("schema", text=parser.error_log[0].message)
