"""Downloads of the aged balance: made while they are read, kept nowhere."""

import json
import tempfile

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 4 * 1024 * 1024
CHUNK = 64 * 1024


class AgedBalance(http.Controller):
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

    def _env(self, companies):
        """The companies that were active on screen, among those of the user.

        :param str companies: their ids, with commas; none: the user's main company.
        """
        wanted = [int(one) for one in companies.split(",") if one.isdecimal()]
        user = request.env.user
        allowed = [one for one in wanted if one in user._get_company_ids()]
        return request.env(
            context={
                **request.env.context,
                "allowed_company_ids": allowed or user.company_id.ids,
            }
        )

    def _read(self, options):
        try:
            values = json.loads(options)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise request.not_found()
        return values

    def _new_stream(self):
        return tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115

    def _headers(self, name, kind):
        return [
            ("Content-Type", kind),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]

    def _answer(self, stream, name, kind):
        size = stream.tell()
        stream.seek(0)
        response = request.make_response(
            iter(lambda: stream.read(CHUNK), b""),
            [*self._headers(name, kind), ("Content-Length", str(size))],
        )
        response.call_on_close(stream.close)
        return response
