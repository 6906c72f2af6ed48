"""Downloads of the monthly pack, as it was made."""

from odoo import http
from odoo.http import request

from ..models.delay_table_freeze import KINDS
from .files import Downloads


class Pack(Downloads, http.Controller):
    @http.route(
        "/recouvrement/pack/<int:pack_id>.<string:kind>", type="http", auth="user"
    )
    def download_pack(self, pack_id, kind, companies="", **_others):
        """The workbook or the PDF of a pack."""
        if kind not in KINDS:
            raise request.not_found()
        pack = self._env(companies)["recouvrement.pack"].browse(pack_id)
        if not pack.exists():
            raise request.not_found()
        content, name = pack._get_file(kind)
        return request.make_response(content, self._headers(name, KINDS[kind]))
