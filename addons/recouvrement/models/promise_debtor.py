"""What the promises of a debtor say of it: columns refreshed with its totals."""

from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = [
    "promise_open_amount",
    "promise_next_date",
    "promise_broken_count",
    "promise_kept_count",
    "promise_decided_count",
    "promise_postponed_count",
    "promise_decided_amount",
    "promise_kept_amount",
]


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    promise_ids = fields.One2many("recouvrement.promise", "debtor_id", readonly=True)
    promise_open_amount = fields.Monetary(
        string="Promised",
        readonly=True,
        help="What the open promises still bring, in company currency.",
    )
    promise_next_date = fields.Date(
        string="Next Promise", readonly=True, index="btree_not_null"
    )
    promise_broken_count = fields.Integer(
        string="Broken Promises",
        readonly=True,
        help="Broken or partly kept, in the last 12 months.",
    )
    promise_kept_count = fields.Integer(
        string="Promises Kept", readonly=True, help="In the last 12 months."
    )
    promise_decided_count = fields.Integer(
        string="Promises Decided",
        readonly=True,
        help="Kept, partly kept or broken in the last 12 months.",
    )
    promise_postponed_count = fields.Integer(
        string="Promises Postponed", readonly=True, help="In the last 12 months."
    )
    promise_decided_amount = fields.Monetary(
        string="Amount of Promises Decided",
        readonly=True,
        help="What the promises decided in the last 12 months required.",
    )
    promise_kept_amount = fields.Monetary(
        string="Amount of Promises Received in Time",
        readonly=True,
        help="What was received of it in time.",
    )
    promise_kept_rate = fields.Float(
        compute="_compute_promise_kept_rate",
        aggregator=None,
        help="Promises kept out of those decided in the last 12 months.",
    )
    promise_kept_rate_amount = fields.Float(
        string="Promise Kept Rate (Amount)",
        compute="_compute_promise_kept_rate",
        aggregator=None,
        help="Received in time out of what was required, in the last 12 months.",
    )

    @api.depends(*COLUMNS[3:5], *COLUMNS[6:])
    def _compute_promise_kept_rate(self):
        """Shares between 0 and 1; 0 without any promise decided: look at the count."""
        for debtor in self:
            count = debtor.promise_decided_count
            amount = debtor.promise_decided_amount
            debtor.promise_kept_rate = count and debtor.promise_kept_count / count
            debtor.promise_kept_rate_amount = (
                amount and debtor.promise_kept_amount / amount
            )

    # ------------------------------------------------------------------
    # REFRESH
    # ------------------------------------------------------------------

    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.promise"].flush_model()
        return result

    @api.model
    def _get_total_fields(self):
        return [*super()._get_total_fields(), *COLUMNS]

    def _refresh_totals(self):
        """The refresh of all accounts also judges the promises that fell due."""
        if not self:
            self.env["recouvrement.promise"].sudo()._judge_due()
        return super()._refresh_totals()

    @api.model
    def _refresh_statements(self, condition):
        return [
            *super()._refresh_statements(condition),
            self._refresh_promises_sql(condition),
        ]

    @api.model
    def _promise_totals_sql(self, condition):
        """Per debtor of ``condition`` that has promises: the columns of this file."""
        since = fields.Date.subtract(fields.Date.context_today(self), months=12)
        return SQL(
            """
            SELECT p.debtor_id,
                   COALESCE(SUM(%(missing)s) FILTER (WHERE p.state = 'open'), 0)
                       AS promise_open_amount,
                   MIN(p.date) FILTER (WHERE p.state = 'open') AS promise_next_date,
                   COUNT(*) FILTER (WHERE %(recent)s
                                      AND p.state IN ('partly', 'broken'))
                       AS promise_broken_count,
                   COUNT(*) FILTER (WHERE %(recent)s AND p.state = 'kept')
                       AS promise_kept_count,
                   COUNT(*) FILTER (WHERE %(recent)s AND %(decided)s)
                       AS promise_decided_count,
                   COUNT(*) FILTER (WHERE p.state = 'replaced'
                                      AND p.date_made >= %(since)s)
                       AS promise_postponed_count,
                   COALESCE(SUM(%(required)s)
                       FILTER (WHERE %(recent)s AND %(decided)s), 0)
                       AS promise_decided_amount,
                   COALESCE(SUM(%(received)s)
                       FILTER (WHERE %(recent)s AND %(decided)s), 0)
                       AS promise_kept_amount
              FROM recouvrement_promise p
              JOIN recouvrement_debtor d ON d.id = p.debtor_id
             WHERE %(condition)s
          GROUP BY p.debtor_id
            """,
            missing=self._in_company_currency_sql("missing_amount"),
            required=self._in_company_currency_sql("required_amount"),
            received=SQL(
                "LEAST(%s, %s)",
                self._in_company_currency_sql("required_amount"),
                self._in_company_currency_sql("paid_in_time"),
            ),
            recent=SQL("p.date_decided >= %s", since),
            decided=SQL("p.state IN ('kept', 'partly', 'broken')"),
            since=since,
            condition=condition,
        )

    @api.model
    def _in_company_currency_sql(self, column):
        """An amount of promise ``p`` at the rate of the day it was made."""
        return SQL(
            "ROUND(%s * p.amount_company / p.amount, 2)", SQL.identifier("p", column)
        )

    @api.model
    def _refresh_promises_sql(self, condition):
        columns = [SQL.identifier(name) for name in COLUMNS]
        fresh = SQL(", ").join(
            SQL("COALESCE(t.%s, 0) AS %s", column, column)
            if name != "promise_next_date"
            else SQL("t.%s", column)
            for name, column in zip(COLUMNS, columns, strict=True)
        )
        return SQL(
            """
            UPDATE recouvrement_debtor d SET %(assign)s
              FROM (SELECT d.id, %(fresh)s
                      FROM recouvrement_debtor d
                 LEFT JOIN (%(totals)s) t ON t.debtor_id = d.id
                     WHERE %(condition)s) f
             WHERE f.id = d.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            assign=SQL(", ").join(SQL("%s = f.%s", c, c) for c in columns),
            fresh=fresh,
            totals=self._promise_totals_sql(condition),
            condition=condition,
            old=SQL(", ").join(SQL("d.%s", c) for c in columns),
            new=SQL(", ").join(SQL("f.%s", c) for c in columns),
        )

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    @api.model
    def _on_items_matched(self, line_ids):
        result = super()._on_items_matched(line_ids)
        self.env["recouvrement.promise"].sudo()._judge_items(line_ids)
        return result

    def action_view_promises(self):
        return self._action_related("recouvrement_promise_action")


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    def action_promise(self):
        """Promise of these items, of one customer."""
        self.debtor_id.ensure_one()
        return self.debtor_id.action_promise(self.ids)
