"""Debits that the bank has, and what it says of them."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command, fields

from ..tools import target_calendar
from ..tools.bank.model import Event
from .mandate_common import OTHER_IBAN, MandateCommon

DOCUMENTS = {
    "pain.002": ("pain.002.001.10", False),
    "camt.054": ("camt.054.001.08", True),
    "camt.053": ("camt.053.001.08", True),
}


class ReturnCommon(MandateCommon):
    """``_debit(amount)``: a debit that left; ``_event(line, …)``: a message on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        cls.transit = accounts.create(
            {
                "name": "Direct debits under way",
                "code": "511400",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.fees = accounts.create(
            {"name": "Bank fees", "code": "627100", "account_type": "expense"}
        )
        cls.bank = cls.company_data["default_journal_bank"]
        cls.bank.write(
            {
                "sepa_transit_account_id": cls.transit.id,
                "sepa_fee_account_id": cls.fees.id,
                "bank_account_id": cls.env["res.partner.bank"]
                .create(
                    {"acc_number": OTHER_IBAN, "partner_id": cls.company.partner_id.id}
                )
                .id,
            }
        )
        cls.mandate = cls._make_mandate(date_signed=cls._day(-120))
        cls.returns = cls.env["recouvrement.sepa.return"]
        cls.candidates = cls.env["recouvrement.sepa.candidate"]

    # EXTENDS 'account'
    @classmethod
    def collect_company_accounting_data(cls, company):
        """Companies keep their books in euros, from before their first entry."""
        euro = cls.env.ref("base.EUR")
        euro.active = True
        company.currency_id = euro
        return super().collect_company_accounting_data(company)

    # ------------------------------------------------------------------
    # DEBITS
    # ------------------------------------------------------------------

    @classmethod
    def _debit(cls, amount=500.0, day=-3, booked=True, mandate=None, due=-20):
        """A debit of one invoice, sent and, unless told otherwise, booked."""
        mandate = mandate or cls.mandate
        invoice = cls._make_invoice(
            mandate.partner_id,
            amount,
            due=due,
            invoice_date=cls._day(min(due, day) - 40),
        )
        return cls._debit_items(cls._items(invoice), mandate, day=day, booked=booked)

    @classmethod
    def _debit_items(cls, items, mandate=None, day=-3, booked=True):
        """A collection of one debit of receivable items, as the bank has it."""
        mandate = mandate or cls.mandate
        date = target_calendar.next_open(cls._day(day)) if day >= 0 else cls._day(day)
        while not target_calendar.is_open(date):
            date -= timedelta(days=1)
        collections = cls.env["recouvrement.sepa.collection"].sudo()
        collection = collections.create(
            {
                "company_id": mandate.company_id.id,
                "journal_id": cls.bank.id,
                "scheme": mandate.scheme,
                "date": date,
                "date_until": date,
            }
        )
        line = collection.line_ids.create(cls._prepare_line(collection, mandate, items))
        file = cls.env["ir.attachment"].create({"name": "pain.008", "raw": b"<a/>"})
        collection.write(
            {
                "state": "sent",
                "version": "08",
                "message_id": collection.name,
                "file_id": file.id,
                "file_sha256": "0" * 64,
            }
        )
        collection._refresh_totals()
        if booked:
            collection._book()
        return line

    @classmethod
    def _prepare_line(cls, collection, mandate, items):
        company = collection.company_id
        common = {"company_id": company.id, "currency_id": company.currency_id.id}
        return {
            **common,
            "collection_id": collection.id,
            "debtor_id": mandate.debtor_id.id,
            "mandate_id": mandate.id,
            "amount": sum(items.mapped("amount_residual")),
            "date": collection.date,
            "state": "presented",
            "live": True,
            "end_to_end_id": f"{collection.name}-1",
            "payment_info_id": f"{collection.name}-RCUR",
            "scheme": mandate.scheme,
            "sequence_type": "RCUR",
            "rum": mandate.name,
            "creditor_identifier": mandate.creditor_identifier,
            "signed_on": mandate.date_signed,
            "iban": mandate.iban,
            "debtor_name": mandate.account_holder,
            "item_ids": [
                Command.create(
                    {
                        **common,
                        "collection_id": collection.id,
                        "debtor_id": mandate.debtor_id.id,
                        "move_line_id": item.id,
                        "name": item.move_id.name,
                        "date_due": item.date_maturity,
                        "amount": item.amount_residual,
                        "live": True,
                    }
                )
                for item in items
            ],
        }

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
