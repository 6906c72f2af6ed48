from odoo import models
from odoo.tools import format_date

from ..tools.appraisal import cut


class ReportAppraisal(models.AbstractModel):
    _name = "report.recouvrement_reporting.report_appraisal"
    _description = "Printed Appraisal of a Customer"

    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        appraisal = self.env["recouvrement.appraisal"]
        docs = appraisal._get_docs(partners)
        return {
            "docs": docs,
            "cut": cut,
            "day": lambda value: format_date(
                self.env, value, lang_code=docs[0]["lang"]
            ),
        }
