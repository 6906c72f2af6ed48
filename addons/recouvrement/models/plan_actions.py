"""Buttons of plans that open another form."""

from odoo import models


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    def action_change(self):
        """Negotiate the draft again."""
        self.ensure_one()
        self._check_state("draft")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "recouvrement.plan.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_plan_id": self.id,
                "default_debtor_id": self.debtor_id.id,
                "default_partner_id": self.partner_id.id,
                "default_number": self.number,
                "default_first_date": self.first_date,
                "default_interval": self.interval,
                "default_interest_mode": self.interest_mode,
                "default_first_amount": self._get_first_apart(),
                "default_note": self.note,
            },
        }

    def _get_first_apart(self):
        """First payment when it is not like the second."""
        amounts = self._get_instalments().mapped("amount_agreed")
        return amounts[0] if len(amounts) > 1 and amounts[0] != amounts[1] else 0.0

    def _decide(self, kind, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recouvrement.plan.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_plan_id": self.id, "default_kind": kind},
        }

    def action_sign_paper(self):
        return self._decide("paper", self.env._("Signed on Paper"))

    def action_refused(self):
        return self._decide("refused", self.env._("Refused by the Customer"))

    def action_send_back(self):
        return self._decide("send_back", self.env._("Send Back"))

    def action_cancel(self):
        return self._decide("cancel", self.env._("Cancel the Plan"))

    def action_warned(self):
        return self._decide("warned", self.env._("Customer Warned"))

    def action_send_again(self):
        """Send the offer, or the warning that did not leave, once more."""
        self.check_access("write")
        for plan in self:
            plan._check_state("offered", "late")
            if plan.state == "offered":
                plan._send_mails("offer", plan.sudo().agreement_id)
            else:
                plan.sudo()._warn_late()
        return True

    def action_open_debtor(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "views": [(False, "form")],
            "view_mode": "form",
        }
