"""What the ledger says of the past, read in sets: delays, receipts, sales."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.period import Period
from ..tools.season import Season, seasons

HISTORY_MONTHS = 24
RATE_WEEKS = 13
SEASON_YEARS = 4
OLD_DAYS = 90
RECEIVABLE = SQL(
    """l.parent_state = 'posted' AND l.account_id = ANY(ARRAY(
           SELECT id FROM account_account WHERE account_type = 'asset_receivable'))"""
)


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    @api.model
    def _flush_sources(self):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env.flush_all()

    @api.model
    def _has_receivables(self, company):
        _root, companies = self._get_entity(company)
        [[found]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM account_move_line l WHERE %s AND %s)",
                RECEIVABLE,
                self._companies_sql(companies),
            )
        )
        return found

    @api.model
    def _companies_sql(self, companies):
        return SQL("l.company_id = ANY(%s)", companies.ids)

    # ------------------------------------------------------------------
    # RECEIPTS AND SALES
    # ------------------------------------------------------------------

    @api.model
    def _get_sales_start(self, as_of, weeks=RATE_WEEKS):
        """Eve of the weeks whose sales go on."""
        return as_of - timedelta(weeks=weeks)

    @api.model
    def _get_weekly(self, companies, as_of, weeks=RATE_WEEKS):
        """Receipts and sales of the last weeks of seven days, newest first.

        :return: two lists of numbers, in company currency.
        """
        receipts = self.env["recouvrement.receipt"]
        start = self._get_sales_start(as_of, weeks)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 0, (%(as_of)s - COALESCE(l.takeover_date, l.date)) / 7,
                       SUM(-l.balance)
                  FROM account_move_line l
                 WHERE %(receipt)s AND %(companies)s
                   AND COALESCE(l.takeover_date, l.date) <= %(as_of)s
                   AND COALESCE(l.takeover_date, l.date) > %(start)s
              GROUP BY 2
             UNION ALL
                SELECT 1, (%(as_of)s - l.date) / 7, SUM(l.balance)
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                 WHERE %(sale)s AND %(companies)s
                   AND l.date <= %(as_of)s AND l.date > %(start)s
              GROUP BY 2
                """,
                receipt=receipts._is_receipt_sql(),
                sale=self._is_sale_sql(),
                companies=self._companies_sql(companies),
                as_of=as_of,
                start=start,
            )
        )
        found = [[0.0] * weeks, [0.0] * weeks]
        for kind, week, amount in rows:
            found[kind][week] += float(amount)
        return found

    @api.model
    def _get_season(self, companies, as_of):
        """How busy each month of the year is, from the sales of the whole months known
        at a day, in one query."""
        first = as_of.replace(day=1)
        since = fields.Date.subtract(first, years=SEASON_YEARS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', l.date)::date, SUM(l.balance)
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                 WHERE %(sale)s AND %(companies)s
                   AND l.date < %(until)s AND l.date >= %(since)s
              GROUP BY 1 ORDER BY 1
                """,
                sale=self._is_sale_sql(),
                companies=self._companies_sql(companies),
                until=first,
                since=since,
            )
        )
        found = dict(rows)
        months = Period(min(found), as_of).months()[:-1] if found else []
        sales = [
            (one.start.month, max(float(found.get(one.start, 0)), 0.0) / one.days)
            for one in months
        ]
        if found and min(found) > since:
            # The ledger may begin in the middle of its first month.
            sales = sales[1:]
        return Season(seasons(sales), as_of)

    @api.model
    def _is_sale_sql(self):
        """Whether line ``l`` of entry ``m`` is what a customer was invoiced."""
        return SQL(
            """%s AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND m.penalty_statement_id IS NULL""",
            RECEIVABLE,
        )

    def _get_received(self, rows):
        """What came in on the days of each week or month, and before them in the
        calendar period, in one query: ``{id: (inside, before)}`` as texts."""
        found = {row.id: ("0", "0") for row in rows}
        if not rows:
            return found
        _root, companies = self._get_entity(self.company_id)
        spans = SQL(", ").join(
            SQL(
                "(%s, %s::date, %s::date, %s::date)",
                row.id,
                row.date_start,
                row.date_from,
                row.date_end,
            )
            for row in rows
        )
        self.env["account.move.line"].flush_model()
        result = self.env.execute_query(
            SQL(
                """
                SELECT w.id, %(inside)s, %(before)s
                  FROM (VALUES %(spans)s) AS w(id, first, start, last)
                  JOIN account_move_line l
                    ON COALESCE(l.takeover_date, l.date) BETWEEN w.first AND w.last
                 WHERE %(receipt)s AND %(companies)s
              GROUP BY w.id
                """,
                inside=self._sum_sql(">="),
                before=self._sum_sql("<"),
                spans=spans,
                receipt=self.env["recouvrement.receipt"]._is_receipt_sql(),
                companies=self._companies_sql(companies),
            )
        )
        return found | {row_id: tuple(sums) for row_id, *sums in result}

    @api.model
    def _sum_sql(self, operator):
        return SQL(
            """COALESCE(SUM(-l.balance) FILTER (
                   WHERE COALESCE(l.takeover_date, l.date) %s w.start), 0)::text""",
            SQL(operator),
        )
