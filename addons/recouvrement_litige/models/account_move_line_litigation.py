from odoo import api, models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_commitment_models(self):
        return [
            *super()._get_commitment_models(),
            "recouvrement.litigation",
            "recouvrement.litigation.line",
        ]

    # EXTENDS 'recouvrement'
    @api.model
    def _commitments_sql(self, day):
        return SQL(
            """%s
         UNION ALL
            SELECT x.move_line_id, 'litigation', NULL::date, 40
              FROM recouvrement_litigation_line x
             WHERE x.is_live AND x.move_line_id IS NOT NULL""",
            super()._commitments_sql(day),
        )
