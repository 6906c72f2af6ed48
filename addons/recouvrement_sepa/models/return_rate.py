"""How much of what was presented in a month came back, why, and at what cost."""

from odoo import fields, models
from odoo.tools import SQL

from .collection_rate import UNSEEN
from .sepa_return import MATCHED

RATES = {
    "rate:avg": ("returned_count", "presented_count"),
    "rate_amount:avg": ("returned_amount", "presented_amount"),
}


class RecouvrementSepaReturnRate(models.Model):
    """One row for each month, bank, scheme and each reason that was ever met there or
    elsewhere in the legal entity: the grid is whole, so that what was presented is
    counted once whatever the grouping.

    A return counts in the month in which its debit was presented, whenever it came.
    """

    _name = "recouvrement.sepa.return.rate"
    _description = "Return Rate"
    _auto = False
    _order = "month desc, returned_count desc, id"
    _rec_name = "reason_id"
    _depends = {
        "recouvrement.sepa.collection": ["company_id", "journal_id"],
        "recouvrement.sepa.collection.line": [
            "amount",
            "collection_id",
            "date",
            "scheme",
            "state",
        ],
        "recouvrement.sepa.return": ["fee", "line_id", "reason_id", "state"],
    }

    month = fields.Date(readonly=True, help="In which the debits were presented.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True)
    scheme = fields.Selection([("CORE", "CORE"), ("B2B", "B2B")], readonly=True)
    reason_id = fields.Many2one("recouvrement.sepa.reason", readonly=True)
    family = fields.Selection(related="reason_id.family")
    presented_count = fields.Integer(
        string="Debits Presented", readonly=True, aggregator=None
    )
    presented_amount = fields.Monetary(
        string="Amount Presented", readonly=True, aggregator=None
    )
    returned_count = fields.Integer(string="Returns", readonly=True)
    returned_amount = fields.Monetary(string="Amount Returned", readonly=True)
    fee = fields.Monetary(string="Bank Fees", readonly=True)
    rate = fields.Float(
        string="Return Rate (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Returns in per cent of the debits presented in the same months.",
    )
    rate_amount = fields.Float(
        string="Returned Amount (%)", digits=(16, 2), readonly=True, aggregator="avg"
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH presented AS (
                SELECT date_trunc('month', x.date)::date AS month, c.company_id,
                       x.currency_id, c.journal_id, x.scheme,
                       COUNT(*) AS number, SUM(x.amount) AS amount
                  FROM recouvrement_sepa_collection_line x
                  JOIN recouvrement_sepa_collection c ON c.id = x.collection_id
                 WHERE x.state NOT IN %(unseen)s
              GROUP BY 1, 2, 3, 4, 5
            ), back AS (
                SELECT date_trunc('month', x.date)::date AS month, c.company_id,
                       c.journal_id, x.scheme, r.reason_id, COUNT(*) AS number,
                       SUM(x.amount) AS amount, SUM(r.fee) AS fee
                  FROM recouvrement_sepa_return r
                  JOIN recouvrement_sepa_collection_line x ON x.id = r.line_id
                  JOIN recouvrement_sepa_collection c ON c.id = x.collection_id
                 WHERE r.state IN %(matched)s
              GROUP BY 1, 2, 3, 4, 5
            ), reason AS (
                SELECT DISTINCT company_id, reason_id FROM back
            )
            SELECT ROW_NUMBER() OVER (ORDER BY p.month, p.company_id, p.journal_id,
                                               p.scheme, s.reason_id) AS id,
                   p.month, p.company_id, p.currency_id, p.journal_id, p.scheme,
                   s.reason_id, p.number AS presented_count,
                   p.amount AS presented_amount,
                   COALESCE(b.number, 0) AS returned_count,
                   COALESCE(b.amount, 0) AS returned_amount,
                   COALESCE(b.fee, 0) AS fee,
                   100.0 * COALESCE(b.number, 0) / p.number AS rate,
                   100.0 * COALESCE(b.amount, 0) / NULLIF(p.amount, 0) AS rate_amount
              FROM presented p
              JOIN reason s ON s.company_id = p.company_id
         LEFT JOIN back b
                ON (b.month, b.company_id, b.journal_id, b.scheme)
                   = (p.month, p.company_id, p.journal_id, p.scheme)
               AND b.reason_id IS NOT DISTINCT FROM s.reason_id
            """,
            unseen=UNSEEN,
            matched=MATCHED,
        )

    # EXTENDS 'base'
    def _read_group_select(self, aggregate_spec, query):
        """Returns over what was presented: of the rows of a group, those of one month,
        bank and scheme repeat what was presented there for each reason."""
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        returned, presented = (
            self._field_to_sql(self._table, name, query)
            for name in RATES[aggregate_spec]
        )
        reason = self._field_to_sql(self._table, "reason_id", query)
        return SQL(
            """100.0 * SUM(%(returned)s) * COUNT(DISTINCT COALESCE(%(reason)s, 0))
                / NULLIF(SUM(%(presented)s), 0)""",
            returned=returned,
            presented=presented,
            reason=reason,
        )

    def action_open_returns(self):
        """The returns of these rows."""
        returns = self.env["recouvrement.sepa.return"]
        found = returns.browse()
        for row in self:
            found |= returns.search(
                [
                    ("state", "in", MATCHED),
                    ("reason_id", "=", row.reason_id.id),
                    ("line_id.date", ">=", row.month),
                    ("line_id.date", "<", fields.Date.add(row.month, months=1)),
                    ("line_id.scheme", "=", row.scheme),
                    ("collection_id.journal_id", "=", row.journal_id.id),
                    ("company_id", "=", row.company_id.id),
                ]
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_sepa.recouvrement_sepa_return_action"
        )
        return action | {"domain": [("id", "in", found.ids)], "context": {}}
