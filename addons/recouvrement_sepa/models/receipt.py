from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementReceipt(models.Model):
    _inherit = "recouvrement.receipt"
    _depends = {"account.move.line": ["sepa_line_id"]}

    origin = fields.Selection(selection_add=[("debit", "Direct Debit")])

    # EXTENDS 'recouvrement'
    @api.model
    def _origin_sql(self):
        return SQL(
            "CASE WHEN l.sepa_line_id IS NOT NULL THEN 'debit' ELSE %s END",
            super()._origin_sql(),
        )
