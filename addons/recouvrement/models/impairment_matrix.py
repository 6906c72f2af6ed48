from odoo import api, fields, models

from .selections import AGE_BUCKETS


class RecouvrementImpairmentMatrix(models.Model):
    """Expected loss by age, for one segment or for all that have no row of theirs."""

    _name = "recouvrement.impairment.matrix"
    _description = "Loss Rate by Age"
    _order = "company_id, segment_id, age_bucket, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        index=True,
    )
    segment_id = fields.Many2one(
        "recouvrement.segment",
        index="btree_not_null",
        help="Empty: every segment without a row of its own for that age.",
    )
    age_bucket = fields.Selection(AGE_BUCKETS, string="Age", required=True)
    rate = fields.Float(string="Loss (%)", digits=(5, 2), aggregator=None)
    proposed_rate = fields.Float(
        string="Proposed (%)",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="From the company's own past month-ends.",
    )
    has_proposal = fields.Boolean(readonly=True)
    proposal_note = fields.Char(string="Where It Comes From", readonly=True)

    _bucket_uniq = models.UniqueIndex(
        "(company_id, COALESCE(segment_id, 0), age_bucket)",
        "There is one rate per company, segment and age.",
    )
    _rate_range = models.Constraint(
        "CHECK (rate BETWEEN 0 AND 100)", "A rate lies between 0 and 100 %."
    )

    @api.depends("segment_id", "age_bucket", "rate")
    def _compute_display_name(self):
        labels = dict(self._fields["age_bucket"]._description_selection(self.env))
        for row in self:
            segment = row.segment_id.name or self.env._("All segments")
            row.display_name = f"{segment}, {labels.get(row.age_bucket)}"

    def action_use_proposal(self):
        """Take the proposed rates over."""
        for row in self.filtered("has_proposal"):
            row.rate = row.proposed_rate
