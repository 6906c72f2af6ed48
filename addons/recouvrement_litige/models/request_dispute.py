"""Disputes that come from customers' requests and from relays."""

from odoo import api, fields, models


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    dispute_ids = fields.One2many("recouvrement.dispute", "request_id")

    # OVERRIDES 'recouvrement'
    @api.model
    def _get_dispute_reasons(self, reasons):
        """The categories that customers may choose, in their language."""
        categories = self.env["recouvrement.dispute.category"].sudo()
        found = categories.search([("on_portal", "=", True)])
        return {one.code: one.portal_label or one.name for one in found} or reasons

    def action_view_dispute(self):
        """The dispute that came of the request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.dispute",
            "res_id": self.dispute_ids[:1].id,
            "views": [(False, "form")],
        }


class RecouvrementRelay(models.Model):
    _inherit = "recouvrement.relay"

    dispute_ids = fields.One2many("recouvrement.dispute", "relay_id")
    may_dispute = fields.Boolean(compute="_compute_may_dispute")

    @api.depends("state", "answer_outcome", "dispute_ids")
    def _compute_may_dispute(self):
        for relay in self:
            relay.may_dispute = (
                relay.state == "answered"
                and relay.answer_outcome in ("dispute", "technical", "by_mail")
                and not relay.dispute_ids
            )

    def action_open_dispute(self):
        """Open a dispute with the words of the person who was asked."""
        self.ensure_one()
        debtor = self.debtor_id
        debtor.check_access("write")
        lines = self.sudo().move_line_ids
        if not lines:
            items = self.env["recouvrement.open.item"].sudo()
            lines = items.search(
                [
                    ("debtor_id", "=", debtor.id),
                    ("days_overdue", ">", 0),
                    ("amount_residual_currency", ">", 0),
                    ("collection_status", "=", "to_chase"),
                ],
                limit=50,
            ).move_line_id
        technical = self.answer_outcome == "technical"
        category = self.env["recouvrement.dispute.category"]._by_code(
            "technical" if technical else None
        )
        return debtor._action_dispute_wizard(
            lines,
            default_category_id=category.id,
            default_text=self.answer or "",
            default_source="relay",
            default_relay_id=self.id,
        )
