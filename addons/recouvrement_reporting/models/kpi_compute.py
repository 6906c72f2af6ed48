"""Key figures worked out from the ledger: one statement for each family of measures,
whatever the number of debtors and of figures."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.kpi import (
    KPIS,
    MEASURES,
    Facts,
    Measure,
    evaluate,
    needed_measures,
    needs_months,
    sales_months,
    span_of,
)
from ..tools.period import Period
from .kpi_line import CONTEXT_KEY, KEYS, SUM_KEY

ALWAYS = SQL("TRUE")
MONTHS = Measure("sales", "sales", "months")
COLLECTORS = "collectors"  # people are counted once in each group


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _compute_kpis(self, codes, period, by=None, companies=None, only=None):
        """Figures of a period, from the ledger as it is now.

        :param codes: of ``tools.kpi.KPIS``.
        :param Period period: any span of days; what is after today is left out.
        :param str by: None, ``segment``, ``collector``, ``salesperson``, ``company``.
        :param companies: default ``env.companies``; several currencies are converted
            to the one of ``env.company`` on the last day.
        :param int only: this key alone.
        :return: ``{key: {code: tools.kpi.KpiValue}}``, key = id, False for what has
            none, None when ``by`` is None. Amounts are exact Decimals.
        :raise UserError: when there is no such figure or grouping, or the period lies
            ahead.
        """
        self._check_request(codes, period, by)
        period = self._until_today(period)
        if companies is not None:
            self = self.with_context(allowed_company_ids=companies.ids)  # noqa: PLW0642
        wanted = SQL("r.%s = %s", SQL.identifier(KEYS[by]), only) if only else ALWAYS
        values = self._read_measures(needed_measures(codes), period, by, wanted)
        months = self._read_months(period, by) if needs_months(codes) else {}
        keys = {only} if only or by is None else set(values) | set(months)
        result = {}
        for key in keys:
            facts = Facts(
                period, values.get(key, {}), self._months_of(months, key, period)
            )
            result[key] = {code: evaluate(code, facts) for code in codes}
        return result

    @api.model
    def _check_request(self, codes, period, by):
        unknown = [code for code in codes if code not in KPIS]
        if unknown or (by is not None and by not in KEYS):
            raise UserError(
                self.env._("This figure is not known: %s.", ", ".join(unknown) or by)
            )
        if period.start > fields.Date.context_today(self):
            raise UserError(self.env._("The figures of a day to come are not known."))

    @api.model
    def _read_day(self, value):
        """
        :raise UserError: when it is no date.
        """
        try:
            day = fields.Date.to_date(value)
        except (TypeError, ValueError):
            day = None
        if not day:
            raise UserError(self.env._("“%s” is not a date.", value))
        return day

    @api.model
    def _until_today(self, period):
        today = fields.Date.context_today(self)
        return period if period.end <= today else Period(period.start, today)

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _read_measures(self, names, period, by=None, condition=ALWAYS):
        """``{key: {measure: Decimal}}``, one statement per family and span.

        :param SQL condition: on the rows ``r`` of the families.
        """
        self._prepare_reading()
        families = defaultdict(list)
        for name in names:
            measure = MEASURES[name]
            families[measure.family, measure.span].append(name)
        found = defaultdict(dict)
        for group in families.values():
            for key, *amounts in self.env.execute_query(
                self._sum_sql(group, period, by, condition)
            ):
                found[self._key_of(by, key)].update(
                    zip(group, map(Decimal, amounts), strict=True)
                )
        return found

    @api.model
    def _key_of(self, by, key):
        return None if by is None else key or False

    @api.model
    def _prepare_reading(self):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env.flush_all()
        self.env["recouvrement.aged.balance"]._allow_memory()

    @api.model
    def _sum_sql(self, names, period, by, condition=ALWAYS):
        """Sums of measures of one family and span, as exact texts."""
        lines = self.env["recouvrement.kpi.line"].with_context(**{SUM_KEY: by})
        measures = [MEASURES[name] for name in names]
        companies = self.env.companies
        grouping = by if measures[0].family == COLLECTORS else None
        return SQL(
            """
            SELECT %(key)s AS key, %(sums)s FROM (%(rows)s) r %(rates)s
             WHERE %(condition)s GROUP BY 1
            """,
            condition=condition,
            key=self._key_sql(by),
            sums=SQL(", ").join(
                SQL(
                    "COALESCE(SUM(%s), 0)::numeric::text",
                    lines._value_sql(measure, period),
                )
                for measure in measures
            ),
            rows=lines._rows_sql(measures[0], period, companies, grouping),
            rates=lines._rates_sql(companies, period.end),
        )

    @api.model
    def _key_sql(self, by):
        return SQL("r.%s", SQL.identifier(KEYS[by])) if by else SQL("NULL::integer")

    @api.model
    def _read_months(self, period, by=None):
        """Sales of each month: ``{key: {first day: Decimal}}``."""
        self._prepare_reading()
        lines = self.env["recouvrement.kpi.line"].with_context(**{SUM_KEY: by})
        companies = self.env.companies
        found = defaultdict(dict)
        for key, month, amount in self.env.execute_query(
            SQL(
                """
                SELECT %(key)s AS key, date_trunc('month', r.date)::date,
                       SUM(%(value)s)::numeric::text
                  FROM (%(rows)s) r %(rates)s GROUP BY 1, 2
                """,
                key=self._key_sql(by),
                value=lines._value_sql(MONTHS, period),
                rows=lines._rows_sql(MONTHS, period, companies),
                rates=lines._rates_sql(companies, period.end),
            )
        ):
            found[self._key_of(by, key)][month] = Decimal(amount)
        return found

    @api.model
    def _months_of(self, months, key, period):
        known = months.get(key, {})
        return tuple(
            (month, known.get(month.start, Decimal(0)))
            for month in sales_months(period)
        )

    # ------------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def action_open_lines(self, code, measure, date_start, date_end, by=None, key=None):
        """Action that lists the lines of a measure; their total is the figure, as far
        as the user may see all of them.

        :param str measure: a name among ``KpiValue.measures``.
        :param by: as in ``_compute_kpis``, with the key of the group.
        :raise UserError: when there is no such figure, measure or day.
        """
        self.check_access("read")
        period = Period(self._read_day(date_start), self._read_day(date_end))
        self._check_request([code], period, by)
        if measure.startswith("sales:"):
            month = Period.month(self._read_day(measure.partition(":")[2]))
            period = Period(month.start, min(month.end, period.end))
        elif measure not in KPIS[code].measures:
            raise UserError(self.env._("This figure is not known: %s.", measure))
        return self._prepare_lines_action(measure, self._until_today(period), by, key)

    @api.model
    def _prepare_lines_action(self, measure, period, by, key):
        """With the total of the lines in its name, because a list adds up its page."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_kpi_line_action"
        )
        domain = [] if by is None else [(KEYS[by], "=", key or False)]
        context = {
            CONTEXT_KEY: {
                "measure": measure,
                "start": fields.Date.to_string(period.start),
                "end": fields.Date.to_string(period.end),
                "by": by,
            }
        }
        lines = self.env["recouvrement.kpi.line"].with_context(**context)
        [[total]] = lines._read_group(domain, [], ["value:sum"])
        name = self.env._(
            "%(measure)s: %(total)s",
            measure=self._name_lines(measure, period),
            total=self._format_measure(measure, total or 0.0),
        )
        action.update(name=name, display_name=name, domain=domain, context=context)
        action.pop("path", None)
        return action

    @api.model
    def _name_lines(self, measure, period):
        """« Overdue, 31 March 2026 » or « Sales, 1 January 2026 – 31 March 2026 »."""
        if measure.startswith("sales:"):
            return self._label_measure(measure)
        balance = self.env["recouvrement.aged.balance"]
        span = MEASURES[measure].span if measure in MEASURES else "period"
        days = span_of(span, period)
        text = balance._describe_day(days.end)
        if days.start != days.end:
            text = f"{balance._describe_day(days.start)} – {text}"
        return f"{self._label_measure(measure)}, {text}"
