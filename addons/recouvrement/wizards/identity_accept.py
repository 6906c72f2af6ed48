from odoo import fields, models


class RecouvrementIdentityAccept(models.TransientModel):
    _name = "recouvrement.identity.accept"
    _description = "Accept Anomalies as They Are"

    finding_ids = fields.Many2many(
        "recouvrement.identity.finding",
        "recouvrement_identity_accept_rel",
        string="Anomalies",
        required=True,
    )
    reason = fields.Char(
        required=True,
        help="Kept with the anomaly, which comes back when the data change.",
    )

    def action_confirm(self):
        self.finding_ids._accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
