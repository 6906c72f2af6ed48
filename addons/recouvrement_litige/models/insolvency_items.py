"""The items of a debtor, and what was received, as the ledger tells them."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.insolvency import Item


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # ------------------------------------------------------------------
    # WHAT THE LEDGER SAYS
    # ------------------------------------------------------------------

    @api.model
    def _read_items(self, debtor, judged, line_ids=None):
        """Items of a debtor that are open, or were paid since the judgment.

        :param date judged: day of the judgment.
        :param line_ids: only these.
        :return: ``{line id: (Item, dict of name, currency_id, document_date,
            date_due)}``, the oldest first; three queries.
        """
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.currency_id, l.date_maturity AS date_due,
                       COALESCE(l.takeover_date, m.invoice_date, l.date)
                           AS document_date,
                       CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                            THEN l.name ELSE m.name END AS name,
                       m.delivery_date,
                       LEAST(r.invoice_date, r.delivery_date) AS corrected,
                       l.amount_residual_currency::text AS is_open
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
                  JOIN res_company c ON c.id = l.company_id
             LEFT JOIN account_move r ON r.id = m.reversed_entry_id
                   AND m.move_type = 'out_refund'
                 WHERE %(partner)s AND l.parent_state = 'posted'
                   AND %(root)s = %(company)s AND %(only)s
                   AND (l.amount_residual_currency <> 0 OR l.amount_residual <> 0
                        OR (l.balance > 0 AND EXISTS (
                            SELECT FROM account_partial_reconcile p
                             WHERE p.debit_move_id = l.id
                               AND p.max_date >= %(judged)s::date)))
              ORDER BY 4, l.id
                """,
                partner=debtor._lines_of_partners_sql(debtor.partner_id.ids),
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                company=debtor.company_id.id,
                only=SQL("TRUE")
                if line_ids is None
                else SQL("l.id = ANY(%s)", list(line_ids)),
                judged=judged,
            )
        )
        received = self._read_received([row["id"] for row in rows], judged)
        return {
            row["id"]: (self._make_item(row, received[row["id"]]), row)
            for row in rows
            if Decimal(row["is_open"]) or received[row["id"]]
        }

    @api.model
    def _read_received(self, line_ids, since):
        """Money matched with items from a day on, ``{line id: Decimal}``."""
        found = self.env["recouvrement.open.item"].sudo()._get_matches(line_ids)
        sums = defaultdict(Decimal)
        for line_id, matches in found.items():
            sums[line_id] = sum(
                (one.amount for one in matches if one.is_receipt and one.day >= since),
                Decimal(0),
            )
        return sums

    @api.model
    def _make_item(self, row, received):
        is_open = Decimal(row["is_open"])
        return Item(
            row["id"],
            row["document_date"],
            is_open,
            row["date_due"],
            row["delivery_date"],
            row["corrected"],
            received if is_open >= 0 else Decimal(0),
        )
