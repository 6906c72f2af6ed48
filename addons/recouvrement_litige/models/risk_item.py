"""What disputes, lawsuits and proceedings bring to the risk agenda."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.recouvrement.models.risk_kinds import RiskKind


class RecouvrementRiskItem(models.Model):
    _inherit = "recouvrement.risk.item"
    _depends = {
        "recouvrement.dispute": ["date_due", "debtor_id", "state"],
        "recouvrement.insolvency": ["date_judgment", "debtor_id", "state"],
        "recouvrement.litigation": ["date_open", "debtor_id", "state"],
    }

    kind = fields.Selection(
        selection_add=[
            ("dispute", "Late Dispute"),
            ("litigation", "Lawsuit"),
            ("insolvency", "Insolvency Proceedings"),
        ]
    )

    # EXTENDS 'recouvrement'
    @api.model
    def _get_kinds(self):
        today = fields.Date.context_today(self)
        return super()._get_kinds() + [
            RiskKind(
                "dispute",
                32,
                "recouvrement.dispute",
                self._record_rows(
                    "recouvrement_dispute",
                    SQL("r.date_due"),
                    SQL("r.state = 'open' AND r.date_due < %s", today),
                ),
            ),
            RiskKind(
                "litigation",
                33,
                "recouvrement.litigation",
                self._record_rows(
                    "recouvrement_litigation",
                    SQL("r.date_open"),
                    SQL("r.state = 'open'"),
                ),
            ),
            RiskKind(
                "insolvency",
                34,
                "recouvrement.insolvency",
                self._record_rows(
                    "recouvrement_insolvency",
                    SQL("r.date_judgment"),
                    SQL("r.state NOT IN ('closed', 'undone')"),
                ),
            ),
        ]
