from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestCollectionLedgerSpeed(LedgerCommon):
    """Grouped: more debits need hardly more queries (ORM batches of 1,000 rows)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {n}", "is_company": True} for n in range(12)]
        )

    def _make_invoices(self, count):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partners[n % len(self.partners)].id,
                    "invoice_date": self.today - timedelta(days=40),
                    "invoice_date_due": self.today - timedelta(days=10),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 10 + n, "tax_ids": False}
                        )
                    ],
                }
                for n in range(count)
            ]
        )
        moves.action_post()
        return moves

    def _make_collection(self, count):
        moves = self._make_invoices(count)
        collection = self._collect([moves[0]])
        mandates = self.env["recouvrement.sepa.mandate"].create(
            [
                {
                    "debtor_id": self.debtor.id,
                    "scheme": "CORE",
                    "iban": self.mandate.iban,
                }
                for _move in moves[1:]
            ]
        )
        self.env["recouvrement.sepa.collection.line"].sudo().create(
            [
                {
                    **self._prepare_debit(
                        collection, self._debtor(move.partner_id), self._items(move), n
                    ),
                    "mandate_id": mandate.id,
                }
                for n, (move, mandate) in enumerate(
                    zip(moves[1:], mandates, strict=True), start=2
                )
            ]
        )
        self._forget()
        return collection

    def _forget(self):
        self.env.flush_all()
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()
        self.env.invalidate_all()

    def _count(self, action):
        self._forget()
        before = self.env.cr.sql_log_count
        action()
        self.env.flush_all()
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _measure(self, count):
        """Queries of the whole life of a collection: booked, settled, half returned."""
        collection = self._make_collection(count)
        amount = sum(collection.line_ids.mapped("amount"))
        booked = self._count(collection._book)
        bank = self._bank_line(amount)
        settled = self._count(lambda: collection._settle(bank))
        returned = collection.line_ids[: count // 2]
        undone = self._count(lambda: returned._undo(self.today))
        lines = self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": self.bank.id,
                    "date": self.today,
                    "amount": -line.amount,
                    "payment_ref": line.end_to_end_id,
                }
                for line in returned
            ]
        )
        pairs = dict(zip(lines, returned, strict=True))
        each = self._count(lambda: returned._settle_each(pairs))
        self.assertTrue(all(line.is_reconciled for line in lines))
        return {"book": booked, "settle": settled, "undo": undone, "each": each}

    def test_queries_do_not_grow_with_the_debits(self):
        self._measure(6)
        few, many = self._measure(20), self._measure(60)
        growth = {step: many[step] - few[step] for step in few}
        self.assertLess(sum(growth.values()), 12, (few, many))
