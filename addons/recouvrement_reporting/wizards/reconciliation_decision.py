import base64

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementReconciliationDecision(models.TransientModel):
    """What is decided about minutes with a word of explanation or a document."""

    _name = "recouvrement.reconciliation.decision"
    _description = "Decide on a Reconciliation"

    reconciliation_id = fields.Many2one(
        "recouvrement.reconciliation", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("resolve", "Settle Differences"),
            ("paper", "Signed on Paper"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    difference_model = fields.Selection(
        [
            ("recouvrement.reconciliation.line", "Our Items"),
            ("recouvrement.reconciliation.extra", "Items of the Customer"),
        ],
        readonly=True,
    )
    difference_ids = fields.Json(readonly=True)
    reason = fields.Char()
    date = fields.Date(default=fields.Date.context_today)
    name = fields.Char(string="Signed By", help="As written on the minutes.")
    scan = fields.Binary(string="Signed Minutes", attachment=False)
    scan_name = fields.Char()

    def action_confirm(self):
        """Carry out the decision with the rights of the user."""
        self.ensure_one()
        getattr(self, f"_confirm_{self.kind}")()
        return {"type": "ir.actions.act_window_close"}

    def _confirm_resolve(self):
        ids = self.difference_ids
        if not (self.difference_model and isinstance(ids, list)):
            raise UserError(self.env._("Choose the differences to settle."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say how the difference was settled."))
        differences = self.env[self.difference_model].search(
            [
                ("id", "in", ids),
                ("reconciliation_id", "=", self.reconciliation_id.id),
            ]
        )
        differences.action_resolve(self.reason)

    def _confirm_paper(self):
        self.reconciliation_id._accept_paper(
            self.name,
            self.date or fields.Date.context_today(self),
            base64.b64decode(self.scan or b""),
            self.scan_name or self.reconciliation_id._get_file_name("signed"),
        )

    def _confirm_cancel(self):
        self.reconciliation_id._cancel(self.reason)
