from odoo import fields, models


class RecouvrementMutationRefuse(models.TransientModel):
    """The reason for which a change of manager is refused or sent back."""

    _name = "recouvrement.mutation.refuse"
    _description = "Refuse a Change of Property Manager"

    mutation_id = fields.Many2one("recouvrement.mutation", required=True)
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.ensure_one()
        self.mutation_id.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_back(self):
        """Give it back to be completed."""
        self.ensure_one()
        self.mutation_id.action_back(self.reason)
        return {"type": "ir.actions.act_window_close"}
