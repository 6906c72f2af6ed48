"""What keeps items out of the reminders whatever other status came, ended or lapsed
meanwhile: an open promise, a running plan, and what other addons add to it."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

# What goes before what on the same item, when several hold at once.
RANKS = {
    "to_verify": 5,
    "promised": 10,
    "plan": 20,
    "disputed": 30,
    "factored": 35,
    "litigation": 40,
    "insolvency": 50,
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS recouvrement
    def _set_collection_status(self, status, reason, until=None):
        result = super()._set_collection_status(status, reason, until)
        if status == "to_chase":
            self._resume_commitments()
        return result

    def _commit(self, status, reason, until=None):
        """Set a status for as long as a record holds it (``_commitments_sql``). Items
        that have a status of a higher rank keep it.

        :param str status: a key of ``RANKS``.
        """
        lower = self.filtered(
            lambda line: RANKS.get(line.collection_mark, 0) <= RANKS[status]
        )
        if lower:
            lower._set_collection_status(status, reason, until)

    def _release(self, status, reason):
        """End a status that a record held: what else holds comes back, else the items
        are chased again."""
        held = self.filtered(lambda line: line.collection_mark == status)
        if held:
            held._set_collection_status("to_chase", reason)

    def _resume_commitments(self):
        """Mark items again as what holds on them says."""
        groups = defaultdict(list)
        for line_id, (status, until) in self._get_commitments().items():
            groups[status, until].append(line_id)
        reasons = self._get_commitment_reasons()
        for (status, until), ids in groups.items():
            self.browse(ids)._set_collection_status(status, reasons[status], until)

    @api.model
    def _get_commitment_reasons(self):
        """Why an item has the status that a record holds, by status: a hook."""
        return {
            "promised": self.env._("Promise to pay"),
            "plan": self.env._("Instalment plan"),
        }

    def _get_commitments(self):
        """What holds on these items.

        :return: ``{line id: (status, last day or None)}``, the highest rank.
        """
        if not self:
            return {}
        self._flush_commitments()
        rows = self.env.execute_query(
            SQL(
                """SELECT c.line_id, c.status, c.until FROM (%s) c
                    WHERE c.line_id = ANY(%s) ORDER BY c.rank, c.until NULLS LAST""",
                self._commitments_sql(fields.Date.context_today(self)),
                self.ids,
            )
        )
        return {line_id: (status, until) for line_id, status, until in rows}

    @api.model
    def _resume_lapsed(self):
        """Mark what is agreed on and whose other status lapsed: at night, in sudo."""
        self._flush_commitments()
        day = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT l.id FROM (%s) c
                     JOIN account_move_line l ON l.id = c.line_id
                    WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                      AND (l.collection_status = 'to_chase'
                           OR l.collection_until < %s)""",
                self._commitments_sql(day),
                day,
            )
        )
        self.browse(line_id for [line_id] in rows)._resume_commitments()

    @api.model
    def _on_disputed_parts(self, amounts):
        """Told when what is disputed of items changes: a hook, in sudo.

        :param dict amounts: ``{item id: disputed}`` in company currency, 0: nothing.
        """

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _flush_commitments(self):
        for model in self._get_commitment_models():
            self.env[model].flush_model()

    @api.model
    def _get_commitment_models(self):
        """Models that ``_commitments_sql`` reads: a hook."""
        return [
            "recouvrement.promise",
            "recouvrement.promise.line",
            "recouvrement.payment.plan",
            "recouvrement.payment.plan.line",
        ]

    @api.model
    def _commitments_sql(self, day):
        """Items that a record keeps out of the reminders on a day: a hook.

        :return: SQL of ``line_id, status, until, rank``; another addon adds its own
            records by ``UNION ALL`` (its statuses in ``_get_commitment_reasons``).
        """
        return SQL(
            """
            SELECT x.move_line_id AS line_id, 'promised' AS status,
                   p.deadline AS until, 10 AS rank
              FROM recouvrement_promise_line x
              JOIN recouvrement_promise p ON p.id = x.promise_id
             WHERE x.is_live AND p.state = 'open' AND p.deadline >= %(day)s::date
         UNION ALL
            SELECT x.move_line_id, 'plan',
                   CASE WHEN p.state = 'offered' THEN p.date_valid END, 20
              FROM recouvrement_payment_plan_line x
              JOIN recouvrement_payment_plan p ON p.id = x.plan_id
             WHERE x.is_live AND x.move_line_id IS NOT NULL
               AND (p.state IN ('accepted', 'late')
                    OR (p.state = 'offered' AND p.date_valid >= %(day)s::date))
            """,
            day=day,
        )

    @api.model
    def _status_on_sql(self, day):
        """Collection status of item ``l`` on a day: a mark lapses after its day, and
        what is agreed on is not chased. Needs ``_flush_commitments``."""
        held = self._commitments_sql(day)
        statuses = sorted(
            self._get_commitment_reasons(), key=RANKS.__getitem__, reverse=True
        )
        cases = SQL(" ").join(
            SQL(
                """WHEN l.id IN (SELECT c.line_id FROM (%s) c WHERE c.status = %s)
                   THEN %s""",
                held,
                status,
                status,
            )
            for status in statuses
        )
        return SQL(
            """CASE WHEN l.collection_status <> 'to_chase'
                     AND (l.collection_until < %(day)s::date) IS NOT TRUE
                    THEN l.collection_status
                    %(cases)s
                    ELSE 'to_chase' END""",
            day=day,
            cases=cases,
        )
