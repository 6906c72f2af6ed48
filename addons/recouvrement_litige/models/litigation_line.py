from odoo import fields, models


class RecouvrementLitigationLine(models.Model):
    """An item that was transferred to a litigation file."""

    _name = "recouvrement.litigation.line"
    _description = "Item of a Litigation File"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"
    _rec_name = "name"

    litigation_id = fields.Many2one(
        "recouvrement.litigation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Entry")
    name = fields.Char(string="Document", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_transferred = fields.Monetary(
        string="Transferred", readonly=True, help="Open amount on the day it came."
    )
    amount_company = fields.Monetary(
        string="Transferred (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Amount"
    )
    limit_date = fields.Date(related="move_line_id.limit_date")
    is_live = fields.Boolean(
        readonly=True, default=True, help="The file keeps it out of the reminders."
    )

    _one_live_file_per_item = models.UniqueIndex(
        "(move_line_id) WHERE is_live", "This item is in another litigation file."
    )
