from odoo import fields, models


class RecouvrementStopWizard(models.TransientModel):
    _name = "recouvrement.stop.wizard"
    _description = "Stop a Dunning Policy"

    policy_ids = fields.Many2many(
        "recouvrement.dunning.policy",
        "recouvrement_stop_wizard_policy_rel",
        string="Policies",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Char(
        required=True, help="Shown wherever someone asks why nobody is chased."
    )

    def action_confirm(self):
        self.policy_ids.write({"state": "stopped", "stop_reason": self.reason})
        return {"type": "ir.actions.act_window_close"}
