"""The rating on the debtor account."""

from odoo import api, fields, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    rating_id = fields.Many2one(
        "recouvrement.rating", string="Current Rating", compute="_compute_rating_id"
    )
    rating_grade_id = fields.Many2one(
        "recouvrement.rating.grade",
        string="Rating",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rating_level = fields.Selection(related="rating_grade_id.level")
    rating_score = fields.Float(
        string="Score", digits=(5, 1), readonly=True, copy=False, aggregator="avg"
    )
    rating_date = fields.Date(string="Rated On", readonly=True, copy=False)
    rating_change = fields.Integer(
        string="Grades Gained", readonly=True, copy=False, aggregator=None
    )
    rating_ids = fields.One2many("recouvrement.rating", "debtor_id", readonly=True)
    rating_explanation = fields.Html(
        related="rating_id.explanation", string="What the Rating Is Made of"
    )
    is_natural_person = fields.Boolean(compute="_compute_is_natural_person")

    @api.depends("rating_ids.is_current")
    def _compute_rating_id(self):
        current = self.env["recouvrement.rating"].search(
            [("debtor_id", "in", self.ids), ("is_current", "=", True)]
        )
        by_debtor = {rating.debtor_id.id: rating for rating in current}
        for debtor in self:
            debtor.rating_id = by_debtor.get(debtor._origin.id)

    @api.depends("partner_id.is_company")
    def _compute_is_natural_person(self):
        for debtor in self:
            debtor.is_natural_person = not debtor.partner_id.is_company

    # EXTENDS 'recouvrement'
    def _get_rating(self):
        grade = self.rating_grade_id
        if not grade:
            return super()._get_rating()
        return {"label": f"{grade.code} · {grade.name}", "level": grade.level}

    def action_rate(self):
        """Compute the rating of these debtors again, now."""
        self.check_access("write")
        self.env["recouvrement.rating"]._compute_debtors(self)

    def action_decide_rating(self):
        """Decide on the grade instead of the computation."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on the Rating"),
            "res_model": "recouvrement.rating.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_debtor_ids": self.ids},
        }

    def action_view_ratings(self):
        """The grades the debtor has had."""
        return self._action_related("recouvrement_rating_action")
