"""What the receivables were at past month-ends, read from the ledger in one go."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.impairment import Snapshot

WIDTH = 8  # not due, six months overdue one by one, more
MONTHS = 37
LAST_DAYS = 180
ALL_SEGMENTS = None


def _count_months(day):
    return day.year * 12 + day.month


class RecouvrementImpairmentMatrix(models.Model):
    _inherit = "recouvrement.impairment.matrix"

    @api.model
    def _get_history(self, company):
        """Month-end snapshots of each segment and of all (``None``).

        :return: ``{segment id or None: [Snapshot]}``.
        """
        days = self._get_month_ends(company)
        if not days:
            return {}
        self.env["recouvrement.impairment"]._flush_impairment_sources()
        amounts = defaultdict(lambda: defaultdict(lambda: [Decimal(0)] * WIDTH))
        for day, segment_id, column, amount in self._read_amounts(company, days):
            for key in {segment_id, ALL_SEGMENTS}:
                amounts[key][day][column] += Decimal(str(amount))
        left = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for day, segment_id, is_loss, amount in self._read_left(company, days):
            for key in {segment_id, ALL_SEGMENTS}:
                left[key, day][0 if is_loss else 1] += Decimal(str(amount))
        return {
            key: [
                Snapshot(day, tuple(months[day]), *left[key, day])
                for day in days
                if day in months
            ]
            for key, months in amounts.items()
        }

    @api.model
    def _get_month_ends(self, company):
        """Past month-ends, from the first month with a receivable on."""
        today = fields.Date.context_today(self)
        [[first]] = self.env.execute_query(
            SQL(
                "SELECT MIN(l.date) FROM account_move_line l WHERE %(condition)s "
                "AND l.account_id = ANY(ARRAY(SELECT id FROM account_account "
                "WHERE account_type = 'asset_receivable')) "
                "AND l.parent_state = 'posted'",
                condition=self._companies_sql(company),
            )
        )
        days = []
        day = fields.Date.start_of(today, "month")
        while first and len(days) < MONTHS:
            day = fields.Date.subtract(fields.Date.start_of(day, "month"), days=1)
            if day < first:
                break
            days.append(day)
        return days[::-1]

    @api.model
    def _companies_sql(self, company):
        companies = self.env["res.company"].search([("id", "child_of", company.id)])
        return SQL("l.company_id = ANY(%s)", companies.ids)

    @api.model
    def _read_amounts(self, company, days):
        """``(day, segment, months overdue, amount)`` of the debits of each day.

        The same figures as the open items of each of these days, in one reading of the
        ledger: each debit counts from its month to the one before it was settled, less
        what was matched by then. A test compares them.
        """
        return self.env.execute_query(
            SQL(
                """
                WITH month_end AS (
                    SELECT day, %(month_of_day)s AS month
                      FROM unnest(%(days)s::date[]) AS day
                ), movement AS (%(movements)s)
                SELECT e.day, d.segment_id,
                       CASE WHEN m.date_due >= e.day THEN 0
                            ELSE LEAST((e.day - m.date_due - 1) / 30 + 1,
                                       %(oldest)s) END AS months,
                       SUM(m.amount)
                  FROM movement m
            CROSS JOIN LATERAL generate_series(
                           GREATEST(%(month_of_movement)s, %(first)s),
                           LEAST(m.last_month, %(last)s)) AS month
                  JOIN month_end e USING (month)
                  JOIN res_partner p ON p.id = m.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(company)s
              GROUP BY e.day, d.segment_id, months
                HAVING SUM(m.amount) <> 0
                """,
                days=days,
                month_of_day=self._month_sql(SQL("day")),
                month_of_movement=self._month_sql(SQL("m.day")),
                movements=self._movements_sql(company, days[-1]),
                oldest=WIDTH - 1,
                first=_count_months(days[0]),
                last=_count_months(days[-1]),
                company=company.id,
            )
        )

    @api.model
    def _movements_sql(self, company, last_day):
        """Debits and what was matched with them, with the last month at whose end the
        debit was open."""
        return SQL(
            """
            WITH closed AS (
                SELECT debit_move_id AS line_id, MAX(max_date) AS day
                  FROM account_partial_reconcile
              GROUP BY debit_move_id
            ), item AS MATERIALIZED (
                SELECT l.id, l.partner_id, l.date, l.balance,
                       COALESCE(l.date_maturity, l.date) AS date_due,
                       CASE WHEN l.reconciled THEN %(closing_month)s - 1
                            ELSE %(last)s END AS last_month
                  FROM account_move_line l
             LEFT JOIN closed ON closed.line_id = l.id
                 WHERE l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                       WHERE account_type = 'asset_receivable'))
                   AND l.parent_state = 'posted' AND l.balance > 0
                   AND %(condition)s
            )
            SELECT partner_id, date_due, last_month, date AS day, balance AS amount
              FROM item
         UNION ALL
            SELECT item.partner_id, item.date_due, item.last_month, r.max_date,
                   -r.amount
              FROM account_partial_reconcile r
              JOIN item ON item.id = r.debit_move_id
            """,
            closing_month=self._month_sql(SQL("COALESCE(closed.day, l.date)")),
            last=_count_months(last_day),
            condition=self._companies_sql(company),
        )

    @api.model
    def _month_sql(self, day):
        """Months since the year 0 of a date, as ``_count_months``."""
        return SQL(
            "(date_part('year', %(day)s) * 12 + date_part('month', %(day)s))::integer",
            day=day,
        )

    @api.model
    def _read_left(self, company, days):
        """``(month-end, segment, lost?, amount)`` of what left the oldest bucket.

        Lost: matched with an entry that books a loss on irrecoverable claims.
        """
        accounts = company._get_loss_accounts()
        return self.env.execute_query(
            SQL(
                """
                SELECT (date_trunc('month', r.max_date) + interval '1 month - 1 day')
                           ::date AS day,
                       d.segment_id,
                       EXISTS (SELECT FROM account_move_line loss
                                 JOIN account_move_line cl ON cl.id = r.credit_move_id
                                WHERE loss.move_id = cl.move_id
                                  AND loss.account_id = ANY(%(accounts)s)) AS lost,
                       SUM(r.amount)
                  FROM account_partial_reconcile r
                  JOIN account_move_line l ON l.id = r.debit_move_id
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
                  JOIN res_partner p ON p.id = l.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(company)s
                 WHERE r.max_date > %(first)s AND r.max_date <= %(last)s
                   AND %(condition)s
                   AND COALESCE(l.date_maturity, l.date)
                       < date_trunc('month', r.max_date)
                         - make_interval(days => %(age)s)
              GROUP BY 1, 2, 3
                """,
                accounts=accounts.ids,
                company=company.id,
                first=fields.Date.start_of(days[0], "month"),
                last=days[-1],
                condition=self._companies_sql(company),
                age=LAST_DAYS,
            )
        )
