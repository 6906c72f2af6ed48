from odoo import api, models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_commitment_models(self):
        return [
            *super()._get_commitment_models(),
            "recouvrement.insolvency.claim",
            "recouvrement.factoring.line",
        ]

    # EXTENDS 'recouvrement'
    @api.model
    def _get_commitment_reasons(self):
        return {
            **super()._get_commitment_reasons(),
            "factored": self.env._("Assigned to a factor"),
        }

    # EXTENDS 'recouvrement'
    @api.model
    def _commitments_sql(self, day):
        return SQL(
            """%s
         UNION ALL
            SELECT x.move_line_id, 'insolvency', NULL::date, 50
              FROM recouvrement_insolvency_claim x
             WHERE x.is_live AND x.move_line_id IS NOT NULL
         UNION ALL
            SELECT x.move_line_id, 'factored', NULL::date, 35
              FROM recouvrement_factoring_line x
             WHERE x.is_live AND x.move_line_id IS NOT NULL""",
            super()._commitments_sql(day),
        )
