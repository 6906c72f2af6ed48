from odoo import fields, models

HEADS = [
    ("principal", "Principal"),
    ("interest", "Late Interest"),
    ("indemnity", "Fixed Indemnity"),
    ("penalties", "Penalties Invoiced"),
    ("clause", "Penalty Clause"),
    ("costs", "Costs"),
    ("article_700", "Article 700"),
    ("credits", "Credit"),
]


class RecouvrementLitigationClaimRow(models.Model):
    """One figure of a claim and where it comes from. Amounts are in the currency of
    the item; ``amount_company`` is at the rate of the day of the claim."""

    _name = "recouvrement.litigation.claim.row"
    _description = "Row of a Claim"
    _inherit = ["recouvrement.guarded"]
    _order = "claim_id, sequence, id"
    _rec_name = "name"

    claim_id = fields.Many2one(
        "recouvrement.litigation.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="claim_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    sequence = fields.Integer(readonly=True)
    head = fields.Selection(HEADS, required=True, readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Up To", readonly=True)
    days = fields.Integer(readonly=True, aggregator=None)
    half_year = fields.Char(readonly=True)
    rate = fields.Float(
        string="Rate (%)", digits=(8, 4), readonly=True, aggregator=None
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    base = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Original amount of the document, or what bears the interest.",
    )
    settled = fields.Monetary(
        string="Paid or Credited",
        readonly=True,
        help="On the item up to the day of the claim, in its currency.",
    )
    settled_company = fields.Monetary(
        string="Paid or Credited (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)
    amount_company = fields.Monetary(
        string="Amount (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
