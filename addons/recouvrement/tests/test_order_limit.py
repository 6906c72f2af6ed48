"""The credit limit where an order of Odoo's Sales is confirmed: whoever confirms it,
by whatever way, with its own amount."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.modules.registry import Registry
from odoo.service.model import call_kw
from odoo.tests import BaseCase, HttpCase, get_db_name, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .access_common import ROLES
from .order_common import OrderCommon


@tagged("post_install", "-at_install", "-standard", "beside_sale")
class TestOrderLimit(OrderCommon):
    def setUp(self):
        super().setUp()
        self._limit(1000)

    def test_up_to_the_limit_passes_above_is_refused(self):
        self._order(200).action_confirm()
        order = self._order(0.01)
        error = self._assert_blocked(order.action_confirm)
        self.assertIn("Chantier Bleu", error.args[0])
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.debtor.exposure_order, 200)

    def test_a_quotation_says_what_confirming_it_would_meet(self):
        """In words, to whoever writes it, and without writing anything."""
        for login in ("seller", "collector"):
            order = self._order(201).with_user(
                self._seller(*([login] if login == "collector" else []))
            )
            before = self.env.cr.sql_log_count
            warning = order.partner_credit_warning
            self.assertIn("Chantier Bleu", warning)
            self.assertIn("1.00 above", warning.replace("\N{NO-BREAK SPACE}", " "))
            self.assertLess(self.env.cr.sql_log_count - before, 40)
            order.order_line.price_unit = 200
            self.assertFalse(order.partner_credit_warning)

    def test_a_quotation_counts_guarantees_groups_and_releases(self):
        order = self._order(500)
        self.assertTrue(order.partner_credit_warning)
        cover = self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_bank").id,
                "provider_id": self.env["res.partner"].create({"name": "Bank"}).id,
                "amount": 2000,
            }
        )
        order.invalidate_recordset()
        self.assertFalse(order.partner_credit_warning)
        cover.unlink()
        self.debtor.credit_control = "none"
        order.invalidate_recordset()
        self.assertFalse(order.partner_credit_warning)

    def test_every_way_that_confirms(self):
        order = self._order(201)
        self._assert_blocked(order.write, {"state": "sale"})
        self._assert_blocked(order.sudo().action_confirm)
        self._assert_blocked(lambda: self._order(201, state="sale"))
        self.assertEqual(order.state, "draft")

    def test_a_warning_lets_pass_and_is_kept(self):
        self.debtor.credit_control = "warn"
        self._order(500).action_confirm()
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "limit")], limit=1
        )
        self.assertEqual(event.amount, 500)

    def test_an_order_that_grows_is_checked_one_that_shrinks_is_not(self):
        order = self._order(200)
        order.action_confirm()
        line = order.order_line
        self._assert_blocked(line.write, {"price_unit": 201})
        self._assert_blocked(line.copy, {"order_id": order.id, "price_unit": 1})
        self._limit(500)
        line.price_unit = 150
        self.assertEqual(self.debtor.exposure_amount, 950)

    def test_lines_replaced_in_one_save_are_checked_together(self):
        order = self._order(200)
        order.action_confirm()
        new = order.order_line.copy_data({"price_unit": 150})[0]
        new.pop("order_id", None)
        order.write(
            {
                "order_line": [
                    Command.create(new),
                    Command.update(order.order_line.id, {"product_uom_qty": 0}),
                ]
            }
        )
        self.assertEqual(order.amount_total, 150)

    def test_an_order_that_changes_customer_is_checked(self):
        order = self._order(900, partner=self._make_customer("Sans limite"))
        order.action_confirm()
        self._assert_blocked(order.write, {"partner_invoice_id": self.customer.id})

    def test_a_batch_is_checked_together_and_not_half_confirmed(self):
        orders = self._order(150) + self._order(150)
        self._assert_blocked(orders.action_confirm)
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        orders[0].action_confirm()

    def test_many_orders_cost_no_more_queries(self):
        self._limit(10000)
        service, counts = self.env["recouvrement.order"], []
        orders = self.env["sale.order"].union(*(self._order(10) for _n in range(12)))
        orders.action_confirm()
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("amount_total")
            some.transaction_ids.mapped("state")
            some.partner_invoice_id.commercial_partner_id.mapped("name")
            before = self.env.cr.sql_log_count
            service._check(some.sudo())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_companies_ticked_and_the_currency_change_nothing(self):
        other = self.setup_other_company()["company"]
        order = self._order(402, pricelist_id=self._euros(2.0).id).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        self._assert_blocked(order.action_confirm)
        order.order_line.price_unit = 400
        order.action_confirm()

    def test_the_limit_of_the_group_above(self):
        holding = self._make_customer("Holding")
        self.customer.parent_id = holding
        self._make_invoice(holding, 100, due=20)
        head = self._debtor(holding)
        self._limit(5000)
        self._limit(1100, debtor_id=head.id, for_group=True)
        sister = self._make_customer("Sans compte", parent_id=holding.id)
        self._order(150, partner=sister).action_confirm()
        error = self._assert_blocked(self._order(51).action_confirm)
        self.assertIn("Holding", error.args[0])
        self._order(50).action_confirm()
        self._assert_blocked(self._order(1, partner=sister).action_confirm)

    def test_every_role_gets_the_same_verdict_by_remote_call(self):
        for role in (None, *ROLES):
            seller = self._seller(role) if role else self._seller()
            order = self._order(201).with_user(seller)
            with self.subTest(role=role):
                error = self._assert_blocked(
                    call_kw, order.browse(), "action_confirm", [order.ids], {}
                )
                self.assertIn("Credit limit of Chantier Bleu", error.args[0])
                offered = isinstance(error, RedirectWarning)
                self.assertEqual(offered, role not in (None, "auditor"))
        portal = new_test_user(self.env, "order_portal", groups="base.group_portal")
        order = self._order(201)
        error = self._assert_blocked(order.with_user(portal).sudo().action_confirm)
        self.assertNotIn("1,000", error.args[0])

    def test_what_guarantees_bear_does_not_count(self):
        self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_bank").id,
                "provider_id": self._make_customer("Banque").id,
                "amount": 1000.0,
            }
        )
        # 800 of it is used: an order may use the rest
        self._order(1200).action_confirm()
        self._assert_blocked(self._order(1).action_confirm)


@tagged("post_install", "-at_install", "-standard", "beside_sale")
class TestOrderRelease(OrderCommon):
    def setUp(self):
        super().setUp()
        self._limit(1000)
        self.order = self._order(500)
        self.releases = self.env["recouvrement.credit.release"]

    def _ask(self, user=None, **vals):
        wizard = self.env["recouvrement.credit.release.wizard"]
        wizard = wizard.with_user(user or self.env.user).create(
            {"order_id": self.order.id, "reason": "Transfer announced", **vals}
        )
        wizard.action_confirm()
        return self.releases.search([("order_id", "=", self.order.id)], limit=1)

    def test_a_release_lets_this_order_pass_once(self):
        seller = self._seller("salesperson")
        self.debtor.salesperson_id = seller
        wizard = self.env["recouvrement.credit.release.wizard"].with_user(seller)
        told = wizard.create(
            {"order_id": self.order.id, "reason": "Transfer announced"}
        ).action_confirm()
        release = self.releases.search([("order_id", "=", self.order.id)])
        self.assertEqual(release.state, "requested")
        self.assertEqual((release.amount, release.excess), (500, 300))
        self.assertEqual(release.document_name, self.order.name)
        self.assertIn("waits", told["params"]["message"])
        with self.assertRaises(AccessError):
            release.with_user(seller).action_release()
        self._assert_blocked(self.order.with_user(seller).action_confirm)
        release.action_release()
        self.order.with_user(seller).action_confirm()
        self.assertEqual((self.order.state, release.state), ("sale", "used"))
        self._assert_blocked(self._order(1).action_confirm)

    def test_asking_leaves_the_exposure_as_it_was(self):
        self._ask()
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.debtor.exposure_order, 0)
        self.assertEqual(self.debtor.exposure_amount, 800)

    def test_a_release_is_for_the_amount_that_was_seen(self):
        self._ask()
        self.order.order_line.price_unit = 501
        self._assert_blocked(self.order.action_confirm)

    def test_a_confirmed_order_grows_up_to_what_was_released(self):
        self._ask()
        self.order.action_confirm()
        with self.assertRaises(UserError):
            self._ask()
        release = self._ask(order_amount=600)
        self.assertEqual((release.excess, release.order_amount), (400, 600))
        self._assert_blocked(self.order.order_line.write, {"price_unit": 601})
        self.order.order_line.price_unit = 600
        self.assertEqual(release.state, "used")

    def test_nothing_is_released_that_is_not_blocked(self):
        self._limit(5000)
        with self.assertRaises(UserError):
            self._ask()

    def test_who_may_not_write_the_order_does_not_ask(self):
        stranger = new_test_user(
            self.env, "no_sales", groups="recouvrement.group_salesperson"
        )
        with self.assertRaises(AccessError):
            self._ask(stranger)

    def test_a_quotation_that_goes_away_takes_its_request_along(self):
        release = self._ask()
        self.order.unlink()
        self.assertFalse(release.exists())

    def test_the_queue_shows_invoices_and_orders_and_opens_them(self):
        invoice = self.releases._request(self._draft(500), "Known")
        order = self._ask()
        self.assertEqual(
            [one.action_open_document()["res_model"] for one in invoice + order],
            ["account.move", "sale.order"],
        )

    def test_what_was_released_is_invoiced_without_asking_again(self):
        self._ask()
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.price_unit = 501
        self.assertTrue(invoice.credit_blocked)
        self._assert_blocked(invoice.action_post)
        invoice.invoice_line_ids.price_unit = 500
        invoice.action_post()
        self._assert_blocked(self._draft(1).action_post)

    def test_what_was_not_ordered_is_not_invoiced_along(self):
        self._ask()
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.price_unit = 400
        invoice.write({"invoice_line_ids": [Command.create({"price_unit": 50})]})
        self._assert_blocked(invoice.action_post)

    def test_the_parts_of_a_released_order_are_added_up(self):
        self._ask()
        self.order.action_confirm()
        first = self.order._create_invoices()
        first.invoice_line_ids.quantity = 0.5
        first.action_post()
        second = self.order._create_invoices()
        second.invoice_line_ids.price_unit = 501
        self._assert_blocked(second.action_post)
        second.invoice_line_ids.price_unit = 500
        second.action_post()

    def test_signed_online_waits_and_its_release_confirms_it(self):
        portal = new_test_user(self.env, "signer", groups="base.group_portal")
        self.order.with_user(portal).sudo()._validate_order()
        self.assertEqual(self.order.state, "draft")
        release = self.releases.search([("order_id", "=", self.order.id)])
        self.assertEqual((release.state, release.excess), ("requested", 300))
        self.order.with_user(portal).sudo()._validate_order()
        self.assertEqual(self.releases.search_count([]), 1)
        release.action_release()
        self.assertEqual((self.order.state, release.state), ("sale", "used"))

    def test_signed_online_within_the_limit_is_confirmed(self):
        order = self._order(200)
        order._validate_order()
        self.assertEqual(order.state, "sale")

    def _pay_online(self, amount):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self._make_provider().id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "amount": amount,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(self.order.ids)],
                "state": "done",
                "reference": f"Online {amount}",
            }
        )

    def _make_provider(self):
        return self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "company_id": self.company.id}
        )

    def test_an_order_paid_online_needs_no_credit(self):
        payment = self._pay_online(500)
        self.assertEqual(payment._check_amount_and_confirm_order(), self.order)
        self.assertEqual(self.order.state, "sale")

    def test_an_order_paid_in_part_waits_and_the_payment_stands(self):
        self.order.write({"require_payment": True, "prepayment_percent": 0.5})
        payment = self._pay_online(250)
        self.assertFalse(payment._check_amount_and_confirm_order())
        release = self.releases.search([("order_id", "=", self.order.id)])
        self.assertEqual((release.state, release.excess), ("requested", 50))


@tagged("post_install", "-at_install", "-standard", "beside_sale")
class TestOrderPortal(OrderCommon, HttpCase):
    def test_the_customer_signs_and_reads_nothing_about_credit(self):
        self._limit(1000)
        order = self._order(500, require_signature=True, require_payment=False)
        order.action_quotation_sent()
        answer = self.make_jsonrpc_request(
            f"/my/orders/{order.id}/accept",
            {
                "access_token": order._portal_ensure_token(),
                "name": "Lucie",
                "signature": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
            },
        )
        self.assertIn("sign_ok", answer["redirect_url"])
        self.assertEqual((order.state, order.signed_by), ("sent", "Lucie"))
        release = self.env["recouvrement.credit.release"].search([])
        self.assertEqual((release.order_id, release.state), (order.id, "requested"))
        page = self.url_open(answer["redirect_url"]).text
        self.assertIn(order.name, page)
        self.assertNotIn("Credit limit", page)
        release.action_release()
        self.assertEqual((order.state, release.state), ("sale", "used"))


@tagged("post_install", "-at_install", "-standard", "beside_sale")
class TestOrderRace(BaseCase):
    """Two confirmations at once, in two transactions with real commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._delete)
        with cls._committed() as env:
            company = env.ref("base.main_company")
            partner = env["res.partner"].create(
                {"name": "Race", "is_company": True, "email": "race@example.com"}
            )
            debtor = env["recouvrement.debtor"].create(
                {"partner_id": partner.id, "company_id": company.id}
            )
            debtor.credit_control = "block"
            env["recouvrement.credit.limit"].create(
                {"debtor_id": debtor.id, "amount": 100, "reason": "Opening"}
            )
            product = env["product.product"].create(
                {"name": "Race", "taxes_id": False, "list_price": 60}
            )
            line = {"product_id": product.id, "price_unit": 60, "tax_ids": False}
            vals = {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [Command.create(line)],
            }
            cls.order_ids = env["sale.order"].create([vals, vals]).ids
            cls.ids = (partner.id, debtor.id, product.id)

    @classmethod
    @contextmanager
    def _committed(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _delete(cls):
        partner_id, debtor_id, product_id = cls.ids
        with cls._committed() as env:
            orders = env["sale.order"].browse(cls.order_ids)
            orders._action_cancel()
            orders.unlink()
            for table in ("credit_limit", "event"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE debtor_id = %s",
                        SQL.identifier(f"recouvrement_{table}"),
                        debtor_id,
                    )
                )
            env.invalidate_all()
            env["recouvrement.debtor"].browse(debtor_id).unlink()
            env["product.product"].browse(product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(partner_id).unlink()

    @mute_logger("odoo.sql_db")
    def test_two_confirmations_at_once_cannot_both_pass(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = [
                api.Environment(cr, SUPERUSER_ID, {})["sale.order"].browse(order_id)
                for cr, order_id in zip((one, two), self.order_ids, strict=True)
            ]
            for order in (first, second):
                self.assertEqual(order.state, "draft")
            first.action_confirm()
            one.commit()
            # it saw too little: Odoo would have it start again
            with self.assertRaises(SerializationFailure):
                second.action_confirm()
            two.rollback()
            with self.assertRaises(UserError):
                second.action_confirm()
            two.rollback()
