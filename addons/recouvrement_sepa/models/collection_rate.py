"""How many of the debits that the bank was given came back."""

from odoo import api, fields, models
from odoo.tools import SQL

from .collection_line import FAILED

RATES = ("return_rate:avg", "return_rate_amount:avg")
UNSEEN = ("planned", "cancelled")


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    return_rate = fields.Float(
        string="Return Rate (%)",
        compute="_compute_return_rate",
        aggregator="avg",
        help="Debits that were rejected, returned, refunded or reversed, among those "
        "that were given to the bank, whatever their month of return. Debits that are "
        "only planned and cancelled ones do not count.",
    )
    return_rate_amount = fields.Float(
        string="Returned Amount (%)",
        compute="_compute_return_rate",
        aggregator="avg",
        help="The same share, in amounts instead of numbers.",
    )

    @api.depends("state")
    def _compute_return_rate(self):
        for line in self:
            rate = 100.0 if line.state in FAILED else 0.0
            line.return_rate = line.return_rate_amount = rate

    # EXTENDS 'base'
    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        state = self._field_to_sql(self._table, "state", query)
        weight = SQL("1")
        if aggregate_spec.startswith("return_rate_amount"):
            weight = self._field_to_sql(self._table, "amount", query)
        return SQL(
            """100.0 * COALESCE(
                    SUM(%(weight)s) FILTER (WHERE %(state)s IN %(failed)s), 0)
                / NULLIF(SUM(%(weight)s) FILTER (WHERE %(state)s NOT IN %(unseen)s), 0)
            """,
            weight=weight,
            state=state,
            failed=FAILED,
            unseen=UNSEEN,
        )
