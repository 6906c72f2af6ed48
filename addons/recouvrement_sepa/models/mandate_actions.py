"""The buttons of a mandate that ask for a word of explanation or a document."""

from odoo import models


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    def _open_decision(self, kind, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recouvrement.sepa.mandate.decision",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_mandate_ids": self.ids,
                "default_kind": kind,
                **context,
            },
        }

    def action_sign_paper(self):
        return self._open_decision("paper", self.env._("Signed on Paper"))

    def action_sign_provider(self):
        return self._open_decision("provider", self.env._("Signed at a Provider"))

    def action_registered(self):
        return self._open_decision(
            "registered", self.env._("Registered by the Debtor's Bank")
        )

    def action_suspend(self):
        return self._open_decision("suspend", self.env._("Suspend"))

    def action_cancel(self):
        return self._open_decision("cancel", self.env._("Cancel the Mandate"))

    def action_amend(self):
        """Change the reference, the identifier or the name of the creditor; an
        account changes through a change of bank details, checked by two people."""
        return self._open_decision("amend", self.env._("Amend"))

    def action_bank_change(self):
        """Enter new bank details that the customer gave."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of Bank Details"),
            "res_model": "recouvrement.bank.change",
            "view_mode": "form",
            "context": {"default_debtor_id": self.debtor_id.id},
        }

    def action_renew(self):
        """A new draft with the same terms; a form that is out is void with it."""
        self.ensure_one()
        self.check_access("write")
        if self.state in ("draft", "sent"):
            self._cancel(self.env._("Issued again"))
        fresh = self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": fresh.id,
            "view_mode": "form",
        }

    def action_customer_page(self):
        """The page of the mandate as its customer sees it."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_url",
            "url": self._get_portal_url(),
            "target": "new",
        }
