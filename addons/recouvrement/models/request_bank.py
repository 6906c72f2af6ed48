"""Requests for new bank details: they wait for the second person."""

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    bank_change_ids = fields.One2many("recouvrement.bank.change", "request_id")

    def _prepare_snapshot_vals(self):
        vals = super()._prepare_snapshot_vals()
        if self.kind == "bank_change":
            change = self.env["recouvrement.bank.change"].new(
                {"debtor_id": self.debtor_id.id}
            )
            vals["known_phones"] = change._get_phones_on_file()
        return vals

    def _accept_bank_change(self):
        """Open the check of the bank details; the request is done when they are
        approved, and not before."""
        debtor = self._get_debtor()
        if not (self.iban or "").strip():
            raise UserError(self.env._("Write the new IBAN that the customer gives."))
        if not (self.sudo().partner_id or self.email_from):
            raise UserError(self.env._("Write who asks for the new bank details."))
        changes = self.sudo().bank_change_ids.filtered(
            lambda c: c.state in ("to_call", "to_approve")
        )
        if not changes:
            changes = changes.create(self._prepare_bank_change_vals(debtor))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of Bank Details"),
            "res_model": changes._name,
            "res_id": changes.id,
            "view_mode": "form",
        }

    def _prepare_bank_change_vals(self, debtor):
        asker = self.sudo().partner_id
        banks = self.env["recouvrement.bank.change"].new({"debtor_id": debtor.id})
        return {
            "debtor_id": debtor.id,
            "request_id": self.id,
            "iban": self.iban,
            "account_holder": self.account_holder or debtor.sudo().partner_id.name,
            "source": self.source,
            "requester": asker.display_name or self.email_from,
            "requester_email": self.email_from or asker.email,
            "reason": self.text,
            "old_bank_ids": [fields.Command.set(banks._get_current_banks().ids)],
        }

    def _refuse_bank_change(self):
        """The bank details were rejected. Nobody is told: who asked may be a fraud."""
        self._close("refused", answered=True)

    def _on_refused(self, reason):
        result = super()._on_refused(reason)
        waiting = self.sudo().bank_change_ids.filtered(
            lambda c: c.state in ("to_call", "to_approve")
        )
        for change in waiting:
            change._decide("rejected", reject_reason=reason)
            change._log_bank(self.env._("rejected"), reason)
        return result
