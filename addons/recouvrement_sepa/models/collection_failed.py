"""Items whose last debit failed are collected again only when somebody, or the action
table, said so.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementSepaCandidate(models.Model):
    _inherit = "recouvrement.sepa.candidate"

    # EXTENDS recouvrement_sepa: collections know of no return.
    @api.model
    def _failed_sql(self):
        """The last failure of each item.

        :return: SQL of ``move_line_id``, ``installment_id``, ``represent_from`` (NULL:
            a decision is needed), ``previous_line_id``, ``failures``.
        """
        return SQL(
            """
            SELECT DISTINCT ON (item.move_line_id, COALESCE(item.installment_id, 0))
                   item.move_line_id, item.installment_id,
                   CASE WHEN r.state = 'done' THEN r.represent_from
                        END AS represent_from,
                   r.line_id AS previous_line_id, r.failures
              FROM recouvrement_sepa_return r
              JOIN recouvrement_sepa_collection_item item ON item.line_id = r.line_id
             WHERE r.state IN ('waiting_booking', 'done')
          ORDER BY item.move_line_id, COALESCE(item.installment_id, 0),
                   r.line_id DESC
            """
        )


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    return_ids = fields.One2many("recouvrement.sepa.return", "line_id")
