from odoo.addons.recouvrement.tests.common import RecouvrementCommon


class DisputeCommon(RecouvrementCommon):
    """A customer with two invoices that are 20 days overdue, of 1000 and 500."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor("Menuiserie Roy", items=((1000, -20), (500, -20)))
        cls.partner = cls.debtor.partner_id
        cls.big, cls.small = cls._items(cls._invoices(cls.partner)).sorted(
            "amount_residual", reverse=True
        )

    @classmethod
    def _invoices(cls, partner):
        return cls.env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")]
        )

    @classmethod
    def _open(cls, *pairs, code="price", text="Wrong price", **vals):
        """A dispute on ``(item, amount or None)`` pairs of one customer."""
        partner = pairs[0][0].partner_id
        debtor = cls._debtor(partner, pairs[0][0].company_id.root_id)
        return debtor._open_dispute(list(pairs), code, text, **vals)

    @classmethod
    def _process(cls):
        """What a commit does: the ledger judges."""
        cls.env["recouvrement.debtor"]._process_dirty()
        cls.env.flush_all()

    @classmethod
    def _asked(cls, debtor, day=0):
        """What a campaign would ask of each item: ``{item id: amount}``."""
        return {
            decision.id: decision.amount_residual_currency
            for decision in cls._decisions(debtor, day)
            if decision.role in ("chase", "recall")
        }

    @classmethod
    def _credit(cls, move, amount=None, post=True):
        """A credit note of an invoice, by Odoo's own button, matched when posted."""
        credit = move._reverse_moves([{"invoice_date": cls.today}])
        if amount is not None:
            credit.invoice_line_ids.price_unit = amount
        if post:
            credit.action_post()
            cls._process()
        return credit
