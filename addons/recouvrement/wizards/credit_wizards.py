from odoo import fields, models


class RecouvrementCreditReleaseWizard(models.TransientModel):
    """Why a document above the limit should pass."""

    _name = "recouvrement.credit.release.wizard"
    _description = "Ask for a Release"

    move_id = fields.Many2one("account.move", string="Document", required=True)
    warning = fields.Char(related="move_id.credit_warning")
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.env["recouvrement.credit.release"]._request(self.move_id, self.reason)
        return {"type": "ir.actions.act_window_close"}


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
