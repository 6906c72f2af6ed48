"""From open items, habits and what is known of each item to weeks and months."""

import json
from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL, split_every

from ..tools.delay_curve import own, pooled
from ..tools.flows import ITEM_SOURCES, Horizon
from ..tools.likely import Total, calibrated, payments
from ..tools.new_sales import arrivals, run_rate
from ..tools.period import Period

HALF = 0.5
BATCH = 5_000


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    def _compute_all(self):
        """Everything of a new forecast; a number of queries that depends on nothing."""
        self.ensure_one()
        self._flush_sources()
        _root, companies = self._get_entity(self.company_id)
        share = self._get_matched_share(companies, self.as_of)
        horizon = Horizon(self.as_of, self.weeks)
        receipts, sales = self._get_weekly(companies, self.as_of)
        if share is not None and share < HALF:
            self._compute_run_rate(horizon, receipts)
        else:
            self._compute_curve(companies, horizon, sales)
        self.write({"matched_share": share or 0.0})

    def _compute_run_rate(self, horizon, receipts):
        """Delays are not known: what came in lately goes on."""
        mean, variances = run_rate(receipts, horizon.ends)
        self.write({"method": "rate", "spread_factor": 1.0})
        self._store_periods(horizon, [], {"rate": (mean, variances)})

    def _compute_curve(self, companies, horizon, sales):
        weight, factor = self.env["recouvrement.forecast.error"]._get_learnt(
            self.company_id, self.as_of
        )
        facts = self._read_facts(companies)
        delays, own_delays, lags = self._get_delays(
            companies, self.as_of, {fact.customer for fact in facts}
        )
        curves = self._make_curves(delays, own_delays, facts, weight, horizon)
        stakes = self._make_stakes(facts, curves, horizon)
        mean, variances = arrivals(sales, pooled(lags), horizon.ends)
        self.write(
            {
                "method": "curve",
                "pool_weight": weight,
                "spread_factor": factor,
                "history_count": round(delays.total),
                **self._sum_up(facts, stakes),
            }
        )
        self._store_items(stakes)
        self._store_periods(horizon, stakes, {"new": (mean, variances)})

    def _make_curves(self, delays, own_delays, facts, weight, horizon):
        """Curve of each customer that owes something: ``{customer: Curve}``."""
        pool = pooled(delays)
        ages = defaultdict(list)
        for fact in facts:
            ages[fact.customer].append((self.as_of - fact.date_due).days)
        return {
            customer: (
                own(
                    pool,
                    own_delays[customer],
                    weight,
                    min(seen) + 1,
                    max(seen) + horizon.last,
                )
                if customer in own_delays
                else pool
            )
            for customer, seen in ages.items()
        }

    # ------------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------------

    def _sum_up(self, facts, stakes):
        whole = sum((fact.amount for fact in facts), Decimal(0))
        counted = sum((one.amount for one in stakes), Decimal(0))
        coming = sum((sum(one.cells) for one in stakes), Decimal(0))
        return {
            "open_amount": float(whole),
            "outside_amount": float(whole - counted),
            "later_amount": float(counted - coming),
        }

    def _store_items(self, stakes):
        """Insert the items in batches."""
        now = fields.Datetime.now()
        for batch in split_every(BATCH, stakes):
            rows = SQL(", ").join(
                SQL(
                    "(%s, %s, %s::integer, %s, %s, %s, %s::date, %s::jsonb, "
                    "%s, %s::timestamp, %s, %s::timestamp)",
                    self.id,
                    self.company_id.id,
                    one.debtor_id,
                    one.line_id,
                    one.source,
                    float(one.amount),
                    one.date_expected,
                    json.dumps([str(cell) for cell in one.cells]),
                    self.env.uid,
                    now,
                    self.env.uid,
                    now,
                )
                for one in batch
            )
            self.env.cr.execute(
                SQL(
                    """INSERT INTO recouvrement_forecast_item (
                           forecast_id, company_id, debtor_id, move_line_id, source,
                           amount, date_expected, cells, create_uid, create_date,
                           write_uid, write_date) VALUES %s""",
                    rows,
                )
            )
        self.env["recouvrement.forecast.item"].invalidate_model()

    def _store_periods(self, horizon, stakes, others):
        """Weeks and months.

        :param dict others: per source that is not made of items, the mean of each
            cell and the variance of a span of cells.
        """
        periods = [("week", one) for one in horizon.weeks]
        periods += [("month", one) for one in horizon.months]
        self.env["recouvrement.forecast.week"].create(
            [
                self._prepare_period_vals(kind, one, horizon.cells(one), stakes, others)
                for kind, one in periods
            ]
        )

    def _prepare_period_vals(self, kind, period, cells, stakes, others):
        amounts = dict.fromkeys(ITEM_SOURCES, Decimal(0))
        for one in stakes:
            amounts[one.source] += sum(one.cells[cells])
        unit = self._unit()
        spread = 0.0
        for source, (means, variance) in others.items():
            amounts[source] = Decimal(repr(sum(means[cells]))).quantize(unit)
            spread += variance(cells)
        besides = sum((amounts[one] for one in others), Decimal(0))
        total = Total(
            payments(one.stake(cells) for one in stakes), float(besides), spread
        )
        whole = (
            Period.week(period.start) if kind == "week" else Period.month(period.start)
        )
        return {
            "forecast_id": self.id,
            "kind": kind,
            "date_start": whole.start,
            "date_from": period.start,
            "date_end": period.end,
            "cell_from": cells.start,
            "cell_to": cells.stop,
            **{f"amount_{source}": float(amount) for source, amount in amounts.items()},
            "expected": float(sum(amounts.values())),
            "p50": self._calibrate(total, 0.5),
            "p80": self._calibrate(total, 0.8),
        }

    def _calibrate(self, total, chance):
        amount = calibrated(total, chance, self.spread_factor or 1.0)
        return self.currency_id.round(amount)

    def _unit(self):
        """Smallest amount of the company currency."""
        return Decimal(repr(self.currency_id.rounding or 0.01))
