"""Downloads of the lines of a list."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .files import XLSX, Downloads

KINDS = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
ASKED_MAX = 1_000_000  # characters


class LineExport(Downloads, http.Controller):
    @http.route(
        "/recouvrement/lines.<string:kind>",
        type="http",
        auth="user",
        methods=["POST"],
        readonly=True,
    )
    def download_lines(self, kind, asked="{}", companies="", **_others):
        """All lines that a list shows, by the rights of the user."""
        if kind not in KINDS or len(asked) > ASKED_MAX:
            raise request.not_found()
        stream = self._new_stream()
        exports = self._env(companies)["recouvrement.line.export"]
        try:
            name = exports._write(stream, kind, self._read(asked))
        except (KeyError, TypeError, ValueError) as error:
            message = exports.env._("These lines cannot be exported.")
            raise UserError(message) from error
        return self._answer(stream, name, KINDS[kind])
