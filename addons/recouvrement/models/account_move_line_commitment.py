"""What was agreed on an item: an open promise or a running plan keeps it out of the
reminders, whatever other status came, ended or lapsed meanwhile."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

STATUSES = ("promised", "plan")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS recouvrement
    def _set_collection_status(self, status, reason, until=None):
        result = super()._set_collection_status(status, reason, until)
        if status == "to_chase":
            self._resume_commitments()
        return result

    def _resume_commitments(self):
        """Mark items again as what was agreed on them says."""
        groups = defaultdict(list)
        for line_id, (status, until) in self._get_commitments().items():
            groups[status, until].append(line_id)
        reasons = {
            "promised": self.env._("Promise to pay"),
            "plan": self.env._("Instalment plan"),
        }
        for (status, until), ids in groups.items():
            self.browse(ids)._set_collection_status(status, reasons[status], until)

    def _get_commitments(self):
        """What was agreed on these items and still holds.

        :return: ``{line id: (status, last day or None)}``; a plan goes before a
            promise.
        """
        if not self:
            return {}
        self._flush_commitments()
        rows = self.env.execute_query(
            SQL(
                """SELECT c.line_id, c.status, c.until FROM (%s) c
                    WHERE c.line_id = ANY(%s) ORDER BY c.status DESC""",
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

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _flush_commitments(self):
        for model in ("promise", "promise.line", "payment.plan", "payment.plan.line"):
            self.env[f"recouvrement.{model}"].flush_model()

    @api.model
    def _commitments_sql(self, day):
        """Items on which something is agreed that holds on a day.

        :return: SQL of ``line_id, status, until``.
        """
        return SQL(
            """
            SELECT x.move_line_id AS line_id, 'promised' AS status, p.deadline AS until
              FROM recouvrement_promise_line x
              JOIN recouvrement_promise p ON p.id = x.promise_id
             WHERE x.is_live AND p.state = 'open' AND p.deadline >= %(day)s::date
         UNION ALL
            SELECT x.move_line_id, 'plan',
                   CASE WHEN p.state = 'offered' THEN p.date_valid END
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
        agreed = self._commitments_sql(day)
        return SQL(
            """CASE WHEN l.collection_status <> 'to_chase'
                     AND (l.collection_until < %(day)s::date) IS NOT TRUE
                    THEN l.collection_status
                    WHEN l.id IN (SELECT c.line_id FROM (%(agreed)s) c
                                   WHERE c.status = 'plan') THEN 'plan'
                    WHEN l.id IN (SELECT c.line_id FROM (%(agreed)s) c
                                   WHERE c.status = 'promised') THEN 'promised'
                    ELSE 'to_chase' END""",
            day=day,
            agreed=agreed,
        )
