"""What a factor bought without recourse is no longer at risk."""

from odoo import api, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.factoring"].flush_model(["with_recourse"])
        self.env["recouvrement.factoring.line"].flush_model(
            ["factoring_id", "is_live", "move_line_id"]
        )
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _relieved_items_sql(self):
        return SQL(
            """%s
         UNION ALL
            SELECT x.move_line_id
              FROM recouvrement_factoring_line x
              JOIN recouvrement_factoring f ON f.id = x.factoring_id
             WHERE x.is_live AND x.move_line_id IS NOT NULL
               AND f.with_recourse IS NOT TRUE""",
            super()._relieved_items_sql(),
        )
