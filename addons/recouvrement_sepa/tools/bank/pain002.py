"""pain.002: what became of the direct debits that we sent."""

from .camt_detail import currency_of
from .model import Status
from .values import ZERO, read_amount, read_day
from .xml import forget, identifier, local, node, nodes, read_header, text, tree

GROUP = "OrgnlGrpInfAndSts"
LOT = "OrgnlPmtInfAndSts"
TRANSACTION = "TxInfAndSts"
REJECTED = "RJCT"


def statuses(document, reader):
    """Statuses of a report: the transactions of a lot, then the lot; the message last.

    A lot or a message counts as refused whole when the bank says so and lists none of
    its transactions as accepted; a lot whose refused transactions are all listed says
    nothing more than they do.
    """
    return _Walk(document, reader).walk()


class _Walk:
    def __init__(self, document, reader):
        self.document, self.reader = document, reader
        self.common = {}
        self.group = None
        self.number = self.lots = 0
        self.accepted = False
        self.lot = None

    def walk(self):
        listed = []
        for action, element in self.reader.events():
            name = local(element)
            if action == "start":
                if name == LOT:
                    self.lots += 1
                    self.lot = None
                    listed = []
            elif name == "GrpHdr":
                read_header(self.document, element)
            elif name == GROUP:
                self._open(tree(element))
            elif name == TRANSACTION:
                if self.lot is None:
                    self.lot = tree(element.getparent(), TRANSACTION)
                status = self._transaction(tree(element))
                listed.append(status.status)
                yield status
                forget(element)
            elif name == LOT:
                yield from self._lot(tree(element, TRANSACTION), listed)
                self.lot = None
                forget(element)
        yield from self._message()

    def _open(self, element):
        created = self.document.created
        self.common = {
            "reported": created.date() if created else None,
            "message_id": text(element, "OrgnlMsgId"),
            "original_name": text(element, "OrgnlMsgNmId"),
        }
        self.group = Status(
            where=self.document.where,
            level="message",
            status=text(element, "GrpSts"),
            **_reason(element),
            **self.common,
        )

    def _transaction(self, element):
        self.number += 1
        where = f"{self.document.where}, transaction {self.number}"
        lot = self.lot
        status = text(element, "TxSts") or text(lot, "PmtInfSts")
        status = status or (self.group.status if self.group else "")
        reason = _reason(element)
        if not reason["reason"]:
            reason = {**_reason(lot), **{k: v for k, v in reason.items() if v}}
        self.accepted |= is_accepted(status)
        return Status(
            where=where,
            level="transaction",
            status=status,
            payment_info_id=text(lot, "OrgnlPmtInfId"),
            end_to_end_id=_known(text(element, "OrgnlEndToEndId")),
            instruction_id=_known(text(element, "OrgnlInstrId")),
            bank_reference=text(element, "AcctSvcrRef"),
            charges=_charges(element, where),
            **reason,
            **_original(node(element, "OrgnlTxRef"), where),
            **self.common,
        )

    def _lot(self, element, listed):
        status = text(element, "PmtInfSts")
        if not status or not self._says_more(element, status, listed):
            return
        self.accepted |= is_accepted(status)
        yield Status(
            where=f"{self.document.where}, lot {self.lots}",
            level="group",
            status=status,
            payment_info_id=text(element, "OrgnlPmtInfId"),
            **_reason(element),
            **self.common,
        )

    def _says_more(self, element, status, listed):
        """Whether a lot's status adds to those of its transactions."""
        if not listed:
            return True
        if status != REJECTED:
            return False
        if any(is_accepted(item) for item in listed):
            self.reader.remark("contradiction", self.document.where)
            return False
        count = text(element, "OrgnlNbOfTxs")
        return count.isascii() and count.isdigit() and int(count) > len(listed)

    def _message(self):
        if self.group is None or not self.group.status:
            return
        if self.group.status == REJECTED and self.accepted:
            self.reader.remark("contradiction", self.document.where)
        elif self.group.status == REJECTED or not (self.number or self.lots):
            yield self.group


def is_accepted(status):
    """Whether a status is good news, or at least no bad one."""
    return status not in ("", REJECTED, "CANC")


def _reason(element):
    """Reason, its text, and who gave it: a bank by its BIC, the debtor by a name."""
    info = node(element, "StsRsnInf")
    return {
        "reason": text(info, "Rsn/Cd", "Rsn/Prtry"),
        "reason_text": _free_text(info),
        "originator": text(
            info,
            "Orgtr/Nm",
            "Orgtr/Id/OrgId/BICOrBEI",
            "Orgtr/Id/OrgId/AnyBIC",
        ),
    }


def _free_text(info):
    if info is None:
        return ""
    lines = (" ".join((item.text or "").split()) for item in nodes(info, "AddtlInf"))
    return " ".join(filter(None, lines))[:500]


def _known(value):
    return "" if value.upper() == "NOTPROVIDED" else value


def _charges(element, where):
    amounts = [
        read_amount(amount.text, currency_of(amount, ""), where)
        for amount in nodes(element, "ChrgsInf/Amt")
    ]
    return sum(amounts, ZERO)


def _original(original, where):
    """What the bank repeats of the debit."""
    amount = node(original, "Amt/InstdAmt")
    currency = currency_of(amount, "")
    return {
        "amount": amount
        if amount is None
        else read_amount(amount.text, currency, where),
        "currency": currency,
        "collected": read_day(
            text(original, "ReqdColltnDt", "ReqdColltnDt/Dt", "IntrBkSttlmDt"), where
        ),
        "ics": text(original, "CdtrSchmeId/Id/PrvtId/Othr/Id"),
        "rum": _known(
            text(original, "MndtRltdInf/MndtId", "MndtRltdInf/DrctDbtMndt/MndtId")
        ),
        "debtor_name": text(original, "Dbtr/Nm", "Dbtr/Pty/Nm"),
        "iban": identifier(original, "DbtrAcct/Id/IBAN", "DbtrAcct/Id/Othr/Id"),
    }
