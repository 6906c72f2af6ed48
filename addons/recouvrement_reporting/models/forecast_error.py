"""How wrong the method would have been, and was: the forecast is made again as of past
days, from nothing but what was known then."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.delay_curve import own, pooled
from ..tools.likely import payments, variance
from ..tools.new_sales import arrivals, run_rate
from ..tools.wape import HORIZONS, Outcome, best_method, wape

WEIGHTS = (10, 30, 100)
USUAL = 100
WEEKS = HORIZONS[-1]
DAYS = 7 * WEEKS
ENDS = [7 * week for week in range(1, WEEKS + 1)]
CUTS = 10
# Fewer items say nothing of delays.
FEWEST = 30
FACTORS = (0.5, 6.0)
METHODS = [
    ("curve", "Open items: delays of the customers"),
    ("due", "Open items: due dates"),
    ("all", "All receipts: forecast"),
    ("rate", "All receipts: run rate"),
    *((f"curve_{weight}", f"Open items: weight {weight}") for weight in WEIGHTS),
    ("even", "All receipts: sales go on as they were"),
    ("season", "All receipts: sales follow their season"),
]
# Sales go on as they were unless their season was clearly less wrong before.
SALES = ("even", "season")


class RecouvrementForecastError(models.Model):
    _name = "recouvrement.forecast.error"
    _description = "Measured Error of a Forecast Method"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, method"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    date = fields.Date(
        required=True, readonly=True, help="Last day that the forecast knew of."
    )
    method = fields.Selection(METHODS, required=True, readonly=True)
    expected = fields.Json(readonly=True, help="Amount per week.")
    actual = fields.Json(readonly=True, help="What came in, per week.")
    variance = fields.Json(readonly=True, help="Foreseen variance, per week.")

    _once = models.UniqueIndex("(company_id, date, method)")

    # ------------------------------------------------------------------
    # MEASURING
    # ------------------------------------------------------------------

    @api.model
    def _get_cuts(self, as_of):
        """Sundays every four weeks whose outcome was known at a day, oldest first."""
        sunday = as_of - timedelta(days=DAYS + (as_of.weekday() + 1) % 7)
        sunday -= timedelta(weeks=sunday.toordinal() // 7 % 4)
        return [sunday - timedelta(weeks=4 * back) for back in range(CUTS)][::-1]

    @api.model
    def _measure(self, company, as_of=None):
        """Back-test the past days that were not yet."""
        as_of = as_of or fields.Date.context_today(self)
        self._backtest(company, self._get_cuts(as_of))

    @api.model
    def _backtest(self, company, dates):
        """Measure the methods on past days, and store it; days that were measured are
        left as they are.

        :return: ``{method: {weeks: WAPE or None}}`` over these days.
        """
        errors = self.sudo()
        forecasts = self.env["recouvrement.forecast"].sudo()
        forecasts._flush_sources()
        root, companies = forecasts._get_entity(company)
        known = errors.search([("company_id", "=", root.id)])
        outcomes = known._get_outcomes()
        done = {one.date for one in known}
        for date in sorted(set(dates) - done):
            fresh = errors._test(forecasts, companies, date, outcomes)
            outcomes += [outcome for outcome, _variance in fresh]
            errors.create(
                [self._prepare_vals(root, outcome, spread) for outcome, spread in fresh]
            )
        return self._sum_up([one for one in outcomes if one.cut in dates])

    @api.model
    def _prepare_vals(self, root, outcome, spread):
        return {
            "company_id": root.id,
            "date": outcome.cut,
            "method": outcome.method,
            "expected": [round(one, 2) for one in outcome.expected],
            "actual": [round(one, 2) for one in outcome.actual],
            "variance": spread,
        }

    @api.model
    def _test(self, forecasts, companies, date, outcomes):
        """Outcomes of one past day with their foreseen variances."""
        items = self._get_past_items(forecasts, companies, date)
        delays, own_delays, lags = forecasts._get_delays(
            companies, date, {customer for customer, *_rest in items}
        )
        if delays.total < FEWEST:
            return []
        from_items, everything = self._get_actual(forecasts, companies, date)
        receipts, sales = forecasts._get_weekly(companies, date)
        season = forecasts._get_season(companies, date)
        coming = {
            "even": arrivals(sales, pooled(lags), ENDS)[0],
            "season": arrivals(sales, pooled(lags), ENDS, season)[0],
        }
        rate, _variance = run_rate(receipts, ENDS)
        found = [(Outcome(date, "due", self._by_due_date(items), from_items), None)]
        found.append((Outcome(date, "rate", tuple(rate), everything), None))
        made = {
            f"curve_{weight}": self._by_curve(delays, own_delays, items, weight)
            for weight in WEIGHTS
        }
        for method, (expected, spread) in made.items():
            found.append((Outcome(date, method, expected, from_items), spread))
        best = best_method(
            outcomes, list(made), date - timedelta(days=DAYS), f"curve_{USUAL}"
        )
        expected, spread = made[best]
        found.append((Outcome(date, "curve", expected, from_items), spread))
        whole = {
            name: tuple(sum(pair) for pair in zip(expected, new, strict=True))
            for name, new in coming.items()
        }
        best = best_method(outcomes, SALES, date - timedelta(days=DAYS), SALES[0])
        for method, amounts in {**whole, "all": whole[best]}.items():
            found.append((Outcome(date, method, amounts, everything), None))
        return found

    @api.model
    def _get_past_items(self, forecasts, companies, date):
        """What was open, less credits: ``(customer, age, amount)``."""
        return [
            (customer, age, float(amount))
            for customer, age, amount in self.env.execute_query(
                SQL(
                    """SELECT customer, %s::date - date_due AS age, SUM(net)
                         FROM (%s) items GROUP BY customer, age
                     ORDER BY customer, age""",
                    date,
                    forecasts._net_lines_sql(companies, date),
                )
            )
        ]

    @api.model
    def _by_due_date(self, items):
        """All on the due date, what is overdue in the first week."""
        weeks = [0.0] * WEEKS
        for _customer, age, amount in items:
            week = max(-age - 1, 0) // 7
            if week < WEEKS:
                weeks[week] += amount
        return tuple(weeks)

    @api.model
    def _by_curve(self, delays, own_delays, items, weight):
        """Amounts and variances per week."""
        pool = pooled(delays)
        ages = [age for _customer, age, _amount in items] or [0]
        first, last = min(ages) + 1, max(ages) + DAYS
        curves, stakes = {}, [[] for _week in ENDS]
        for customer, age, amount in items:
            if customer not in curves:
                seen = own_delays.get(customer)
                curves[customer] = seen and own(pool, seen, weight, first, last) or pool
            low = 0.0
            for week, high in enumerate(curves[customer].reached(age, ENDS)):
                stakes[week].append((customer, amount, low, high))
                low = high
        paid = [payments(week) for week in stakes]
        means = tuple(sum(chance * amount for chance, amount in one) for one in paid)
        return means, [round(variance(one), 2) for one in paid]

    @api.model
    def _get_actual(self, forecasts, companies, date):
        """What came in per week after a day: from what was open then, and in all."""
        items = self.env["recouvrement.open.item"]
        found = [[0.0] * WEEKS, [0.0] * WEEKS]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 0, (r.max_date - %(date)s - 1) / 7, SUM(r.amount)
                  FROM account_partial_reconcile r
                  JOIN account_move_line item ON item.id = r.debit_move_id
                  JOIN account_move_line l ON l.id = r.credit_move_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_journal j ON j.id = m.journal_id
                  JOIN account_account a ON a.id = item.account_id
                   AND a.account_type = 'asset_receivable'
                 WHERE r.max_date > %(date)s AND r.max_date <= %(until)s
                   AND item.date <= %(date)s AND item.parent_state = 'posted'
                   AND item.company_id = ANY(%(companies)s) AND %(receipt)s
              GROUP BY 2
             UNION ALL
                SELECT 1, (COALESCE(l.takeover_date, l.date) - %(date)s - 1) / 7,
                       SUM(-l.balance)
                  FROM account_move_line l
                 WHERE %(is_receipt)s AND l.company_id = ANY(%(companies)s)
                   AND COALESCE(l.takeover_date, l.date) > %(date)s
                   AND COALESCE(l.takeover_date, l.date) <= %(until)s
              GROUP BY 2
                """,
                date=date,
                until=date + timedelta(days=DAYS),
                companies=companies.ids,
                receipt=items._receipt_sql(),
                is_receipt=self.env["recouvrement.receipt"]._is_receipt_sql(),
            )
        )
        for kind, week, amount in rows:
            found[kind][week] += float(amount)
        return tuple(found[0]), tuple(found[1])

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    def _get_outcomes(self):
        return [
            Outcome(one.date, one.method, tuple(one.expected), tuple(one.actual))
            for one in self
        ]

    @api.model
    def _get_known(self, company, as_of):
        """What was measured of a company and known at a day."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("date", "<=", as_of - timedelta(days=DAYS)),
            ]
        )

    @api.model
    def _get_learnt(self, company, as_of):
        """The weight of the pool that was best so far, and how much more the receipts
        were spread than foreseen (1 as long as little was measured)."""
        known = self._get_known(company, as_of)
        methods = [f"curve_{weight}" for weight in WEIGHTS]
        best = best_method(known._get_outcomes(), methods, as_of, f"curve_{USUAL}")
        squares = [
            (expected - actual) ** 2 / spread
            for one in known.filtered(lambda error: error.method == best)
            for expected, actual, spread in zip(
                one.expected[:8], one.actual[:8], one.variance[:8], strict=True
            )
            if spread > 0
        ]
        factor = sum(squares) / len(squares) if len(squares) >= 24 else 1.0
        low, high = FACTORS
        return int(best.partition("_")[2]), min(max(factor, low), high)

    @api.model
    def _has_season(self, company, as_of):
        """Whether the season of the sales made the forecast clearly less wrong so
        far."""
        outcomes = self._get_known(company, as_of)._get_outcomes()
        return best_method(outcomes, SALES, as_of, SALES[0]) == "season"

    @api.model
    def _get_wapes(self, company, as_of=None):
        """``{method: {weeks: WAPE or None}}`` over what was measured."""
        as_of = as_of or fields.Date.context_today(self)
        return self._sum_up(self._get_known(company, as_of)._get_outcomes())

    @api.model
    def _sum_up(self, outcomes):
        shown = [method for method, _label in METHODS]
        return {
            method: {
                weeks: wape([one for one in outcomes if one.method == method], weeks)
                for weeks in HORIZONS
            }
            for method in shown
        }
