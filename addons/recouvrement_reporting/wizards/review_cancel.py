from odoo import fields, models


class RecouvrementReviewCancel(models.TransientModel):
    """The reason for which a review does not take place or does not count."""

    _name = "recouvrement.review.cancel"
    _description = "Cancel an Account Review"

    review_ids = fields.Many2many(
        "recouvrement.review",
        "recouvrement_review_cancel_rel",
        string="Reviews",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.review_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
