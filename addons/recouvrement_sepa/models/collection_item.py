"""What a debit collects: an invoice, an instalment of one, or a credit deducted."""

from odoo import fields, models


class RecouvrementSepaCollectionItem(models.Model):
    _name = "recouvrement.sepa.collection.item"
    _description = "Item of a Direct Debit"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"
    _rec_name = "name"

    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Debit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    collection_id = fields.Many2one(
        "recouvrement.sepa.collection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    installment_id = fields.Many2one(
        "recouvrement.payment.plan.installment",
        string="Instalment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    name = fields.Char(string="Document", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    amount = fields.Monetary(
        required=True, readonly=True, help="Negative for a credit that is deducted."
    )
    live = fields.Boolean(readonly=True)
    line_state = fields.Selection(related="line_id.state", string="Debit Is")

    # Credits may be shared among debits; their total is checked under lock.
    _one_live_collection = models.UniqueIndex(
        "(move_line_id, COALESCE(installment_id, 0)) WHERE live AND amount > 0",
        "An item is already in another direct debit collection.",
    )
    _live_idx = models.Index("(move_line_id) INCLUDE (line_id, amount) WHERE live")
