"""What became of a debtor since it was put on the agenda, read in the ledger."""

from odoo import api, fields, models


class RecouvrementReviewItem(models.Model):
    _inherit = "recouvrement.review.item"

    open_now = fields.Monetary(related="debtor_id.open_amount", string="Open Now")
    overdue_now = fields.Monetary(
        related="debtor_id.overdue_amount", string="Overdue Now"
    )
    change = fields.Monetary(
        compute="_compute_change",
        help="Overdue now, less overdue when the figures were frozen.",
    )
    days_overdue = fields.Integer(related="debtor_id.days_overdue", string="Days Late")
    last_contact_date = fields.Date(related="debtor_id.last_contact_date")
    last_reminder_date = fields.Date(related="debtor_id.last_reminder_date")
    last_payment_date = fields.Date(related="debtor_id.last_payment_date")
    last_payment_amount = fields.Monetary(related="debtor_id.last_payment_amount")
    phone = fields.Char(related="debtor_id.phone")
    paid_since = fields.Monetary(
        string="Received Since",
        compute="_compute_paid_since",
        compute_sudo=True,
        help="Receipts entered since the figures were frozen, matched or not.",
    )
    paid_since_last_time = fields.Monetary(
        string="Received Since Last Time",
        compute="_compute_paid_since",
        compute_sudo=True,
        help="Receipts entered since the figures of the last review were frozen.",
    )
    earlier_decision_ids = fields.Many2many(
        "recouvrement.review.decision",
        string="Decided Before",
        compute="_compute_earlier_decision_ids",
        help="Decisions of the last review, and older ones that are still open.",
    )
    queue = fields.Json(compute="_compute_queue", export_string_translation=False)
    decision_kinds = fields.Json(
        compute="_compute_decision_kinds", export_string_translation=False
    )
    may_edit = fields.Boolean(
        compute="_compute_may_edit", export_string_translation=False
    )

    @api.depends("overdue_amount", "debtor_id.overdue_amount")
    def _compute_change(self):
        for item in self:
            item.change = item.currency_id.round(item.overdue_now - item.overdue_amount)

    @api.depends("received_total", "previous_id.received_total")
    def _compute_paid_since(self):
        received = self.debtor_id._get_received()
        for item in self:
            total, currency = received.get(item.debtor_id.id, 0), item.currency_id
            item.paid_since = currency.round(total - item.received_total)
            last = item.previous_id
            item.paid_since_last_time = last and currency.round(
                total - last.received_total
            )

    @api.depends("debtor_id", "date", "kind")
    def _compute_earlier_decision_ids(self):
        """In one query, for all the items of a page."""
        found = self.env["recouvrement.review.decision"].search(
            [
                ("debtor_id", "in", self.debtor_id.ids),
                ("review_id.state", "in", ("held", "sent")),
                ("state", "!=", "dropped"),
            ]
        )
        by_debtor = found.grouped("debtor_id")
        for item in self:
            item.earlier_decision_ids = by_debtor.get(
                item.debtor_id, found.browse()
            ).filtered(item._is_earlier)

    def _is_earlier(self, decision):
        review, mine = decision.review_id, self.review_id
        if review == mine or review.kind != mine.kind or review.date > mine.date:
            return False
        return decision.state == "open" or decision.item_id == self.previous_id

    @api.depends("review_id", "sequence", "state")
    def _compute_queue(self):
        """Where the item stands among those of its review that the user may read."""
        items = self.search([("review_id", "in", self.review_id.ids)])
        by_review = items.grouped("review_id")
        for item in self:
            ids = by_review.get(item.review_id, items.browse()).ids
            index = ids.index(item.id) if item.id in ids else 0
            item.queue = {
                "position": index + 1,
                "count": len(ids),
                "previous": ids[index - 1] if index else False,
                "next": ids[index + 1] if index + 1 < len(ids) else False,
            }

    @api.depends("kind")
    def _compute_decision_kinds(self):
        kinds = self.env["recouvrement.review.decision.kind"].search([("id", ">", 0)])
        for item in self:
            item.decision_kinds = [
                {"id": kind.id, "name": kind.name, "icon": kind.icon or "fa-check"}
                for kind in kinds
                if kind.kind in (False, item.kind)
            ]

    @api.depends_context("uid")
    @api.depends("review_id.state")
    def _compute_may_edit(self):
        writable = self.filtered("id")._filtered_access("write")
        for item in self:
            item.may_edit = (item in writable or not item.id) and (
                item.review_id.state in ("draft", "prepared", "held")
            )
