"""The pack on paper: what was frozen, drawn."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import formatLang

from ..tools.pack import is_number
from ..tools.pack_chart import COLORS, sparkline, stacked_bars

OWN_PAGE = ("facts", "balance", "kpi")  # chapters that begin a page
WIDE = 90  # characters of a text that gets room of its own


class ReportPack(models.AbstractModel):
    _name = "report.recouvrement_reporting.report_pack"
    _description = "Printed Monthly Pack"

    @api.model
    def _get_report_values(self, docids, data=None):
        packs = self.env["recouvrement.pack"].browse(docids)
        return {"docs": [pack._get_print_values() for pack in packs]}


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _get_print_values(self):
        """What the template draws: every cell is a text by now."""
        pack = self.with_context(lang=self.lang)
        return {
            "pack": pack,
            "company": self.company_id,
            "month": pack._describe_month(),
            "day": pack._day(self.date_end),
            "prepared": pack._day(self.prepared_on.date()),
            "sections": [
                {
                    **section,
                    "blocks": [
                        pack._print_block(one)
                        for one in section["blocks"]
                        if one.get("is_printed", True)
                    ],
                    "has_page": section["key"] in OWN_PAGE,
                }
                for section in self.data["sections"]
            ],
        }

    def _print_block(self, block):
        if block["kind"] == "chart":
            return {**block, **self._print_chart(block)}
        if block["kind"] == "table":
            rows = [[self._print_cell(one) for one in row] for row in block["rows"]]
            total = block["total"] and [self._print_cell(one) for one in block["total"]]
            kinds = [one["kind"] for one in rows[0]] if rows else []
            heads = list(zip(block["heads"], kinds, strict=False))
            return {**block, "heads": heads, "rows": rows, "total": total}
        return block

    def _print_cell(self, one):
        """``{"text", "kind"}``: numbers are on the right, trends are drawn."""
        if isinstance(one, dict) and "trend" in one:
            values = [None if text is None else Decimal(text) for text in one["trend"]]
            return {"text": sparkline(values), "kind": "trend"}
        if is_number(one):
            value = None if one["v"] is None else Decimal(one["v"])
            return {"text": self._print_number(value, one), "kind": "number"}
        text = one or ""
        return {"text": text, "kind": "wide" if len(text) > WIDE else "text"}

    def _print_number(self, value, one):
        """Amounts without their cents: the workbook has them."""
        if value is None:
            return self._show(value)
        unit, decimals = one["u"], 0 if one["u"] == "amount" else one["d"]
        show = self._show_change if one.get("signed") else self._show
        return show(value, unit, decimals)

    def _print_chart(self, block):
        series = [
            [Decimal(text or 0) for text in one["values"]] for one in block["series"]
        ]
        drawing = stacked_bars(
            block["labels"], series, lambda amount: self._print_axis(amount)
        )
        legend = [
            {"name": one["name"], "color": COLORS[number % len(COLORS)]}
            for number, one in enumerate(block["series"])
        ]
        return {"drawing": drawing, "legend": legend}

    def _print_axis(self, amount):
        return formatLang(self.env, float(amount), digits=0)
