from odoo import fields, models


class RecouvrementInsolvencyDividend(models.Model):
    """What a plan or a liquidator announces to pay on a day; what came in is in the
    ledger."""

    _name = "recouvrement.insolvency.dividend"
    _description = "Dividend of Insolvency Proceedings"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"
    _rec_name = "date_due"

    insolvency_id = fields.Many2one(
        "recouvrement.insolvency",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="insolvency_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="insolvency_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_due = fields.Date(string="Announced For", required=True, readonly=True)
    percent = fields.Float(
        string="Share (%)", digits=(5, 2), readonly=True, aggregator=None
    )
    amount = fields.Monetary(string="Expected", readonly=True)
    received = fields.Monetary(
        readonly=True, help="Receipts since the admission, the oldest dividend first."
    )
    state = fields.Selection(
        [
            ("due", "To Come"),
            ("partly", "Partly Received"),
            ("received", "Received"),
            ("late", "Late"),
        ],
        default="due",
        required=True,
        readonly=True,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A dividend is an amount above zero."
    )
