"""Tiles of the dashboards: figures of the registry, frozen where they are."""

from odoo import api, models

from ..tools.kpi import KPIS

TILES = {
    "collector": (
        "overdue",
        "collected",
        "recovery_month",
        "overdue_pct",
        "over_90_pct",
        "weighted_age",
        "promise_kept_amount",
        "dispute_overdue_ratio",
        "contacts",
    ),
    "manager": (
        "overdue",
        "collected",
        "recovery_month",
        "cei",
        "promise_kept_amount",
        "dispute_overdue_ratio",
        "dispute_days",
        "unallocated_receipts",
        "contacts_per_collector",
        "cost_per_action",
    ),
    "director": (
        "dso_countback",
        "receivables",
        "overdue",
        "overdue_pct",
        "over_90_pct",
        "cei",
        "collected",
        "days_beyond_terms",
        "dispute_ratio",
        "bad_debt_ratio",
    ),
}


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    @api.model
    def _get_kpis(self, scope):
        """Figures of a dashboard that are shown, in its order."""
        order = {code: place for place, code in enumerate(TILES[scope["kind"]])}
        kpis = self.env["recouvrement.kpi"]._get_shown()
        shown = kpis.filtered(lambda kpi: kpi.code in order)
        return shown.sorted(lambda kpi: order[kpi.code])

    @api.model
    def _get_figures(self, scope):
        """``tiles``, their ``trend`` from the frozen months, whether the month is
        frozen and whether months of the trend are not."""
        kpis = self._get_kpis(scope)
        codes = kpis.mapped("code")
        values, before, known = self._read_figures(codes, scope)
        months = [*scope["months"][:-1], scope["period"]]
        rows = [
            (month, month in known, self._values_of(known.get(month, {}), scope))
            for month in months
        ]
        frozen = scope["period"] in known
        if not frozen:
            now = {code: one.value for code, one in values.items()}
            rows[-1] = (scope["period"], False, now)
        return {
            "tiles": [
                {
                    **kpi._describe(values.get(kpi.code), before.get(kpi.code)),
                    "is_late": scope["quick"] and kpi.code not in values,
                }
                for kpi in kpis
            ],
            "is_frozen": frozen,
            "is_before_frozen": scope["before"] in known,
            "trend": self._describe_trend(kpis, rows),
            "is_trend_partial": any(month not in known for month in months[:-1]),
        }

    @api.model
    def _read_figures(self, codes, scope):
        """Figures of the period, values of the one before, frozen months. In haste, of
        what is not frozen only the quick figures of the period."""
        kpis = self.env["recouvrement.kpi"]
        by, key = scope["by"], scope["key"]
        periods = {*scope["months"], scope["period"], scope["before"]}
        known = kpis._read_frozen(codes, periods, by)
        found = []
        for period in (scope["period"], scope["before"]):
            frozen = known.get(period, {})
            values = {code: one[key] for code, one in frozen.items() if key in one}
            missing = [code for code in codes if code not in frozen]
            if scope["quick"] and missing:
                scope["is_late"] = True
                now = period == scope["period"]
                missing = [c for c in missing if now and not kpis._is_slow(c)]
            if missing:
                worked_out = kpis._compute_kpis(missing, period, by, only=key)
                values |= worked_out.get(key, {})
            found.append(values)
        values, before = found
        return values, {code: one.value for code, one in before.items()}, known

    @api.model
    def _values_of(self, frozen, scope):
        key = scope["key"]
        return {code: one[key].value for code, one in frozen.items() if key in one}

    @api.model
    def _describe_trend(self, kpis, rows):
        """``{"months": [{"start", "end", "label", "frozen"}], "values": {code:
        [number or None]}}`` of rows ``(period, frozen, {code: value})``."""
        return {
            "months": [
                {
                    **kpis._dates_of(period),
                    "label": kpis._describe_month(period),
                    "frozen": frozen,
                }
                for period, frozen, _values in rows
            ],
            "values": {
                kpi.code: [
                    kpi._to_number(values.get(kpi.code))
                    for _period, _frozen, values in rows
                ]
                for kpi in kpis
            },
        }

    @api.model
    def _read_by_collector(self, codes, period):
        """``{id of user or False: {code: KpiValue}}``, frozen where it is."""
        kpis = self.env["recouvrement.kpi"]
        frozen = kpis._read_frozen(codes, [period], "collector").get(period, {})
        if not frozen:
            return kpis._compute_kpis(codes, period, "collector")
        found = {}
        for code in frozen.keys() & KPIS.keys():
            for key, one in frozen[code].items():
                found.setdefault(key, {})[code] = one
        return found
