"""What was matched with receivable items, read from the partial reconciliations."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.matches import Match


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    @api.model
    def _get_matches(self, line_ids):
        """All that was ever matched with receivable lines, in one query.

        :param line_ids: ids of ``account.move.line``, debit or credit.
        :return: ``{line id: [tools.matches.Match]}``, positive amounts in the currency
            of the line, in the order of the days; lines without any are left out.
        """
        if not line_ids:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(
            ["move_id", "payment_id", "statement_line_id", "takeover_kind"]
        )
        found = defaultdict(list)
        for line_id, day, amount, is_receipt in self.env.execute_query(
            self._matches_sql(list(line_ids))
        ):
            found[line_id].append(Match(day, Decimal(amount), is_receipt))
        return dict(found)

    @api.model
    def _get_receipt_days(self, line_ids):
        """When a payment that is under way comes in, as far as it is known: a hook
        (direct debits…).

        :return: ``{line id: date}``.
        """
        return {}

    @api.model
    def _matches_sql(self, line_ids):
        return SQL(
            """
            SELECT x.line_id, x.day, x.amount::text, %(receipt)s
              FROM (SELECT debit_move_id AS line_id, credit_move_id AS other_id,
                           max_date AS day, debit_amount_currency AS amount, id
                      FROM account_partial_reconcile
                     WHERE debit_move_id = ANY(%(ids)s)
                 UNION ALL
                    SELECT credit_move_id, debit_move_id, max_date,
                           credit_amount_currency, id
                      FROM account_partial_reconcile
                     WHERE credit_move_id = ANY(%(ids)s)) x
              JOIN account_move_line l ON l.id = x.other_id
              JOIN account_move m ON m.id = l.move_id
              JOIN account_journal j ON j.id = m.journal_id
             WHERE x.amount <> 0
          ORDER BY x.day, x.id
            """,
            receipt=self._receipt_sql(),
            ids=line_ids,
        )

    @api.model
    def _receipt_sql(self):
        """Whether line ``l`` of entry ``m`` in journal ``j`` is money that came in, and
        not a credit note, a write-off or a compensation."""
        return SQL(
            """(l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL
                OR COALESCE(l.takeover_kind, '') = 'payment'
                OR j.type IN ('bank', 'cash', 'credit'))"""
        )
