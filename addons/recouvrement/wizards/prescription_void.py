from odoo import fields, models


class RecouvrementPrescriptionVoid(models.TransientModel):
    _name = "recouvrement.prescription.void"
    _description = "Make Prescription Events Void"

    event_ids = fields.Many2many(
        "recouvrement.prescription.event",
        "recouvrement_prescription_void_rel",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.event_ids._set_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
