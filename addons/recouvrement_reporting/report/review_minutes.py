from odoo import models


class ReportReviewMinutes(models.AbstractModel):
    _name = "report.recouvrement_reporting.report_review_minutes"
    _description = "Printed Minutes of an Account Review"

    def _get_report_values(self, docids, data=None):
        reviews = self.env["recouvrement.review"].browse(docids)
        return {"docs": [review._get_minutes_values() for review in reviews]}
