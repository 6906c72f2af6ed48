from odoo import fields, models
from odoo.fields import Command


class RecouvrementHoldWizard(models.TransientModel):
    _name = "recouvrement.hold.wizard"
    _description = "Put Debtors on Hold"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_hold_wizard_debtor_rel",
        string="Debtors",
        required=True,
        default=lambda self: self._default_debtor_ids(),
    )
    until = fields.Date(required=True)
    reason = fields.Char(required=True)

    def _default_debtor_ids(self):
        if self.env.context.get("active_model") != "recouvrement.debtor":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    def action_confirm(self):
        self.ensure_one()
        self.debtor_ids._hold(self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
