"""The payment-delay table on paper."""

from odoo import api, models


class ReportDelayTable(models.AbstractModel):
    _name = "report.recouvrement_reporting.delay_table_report"
    _description = "Printed Payment-delay Table"

    @api.model
    def _get_report_values(self, docids, data=None):
        tables = self.env["recouvrement.delay.table"].browse(docids)
        return {
            "docs": tables,
            "pages": [(table, table._get_figures()) for table in tables],
        }
