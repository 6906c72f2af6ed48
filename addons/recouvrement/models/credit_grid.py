"""What each grade may be granted: rules of the house, as data."""

from odoo import api, fields, models


class RecouvrementCreditGrid(models.Model):
    _name = "recouvrement.credit.grid"
    _description = "Credit Grid"
    _order = "rank, id"
    _rec_name = "grade_id"

    grade_id = fields.Many2one(
        "recouvrement.rating.grade",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: customers that are not rated.",
    )
    rank = fields.Integer(related="grade_id.rank", store=True)
    highest_amount = fields.Float(
        string="Highest Limit",
        digits=(16, 2),
        aggregator=None,
        help="In the currency of the company.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Payment Terms", required=True
    )
    incomplete_share = fields.Integer(
        string="While the File Is Incomplete (%)",
        default=50,
        aggregator=None,
        help="Part of the limit that is proposed until required pieces are checked.",
    )
    review_months = fields.Integer(
        string="Reviewed after (Months)", default=12, aggregator=None
    )

    _grade_uniq = models.UniqueIndex(
        "(COALESCE(grade_id, 0))", "The grid has a line for this grade already."
    )
    _check_share = models.Constraint(
        "CHECK (incomplete_share BETWEEN 0 AND 100)",
        "A part lies between 0 and 100 %.",
    )
    _check_amount = models.Constraint(
        "CHECK (highest_amount >= 0)", "A credit limit cannot be negative."
    )
    _check_review = models.Constraint(
        "CHECK (review_months > 0)", "A review comes after a month at least."
    )

    @api.depends("grade_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.grade_id.display_name or self.env._("Not rated")

    @api.model
    def _find_line(self, grade):
        """The line of a grade; that of customers not rated when it has none."""
        lines = self.search([("grade_id", "in", [grade.id, False])])
        return lines.filtered("grade_id")[:1] or lines[:1]
