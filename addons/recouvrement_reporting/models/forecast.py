"""What customers will pay, week after week, and how sure that is."""

import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.flows import SOURCES

_logger = logging.getLogger(__name__)

WEEKS = 13
STATES = [("computed", "Computed"), ("frozen", "Frozen")]
METHODS = [("curve", "Delays of the Customers"), ("rate", "Run Rate")]


class RecouvrementForecast(models.Model):
    """The receipts that one legal entity expects after the close of a day.

    A frozen forecast stays as it was made, so that it can be compared with what came
    in; the computed one is replaced by the next.
    """

    _name = "recouvrement.forecast"
    _description = "Forecast of Receipts"
    _inherit = ["recouvrement.guarded"]
    _order = "as_of desc, id desc"
    _rec_name = "as_of"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    as_of = fields.Date(
        required=True, readonly=True, help="Last day whose entries were known."
    )
    weeks = fields.Integer(required=True, readonly=True, default=WEEKS)
    state = fields.Selection(STATES, required=True, readonly=True, default="computed")
    method = fields.Selection(METHODS, required=True, readonly=True, default="curve")
    user_id = fields.Many2one("res.users", string="Computed By", readonly=True)
    date_computed = fields.Datetime(string="Computed On", readonly=True)
    matched_share = fields.Float(
        readonly=True,
        aggregator=None,
        help="Matched lines out of the receivable lines older than 90 days. Below one "
        "half delays are not known well enough: only the run rate is shown.",
    )
    pool_weight = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Observations of all customers added to those of each one, as the past "
        "forecasts showed best.",
    )
    spread_factor = fields.Float(
        readonly=True,
        aggregator=None,
        help="Measured variance over foreseen variance, in past forecasts.",
    )
    history_count = fields.Integer(
        string="Items of the History", readonly=True, aggregator=None
    )
    open_amount = fields.Monetary(
        readonly=True, help="Open items less the credits to allocate."
    )
    outside_amount = fields.Monetary(
        string="Not Counted on",
        readonly=True,
        help="Items in litigation or insolvency, and losses expected on doubtful ones.",
    )
    later_amount = fields.Monetary(
        string="Expected Later", readonly=True, help="After the last month."
    )
    period_ids = fields.One2many(
        "recouvrement.forecast.week", "forecast_id", readonly=True
    )
    item_ids = fields.One2many(
        "recouvrement.forecast.item", "forecast_id", readonly=True
    )

    _one_per_day = models.UniqueIndex(
        "(company_id, as_of, state)", "There is one forecast per company and day."
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if "frozen" in self.mapped("state"):
            raise UserError(self.env._("A frozen forecast is a record of what was."))

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    @api.model
    def _get_entity(self, company):
        """The legal entity of a company, with its branches.

        :return: root company, all its companies.
        """
        root = company.sudo().root_id
        return root, root.search([("id", "child_of", root.id)])

    @api.model
    def _make_forecast(self, company, as_of=None, frozen=False):
        """Forecast of a legal entity after the close of a day (default: today).

        Promises, plans and statuses are read as they are now. A frozen forecast of
        that day is returned as it is.

        :raise UserError: for a day to come.
        """
        self.check_access("create")
        today = fields.Date.context_today(self)
        as_of = as_of or today
        if as_of > today:
            raise UserError(self.env._("What will be open then is not known yet."))
        root, _companies = self._get_entity(company)
        forecasts = self.sudo().with_context(allowed_company_ids=root.ids)
        state = "frozen" if frozen else "computed"
        # Others may go on writing entries of the company meanwhile.
        root.sudo().lock_for_update(allow_referencing=True)
        same = forecasts.search(
            [("company_id", "=", root.id), ("as_of", "=", as_of), ("state", "=", state)]
        )
        if same and frozen:
            return same.with_env(self.env)
        forecasts._drop_computed(root)
        forecast = forecasts.create(
            {
                "company_id": root.id,
                "as_of": as_of,
                "state": state,
                "user_id": self.env.uid,
                "date_computed": fields.Datetime.now(),
            }
        )
        forecast._compute_all()
        return forecast.with_env(self.env)

    @api.model
    def _drop_computed(self, root):
        """Only the newest forecast keeps its items."""
        before = self.search([("company_id", "=", root.id)])
        items = self.env["recouvrement.forecast.item"]
        items.flush_model()
        self.env.cr.execute(
            SQL("DELETE FROM recouvrement_forecast_item WHERE company_id = %s", root.id)
        )
        items.invalidate_model(flush=False)
        before.filtered(lambda one: one.state == "computed").unlink()

    @api.model
    def action_refresh(self, company_id=None):
        """Forecast again with what is known now; for who may."""
        company = self.env["res.company"].browse(company_id) or self.env.company
        if company.root_id not in self.env.companies.root_id:
            raise UserError(self.env._("Choose one of your companies."))
        forecast = self._make_forecast(company)
        return forecast.id

    @api.model
    def _cron_weekly(self):
        """Freeze the forecast of each legal entity at the end of the past week."""
        today = fields.Date.context_today(self)
        sunday = fields.Date.subtract(today, days=today.weekday() + 1)
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(roots))
        for root in roots:
            if self._has_receivables(root):
                self._freeze_week(root, sunday)
            if not progress._commit_progress(1):
                break

    @api.model
    def _freeze_week(self, root, sunday):
        """One legal entity; a failure leaves the others alone."""
        try:
            with self.env.cr.savepoint():
                self.env["recouvrement.forecast.error"]._measure(root)
                self._make_forecast(root, sunday, frozen=True)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Forecast of %s on %s", root.name, sunday)

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _get_latest(self, company, day=None):
        """The newest forecast of a company made from what was known at a day; none:
        an empty recordset."""
        domain = [("company_id", "=", company.sudo().root_id.id)]
        if day:
            domain.append(("as_of", "<=", day))
        return self.search(domain, limit=1)

    def _get_weeks(self):
        """The weeks to come; see ``_get_periods``."""
        return self._get_periods("week")

    def _get_months(self):
        """The months to come; see ``_get_periods``."""
        return self._get_periods("month")

    def _get_periods(self, kind):
        """Figures per week or month, oldest first, as exact numbers.

        :return: list of dicts: ``period`` (days covered), ``whole`` (calendar
            period), one amount per source, ``expected``, ``p50``, ``p80``,
            ``received`` (what came in on the days covered, None before they begin),
            ``before`` (what had come in earlier in the calendar period), ``target``
            (None without) and ``id``.
        """
        self.ensure_one()
        rows = self.period_ids.filtered(lambda row: row.kind == kind)
        received = self._get_received(rows)
        return [row._get_figures(received) for row in rows]

    def _exact(self, amount):
        """An amount as an exact number of the currency."""
        return Decimal(repr(self.currency_id.round(amount or 0.0)))

    @api.model
    def _get_target(self, company, period):
        """The amount to collect in a period, None without a target: a hook."""
        if "recouvrement.target" not in self.env:
            return None
        return self.env["recouvrement.target"]._get_target(company, period)

    @api.model
    def _label_sources(self):
        labels = {
            "delay": self.env._("Usual delay"),
            "promise": self.env._("Promises"),
            "plan": self.env._("Instalment plans"),
            "dispute": self.env._("Disputes"),
            "transit": self.env._("Payments under way"),
            "new": self.env._("Invoices to come"),
            "rate": self.env._("Run rate"),
        }
        return {source: labels[source] for source in SOURCES}
