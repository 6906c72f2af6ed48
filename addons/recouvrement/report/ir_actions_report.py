from odoo import models

BARE_REPORTS = (
    "recouvrement.report_credit_file",
    "recouvrement.report_interest_account",
    "recouvrement.report_plan_agreement",
    "recouvrement.report_reminder_letter",
    "recouvrement.report_reminder_statement",
    "recouvrement.report_write_off_duplicate",
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        """Letters carry all their styles: without the web's assets they print the
        same everywhere, faster, and with no request to the server, which could wait
        for the very transaction that prints."""
        # EXTENDS 'base'
        if len(self) == 1 and self.report_name in BARE_REPORTS:
            return self.env.ref("recouvrement.letter_layout")
        return super()._get_layout()
