"""An invoice asks for what was ordered: who let the order pass let it be invoiced."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'recouvrement'
    def _is_released(self):
        return super()._is_released() or self._is_of_released_orders()

    def _is_of_released_orders(self):
        """Whether all of it comes from orders that passed by a release, and they are
        not invoiced for more than was released."""
        self.ensure_one()
        if not self.env["recouvrement.order"]._has_orders():
            return False
        lines = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        orders = lines.sale_line_ids.order_id
        if not orders or not all(line.sale_line_ids for line in lines):
            return False
        releases = self.env["recouvrement.order"]._get_releases(orders, ("used",))
        if set(orders.ids) - set(releases.mapped("order_id")):
            return False
        currency = self.currency_id
        if orders.currency_id | releases.order_currency_id != currency:
            return False
        # Of an order that grew, the last release says up to what amount.
        allowed = {release.order_id: release.order_amount for release in releases}
        invoiced = sum(
            -move.direction_sign * move.amount_total
            for move in orders.invoice_ids
            if move.currency_id == currency and (move == self or move.state == "posted")
        )
        return currency.compare_amounts(invoiced, sum(allowed.values())) <= 0
