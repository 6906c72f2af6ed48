"""Where the appraisal is asked for."""

from odoo import models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def action_appraisal(self):
        """Download the one-page appraisal of the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.env["recouvrement.appraisal"]._get_action(
            self.partner_id, self.company_id
        )

    # EXTENDS 'recouvrement'
    def _get_desk_account_buttons(self):
        return [
            *super()._get_desk_account_buttons(),
            self._prepare_desk_button(
                "appraisal",
                "action_appraisal",
                self.env._("Appraisal"),
                "fa-file-pdf-o",
                bar=False,
                access="read",
            ),
        ]


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_appraisal(self):
        """Download the one-page appraisal of a customer or prospect."""
        self.ensure_one()
        return self.env["recouvrement.appraisal"]._get_action(self)
