from odoo import fields, models

KINDS = [("accounts", "Account Review"), ("committee", "Credit Committee")]
RULES = [
    ("biggest", "Biggest Overdue Amounts"),
    ("oldest", "Oldest Overdue Items"),
    ("risk", "Highest Priority"),
    ("disputed", "Disputed"),
    ("broken_promise", "Promises Not Kept"),
    ("plan_default", "Instalment Plans Not Respected"),
    ("silence", "No Contact"),
    ("limit", "Limit Date Near"),
    ("salesperson", "Biggest of Each Salesperson"),
    ("doubtful", "Doubtful Debtors"),
    ("credit_limit", "Credit Limit Exceeded"),
]


class RecouvrementReviewSection(models.Model):
    """Part of the agenda of a review: which debtors come on it, and how many.

    ``review_candidates.py`` finds them.
    """

    _name = "recouvrement.review.section"
    _description = "Section of an Account Review"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="accounts")
    sequence = fields.Integer(default=50)
    rule = fields.Selection(RULES, string="Debtors", required=True)
    max_count = fields.Integer(
        string="At Most",
        required=True,
        default=10,
        help="Number of debtors; for each salesperson where the section goes by "
        "salesperson.",
    )
    days = fields.Integer(
        default=30,
        help="No contact: for so many days. Promises not kept: decided since so many "
        "days. Limit date: within so many days. The other sections do not use it.",
    )
    minimum = fields.Float(
        string="Minimum Amount",
        digits=(16, 2),
        help="Overdue amount, or open amount for doubtful debtors, limit dates and "
        "credit limits, from which a debtor is listed, in the currency of the company.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain="[('parent_id', '=', False)]",
        help="Empty: every company.",
    )
    active = fields.Boolean(default=True)

    _max_count_positive = models.Constraint(
        "CHECK (max_count > 0)", "A section lists at least one debtor."
    )
    _days_positive = models.Constraint(
        "CHECK (days >= 0)", "A number of days is zero or more."
    )
