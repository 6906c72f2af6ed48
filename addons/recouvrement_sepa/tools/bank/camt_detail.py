"""One transaction of a camt entry (TxDtls)."""

from .model import Detail
from .values import ZERO, read_amount
from .xml import identifier, node, nodes, text

SIGNS = {"CRDT": 1, "DBIT": -1}
NOT_GIVEN = "NOTPROVIDED"
# Who the other party is. Direct debits and transfers that we issued keep their parties
# when they come back; otherwise the one who pays when money comes in.
OTHER_PARTY = {"IDDT": "Dbtr", "RDDT": "Cdtr", "ICDT": "Cdtr", "RCDT": "Dbtr"}
# Where the amount that was booked stands: its own (version 04 and later), else one of
# the amounts that version 02 lists.
BOOKED = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
REMITTANCE_MAX = 2000


class RawDetail:
    """A transaction as it is read; its sign and its other party are known only when
    the whole entry is."""

    def __init__(self, element, where):
        self.amount, self.currency = _booked(element, where)
        self.sign = SIGNS.get(text(element, "CdtDbtInd"))
        parties = node(element, "RltdPties")
        self.parties = {role: _party(parties, role) for role in ("Dbtr", "Cdtr")}
        self.values = _values(element, where)

    def finish(self, whole, own_iban):
        """The detail, in an entry whose amount, currency and family are `whole`'s."""
        sign = self.sign or (1 if whole.amount >= 0 else -1)
        amount = whole.amount if self.amount is None else self.amount * sign
        family = self.values["family"] or whole.family
        return Detail(
            amount=amount,
            currency=self.currency or whole.currency,
            **self._other(family, sign, own_iban),
            **self.values,
        )

    def _other(self, family, sign, own_iban):
        role = OTHER_PARTY.get(family) or ("Dbtr" if sign > 0 else "Cdtr")
        wanted = self.parties[role]
        other = self.parties["Cdtr" if role == "Dbtr" else "Dbtr"]
        is_us = own_iban and wanted["iban"] == own_iban
        known = wanted["name"] or wanted["iban"]
        return other if is_us or not known else wanted


def _party(parties, role):
    return {
        "name": text(
            parties,
            f"{role}/Nm",
            f"{role}/Pty/Nm",
            f"Ultmt{role}/Nm",
            f"Ultmt{role}/Pty/Nm",
        ),
        "iban": identifier(parties, f"{role}Acct/Id/IBAN", f"{role}Acct/Id/Othr/Id"),
    }


def currency_of(amount, default):
    """Currency of an amount element, or the default."""
    if amount is None:
        return default
    return (amount.currency or default).strip()[:3].upper()


def codes(element):
    """Family, sub-family and the bank's own code of an entry or a transaction."""
    code = node(element, "BkTxCd")
    return (
        text(code, "Domn/Fmly/Cd"),
        text(code, "Domn/Fmly/SubFmlyCd"),
        text(code, "Prtry/Cd"),
    )


def charges(element, where):
    """What the bank took, never negative; one record is as good as a total."""
    amounts = [
        _charge(record, where)
        for item in nodes(element, "Chrgs")
        for record in list(nodes(item, "Rcrd")) or [item]
    ]
    return max(sum(amounts, ZERO), ZERO)


def _charge(record, where):
    for path in ("Amt", "TtlChrgsAndTaxAmt"):
        amount = node(record, path)
        if amount is not None:
            value = read_amount(amount.text, currency_of(amount, ""), where)
            return -value if text(record, "CdtDbtInd") == "CRDT" else value
    return ZERO


def _booked(element, where):
    for path in BOOKED:
        amount = node(element, path)
        if amount is not None:
            currency = currency_of(amount, "")
            return read_amount(amount.text, currency, where), currency
    return None, ""


def _instructed(element, where):
    """Amount that was asked for, in the currency of what was booked."""
    amount = node(element, "AmtDtls/InstdAmt/Amt")
    currency = currency_of(amount, "")
    if amount is None or currency != _booked(element, where)[1]:
        return None
    return read_amount(amount.text, currency, where)


def _values(element, where):
    family, sub_family, proprietary = codes(element)
    remittance, reference = _remittance(element)
    return {
        **_references(node(element, "Refs")),
        "ics": _creditor_id(node(element, "RltdPties")),
        "remittance": remittance,
        "reference": reference,
        "reason": text(element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        "reason_text": _lines(element, "RtrInf/AddtlInf")[:500],
        "charges": charges(element, where),
        "family": family,
        "sub_family": sub_family,
        "proprietary": proprietary,
        "instructed": _instructed(element, where),
    }


def _references(references):
    return {
        "end_to_end_id": _known(text(references, "EndToEndId")),
        "instruction_id": _known(text(references, "InstrId")),
        "payment_info_id": _known(text(references, "PmtInfId")),
        "message_id": _known(text(references, "MsgId")),
        "rum": _known(text(references, "MndtId")),
        "bank_reference": text(references, "AcctSvcrRef", "TxId"),
    }


def _known(value):
    return "" if value.upper() == NOT_GIVEN else value


def _creditor_id(parties):
    return text(parties, "Cdtr/Id/PrvtId/Othr/Id", "Cdtr/Pty/Id/PrvtId/Othr/Id")


def _remittance(element):
    """Free text and the creditor's reference, or the number of the document."""
    free = " ".join(
        filter(
            None,
            [
                _lines(element, "RmtInf/Ustrd"),
                _lines(element, "RmtInf/Strd/AddtlRmtInf"),
            ],
        )
    )
    reference = text(element, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb")
    return (free or text(element, "AddtlTxInf"))[:REMITTANCE_MAX], reference


def _lines(element, path):
    lines = (" ".join((item.text or "").split()) for item in nodes(element, path))
    return " ".join(filter(None, lines))
