"""New bank details that were approved are the account of the customer's mandates."""

from odoo import fields, models

from odoo.addons.recouvrement.tools.bank_account import read_iban


class RecouvrementBankChange(models.Model):
    _inherit = "recouvrement.bank.change"

    sepa_amendment_ids = fields.One2many(
        "recouvrement.sepa.amendment", "bank_change_id", string="Mandates Amended"
    )

    # EXTENDS 'recouvrement'
    def _write_bank(self):
        bank = super()._write_bank()
        self._amend_mandates()
        return bank

    def _amend_mandates(self):
        """Amend the live mandates on an account that is replaced, or on no other one
        in use; those suspended for want of an account collect again.

        sudo: two people were checked before.
        """
        change = self.sudo()
        account = read_iban(change.iban)
        replaced = set(change.old_bank_ids.mapped("sanitized_acc_number"))
        mandates = change.env["recouvrement.sepa.mandate"].search(
            [
                ("debtor_id", "=", change.debtor_id.id),
                ("state", "in", ("signed", "active", "suspended")),
                ("iban", "!=", account.iban),
            ]
        )
        kept = set(
            change._get_current_banks()
            .filtered("active")
            .mapped("sanitized_acc_number")
        ) - {account.iban}
        for mandate in mandates:
            if mandate.iban in kept and mandate.iban not in replaced:
                continue
            mandate._amend(
                "account",
                account.iban,
                change.reason or self.env._("New bank details approved"),
                attachments=change.request_id.attachment_ids,
                bank_change=change,
            )
            mandate.account_holder = change.account_holder
            if mandate.state == "suspended" and mandate.awaits_account:
                mandate.action_resume()
