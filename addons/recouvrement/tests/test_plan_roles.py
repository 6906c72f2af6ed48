"""Margins, approval and rights of instalment plans, and the form that negotiates."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .access_common import AccessCommon
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanMargin(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._make_user("collector")
        cls.manager = cls._make_user("manager")
        cls.accountant = cls._make_user("accountant")

    def _offer_as(self, user, **terms):
        plan = self._make_plan(self.debtor.with_user(user), self.lines, **terms)
        plan.action_offer()
        return plan

    def test_a_collector_agrees_alone_inside_the_margin(self):
        plan = self._offer_as(self.collector)
        self.assertEqual((plan.state, plan.excess), ("offered", False))
        self.assertEqual(plan.user_id, self.collector)

    def test_what_is_above_the_margin_says_so_and_waits(self):
        for terms, words in (
            ({"number": 4, "interval": "week"}, "4 instalments, 3 at most"),
            ({"number": 2, "first_date": self._day(100)}, "5 months, 3 at most"),
            ({"number": 3, "first": 100.0}, "First payment of 11.11 %, 20 %"),
        ):
            with self.subTest(terms=terms):
                plan = self._offer_as(self.collector, **terms)
                self.assertEqual(plan.state, "to_approve")
                self.assertIn(words, plan.excess)
                self.assertFalse(self._mails_of())
                plan.sudo()._cancel("Next")

    def test_the_amount_counts_in_company_currency(self):
        self._make_invoice(self.debtor.partner_id, 5000.0, due=-5)
        plan = self._make_plan(self.debtor.with_user(self.collector))
        plan.action_offer()
        self.assertEqual(plan.state, "to_approve")
        self.assertIn("5,900.00", plan.excess)

    def test_small_plans_side_by_side_count_together(self):
        self.assertEqual(self._offer_as(self.collector).state, "offered")
        invoice = self._make_invoice(self.debtor.partner_id, 4500.0, due=-5)
        plan = self._make_plan(
            self.debtor.with_user(self.collector), self._items(invoice)
        )
        plan.action_offer()
        self.assertEqual(plan.state, "to_approve")
        self.assertIn("5,400.00", plan.excess)

    def test_a_manager_approves_what_is_inside_the_own_margin(self):
        plan = self._offer_as(self.collector, number=5, interval="week")
        with self.assertRaisesRegex(UserError, "above your margin"):
            plan.action_approve()
        plan.with_user(self.manager).action_approve()
        self.assertEqual(plan.state, "offered")
        self.assertEqual(plan.approved_by_id, self.manager)
        self.assertTrue(self._mails_of())

    def test_a_manager_sends_a_plan_back(self):
        plan = self._offer_as(self.collector, number=5, interval="week")
        with self.assertRaises(AccessError):
            plan._send_back("No")
        plan.with_user(self.manager)._send_back("Three instalments, not five")
        self.assertEqual(plan.state, "draft")
        plan._change_plan(self.lines, first_date=self._day(10), number=3)
        plan.action_offer()
        self.assertEqual(plan.state, "offered")

    def test_who_negotiated_is_told_of_the_decision_and_reads_the_reason(self):
        plan = self._offer_as(self.collector, number=5, interval="week")
        plan.with_user(self.manager)._send_back("Three instalments, not five")
        self.assertIn("Three instalments", self._get_notice(plan).body)
        [item] = self._get_desk_plans()
        self.assertEqual(item["note"], "Three instalments, not five")

        plan.action_offer()
        self.assertEqual((plan.state, plan.close_reason), ("to_approve", False))
        self.assertNotIn("not five", self._get_desk_plans()[0]["note"])
        plan.with_user(self.manager).action_approve()
        self.assertIn("approved", self._get_notice(plan).subject)

    def _get_notice(self, plan):
        """The last notification about a plan; the collector alone got it."""
        notice = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", plan._name),
                    ("res_id", "=", plan.id),
                    ("message_type", "=", "user_notification"),
                ],
                order="id desc",
                limit=1,
            )
        )
        self.assertEqual(notice.partner_ids, self.collector.partner_id)
        return notice

    def _get_desk_plans(self):
        blocks = self.debtor.with_user(self.collector)._desk_blocks({})
        [plans] = [block for block in blocks if block["key"] == "plans"]
        return plans["items"]

    def test_even_a_manager_has_a_margin_until_it_is_unlimited(self):
        plan = self._make_plan(
            self.debtor.with_user(self.manager), self.lines, number=20, interval="week"
        )
        plan.action_offer()
        self.assertEqual(plan.state, "to_approve")
        self.env.ref("recouvrement.plan_margin_manager").unlimited = True
        plan.action_approve()
        self.assertEqual(plan.state, "offered")

    def test_a_role_without_a_line_agrees_to_nothing_alone(self):
        plan = self._offer_as(self.accountant)
        self.assertEqual(plan.state, "to_approve")
        self.assertIn("no instalment plan alone", plan.excess)

    def test_the_line_of_a_company_wins_over_the_common_one(self):
        self.env["recouvrement.plan.margin"].create(
            {
                "role": "collector",
                "company_id": self.company.id,
                "max_installments": 2,
                "max_months": 3,
                "max_amount": 5000,
            }
        )
        plan = self._offer_as(self.collector)
        self.assertEqual(plan.excess, "3 instalments, 2 at most.")

    def test_allows_is_the_margin_in_one_word(self):
        margins = self.env["recouvrement.plan.margin"].with_user(self.collector)
        self.assertTrue(margins._allows(self._make_plan()))
        self.assertFalse(margins._allows(self._make_plan(number=4)))

    def test_a_signed_plan_is_cancelled_by_a_manager_only(self):
        plan = self._offer_as(self.collector)
        plan._accept("Anne", "192.0.2.7", "Firefox")
        with self.assertRaises(AccessError):
            plan._cancel("The customer asked")
        plan.with_user(self.manager)._cancel("The customer asked")
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(set(self.lines.mapped("collection_status")), {"to_chase"})

    # ------------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------------

    def _form(self, user=None, line_ids=None):
        action = self.debtor.with_user(user or self.collector).action_plan(line_ids)
        wizard = self.env[action["res_model"]].with_user(user or self.collector)
        return Form(wizard.with_context(**action["context"]))

    def test_the_form_takes_all_that_is_overdue_and_free(self):
        self.lines[0]._set_collection_status("disputed", "Wrong quantity")
        self._make_invoice(self.debtor.partner_id, 700.0, due=20)
        form = self._form()
        self.assertEqual(form.total, 600)
        self.assertEqual(form.partner_id, self.debtor.contact_id)

    def test_every_change_shows_the_schedule_at_once(self):
        form = self._form()
        self.assertEqual(form.preview.count("300.00"), 3)
        form.number = 2
        self.assertEqual(form.preview.count("450.00"), 2)
        form.share_by = "each"
        form.each_amount = 400.0
        self.assertIn("100.00", form.preview)
        self.assertFalse(form.excess)
        form.each_amount = 100.0
        self.assertIn("9 instalments, 3 at most", form.excess)
        form.first_date = self._day(-1)
        self.assertIn("today or later", form.error)
        self.assertFalse(form.preview)

    def test_the_form_offers_or_keeps_a_draft(self):
        form = self._form(line_ids=self.lines[:2].ids)
        form.number = 2
        form.note = "Cash problem until the summer"
        wizard = form.save()
        plan = self.plans.browse(wizard.action_save()["res_id"])
        self.assertEqual((plan.state, plan.amount_total), ("draft", 600))
        self.assertEqual(plan.note, "Cash problem until the summer")
        action = plan.with_user(self.collector).action_change()
        wizard = self.env[action["res_model"]].with_user(self.collector)
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.total, 600)
        form.number = 3
        form.save().action_offer()
        self.assertEqual((plan.state, plan.number), ("offered", 3))
        self.assertEqual(len(plan.installment_ids), 3)

    def test_items_selected_in_a_list_open_the_form(self):
        wizard = self.env["recouvrement.plan.wizard"].with_context(
            active_model="recouvrement.open.item", active_ids=self.lines[:1].ids
        )
        form = Form(wizard)
        self.assertEqual(form.debtor_id, self.debtor)
        self.assertEqual(form.total, 300)

    def test_decisions_are_taken_in_their_form(self):
        plan = self._offer_as(self.collector)
        for action, values, state in (
            (
                plan.action_sign_paper(),
                {
                    "name": "Anne Dubois",
                    "scan": base64.b64encode(b"%PDF-1.4 scan"),
                    "scan_name": "scan.pdf",
                },
                "accepted",
            ),
            (
                plan.with_user(self.manager).action_cancel(),
                {"reason": "Paid otherwise"},
                "cancelled",
            ),
        ):
            user = self.manager if state == "cancelled" else self.collector
            decision = self.env[action["res_model"]].with_user(user)
            decision.create(
                {
                    "plan_id": plan.id,
                    "kind": action["context"]["default_kind"],
                    **values,
                }
            ).action_confirm()
            self.assertEqual(plan.state, state)


@tagged("post_install", "-at_install")
class TestPlanAccess(AccessCommon):
    def _plan(self, debtor):
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", debtor.id)]
        )
        first = self._day(10)
        return self.env["recouvrement.payment.plan"]._create_plan(
            debtor, items.move_line_id, first_date=first, number=2
        )

    def test_everybody_sees_the_plans_of_the_own_portfolio(self):
        plans = {
            name: self._plan(getattr(self, name))
            for name in ("own", "nobodys", "foreign")
        }
        every = self.env["recouvrement.payment.plan"].union(*plans.values())
        for role, names in {
            "salesperson": "own",
            "collector": "own nobodys",
            "accountant": "own nobodys foreign",
            "auditor": "own nobodys foreign",
            "manager": "own nobodys foreign",
        }.items():
            with self.subTest(role=role):
                seen = self._as(every.browse(), role).search([])
                self.assertEqual(set(seen.ids), {plans[n].id for n in names.split()})
                lines = self._as(every.installment_ids.browse(), role).search([])
                self.assertEqual(set(lines.plan_id.ids), set(seen.ids))

    def test_who_only_reads_decides_nothing(self):
        plan = self._plan(self.own)
        for role in ("salesperson", "auditor"):
            for method in ("action_offer", "action_approve", "action_forfeit"):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, plan, method)
            with self.assertRaises(AccessError):
                self._plan(self._as(self.own, role))

    def test_a_collector_touches_no_foreign_plan(self):
        plan = self._plan(self.foreign)
        with self.assertRaises(AccessError):
            self._rpc("collector", plan, "action_offer")
        with self.assertRaises(AccessError):
            self._plan(self._as(self.foreign, "collector"))

    def test_private_steps_are_no_remote_calls(self):
        plan = self._plan(self.own)
        for method in ("_accept", "_offer", "_close", "_judge", "_forfeit"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("manager", plan, method)

    def test_two_companies_see_their_own(self):
        partner = self._make_customer("Both")
        invoice = self._make_invoice(partner, 100.0)
        here = self._plan(self._debtor(partner))
        user = self._make_user(
            "manager",
            login="other_manager",
        )
        user.write(
            {
                "company_ids": [Command.set(self.other.ids)],
                "company_id": self.other.id,
            }
        )
        plans = self.env["recouvrement.payment.plan"].with_user(user)
        self.assertFalse(plans.search([]))
        with self.assertRaises(AccessError):
            here.with_user(user).read(["name"])
        self.assertEqual(here.company_id, invoice.company_id)
