"""A figure by collector counts for who had the customer then, not who has it now."""

from odoo import api, models
from odoo.tools import SQL

from .kpi_line import SUM_KEY

# Money counts for the collector of its day; everything else, both sides of a rate
# alike, for the collector of the last day of the period.
BY_DAY = ("collected",)


class RecouvrementKpiLine(models.Model):
    _inherit = "recouvrement.kpi.line"

    # EXTENDS recouvrement.kpi.line
    @api.model
    def _rows_sql(self, measure, period, companies, by=None):
        day = SQL("s.date")
        if measure.family not in BY_DAY:
            day = SQL("%s::date", period.end)
        lines = self.with_context(kpi_portfolio_day=day)
        return super(RecouvrementKpiLine, lines)._rows_sql(
            measure, period, companies, by
        )

    # EXTENDS recouvrement.kpi.line
    @api.model
    def _wrap_sql(self, source, extra=None, collector=None):
        values = {} if extra is None else {"extra": extra}
        if collector is None:
            assignments = self.env["recouvrement.assignment"]
            day = self.env.context.get("kpi_portfolio_day", SQL("s.date"))
            # A sum by collector asks for that of every row, a list for a page.
            if self.env.context.get(SUM_KEY) == "collector":
                join, collector = assignments._join_collector_sql(SQL("d.id"), day)
                values["join"] = join
            else:
                collector = assignments._collector_sql(SQL("d.id"), day)
        return super()._wrap_sql(source, collector=collector, **values)
