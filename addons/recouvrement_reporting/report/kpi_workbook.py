"""Key figures as a spreadsheet: the figures, what they are made of, their trend."""

from odoo import api, models

from odoo.addons.recouvrement.tools.workbook import Workbook


class RecouvrementKpi(models.Model):
    _inherit = "recouvrement.kpi"

    @api.model
    def _write_workbook(self, stream, options):
        """Write the figures of a period.

        :param stream: binary file.
        :param dict options: of a client, as for ``get_figures``.
        :return: name of the file.
        :raise AccessError: for who may not see key figures.
        """
        data = self.get_figures(options)
        trend = self.get_trend(options)
        kpis = [kpi for family in data["families"] for kpi in family["kpis"]]
        name = self._get_file_name(data)
        book = Workbook(stream, name)
        self._write_figures_sheet(book, data)
        self._write_trend_sheet(book, kpis, trend)
        self._write_measures_sheet(book, kpis)
        book.close()
        return f"{name}.xlsx"

    @api.model
    def _get_file_name(self, data):
        return self.env._(
            "Key figures %(company)s %(date)s",
            company=" ".join(self.env.company.name.split()),
            date=data["period"]["end"],
        ).replace("/", "-")

    @api.model
    def _write_figures_sheet(self, book, data):
        units = self._label_units(data["currency"])
        period = data["period_label"]
        sheet = book.sheet(
            self.env._("Key figures"),
            [
                (self.env._("Figure"), "text"),
                (period, "amount"),
                (self.env._("Before"), "amount"),
                (self.env._("Frozen"), "amount"),
                (self.env._("Unit"), "short"),
                (self.env._("Definition"), "text"),
                (self.env._("Formula"), "text"),
                (self.env._("Source"), "text"),
            ],
        )
        for family in data["families"]:
            sheet.row([family["label"]], "subtotal")
            for kpi in family["kpis"]:
                sheet.row(
                    [
                        kpi["name"],
                        kpi["value"],
                        kpi["before"],
                        kpi["frozen"],
                        units[kpi["unit"]],
                        kpi["definition"],
                        kpi["formula"],
                        kpi["source"],
                    ],
                    decimals=kpi["decimals"],
                )

    @api.model
    def _write_trend_sheet(self, book, kpis, trend):
        """Months whose figures are frozen say so in their heading."""
        frozen = self.env._("frozen")
        months = [
            (
                f"{month['label']} ({frozen})" if month["frozen"] else month["label"],
                "amount",
            )
            for month in trend["months"]
        ]
        sheet = book.sheet(
            self.env._("12 months"), [(self.env._("Figure"), "text"), *months]
        )
        for kpi in kpis:
            sheet.row(
                [kpi["name"], *trend["values"][kpi["code"]]], decimals=kpi["decimals"]
            )

    @api.model
    def _write_measures_sheet(self, book, kpis):
        sheet = book.sheet(
            self.env._("Made of"),
            [
                (self.env._("Figure"), "text"),
                (self.env._("Measure"), "text"),
                (self.env._("Value"), "amount"),
            ],
        )
        for kpi in kpis:
            for measure in kpi["measures"]:
                sheet.row([kpi["name"], measure["label"], measure["value"]])

    @api.model
    def _label_units(self, currency):
        return {
            "days": self.env._("days"),
            "percent": "%",
            "amount": currency,
            "count": "",
            "ratio": "",
        }
