"""The collection line that carries amendments decides what becomes of them."""

from odoo import fields, models
from odoo.tools import SQL


class RecouvrementSepaAmendment(models.Model):
    _inherit = "recouvrement.sepa.amendment"

    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Carried By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _carry(self, lines):
        """Collection lines leave with the pending amendments of their mandates; of
        several lines of one mandate, the first carries them. One statement."""
        self._move_on(
            SQL(
                """
                UPDATE recouvrement_sepa_amendment a
                   SET state = 'sent', line_id = l.id
                  FROM (SELECT DISTINCT ON (mandate_id) id, mandate_id
                          FROM recouvrement_sepa_collection_line
                         WHERE id = ANY(%s) ORDER BY mandate_id, date, id) l
                 WHERE a.mandate_id = l.mandate_id
                   AND a.state IN ('to_send', 'to_resend')
                """,
                lines.ids,
            ),
            lines,
        )

    def _acquire(self, lines):
        """The bank took these lines: it knows what they carried. One statement."""
        self._move_on(
            SQL(
                "UPDATE recouvrement_sepa_amendment SET state = 'acquired' "
                "WHERE line_id = ANY(%s) AND state = 'sent'",
                lines.ids,
            ),
            lines,
        )

    def _fall_back(self, lines):
        """These lines were rejected or did not leave: what they carried is to be sent
        again. One statement."""
        self._move_on(
            SQL(
                "UPDATE recouvrement_sepa_amendment SET state = 'to_resend', "
                "line_id = NULL WHERE line_id = ANY(%s) AND state IN ('sent', "
                "'acquired')",
                lines.ids,
            ),
            lines,
        )

    def _move_on(self, statement, lines):
        if not lines:
            return
        self.flush_model()
        lines.flush_recordset()
        self.env.cr.execute(statement)
        self.invalidate_model(["state", "line_id"], flush=False)
        self.env["recouvrement.sepa.mandate"].invalidate_model(
            ["amendment_state"], flush=False
        )


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    amendment_ids = fields.One2many("recouvrement.sepa.amendment", "line_id")

    def _set_state(self, state, skip=False):
        """The bank that paid a debit knows what it carried."""
        moved = super()._set_state(state, skip=skip)
        if state == "settled":
            self.env["recouvrement.sepa.amendment"].sudo()._acquire(moved)
        return moved
