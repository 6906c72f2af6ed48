"""From open items, habits and what is known of each item to weeks and months."""

import json
from decimal import Decimal
from itertools import islice

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.delay_curve import pooled
from ..tools.flows import ITEM_SOURCES, Horizon
from ..tools.likely import Total, calibrated
from ..tools.new_sales import arrivals, run_rate
from ..tools.period import Period
from ..tools.stakes import not_counted
from ..tools.tally import Tally

HALF = 0.5
BATCH = 5_000
COLUMN_TYPES = ("integer[]", "integer[]", "varchar[]", "float8[]", "date[]", "text[]")


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
        periods = self._list_periods(horizon)
        tally = Tally([horizon.cells(period) for _kind, period in periods])
        self._store_periods(periods, tally, {"rate": (mean, variances)})

    def _compute_curve(self, companies, horizon, sales):
        errors = self.env["recouvrement.forecast.error"]
        weight, factor = errors._get_learnt(self.company_id, self.as_of)
        facts = self._read_facts(companies)
        delays, histories, lags = self._get_delays(
            companies, self.as_of, {fact.customer for fact in facts}
        )
        season = None
        if errors._has_season(self.company_id, self.as_of):
            season = self._get_season(companies, self.as_of)
        mean, variances = arrivals(sales, pooled(lags), horizon.ends, season)
        periods = self._list_periods(horizon)
        tally = Tally([horizon.cells(period) for _kind, period in periods])
        groups = self._iter_stakes(facts, pooled(delays), histories, weight, horizon)
        self._store_items(groups, tally)
        self._store_outside(facts)
        self.write(
            {
                "method": "curve",
                "pool_weight": weight,
                "spread_factor": factor,
                "history_count": round(delays.total),
                **self._sum_up(facts, tally),
            }
        )
        self._store_periods(periods, tally, {"new": (mean, variances)})

    @api.model
    def _list_periods(self, horizon):
        """``(kind, Period)`` of the weeks, then of the months."""
        periods = [("week", one) for one in horizon.weeks]
        return periods + [("month", one) for one in horizon.months]

    # ------------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------------

    def _sum_up(self, facts, tally):
        whole = sum((fact.amount for fact in facts), Decimal(0))
        return {
            "open_amount": float(whole),
            "outside_amount": float(whole - tally.counted),
            "later_amount": float(tally.counted - tally.coming),
        }

    def _store_items(self, groups, tally):
        """Insert the items in batches while they are worked out.

        :param groups: lists of stakes, one for each customer.
        :param Tally tally: takes them too.
        """
        batch = []
        for stakes in groups:
            tally.add(stakes)
            batch += stakes
            if len(batch) >= BATCH:
                self._insert_items(batch)
                batch = []
        if batch:
            self._insert_items(batch)
        self.env["recouvrement.forecast.item"].invalidate_model()

    def _store_outside(self, facts):
        """Insert the parts that are not counted on: with them, the items add up to
        what is open."""
        unit = self._unit()
        left = filter(None, (not_counted(fact, unit) for fact in facts))
        while batch := list(islice(left, BATCH)):
            self._insert_items(batch)
        self.env["recouvrement.forecast.item"].invalidate_model()

    def _insert_items(self, stakes):
        now = fields.Datetime.now()
        columns = zip(
            *(
                (
                    one.debtor_id,
                    one.line_id,
                    one.source,
                    float(one.amount),
                    one.date_expected,
                    json.dumps([str(cell) for cell in one.cells]),
                )
                for one in stakes
            ),
            strict=True,
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_forecast_item (
                       forecast_id, company_id, debtor_id, move_line_id, source,
                       amount, date_expected, cells, create_uid, create_date,
                       write_uid, write_date)
                SELECT %(forecast)s, %(company)s, debtor_id, line_id, source, amount,
                       day, cells::jsonb, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM UNNEST(%(columns)s)
                       WITH ORDINALITY AS t(debtor_id, line_id, source, amount, day,
                                            cells, place)
              ORDER BY place
                """,
                forecast=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                now=now,
                columns=SQL(", ").join(
                    SQL("%s::" + kind, list(column))
                    for kind, column in zip(COLUMN_TYPES, columns, strict=True)
                ),
            )
        )

    def _store_periods(self, periods, tally, others):
        """Weeks and months.

        :param list periods: ``(kind, Period)``, as ``tally`` has their cells.
        :param dict others: per source that is not made of items, the mean of each
            cell and the variance of a span of cells.
        """
        self.env["recouvrement.forecast.week"].create(
            [
                self._prepare_period_vals(kind, period, cells, tally, paid, others)
                for (kind, period), cells, paid in zip(
                    periods, tally.spans, tally.paid, strict=True
                )
            ]
        )

    def _prepare_period_vals(self, kind, period, cells, tally, paid, others):
        amounts = dict.fromkeys(ITEM_SOURCES, Decimal(0)) | tally.amounts(cells)
        unit = self._unit()
        spread = 0.0
        for source, (means, variance) in others.items():
            amounts[source] = Decimal(repr(sum(means[cells]))).quantize(unit)
            spread += variance(cells)
        besides = sum((amounts[one] for one in others), Decimal(0))
        total = Total(paid, float(besides), spread)
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
