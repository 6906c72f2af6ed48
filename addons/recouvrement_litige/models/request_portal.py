"""What the customer page offers of the types of requests."""

from decimal import Decimal

from odoo import models

from .request_kinds import ADDED


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_portal_types(self):
        """Types that this customer may ask for on the page, by kind, in sudo and in
        the language of the page. Only associations change managers."""
        self.ensure_one()
        types = self.env["recouvrement.request.type"].sudo()
        offered = types.search([("portal", "=", True), ("kind", "in", ADDED)])
        if not self.sudo().manager_id:
            offered = offered.filtered(lambda t: t.kind != "mutation")
        if not self._get_portal_credits():
            offered = offered.filtered(lambda t: t.kind != "refund")
        return {one.kind: one for one in offered}

    # EXTENDS 'recouvrement'
    def _get_portal_asks(self):
        """Titles of all kinds: what is no longer offered may have been asked before."""
        types = self.env["recouvrement.request.type"].sudo()
        known = types.search([("kind", "in", ADDED)])
        return {
            **super()._get_portal_asks(),
            **{one.kind: one.portal_name or one.display_name for one in known},
        }

    def _get_portal_credits(self):
        """Credits of the account: ``[{"currency", "amount" (Decimal)}]``."""
        self.ensure_one()
        return [
            {"currency": row["currency"], "amount": Decimal(str(row["credits"]))}
            for row in self._get_portal_totals()
            if row["credits"]
        ]
