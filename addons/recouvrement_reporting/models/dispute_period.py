"""From when to when an item was disputed: the status itself only says how it is now."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

DISPUTED = "disputed"


class RecouvrementDisputePeriod(models.Model):
    _name = "recouvrement.dispute.period"
    _description = "Dispute of an Item"
    _inherit = ["recouvrement.guarded"]
    _order = "date_from DESC, id DESC"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    date_from = fields.Date(
        string="Disputed From", required=True, readonly=True, index=True
    )
    date_to = fields.Date(
        string="Disputed Until",
        readonly=True,
        index=True,
        help="The day it was chased again; empty: still disputed.",
    )

    _open_uniq = models.UniqueIndex(
        "(move_line_id) WHERE date_to IS NULL", "This item is disputed already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("The past of disputes is kept."))

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _is_disputed_sql(self, day):
        """Whether line ``l`` was disputed at the end of a day. A dispute with a last
        day lapses after it."""
        return SQL(
            """EXISTS (SELECT FROM recouvrement_dispute_period dp
                        WHERE dp.move_line_id = l.id AND dp.date_from <= %(day)s
                          AND (dp.date_to > %(day)s
                               OR (dp.date_to IS NULL
                                   AND (l.collection_until < %(day)s) IS NOT TRUE)))""",
            day=day,
        )

    @api.model
    def _closed_sql(self):
        """Disputes that ended: ``id, line_id, move_id, company_id, contact_id,
        date_from, date_to, date_due, amount``.

        An item that is matched in full is no longer disputed from that day on.
        """
        return SQL(
            """
            SELECT dp.id, l.id AS line_id, l.move_id, l.company_id,
                   l.partner_id AS contact_id, dp.date_from,
                   GREATEST(dp.date_from, LEAST(dp.date_to, matched.date)) AS date_to,
                   COALESCE(l.date_maturity, l.date) AS date_due, l.balance AS amount
              FROM recouvrement_dispute_period dp
              JOIN account_move_line l ON l.id = dp.move_line_id
         LEFT JOIN LATERAL (
                   SELECT MAX(pr.max_date) AS date FROM account_partial_reconcile pr
                    WHERE pr.debit_move_id = l.id AND l.reconciled) matched ON TRUE
             WHERE dp.date_to IS NOT NULL OR matched.date IS NOT NULL
            """
        )

    # ------------------------------------------------------------------
    # KEEPING IT
    # ------------------------------------------------------------------

    @api.model
    def _follow(self, lines, before):
        """Note which items begin or cease to be disputed.

        :param dict before: collection status of each line id before the change.
        """
        today = fields.Date.context_today(self)
        ended = lines.filtered(
            lambda line: (
                before[line.id] == DISPUTED and line.collection_status != DISPUTED
            )
        )
        begun = lines.filtered(
            lambda line: (
                before[line.id] != DISPUTED and line.collection_status == DISPUTED
            )
        )
        if ended:
            self.search(
                [("move_line_id", "in", ended.ids), ("date_to", "=", False)]
            ).write({"date_to": today})
        if begun:
            # Written before the new ones: an item has one period without an end.
            self.flush_model(["date_to"])
            self.create(
                [
                    {
                        "move_line_id": line.id,
                        "company_id": line.company_id.id,
                        "date_from": today,
                    }
                    for line in begun
                ]
            )

    @api.model
    def _take_over(self):
        """Items that were disputed before this was kept: since their last change of
        status, which the history has."""
        self.env["account.move.line"].flush_model(["collection_status"])
        self.env["recouvrement.event"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_dispute_period
                       (move_line_id, company_id, date_from)
                SELECT l.id, l.company_id,
                       COALESCE((SELECT MAX(e.date)::date FROM recouvrement_event e
                                  WHERE e.move_line_id = l.id AND e.kind = 'status'),
                                l.date)
                  FROM account_move_line l
                 WHERE l.collection_status = %s
                    ON CONFLICT DO NOTHING
                """,
                DISPUTED,
            )
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        if not {"collection_mark", "no_followup"} & vals.keys():
            return super().write(vals)
        before = {line.id: line.collection_status for line in self}
        result = super().write(vals)
        self.env["recouvrement.dispute.period"].sudo()._follow(self, before)
        return result
