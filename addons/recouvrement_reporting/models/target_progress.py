"""How far targets are. The figures are those of the KPI registry: kept here to be
sorted, grouped and drawn, worked out again whenever the screen opens and each night,
until the frozen figures of the period are there."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.kpi import KPIS
from ..tools.target import expected_by, judge
from .target import COLLECTED, FLOWS, MEASURES, STATUSES

OPEN_DAYS = 100  # days after its end during which a target that is not frozen is read


class RecouvrementTarget(models.Model):
    _inherit = "recouvrement.target"

    actual = fields.Float(
        string="Reached So Far", digits=(16, 2), readonly=True, aggregator=None
    )
    has_actual = fields.Boolean(readonly=True)
    amount_actual = fields.Monetary(
        string="Amount Reached",
        compute="_compute_amount_actual",
        store=True,
        help="Amounts collected only, so that they can be added up.",
    )
    expected = fields.Float(
        string="Expected by Now",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Share of the target that the working days gone by make.",
    )
    achievement = fields.Float(
        string="Achieved (%)", digits=(16, 1), readonly=True, aggregator="avg"
    )
    status = fields.Selection(STATUSES, readonly=True, index=True)
    gap = fields.Float(
        string="Left to Reach", digits=(16, 2), compute="_compute_gap", aggregator=None
    )
    is_frozen = fields.Boolean(
        string="Frozen", readonly=True, help="Read from the frozen monthly figures."
    )
    refreshed_on = fields.Datetime(string="Figures Of", readonly=True)

    @api.depends("actual", "has_actual", "measure")
    def _compute_amount_actual(self):
        for target in self:
            is_amount = target.measure == COLLECTED and target.has_actual
            target.amount_actual = target.actual if is_amount else 0

    @api.depends("value", "actual", "has_actual")
    def _compute_gap(self):
        lower = self._get_lower_measures()
        for target in self:
            sign = -1 if target.measure in lower else 1
            gap = sign * (target.value - target.actual)
            target.gap = max(gap, 0) if target.has_actual else 0

    @api.model
    def _get_lower_measures(self):
        kpis = self._get_kpis(code for code, _label in MEASURES)
        return {code for code, kpi in kpis.items() if kpi.direction == "lower"}

    # ------------------------------------------------------------------
    # REFRESH
    # ------------------------------------------------------------------

    def _refresh_progress(self, day=None):
        """Work out how far these targets are; one computation per company and period.

        :return: number of targets that were read again.
        """
        day = day or fields.Date.context_today(self)
        todo = self.sudo().filtered(lambda target: not target.is_frozen)
        kpis = self._get_kpis(todo.mapped("measure"))
        groups = todo.grouped(lambda t: (t.company_id, t.period_kind, t.date_start))
        for (company, _kind, _start), targets in groups.items():
            period = targets[0]._get_period()
            reached = {}
            if period.start <= day:
                reached = self._measure(company, period, set(targets.mapped("measure")))
            for target in targets:
                target._write_progress(reached, kpis[target.measure], day)
        return len(todo)

    def _write_progress(self, reached, kpi, day):
        owner = (self.scope, (self.user_id or self.team_id or self.company_id).id)
        figure = reached.get(owner, {}).get(self.measure)
        value = self._settle(figure, reached)
        target, period = self._get_value(), self._get_period()
        is_flow = self.measure in FLOWS
        achievement, status = judge(target, value, period, day, kpi.direction, is_flow)
        expected = expected_by(target, period, day, is_flow)
        self._write_changes(
            actual=float(round(value or 0, 2)),
            has_actual=value is not None,
            expected=float(round(expected, 2)),
            achievement=float(round(achievement or 0, 1)),
            status=status or False,
            is_frozen=bool(figure and figure.snapshots),
        )
        self.refreshed_on = fields.Datetime.now()

    def _settle(self, figure, reached):
        """An owner that nothing is known of collected nothing, once anything is."""
        if figure:
            return figure.value
        return Decimal(0) if self.measure in FLOWS and reached else None

    @api.model
    def _refresh_open(self):
        """Refresh the targets that may still move."""
        today = fields.Date.context_today(self)
        domain = Domain("is_frozen", "=", False) & Domain("date_start", "<=", today)
        domain &= Domain("date_end", ">=", fields.Date.subtract(today, days=OPEN_DAYS))
        domain &= Domain("company_id", "in", self.env.companies.root_id.ids)
        return self.sudo().search(domain)._refresh_progress()

    @api.model
    def _cron_refresh(self):
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        self.with_context(allowed_company_ids=companies.ids)._refresh_open()

    # ------------------------------------------------------------------
    # PROGRESS FOR OTHER SCREENS
    # ------------------------------------------------------------------

    @api.model
    def _get_progress(self, period, users=None, measures=None):
        """How far collectors are in any span of days, now.

        :param users: ``res.users``; by default those who have a target, a team or a
            figure, of the companies in use.
        :param measures: codes of the registry; by default those of the targets.
        :return: list of dicts: ``company``, ``user``, ``team``, ``measure``,
            ``target``, ``actual``, ``expected``, ``achievement`` (Decimals or None),
            ``status``, ``unit``.
        """
        day = fields.Date.context_today(self)
        codes = list(measures or (code for code, _label in MEASURES[:3]))
        kpis = self._get_kpis(codes)
        rows = []
        for company in self.env.companies.root_id:
            reached = {}
            if period.start <= day:
                reached = self._measure(company, period, codes)
            teams = self.env["recouvrement.team"]._get_by_member(company)
            targets = self._get_overlapping(company, period)
            owners = users or self._get_owners(targets, reached, teams)
            for user in owners:
                for code in codes:
                    figure = reached.get(("user", user.id), {}).get(code)
                    rows.append(
                        {
                            "company": company,
                            "user": user,
                            "team": teams.get(user.id, self.env["recouvrement.team"]),
                            "measure": code,
                            "unit": kpis[code].unit,
                            **self._describe_progress(
                                targets._read_target(period, code, user=user),
                                figure.value if figure else None,
                                period,
                                kpis[code],
                                day,
                            ),
                        }
                    )
        return rows

    @api.model
    def _describe_progress(self, target, actual, period, kpi, day):
        is_flow = kpi.code in FLOWS
        achievement, status = judge(target, actual, period, day, kpi.direction, is_flow)
        return {
            "target": target,
            "actual": actual,
            "expected": expected_by(target, period, day, is_flow),
            "achievement": achievement,
            "status": status,
        }

    @api.model
    def _get_owners(self, targets, reached, teams):
        ids = set(targets.user_id.ids) | set(teams)
        ids |= {key for kind, key in reached if kind == "user"}
        return self.env["res.users"].browse(sorted(ids))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    def action_performance(self):
        """The screen of performance, on figures of now."""
        self.check_access("read")
        self._refresh_open()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_target_action_performance"
        )
        return action

    def action_refresh(self):
        self.check_access("read")
        self._refresh_progress()

    def action_open_lines(self):
        """The receipts, items or actions behind the figure, as far as the user may see
        them."""
        self.ensure_one()
        self.check_access("read")
        owner = self.user_id or self.team_id or self.company_id
        return self._action_open_figure(
            owner, self.measure, self.date_start, self.date_end
        )

    @api.model
    def _action_open_figure(self, owner, code, date_start, date_end):
        """Action on the lines behind a figure of a collector, a team or the company."""
        by = key = None
        if owner._name != "res.company":
            by, key = "collector", owner.id
        action = self.env["recouvrement.kpi"].action_open_lines(
            code, KPIS[code].measures[0], date_start, date_end, by=by, key=key
        )
        if owner._name == "recouvrement.team":
            members = owner.sudo().member_ids.ids
            action["domain"] = [("collector_id", "in", members)]
        return action
