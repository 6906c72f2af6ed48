"""Open items, late payments and what is not booked yet, each filed under its cell."""

from odoo import models
from odoo.tools import SQL

from .delay_table import CLOSING, RECEIVED
from .delay_table_sql import COLUMNS, LEDGERS


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    # ------------------------------------------------------------------
    # READINGS
    # ------------------------------------------------------------------

    def _open_sql(self, side):
        """What was open at the end of the closing day."""
        account_type, sign, _invoices, _refunds = LEDGERS[side]
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            SELECT %(facts)s, NULL::date AS date_paid,
                   o.currency_id AS item_currency_id,
                   (%(sign)s * o.residual)::numeric AS amount,
                   (%(sign)s * o.residual_currency)::numeric AS amount_currency
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN account_move m ON m.id = o.move_id
            """,
            facts=self._facts_sql(side, SQL("o.date_due")),
            sign=sign,
            lines=items._open_lines_sql(
                self.date_to,
                SQL("l.company_id = ANY(%s)", self._get_companies().ids),
                account_type,
            ),
        )

    def _paid_sql(self, side):
        """What was paid of invoices during the year, day by day, at the rate of the
        invoice: exchange differences are no delay."""
        paid, payer = SQL("debit"), SQL("credit")
        if side == RECEIVED:
            paid, payer = payer, paid
        return SQL(
            """
            SELECT p.*, p.value - LAG(p.value, 1, 0) OVER (
                       PARTITION BY p.move_line_id ORDER BY p.date_paid) AS amount
              FROM (SELECT %(facts)s, r.day AS date_paid,
                           l.currency_id AS item_currency_id,
                           r.matched AS amount_currency,
                           ROUND(ABS(l.balance) * SUM(r.matched) OVER (
                                     PARTITION BY l.id ORDER BY r.day)
                                 / NULLIF(ABS(l.amount_currency), 0), %(digits)s)
                               AS value
                      FROM (%(matched)s) r
                      JOIN account_move_line l ON l.id = r.line_id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE l.account_id = %(accounts)s
                       AND l.company_id = ANY(%(companies)s)
                       AND l.parent_state = 'posted') p
             WHERE p.kind = 'invoice'
            """,
            facts=self._facts_sql(side, SQL("COALESCE(l.date_maturity, l.date)")),
            digits=self.currency_id.decimal_places,
            accounts=self._accounts_sql(side),
            companies=self._get_companies().ids,
            matched=self._matched_sql(paid, payer),
        )

    def _matched_sql(self, paid, payer):
        """Amount of items matched with money, per item and day of the year."""
        return SQL(
            """
            SELECT r.%(paid)s_move_id AS line_id, r.max_date AS day,
                   SUM(r.%(paid)s_amount_currency)::numeric AS matched
              FROM account_partial_reconcile r
              JOIN account_move_line l ON l.id = r.%(payer)s_move_id
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = m.journal_id
             WHERE r.max_date BETWEEN %(start)s AND %(end)s AND %(receipt)s
          GROUP BY r.%(paid)s_move_id, r.max_date
            HAVING SUM(r.%(paid)s_amount_currency) <> 0
            """,
            paid=paid,
            payer=payer,
            start=self.date_from,
            end=self.date_to,
            receipt=self.env["recouvrement.open.item"]._receipt_sql(),
        )

    def _filed_sql(self, side, items, day=None):
        """Items with their delay and their place in the table.

        Parts without taxes are differences of rounded running totals: those of an
        invoice add up to its own.

        :param SQL items: with the columns of ``_facts_sql``, ``date_paid``, amounts.
        :param date day: to which delays count; None: to the payment.
        """
        days = (
            SQL("%s::date - i.date_due", day)
            if day
            else SQL("i.date_paid - i.date_due")
        )
        return SQL(
            """
            SELECT f.move_line_id, f.move_id, f.company_id, f.partner_id, f.unit,
                   f.kind = 'invoice' AS is_invoice, f.name, f.ref, f.document_date,
                   f.date_due, f.date_paid, f.days, f.item_currency_id, f.amount,
                   f.amount_untaxed, f.amount_currency, f.category,
                   CASE WHEN f.category IN ('late', 'disputed')
                        THEN %(bucket)s ELSE 0 END AS bucket
              FROM (SELECT i.*, %(days)s AS days, %(category)s AS category,
                           %(net)s - %(net_before)s AS amount_untaxed
                      FROM (SELECT items.*, SUM(amount) OVER (
                                       PARTITION BY unit, kind
                                       ORDER BY date_due, date_paid, move_line_id
                                   ) AS running
                              FROM (%(items)s) items) i) f
            """,
            bucket=self._bucket_sql(SQL("f.days")),
            days=days,
            category=self._category_sql(days),
            net=self._net_sql(SQL("i.running")),
            net_before=self._net_sql(SQL("i.running - i.amount")),
            items=items,
        )

    def _bucket_sql(self, days):
        steps = [SQL("(%s > %s)::integer", days, bound) for bound in self._get_bounds()]
        return SQL("1 + %s", SQL(" + ").join(steps))

    def _category_sql(self, days):
        counted = ["invoice"]
        if self.credit_notes == "deducted" and self.part == CLOSING:
            counted.append("credit_note")
        return SQL(
            """CASE WHEN NOT i.kind = ANY(%(counted)s) THEN i.kind
                    WHEN %(days)s > 0 AND i.disputed THEN 'disputed'
                    WHEN %(days)s > 0 THEN 'late'
                    WHEN %(days)s = 0 OR %(all)s THEN 'zero'
                    ELSE 'not_due' END""",
            counted=counted,
            days=days,
            all=self.zero_day == "not_due",
        )

    def _unbooked_sql(self, side):
        """Invoices of the year or before, late at closing, that were not in the books
        then: drafts, and those posted with a later date."""
        _type, sign, invoices, _refunds = LEDGERS[side]
        items = SQL(
            """
            SELECT %(facts)s, NULL::date AS date_paid,
                   l.currency_id AS item_currency_id,
                   (%(sign)s * (l.balance - COALESCE(known.amount, 0)))::numeric
                       AS amount,
                   (%(sign)s * (l.amount_currency
                               - COALESCE(known.amount_currency, 0)))::numeric
                       AS amount_currency
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
         LEFT JOIN LATERAL (%(known)s) known ON l.parent_state = 'posted'
             WHERE l.account_id = %(accounts)s AND l.company_id = ANY(%(companies)s)
               AND m.move_type = ANY(%(invoices)s) AND m.invoice_date <= %(day)s
               AND (l.parent_state = 'draft'
                    OR (l.parent_state = 'posted' AND l.date > %(day)s))
               AND (m.penalty_statement_id IS NULL OR %(penalties)s)
            """,
            facts=self._facts_sql(
                side, SQL("COALESCE(l.date_maturity, m.invoice_date)")
            ),
            sign=sign,
            known=self._known_sql(),
            accounts=self._accounts_sql(side),
            companies=self._get_companies().ids,
            invoices=invoices,
            day=self.date_to,
            penalties=self.with_penalties,
        )
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS[:-2]))
        return SQL(
            """
            SELECT %(columns)s, 'unbooked' AS category, 0 AS bucket
              FROM (%(items)s) unbooked WHERE days > 0 AND amount <> 0
            """,
            columns=columns,
            items=self._filed_sql(side, items, self.date_to),
        )

    def _known_sql(self):
        """What the books already held against line ``l`` on the closing day."""
        return SQL(
            """
            SELECT SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
              FROM (SELECT r.amount, r.debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile r
                      JOIN account_move_line c ON c.id = r.credit_move_id
                     WHERE r.debit_move_id = l.id AND c.date <= %(day)s
                 UNION ALL
                    SELECT -r.amount, -r.credit_amount_currency
                      FROM account_partial_reconcile r
                      JOIN account_move_line d ON d.id = r.debit_move_id
                     WHERE r.credit_move_id = l.id AND d.date <= %(day)s) matched
            """,
            day=self.date_to,
        )
