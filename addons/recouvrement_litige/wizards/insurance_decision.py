from odoo import fields, models


class RecouvrementInsuranceDecision(models.TransientModel):
    _name = "recouvrement.insurance.decision"
    _description = "Credit Insurance Event Done"

    event_id = fields.Many2one(
        "recouvrement.insurance.event", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(related="event_id.kind")
    currency_id = fields.Many2one(related="event_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    reference = fields.Char(string="Reference of the Insurer")
    indemnity = fields.Monetary()

    def action_confirm(self):
        self.ensure_one()
        self.event_id._do(self.date, self.reference, self.indemnity)
        return {"type": "ir.actions.act_window_close"}
