"""The ledger at the moment of sending: what was settled since the proposal goes out."""

from odoo import fields, models
from odoo.tools import SQL


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    def _recheck(self):
        """Read the ledger again: take out what was paid, credited or set aside since
        the proposal, count new credits, and cancel what is left without a demand.

        Constant number of statements, whatever the number of reminders.

        :return: the reminders that still ask for something.
        """
        if not self:
            return self
        self.env["recouvrement.debtor"]._flush_sources()
        self.flush_model()
        self.line_ids.flush_model()
        self.env.cr.execute(self._recheck_lines_sql())
        self.env.cr.execute(self._recheck_credits_sql())
        self._update_totals()
        self.line_ids.invalidate_model()
        tolerances = self._get_tolerances()
        groups = self.grouped(
            lambda reminder: (
                reminder._get_drop_reason(tolerances[reminder._get_tolerance_key()])
                or ""
            )
        )
        remaining = groups.pop("", self.browse())
        for reason, reminders in groups.items():
            reminders._cancel(reason)
        return remaining

    def _get_tolerance_key(self):
        return self.policy_id, self.company_id, self.currency_id

    def _get_tolerances(self):
        """Tolerance of each policy in the currency of the demands: one conversion
        for each policy, company and currency, not for each reminder."""
        return {
            (policy, company, currency): company.currency_id._convert(
                policy.tolerance, currency, company
            )
            for policy, company, currency in {
                reminder._get_tolerance_key() for reminder in self
            }
        }

    def _get_drop_reason(self, tolerance):
        """Why nothing is asked any more, or False: a hook.

        :param float tolerance: in the currency of the demand.
        """
        if self.debtor_id.is_held:
            return self.env._("The debtor was put on hold")
        if self.policy_id.state == "stopped":
            return self.env._("The policy was stopped")
        if not any(line.role == "chase" for line in self.line_ids):
            return self.env._("Paid, credited or set aside since the proposal")
        if self.amount_net <= tolerance:
            return self.env._(
                "Covered by payments or credits received since the proposal"
            )
        return False

    def _recheck_lines_sql(self):
        """Open amount and role of the listed items as they are now."""
        return SQL(
            """
            UPDATE recouvrement_reminder_line rl
               SET amount_residual = CASE WHEN now.open
                       THEN now.residual_currency ELSE 0 END,
                   role = CASE WHEN now.open AND now.status = 'to_chase'
                       THEN rl.role ELSE 'out' END,
                   reason = CASE WHEN NOT now.open THEN 'paid'
                                 WHEN now.status <> 'to_chase' THEN now.status
                                 ELSE rl.reason END,
                   claimed = rl.claimed AND now.open AND now.status = 'to_chase',
                   days_overdue = %(day)s::date - rl.date_due
              FROM (SELECT l.id,
                           l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                               AND l.amount_residual_currency <> 0 AS open,
                           l.amount_residual_currency AS residual_currency,
                           CASE WHEN m.payment_state = 'blocked' THEN 'excluded'
                                WHEN %(under_payment)s THEN 'under_payment'
                                WHEN l.collection_until < %(day)s::date
                                THEN 'to_chase'
                                ELSE COALESCE(l.collection_status, 'to_chase')
                                END AS status
                      FROM account_move_line l
                      JOIN account_move m ON m.id = l.move_id) now
             WHERE now.id = rl.move_line_id
               AND rl.reminder_id = ANY(%(ids)s)
               AND rl.role <> 'out'
            """,
            under_payment=self.env[
                "recouvrement.dunning.decision"
            ]._under_payment_sql(),
            day=fields.Date.context_today(self),
            ids=self.ids,
        )

    def _recheck_credits_sql(self):
        """Credits that came in since the proposal join their debtor's reminder: the
        one for overdue items when there are two."""
        items = self.env["recouvrement.open.item"]
        condition = items.env["recouvrement.debtor"]._lines_of_partners_sql(
            self.debtor_id.partner_id.ids
        )
        return SQL(
            """
            INSERT INTO recouvrement_reminder_line
                   (reminder_id, move_line_id, debtor_id, company_id, currency_id,
                    kind, name, document_date, date_due, days_overdue, amount,
                    amount_residual, role, reason, claimed, create_uid, create_date,
                    write_uid, write_date)
            SELECT r.id, o.id, r.debtor_id, r.company_id,
                   r.currency_id, o.kind, o.name, o.document_date, o.date_due,
                   o.days_overdue, o.amount, o.amount_residual_currency, 'credit',
                   'credit', FALSE, %(uid)s::integer, %(now)s::timestamp,
                   %(uid)s::integer, %(now)s::timestamp
              FROM (%(items)s) o
              JOIN recouvrement_reminder r
                ON r.debtor_id = o.debtor_id AND r.currency_id = o.currency_id
             WHERE r.id = ANY(%(ids)s)
               AND o.amount_residual_currency < 0
               AND o.collection_status = 'to_chase'
               AND NOT EXISTS (SELECT 1 FROM recouvrement_reminder_line x
                                WHERE x.reminder_id = r.id
                                  AND x.move_line_id = o.id)
               AND NOT (r.preventive AND EXISTS (
                        SELECT 1 FROM recouvrement_reminder overdue
                         WHERE overdue.run_id = r.run_id
                           AND overdue.debtor_id = r.debtor_id
                           AND overdue.currency_id = r.currency_id
                           AND NOT overdue.preventive
                           AND overdue.state NOT IN ('failed', 'cancelled')))
            """,
            items=items._open_items_sql(condition=condition),
            ids=self.ids,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _update_totals(self):
        """Recompute the amounts asked from the items listed."""
        self.line_ids.flush_model()
        self.flush_model()
        self.env.cr.execute(self._recheck_totals_sql())
        self.invalidate_recordset()

    def _recheck_totals_sql(self):
        return SQL(
            """
            UPDATE recouvrement_reminder r
               SET amount_due = t.due, amount_credit = t.credit,
                   amount_net = t.due - t.credit
              FROM (SELECT reminder_id,
                           COALESCE(SUM(amount_residual) FILTER (
                               WHERE role IN ('chase', 'recall')), 0) AS due,
                           COALESCE(-SUM(amount_residual) FILTER (
                               WHERE role = 'credit'), 0) AS credit
                      FROM recouvrement_reminder_line
                     WHERE reminder_id = ANY(%(ids)s)
                  GROUP BY reminder_id) t
             WHERE t.reminder_id = r.id
            """,
            ids=self.ids,
        )
