from odoo import fields, models

from ..models.litigation import OUTCOMES


class RecouvrementLitigationClose(models.TransientModel):
    """Ends a file; an irrecoverable one goes on to the write-off form."""

    _name = "recouvrement.litigation.close"
    _description = "Close a Litigation File"

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, ondelete="cascade"
    )
    outcome = fields.Selection(OUTCOMES, required=True, default="settlement")
    reason = fields.Text(required=True)
    currency_id = fields.Many2one(related="litigation_id.currency_id")
    amount_open = fields.Monetary(related="litigation_id.amount_open")
    write_off = fields.Boolean(
        string="Propose the Write-off",
        default=True,
        help="The form of write-offs opens.",
    )

    def action_confirm(self):
        self.ensure_one()
        litigation = self.litigation_id
        litigation._close(self.outcome, self.reason)
        may_propose = self.env["recouvrement.write.off"].has_access("write")
        wanted = self.outcome == "irrecoverable" and self.write_off and may_propose
        if wanted and litigation.amount_open > 0:
            return litigation.action_write_off()
        return {"type": "ir.actions.act_window_close"}
