from odoo import api, models


class RecouvrementKpiSnapshot(models.Model):
    _inherit = "recouvrement.kpi.snapshot"

    # EXTENDS recouvrement.kpi.snapshot: with the receipts that bonuses are paid on.
    @api.model
    def _freeze(self, company, period):
        frozen = super()._freeze(company, period)
        if frozen:
            self.env["recouvrement.bonus.receipt"].sudo()._freeze(company, period)
        return frozen
