from odoo import fields, models

from .delay_table import SIDES

CATEGORIES = [
    ("late", "Late"),
    ("zero", "0 Day"),
    ("not_due", "Not Late"),
    ("disputed", "Excluded: Disputed"),
    ("unbooked", "Excluded: Not Booked"),
    ("penalty", "Penalty Invoice"),
    ("credit_note", "Credit Note"),
    ("payment", "Payment to Allocate"),
    ("other", "Other Entry"),
]


class RecouvrementDelayTableLine(models.Model):
    """One item of a payment-delay table, as it was when the table was computed."""

    _name = "recouvrement.delay.table.line"
    _description = "Item of a Payment-delay Table"
    _inherit = ["recouvrement.guarded"]
    _order = "days desc, id"
    _rec_name = "name"
    _log_access = False

    table_id = fields.Many2one(
        "recouvrement.delay.table",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    side = fields.Selection(SIDES, string="Invoices", required=True, readonly=True)
    category = fields.Selection(CATEGORIES, required=True, readonly=True)
    bucket = fields.Integer(
        string="Column",
        readonly=True,
        aggregator=None,
        help="0 is no delay, 1 the shortest.",
    )
    unit = fields.Integer(
        string="Invoice Key",
        readonly=True,
        aggregator="count_distinct",
        help="The same for the instalments of one invoice.",
    )
    is_invoice = fields.Boolean(
        readonly=True, help="Counts in the number of invoices; a credit note does not."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="table_id.currency_id")
    move_id = fields.Many2one(
        "account.move",
        string="Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    ref = fields.Char(string="Reference", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(
        string="Term", readonly=True, help="By the reference delays of the table."
    )
    date_paid = fields.Date(string="Paid On", readonly=True)
    days = fields.Integer(readonly=True, aggregator="max")
    amount = fields.Monetary(string="Including Taxes", readonly=True)
    amount_untaxed = fields.Monetary(string="Excluding Taxes", readonly=True)
    item_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary(
        string="In Own Currency", currency_field="item_currency_id", readonly=True
    )

    def action_open_document(self):
        """Open the document behind the item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
