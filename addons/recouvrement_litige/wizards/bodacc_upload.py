import base64

from odoo import fields, models


class RecouvrementBodaccUpload(models.TransientModel):
    _name = "recouvrement.bodacc.upload"
    _description = "Import a BODACC Extract"

    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        default=lambda self: self.env.company.root_id,
    )
    content = fields.Binary(string="Extract", required=True, attachment=False)
    name = fields.Char(string="File")

    def action_import(self):
        """Read the file and show the report."""
        self.ensure_one()
        record = self.env["recouvrement.bodacc.import"]._take(
            self.name, base64.b64decode(self.content or b""), self.company_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }
