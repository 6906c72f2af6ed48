"""What disputes, lawsuits and insolvency keep out of the reminders."""

from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_commitment_reasons(self):
        return {
            **super()._get_commitment_reasons(),
            "disputed": self.env._("Dispute"),
            "litigation": self.env._("Litigation file"),
            "insolvency": self.env._("Insolvency proceedings"),
        }
