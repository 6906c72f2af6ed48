from decimal import ROUND_HALF_UP, Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..models.target import COLLECTED, FLOWS, MEASURES, PERIODS


class RecouvrementTargetWizard(models.TransientModel):
    """Proposes the targets of a period; the manager changes what must be and sets
    them."""

    _name = "recouvrement.target.wizard"
    _description = "Set Targets"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    period_kind = fields.Selection(PERIODS, required=True, default="month")
    date_start = fields.Date(
        string="Period",
        required=True,
        default=lambda self: self._default_date_start(),
        help="Any day of the month, or of the week.",
    )
    source = fields.Selection(
        selection="_selection_source",
        string="Start From",
        required=True,
        default="previous",
    )
    count = fields.Integer(string="Periods to Average", default=3)
    measure = fields.Selection(MEASURES, help="Empty: every measure of the source.")
    change = fields.Float(
        string="Change (%)", digits=(16, 2), help="5 asks for 5 % more, -5 for less."
    )
    rounding = fields.Float(
        string="Round To",
        digits=(16, 2),
        default=100,
        help="Amounts only: 100 proposes whole hundreds. 0: to the cent.",
    )
    replace = fields.Boolean(
        string="Replace Existing Targets",
        help="Otherwise what is set for the period already stays.",
    )
    note = fields.Char(compute="_compute_note")
    line_ids = fields.One2many(
        "recouvrement.target.wizard.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _default_date_start(self):
        """The period after the one that runs."""
        targets = self.env["recouvrement.target"]
        return targets._next_start("month", fields.Date.context_today(self))

    @api.model
    def _selection_source(self):
        return [
            ("previous", self.env._("Targets of the period before")),
            ("average", self.env._("What was reached, on average")),
            ("share", self.env._("Monthly targets, shared out by working days")),
            ("forecast", self.env._("Forecast of receipts")),
        ]

    # ------------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------------

    @api.depends(
        "company_id",
        "period_kind",
        "date_start",
        "source",
        "count",
        "measure",
        "change",
        "rounding",
    )
    def _compute_line_ids(self):
        for wizard in self:
            commands = [Command.clear()]
            if wizard.date_start and wizard.company_id and wizard.source:
                proposed = getattr(wizard, f"_propose_{wizard.source}")()
                commands += [
                    Command.create(wizard._prepare_line(*one)) for one in proposed
                ]
            wizard.line_ids = commands

    @api.depends("company_id", "period_kind", "date_start", "source", "measure")
    def _compute_note(self):
        for wizard in self:
            is_forecast = wizard.source == "forecast" and wizard.date_start
            wizard.note = wizard._describe_forecast() if is_forecast else False

    def _get_period(self):
        self.ensure_one()
        targets = self.env["recouvrement.target"]
        return targets._period_of(self.period_kind, self.date_start)

    def _get_periods_before(self, count):
        """The periods before, newest first."""
        targets = self.env["recouvrement.target"]
        periods, period = [], self._get_period()
        for _number in range(max(count, 1)):
            period = targets._period_of(self.period_kind, period.eve)
            periods.append(period)
        return periods

    def _propose_previous(self):
        """``(user, team, measure, value before)`` of the last period that has any."""
        targets = self.env["recouvrement.target"].search(
            self._get_domain()
            & Domain("period_kind", "=", self.period_kind)
            & Domain("date_start", "<", self._get_period().start),
            order="date_start desc, team_id, user_id, measure, id",
        )
        last = targets.filtered(lambda t: t.date_start == targets[0].date_start)
        return [(t.user_id, t.team_id, t.measure, t._get_value()) for t in last]

    def _propose_share(self):
        """Weeks from months; of a month, its own targets again."""
        targets = self.env["recouvrement.target"]
        period = self._get_period()
        months = targets.search(
            self._get_domain()
            & Domain("period_kind", "=", "month")
            & Domain("date_start", "<=", period.end)
            & Domain("date_end", ">=", period.start)
        )
        groups = months.grouped(lambda t: (t.user_id, t.team_id, t.measure))
        return [
            (user, team, measure, found._read_value(period, measure, partial=True))
            for (user, team, measure), found in groups.items()
        ]

    def _propose_average(self):
        """What each collector and team reached, on average of the periods before."""
        codes = [self.measure] if self.measure else [COLLECTED]
        found = {}
        periods = self._get_periods_before(self.count)
        targets = self.env["recouvrement.target"].sudo()
        for period in periods:
            if period.end >= fields.Date.context_today(self):
                continue
            reached = targets._measure(self.company_id, period, codes)
            for (kind, key), figures in reached.items():
                for code, figure in figures.items():
                    if figure.value is not None:
                        found.setdefault((kind, key, code), []).append(figure.value)
        return [
            (*self._get_owner(kind, key), code, sum(values, Decimal(0)) / len(values))
            for (kind, key, code), values in sorted(found.items())
        ]

    def _propose_forecast(self):
        """What the newest forecast expects of the customers of each collector in the
        period, with what they paid in it already; nothing when it is not that far."""
        if self.measure not in (False, COLLECTED):
            return []
        users, teams = self.env["res.users"], self.env["recouvrement.team"]
        expected = self._read_forecast()[1]
        return [
            (users.browse(key), teams, COLLECTED, amount)
            for key, amount in sorted(expected.items(), key=lambda one: one[0] or 0)
            if key and amount > 0
        ]

    def _read_forecast(self):
        """The newest forecast, and ``{id of the collector or None: Decimal}``."""
        forecast = self.env["recouvrement.forecast"]._get_latest(self.company_id)
        return forecast, forecast._get_expected_by_collector(
            self.period_kind, self._get_period()
        )

    def _describe_forecast(self):
        """Of when the forecast is, and what it expects that is nobody's."""
        forecast, expected = self._read_forecast()
        if not expected:
            return self.env._(
                "No forecast covers this period by customer: refresh the forecast of "
                "receipts."
            )
        day = format_date(self.env, forecast.as_of)
        if not expected.get(None):
            return self.env._("From the forecast of %s.", day)
        return self.env._(
            "From the forecast of %(day)s. %(amount)s more is expected of customers "
            "without a collector.",
            day=day,
            amount=formatLang(
                self.env,
                float(expected[None]),
                currency_obj=self.company_id.currency_id,
            ),
        )

    def _get_owner(self, kind, key):
        users, teams = self.env["res.users"], self.env["recouvrement.team"]
        if kind == "user":
            return users.browse(key), teams
        return users, teams.browse(key) if kind == "team" else teams

    def _get_domain(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self.measure:
            domain &= Domain("measure", "=", self.measure)
        return domain

    def _prepare_line(self, user, team, measure, before):
        return {
            "user_id": user.id,
            "team_id": team.id,
            "measure": measure,
            "before": float(round(before, 2)),
            "value": float(self._propose(measure, before)),
        }

    def _propose(self, measure, before):
        """The value with its change, rounded."""
        change = Decimal(str(round(self.change, 2)))
        value = before * (100 + change) / 100
        unit = Decimal("0.01")
        if measure in FLOWS and self.rounding > 0:
            unit = Decimal(str(round(self.rounding, 2)))
        return (value / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP) * unit

    # ------------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Set the targets of the lines.

        :raise UserError: without any line.
        """
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("There is nothing to set: add a line."))
        targets = self.env["recouvrement.target"]
        period = self._get_period()
        existing = targets.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("period_kind", "=", self.period_kind)
            & Domain("date_start", "=", period.start)
        ).grouped(lambda t: (t.user_id, t.team_id, t.measure))
        new, result = [], targets
        for line in self.line_ids:
            key = (line.user_id, line.team_id, line.measure)
            if key not in existing:
                new.append(self._prepare_target(line, period))
            elif self.replace:
                existing[key].value = line.value
                result |= existing[key]
        result |= targets.create(new)
        result._refresh_progress()
        return self._open_targets(period)

    def _prepare_target(self, line, period):
        return {
            "company_id": self.company_id.id,
            "period_kind": self.period_kind,
            "date_start": period.start,
            "user_id": line.user_id.id,
            "team_id": line.team_id.id,
            "measure": line.measure,
            "value": line.value,
        }

    def _open_targets(self, period):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_target_action"
        )
        action["domain"] = [
            ("date_start", "=", fields.Date.to_string(period.start)),
            ("period_kind", "=", self.period_kind),
        ]
        action["context"] = {}
        return action

    @api.onchange("period_kind", "date_start")
    def _onchange_date_start(self):
        if self.date_start and self.period_kind:
            self.date_start = self._get_period().start

    @api.onchange("period_kind")
    def _onchange_period_kind(self):
        if self.period_kind == "week" and self.source == "previous":
            self.source = "share"
            today = fields.Date.context_today(self)
            targets = self.env["recouvrement.target"]
            self.date_start = targets._next_start("week", today)
        elif self.period_kind == "month" and self.source == "share":
            self.source = "previous"
            self.date_start = self._default_date_start()
