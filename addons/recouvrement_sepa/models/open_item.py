from odoo import api, models
from odoo.tools import SQL

from .collection_line import UNBOOKED


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_receipt_days(self, line_ids):
        days = super()._get_receipt_days(line_ids)
        if not line_ids:
            return days
        for name in ("collection.line", "collection.item"):
            self.env[f"recouvrement.sepa.{name}"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT i.move_line_id, MIN(x.date)
                     FROM recouvrement_sepa_collection_item i
                     JOIN recouvrement_sepa_collection_line x ON x.id = i.line_id
                    WHERE i.live AND x.state = ANY(%s)
                      AND i.move_line_id = ANY(%s)
                 GROUP BY 1""",
                list(UNBOOKED),
                list(line_ids),
            )
        )
        return {**days, **dict(rows)}
