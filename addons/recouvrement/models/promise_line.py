from odoo import fields, models


class RecouvrementPromiseLine(models.Model):
    """An item that was promised, with what had been matched with it by then."""

    _name = "recouvrement.promise.line"
    _description = "Promised Item"
    _order = "promise_id desc, id"
    _rec_name = "move_line_id"

    promise_id = fields.Many2one(
        "recouvrement.promise",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="promise_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="promise_id.company_id", store=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    base_residual = fields.Monetary(
        string="Open When Promised",
        readonly=True,
        help="Open amount when the promise was made.",
    )
    residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Now"
    )
    base_received = fields.Monetary(readonly=True)
    base_otherwise = fields.Monetary(readonly=True)
    base_later = fields.Monetary(readonly=True)
    is_live = fields.Boolean(
        readonly=True, help="The promise on this item waits for its payment."
    )

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        "An item has one open promise at a time.",
    )
