from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.period import Period
from ..tools.target import FUTURE, LATE, MISSED, ON_TRACK, REACHED, share_of

# Codes of the KPI registry.
COLLECTED = "collected"
# Amounts that build up day by day: shared out by working days, added up.
FLOWS = (COLLECTED, "action_cost")
MEASURES = [
    (COLLECTED, "Amount Collected"),
    ("recovery_month", "Recovery Rate"),
    ("days_beyond_terms", "Days Beyond Terms"),
    ("action_cost", "Cost of Actions"),
    ("cost_per_action", "Cost per Action"),
    ("promise_kept_amount", "Promises Kept"),
    ("overdue_pct", "Overdue Share"),
    ("over_90_pct", "Over 90 Days Share"),
]
PERIODS = [("month", "Month"), ("week", "Week")]
STATUSES = [
    (FUTURE, "To Come"),
    (ON_TRACK, "On Track"),
    (LATE, "Behind"),
    (REACHED, "Target Reached"),
    (MISSED, "Missed"),
]


class RecouvrementTarget(models.Model):
    """What a collector, a team or the company is to reach in a month or a week."""

    _name = "recouvrement.target"
    _inherit = ["recouvrement.guarded"]
    _description = "Collection Target"
    _order = "date_start desc, measure, team_id, user_id, id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "recouvrement.team",
        index="btree_not_null",
        domain="[('company_id', '=', company_id)]",
    )
    scope = fields.Selection(
        [("company", "Company"), ("team", "Team"), ("user", "Collector")],
        compute="_compute_scope",
        store=True,
    )
    owner = fields.Char(
        string="For",
        compute="_compute_owner",
        store=True,
        help="Kept so that collectors and teams stand side by side in a graph.",
    )
    period_kind = fields.Selection(PERIODS, required=True, default="month")
    date_start = fields.Date(
        string="From",
        required=True,
        index=True,
        default=lambda self: Period.month(fields.Date.context_today(self)).start,
        help="The first of the month, or the Monday of the week.",
    )
    date_end = fields.Date(string="Until", compute="_compute_date_end", store=True)
    measure = fields.Selection(MEASURES, required=True, default=COLLECTED)
    unit = fields.Char(compute="_compute_unit")
    value = fields.Float(
        string="Target", digits=(16, 2), required=True, aggregator=None
    )
    amount = fields.Monetary(
        string="Amount Aimed At",
        compute="_compute_amount",
        store=True,
        help="Targets in money only, so that they can be added up.",
    )
    note = fields.Char()

    _period_owner_uniq = models.UniqueIndex(
        "(company_id, period_kind, date_start, measure, COALESCE(team_id, 0), "
        "COALESCE(user_id, 0))",
        "There already is a target for this measure and this period.",
    )
    _one_owner = models.Constraint(
        "CHECK (team_id IS NULL OR user_id IS NULL)",
        "A target is for a collector, for a team, or for the whole company.",
    )

    # ------------------------------------------------------------------
    # COMPUTES AND CONSTRAINTS
    # ------------------------------------------------------------------

    @api.depends("user_id", "team_id")
    def _compute_scope(self):
        for target in self:
            target.scope = (
                "user" if target.user_id else "team" if target.team_id else "company"
            )

    @api.depends("user_id.name", "team_id.name", "company_id.name")
    def _compute_owner(self):
        for target in self:
            owner = target.user_id or target.team_id or target.company_id
            target.owner = owner.sudo().name

    @api.depends("date_start", "period_kind")
    def _compute_date_end(self):
        for target in self:
            period = target._get_period()
            target.date_end = period and period.end

    @api.depends("measure", "currency_id")
    def _compute_unit(self):
        kpis = self._get_kpis(self.mapped("measure"))
        for target in self:
            kpi = kpis.get(target.measure)
            target.unit = self._unit_sign(kpi and kpi.unit, target.currency_id)

    @api.depends("value", "measure")
    def _compute_amount(self):
        for target in self:
            target.amount = target.value if target.measure == COLLECTED else 0

    @api.depends("owner", "measure", "date_start", "period_kind")
    def _compute_display_name(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for target in self:
            target.display_name = self.env._(
                "%(measure)s, %(owner)s, %(period)s",
                measure=labels.get(target.measure, ""),
                owner=target.owner or "",
                period=target._describe_period(),
            )

    @api.constrains("date_start", "period_kind")
    def _check_date_start(self):
        for target in self:
            if target._get_period().start != target.date_start:
                raise ValidationError(
                    self.env._(
                        "A monthly target starts on the first of the month, a weekly "
                        "one on a Monday."
                    )
                )

    @api.constrains("company_id", "team_id")
    def _check_company(self):
        for target in self:
            if target.company_id.parent_id:
                raise ValidationError(
                    self.env._("Targets belong to the legal entity, not to a branch.")
                )
            if target.team_id and target.team_id.company_id != target.company_id:
                raise ValidationError(
                    self.env._(
                        "The team %s is of another company.", target.team_id.name
                    )
                )

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _get_period(self):
        """The days of the target; None before its first day is known."""
        self.ensure_one()
        if not self.date_start:
            return None
        return self._period_of(self.period_kind, self.date_start)

    @api.model
    def _period_of(self, kind, day):
        return Period.week(day) if kind == "week" else Period.month(day)

    def _describe_period(self):
        self.ensure_one()
        if not self.date_start:
            return ""
        if self.period_kind == "month":
            return format_date(self.env, self.date_start, date_format="LLLL y")
        return self.env._(
            "week of %s", format_date(self.env, self.date_start, date_format="d MMM y")
        )

    @api.model
    def _unit_sign(self, unit, currency):
        return {
            "amount": currency.symbol,
            "percent": "%",
            "days": self.env._("days"),
        }.get(unit, "")

    # ------------------------------------------------------------------
    # WHAT IS AIMED AT IN A PERIOD
    # ------------------------------------------------------------------

    @api.model
    def _get_target(self, company, period, measure=COLLECTED, user=None, team=None):
        """What is aimed at in any span of days.

        A target set for just that period wins. Else an amount is shared out by working
        days from the months, else from the weeks, that cover the period; another
        measure is that of the month in which the period ends. The company without a
        target of its own aims at the sum of its teams', else of its collectors'.

        :param Period period: the days.
        :return: Decimal in company currency, percent or days; None without a target.
        """
        return self._get_overlapping(company, period)._read_target(
            period, measure, user, team
        )

    @api.model
    def _get_overlapping(self, company, period):
        """Targets of a company that share days with a period, in one query."""
        return self.sudo().search_fetch(
            Domain("company_id", "=", company.root_id.id)
            & Domain("date_start", "<=", period.end)
            & Domain("date_end", ">=", period.start)
        )

    def _read_target(self, period, measure, user=None, team=None):
        """As ``_get_target``, among these targets of one company."""
        found = self.filtered(lambda t: t.measure == measure)
        own = found.filtered(
            lambda t: (
                t.user_id == (user or t.user_id.browse())
                and t.team_id == (team or t.team_id.browse())
            )
        )
        value = own._read_value(period, measure)
        if value is not None or user or measure not in FLOWS:
            return value
        parts = found._list_parts(period, measure, team)
        if not parts:
            return None
        values = (part._read_value(period, measure) for part in parts)
        return sum(values, Decimal(0))

    def _list_parts(self, period, measure, team=None):
        """Targets of each team, else of each collector, that have an amount for a
        period; those of the members of one team."""
        members = team.sudo().member_ids if team else None
        groups = []
        if not team:
            groups.append(self.filtered("team_id").grouped("team_id"))
        users = self.filtered(
            lambda t: t.user_id and (members is None or t.user_id in members)
        )
        groups.append(users.grouped("user_id"))
        for group in groups:
            parts = [one for one in group.values() if one._pick(period, measure)]
            if parts:
                return parts
        return []

    def _read_value(self, period, measure, partial=False):
        """The target of one owner for a period, from those that overlap it.

        :param bool partial: also of amounts that are only known for a part of it.
        """
        picked = self._pick(period, measure, partial)
        if not picked:
            return None
        if measure not in FLOWS or picked._get_periods() == {period}:
            return picked._get_value()
        return sum(
            (
                share_of(
                    target._get_value(), target._get_period(), period, target._cent()
                )
                for target in picked
            ),
            Decimal(0),
        )

    def _pick(self, period, measure, partial=False):
        """Those among the targets of one owner that its target for a period is made
        of; see ``_read_value``."""
        for target in self:
            if target._get_period() == period:
                return target
        for kind, _label in PERIODS:
            targets = self.filtered(lambda t, kind=kind: t.period_kind == kind)
            if targets and measure not in FLOWS:
                return targets.sorted("date_start")[-1]
            if targets and (partial or targets._cover(period)):
                return targets
        return self.browse()

    def _get_periods(self):
        return {target._get_period() for target in self}

    def _cover(self, period):
        """Whether these targets of one owner and kind leave no day of a period out: a
        part of an amount would pass for all of it."""
        days = 0
        for target in self:
            own = target._get_period()
            days += (min(own.end, period.end) - max(own.start, period.start)).days + 1
        return days == period.days

    def _get_value(self):
        return Decimal(str(round(self.value, 2)))

    def _cent(self):
        return Decimal(1).scaleb(-self.currency_id.decimal_places)

    @api.model
    def _next_start(self, kind, day, count=1):
        """First day of the period that is ``count`` periods after that of a day."""
        period = self._period_of(kind, day)
        for _number in range(abs(count)):
            edge = period.end + timedelta(days=1) if count > 0 else period.eve
            period = self._period_of(kind, edge)
        return period.start
