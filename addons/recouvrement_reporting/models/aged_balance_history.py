"""The aged balance of many days in one reading of the ledger: what was open on the
first day, then every entry and matching since."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.ageing import month_ends

HISTORY = 12


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    @api.readonly
    def get_history(self, values):
        """Columns of the last twelve month-ends and of the day asked for.

        :return: ``{"days": [date], "labels": [str], "series": [{"key", "label",
            "kind", "amounts"}], "currency_id"}``; with amounts in their own currency
            there is nothing to stack: ``days`` is empty.
        """
        options = self._read_options(values)
        currency = self._get_display_currency(options)
        columns = self._get_columns(options)
        days = month_ends(options.as_of, HISTORY) if currency else []
        amounts = self._read_history(options, days) if days else {}
        return {
            "days": [fields.Date.to_string(day) for day in days],
            "labels": [self._describe_day(day) for day in days],
            "currency_id": currency.id,
            "series": [
                {
                    **column,
                    "amounts": [amounts.get((day, place), 0.0) for day in days],
                }
                for place, column in enumerate(columns)
            ],
        }

    @api.model
    def _read_history(self, options, days):
        """``{(day, number of column): amount}`` in two statements at most."""
        model = self._with_options(options).with_context(
            aged_balance_days=[fields.Date.to_string(day) for day in days]
        )
        self._allow_memory()
        query = model._search(self._get_domain(options))
        table = SQL.identifier(query.table)
        query.groupby = SQL("1, 2")
        return {
            (day, column): amount
            for day, column, amount in self.env.execute_query(
                query.select(
                    SQL("%s.day", table),
                    SQL("%s.column_index", table),
                    SQL("SUM(%s.amount)", table),
                )
            )
        }

    @api.model
    def _history_lines_sql(self, options, days):
        """Movements of the lines, once for each day they are in: the sum of the rows
        of an item and a day is what was open of it. A line counts until it is matched
        in full, because its rows would add up to nothing from then on.
        """
        first, last = days[0], days[-1]
        redating, date_due = self._history_redating(first)
        return SQL(
            """
            WITH matching AS MATERIALIZED (%(matching)s),
            settled AS (
                SELECT line_id, MAX(date) AS date, SUM(amount) AS amount,
                       SUM(amount_currency) AS amount_currency
                  FROM matching GROUP BY line_id
            ), item AS MATERIALIZED (
                SELECT o.*,
                       %(before_until)s AS until
                  FROM (%(opening)s) o
             LEFT JOIN settled ON settled.line_id = o.id
            ), movement AS (
                SELECT i.id, i.account_id, i.move_id, i.company_id, i.partner_id,
                       i.currency_id, i.company_currency_id, i.date, i.date_due,
                       i.is_credit, i.until, i.start, i.residual, i.residual_currency
                  FROM item i WHERE i.start <= i.until
             UNION ALL
                SELECT i.id, i.account_id, i.move_id, i.company_id, i.partner_id,
                       i.currency_id, i.company_currency_id, i.date, i.date_due,
                       i.is_credit, i.until, %(since)s,
                       -matching.amount, -matching.amount_currency
                  FROM matching
                  JOIN item i ON i.id = matching.line_id
                 WHERE %(since)s <= i.until
            )
            SELECT i.id, i.account_id, i.move_id, i.company_id, i.partner_id,
                   i.currency_id, i.company_currency_id, i.date,
                   %(date_due)s AS date_due, i.is_credit, i.residual,
                   i.residual_currency, e.day, e.limits
              FROM movement i
              JOIN (VALUES %(days)s) AS e(number, day, limits)
                ON e.number BETWEEN i.start AND i.until
                   %(redating)s
            """,
            matching=self._history_matching_sql(first),
            before_until=SQL(
                """CASE WHEN o.residual = settled.amount
                         AND o.residual_currency = settled.amount_currency
                        THEN %s - 1 ELSE %s END""",
                self._place_sql(SQL("settled.date"), days),
                len(days),
            ),
            since=self._place_sql(SQL("matching.date"), days),
            opening=self._opening_sql(options, first, last, days),
            days=self._days_sql(options, days),
            redating=redating,
            date_due=date_due,
        )

    @api.model
    def _place_sql(self, date, days):
        """Number, from 1, of the first of ``days`` that is not before a date."""
        return SQL("width_bucket(%s - 1, %s::date[]) + 1", date, list(days))

    @api.model
    def _days_sql(self, options, days):
        return SQL(", ").join(
            SQL("(%s, %s::date, %s)", number, day, self._limits_sql(options, day))
            for number, day in enumerate(days, 1)
        )

    @api.model
    def _opening_sql(self, options, first, last, days):
        """What was open on the first day, and what was entered until the last one."""
        items = self.env["recouvrement.open.item"].with_context(raw_due_dates=True)
        condition = self._lines_condition(options)
        return SQL(
            """
            SELECT o.*, %(is_credit)s AS is_credit, 1 AS start FROM (%(open)s) o
         UNION ALL
            SELECT l.id, l.account_id, l.move_id, l.company_id, l.partner_id,
                   l.currency_id, l.company_currency_id, l.date,
                   COALESCE(l.date_maturity, l.date), l.balance, l.amount_currency,
                   l.balance < 0 OR (l.balance = 0 AND l.amount_currency < 0),
                   %(start)s
              FROM account_move_line l
             WHERE l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                             WHERE account_type = 'asset_receivable'))
               AND l.parent_state = 'posted'
               AND l.date > %(first)s AND l.date <= %(last)s
               AND (l.balance <> 0 OR l.amount_currency <> 0)
               AND %(condition)s
            """,
            is_credit=self._is_credit_sql(),
            open=items._open_lines_sql(first, condition),
            start=self._place_sql(SQL("l.date"), days),
            first=first,
            last=last,
            condition=condition,
        )

    @api.model
    def _history_matching_sql(self, first):
        """What was matched since the first day: ``line_id, date, amount,
        amount_currency``; what is undone comes back with the other sign."""
        items = self.env["recouvrement.open.item"]
        matched = SQL(
            """
            SELECT debit_move_id AS line_id, max_date AS date, amount,
                   debit_amount_currency AS amount_currency, id
              FROM account_partial_reconcile WHERE max_date > %(first)s
         UNION ALL
            SELECT credit_move_id, max_date, -amount, -credit_amount_currency, id
              FROM account_partial_reconcile WHERE max_date > %(first)s
            """,
            first=first,
        )
        if not items._was_ever_undone():
            return matched
        return SQL(
            """
            SELECT line_id, date, amount, amount_currency FROM (%(matched)s) m
             WHERE NOT EXISTS (SELECT FROM (%(remade)s) r WHERE r.id = m.id)
         UNION ALL
            SELECT line_id, date, amount, amount_currency FROM (%(remade)s) r
             WHERE r.date > %(first)s
         UNION ALL
            SELECT line_id, date_from, amount, amount_currency FROM (%(undone)s) u
             WHERE u.date_from > %(first)s AND u.date_to > u.date_from
         UNION ALL
            SELECT line_id, date_to, -amount, -amount_currency FROM (%(undone)s) u
             WHERE u.date_to > %(first)s AND u.date_to > u.date_from
            """,
            matched=matched,
            remade=items._remade_sql(),
            undone=items._undone_sql(),
            first=first,
        )

    @api.model
    def _history_redating(self, first):
        """``(join, due date)`` of item ``i`` on day ``e``."""
        items = self.env["recouvrement.open.item"]
        if not items._was_redated_since(first):
            return SQL(), SQL("i.date_due")
        join = SQL(
            """LEFT JOIN (%s) redated ON redated.line_id = i.id
                     AND e.day >= redated.date_from AND e.day < redated.date_to""",
            items._redated_sql(),
        )
        return join, SQL("COALESCE(redated.date_due, i.date_due)")
