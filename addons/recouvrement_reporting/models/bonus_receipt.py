from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.kpi import MEASURES


class RecouvrementBonusReceipt(models.Model):
    """A receipt credited to a collector when a month was frozen.

    These lines make the frozen amount collected. A receipt is credited once, whatever
    becomes of its date; a payment that came back is a negative one.
    """

    _name = "recouvrement.bonus.receipt"
    _inherit = ["recouvrement.guarded"]
    _description = "Receipt Credited to a Collector"
    _order = "date desc, id desc"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(string="Month", required=True, readonly=True)
    collector_id = fields.Many2one("res.users", required=True, readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", readonly=True, ondelete="set null"
    )
    name = fields.Char(string="Receipt", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(string="Credited", readonly=True)
    is_reversed = fields.Boolean(
        string="Taken Back",
        compute="_compute_is_reversed",
        search="_search_is_reversed",
    )

    _credited_once = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "A receipt is credited once.",
    )
    _month_idx = models.Index("(company_id, date_start, collector_id)")

    def _compute_is_reversed(self):
        reversed_ids = set(
            self.env["recouvrement.bonus.reversal"]
            .sudo()
            .search([("receipt_id", "in", self.ids)])
            .receipt_id.ids
        )
        for receipt in self:
            receipt.is_reversed = receipt.id in reversed_ids

    def _search_is_reversed(self, operator, value):
        if operator != "in":
            return NotImplemented
        reversals = self.env["recouvrement.bonus.reversal"].sudo()._search([])
        return [("id", "in", reversals.subselect("receipt_id"))]

    # ------------------------------------------------------------------
    # FREEZE
    # ------------------------------------------------------------------

    @api.model
    def _freeze(self, company, period):
        """Keep the receipts that make the amount collected of a month; a month that was
        kept is not touched.

        :return: number of receipts.
        """
        company = company.root_id
        entity = self.env["recouvrement.target"]._get_entity(company)
        lines = self.env["recouvrement.kpi.line"].sudo()
        lines = lines.with_context(allowed_company_ids=entity.ids)
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_bonus_receipt
                       (company_id, date_start, collector_id, debtor_id, move_line_id,
                        name, date, amount)
                SELECT %(company)s, %(start)s, r.collector_id, r.debtor_id,
                       r.move_line_id, r.name, r.date, r.value
                  FROM (%(lines)s) r
                 WHERE r.collector_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM recouvrement_bonus_receipt k
                                    WHERE k.company_id = %(company)s
                                      AND k.date_start = %(start)s)
                ON CONFLICT (move_line_id) WHERE move_line_id IS NOT NULL DO NOTHING
                """,
                company=company.id,
                start=period.start,
                lines=lines._lines_sql(MEASURES["collected"], period, "collector"),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        return count

    # ------------------------------------------------------------------
    # WHAT WAS REVERSED SINCE
    # ------------------------------------------------------------------

    @api.model
    def _find_reversed(self, company, date_start, collector_ids, month):
        """Receipts of a frozen month that did not hold.

        An entry that is no longer posted does not hold at all. A payment that came back
        after the frozen month takes its part away: it is matched with the receipt, or
        its entry reverses that of the receipt.

        :param Period month: up to the end of which returns are looked for.
        :return: list of dicts: ``receipt_id``, ``collector_id``, ``amount`` and, of it,
            what the figure of that month counts as negative (``returned``), as exact
            texts.
        """
        self.flush_model()
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT receipt_id, collector_id, amount::text, returned::text
                  FROM (SELECT k.id AS receipt_id, k.collector_id,
                               CASE WHEN l.id IS NULL OR l.parent_state <> 'posted'
                                    THEN k.amount
                                    ELSE LEAST(k.amount, COALESCE(back.amount, 0))
                                     END AS amount,
                               LEAST(k.amount, COALESCE(back.recent, 0)) AS returned
                          FROM recouvrement_bonus_receipt k
                     LEFT JOIN account_move_line l ON l.id = k.move_line_id
                     LEFT JOIN LATERAL (%(back)s) back ON TRUE
                         WHERE k.company_id = %(company)s
                           AND k.date_start = %(start)s
                           AND k.collector_id = ANY(%(collectors)s)
                           AND k.amount > 0) found
                 WHERE amount > 0
              ORDER BY receipt_id
                """,
                back=self._returns_sql(date_start, month),
                company=company.root_id.id,
                start=date_start,
                collectors=list(collector_ids),
            )
        )

    @api.model
    def _returns_sql(self, date_start, month):
        """What came back of line ``l`` after the month in which it was credited."""
        return SQL(
            """
            SELECT SUM(x.amount) AS amount,
                   SUM(x.amount) FILTER (WHERE x.is_counted) AS recent
              FROM (SELECT DISTINCT ON (b.id) b.id,
                           COALESCE(pr.amount, b.balance) AS amount,
                           EXISTS (SELECT FROM recouvrement_bonus_receipt counted
                                    WHERE counted.move_line_id = b.id
                                      AND counted.date_start = %(month)s
                                      AND counted.collector_id = k.collector_id)
                               AS is_counted
                      FROM account_move_line b
                      JOIN account_move bm ON bm.id = b.move_id
                      JOIN account_journal j ON j.id = b.journal_id
                 LEFT JOIN account_partial_reconcile pr
                        ON pr.debit_move_id = b.id AND pr.credit_move_id = l.id
                     WHERE (b.id IN (SELECT debit_move_id
                                       FROM account_partial_reconcile
                                      WHERE credit_move_id = l.id)
                            OR b.move_id IN (SELECT id FROM account_move
                                              WHERE reversed_entry_id = l.move_id))
                       AND b.account_id = l.account_id AND b.balance > 0
                       AND b.parent_state = 'posted' AND b.date <= %(until)s
                       AND (bm.reversed_entry_id = l.move_id
                            OR b.payment_id IS NOT NULL
                            OR b.statement_line_id IS NOT NULL
                            OR j.type IN ('bank', 'cash', 'credit'))
                       AND NOT EXISTS (
                           SELECT FROM recouvrement_bonus_receipt known
                            WHERE known.move_line_id = b.id
                              AND known.date_start = %(start)s)) x
            """,
            month=month.start,
            until=month.end,
            start=date_start,
        )
