"""The proposal of a campaign: one statement per batch of debtors."""

from odoo import models
from odoo.tools import SQL

PROPOSAL_BATCH = 2000


class RecouvrementDunningRun(models.Model):
    _inherit = "recouvrement.dunning.run"

    def _propose_batch(self):
        if not self.cursor_debtor_id:
            self.env["recouvrement.debtor"]._refresh_totals()
            self.debtor_count = self._count_debtors()
            self.debtor_done_count = 0
        debtor_ids = self._next_debtor_ids()
        if debtor_ids:
            self._insert_reminders(debtor_ids)
            self.cursor_debtor_id = debtor_ids[-1]
            self.debtor_done_count += len(debtor_ids)
        if len(debtor_ids) < PROPOSAL_BATCH:
            self._finish_proposal()
            return True
        return False

    def _scope_sql(self, extra=None):
        return self.env["recouvrement.dunning.decision"]._debtor_scope_sql(
            self.company_ids.ids, self.policy_ids.ids, self.collector_ids.ids, extra
        )

    def _candidates_sql(self):
        return SQL(
            "d.id > %s AND d.open_item_count > 0 AND d.policy_id IS NOT NULL",
            self.cursor_debtor_id,
        )

    def _count_debtors(self):
        scope = self._scope_sql(self._candidates_sql())
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM recouvrement_debtor d WHERE %s", scope)
        )
        return count

    def _next_debtor_ids(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT d.id FROM recouvrement_debtor d
                    WHERE %s ORDER BY d.id LIMIT %s""",
                self._scope_sql(self._candidates_sql()),
                PROPOSAL_BATCH,
            )
        )
        return [debtor_id for [debtor_id] in rows]

    def _insert_reminders(self, debtor_ids):
        """Write the demands of a batch of debtors, from the decision statement."""
        decision = self.env["recouvrement.dunning.decision"].with_context(
            dunning_proposing=True
        )
        self.env["recouvrement.debtor"]._flush_sources()
        self.flush_model()
        for model in ("policy", "level"):
            self.env[f"recouvrement.dunning.{model}"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH decision AS MATERIALIZED (%(decision)s),
                demand AS (
                    SELECT debtor_id, company_id, currency_id, preventive, channel,
                           policy_id, reminder_level_id AS level_id,
                           COALESCE(SUM(amount_residual_currency) FILTER (
                               WHERE role IN ('chase', 'recall')), 0) AS due,
                           COALESCE(-SUM(amount_residual_currency) FILTER (
                               WHERE role = 'credit'), 0) AS credit
                      FROM decision WHERE role <> 'out'
                  GROUP BY 1, 2, 3, 4, 5, 6, 7
                ),
                reminder AS (
                    INSERT INTO recouvrement_reminder
                           (run_id, debtor_id, partner_id, company_id, currency_id,
                            collector_id, policy_id, level_id, rank, preventive,
                            channel, state, amount_due, amount_credit, amount_net,
                            date_proposed, create_uid, create_date, write_uid,
                            write_date)
                    SELECT %(run)s, g.debtor_id, d.contact_id, g.company_id,
                           g.currency_id, d.collector_id, g.policy_id, g.level_id,
                           lv.rank, g.preventive, g.channel, 'proposed', g.due,
                           g.credit, g.due - g.credit, %(day)s::date,
                           %(uid)s::integer, %(now)s::timestamp, %(uid)s::integer,
                           %(now)s::timestamp
                      FROM demand g
                      JOIN recouvrement_debtor d ON d.id = g.debtor_id
                      JOIN recouvrement_dunning_level lv ON lv.id = g.level_id
                 RETURNING id, debtor_id, currency_id, preventive
                )
                INSERT INTO recouvrement_reminder_line
                       (reminder_id, move_line_id, debtor_id, company_id,
                        currency_id, kind, name, document_date, date_due,
                        days_overdue, amount, amount_residual, amount_disputed, role,
                        reason,
                        level_id, rank, claimed, create_uid, create_date, write_uid,
                        write_date)
                SELECT r.id, x.id, x.debtor_id, x.company_id, x.currency_id, x.kind,
                       x.name, x.document_date, x.date_due, x.days_overdue, x.amount,
                       x.amount_residual_currency, x.amount_disputed, x.role,
                       x.reason, x.level_id,
                       x.rank, x.role = 'chase', %(uid)s::integer,
                       %(now)s::timestamp, %(uid)s::integer, %(now)s::timestamp
                  FROM decision x
                  JOIN reminder r ON r.debtor_id = x.debtor_id
                   AND r.currency_id = x.currency_id
                   AND r.preventive = COALESCE(x.preventive, FALSE)
                """,
                decision=decision._decision_sql(
                    self.date,
                    self._scope_sql(SQL("d.id = ANY(%s)", debtor_ids)),
                ),
                run=self.id,
                day=self.date,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env["recouvrement.reminder"].invalidate_model()
        self.env["recouvrement.reminder.line"].invalidate_model()
        self.invalidate_recordset(["reminder_ids"])

    def _finish_proposal(self):
        self.state = "proposed"
        automatic = self.nightly and self.reminder_ids._filtered_automatic()
        if automatic:
            automatic.action_approve()
            self.state = "sending"
