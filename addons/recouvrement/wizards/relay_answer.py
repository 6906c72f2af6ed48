from odoo import api, fields, models

from ..models.relay import OUTCOMES


class RecouvrementRelayAnswer(models.TransientModel):
    _name = "recouvrement.relay.answer"
    _description = "Answer of a Relay"

    relay_id = fields.Many2one("recouvrement.relay", required=True, ondelete="cascade")
    question = fields.Text(compute="_compute_question")
    outcome = fields.Selection(OUTCOMES[:-1], string="Result", required=True)
    answer = fields.Text()
    answer_date = fields.Date(string="Payment Announced For")

    @api.depends("relay_id")
    def _compute_question(self):
        """For who may answer: the person asked may have no right on the debtor."""
        for wizard in self:
            wizard.relay_id._check_answerer()
            wizard.question = wizard.sudo().relay_id.question

    def action_confirm(self):
        self.ensure_one()
        self.relay_id._check_answerer()
        self.relay_id._answer(self.outcome, self.answer, self.answer_date)
        return {"type": "ir.actions.act_window_close"}
