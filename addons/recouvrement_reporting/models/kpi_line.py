"""The lines that a measure is the sum of."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.kpi import MEASURES, MONTHS_PREFIX, Measure, span_of
from ..tools.period import Period

CONTEXT_KEY = "kpi_lines"
SUM_KEY = "kpi_summed_by"
NOTHING = SQL("NULL")
NO_JOIN = SQL()
OWN_COLLECTOR = SQL("d.collector_id")
COLUMNS = (
    "id",
    "res_model",
    "res_id",
    "move_line_id",
    "move_id",
    "name",
    "date",
    "date_due",
    "days",
    "company_id",
    "root_id",
    "company_currency_id",
    "partner_id",
    "debtor_id",
    "collector_id",
    "portfolio_id",
    "substitute_id",
    "salesperson_id",
    "segment_id",
    "amount",
)
KEYS = {
    "segment": "segment_id",
    "collector": "collector_id",
    "salesperson": "salesperson_id",
    "company": "root_id",
}


class RecouvrementKpiLine(models.Model):
    """One row per line of a measure; ``value`` is what it counts for, so that the sum
    of the rows is the measure.

    The context key ``kpi_lines`` says which: ``{"measure", "start", "end", "by"}``.
    The same rows are added up by ``recouvrement.kpi``. With ``"against": [start, end]``
    they are the lines that changed since that period, ``value`` being the change.
    """

    _name = "recouvrement.kpi.line"
    _description = "Line of a Key Figure"
    _auto = False
    _order = "value DESC, id"
    _rec_name = "name"
    _depends = {
        "recouvrement.open.item": [],
        "recouvrement.debtor": ["collector_id", "salesperson_id", "segment_id"],
        "recouvrement.promise": ["state"],
        "recouvrement.reminder": ["state"],
        "recouvrement.reminder.line": ["claimed"],
        "recouvrement.interaction": ["date"],
        "recouvrement.action.cost": ["unit_cost"],
        "recouvrement.dispute.period": ["date_from", "date_to"],
        "recouvrement.dispute.part": ["amount", "date_from", "date_to"],
    }

    name = fields.Char(string="Document", readonly=True)
    res_model = fields.Char(string="Kind of Record", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    move_line_id = fields.Many2one("account.move.line", string="Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Days late on the day of the figure, or that it took.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    root_id = fields.Many2one("res.company", string="Legal Entity", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    portfolio_id = fields.Many2one(
        "res.users", string="Collector of the Customer", readonly=True
    )
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    amount = fields.Monetary(
        currency_field="company_currency_id", readonly=True, aggregator=None
    )
    value = fields.Float(
        string="Counts For",
        digits=(16, 2),
        readonly=True,
        help="Its part of the figure: these add up to it.",
    )

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @property
    def _table_query(self):
        asked = self.env.context.get(CONTEXT_KEY) or {}
        measure = self._find_measure(asked.get("measure") or "receivables")
        today = fields.Date.context_today(self)
        period = self._read_period(asked.get("start"), asked.get("end"), today)
        lines = self._lines_sql(measure, period, asked.get("by"))
        if not asked.get("against"):
            return lines
        before = self._read_period(*asked["against"], today)
        return self._moved_sql(lines, self._lines_sql(measure, before, asked.get("by")))

    @api.model
    def _read_period(self, start, end, today):
        return Period(
            fields.Date.to_date(start or today), fields.Date.to_date(end or today)
        )

    @api.model
    def _moved_sql(self, now, before):
        """Lines of one period or the other that count for another amount in it."""
        columns = SQL(", ").join(
            SQL(
                "COALESCE(now.%(one)s, before.%(one)s) AS %(one)s",
                one=SQL.identifier(one),
            )
            for one in COLUMNS
        )
        return SQL(
            """
            SELECT %(columns)s,
                   COALESCE(now.value, 0) - COALESCE(before.value, 0) AS value
              FROM (%(now)s) now
         FULL JOIN (%(before)s) before
                ON before.id = now.id AND before.res_model = now.res_model
             WHERE COALESCE(now.value, 0) <> COALESCE(before.value, 0)
            """,
            columns=columns,
            now=now,
            before=before,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        # The same id has other values for another measure.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _find_measure(self, name):
        """:raise KeyError: when there is no such measure."""
        if name.startswith(MONTHS_PREFIX):
            return Measure("sales", "sales", "period")
        return MEASURES[name]

    @api.model
    def _lines_sql(self, measure, period, by=None):
        """Rows whose ``value`` add up to a measure of ``env.companies``."""
        companies = self.env.companies
        return SQL(
            """
            SELECT r.id, r.res_model, r.res_id, r.line_id AS move_line_id, r.move_id,
                   COALESCE(r.label, CASE WHEN m.move_type = 'entry'
                                           AND COALESCE(l.name, '') <> ''
                                          THEN l.name ELSE m.name END) AS name,
                   r.date, r.date_due, r.days, r.company_id, r.root_id,
                   r.company_currency_id, r.partner_id, r.debtor_id, r.collector_id,
                   r.portfolio_id, r.substitute_id, r.salesperson_id, r.segment_id,
                   r.amount, r.value
              FROM (SELECT r.*, %(value)s AS value FROM (%(rows)s) r %(rates)s) r
         LEFT JOIN account_move m ON m.id = r.move_id
         LEFT JOIN account_move_line l ON l.id = r.line_id
             WHERE r.value <> 0 AND %(known)s
            """,
            known=self._known_sql(),
            value=self._value_sql(measure, period),
            rows=self._rows_sql(measure, period, companies, by),
            rates=self._rates_sql(companies, period.end),
        )

    @api.model
    def _known_sql(self):
        """Whether the entry of row ``r`` was posted by the moment in the context."""
        items = self.env["recouvrement.open.item"]
        known_at = items._get_known_at()
        return items._known_sql("r", known_at) if known_at else SQL("TRUE")

    @api.model
    def _rows_sql(self, measure, period, companies, by=None):
        """Rows of the family of a measure, see ``_wrap_sql`` for their columns."""
        family = getattr(self, f"_{measure.family}_rows_sql")
        return family(span_of(measure.span, period), period, companies, by)

    @api.model
    def _value_sql(self, measure, period):
        """What row ``r`` counts for in a measure, in the currency of ``rate``."""
        columns = getattr(self, f"_{measure.family}_columns")
        value = columns(span_of(measure.span, period), period)[measure.column]
        if measure.unit == "count":
            return SQL("COALESCE(%s, 0)", value)
        currency = self.env.company.currency_id
        if self.env.companies.currency_id <= currency:
            return SQL("COALESCE(%s, 0)", value)
        return SQL(
            "COALESCE(ROUND((%s)::numeric * rate.value, %s), 0)",
            value,
            currency.decimal_places,
        )

    @api.model
    def _rates_sql(self, companies, day):
        """Rates to the currency of the main company, when there are several."""
        currency = self.env.company.currency_id
        if companies.currency_id <= currency:
            return SQL()
        rates = companies.currency_id._get_rates(self.env.company, day)
        own = currency._get_rates(self.env.company, day)[currency.id]
        values = SQL(", ").join(
            SQL("(%s, %s::numeric)", other, repr(own / rate))
            for other, rate in rates.items()
        )
        return SQL(
            "JOIN (VALUES %s) AS rate(currency_id, value) "
            "ON rate.currency_id = r.company_currency_id",
            values,
        )

    @api.model
    def _wrap_sql(self, source, extra=NOTHING, collector=OWN_COLLECTOR, join=NO_JOIN):
        """Rows of a family with the portfolio they are in. Outer joins of what is
        always there keep the planner's estimate of the rows, and with it its plan.

        :param SQL source: ``id, res_model, res_id, line_id, move_id, label, company_id,
            contact_id, date, date_due, days, amount`` and more columns of its own.
        :param SQL extra: one more column, from ``s`` and ``d`` (debtor account).
        :param SQL collector: whom it counts for; by default whose customer it is.
        :param SQL join: of what ``collector`` is read from.
        """
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT s.*, p.commercial_partner_id AS partner_id, d.id AS debtor_id,
                   %(collector)s AS collector_id, d.collector_id AS portfolio_id,
                   d.substitute_id, d.salesperson_id, d.segment_id,
                   %(root)s AS root_id, c.currency_id AS company_currency_id,
                   %(extra)s AS extra
              FROM (%(source)s) s
         LEFT JOIN res_company c ON c.id = s.company_id
         LEFT JOIN res_partner p ON p.id = s.contact_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id AND d.company_id = %(root)s
                   %(join)s
            """,
            collector=collector,
            join=join,
            root=items._root_company_sql("c"),
            extra=extra,
            source=source,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_record(self):
        """Open what is behind the line."""
        self.ensure_one()
        model, record_id = self.res_model, self.res_id
        if self.move_id:
            model, record_id = "account.move", self.move_id.id
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "view_mode": "form",
        }
