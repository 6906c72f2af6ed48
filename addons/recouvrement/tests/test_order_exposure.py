"""What orders of Odoo's Sales count for in the exposure, until invoiced."""

from odoo import Command
from odoo.tests import tagged

from ..models.sale_order_patch import EXTENSIONS, extend
from .order_common import OrderCommon


@tagged("post_install", "-at_install", "-standard", "beside_sale")
class TestOrderExposure(OrderCommon):
    def _check(self, ordered, exposure):
        self.assertEqual(self.debtor.exposure_order, ordered)
        self.assertEqual(self.debtor.exposure_amount, exposure)

    def test_a_quotation_does_not_count_a_confirmed_order_does(self):
        order = self._order(500)
        self._check(0, 800)
        order.action_confirm()
        self._check(500, 1300)
        order.action_cancel()
        self._check(0, 800)

    def test_from_order_to_draft_to_invoice_counts_once(self):
        order = self._order(500, quantity=5)
        order.action_confirm()
        invoice = order._create_invoices()
        self._check(0, 1300)
        invoice.invoice_line_ids.quantity = 2
        self._check(300, 1300)
        invoice.action_post()
        self._check(300, 1300)
        invoice.button_draft()
        invoice.button_cancel()
        self._check(500, 1300)

    def test_a_credit_note_of_the_order_leaves_it_to_invoice_again(self):
        order = self._order(500)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        self._check(500, 1300)
        refund.action_post()
        self._check(500, 1300)

    def test_an_order_invoiced_for_less_is_over(self):
        order = self._order(500)
        order.action_confirm()
        order._create_invoices().invoice_line_ids.price_unit = 400
        self._check(0, 1200)

    def test_a_down_payment_counts_once(self):
        order = self._order(1000)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": 300,
            }
        )
        advance = wizard._create_invoices(order)
        self._check(700, 1800)
        advance.action_post()
        self._check(700, 1800)
        rest = order._create_invoices(final=True)
        self.assertEqual(rest.amount_total, 700)
        self._check(0, 1800)

    def test_taxes_are_included(self):
        tax = self.company_data["default_tax_sale"]
        order = self._order(500)
        order.order_line.tax_ids = tax
        order.action_confirm()
        self._check(order.amount_total, 800 + order.amount_total)
        self.assertGreater(order.amount_total, 500)

    def test_lines_added_changed_and_removed(self):
        order = self._order(500)
        order.action_confirm()
        order.order_line.price_unit = 700
        self._check(700, 1500)
        line = order.order_line.copy({"order_id": order.id, "price_unit": 50})
        self._check(750, 1550)
        line.product_uom_qty = 0
        self._check(700, 1500)

    def test_more_delivered_than_ordered_counts(self):
        self.product.invoice_policy = "delivery"
        order = self._order(500, quantity=5)
        order.action_confirm()
        order.order_line.qty_delivered = 3
        self._check(500, 1300)
        order.order_line.qty_delivered = 6
        self._check(600, 1400)

    def test_an_order_never_frees_more_than_it_is(self):
        order = self._order(-500)
        order.action_confirm()
        self._check(0, 800)

    def test_a_foreign_currency_at_the_rate_of_the_day(self):
        euros = self._euros(2.0)
        self._order(500, pricelist_id=euros.id).action_confirm()
        self._check(250, 1050)
        self.env["res.currency.rate"].create(
            {"currency_id": euros.currency_id.id, "name": self.today, "rate": 4.0}
        )
        self.debtor._refresh_totals()
        self.debtor.invalidate_recordset()
        self._check(125, 925)

    def test_who_is_invoiced_has_the_exposure_addresses_and_archived_too(self):
        address = self._make_customer(
            "Chantier", is_company=False, parent_id=self.customer.id
        )
        other = self._make_customer("Livré ailleurs")
        self._order(100, partner=other, partner_invoice_id=address.id).action_confirm()
        self._check(100, 900)
        self.customer.active = False
        self.debtor._refresh_totals()
        self.debtor.invalidate_recordset()
        self._check(100, 900)

    def test_branches_count_together_other_companies_apart(self):
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id}
        )
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= branch | other
        for company, amount in ((branch, 100), (other, 1000)):
            order = self._order(amount, company_id=company.id)
            order.with_company(company).action_confirm()
        self._check(100, 900)

    def test_the_debtor_opens_the_orders_that_count(self):
        orders = self._order(100) + self._order(200)
        orders.action_confirm()
        self._order(300)
        orders[1]._create_invoices()
        domain = self.debtor.action_view_orders()["domain"]
        self.assertEqual(self.env["sale.order"].search(domain), orders[0])

    def test_the_models_of_sales_are_extended_once(self):
        extend(self.env.registry)
        for name, extension in EXTENSIONS.items():
            bases = type(self.env[name]).__bases__
            self.assertEqual(bases.count(extension), 1)
            self.assertIs(bases[0], extension)

    def test_all_accounts_cost_one_statement_whatever_the_orders(self):
        self.env["sale.order"].union(*(self._order(10) for _n in range(9)))
        self.debtor._refresh_totals()
        counts = []
        for confirmed in (1, 8):
            self.env["sale.order"].search(
                [("state", "=", "draft")], limit=confirmed
            ).action_confirm()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.debtor._refresh_totals()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
