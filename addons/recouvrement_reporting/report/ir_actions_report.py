from odoo import models

BARE_REPORTS = (
    "recouvrement_reporting.aged_balance_report",
    "recouvrement_reporting.report_appraisal",
    "recouvrement_reporting.report_review_minutes",
    "recouvrement_reporting.delay_table_report",
    "recouvrement_reporting.report_period_statement",
    "recouvrement_reporting.report_bonus_statement",
    "recouvrement_reporting.report_reconciliation",
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # EXTENDS 'recouvrement'
    def _get_layout(self):
        """The balance carries all its styles, as the letters do."""
        if len(self) == 1 and self.report_name in BARE_REPORTS:
            return self.env.ref("recouvrement.letter_layout")
        return super()._get_layout()
