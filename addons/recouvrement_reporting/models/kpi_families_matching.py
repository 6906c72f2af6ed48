"""What matchings tell: money booked, what it settled, and who found that."""

from odoo import api, models
from odoo.tools import SQL

from .kpi_families import ITEM, RECEIVABLE

# The least that a machine did of the matchings of a receipt, or of an invoice: one
# chosen by hand makes it a work of the hand.
HAND, SUGGESTED, MACHINE = range(3)
RANKS = {
    "hand": SQL("= %s", HAND),
    "suggested": SQL("= %s", SUGGESTED),
    "auto": SQL("= %s", MACHINE),
}


class RecouvrementKpiLine(models.Model):
    _inherit = "recouvrement.kpi.line"

    @api.model
    def _rank_way_sql(self):
        """How matching ``pr`` was made, as a number that grows with what the machine
        did."""
        return SQL(
            """CASE %s WHEN 'hand' THEN %s WHEN 'suggested' THEN %s ELSE %s END""",
            self.env["account.partial.reconcile"]._way_sql("pr"),
            HAND,
            SUGGESTED,
            MACHINE,
        )

    # ------------------------------------------------------------------
    # COLLECTED: money booked on customers
    # ------------------------------------------------------------------

    @api.model
    def _collected_rows_sql(self, span, period, companies, by=None):
        """Receipts; payments that came back are negative. What another ledger received
        before a takeover is left out.
        """
        mine = SQL(
            "l.company_id = ANY(%s) AND l.date BETWEEN %s AND %s",
            list(companies.ids),
            span.start,
            span.end,
        )
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        source = SQL(
            """
            SELECT %(item)s, m.name AS label,
                   l.partner_id AS contact_id, l.date, NULL::date AS date_due,
                   NULL::integer AS days, -l.balance AS amount,
                   o.id IS NULL AS is_matched,
                   (SELECT MIN(%(rank)s) FROM account_partial_reconcile pr
                     WHERE pr.credit_move_id = l.id) AS least
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = l.journal_id
         LEFT JOIN (%(open)s) o ON o.id = l.id
             WHERE %(receivable)s AND %(mine)s
               AND (l.takeover_kind IS NULL OR l.takeover_date IS NULL)
               AND %(receipt)s
            """,
            item=ITEM,
            rank=self._rank_way_sql(),
            open=items._open_lines_sql(span.end, SQL("%s AND l.balance < 0", mine)),
            receivable=RECEIVABLE,
            mine=mine,
            receipt=self._receipt_sql(),
        )
        return self._wrap_sql(source)

    @api.model
    def _collected_columns(self, span, period):
        return {
            "collected": SQL("r.amount"),
            "receipts": SQL("CASE WHEN r.amount > 0 THEN 1 END"),
            "matched": SQL("CASE WHEN r.amount > 0 AND r.is_matched THEN 1 END"),
            **{
                way: SQL(
                    "CASE WHEN r.amount > 0 AND r.is_matched AND r.least %s THEN 1 END",
                    wanted,
                )
                for way, wanted in RANKS.items()
            },
        }

    # ------------------------------------------------------------------
    # MATCHED: money matched with items
    # ------------------------------------------------------------------

    @api.model
    def _matched_rows_sql(self, span, period, companies, by=None):
        source = SQL(
            """
            SELECT pr.id, 'account.move.line' AS res_model, i.id AS res_id,
                   i.id AS line_id, i.move_id, NULL::text AS label, i.company_id,
                   i.partner_id AS contact_id, pr.max_date AS date,
                   COALESCE(i.date_maturity, i.date) AS date_due,
                   COALESCE(l.takeover_date, l.date)
                       - COALESCE(i.date_maturity, i.date) AS days,
                   pr.amount, i.doubtful_date
              FROM account_partial_reconcile pr
              JOIN account_move_line l ON l.id = pr.credit_move_id
              JOIN account_journal j ON j.id = l.journal_id
              JOIN account_move_line i ON i.id = pr.debit_move_id
              JOIN account_journal ij ON ij.id = i.journal_id
             WHERE pr.max_date BETWEEN %(start)s AND %(end)s AND %(known)s
               AND i.company_id = ANY(%(companies)s)
               AND %(receivable)s AND %(receipt)s
               AND i.payment_id IS NULL AND i.statement_line_id IS NULL
               AND ij.type NOT IN ('bank', 'cash', 'credit')
            """,
            start=span.start,
            end=span.end,
            known=self._known_matching_sql(),
            companies=list(companies.ids),
            receivable=RECEIVABLE,
            receipt=self._receipt_sql(),
        )
        return self._wrap_sql(source, self._doubtful_sql(period.eve))

    @api.model
    def _known_matching_sql(self):
        """Whether matching ``pr`` was made by the moment in the context."""
        known_at = self.env["recouvrement.open.item"]._get_known_at()
        return SQL("pr.create_date <= %s", known_at) if known_at else SQL("TRUE")

    @api.model
    def _matched_columns(self, span, period):
        return {
            "recovered": SQL(
                "CASE WHEN r.date_due <= %s AND NOT r.extra THEN r.amount END",
                period.end,
            ),
            "paid": SQL("r.amount"),
            "paid_weighted": SQL("r.amount * r.days"),
        }

    # ------------------------------------------------------------------
    # SETTLED: items that money was matched with
    # ------------------------------------------------------------------

    @api.model
    def _settled_rows_sql(self, span, period, companies, by=None):
        """One row for each item that received money in the days, whatever the number
        of its matchings; those of a takeover were made elsewhere."""
        source = SQL(
            """
            SELECT i.id, 'account.move.line' AS res_model, i.id AS res_id,
                   i.id AS line_id, i.move_id, NULL::text AS label, i.company_id,
                   i.partner_id AS contact_id, got.date,
                   COALESCE(i.date_maturity, i.date) AS date_due,
                   NULL::integer AS days, got.amount, got.least
              FROM (SELECT pr.debit_move_id, MAX(pr.max_date) AS date,
                           SUM(pr.amount) AS amount, MIN(%(rank)s) AS least
                      FROM account_partial_reconcile pr
                      JOIN account_move_line l ON l.id = pr.credit_move_id
                      JOIN account_journal j ON j.id = l.journal_id
                     WHERE pr.max_date BETWEEN %(start)s AND %(end)s AND %(known)s
                       AND %(way)s <> 'takeover' AND %(receipt)s
                  GROUP BY 1) got
              JOIN account_move_line i ON i.id = got.debit_move_id
              JOIN account_journal ij ON ij.id = i.journal_id
              JOIN account_account a ON a.id = i.account_id
               AND a.account_type = 'asset_receivable'
             WHERE i.company_id = ANY(%(companies)s) AND i.parent_state = 'posted'
               AND i.payment_id IS NULL AND i.statement_line_id IS NULL
               AND ij.type NOT IN ('bank', 'cash', 'credit')
            """,
            start=span.start,
            end=span.end,
            known=self._known_matching_sql(),
            way=self.env["account.partial.reconcile"]._way_sql("pr"),
            rank=self._rank_way_sql(),
            companies=list(companies.ids),
            receipt=self._receipt_sql(),
        )
        return self._wrap_sql(source)

    @api.model
    def _settled_columns(self, span, period):
        return {
            "settled": SQL("1"),
            "auto": SQL("CASE WHEN r.least = %s THEN 1 END", MACHINE),
        }
