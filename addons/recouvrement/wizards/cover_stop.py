from odoo import fields, models


class RecouvrementCoverStop(models.TransientModel):
    _name = "recouvrement.cover.stop"
    _description = "Stop a Cover or Have It Insure Again"

    cover_ids = fields.Many2many(
        "recouvrement.cover", "recouvrement_cover_stop_rel", required=True
    )
    step = fields.Selection(
        [("stop", "Stop"), ("resume", "Insure Again")], required=True, default="stop"
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        if self.step == "stop":
            self.cover_ids._stop_by_hand(self.reason)
        else:
            self.cover_ids._resume_by_hand(self.reason)
        return {"type": "ir.actions.act_window_close"}
