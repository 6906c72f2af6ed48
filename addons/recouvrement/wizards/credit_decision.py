from odoo import fields, models


class RecouvrementCreditDecision(models.TransientModel):
    """Terms and limit that are granted to a customer, or not."""

    _name = "recouvrement.credit.decision"
    _description = "Decide on the Credit"

    file_id = fields.Many2one(
        "recouvrement.credit.file", string="Customer File", required=True
    )
    currency_id = fields.Many2one(related="file_id.currency_id")
    proposal = fields.Html(related="file_id.proposal")
    amount = fields.Monetary(string="Limit", required=True)
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Payment Terms", required=True
    )
    reason = fields.Text(help="Needed to refuse, or to leave the proposal.")

    def action_grant(self):
        self.ensure_one()
        self.file_id._grant(self.amount, self.payment_term_id, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        self.ensure_one()
        self.file_id._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
