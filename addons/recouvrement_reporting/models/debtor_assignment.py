"""Every change of collector is written down with its day."""

from odoo import api, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement': a new account, a new collector.
    @api.model
    def _refresh(self, condition, partners=None):
        changed = super()._refresh(condition, partners)
        self.env["recouvrement.assignment"].sudo()._follow(condition)
        return changed
