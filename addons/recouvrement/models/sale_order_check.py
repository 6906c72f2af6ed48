"""The credit limit holds where an order of Odoo's Sales is confirmed, or grows."""

from collections import namedtuple
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

WATCHED = "recouvrement.watched_orders"
# What an order counted for before it was written.
Known = namedtuple("Known", "pair currency amount counts")


class RecouvrementOrder(models.AbstractModel):
    """Orders of Odoo's Sales, when it is installed: what they count for, and whether
    they may be confirmed. Orders are read in sudo: the verdict is everybody's."""

    _name = "recouvrement.order"
    _description = "Orders Against Credit Limits"

    @api.model
    def _has_orders(self):
        return "sale.order" in self.env.registry

    @api.model
    def _get_key(self, order):
        partner = order.partner_invoice_id.commercial_partner_id
        return partner.id, order.company_id.root_id.id

    @api.model
    def _get_known(self, order):
        counts = order.state == "sale"
        amount = order.amount_total if counts else 0.0
        return Known(self._get_key(order), order.currency_id, amount, counts)

    @api.model
    def _mark(self, orders):
        """The exposure of the customers of these orders is out of date, if they
        count."""
        orders = orders.sudo().filtered(lambda order: order.state == "sale")
        partners = orders.partner_invoice_id.commercial_partner_id
        self.env["recouvrement.debtor"]._mark_dirty_partners(partners.ids)

    # ------------------------------------------------------------------
    # CHECK
    # ------------------------------------------------------------------

    @api.model
    @contextmanager
    def _watch(self, orders):
        """Check the orders that count for more when the block ends; one inside
        another leaves it to the first. Gives a function that names more of them."""
        data = self.env.cr.precommit.data
        first = WATCHED not in data
        known = data.setdefault(WATCHED, {})

        def watch(more, new=False):
            for order in more.sudo():
                before = self._get_known(order)
                known.setdefault(order.id, before._replace(amount=0) if new else before)

        try:
            watch(orders)
            yield watch
            if first:
                self._check_grown(known)
        finally:
            if first:
                data.pop(WATCHED, None)

    @api.model
    def _check_grown(self, known):
        orders = self.env["sale.order"].sudo().browse(known).exists()
        counted = {before.pair[0] for before in known.values() if before.counts}
        self.env["recouvrement.debtor"]._mark_dirty_partners(counted)
        self._mark(orders)
        self._check(orders.filtered(lambda one: self._has_grown(one, known[one.id])))

    @api.model
    def _has_grown(self, order, before):
        now = self._get_known(order)
        if now[:2] != before[:2]:
            return now.amount > 0
        return order.currency_id.compare_amounts(now.amount, before.amount) > 0

    @api.model
    def _check(self, orders):
        """Refuse, or note, confirmed orders of customers above their limit; a constant
        number of queries.

        :raise UserError: with the customer, limit, exposure and what to do.
        """
        if not orders:
            return
        verdict = self.env["recouvrement.credit.verdict"]
        keys = {order: self._get_key(order) for order in orders}
        verdict._lock(set(keys.values()))
        excesses = verdict._get_excesses_with(self._get_paid(orders), keys.values())
        releases = self._get_releases(orders)
        for order, key in keys.items():
            excess = excesses.get(key)
            if not excess or self._is_released(order, releases):
                continue
            if excess.debtor._get_credit_control() == "block":
                raise self._get_refusal(order, excess)
            excess.debtor._log_event(
                "limit",
                self.env._("Order confirmed above the credit limit"),
                detail=self._describe(excess),
                amount=self._get_amount(order),
                currency_id=excess.debtor.currency_id.id,
            )
        releases._use()

    @api.model
    def _get_paid(self, orders):
        """What was paid or reserved online and is not in the ledger yet, as negative
        amounts by customer and legal entity."""
        paid = {}
        for payment in orders.transaction_ids:
            if payment.state not in ("authorized", "done") or payment.payment_id:
                continue
            order = payment.sale_order_ids[:1]
            amount = self._to_company(order, payment.currency_id, payment.amount)
            paid[self._get_key(order)] = paid.get(self._get_key(order), 0) - amount
        return paid

    @api.model
    def _get_amount(self, order):
        return self._to_company(order, order.currency_id, order.amount_total)

    @api.model
    def _to_company(self, order, currency, amount):
        """At the rate of the day, as exposures are."""
        company = order.company_id.root_id
        today = self.env["recouvrement.credit.limit"]._today()
        return currency._convert(amount, company.currency_id, company, today)

    @api.model
    def _describe(self, excess):
        return self.env["account.move"]._describe_excess(excess)

    # ------------------------------------------------------------------
    # RELEASE
    # ------------------------------------------------------------------

    @api.model
    def _get_releases(self, orders, states=("released",)):
        """Their releases, the oldest first."""
        return (
            self.env["recouvrement.credit.release"]
            .sudo()
            .search(
                [("order_id", "in", orders.ids), ("state", "in", list(states))],
                order="id",
            )
        )

    @api.model
    def _is_released(self, order, releases, total=None):
        """Whether somebody let this very order pass, for what it has become, or is to
        become."""
        total = order.amount_total if total is None else total
        today = self.env["recouvrement.credit.limit"]._today()
        return any(
            release.order_id == order.id
            and release.date_valid >= today
            and release.order_currency_id == order.currency_id
            and order.currency_id.compare_amounts(total, release.order_amount) <= 0
            for release in releases
        )

    @api.model
    def _get_refusal(self, order, excess):
        """The error that refuses an order: with a button for who may ask for its
        release, and nothing about credit for a customer on the portal."""
        if not self.env.user._is_internal():
            return UserError(
                self.env._("This order cannot be confirmed online: please contact us.")
            )
        message = self.env._(
            "%(excess)s\n%(order)s is not confirmed for %(amount)s. Ask for its "
            "release, for a higher limit, or wait for a payment.",
            excess=self._describe(excess),
            order=order.display_name,
            amount=order.currency_id.format(order.amount_total),
        )
        wizard = self.env["recouvrement.credit.release.wizard"]
        if self.env.su or not wizard.has_access("create"):
            return UserError(message)
        return RedirectWarning(
            message,
            self.env.ref("recouvrement.credit_release_wizard_action").id,
            self.env._("Ask for a Release"),
            {"default_order_id": order.id, "default_order_amount": order.amount_total},
        )

    @api.model
    def _get_excess_of(self, order, total):
        """What a quotation, or an order that grows, would exceed.

        :param float total: amount of the order, in its currency.
        """
        before = self._get_known(order).amount
        if order.currency_id.compare_amounts(total, before) <= 0:
            return None
        key = self._get_key(order)
        added = self._to_company(order, order.currency_id, total - before)
        for pair, paid in self._get_paid(order).items():
            added += paid if pair == key else 0
        verdict = self.env["recouvrement.credit.verdict"]
        return verdict._get_excesses_with({key: added}, {key}).get(key)

    @api.model
    def _get_warning(self, order):
        """What confirming a quotation would meet, in words; empty when nothing."""
        order = order.sudo()
        if order.state not in ("draft", "sent") or not order.partner_invoice_id:
            return ""
        key = self._get_key(order)
        added = self._get_amount(order) + sum(self._get_paid(order).values())
        excess = self.env["recouvrement.credit.verdict"]._foresee(key, added)
        if not excess or self._is_released(order, self._get_releases(order._origin)):
            return ""
        return self._describe(excess)

    @api.model
    def _hold(self, orders, reason):
        """Orders that a customer accepts online and that are blocked: their release
        is asked for, and confirms them.

        :return: those that wait.
        """
        held = self.env["sale.order"]
        if not orders:
            return held
        requests = self.env["recouvrement.credit.release"]
        keys = {self._get_key(order) for order in orders.sudo()}
        self.env["recouvrement.credit.verdict"]._lock(keys)
        for order in orders.sudo():
            excess = self._get_excess_of(order, order.amount_total)
            if (
                not excess
                or excess.debtor._get_credit_control() != "block"
                or self._is_released(order, self._get_releases(order))
            ):
                continue
            held += order
            requests._hold_order(order, excess, reason)
        return held

    @api.model
    def _confirm(self, order_id):
        """Confirm what a customer accepted online, if it is still to confirm."""
        order = self.env["sale.order"].sudo().browse(order_id).exists()
        order.filtered(lambda one: one.state in ("draft", "sent"))._validate_order()

    @api.model
    def _forget(self, order_ids):
        self.env["recouvrement.credit.release"].sudo().search(
            [("order_id", "in", order_ids)]
        ).unlink()
