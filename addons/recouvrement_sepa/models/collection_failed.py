"""Items whose last debit failed are collected again only when somebody, or the action
table, said so.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementSepaCandidate(models.Model):
    _inherit = "recouvrement.sepa.candidate"

    @api.model
    def _flush_candidates(self):
        result = super()._flush_candidates()
        self.env["recouvrement.sepa.return"].flush_model()
        return result

    # EXTENDS collection_candidate: by itself it knows of no return.
    @api.model
    def _failed_sql(self):
        """The last failure of each item.

        :return: SQL of ``move_line_id``, ``installment_id``, ``represent_from`` (NULL:
            a decision is needed).
        """
        return SQL(
            """
            SELECT DISTINCT ON (item.move_line_id, COALESCE(item.installment_id, 0))
                   item.move_line_id, item.installment_id,
                   CASE WHEN r.state = 'done' THEN r.represent_from
                        END AS represent_from
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

    # EXTENDS collection_settle: the bank left out what it had announced.
    def _undo_for_settlement(self, day):
        announced = (
            self.env["recouvrement.sepa.return"]
            .sudo()
            ._of_lines(self)
            .filtered(lambda r: r.state == "waiting_booking")
        )
        rows = super()._undo_for_settlement(day)
        announced._confirm(day)
        return rows

    # EXTENDS collection_undo: said in the entry and where the debit is shown.
    def _get_failure_text(self):
        record = self.sudo().return_ids.filtered(
            lambda r: r.state in ("waiting_booking", "done")
        )[:1]
        return record._get_reason_words() if record else super()._get_failure_text()
