from odoo import fields, models


class RecouvrementInteractionCancel(models.TransientModel):
    _name = "recouvrement.interaction.cancel"
    _description = "Cancel a Contact"

    interaction_ids = fields.Many2many(
        "recouvrement.interaction",
        "recouvrement_interaction_cancel_rel",
        string="Contacts",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.interaction_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
