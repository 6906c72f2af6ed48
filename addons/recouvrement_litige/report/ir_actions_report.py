from odoo import models

BARE_REPORTS = (
    "recouvrement_litige.report_claim",
    "recouvrement_litige.report_court_file",
    "recouvrement_litige.report_litigation_document",
    "recouvrement_litige.report_message",
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        """Like the letters: all styles are in the documents."""
        # EXTENDS 'recouvrement'
        if len(self) == 1 and self.report_name in BARE_REPORTS:
            return self.env.ref("recouvrement.letter_layout")
        return super()._get_layout()
