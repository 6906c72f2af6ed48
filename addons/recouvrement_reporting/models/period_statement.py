"""The statement of account of a debtor over a period: what was owed when it began, what
was invoiced, credited and paid, what was owed when it ended. Read from the ledger."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.statement import mark_groups, partners_of, running_balances

ZERO = Decimal(0)
KINDS = ("invoice", "credit_note", "payment", "other", "exchange")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_period_statement(self, period):
        """The account from the first to the last day of a period, per currency.

        Days are accounting days, so that the balances are those of the ledger. A
        constant number of queries, whatever the number of lines.

        :param Period period: of days that are over, or ends today.
        :raise UserError: when the period is not over.
        :return: dicts ``currency, opening, rows, debit, credit, closing,
            closing_company, overdue, not_due, to_allocate, is_tied``; amounts are
            Decimals in the currency, but ``closing_company``. ``is_tied``: the closing
            balance equals what was open at the end of the last day.
        """
        self.ensure_one()
        if period.end > fields.Date.context_today(self):
            raise UserError(
                self.env._("A statement of account ends today at the latest.")
            )
        debtor = self.sudo()
        debtor._flush_sources()
        self.env["account.partial.reconcile"].flush_model()
        totals = debtor._read_period_totals(period)
        rows = debtor._read_period_rows(period)
        open_totals = debtor._read_open_totals(period.end)
        debtor._mark_period_rows(rows, period)
        by_currency = defaultdict(list)
        for row in rows:
            by_currency[row["currency_id"]].append(row)
        wanted = {
            *by_currency,
            *open_totals,
            *(key for key, one in totals.items() if one["opening"]),
        }
        currencies = (
            self.env["res.currency"]
            .browse(wanted)
            .sorted(lambda one: (one != self.currency_id, one.name))
        )
        return [
            self._make_period_block(
                currency, totals, by_currency[currency.id], open_totals
            )
            for currency in currencies
        ]

    def _make_period_block(self, currency, totals, rows, open_totals):
        opening, company = (
            totals.get(currency.id, {}).get(key, ZERO)
            for key in ("opening", "closing_company")
        )
        amounts = [row["amount"] for row in rows]
        for row, balance in zip(rows, running_balances(opening, amounts), strict=True):
            row["balance"] = balance
        still_open = open_totals.get(currency.id, {})
        closing = opening + sum(amounts, ZERO)
        parts = {
            key: still_open.get(key, ZERO)
            for key in ("overdue", "not_due", "to_allocate")
        }
        return {
            "currency": currency,
            "opening": opening,
            "rows": rows,
            "debit": sum((amount for amount in amounts if amount > 0), ZERO),
            "credit": -sum((amount for amount in amounts if amount < 0), ZERO),
            "closing": closing,
            "closing_company": company,
            "is_tied": closing == sum(parts.values(), ZERO),
            **parts,
        }

    # ------------------------------------------------------------------
    # LEDGER
    # ------------------------------------------------------------------

    def _period_lines_sql(self):
        """Posted receivable lines of the debtor, in all branches, as ``l`` of ``m``."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """account_move_line l
               JOIN account_move m ON m.id = l.move_id
               JOIN account_account a ON a.id = l.account_id
                AND a.account_type = 'asset_receivable'
               JOIN res_company c ON c.id = l.company_id AND %(root)s = %(company)s
              WHERE l.parent_state = 'posted' AND %(mine)s""",
            root=items._root_company_sql("c"),
            company=self.company_id.id,
            mine=self._lines_of_partners_sql(self.partner_id.ids),
        )

    def _across_sql(self):
        """Matchings of two currencies: a sum leaves the account in one and comes into
        that in the other, without an entry.

        :return: SQL of ``line_id, other_id, currency_id, amount, day``.
        """
        return SQL(
            """
            SELECT l.id AS line_id, other.id AS other_id, l.currency_id, side.amount,
                   p.max_date AS day, p.id
              FROM account_partial_reconcile p
        CROSS JOIN LATERAL (VALUES
                   (p.debit_move_id, p.credit_move_id, -p.debit_amount_currency),
                   (p.credit_move_id, p.debit_move_id, p.credit_amount_currency)
                   ) AS side(line_id, other_id, amount)
              JOIN account_move_line l ON l.id = side.line_id
              JOIN account_move_line other ON other.id = side.other_id
             WHERE l.currency_id <> other.currency_id AND side.amount <> 0
               AND l.id IN (SELECT l.id FROM %s)
            """,
            self._period_lines_sql(),
        )

    def _read_period_totals(self, period):
        """``{currency id: {opening, closing_company}}``."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT currency_id, SUM(opening)::text AS opening,
                       SUM(company)::text AS closing_company
                  FROM (SELECT l.currency_id, l.balance AS company,
                               CASE WHEN l.date < %(start)s THEN l.amount_currency
                                    ELSE 0 END AS opening
                          FROM %(lines)s AND l.date <= %(end)s
                     UNION ALL
                        SELECT currency_id, 0, amount FROM (%(across)s) x
                         WHERE day < %(start)s) moved
              GROUP BY currency_id
                """,
                start=period.start,
                end=period.end,
                lines=self._period_lines_sql(),
                across=self._across_sql(),
            )
        )
        return {row.pop("currency_id"): _to_decimals(row) for row in rows}

    def _read_period_rows(self, period):
        """What moved the account, in the order of the days: dicts ``id, currency_id,
        date, date_due, name, reference, kind, amount, branch``."""
        items = self.env["recouvrement.open.item"]
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.id AS line_id, l.currency_id, l.date,
                       COALESCE(l.date_maturity, l.date) AS date_due,
                       CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                                 AND l.payment_id IS NULL
                                 AND l.statement_line_id IS NULL
                            THEN l.name ELSE m.name END AS name,
                       COALESCE(m.ref, '') AS reference, %(kind)s AS kind,
                       l.amount_currency::text AS amount,
                       CASE WHEN c.parent_id IS NOT NULL THEN c.name END AS branch,
                       0 AS place
                  FROM %(lines)s
                   AND l.date BETWEEN %(start)s AND %(end)s AND l.amount_currency <> 0
             UNION ALL
                SELECT x.line_id, x.line_id, x.currency_id, x.day, x.day,
                       COALESCE(m.name, ''), '', 'exchange', x.amount::text, NULL, x.id
                  FROM (%(across)s) x
                  JOIN account_move_line l ON l.id = x.other_id
                  JOIN account_move m ON m.id = l.move_id
                 WHERE x.day BETWEEN %(start)s AND %(end)s
              ORDER BY 3, 4, place, 1
                """,
                kind=items._kind_sql(),
                lines=self._period_lines_sql(),
                across=self._across_sql(),
                start=period.start,
                end=period.end,
            )
        )
        for row in rows:
            row["amount"] = Decimal(row["amount"])
        return rows

    def _read_open_totals(self, day):
        """What was open at the end of a day: ``{currency id: {overdue, not_due,
        to_allocate}}``, credits negative."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT o.currency_id,
                       COALESCE(SUM(residual_currency) FILTER (
                           WHERE residual_currency > 0 AND o.date_due < %(day)s), 0
                           )::text AS overdue,
                       COALESCE(SUM(residual_currency) FILTER (
                           WHERE residual_currency > 0 AND o.date_due >= %(day)s), 0
                           )::text AS not_due,
                       COALESCE(SUM(residual_currency) FILTER (
                           WHERE residual_currency < 0), 0)::text AS to_allocate
                  FROM (%(lines)s) o
                  JOIN res_company c ON c.id = o.company_id AND %(root)s = %(company)s
                 WHERE o.residual_currency <> 0
              GROUP BY o.currency_id
                """,
                day=day,
                lines=self._period_open_sql(day),
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                company=self.company_id.id,
            )
        )
        return {row.pop("currency_id"): _to_decimals(row) for row in rows}

    def _period_open_sql(self, day):
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        condition = self._lines_of_partners_sql(self.partner_id.ids)
        return items._open_lines_sql(day, condition)

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def _mark_period_rows(self, rows, period):
        """Add to rows their ``mark`` and what a payment or credit note settled
        (``settles``: names of documents)."""
        ids = list(dict.fromkeys(row["line_id"] for row in rows))
        pairs, names, still_open = self._read_period_matches(ids, period)
        marks = mark_groups(ids, pairs, still_open)
        partners = partners_of(pairs)
        for row in rows:
            line_id = row["line_id"]
            row["mark"] = marks.get(line_id, "")
            row["settles"] = [
                names[one]
                for one in partners.get(line_id, ())
                if row["amount"] < 0 and row["kind"] != "exchange" and names.get(one)
            ]

    def _read_period_matches(self, ids, period):
        """``(pairs, names of entries by line, ids of lines that were still open)`` of
        what was matched with lines until the end of the period."""
        if not ids:
            return [], {}, set()
        found = self.env.execute_query(
            SQL(
                """
                SELECT p.debit_move_id, p.credit_move_id, dm.name, cm.name
                  FROM account_partial_reconcile p
                  JOIN account_move_line d ON d.id = p.debit_move_id
                  JOIN account_move dm ON dm.id = d.move_id
                  JOIN account_move_line c ON c.id = p.credit_move_id
                  JOIN account_move cm ON cm.id = c.move_id
                 WHERE (p.debit_move_id = ANY(%(ids)s)
                        OR p.credit_move_id = ANY(%(ids)s))
                   AND p.max_date <= %(end)s
              ORDER BY p.id
                """,
                ids=ids,
                end=period.end,
            )
        )
        names = {}
        for debit, credit, debit_name, credit_name in found:
            names[debit], names[credit] = debit_name, credit_name
        open_ids = self.env.execute_query(
            SQL(
                """SELECT o.id FROM (%s) o
                    WHERE o.residual <> 0 OR o.residual_currency <> 0""",
                self._period_open_sql(period.end),
            )
        )
        pairs = [(debit, credit) for debit, credit, *_names in found]
        return pairs, names, {line_id for (line_id,) in open_ids}


def _to_decimals(row):
    return {key: Decimal(value or 0) for key, value in row.items()}
