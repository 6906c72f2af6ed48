from odoo import fields, models


class RecouvrementReviewAdd(models.TransientModel):
    """Debtors that no section found and that are to be spoken of all the same."""

    _name = "recouvrement.review.add"
    _description = "Add Debtors to a Review"

    review_id = fields.Many2one("recouvrement.review", required=True)
    company_id = fields.Many2one(related="review_id.company_id")
    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_review_add_rel",
        string="Debtors",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )

    def action_confirm(self):
        """Those that are on the agenda already stay as they are."""
        self.ensure_one()
        present = self.review_id.sudo().item_ids.debtor_id
        self.env["recouvrement.review.item"].create(
            [
                {"review_id": self.review_id.id, "debtor_id": debtor.id}
                for debtor in self.debtor_ids
                if debtor not in present
            ]
        )
        return {"type": "ir.actions.act_window_close"}
