"""What a screen leaves for later on a ledger where it would take long."""

from odoo import api, models
from odoo.tools import SQL

from ..tools.kpi import MEASURES, needed_measures, needs_months
from ..tools.period import Period

LARGE = 300_000  # journal items; beyond, a month of all figures takes a second
LONG_SPANS = ("year", "months")


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _is_large(self):
        """Whether the ledger has so many journal items that a screen opens before all
        of its figures are worked out: what PostgreSQL counted last."""
        [[count]] = self.env.execute_query(
            SQL(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                self.env["account.move.line"]._table,
            )
        )
        return count > LARGE

    @api.model
    def _is_slow(self, code):
        """Whether a figure reads a year of the ledger or more."""
        return needs_months([code]) or any(
            MEASURES[name].span in LONG_SPANS for name in needed_measures([code])
        )

    @api.model
    @api.readonly
    def get_trend_month(self, start, options=None):
        """One month of ``get_trend``, worked out when it is not frozen.

        :param str start: a day of the month.
        :return: ``{code: number or None}``.
        :raise UserError: for a month to come, or no date.
        """
        kpis = self._get_shown()
        _period, by, key = self._read_scope(options)
        day = self._read_day(start)
        self._check_request([], Period.month(day), by)
        return self._get_month_numbers(kpis, day, by, key)

    @api.model
    def _get_month_numbers(self, kpis, day, by, key):
        period = self._until_today(Period.month(day))
        codes = kpis.mapped("code")
        [month] = self._get_series(codes, 1, period.end, by, key)
        return {kpi.code: kpi._to_number(month["values"][kpi.code]) for kpi in kpis}


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    @api.model
    @api.readonly
    def get_late(self, kind=None, options=None):
        """What a dashboard asked for with ``quick`` left out.

        :return: ``tiles``, ``trend`` and the like as ``get_dashboard`` gives them,
            ``team``, and ``history`` of the balance (None when it was told already).
        """
        scope = self._read_scope(self._check_kind(kind), options)
        scope["quick"] = False
        return {
            **self._get_figures(scope),
            "team": self._get_team(scope),
            "history": self._get_history(scope),
        }

    @api.model
    @api.readonly
    def get_trend_month(self, start, kind=None, options=None):
        """One month of the curves of the tiles: ``{code: number or None}``."""
        scope = self._read_scope(self._check_kind(kind), options)
        kpis = self._get_kpis(scope)
        day = kpis._read_day(start)
        kpis._check_request([], Period.month(day), None)
        return kpis._get_month_numbers(kpis, day, scope["by"], scope["key"])
