"""The pack as a workbook: a sheet per chapter, then every figure by itself."""

from decimal import Decimal

from odoo import models

from odoo.addons.recouvrement.tools.workbook import Workbook, heading_of

from ..tools.pack import is_number

FIRST, NEXT = 46, 17
KINDS = {"percent": "percent", "count": "integer"}


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _write_workbook(self, stream):
        """Write what was frozen; returns the name of the file."""
        self.ensure_one()
        name = self._get_file_name()
        book = Workbook(stream, name)
        for section in self.data["sections"]:
            self._write_section(book, section)
        self._write_figures(book)
        book.close()
        return f"{name}.xlsx"

    def _write_section(self, book, section):
        tables = [one for one in section["blocks"] if one["kind"] == "table"]
        width = max((len(one["heads"]) for one in tables), default=1)
        sheet = book.grid(section["title"], [FIRST, *[NEXT] * max(width - 1, 0)])
        title = f"{section['title']} – {self._describe_month()}"
        sheet.row([(title, "text")], "subtotal")
        sheet.row([(self.company_id.name, "text")])
        if section["key"] == "synopsis" and self.note:
            sheet.row([(self.note, "text")])
        if section["note"]:
            sheet.row([(section["note"], "text")])
        for block in section["blocks"]:
            getattr(self, f"_write_{block['kind']}")(sheet, block)

    def _write_text(self, sheet, block):
        sheet.row()
        if block["title"]:
            sheet.row([(block["title"], "text")], "subtotal")
        for sentence in block["sentences"]:
            sheet.row([(sentence, "text")])

    def _write_chart(self, sheet, block):
        """Its numbers are in the table that follows."""

    def _write_table(self, sheet, block):
        sheet.row()
        if block["title"]:
            sheet.row([(block["title"], "text")], "subtotal")
        if not block["rows"] and block["empty"]:
            sheet.row([(block["empty"], "text")])
            return
        kinds = [self._cell_of(one)[1] for one in (block["rows"] or [[]])[0]]
        kinds += ["text"] * (len(block["heads"]) - len(kinds))
        heads = zip(block["heads"], kinds, strict=False)
        sheet.row([(head, heading_of(kind)) for head, kind in heads])
        for row in block["rows"]:
            self._write_cells(sheet, row, "plain")
        if block["total"]:
            self._write_cells(sheet, block["total"], "total")
        if block["note"]:
            sheet.row([(block["note"], "text")])

    def _write_cells(self, sheet, row, style):
        decimals = next(
            (one["d"] for one in row if is_number(one) and one["u"] not in KINDS), 2
        )
        sheet.row([self._cell_of(one) for one in row], style, decimals)

    def _cell_of(self, one):
        """``(value, kind)``; trends are in the table of the twelve months."""
        if is_number(one):
            kind = KINDS.get(one["u"], "amount")
            return None if one["v"] is None else float(Decimal(one["v"])), kind
        return one if isinstance(one, str) else None, "text"

    def _write_figures(self, book):
        """Every figure of the pack, to be filtered; each opens its lines in Odoo."""
        figures = self.figure_ids
        sections = dict(figures._fields["section"]._description_selection(self.env))
        units = dict(figures._fields["unit"]._description_selection(self.env))
        sheet = book.sheet(
            self.env._("All figures"),
            [
                (self.env._("Section"), "short"),
                (self.env._("Figure"), "text"),
                (self.env._("Value"), "amount"),
                (self.env._("Month before"), "amount"),
                (self.env._("Unit"), "short"),
            ],
        )
        for one in figures:
            before = one._get_value("exact_before")
            value = one._get_value()
            currency = self.currency_id.name
            sheet.row(
                [
                    sections[one.section],
                    one.label,
                    None if value is None else float(value),
                    None if before is None else float(before),
                    currency if one.unit == "amount" else units[one.unit],
                ],
                decimals=one.decimals,
            )
