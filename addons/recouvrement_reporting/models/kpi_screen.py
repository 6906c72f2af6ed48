"""What the screen of key figures reads."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.kpi import KPIS
from ..tools.period import Period

TREND = 12


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    # ------------------------------------------------------------------
    # FOR CLIENTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_figures(self, options=None):
        """All figures that are shown, of a period and perhaps of one group.

        :param dict options: ``start`` and ``end`` (default: the last month that is
            over), ``by`` and ``key`` of one group.
        :return: ``families`` with their ``kpis`` (texts, value, measures, judgement),
            ``period``, ``currency``, whether it is frozen, what may be chosen.
        :raise AccessError: for who may not see key figures.
        """
        kpis = self._get_shown()
        period, by, key = self._read_scope(options)
        values = self._compute_kpis(kpis.mapped("code"), period, by).get(key, {})
        before = self._get_before(kpis, period, by, key)
        frozen = self._read_frozen(kpis.mapped("code"), [period], by).get(period, {})
        families = []
        for family, label in self._fields["family"]._description_selection(self.env):
            shown = [
                {
                    **kpi._describe(values.get(kpi.code), before.get(kpi.code)),
                    **kpi._describe_frozen(values.get(kpi.code), frozen, key),
                }
                for kpi in kpis
                if kpi.family == family
            ]
            if shown:
                families.append({"key": family, "label": label, "kpis": shown})
        return {"families": families, **self._describe_scope(period, by, key)}

    @api.model
    @api.readonly
    def get_trend(self, options=None):
        """The last twelve months of every figure that is shown.

        :param dict options: as of ``get_figures``; ``frozen_only``: on a large ledger
            the months that are not frozen are left empty, for ``get_trend_month``.
        :return: ``{"is_partial", "months": [{"start", "end", "label", "frozen"}],
            "values": {code: [number or None]}}``.
        """
        kpis = self._get_shown()
        period, by, key = self._read_scope(options)
        codes = kpis.mapped("code")
        frozen_only = bool((options or {}).get("frozen_only")) and self._is_large()
        series = self._get_series(codes, TREND, period.end, by, key, frozen_only)
        return {
            "is_partial": frozen_only and not all(one["frozen"] for one in series),
            "months": [
                {
                    **self._dates_of(one["period"]),
                    "label": self._describe_month(one["period"]),
                    "frozen": one["frozen"],
                }
                for one in series
            ],
            "values": {
                kpi.code: [kpi._to_number(one["values"][kpi.code]) for one in series]
                for kpi in kpis
            },
        }

    @api.model
    @api.readonly
    def get_split(self, code, options=None):
        """One figure for every segment, collector, salesperson or company.

        :return: ``[{"key", "label", "value", "number", "measures", "judgement"}]``,
            the worst first where one is better than another.
        """
        kpi = self._get_shown().filtered(lambda one: one.code == code)
        if not kpi:
            raise UserError(self.env._("This figure is not known: %s.", code))
        period, by, _key = self._read_scope({**(options or {}), "key": None})
        found = self._compute_kpis([code], period, by)
        labels = self._label_groups(by, found)
        rows = [
            {
                "key": key,
                "label": labels[key],
                **kpi._describe_value(values[code]),
            }
            for key, values in found.items()
        ]
        sign = 1 if kpi.direction == "higher" else -1
        return sorted(
            rows, key=lambda row: (row["value"] is None, sign * (row["value"] or 0))
        )

    # ------------------------------------------------------------------
    # OPTIONS
    # ------------------------------------------------------------------

    @api.model
    def _get_shown(self):
        """Figures of the screen.

        :raise AccessError: for who may not see them.
        """
        self.check_access("read")
        return self.search([("code", "in", list(KPIS))])

    @api.model
    def _read_scope(self, options):
        """``(period, by, key)`` from options of a client.

        :raise UserError: when they cannot be followed.
        """
        options = options or {}
        today = fields.Date.context_today(self)
        try:
            last = Period.month(Period.month(today).eve)
            start = fields.Date.to_date(options.get("start")) or last.start
            end = fields.Date.to_date(options.get("end")) or Period.month(start).end
            period = Period(start, end)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no period.")) from error
        by = options.get("by") or None
        self._check_request([], period, by)
        key = None if by is None else options.get("key") or False
        return self._until_today(period), by, key

    # ------------------------------------------------------------------
    # DESCRIPTIONS
    # ------------------------------------------------------------------

    @api.model
    def _get_before(self, kpis, period, by, key):
        """Values of the month before, or of as many days before the period."""
        if period.start.day == 1:
            before = Period.month(period.eve)
        else:
            days = fields.Date.subtract(period.start, days=period.days)
            before = Period(days, period.eve)
        codes = kpis.mapped("code")
        known = self._read_frozen(codes, [before], by).get(before, {})
        missing = [code for code in codes if code not in known]
        found = {code: values.get(key) for code, values in known.items()}
        if missing:
            found |= self._compute_kpis(missing, before, by).get(key, {})
        return {code: one and one.value for code, one in found.items()}

    def _describe(self, one, before):
        """A figure with its texts, for a client."""
        return {
            "code": self.code,
            "name": self.name,
            "definition": self.definition,
            "formula": self.formula,
            "source": self.source,
            "unit": self.unit,
            "direction": self.direction,
            "decimals": self.decimals,
            "limits": [self.good_limit, self.bad_limit] if self.is_judged else False,
            "before": self._to_number(before),
            **self._describe_value(one),
        }

    def _describe_frozen(self, one, frozen, key):
        """The frozen figure, and whether the ledger gives another one today."""
        known = frozen.get(self.code, {}).get(key)
        return {
            "frozen": self._to_number(known and known.value),
            "differs": bool(known) and known.value != (one and one.value),
        }

    def _describe_value(self, one):
        measures = one.measures if one else {}
        return {
            "value": self._to_number(one and one.value),
            "judgement": self._judge(one and one.value) or False,
            "measures": [
                {
                    "name": name,
                    "label": self._label_measure(name),
                    "value": float(amount),
                    "unit": self._unit_of(name),
                }
                for name, amount in measures.items()
            ],
        }

    @api.model
    def _describe_scope(self, period, by, key):
        companies = self.env.companies
        currency = self.env.company.currency_id
        user = self.env.user
        snapshots = self.env["recouvrement.kpi.snapshot"]
        entity = self._get_frozen_entity()
        month = Period.month(period.start) == period
        frozen = bool(entity and month and snapshots._is_frozen(entity, period))
        return {
            "period": self._dates_of(period),
            "period_label": self._describe_period(period),
            "by": by or False,
            "key": key or False,
            "group_label": by and self._label_groups(by, [key]).get(key) or "",
            "currency": currency.symbol,
            "currency_digits": currency.decimal_places,
            "is_converted": len(companies.currency_id) > 1,
            "is_frozen": frozen,
            "may_freeze": bool(
                entity
                and month
                and not frozen
                and period.end < fields.Date.context_today(self)
                and user.has_group("recouvrement.group_manager")
            ),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "sees_all": user.has_group("recouvrement.group_all_portfolios")
            or not user.has_group("recouvrement.group_collector"),
            "groupings": self._get_groupings(),
        }

    @api.model
    def _get_groupings(self):
        labels = {
            "collector": self.env._("Collector"),
            "segment": self.env._("Segment"),
            "salesperson": self.env._("Salesperson"),
            "company": self.env._("Company"),
        }
        several = len(self.env.companies.sudo().root_id) > 1
        return [
            {"key": key, "label": label}
            for key, label in labels.items()
            if key != "company" or several
        ]

    @api.model
    def _label_groups(self, by, keys):
        """Names of groups: ``{key: label}``."""
        if by is None:
            return {}
        nobody = {
            "collector": self.env._("No collector"),
            "salesperson": self.env._("No salesperson"),
            "segment": self.env._("No segment"),
        }
        labels = self.env["recouvrement.kpi.snapshot"]._label_keys(by, keys)
        return {**labels, False: nobody.get(by, "")}

    @api.model
    def _dates_of(self, period):
        return {
            "start": fields.Date.to_string(period.start),
            "end": fields.Date.to_string(period.end),
        }

    @api.model
    def _describe_month(self, period):
        return format_date(self.env, period.start, date_format="MMM yyyy")

    @api.model
    def _describe_period(self, period):
        """« March 2026 », or both days."""
        if period == Period.month(period.start):
            return format_date(self.env, period.start, date_format="MMMM yyyy")
        balance = self.env["recouvrement.aged.balance"]
        first, last = map(balance._describe_day, (period.start, period.end))
        return f"{first} – {last}"
