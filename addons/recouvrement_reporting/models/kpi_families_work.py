"""What each family of measures reads in the work of collection."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.kpi import LEVELS
from .kpi_line import KEYS


class RecouvrementKpiLine(models.Model):
    _inherit = "recouvrement.kpi.line"

    # ------------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------------

    @api.model
    def _promises_rows_sql(self, span, period, companies, by=None):
        """Promises that fell due and were judged; what credit notes settled, what was
        postponed or cancelled is left out."""
        condition = SQL(
            "p.deadline BETWEEN %s AND %s AND p.state IN ('kept', 'partly', 'broken')",
            span.start,
            span.end,
        )
        return self._promise_rows_sql(condition, SQL("p.deadline"), companies)

    @api.model
    def _promised_rows_sql(self, span, period, companies, by=None):
        """Promises made in the period."""
        condition = SQL(
            "p.date_made BETWEEN %s AND %s AND p.state <> 'cancelled'",
            span.start,
            span.end,
        )
        return self._promise_rows_sql(condition, SQL("p.date_made"), companies)

    @api.model
    def _promise_rows_sql(self, condition, day, companies):
        debtors = self.env["recouvrement.debtor"]
        required = debtors._in_company_currency_sql("required_amount")
        source = SQL(
            """
            SELECT p.id, 'recouvrement.promise' AS res_model, p.id AS res_id,
                   NULL::integer AS line_id, NULL::integer AS move_id,
                   pp.complete_name AS label, p.company_id,
                   pd.partner_id AS contact_id, %(day)s AS date,
                   p.deadline AS date_due, NULL::integer AS days,
                   p.amount_company AS amount, p.state, %(required)s AS required,
                   LEAST(%(required)s, %(paid)s) AS paid
              FROM recouvrement_promise p
              JOIN recouvrement_debtor pd ON pd.id = p.debtor_id
              JOIN res_partner pp ON pp.id = pd.partner_id
             WHERE %(condition)s AND p.company_id = ANY(%(companies)s)
            """,
            day=day,
            required=required,
            paid=debtors._in_company_currency_sql("paid_in_time"),
            condition=condition,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _promises_columns(self, span, period):
        return {
            "due": SQL("1"),
            "kept": SQL("CASE WHEN r.state = 'kept' THEN 1 END"),
            "required": SQL("r.required"),
            "paid": SQL("r.paid"),
        }

    @api.model
    def _promised_columns(self, span, period):
        return {"promised": SQL("r.amount")}

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    @api.model
    def _disputes_rows_sql(self, span, period, companies, by=None):
        """Disputes that ended: the item was matched in full, or chased again."""
        source = SQL(
            """
            SELECT x.id, 'recouvrement.dispute.period' AS res_model, x.id AS res_id,
                   x.line_id, x.move_id, NULL::text AS label, x.company_id,
                   x.contact_id, x.date_to AS date, x.date_due,
                   x.date_to - x.date_from AS days, x.amount
              FROM (%(closed)s) x
             WHERE x.date_to BETWEEN %(start)s AND %(end)s
               AND x.company_id = ANY(%(companies)s)
            """,
            closed=self.env["recouvrement.dispute.period"]._closed_sql(),
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _disputes_columns(self, span, period):
        return {"closed": SQL("1"), "days": SQL("r.days")}

    # ------------------------------------------------------------------
    # LEVELS: what was paid after each level of reminder
    # ------------------------------------------------------------------

    @api.model
    def _levels_rows_sql(self, span, period, companies, by=None):
        """Items reminded in the span, with what was received from that day to the one
        before the next level, and since then, up to the end of the span."""
        source = SQL(
            """
            SELECT x.id, 'account.move.line' AS res_model, x.line_id AS res_id,
                   x.line_id, x.move_id, NULL::text AS label, x.company_id,
                   x.partner_id AS contact_id, x.date_sent AS date, x.date_due,
                   NULL::integer AS days, x.reached AS amount, x.rank,
                   LEAST(x.reached, paid.before_next) AS recovered,
                   LEAST(x.reached, paid.since) AS since
              FROM (%(reached)s) x
        CROSS JOIN LATERAL (
                   SELECT SUM(pr.amount) AS since,
                          SUM(pr.amount) FILTER (
                              WHERE pr.max_date < COALESCE(x.date_next, 'infinity')
                          ) AS before_next
                     FROM account_partial_reconcile pr
                     JOIN account_move_line l ON l.id = pr.credit_move_id
                     JOIN account_journal j ON j.id = l.journal_id
                    WHERE pr.debit_move_id = x.line_id
                      AND pr.max_date BETWEEN x.date_sent AND %(end)s
                      AND %(receipt)s) paid
            """,
            reached=self._reached_sql(span, companies),
            end=span.end,
            receipt=self._receipt_sql(),
        )
        return self._wrap_sql(source)

    @api.model
    def _reached_sql(self, span, companies):
        return SQL(
            """
            SELECT rl.id, rl.rank, r.date_sent, i.id AS line_id, i.move_id,
                   i.company_id, i.partner_id,
                   COALESCE(i.date_maturity, i.date) AS date_due,
                   CASE WHEN i.currency_id = i.company_currency_id
                          OR i.amount_currency = 0 THEN rl.amount_residual
                        ELSE ROUND(rl.amount_residual * i.balance
                                   / i.amount_currency, 2) END AS reached,
                   (SELECT MIN(nr.date_sent)
                      FROM recouvrement_reminder_line nl
                      JOIN recouvrement_reminder nr ON nr.id = nl.reminder_id
                     WHERE nl.move_line_id = i.id AND nl.claimed
                       AND nr.state = 'sent' AND nl.rank > rl.rank
                       AND nr.date_sent <= %(end)s) AS date_next
              FROM recouvrement_reminder_line rl
              JOIN recouvrement_reminder r ON r.id = rl.reminder_id
              JOIN account_move_line i ON i.id = rl.move_line_id
             WHERE rl.claimed AND r.state = 'sent' AND rl.amount_residual > 0
               AND r.is_test IS NOT TRUE
               AND r.date_sent BETWEEN %(start)s AND %(end)s
               AND i.company_id = ANY(%(companies)s)
            """,
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )

    @api.model
    def _levels_columns(self, span, period):
        columns = {"recovered": SQL("CASE WHEN r.rank = 1 THEN r.since END")}
        for rank in range(1, LEVELS + 1):
            of_rank = SQL("r.rank = %s", rank)
            columns[f"reached_{rank}"] = SQL("CASE WHEN %s THEN r.amount END", of_rank)
            columns[f"recovered_{rank}"] = SQL(
                "CASE WHEN %s THEN r.recovered END", of_rank
            )
        return columns

    # ------------------------------------------------------------------
    # ACTIONS AND THEIR COST
    # ------------------------------------------------------------------

    @api.model
    def _actions_rows_sql(self, span, period, companies, by=None):
        """Reminders that left and contacts; they count for who made them."""
        source = SQL(
            """
            SELECT a.id, a.res_model, a.res_id, NULL::integer AS line_id,
                   NULL::integer AS move_id, ap.complete_name AS label, a.company_id,
                   ad.partner_id AS contact_id, a.date, NULL::date AS date_due,
                   NULL::integer AS days, cost.unit_cost AS amount, a.user_id,
                   a.is_contact
              FROM (%(actions)s) a
              JOIN recouvrement_debtor ad ON ad.id = a.debtor_id
              JOIN res_partner ap ON ap.id = ad.partner_id
         LEFT JOIN LATERAL (%(cost)s) cost ON TRUE
            """,
            actions=self._all_actions_sql(span, companies),
            cost=self.env["recouvrement.action.cost"]._cost_sql(),
        )
        return self._wrap_sql(source, collector=SQL("s.user_id"))

    @api.model
    def _all_actions_sql(self, span, companies):
        """``id, res_model, res_id, debtor_id, company_id, date, user_id, kind,
        is_contact``; the id tells both sources apart."""
        return SQL(
            """
            SELECT 2 * r.id AS id, 'recouvrement.reminder' AS res_model,
                   r.id AS res_id, r.debtor_id, r.company_id, r.date_sent AS date,
                   r.collector_id AS user_id, 'reminder_' || r.channel AS kind,
                   FALSE AS is_contact
              FROM recouvrement_reminder r
             WHERE r.state = 'sent' AND r.is_test IS NOT TRUE
               AND r.date_sent BETWEEN %(start)s AND %(end)s
               AND r.company_id = ANY(%(companies)s)
         UNION ALL
            SELECT 2 * i.id + 1, 'recouvrement.interaction', i.id, i.debtor_id,
                   i.company_id, %(day)s, i.user_id, 'contact_' || i.channel, TRUE
              FROM recouvrement_interaction i
             WHERE i.is_cancelled IS NOT TRUE
               AND i.date >= %(start)s::date - 1 AND i.date < %(end)s::date + 2
               AND %(day)s BETWEEN %(start)s AND %(end)s
               AND i.company_id = ANY(%(companies)s)
            """,
            day=self._day_sql(SQL("i.date"), companies),
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )

    @api.model
    def _day_sql(self, moment, companies):
        """Day of a moment where the company is."""
        zone = companies[:1].sudo().partner_id.tz or self.env.user.tz or "UTC"
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

    @api.model
    def _actions_columns(self, span, period):
        return {
            "actions": SQL("1"),
            "cost": SQL("r.amount"),
            "priced": SQL("CASE WHEN r.amount IS NOT NULL THEN 1 END"),
            "contacts": SQL("CASE WHEN r.is_contact THEN 1 END"),
        }

    @api.model
    def _collectors_rows_sql(self, span, period, companies, by=None):
        """People who had a contact: each once in each group."""
        group = SQL("r.%s", SQL.identifier(KEYS[by])) if by else SQL("NULL::integer")
        contacts = SQL(
            "SELECT * FROM (%s) x WHERE x.is_contact",
            self._actions_rows_sql(span, period, companies),
        )
        return SQL(
            """
            SELECT DISTINCT ON (r.user_id, %(group)s)
                   r.id, 'res.users' AS res_model, r.user_id AS res_id, r.line_id,
                   r.move_id, up.complete_name AS label, r.company_id, r.contact_id,
                   r.date, r.date_due, r.days, r.amount, r.partner_id, r.debtor_id,
                   r.collector_id, r.portfolio_id, r.substitute_id, r.salesperson_id,
                   r.segment_id, r.root_id, r.company_currency_id
              FROM (%(contacts)s) r
              JOIN res_users u ON u.id = r.user_id
              JOIN res_partner up ON up.id = u.partner_id
          ORDER BY r.user_id, %(group)s, r.id
            """,
            group=group,
            contacts=contacts,
        )

    @api.model
    def _collectors_columns(self, span, period):
        return {"collectors": SQL("1")}
