from odoo import fields, models

from ..models.relay import OUTCOMES


class RecouvrementRelayAnswer(models.TransientModel):
    _name = "recouvrement.relay.answer"
    _description = "Answer of a Relay"

    relay_id = fields.Many2one("recouvrement.relay", required=True, ondelete="cascade")
    question = fields.Text(related="relay_id.question")
    outcome = fields.Selection(OUTCOMES[:-1], string="Result", required=True)
    answer = fields.Text()
    answer_date = fields.Date(string="Payment Announced For")

    def action_confirm(self):
        self.ensure_one()
        self.relay_id._check_answerer()
        self.relay_id._answer(self.outcome, self.answer, self.answer_date)
        return {"type": "ir.actions.act_window_close"}
