"""The aged balance as it is printed."""

from dataclasses import replace

from odoo import api, models
from odoo.tools import formatLang

from ..tools.options import TRANSACTION

PRINTED = 1000  # rows of a printed balance; the spreadsheet has them all


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _print_pdf(self, values):
        """The balance on paper: ``(content, name of the file)``."""
        options = self._read_options(values)
        report = self.env.ref("recouvrement_reporting.aged_balance_report_action")
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(
                report.report_name, [self.env.company.id], data=options.to_dict()
            )
        )
        return content, f"{self._get_file_name(options)}.pdf"

    @api.model
    def _get_print_values(self, values):
        """What the printed balance shows."""
        options = self._read_options(values)
        options = replace(options, offset=0, limit=PRINTED)
        columns = self._get_columns(options)
        rows, totals = self._read_page(options, len(columns))
        count = sum(total["rows"] for total in totals)
        currencies = self._get_currencies_by_id()

        def money(amount, currency_id):
            return formatLang(
                self.env, amount, digits=currencies[currency_id].decimal_places
            )

        return {
            "title": self.env._(
                "Aged Balance on %s", self._describe_day(options.as_of)
            ),
            "company": self.env.company,
            "parameters": self._describe_options(options),
            "heading": self._label_groupings()[options.group_by],
            "columns": columns,
            "rows": rows,
            "totals": totals,
            "left_out": max(count - len(rows), 0),
            "many_currencies": options.currency == TRANSACTION,
            "compare": options.compare and self._describe_day(options.compare),
            "tie_out": self.get_tie_out(options.to_dict()),
            "money": money,
            "currency_name": lambda currency_id: currencies[currency_id].name,
        }


class ReportAgedBalance(models.AbstractModel):
    _name = "report.recouvrement_reporting.aged_balance_report"
    _description = "Printed Aged Balance"

    @api.model
    def _get_report_values(self, docids, data=None):
        # Rendered in sudo; what is printed is what the user may read.
        balance = self.env["recouvrement.aged.balance"].with_user(self.env.user)
        return balance._get_print_values(data or {})
