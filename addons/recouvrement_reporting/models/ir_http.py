from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # EXTENDS 'web'
    def session_info(self):
        """The screens learn which lists may be exported line by line."""
        exports = self.env["recouvrement.line.export"]
        names = sorted(exports._get_models())
        return {**super().session_info(), "recouvrement_line_models": names}
