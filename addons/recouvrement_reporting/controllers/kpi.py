"""Download of the key figures."""

from odoo import http

from .files import XLSX, Downloads


class KeyFigures(Downloads, http.Controller):
    @http.route(
        "/recouvrement/key-figures.xlsx", type="http", auth="user", readonly=True
    )
    def download_spreadsheet(self, options="{}", companies="", **_others):
        """The figures of a period as a spreadsheet."""
        kpis = self._env(companies)["recouvrement.kpi"]
        stream = self._new_stream()
        name = kpis._write_workbook(stream, self._read(options))
        return self._answer(stream, name, XLSX)
