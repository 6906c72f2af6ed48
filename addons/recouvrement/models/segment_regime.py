from odoo import models
from odoo.tools import SQL


class RecouvrementSegment(models.Model):
    _inherit = "recouvrement.segment"

    def write(self, vals):
        result = super().write(vals)
        if "regime" in vals and self.ids:
            self.env["recouvrement.debtor"].sudo()._assign_regimes(
                SQL("d.segment_id = ANY(%s)", self.ids)
            )
        return result
