"""Downloads of the payment-delay table."""

from odoo import http
from odoo.http import request

from ..models.delay_table_freeze import KINDS
from .files import Downloads


class DelayTable(Downloads, http.Controller):
    @http.route(
        "/recouvrement/delay-table/<int:table_id>.<string:kind>",
        type="http",
        auth="user",
    )
    def download_table(self, table_id, kind, companies="", **_others):
        """The table as it was frozen, or as it is."""
        if kind not in KINDS:
            raise request.not_found()
        table = self._env(companies)["recouvrement.delay.table"].browse(table_id)
        if not table.exists():
            raise request.not_found()
        content, name = table._get_file(kind)
        return request.make_response(content, self._headers(name, KINDS[kind]))
