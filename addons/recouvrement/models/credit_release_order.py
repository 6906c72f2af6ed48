"""Orders of Odoo's Sales among the documents to release. Sales may not be installed:
an order is named by its id, without a reference that the database would check."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementCreditRelease(models.Model):
    _inherit = "recouvrement.credit.release"

    order_id = fields.Integer(
        string="Id of the Order", readonly=True, index="btree_not_null"
    )
    order_name = fields.Char(string="Order", readonly=True)
    order_amount = fields.Monetary(
        string="Amount Ordered",
        readonly=True,
        currency_field="order_currency_id",
        aggregator=None,
    )
    order_currency_id = fields.Many2one("res.currency", readonly=True)
    confirms_order = fields.Boolean(
        readonly=True,
        help="The customer accepted the order online: its release confirms it.",
    )

    _waiting_order_uniq = models.UniqueIndex(
        "(order_id) WHERE order_id > 0 AND state IN ('requested', 'released')",
        "A release of this order was asked for already.",
    )
    _check_one_document = models.Constraint(
        "CHECK (move_id IS NOT NULL OR COALESCE(order_id, 0) > 0)",
        "A release is that of a document.",
    )

    # EXTENDS 'recouvrement'
    @api.depends("order_name")
    def _compute_document_name(self):
        result = super()._compute_document_name()
        for release in self.filtered("order_id"):
            release.document_name = release.order_name
        return result

    @api.model
    def _request_order(self, order_id, reason, total=0.0):
        """Ask for the release of a quotation, or of a confirmed order that is to grow;
        who has the authority releases it at once.

        :param float total: up to which amount, in the currency of the order; its own
            amount if that is more.
        :raise UserError: without a reason, or when nothing blocks the order.
        """
        reason = self._check_reason(reason)
        service = self.env["recouvrement.order"]
        if not service._has_orders():
            raise UserError(self.env._("Odoo's Sales is not installed."))
        order = self.env["sale.order"].browse(order_id)
        order.check_access("write")
        order = order.sudo()
        total = max(total or 0.0, order.amount_total)
        excess = order.state != "cancel" and service._get_excess_of(order, total)
        releases = service._get_releases(order)
        if not excess or service._is_released(order, releases, total):
            raise UserError(self.env._("Nothing blocks this document any more."))
        # Somebody lets more pass than was released before.
        releases.write({"state": "refused"})
        return self._ask(excess, self._get_order_vals(order, excess, total, reason))

    @api.model
    def _hold_order(self, order, excess, reason):
        """Ask for the release of an order that its customer accepted online, in the
        name of its salesperson; a request that waits already is enough."""
        waiting = self.sudo().search(
            [("order_id", "=", order.id), ("state", "in", ["requested", "released"])]
        )
        waiting.filtered(lambda one: one.state == "released").write(
            {"state": "refused"}
        )
        waiting = waiting.filtered(lambda one: one.state == "requested")
        if waiting:
            waiting.write({"confirms_order": True})
            return waiting
        vals = self._get_order_vals(order, excess, order.amount_total, reason)
        asker = order.user_id or self.env.ref("base.user_root")
        return self.sudo()._ask(
            excess,
            {**vals, "confirms_order": True, "requested_by_id": asker.id},
            decide=False,
        )

    @api.model
    def _get_order_vals(self, order, excess, total, reason):
        service = self.env["recouvrement.order"]
        amount = service._to_company(order, order.currency_id, total)
        refused = excess.debtor.credit_refused
        return {
            "order_id": order.id,
            "order_name": order.display_name,
            "order_amount": total,
            "order_currency_id": order.currency_id.id,
            "amount": amount,
            # All of a document is too much for a customer on the list.
            "excess": max(excess.amount, amount) if refused else excess.amount,
            "reason": reason,
        }

    # EXTENDS 'recouvrement'
    def _decide(self, state):
        """What the customer accepted online is confirmed when it is released."""
        result = super()._decide(state)
        service = self.env["recouvrement.order"]
        if state == "released" and service._has_orders():
            for release in self.sudo().filtered("confirms_order"):
                service._confirm(release.order_id)
        return result

    def action_open_document(self):
        """Open the invoice or the order, with the rights of the user."""
        self.ensure_one()
        if self.order_id and not self.env["recouvrement.order"]._has_orders():
            raise UserError(self.env._("Odoo's Sales is not installed."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order" if self.order_id else "account.move",
            "res_id": self.order_id or self.move_id.id,
            "view_mode": "form",
        }
