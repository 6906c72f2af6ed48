"""Where portal users find the pages of their accounts."""

from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal_scope import get_own_debtors, protect


class ReceivablesPortalHome(CustomerPortal):
    # EXTENDS 'portal'
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "receivable_count" in counters:
            values["receivable_count"] = sum(
                get_own_debtors().mapped("open_item_count")
            )
        return values

    @http.route("/my/receivables", type="http", auth="user", website=True)
    def my_receivables(self, **_params):
        """The accounts of the customer, one for each company of the group."""
        debtors = get_own_debtors()
        if len(debtors) == 1:
            return protect(request.redirect(f"/my/receivables/{debtors.id}"))
        values = self._prepare_portal_layout_values()
        values.update(debtors=debtors, page_name="recouvrement_receivables")
        return protect(request.render("recouvrement.portal_accounts", values))
