"""What Odoo's Sales does once this addon stands beside it, without depending on it.

These classes extend models that may not be there. Odoo knows no such dependency: they
are put before the base classes of the models when the registry is complete, so that
``super()`` works as everywhere and whoever patches the models afterwards keeps them.
"""

from odoo import api, models

ORDER_FIELDS = {
    "state",
    "order_line",
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "pricelist_id",
}
LINE_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "order_id",
}


class CheckedOrder:
    """An order that comes to count, or grows, is checked whoever writes it."""

    __slots__ = ()

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["recouvrement.order"]._watch(self.browse()) as watch:
            orders = super().create(vals_list)
            watch(orders, new=True)
        return orders

    def write(self, vals):
        if not ORDER_FIELDS & vals.keys():
            return super().write(vals)
        with self.env["recouvrement.order"]._watch(self):
            return super().write(vals)

    def unlink(self):
        service = self.env["recouvrement.order"]
        service._mark(self)
        service._forget(self.ids)
        return super().unlink()

    @api.depends("company_id", "partner_id", "amount_total")
    def _compute_partner_credit_warning(self):
        """Our limits say it before somebody confirms; else Odoo's own."""
        result = super()._compute_partner_credit_warning()
        service = self.env["recouvrement.order"]
        for order in self:
            if warning := service._get_warning(order):
                order.partner_credit_warning = warning
        return result

    def _validate_order(self):
        """What the customer accepts online and nobody released yet waits."""
        held = self.env["recouvrement.order"]._hold(self, self.env._("Accepted online"))
        return super(CheckedOrder, self - held)._validate_order()


class CheckedOrderLine:
    """Lines change what is ordered; what is invoiced of them too."""

    __slots__ = ()

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        with self.env["recouvrement.order"]._watch(orders):
            return super().create(vals_list)

    def write(self, vals):
        if not LINE_FIELDS & vals.keys():
            if "qty_delivered" in vals:
                self.env["recouvrement.order"]._mark(self.order_id)
            return super().write(vals)
        with self.env["recouvrement.order"]._watch(self.order_id) as watch:
            result = super().write(vals)
            watch(self.order_id)
        return result

    def unlink(self):
        with self.env["recouvrement.order"]._watch(self.order_id):
            return super().unlink()

    def _compute_qty_invoiced(self):
        result = super()._compute_qty_invoiced()
        self.env["recouvrement.order"]._mark(self._origin.order_id)
        return result

    def _compute_qty_delivered(self):
        result = super()._compute_qty_delivered()
        self.env["recouvrement.order"]._mark(self._origin.order_id)
        return result


class CheckedTransaction:
    """A payment is booked even though the order it pays for is held."""

    __slots__ = ()

    def _check_amount_and_confirm_order(self):
        waiting = self.sale_order_ids.filtered(
            lambda order: (
                order.state in ("draft", "sent")
                and order._is_confirmation_amount_reached()
            )
        )
        held = self.env["recouvrement.order"]._hold(
            waiting, self.env._("Accepted and paid online")
        )
        rest = self.filtered(lambda payment: not payment.sale_order_ids & held)
        return super(CheckedTransaction, rest)._check_amount_and_confirm_order()


EXTENSIONS = {
    "sale.order": CheckedOrder,
    "sale.order.line": CheckedOrderLine,
    "payment.transaction": CheckedTransaction,
}


def extend(registry):
    """Extend the models of Sales in a complete registry; once."""
    for name, extension in EXTENSIONS.items():
        model = registry[name]
        if extension not in model._base_classes__:
            model._base_classes__ = (extension, *model._base_classes__)
            model.__bases__ = model._base_classes__


class RecouvrementOrder(models.AbstractModel):
    _inherit = "recouvrement.order"

    def _register_hook(self):
        super()._register_hook()
        if self._has_orders():
            extend(self.env.registry)
