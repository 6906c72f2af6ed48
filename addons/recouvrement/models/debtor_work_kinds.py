"""The facts that the worklist judges, the measures that give points, and the day from
which each kind of work is due.

Written as days, the worklist is right on every day to come without an event: a kind
whose day has come is due.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _aside_sql(self, lines_condition):
        """Overdue items that nobody chases for now, for the accounts that have some:
        their amount, and the oldest due date of the others.

        :param SQL lines_condition: on ``account_move_line l``.
        """
        items = self.env["recouvrement.open.item"]
        day = fields.Date.context_today(self)
        set_aside = SQL(
            """(l.collection_status <> 'to_chase'
                AND (l.collection_until IS NULL OR l.collection_until >= %s::date))""",
            day,
        )
        return SQL(
            """
            SELECT d.id AS debtor_id,
                   SUM(CASE WHEN %(set_aside)s THEN o.residual
                            ELSE o.residual - %(undisputed)s END) AS amount,
                   MIN(o.date_due) FILTER (WHERE (%(set_aside)s) IS NOT TRUE)
                       AS oldest_due_date
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
              JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
        CROSS JOIN LATERAL (SELECT %(disputed)s AS disputed) part
             WHERE o.residual > 0 AND o.date_due < %(day)s::date
          GROUP BY d.id
            """,
            set_aside=set_aside,
            disputed=items._disputed_sql(),
            undisputed=items._undisputed_sql(SQL("part.disputed")),
            lines=items._open_lines_sql(
                condition=SQL(
                    """l.partner_id IN (
                           SELECT family.id FROM res_partner family
                            WHERE family.commercial_partner_id IN (
                                  SELECT owner.commercial_partner_id
                                    FROM account_move_line l
                                    JOIN res_partner owner ON owner.id = l.partner_id
                                   WHERE %s AND (%s OR %s > 0)
                                     AND l.parent_state = 'posted'
                                     AND l.reconciled IS NOT TRUE))""",
                    lines_condition,
                    set_aside,
                    items._disputed_part_sql(),
                )
            ),
            root=items._root_company_sql("c"),
            day=day,
        )

    @api.model
    def _work_facts_sql(self, condition, debtors):
        """One row per account with all that the judgement needs: a hook, through
        ``_get_work_columns``.

        ``touch_date`` is the last contact, proven reminder or reminder under way.

        :param SQL debtors: the table of accounts, or a step that has their columns.
        """
        return SQL(
            """
            SELECT d.id, d.company_id, d.overdue_amount, d.answered, d.hold_until,
                   d.next_action_date, d.first_limit_date, d.has_defect,
                   d.reached_rank, d.insured_share,
                   d.doubtful_reason_id IS NOT NULL AS doubtful,
                   d.overdue_amount - d.credit_amount - COALESCE(aside.amount, 0)
                       AS collect_amount,
                   CASE WHEN aside.debtor_id IS NULL THEN d.oldest_due_date
                        ELSE aside.oldest_due_date END AS oldest_due_date,
                   d.oldest_due_date AS first_due_date,
                   COALESCE(s.priority_weight, 1) AS priority_weight,
                   COALESCE(s.chase, TRUE) AS chase,
                   COALESCE(c.recouvrement_star_points, 0) AS star_points,
                   COALESCE(c.recouvrement_call_amount, 0) AS call_amount,
                   NULLIF(c.recouvrement_call_anyway_amount, 0) AS anyway_amount,
                   COALESCE(c.recouvrement_silence_days, 0) AS silence,
                   COALESCE(c.recouvrement_retry_days, 0) AS retry,
                   COALESCE(c.recouvrement_limit_days, 0) AS limit_notice,
                   COALESCE(level.delay_days, 0) AS first_delay,
                   pending.call_date, %(columns)s,
                   GREATEST(%(contact)s, d.last_reminder_date, pending.written_date)
                       AS touch_date
              FROM %(debtors)s d
              JOIN res_company c ON c.id = d.company_id
         LEFT JOIN recouvrement_segment s ON s.id = d.segment_id
         LEFT JOIN aside ON aside.debtor_id = d.id
         LEFT JOIN (%(first_level)s) level ON level.policy_id = d.policy_id
         LEFT JOIN (%(pending)s) pending ON pending.debtor_id = d.id
             WHERE %(condition)s
            """,
            columns=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in self._get_work_columns().items()
            ),
            contact=self._get_work_columns()["contact_date"],
            first_level=SQL(
                """SELECT lv.policy_id, MIN(lv.delay_days) AS delay_days
                     FROM recouvrement_dunning_level lv
                     JOIN recouvrement_dunning_policy pol ON pol.id = lv.policy_id
                    WHERE pol.active AND pol.state = 'running' AND lv.rank > 0
                 GROUP BY lv.policy_id"""
            ),
            pending=self._pending_reminders_sql(condition),
            condition=condition,
            debtors=debtors,
        )

    @api.model
    def _pending_reminders_sql(self, condition):
        """Reminders under way per account: the day the newest written one was
        proposed, and the day since which a call of the policy waits."""
        return SQL(
            """
            SELECT r.debtor_id,
                   MAX(r.date_proposed) FILTER (WHERE r.channel <> 'call')
                       AS written_date,
                   MIN(r.date_queued::date) FILTER (
                       WHERE r.channel = 'call' AND r.state = 'queued') AS call_date
              FROM recouvrement_reminder r
             WHERE r.state IN ('proposed', 'approved', 'queued')
               AND r.debtor_id IN (SELECT d.id FROM recouvrement_debtor d WHERE %s)
          GROUP BY r.debtor_id
            """,
            condition,
        )

    @api.model
    def _get_work_columns(self):
        """Facts of account ``d`` that other parts keep: ``{name: SQL}``, a hook.

        ``contact_date`` is the last day somebody was spoken to, ``attempt_date`` the
        last day of a contact or attempt, ``relay_date`` the day before which a relay
        answers, ``promise_broken_date`` and ``plan_late_date`` the days of the last
        broken promise and of the last missed instalment.
        """
        return {
            "contact_date": SQL("d.last_reached_date"),
            "attempt_date": SQL("d.last_contact_date"),
            "relay_count": SQL(
                "COALESCE(d.relay_overdue_count, 0) + COALESCE(d.relay_answer_count, 0)"
            ),
            "relay_date": SQL(
                """(SELECT MAX(relay.date_due) FROM recouvrement_relay relay
                     WHERE relay.debtor_id = d.id AND relay.state = 'asked')"""
            ),
            "promise_broken_count": SQL("COALESCE(d.promise_broken_count, 0)"),
            "promise_next_date": SQL("d.promise_next_date"),
            "promise_broken_date": SQL(
                """CASE WHEN d.promise_broken_count > 0 THEN (
                        SELECT MAX(p.date_decided) FROM recouvrement_promise p
                         WHERE p.debtor_id = d.id
                           AND p.state IN ('partly', 'broken')) END"""
            ),
            "plan_late": SQL("COALESCE(d.plan_state IN ('late', 'defaulted'), FALSE)"),
            "plan_late_date": self._plan_late_date_sql(),
            "request_count": SQL("COALESCE(d.request_count, 0)"),
        }

    @api.model
    def _plan_late_date_sql(self):
        return SQL(
            """CASE d.plan_state
                    WHEN 'late' THEN (
                        SELECT MAX(i.date) + 1
                          FROM recouvrement_payment_plan plan
                          JOIN recouvrement_payment_plan_installment i
                            ON i.plan_id = plan.id AND i.state = 'late'
                         WHERE plan.debtor_id = d.id AND plan.state = 'late')
                    WHEN 'defaulted' THEN (
                        SELECT MAX(plan.date_closed)
                          FROM recouvrement_payment_plan plan
                         WHERE plan.debtor_id = d.id AND plan.state = 'defaulted')
               END"""
        )

    @api.model
    def _get_work_measures(self):
        """Measure of each criterion of priority, from the facts ``f``: a hook.

        :return: ``{criterion: SQL}`` in the order they are explained.
        """
        day = fields.Date.context_today(self)
        return {
            "overdue_amount": SQL("NULLIF(f.overdue_amount, 0)"),
            "days_overdue": self._when_overdue(SQL("%s - f.first_due_date", day)),
            "broken_promises": self._when_overdue(SQL("f.promise_broken_count")),
            "plan_late": SQL("f.plan_late::integer"),
            "silence_days": self._when_overdue(
                SQL("%s - COALESCE(f.touch_date, f.first_due_date)", day)
            ),
            "limit_days": SQL(
                "CASE WHEN f.first_limit_date >= %(day)s "
                "THEN f.first_limit_date - %(day)s END",
                day=day,
            ),
            "doubtful": self._when_overdue(SQL("f.doubtful::integer")),
            "reached_rank": self._when_overdue(SQL("f.reached_rank")),
            "insured_share": self._when_overdue(SQL("f.insured_share")),
            "answered": SQL("f.answered::integer"),
        }

    @api.model
    def _when_overdue(self, measure):
        return SQL("CASE WHEN f.overdue_amount > 0 THEN %s END", measure)

    @api.model
    def _get_work_kinds(self):
        """Day from which each kind of work is due, from the facts ``f``: a hook.

        A broken promise or a missed instalment is dealt with by a contact after it.
        Whoever nobody answered for comes back after the days before trying again.

        :return: ``{code: SQL date}``, most urgent first; NULL: never.
        """
        day = fields.Date.context_today(self)
        return {
            "reply": SQL("CASE WHEN f.answered THEN %s END", day),
            "relay": SQL("CASE WHEN f.relay_count > 0 THEN %s END", day),
            "promise_broken": SQL(
                """CASE WHEN f.promise_broken_date IS NOT NULL
                         AND f.collect_amount > 0
                         AND (f.contact_date >= f.promise_broken_date) IS NOT TRUE
                        THEN GREATEST(f.hold_until + 1, f.promise_broken_date,
                                      f.attempt_date + f.retry) END"""
            ),
            "plan_default": SQL(
                """CASE WHEN f.plan_late
                        THEN GREATEST(f.hold_until + 1, f.attempt_date + f.retry,
                             CASE WHEN f.contact_date >= f.plan_late_date
                                  THEN f.contact_date + f.silence
                                  ELSE COALESCE(f.plan_late_date, %s) END) END""",
                day,
            ),
            "request": SQL("CASE WHEN f.request_count > 0 THEN %s END", day),
            "callback": SQL(
                """CASE WHEN f.attempt_date >= f.next_action_date
                        THEN f.attempt_date + f.retry
                        ELSE f.next_action_date END"""
            ),
            "limit": SQL(
                """CASE WHEN f.first_limit_date >= %s
                        THEN GREATEST(f.first_limit_date - f.limit_notice,
                                      f.contact_date + f.silence, f.next_action_date,
                                      f.attempt_date + f.retry) END""",
                day,
            ),
            "call": self._call_date_sql(),
            "promise_due": SQL("f.promise_next_date"),
            "defect": SQL(
                """CASE WHEN f.has_defect AND f.chase AND f.overdue_amount > 0
                         AND f.overdue_amount >= f.call_amount
                        THEN GREATEST(f.hold_until + 1, f.first_due_date + 1) END"""
            ),
        }

    @api.model
    def _call_date_sql(self):
        """A call is due when nothing happened for the days of silence: no contact and
        no reminder, although the first level of the policy should have done it; from
        the amount to call in any case on, reminders do not count. Or when the policy
        itself asks for a call. What is on hold, planned for later or
        asked of a relay waits until then."""
        return SQL(
            """CASE WHEN f.chase AND f.collect_amount > 0
                     AND f.collect_amount >= f.call_amount
                    THEN GREATEST(f.hold_until + 1, f.next_action_date,
                         f.relay_date + 1, f.attempt_date + f.retry,
                         LEAST(f.call_date, GREATEST(
                             f.silence + CASE WHEN f.collect_amount >= f.anyway_amount
                                 THEN f.contact_date ELSE f.touch_date END,
                             f.oldest_due_date + f.first_delay + f.silence))) END"""
        )
