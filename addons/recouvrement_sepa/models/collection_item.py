"""What a debit collects: an invoice, an instalment of one, or a credit deducted.

Tens of thousands are written at once: who, when, for whom and in which collection is
said once, by their debit.
"""

from odoo import fields, models


class RecouvrementSepaCollectionItem(models.Model):
    _name = "recouvrement.sepa.collection.item"
    _description = "Item of a Direct Debit"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"
    _rec_name = "name"
    _log_access = False

    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Debit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    collection_id = fields.Many2one(related="line_id.collection_id")
    company_id = fields.Many2one(related="line_id.company_id")
    debtor_id = fields.Many2one(related="line_id.debtor_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
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
    _live_idx = models.Index(
        "(move_line_id) INCLUDE (line_id, installment_id, amount) WHERE live"
    )
