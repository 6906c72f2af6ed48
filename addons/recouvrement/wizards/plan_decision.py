import base64

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementPlanDecision(models.TransientModel):
    """What is decided about a plan with a word of explanation or a document."""

    _name = "recouvrement.plan.decision"
    _description = "Decide on an Instalment Plan"

    plan_id = fields.Many2one(
        "recouvrement.payment.plan", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("paper", "Signed on Paper"),
            ("refused", "Refused by the Customer"),
            ("send_back", "Sent Back to the Collector"),
            ("cancel", "Cancelled"),
            ("warned", "Customer Warned"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char()
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char(string="Signed By", help="As written on the agreement.")
    scan = fields.Binary(string="Signed Agreement", attachment=False)
    scan_name = fields.Char()

    def action_confirm(self):
        """Carry out the decision with the rights of the user."""
        self.ensure_one()
        plan, reason = self.plan_id, (self.reason or "").strip()
        if self.kind != "paper" and not reason:
            raise UserError(self.env._("Give a reason."))
        getattr(self, f"_confirm_{self.kind}")(plan, reason)
        return {"type": "ir.actions.act_window_close"}

    def _confirm_paper(self, plan, _reason):
        plan._accept_paper(
            self.name,
            self.date,
            base64.b64decode(self.scan or b""),
            self.scan_name or plan._get_file_name(signed=True),
        )

    def _confirm_refused(self, plan, reason):
        plan.check_access("write")
        plan._refuse_offer(reason)

    def _confirm_send_back(self, plan, reason):
        plan._send_back(reason)

    def _confirm_cancel(self, plan, reason):
        plan._cancel(reason)

    def _confirm_warned(self, plan, reason):
        plan._warn_by_hand(self.date, reason)
