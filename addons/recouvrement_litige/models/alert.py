"""Disputes are told as soon as they are open, not only when they are late."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.recouvrement.models.risk_kinds import RiskKind


class RecouvrementAlert(models.Model):
    _inherit = "recouvrement.alert"

    # EXTENDS 'recouvrement'
    @api.model
    def _label_kinds(self):
        return [*super()._label_kinds(), ("dispute_open", self.env._("Dispute Opened"))]

    # EXTENDS 'recouvrement'
    @api.model
    def _get_facts(self):
        opened = self.env["recouvrement.risk.item"]._record_rows(
            "recouvrement_dispute", SQL("r.date_open"), SQL("r.state = 'open'")
        )
        return [
            *super()._get_facts(),
            RiskKind("dispute_open", 0, "recouvrement.dispute", opened),
        ]
