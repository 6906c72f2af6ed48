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
from .kpi_line import KEYS

MONTHS = Measure("sales", "sales", "months")
COLLECTORS = "collectors"  # people are counted once in each group


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _compute_kpis(self, codes, period, by=None, companies=None):
        """Figures of a period, from the ledger as it is now.

        :param codes: of ``tools.kpi.KPIS``.
        :param Period period: any span of days; what is after today is left out.
        :param str by: None, ``segment``, ``collector``, ``salesperson``, ``company``.
        :param companies: default ``env.companies``; several currencies are converted
            to the one of ``env.company`` on the last day.
        :return: ``{key: {code: tools.kpi.KpiValue}}``, key = id, False for what has
            none, None when ``by`` is None. Amounts are exact Decimals.
        :raise UserError: when there is no such figure or grouping, or the period lies
            ahead.
        """
        self._check_request(codes, period, by)
        period = self._until_today(period)
        if companies is not None:
            self = self.with_context(allowed_company_ids=companies.ids)  # noqa: PLW0642
        values = self._read_measures(needed_measures(codes), period, by)
        months = self._read_months(period, by) if needs_months(codes) else {}
        keys = {None} if by is None else set(values) | set(months)
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
    def _until_today(self, period):
        today = fields.Date.context_today(self)
        return period if period.end <= today else Period(period.start, today)

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _read_measures(self, names, period, by=None):
        """``{key: {measure: Decimal}}``, one statement per family and span."""
        self._prepare_reading()
        families = defaultdict(list)
        for name in names:
            measure = MEASURES[name]
            families[measure.family, measure.span].append(name)
        found = defaultdict(dict)
        for group in families.values():
            for key, *amounts in self.env.execute_query(
                self._sum_sql(group, period, by)
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
    def _sum_sql(self, names, period, by):
        """Sums of measures of one family and span, as exact texts."""
        lines = self.env["recouvrement.kpi.line"]
        measures = [MEASURES[name] for name in names]
        companies = self.env.companies
        grouping = by if measures[0].family == COLLECTORS else None
        return SQL(
            "SELECT %(key)s AS key, %(sums)s FROM (%(rows)s) r %(rates)s GROUP BY 1",
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
        lines = self.env["recouvrement.kpi.line"]
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
        :raise UserError: when there is no such figure or measure.
        """
        self.check_access("read")
        period = Period(fields.Date.to_date(date_start), fields.Date.to_date(date_end))
        self._check_request([code], period, by)
        if measure.startswith("sales:"):
            month = Period.month(fields.Date.to_date(measure.partition(":")[2]))
            period = Period(month.start, min(month.end, period.end))
        elif measure not in KPIS[code].measures:
            raise UserError(self.env._("This figure is not known: %s.", measure))
        return self._prepare_lines_action(measure, self._until_today(period), by, key)

    @api.model
    def _prepare_lines_action(self, measure, period, by, key):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_kpi_line_action"
        )
        name = self._name_lines(measure, period)
        action.update(
            name=name,
            display_name=name,
            domain=[] if by is None else [(KEYS[by], "=", key or False)],
            context={
                "kpi_lines": {
                    "measure": measure,
                    "start": fields.Date.to_string(period.start),
                    "end": fields.Date.to_string(period.end),
                    "by": by,
                }
            },
        )
        action.pop("path", None)
        return action

    @api.model
    def _name_lines(self, measure, period):
        """« Overdue, 31 March 2026 » or « Sales, 1 January 2026 – 31 March 2026 »."""
        balance = self.env["recouvrement.aged.balance"]
        span = MEASURES[measure].span if measure in MEASURES else "period"
        days = span_of(span, period)
        text = balance._describe_day(days.end)
        if days.start != days.end:
            text = f"{balance._describe_day(days.start)} – {text}"
        return f"{self._label_measure(measure)}, {text}"

    @api.model
    def _label_measure(self, measure):
        if measure.startswith("sales:"):
            measure = "sales"
        level = measure.split("_")[1] if measure.startswith("level_") else ""
        bucket = measure.split("_")[1] if measure.startswith("bucket_") else ""
        labels = self._measure_labels()
        if level:
            last = "reached" if measure.endswith("reached") else "recovered"
            return labels[f"level_{last}"] % level
        if bucket and measure != "bucket_91_120":
            label = self._bucket_labels()[int(bucket)]
            return self._at_start(label) if measure.endswith("_start") else label
        if measure.endswith("_start"):
            return self._at_start(labels[measure.removesuffix("_start")])
        return labels[measure]

    @api.model
    def _at_start(self, label):
        return self.env._("%s, at the start", label)

    @api.model
    def _bucket_labels(self):
        return [
            self.env._("Not due"),
            self.env._("1–30 days late"),
            self.env._("31–60 days late"),
            self.env._("61–90 days late"),
            self.env._("More than 90 days late"),
        ]

    @api.model
    def _measure_labels(self):
        return {
            "receivables": self.env._("Receivables"),
            "not_due": self.env._("Not due"),
            "overdue": self.env._("Overdue"),
            "overdue_weighted": self.env._("Overdue × days late"),
            "over_90": self.env._("More than 90 days late"),
            "doubtful": self.env._("Doubtful"),
            "credits": self.env._("Credits to allocate"),
            "unallocated": self.env._("Receipts to allocate"),
            "disputed": self.env._("Disputed"),
            "disputed_overdue": self.env._("Disputed and overdue"),
            "due": self.env._("Due"),
            "bucket_91_120": self.env._("91–120 days late"),
            "falling_due": self.env._("Falls due in the period"),
            "new_due": self.env._("Invoiced and due in the period"),
            "sales": self.env._("Sales, taxes included"),
            "sales_quarter": self.env._("Sales of 3 months, taxes included"),
            "sales_net_year": self.env._("Sales of 12 months, excluding tax"),
            "losses_year": self.env._("Losses of 12 months, excluding tax"),
            "written_off": self.env._("Written off"),
            "collected": self.env._("Collected"),
            "recovered": self.env._("Received on items that were due"),
            "paid_year": self.env._("Paid in 12 months"),
            "paid_days_year": self.env._("Paid × days after the due date"),
            "promises_due": self.env._("Promises fallen due"),
            "promises_kept": self.env._("Promises kept"),
            "promised_amount": self.env._("Promised for the period"),
            "promised_paid": self.env._("Paid in time on promises"),
            "promised_new": self.env._("Promised in the period"),
            "disputes_closed": self.env._("Disputes ended in 12 months"),
            "dispute_days": self.env._("Days of these disputes"),
            "receipts": self.env._("Receipts"),
            "receipts_matched": self.env._("Receipts matched in full"),
            "receipts_auto": self.env._("Receipts matched by the system"),
            "actions": self.env._("Actions"),
            "action_cost": self.env._("Cost of actions"),
            "actions_priced": self.env._("Actions with a cost"),
            "contacts": self.env._("Contacts"),
            "collectors": self.env._("Collectors with contacts"),
            "cohort": self.env._("Invoices due 90 days before"),
            "cohort_unpaid": self.env._("Unpaid 90 days after the due date"),
            "level_reached": self.env._("Reminded at level %s"),
            "level_recovered": self.env._("Received after level %s"),
            "levels_recovered": self.env._("Received since level 1"),
        }
