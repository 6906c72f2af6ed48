"""A figure month after month: frozen where it is, else worked out."""

from collections import defaultdict

from odoo import api, fields, models

from ..tools.period import Period


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _get_series(self, codes, months, until, by=None, key=None, frozen_only=False):
        """Figures of the months up to a day, oldest first.

        :param int months: how many.
        :param date until: the last month ends on this day at the latest.
        :param by: as in ``_compute_kpis``, with the key of one group.
        :param bool frozen_only: months that are not frozen are left empty.
        :return: ``[{"period": Period, "frozen": bool, "values": {code: Decimal or
            None}}]``.
        """
        key = None if by is None else key or False
        until = min(until, fields.Date.context_today(self))
        periods = [
            Period(month.start, min(month.end, until))
            for month in Period(until, until).last_months(months)
        ]
        frozen = self._read_frozen(codes, periods, by)
        return [
            self._read_month(codes, one, by, key, frozen, not frozen_only)
            for one in periods
        ]

    @api.model
    def _read_month(self, codes, period, by, key, frozen, compute=True):
        known = frozen.get(period, {})
        missing = [code for code in codes if code not in known]
        values = {code: known[code].get(key) for code in codes if code in known}
        if missing:
            found = {}
            if compute:
                found = self._compute_kpis(missing, period, by).get(key, {})
            values |= {code: found.get(code) for code in missing}
        return {
            "period": period,
            "frozen": bool(known),
            "values": {code: one and one.value for code, one in values.items()},
        }

    # ------------------------------------------------------------------
    # FROZEN FIGURES
    # ------------------------------------------------------------------

    @api.model
    def _get_frozen_entity(self):
        """The legal entity whose frozen figures answer for the companies at work:
        all of it and nothing else. None when there is no such one."""
        roots = self.env.companies.sudo().root_id
        if len(roots) != 1:
            return None
        entity = self.env["recouvrement.kpi.snapshot"]._get_entity(roots)
        return roots if entity == self.env.companies else None

    @api.model
    def _read_frozen(self, codes, periods, by=None):
        """``{period: {code: {key: KpiValue}}}`` of the companies at work."""
        company = self._get_frozen_entity()
        if company is None or by == "company":
            return {}
        rows = (
            self.env["recouvrement.kpi.snapshot"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("code", "in", list(codes)),
                    ("dimension", "=", by or "none"),
                    ("date_start", "in", [one.start for one in periods]),
                    ("date_end", "in", [one.end for one in periods]),
                ]
            )
        )
        found = defaultdict(lambda: defaultdict(dict))
        for row in rows:
            key = None if by is None else row.key_id or False
            period = Period(row.date_start, row.date_end)
            found[period][row.code][key] = row._get_value()
        return found

    @api.model
    def _get_frozen(self, company, period, codes, by=None):
        """Frozen figures of a legal entity and a month.

        :return: as ``_compute_kpis``; empty when the month is not frozen.
        """
        snapshots = self.env["recouvrement.kpi.snapshot"]
        model = self.with_context(
            allowed_company_ids=snapshots._get_entity(company).ids
        ).sudo()
        found = defaultdict(dict)
        for code, values in model._read_frozen(codes, [period], by)[period].items():
            for key, one in values.items():
                found[key][code] = one
        return dict(found)
