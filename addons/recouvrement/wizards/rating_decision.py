from dateutil.relativedelta import relativedelta

from odoo import fields, models


class RecouvrementRatingDecision(models.TransientModel):
    """A grade that a credit manager gives, with the reason and until when."""

    _name = "recouvrement.rating.decision"
    _description = "Decide on the Rating"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_rating_decision_debtor_rel",
        string="Debtors",
        required=True,
    )
    grade_id = fields.Many2one("recouvrement.rating.grade", required=True)
    reason = fields.Text(required=True)
    date_expiry = fields.Date(
        string="Valid Until",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=6),
    )

    def action_confirm(self):
        self.ensure_one()
        self.env["recouvrement.rating"]._decide(
            self.debtor_ids, self.grade_id, self.reason, self.date_expiry
        )
        return {"type": "ir.actions.act_window_close"}
