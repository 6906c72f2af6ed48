"""Downloads of the intragroup reconciliation."""

from odoo import http

from .files import XLSX, Downloads


class Intragroup(Downloads, http.Controller):
    @http.route(
        "/recouvrement/intragroup.xlsx", type="http", auth="user", readonly=True
    )
    def download_intragroup(self, options="{}", companies="", **_others):
        """All pairs of the user, or one."""
        reading = self._env(companies)["recouvrement.intragroup"]
        stream = self._new_stream()
        name = reading._write_workbook(stream, self._read(options))
        return self._answer(stream, name, XLSX)
