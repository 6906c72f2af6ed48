from odoo import fields, models


class RecouvrementLitigationStepUndo(models.TransientModel):
    _name = "recouvrement.litigation.step.undo"
    _description = "Take Back a Step"

    step_id = fields.Many2one(
        "recouvrement.litigation.step", required=True, ondelete="cascade"
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.step_id._undo(self.reason)
        return {"type": "ir.actions.act_window_close"}
