"""The dashboards of the collector, of the manager and of the finance director: what
other parts work out, on one page and in one request."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.period import Period

# Who opens which, the first one that fits being what opens at first.
KINDS = {
    "manager": ("group_manager", "group_auditor"),
    "collector": ("group_collector",),
    "director": ("group_accountant", "group_auditor", "group_manager"),
}
AUDITOR_FIRST = "director"
COMPARED = ("month", "year")


class RecouvrementDashboard(models.AbstractModel):
    """No figure is worked out here: the registry of key figures, the aged balance, the
    forecast, the targets and the worklist are read as their own screens read them."""

    _name = "recouvrement.dashboard"
    _description = "Dashboard"

    @api.model
    @api.readonly
    def get_dashboard(self, kind=None, options=None):
        """All that a dashboard shows.

        :param str kind: ``collector``, ``manager`` or ``director``; default: the one
            of the role of the user.
        :param dict options: ``start``, a day of the month (default: the current
            month); ``compare``, ``month`` or ``year`` (before); ``quick``: on a large
            ledger what takes long and is not frozen is left for ``get_late``, and
            ``is_late`` says so.
        :raise AccessError: for a dashboard of another role.
        :raise UserError: for a month to come, or options that cannot be followed.
        """
        kind = self._check_kind(kind)
        scope = self._read_scope(kind, options)
        shown = {
            "kind": kind,
            "kinds": self._describe_kinds(),
            **self._describe_scope(scope),
            **self._get_figures(scope),
            "work": self._get_work(scope),
            "targets": self._get_targets(scope),
            "team": self._get_team(scope),
            "balance": self._get_balance(scope),
            "forecast": self._get_forecast(scope),
        }
        return {**shown, "is_late": scope["is_late"]}

    @api.model
    @api.readonly
    def get_trend(self, kind=None, options=None):
        """The curves of the tiles with the months that are not frozen worked out.

        :return: as ``trend`` of ``get_dashboard``.
        """
        scope = self._read_scope(self._check_kind(kind), options)
        kpis = self._get_kpis(scope)
        series = kpis._get_series(
            kpis.mapped("code"),
            len(scope["months"]),
            scope["period"].end,
            scope["by"],
            scope["key"],
        )
        return self._describe_trend(
            kpis, [(one["period"], one["frozen"], one["values"]) for one in series]
        )

    # ------------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------------

    @api.model
    def _get_kinds(self):
        """Dashboards of the user, the one that opens at first before the others."""
        user = self.env.user
        kinds = [
            kind
            for kind, groups in KINDS.items()
            if any(user.has_group(f"recouvrement.{group}") for group in groups)
        ]
        if not user.has_group("recouvrement.group_manager"):
            kinds.sort(key=lambda kind: kind == "manager")
        return kinds

    @api.model
    def _check_kind(self, kind):
        """:raise AccessError: when it is not a dashboard of the user."""
        self.env["recouvrement.kpi"].check_access("read")
        kinds = self._get_kinds()
        if not kinds or (kind and kind not in kinds):
            raise AccessError(self.env._("This dashboard is for another role."))
        return kind or kinds[0]

    @api.model
    def _describe_kinds(self):
        labels = {
            "collector": self.env._("Collector"),
            "manager": self.env._("Manager"),
            "director": self.env._("Finance Director"),
        }
        return [{"key": kind, "label": labels[kind]} for kind in self._get_kinds()]

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    @api.model
    def _read_scope(self, kind, options):
        """What is asked for: ``kind``, ``month`` (whole), ``period`` (until today),
        ``before`` (as many days of the month compared with), ``months`` of the curves,
        ``by`` and ``key`` of the figures, ``entity`` (the one legal entity at work).
        """
        options = options or {}
        today = fields.Date.context_today(self)
        compare = options.get("compare") or "month"
        try:
            day = fields.Date.to_date(options.get("start")) or today
            if compare not in COMPARED:
                raise ValueError(compare)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no period.")) from error
        kpis = self.env["recouvrement.kpi"]
        month = Period.month(day)
        kpis._check_request([], month, None)
        period = kpis._until_today(month)
        is_large = kpis._is_large()
        return {
            "is_large": is_large,
            "quick": is_large and bool(options.get("quick")),
            "is_late": False,
            "kind": kind,
            "month": month,
            "period": period,
            "compare": compare,
            "before": self._get_before(period, month, compare),
            "months": month.last_months(12),
            "by": "collector" if kind == "collector" else None,
            "key": self.env.uid if kind == "collector" else None,
            "entity": kpis._get_frozen_entity(),
        }

    @api.model
    def _get_before(self, period, month, compare):
        """The month before, or the same a year before; of a month under way as many
        days, so that what builds up day by day can be compared."""
        if compare == "year":
            other = Period.month(month.start.replace(year=month.start.year - 1))
        else:
            other = Period.month(month.eve)
        if period == month:
            return other
        last = fields.Date.add(other.start, days=period.days - 1)
        return Period(other.start, min(last, other.end))

    @api.model
    def _describe_scope(self, scope):
        kpis = self.env["recouvrement.kpi"]
        currency = self.env.company.currency_id
        user = self.env.user
        return {
            "period": kpis._dates_of(scope["period"]),
            "period_label": kpis._describe_period(scope["month"]),
            "before": kpis._dates_of(scope["before"]),
            "before_label": kpis._describe_period(scope["before"]),
            "compare": scope["compare"],
            "by": scope["by"] or False,
            "key": scope["key"] or False,
            "is_running": scope["period"] != scope["month"]
            or scope["month"].end == fields.Date.context_today(self),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "currency": currency.symbol,
            "currency_digits": currency.decimal_places,
            "is_converted": len(self.env.companies.currency_id) > 1,
            "is_one_entity": bool(scope["entity"]),
            "is_large": scope["is_large"],
            "sees_all": user.has_group("recouvrement.group_all_portfolios")
            or not user.has_group("recouvrement.group_collector"),
        }
