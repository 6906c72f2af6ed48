import base64

from odoo import fields, models


class RecouvrementCounselReportImport(models.TransientModel):
    """Where the file of a report is chosen."""

    _name = "recouvrement.counsel.report.import"
    _description = "Read a Report of Counsel"

    counsel_id = fields.Many2one("recouvrement.counsel", required=True)
    file = fields.Binary(attachment=False, required=True)
    filename = fields.Char()

    def action_read(self):
        self.ensure_one()
        report = self.env["recouvrement.counsel.report"]._read(
            self.counsel_id, self.filename, base64.b64decode(self.file)
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": report._name,
            "res_id": report.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
