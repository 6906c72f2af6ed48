"""Collections that left, and verbs of the bank: books, returns."""

from datetime import timedelta

from odoo import Command

from ..tools.target_calendar import next_open
from .collection_common import CollectionCommon


class LedgerCommon(CollectionCommon):
    """A bank with its accounts; ``_collect`` makes a collection that the bank has."""

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
        cls.bank.write(
            {
                "sepa_transit_account_id": cls.transit.id,
                "sepa_fee_account_id": cls.fees.id,
            }
        )
        cls.collections = cls.env["recouvrement.sepa.collection"].sudo()

    @classmethod
    def _collect(cls, groups, day=0, state="sent", **vals):
        """A collection of lists of receivable items, one direct debit each.

        :param groups: recordsets of receivable items, or of moves.
        """
        date = cls.today + timedelta(days=day)
        collection = cls.collections.create(
            {
                "company_id": cls.company.id,
                "journal_id": cls.bank.id,
                "scheme": "CORE",
                "date": next_open(date),
                "date_until": date,
                **vals,
            }
        )
        cls._move_on(collection, date, state)
        for number, group in enumerate(groups, start=1):
            items = cls._items(group) if group._name == "account.move" else group
            cls._make_debit(collection, items, number)
        return collection

    @classmethod
    def _move_on(cls, collection, date, state):
        """As if its file had been made; on any day, so that tests run every day."""
        file = cls.env["ir.attachment"].create({"name": "file.xml", "raw": b"<a/>"})
        collection.flush_recordset()
        cls.env.cr.execute(
            """UPDATE recouvrement_sepa_collection
                  SET date = %s, state = %s, file_id = %s, file_sha256 = 'x',
                      message_id = name
                WHERE id = %s""",
            [date, state, file.id, collection.id],
        )
        collection.invalidate_recordset()

    @classmethod
    def _make_debit(cls, collection, items, number):
        debtor = cls._debtor(items.partner_id)
        return (
            cls.env["recouvrement.sepa.collection.line"]
            .sudo()
            .create(cls._prepare_debit(collection, debtor, items, number))
        )

    @classmethod
    def _prepare_debit(cls, collection, debtor, items, number):
        common = {
            "company_id": collection.company_id.id,
            "debtor_id": debtor.id,
            "currency_id": collection.currency_id.id,
        }
        mandate = cls.mandate if number == 1 else cls.mandate.copy()
        return {
            **common,
            "collection_id": collection.id,
            "mandate_id": mandate.id,
            "scheme": "CORE",
            "sequence_type": "RCUR",
            "rum": cls.mandate.name,
            "creditor_identifier": cls.mandate.creditor_identifier,
            "signed_on": cls.mandate.date_signed,
            "iban": cls.mandate.iban,
            "debtor_name": debtor.partner_id.name,
            "amount": sum(items.mapped("amount_residual")),
            "end_to_end_id": f"E2E-{collection.id}-{number}",
            "payment_info_id": f"{collection.name}-RCUR",
            "date": collection.date,
            "state": "presented",
            "live": True,
            "item_ids": [
                Command.create(
                    {
                        **common,
                        "collection_id": collection.id,
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
    def _bank_line(cls, amount, day=0, journal=None):
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": (journal or cls.bank).id,
                "date": cls._day(day),
                "amount": amount,
                "payment_ref": "PRLV SEPA",
            }
        )

    def _open(self, as_of=None):
        """``{line id: residual}`` of the debtor's customer on a day."""
        items = self.env["recouvrement.open.item"]
        self.env.flush_all()
        rows = self.env.execute_query(items._open_lines_sql(as_of))
        return {row[0]: float(row[-1]) for row in rows}
