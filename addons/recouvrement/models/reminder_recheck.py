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
        self.env["recouvrement.reminder.line"].flush_model()
        self.env["account.move.line"]._flush_commitments()
        self.env.cr.execute(self._recheck_lines_sql())
        self.env.cr.execute(self._recheck_credits_sql())
        self._update_totals()
        self.env["recouvrement.reminder.line"].invalidate_model()
        tolerances = self._get_tolerances()
        nothing_left = self._get_nothing_left_reasons()
        groups = self.grouped(
            lambda reminder: (
                reminder._get_drop_reason(
                    tolerances[reminder._get_tolerance_key()],
                    nothing_left.get(reminder.id),
                )
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

    def _get_drop_reason(self, tolerance, nothing_left):
        """Why nothing is asked any more, or False: a hook.

        :param float tolerance: in the currency of the demand.
        :param str nothing_left: why no item is reminded any more, or None.
        """
        if self.debtor_id.is_held:
            return self.env._("The debtor was put on hold")
        if self.debtor_id.answered:
            return self.env._("An answer of the customer is waiting to be read")
        if self.policy_id.state == "stopped":
            return self.env._("The policy was stopped")
        if nothing_left:
            return nothing_left
        if self.amount_net <= tolerance:
            return self.env._(
                "Covered by payments or credits received since the proposal"
            )
        return False

    def _get_nothing_left_reasons(self):
        """Reason by reminder id, where no item is left to remind of."""
        self.env["recouvrement.reminder.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, BOOL_OR(rl.reason = 'removed')
                  FROM UNNEST(%s) AS r(id)
             LEFT JOIN recouvrement_reminder_line rl ON rl.reminder_id = r.id
              GROUP BY r.id
                HAVING NOT COALESCE(BOOL_OR(rl.role = 'chase'), FALSE)
                """,
                self.ids,
            )
        )
        settled = self.env._("Paid, credited or set aside since the proposal")
        by_hand = self.env._("What was to be reminded was left out by hand or settled")
        return {
            reminder_id: by_hand if removed else settled
            for reminder_id, removed in rows
        }

    def _drop_below_minimum(self):
        """Cancel what has come to less than the level's minimum per debtor.

        :return: the reminders that still leave.
        """
        limited = self.filtered("level_id.min_debtor_amount")
        if not limited:
            return self
        asked = limited._get_asked_in_company_currency()
        low = limited.filtered(
            lambda r: (
                r.company_id.currency_id.compare_amounts(
                    asked.get(r.id, 0.0), r.level_id.min_debtor_amount
                )
                < 0
            )
        )
        for level, reminders in low.grouped("level_id").items():
            reminders._cancel(
                self.env._(
                    "Less is left than the minimum amount per debtor of level “%s”",
                    level.name,
                )
            )
        return self - low

    def _get_asked_in_company_currency(self):
        """Net amounts by reminder id, at the rates of the items, as the proposal
        compares them: a rate that moved since takes nothing out."""
        self.env["recouvrement.reminder.line"].flush_model()
        return {
            reminder_id: float(net)
            for reminder_id, net in self.env.execute_query(
                SQL(
                    """
                    SELECT rl.reminder_id,
                           SUM(CASE WHEN COALESCE(rl.amount_disputed, 0) = 0
                                    THEN l.amount_residual
                                    ELSE l.amount_residual * rl.amount_residual
                                         / NULLIF(l.amount_residual_currency, 0)
                                    END)
                      FROM recouvrement_reminder_line rl
                      JOIN account_move_line l ON l.id = rl.move_line_id
                     WHERE rl.reminder_id = ANY(%s) AND rl.role <> 'out'
                  GROUP BY rl.reminder_id
                    """,
                    self.ids,
                )
            )
        }

    def _recheck_lines_sql(self):
        """Open amount and role of the listed items as they are now; an item that did
        not change is not written (``OFFSET 0``: its status is found once)."""
        day = fields.Date.context_today(self)
        return SQL(
            """
            UPDATE recouvrement_reminder_line rl
               SET amount_residual = now.residual,
                   amount_disputed = now.disputed, role = now.role,
                   reason = now.reason, claimed = now.claimed,
                   days_overdue = now.days_overdue
              FROM (SELECT x.id, %(day)s::date - x.date_due AS days_overdue,
                           CASE WHEN l.open THEN l.residual - l.disputed
                                ELSE 0 END AS residual,
                           CASE WHEN l.open THEN l.disputed ELSE 0 END AS disputed,
                           CASE WHEN l.open AND l.status = 'to_chase'
                               THEN x.role ELSE 'out' END AS role,
                           CASE WHEN NOT l.open THEN 'paid'
                                WHEN l.status <> 'to_chase' THEN l.status
                                ELSE x.reason END AS reason,
                           x.claimed AND l.open AND l.status = 'to_chase' AS claimed
                      FROM recouvrement_reminder_line x
                CROSS JOIN LATERAL (
                            SELECT o.open, o.residual_currency AS residual,
                                   part.disputed,
                                   CASE WHEN m.payment_state = 'blocked'
                                        THEN 'excluded'
                                        WHEN %(under_payment)s THEN 'under_payment'
                                        WHEN o.residual_currency > 0
                                         AND part.disputed = o.residual_currency
                                         AND (%(status)s) = 'to_chase'
                                        THEN 'disputed'
                                        ELSE %(status)s END AS status
                              FROM account_move_line l
                              JOIN account_move m ON m.id = l.move_id
                        CROSS JOIN LATERAL (
                                    SELECT l.parent_state = 'posted'
                                               AND l.reconciled IS NOT TRUE
                                               AND l.amount_residual_currency <> 0
                                               AS open,
                                           l.amount_residual_currency
                                               AS residual_currency) o
                        CROSS JOIN LATERAL (SELECT %(disputed)s AS disputed) part
                             WHERE l.id = x.move_line_id
                            OFFSET 0) l
                     WHERE x.reminder_id = ANY(%(ids)s)
                       AND x.role <> 'out') now
             WHERE now.id = rl.id
               AND (rl.amount_residual, COALESCE(rl.amount_disputed, 0), rl.role,
                    rl.reason, rl.claimed, rl.days_overdue)
                   IS DISTINCT FROM (now.residual, now.disputed, now.role, now.reason,
                                     now.claimed, now.days_overdue)
            """,
            under_payment=self.env[
                "recouvrement.dunning.decision"
            ]._under_payment_sql(),
            status=self.env["account.move.line"]._status_on_sql(day),
            disputed=self.env["recouvrement.open.item"]._disputed_sql(),
            day=day,
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
        self.env["recouvrement.reminder.line"].flush_model()
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
