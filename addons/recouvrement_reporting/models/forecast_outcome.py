"""Week by week, what a forecast expected and what came in: what measured errors are
made of."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ..tools.period import Period
from ..tools.wape import HORIZONS
from .forecast_error import METHODS

FROZEN_KEY = "forecast_frozen_id"
# Methods that say what open items bring; the others, all that comes in.
OF_ITEMS = ("curve", "due")


class RecouvrementForecastOutcome(models.Model):
    """The weeks of the back-tests; with ``forecast_frozen_id`` in the context, those of
    a frozen forecast that are over."""

    _name = "recouvrement.forecast.outcome"
    _description = "Week of a Forecast and What Came In"
    _auto = False
    _order = "known_on desc, week, id"
    _rec_name = "date_from"
    _depends = {
        "account.move.line": ["balance", "date", "takeover_date"],
        "recouvrement.forecast.error": ["actual", "date", "expected", "method"],
        "recouvrement.forecast": ["as_of"],
        "recouvrement.forecast.week": [
            "company_id",
            "date_end",
            "date_from",
            "expected",
            "forecast_id",
            "kind",
            "p80",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    known_on = fields.Date(
        readonly=True, help="Last day that the forecast knew of.", aggregator=None
    )
    method = fields.Selection(METHODS, readonly=True)
    week = fields.Integer(readonly=True, aggregator=None)
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    expected = fields.Monetary(readonly=True)
    received = fields.Monetary(readonly=True)
    error = fields.Monetary(
        readonly=True, help="Expected less received, without its sign."
    )
    p80 = fields.Monetary(readonly=True, aggregator=None)
    is_reached = fields.Boolean(string="P80 Was Reached", readonly=True)

    @property
    def _table_query(self):
        frozen_id = int(self.env.context.get(FROZEN_KEY) or 0)
        weeks = self._frozen_sql(frozen_id) if frozen_id else self._measured_sql()
        return SQL(
            "SELECT w.*, ABS(w.expected - w.received) AS error FROM (%s) w", weeks
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _measured_sql(self):
        """The weeks of the back-tests, as they were kept."""
        return SQL(
            """
            SELECT e.id::bigint * %(weeks)s + amounts.week AS id, e.company_id,
                   e.date AS known_on, e.method, amounts.week::int,
                   (e.date + 7 * amounts.week::int - 6) AS date_from,
                   (e.date + 7 * amounts.week::int) AS date_to,
                   amounts.expected::numeric, amounts.received::numeric,
                   NULL::numeric AS p80, NULL::boolean AS is_reached
              FROM recouvrement_forecast_error e
        CROSS JOIN ROWS FROM (jsonb_array_elements_text(e.expected),
                              jsonb_array_elements_text(e.actual))
                   WITH ORDINALITY AS amounts(expected, received, week)
            """,
            weeks=HORIZONS[-1] + 1,
        )

    @api.model
    def _frozen_sql(self, forecast_id):
        """The weeks of a frozen forecast that are over, against the ledger of today."""
        forecasts = self.env["recouvrement.forecast"]
        forecast = forecasts.search([("id", "=", forecast_id)])
        _root, companies = forecast._get_entity(forecast.company_id)
        return SQL(
            """
            SELECT w.id, w.company_id, f.as_of AS known_on, NULL::varchar AS method,
                   ROW_NUMBER() OVER (ORDER BY w.date_from)::int AS week,
                   w.date_from, w.date_end AS date_to, w.expected,
                   COALESCE(came.amount, 0) AS received, w.p80,
                   COALESCE(came.amount, 0) >= w.p80 AS is_reached
              FROM recouvrement_forecast_week w
              JOIN recouvrement_forecast f ON f.id = w.forecast_id
         LEFT JOIN (
                   SELECT of_week.id, SUM(-l.balance) AS amount
                     FROM recouvrement_forecast_week of_week
                     JOIN account_move_line l
                       ON COALESCE(l.takeover_date, l.date)
                          BETWEEN of_week.date_from AND of_week.date_end
                    WHERE of_week.forecast_id = %(forecast)s
                      AND of_week.kind = 'week' AND %(receipt)s
                      AND l.company_id = ANY(%(companies)s)
                 GROUP BY of_week.id) came ON came.id = w.id
             WHERE w.forecast_id = %(forecast)s AND w.kind = 'week'
               AND w.date_end < %(today)s
            """,
            forecast=forecast.id or 0,
            receipt=self.env["recouvrement.receipt"]._is_receipt_sql(),
            companies=companies.ids,
            today=fields.Date.context_today(self),
        )

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def action_open_received(self):
        """The receipts of the week; of what was open on the day of the forecast, what
        they settled."""
        self.ensure_one()
        period = Period(self.date_from, self.date_to)
        if self.method in OF_ITEMS:
            return self._open_settled(period)
        forecasts = self.env["recouvrement.forecast"]
        return forecasts._open_receipts_of(
            self.company_id, self.env._("Received"), period
        )

    def _open_settled(self, period):
        """What receipts settled in the week of what was open before."""
        _root, companies = self.env["recouvrement.forecast"]._get_entity(
            self.company_id
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_receipt_match_action"
        )
        name = self.env._("Received from what was open")
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": [
                ("company_id", "in", companies.ids),
                ("date", ">=", period.start),
                ("date", "<=", period.end),
                ("move_line_id.date", "<=", self.known_on),
            ],
            "context": {},
        }


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    @api.model
    def action_open_error(self, method, weeks, company_id=None):
        """The weeks that a measured error is worked out from.

        :param str method: one of those shown; ``weeks``: a horizon.
        :raise UserError: when there is no such figure.
        """
        self.check_access("read")
        company = self._get_company(company_id)
        labels = self._label_methods()
        if method not in labels or weeks not in HORIZONS:
            raise UserError(self.env._("This is not a figure of the forecast."))
        errors = self.env["recouvrement.forecast.error"]
        known = errors._get_known(company, fields.Date.context_today(self))
        value = errors._sum_up(known._get_outcomes())[method][weeks]
        if value is None:
            raise UserError(self.env._("This error could not be measured yet."))
        title = self.env._(
            "%(method)s, %(weeks)s weeks: error of %(error)s %%, the sum of the errors "
            "over what came in",
            method=labels[method],
            weeks=weeks,
            error=formatLang(self.env, 100 * value, digits=1),
        )
        domain = [
            ("company_id", "=", company.id),
            ("method", "=", method),
            ("week", "<=", weeks),
            ("known_on", "in", known.mapped("date")),
        ]
        return self._prepare_outcomes_action(title, domain)

    def action_open_past(self):
        """The weeks of a frozen forecast that are over, with what came in.

        :raise UserError: for one that is not frozen.
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "frozen":
            raise UserError(self.env._("Only a frozen forecast is compared."))
        title = self.env._("Forecast of %s and what came in", self._describe_as_of())
        domain = [("company_id", "=", self.company_id.id)]
        action = self._prepare_outcomes_action(title, domain)
        action["context"] = {FROZEN_KEY: self.id}
        return action

    @api.model
    def _prepare_outcomes_action(self, title, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_forecast_outcome_action"
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": domain,
            "context": {},
        }
