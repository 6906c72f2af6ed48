from odoo import fields, models


class RecouvrementCreditReleaseWizard(models.TransientModel):
    """Why a document above the limit should pass."""

    _name = "recouvrement.credit.release.wizard"
    _description = "Ask for a Release"

    move_id = fields.Many2one("account.move", string="Document")
    warning = fields.Char(related="move_id.credit_warning")
    order_id = fields.Integer(string="Id of the Order")
    order_amount = fields.Float(
        string="Up to the Amount",
        digits="Product Price",
        help="Of the order, taxes included, in its currency.",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        releases = self.env["recouvrement.credit.release"]
        if not self.order_id:
            releases._request(self.move_id, self.reason)
            return {"type": "ir.actions.act_window_close"}
        release = releases._request_order(self.order_id, self.reason, self.order_amount)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._describe_result(release),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_result(self, release):
        if release.sudo().state == "released":
            return self.env._("Released: this order may be confirmed now.")
        return self.env._("Asked for: this order waits among the blocked documents.")


class RecouvrementCreditRefusal(models.TransientModel):
    """Why a credit limit is refused."""

    _name = "recouvrement.credit.refusal"
    _description = "Refuse a Credit Limit"

    limit_ids = fields.Many2many(
        "recouvrement.credit.limit",
        "recouvrement_credit_refusal_limit_rel",
        string="Limits",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.limit_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
