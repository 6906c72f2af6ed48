"""Downloads of the aged balance."""

from odoo import http
from odoo.http import request

from .files import XLSX, Downloads


class AgedBalance(Downloads, http.Controller):
    @http.route(
        "/recouvrement/aged-balance.xlsx", type="http", auth="user", readonly=True
    )
    def download_spreadsheet(self, options="{}", companies="", **_others):
        """The balance with every item, as a spreadsheet."""
        balance = self._env(companies)["recouvrement.aged.balance"]
        stream = self._new_stream()
        name = balance._write_workbook(stream, self._read(options))
        return self._answer(stream, name, XLSX)

    @http.route("/recouvrement/aged-balance.pdf", type="http", auth="user")
    def download_pdf(self, options="{}", companies="", **_others):
        """The balance as it is printed."""
        balance = self._env(companies)["recouvrement.aged.balance"]
        content, name = balance._print_pdf(self._read(options))
        return request.make_response(content, self._headers(name, "application/pdf"))

    @http.route("/recouvrement/old-items.xlsx", type="http", auth="user", readonly=True)
    def download_old_items(self, as_of=None, companies="", **_others):
        """Items older than six months with their analysis."""
        items = self._env(companies)["recouvrement.open.item"]
        stream = self._new_stream()
        name = items._write_old_items(stream, as_of)
        return self._answer(stream, name, XLSX)
