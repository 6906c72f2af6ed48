"""Download of an appraisal."""

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from .files import Downloads


class Appraisal(Downloads, http.Controller):
    @http.route(
        "/recouvrement/appraisal/<int:partner_id>.pdf", type="http", auth="user"
    )
    def download_appraisal(
        self, partner_id, company="", companies="", months="", **_others
    ):
        """The page about a customer, for those who may read it."""
        env = self._env(companies)
        partner = env["res.partner"].browse(partner_id).exists()
        wanted = env["res.company"].browse(int(company) if company.isdecimal() else 0)
        months = int(months) if months.isdecimal() else 0
        try:
            content, name = env["recouvrement.appraisal"]._print_pdf(
                partner, wanted.exists() or env.company, months
            )
        except AccessError:
            raise request.not_found() from None
        return request.make_response(content, self._headers(name, "application/pdf"))
