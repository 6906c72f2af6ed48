from odoo import models


class RecouvrementSegment(models.Model):
    _inherit = "recouvrement.segment"

    def write(self, vals):
        result = super().write(vals)
        if {"chase", "priority_weight"} & vals.keys():
            self.env["recouvrement.debtor"]._mark_work_dirty()
        return result
