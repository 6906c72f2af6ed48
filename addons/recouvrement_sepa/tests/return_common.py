"""Debits that the bank has, and what it says of them."""

from decimal import Decimal

from odoo import fields

from ..tools.bank.model import Event
from .ledger_common import LedgerCommon

DOCUMENTS = {
    "pain.002": ("pain.002.001.10", False),
    "camt.054": ("camt.054.001.08", True),
    "camt.053": ("camt.053.001.08", True),
}


class ReturnCommon(LedgerCommon):
    """``_debit(amount)`` is a debit that left; ``_event(line, …)`` a message about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._make_mandate()
        cls.returns = cls.env["recouvrement.sepa.return"]
        cls.candidates = cls.env["recouvrement.sepa.candidate"]

    @classmethod
    def _debit(cls, amount=500.0, day=-3, booked=True, mandate=None, due=-20):
        """A debit of one invoice, sent and, unless told otherwise, booked."""
        mandate = mandate or cls.mandate
        invoice = cls._make_invoice(mandate.partner_id, amount, due=due)
        collection = cls._collect([invoice], day=day)
        if booked:
            collection._book()
        return collection.line_ids

    @classmethod
    def _event(cls, line=None, reason="AM04", message="camt.053", **vals):
        document, booked = DOCUMENTS[message]
        values = {
            "kind": "return" if booked else "reject",
            "level": "transaction",
            "booked": booked,
            "date": cls.today,
            "amount": Decimal(str(line.amount)) if line else Decimal("10.00"),
            "end_to_end_id": line.end_to_end_id if line else "ELSE-1",
            "rum": line.rum if line else "",
            "iban": line.iban if line else "",
            "debtor_name": "Boulangerie Dubois",
            "reason": reason,
            "message_id": f"MSG-{message}",
            "document": document,
            "where": "document 1, entry 1",
            **vals,
        }
        return Event(**values)

    @classmethod
    def _take(cls, *events, company=None):
        return cls.returns._take(events, company=company or cls.company)

    @classmethod
    def _facts(cls, record):
        """What must not depend on the order of the messages."""
        record.invalidate_recordset()
        return (
            record.state,
            record.kind,
            record.code,
            record.amount,
            record.fee,
            record.date,
            record.action,
            record.failures,
            record.line_id.state,
        )

    def _verdict(self, line, day=30):
        """What a collection would do with the items of a debit."""
        on = fields.Date.to_string(self._day(day))
        candidates = self.candidates.with_context(sepa_until=on, sepa_date=on)
        found = candidates.search(
            [("move_line_id", "in", line.item_ids.move_line_id.ids)]
        )
        return set(found.mapped("reason"))
