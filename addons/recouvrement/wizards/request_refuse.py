from odoo import fields, models


class RecouvrementRequestRefuse(models.TransientModel):
    """The reason for which requests are refused, in words the customer reads."""

    _name = "recouvrement.request.refuse"
    _description = "Refuse a Customer Request"

    request_ids = fields.Many2many(
        "recouvrement.request",
        "recouvrement_request_refuse_rel",
        string="Requests",
        required=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.request_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
