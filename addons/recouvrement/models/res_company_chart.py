from odoo import models
from odoo.fields import Domain

FRENCH_CHARTS = ("fr", "mc")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _find_french_account(self, code):
        """The account of a French chart, whatever the length of its codes.

        :param str code: without the zeros that fill it up, such as ``6541``.
        :return: none when the legal entity has another chart.
        """
        root = self.root_id.sudo()
        accounts = self.env["account.account"].sudo().with_company(root)
        if (root.chart_template or "")[:2] not in FRENCH_CHARTS:
            return accounts
        found = accounts.search(
            Domain("code", "=like", f"{code}%") & Domain("company_ids", "in", root.ids)
        )
        return found.filtered(lambda account: account.code.rstrip("0") == code)[:1]
