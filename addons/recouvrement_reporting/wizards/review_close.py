from odoo import fields, models


class RecouvrementReviewClose(models.TransientModel):
    """What came of decisions."""

    _name = "recouvrement.review.close"
    _description = "Close Decisions of a Review"

    decision_ids = fields.Many2many(
        "recouvrement.review.decision",
        "recouvrement_review_close_rel",
        string="Decisions",
        required=True,
    )
    outcome = fields.Selection(
        [("done", "Carried Out"), ("dropped", "Dropped")], required=True, default="done"
    )
    result = fields.Text(help="What came of it.")

    def action_confirm(self):
        self.ensure_one()
        if self.outcome == "done":
            self.decision_ids.action_done(self.result)
        else:
            self.decision_ids.action_drop(self.result)
        return {"type": "ir.actions.act_window_close"}
