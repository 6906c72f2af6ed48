"""What each family of measures reads in the ledger."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.kpi import BUCKETS

RECEIVABLE = SQL(
    """l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                 WHERE account_type = 'asset_receivable'))
       AND l.parent_state = 'posted'"""
)
# What every row that is a line of the ledger begins with.
ITEM = SQL(
    """l.id, 'account.move.line' AS res_model, l.id AS res_id, l.id AS line_id,
       l.move_id, l.company_id"""
)
UNPAID_AFTER = 90  # days after its due date that make an invoice « at risk »
DUE = SQL("COALESCE(l.date_maturity, l.date)")


class RecouvrementKpiLine(models.Model):
    _inherit = "recouvrement.kpi.line"

    @api.model
    def _receipt_sql(self):
        """Whether line ``l`` of journal ``j`` is money."""
        return self.env["recouvrement.open.item"]._receipt_sql()

    # ------------------------------------------------------------------
    # OPEN: what was open at the end of a day
    # ------------------------------------------------------------------

    @api.model
    def _open_rows_sql(self, span, period, companies, by=None):
        day = span.end
        items = self.env["recouvrement.open.item"].with_context(
            at_end_of_day=True, with_origin=True
        )
        lines = items._open_lines_sql(
            day, SQL("l.company_id = ANY(%s)", list(companies.ids))
        )
        source = SQL(
            """
            SELECT l.id, 'account.move.line' AS res_model, l.id AS res_id,
                   l.id AS line_id, l.move_id, NULL::text AS label, l.company_id,
                   l.partner_id AS contact_id, l.date, l.date_due,
                   %(day)s::date - l.date_due AS days, l.residual AS amount,
                   l.doubtful_date,
                   l.residual < 0 AND %(receipt)s AS is_receipt,
                   %(disputed)s AS disputed
              FROM (%(lines)s OFFSET 0) l
         LEFT JOIN account_journal j ON j.id = l.journal_id
            """,
            day=day,
            receipt=self._receipt_sql(),
            disputed=self.env["recouvrement.dispute.part"]._disputed_sql(day),
            lines=lines,
        )
        return self._wrap_sql(source, self._doubtful_sql(day))

    @api.model
    def _doubtful_sql(self, day):
        return SQL(
            "COALESCE(s.doubtful_date <= %(day)s OR d.doubtful_date <= %(day)s, FALSE)",
            day=day,
        )

    @api.model
    def _open_columns(self, span, period):
        sound = SQL("r.amount > 0 AND NOT r.extra")
        late = SQL("%s AND r.days > 0", sound)

        def amount(condition):
            return SQL("CASE WHEN %s THEN r.amount END", condition)

        def disputed(condition):
            return SQL("CASE WHEN %s THEN NULLIF(r.disputed, 0) END", condition)

        columns = {
            "receivables": amount(sound),
            "not_due": amount(SQL("%s AND r.days <= 0", sound)),
            "due": amount(SQL("%s AND r.days >= 0", sound)),
            "overdue": amount(late),
            "overdue_weighted": SQL("CASE WHEN %s THEN r.amount * r.days END", late),
            "over_90": amount(SQL("%s AND r.days > 90", sound)),
            "doubtful": amount(SQL("r.amount > 0 AND r.extra")),
            "credits": SQL("CASE WHEN r.amount < 0 THEN -r.amount END"),
            "unallocated": SQL("CASE WHEN r.is_receipt THEN -r.amount END"),
            "disputed": disputed(sound),
            "disputed_overdue": disputed(late),
            "falling_due": amount(
                SQL(
                    "%s AND r.date_due BETWEEN %s AND %s",
                    sound,
                    period.start,
                    period.end,
                )
            ),
            "bucket_91_120": amount(SQL("%s AND r.days BETWEEN 91 AND 120", sound)),
            "bucket_0": amount(SQL("%s AND r.days <= 0", sound)),
        }
        for number in range(1, BUCKETS):
            last = SQL("TRUE")
            if number < BUCKETS - 1:
                last = SQL("r.days <= %s", 30 * number)
            columns[f"bucket_{number}"] = amount(
                SQL("%s AND r.days > %s AND %s", sound, 30 * (number - 1), last)
            )
        return columns

    # ------------------------------------------------------------------
    # ENTERED: what was invoiced and due within the period
    # ------------------------------------------------------------------

    @api.model
    def _entered_rows_sql(self, span, period, companies, by=None):
        source = SQL(
            """
            SELECT %(item)s, NULL::text AS label,
                   l.partner_id AS contact_id, l.date, %(due)s AS date_due,
                   %(end)s::date - %(due)s AS days, l.balance AS amount,
                   l.doubtful_date
              FROM account_move_line l
              JOIN account_journal j ON j.id = l.journal_id
             WHERE %(receivable)s AND l.balance > 0
               AND l.date BETWEEN %(start)s AND %(end)s AND %(due)s <= %(end)s
               AND l.company_id = ANY(%(companies)s)
               AND NOT %(receipt)s
            """,
            item=ITEM,
            due=DUE,
            receivable=RECEIVABLE,
            receipt=self._receipt_sql(),
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source, self._doubtful_sql(period.eve))

    @api.model
    def _entered_columns(self, span, period):
        return {"new_due": SQL("CASE WHEN NOT r.extra THEN r.amount END")}

    # ------------------------------------------------------------------
    # SALES
    # ------------------------------------------------------------------

    @api.model
    def _sales_rows_sql(self, span, period, companies, by=None):
        source = SQL(
            """
            SELECT m.id, 'account.move' AS res_model, m.id AS res_id,
                   NULL::integer AS line_id, m.id AS move_id, NULL::text AS label,
                   m.company_id, m.commercial_partner_id AS contact_id,
                   m.invoice_date AS date, m.invoice_date_due AS date_due,
                   NULL::integer AS days, m.amount_total_signed AS amount,
                   m.amount_untaxed_signed AS amount_net
              FROM account_move m
             WHERE m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND m.state = 'posted' AND m.penalty_statement_id IS NULL
               AND m.invoice_date BETWEEN %(start)s AND %(end)s
               AND m.company_id = ANY(%(companies)s)
            """,
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _sales_columns(self, span, period):
        return {"sales": SQL("r.amount"), "sales_net": SQL("r.amount_net")}

    # ------------------------------------------------------------------
    # LOSSES
    # ------------------------------------------------------------------

    @api.model
    def _losses_rows_sql(self, span, period, companies, by=None):
        """Entries on the accounts of losses, excluding tax."""
        source = SQL(
            """
            SELECT %(item)s, m.name AS label,
                   COALESCE(l.partner_id, m.partner_id) AS contact_id, l.date,
                   NULL::date AS date_due, NULL::integer AS days, l.balance AS amount
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
               AND l.date BETWEEN %(start)s AND %(end)s
               AND l.company_id = ANY(%(companies)s)
            """,
            item=ITEM,
            accounts=self._get_loss_account_ids(companies),
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _losses_columns(self, span, period):
        return {"losses": SQL("r.amount")}

    @api.model
    def _get_loss_account_ids(self, companies):
        return sorted(companies._get_loss_accounts().ids)

    @api.model
    def _written_off_rows_sql(self, span, period, companies, by=None):
        """Receivables, taxes included, that entries took to a loss."""
        source = SQL(
            """
            SELECT %(item)s, NULL::text AS label,
                   l.partner_id AS contact_id, l.date, NULL::date AS date_due,
                   NULL::integer AS days, -l.balance AS amount
              FROM account_move_line l
             WHERE %(receivable)s
               AND l.date BETWEEN %(start)s AND %(end)s
               AND l.company_id = ANY(%(companies)s)
               AND l.move_id IN (
                   SELECT loss.move_id FROM account_move_line loss
                    WHERE loss.account_id = ANY(%(accounts)s)
                      AND loss.parent_state = 'posted'
                      AND loss.date BETWEEN %(start)s AND %(end)s)
            """,
            item=ITEM,
            receivable=RECEIVABLE,
            accounts=self._get_loss_account_ids(companies),
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _written_off_columns(self, span, period):
        return {"written_off": SQL("r.amount")}

    # ------------------------------------------------------------------
    # COHORT: what became of what fell due 90 days earlier
    # ------------------------------------------------------------------

    @api.model
    def _cohort_rows_sql(self, span, period, companies, by=None):
        """Every receivable line of an invoice has a due date: its index serves."""
        source = SQL(
            """
            SELECT %(item)s, NULL::text AS label,
                   l.partner_id AS contact_id, l.date, l.date_maturity AS date_due,
                   NULL::integer AS days, l.balance AS amount,
                   l.balance - COALESCE((
                       SELECT SUM(pr.amount) FROM account_partial_reconcile pr
                        WHERE pr.debit_move_id = l.id
                          AND pr.max_date <= l.date_maturity + %(wait)s), 0) AS unpaid
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE %(receivable)s AND l.balance > 0
               AND m.move_type IN ('out_invoice', 'out_receipt')
               AND l.date_maturity BETWEEN %(start)s::date - %(wait)s
                               AND %(end)s::date - %(wait)s
               AND l.company_id = ANY(%(companies)s)
            """,
            item=ITEM,
            wait=UNPAID_AFTER,
            receivable=RECEIVABLE,
            start=span.start,
            end=span.end,
            companies=list(companies.ids),
        )
        return self._wrap_sql(source)

    @api.model
    def _cohort_columns(self, span, period):
        return {"billed": SQL("r.amount"), "unpaid": SQL("r.unpaid")}
