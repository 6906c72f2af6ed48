"""What a customer said from the page, and what was agreed, as the page shows it."""

from datetime import datetime, time

from odoo import fields, models

PLAN_STATES = ("offered", "accepted", "late", "defaulted", "done", "refused")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_portal_requests(self, limit):
        """What the customer asked from the page, the newest first, in sudo."""
        self.ensure_one()
        requests = self.env["recouvrement.request"].sudo()
        return requests.search(
            self._portal_requests_domain(), order="id desc", limit=limit
        )

    def _count_portal_requests_today(self):
        self.ensure_one()
        midnight = datetime.combine(fields.Date.context_today(self), time.min)
        return (
            self.env["recouvrement.request"]
            .sudo()
            .search_count(
                [*self._portal_requests_domain(), ("create_date", ">=", midnight)]
            )
        )

    def _portal_requests_domain(self):
        return [("debtor_id", "=", self.id), ("source", "=", "portal")]

    def _get_portal_promises(self):
        """Promises that are running, in sudo."""
        self.ensure_one()
        return (
            self.env["recouvrement.promise"]
            .sudo()
            .search([("debtor_id", "=", self.id), ("state", "=", "open")], order="date")
        )

    def _get_portal_plans(self):
        """Plans that were sent to the customer, the newest first, in sudo."""
        self.ensure_one()
        return (
            self.env["recouvrement.payment.plan"]
            .sudo()
            .search(
                [("debtor_id", "=", self.id), ("state", "in", PLAN_STATES)],
                order="id desc",
            )
        )

    def _get_portal_asks(self):
        """Titles of the forms that other addons add to the page, by kind of request,
        in the language of the page: a hook."""
        return {}

    # ------------------------------------------------------------------
    # PAYING
    # ------------------------------------------------------------------

    def _get_portal_reference(self, rows):
        """What the customer should quote with a payment of these items: the reference
        of the only document, else the number of the customer or of the account."""
        self.ensure_one()
        moves = {row["move"] for row in rows}
        if len(moves) == 1:
            return moves.pop().payment_reference or rows[0]["name"]
        return self.partner_id.ref or f"C{self.partner_id.id}"

    def _get_portal_transactions(self, lines):
        """On-line payments of these items that are not in the ledger yet, in sudo:
        some journals write them only with the bank statement."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("collection_line_ids", "in", lines.ids),
                    ("state", "in", ("pending", "authorized", "done")),
                    "|",
                    ("payment_id", "=", False),
                    ("payment_id.move_id", "=", False),
                ]
            )
        )

    # ------------------------------------------------------------------
    # FROM THE DESK
    # ------------------------------------------------------------------

    def action_portal_link(self):
        """Show the address of the customer page: to copy, to open, to withdraw."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["recouvrement.portal.wizard"].create({"debtor_id": self.id})
        return wizard._reopen()
