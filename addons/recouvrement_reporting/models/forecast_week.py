from decimal import Decimal

from odoo import fields, models

from ..tools.flows import SOURCES
from ..tools.period import Period


class RecouvrementForecastWeek(models.Model):
    """A week, or a month, of a forecast."""

    _name = "recouvrement.forecast.week"
    _description = "Week or Month of a Forecast"
    _inherit = ["recouvrement.guarded"]
    _order = "forecast_id desc, kind desc, date_start"

    forecast_id = fields.Many2one(
        "recouvrement.forecast",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="forecast_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("week", "Week"), ("month", "Month")], required=True, readonly=True
    )
    date_start = fields.Date(
        required=True, readonly=True, help="Monday, or the first of the month."
    )
    date_from = fields.Date(
        required=True, readonly=True, help="First day that was still to come."
    )
    date_end = fields.Date(required=True, readonly=True)
    cell_from = fields.Integer(readonly=True, aggregator=None)
    cell_to = fields.Integer(readonly=True, aggregator=None)
    amount_delay = fields.Monetary(string="Usual Delay", readonly=True)
    amount_promise = fields.Monetary(string="Promises", readonly=True)
    amount_plan = fields.Monetary(string="Instalment Plans", readonly=True)
    amount_dispute = fields.Monetary(string="Disputes", readonly=True)
    amount_transit = fields.Monetary(string="Payments under Way", readonly=True)
    amount_new = fields.Monetary(string="Invoices to Come", readonly=True)
    amount_rate = fields.Monetary(string="Run Rate", readonly=True)
    expected = fields.Monetary(readonly=True)
    p50 = fields.Monetary(readonly=True, help="Reached with a chance of one half.")
    p80 = fields.Monetary(readonly=True, help="Reached with a chance of 80 %.")

    _once = models.UniqueIndex("(forecast_id, kind, date_start)")

    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.date_from} – {row.date_end}"

    def _get_whole(self):
        """The calendar week or month."""
        cut = Period.week if self.kind == "week" else Period.month
        return cut(self.date_start)

    def _get_figures(self, received):
        """See ``recouvrement.forecast._get_periods``."""
        exact = self.forecast_id._exact
        whole = self._get_whole()
        inside, before = received[self.id]
        today = fields.Date.context_today(self)
        return {
            "id": self.id,
            "period": Period(self.date_from, self.date_end),
            "whole": whole,
            **{source: exact(self[f"amount_{source}"]) for source in SOURCES},
            "expected": exact(self.expected),
            "p50": exact(self.p50),
            "p80": exact(self.p80),
            "received": Decimal(inside) if self.date_from <= today else None,
            "before": Decimal(before),
            "target": self.forecast_id._get_target(self.company_id, whole),
        }
