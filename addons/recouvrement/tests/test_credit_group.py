"""Limits of a group of companies, limits in another currency than the company's, and
who may grant them by amount and by uninsured part."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_credit_limit import CreditCommon


class GroupCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding = cls._make_customer("Holding Bleue")
        cls._make_invoice(cls.holding, 100, due=20)
        cls.head = cls._debtor(cls.holding)
        cls.middle = cls._make_customer("Bleu Régions", parent_id=cls.holding.id)
        cls.customer.parent_id = cls.middle

    def _group_limit(self, amount, **vals):
        return self._limit(amount, debtor_id=self.head.id, for_group=True, **vals)


@tagged("post_install", "-at_install")
class TestCreditGroup(GroupCommon):
    def test_the_exposure_of_all_the_members_counts(self):
        limit = self._group_limit(1000)
        self.assertEqual(limit.exposure_amount, 900)
        self._draft(100).action_post()
        with self.assertRaisesRegex(UserError, "group Holding Bleue"):
            self._draft(0.01).action_post()

    def test_a_group_limit_is_not_the_limit_of_its_head(self):
        self._group_limit(1000)
        self.assertFalse(self.head.credit_limited)
        self.assertFalse(self.debtor.credit_limited)

    def test_a_member_without_an_account_counts_and_is_checked(self):
        self._group_limit(1000)
        draft = self._make_invoice(self.middle, 101, due=30, post=False)
        self.assertTrue(draft.credit_blocked)
        with self.assertRaises(UserError):
            draft.action_post()
        with self.assertRaises(UserError):
            self._make_invoice(self.holding, 1, due=30, post=False).action_post()

    def test_each_account_of_the_group_says_what_is_left(self):
        self.assertFalse(self.debtor.group_limited)
        self._group_limit(1000)
        self.env.invalidate_all()
        for debtor in self.head | self.debtor:
            with self.subTest(debtor=debtor.partner_id.name):
                self.assertTrue(debtor.group_limited)
                self.assertEqual(debtor.group_head, "Holding Bleue")
                self.assertEqual(debtor.group_limit, 1000)
                self.assertEqual(debtor.group_exposure, 900)
                self.assertEqual(debtor.group_left, 100)
        opened = self.env["recouvrement.debtor"].search(
            self.debtor.action_open_group()["domain"]
        )
        self.assertEqual(
            sum(opened.mapped("exposure_amount")), self.debtor.group_exposure
        )
        outside = self._debtor(self._make_customer("Hors groupe"))
        self.assertFalse(outside.group_limited)
        self.assertFalse(outside.group_limit)

    def test_of_two_groups_the_one_with_least_left_is_shown(self):
        self._group_limit(1000)
        self._make_invoice(self.middle, 10, due=20)
        middle = self._debtor(self.middle)
        self._limit(850, debtor_id=middle.id, for_group=True)
        self.env.invalidate_all()
        self.assertEqual(self.debtor.group_head, "Bleu Régions")
        self.assertEqual(self.debtor.group_left, 40)
        self.assertEqual(self.head.group_head, "Holding Bleue")

    def test_a_group_above_its_limit_is_on_the_risk_agenda(self):
        def found():
            return self.env["recouvrement.risk.item"].search(
                [("kind", "=", "group_exceeded")]
            )

        limit = self._group_limit(900)
        self.assertFalse(found())
        limit.action_end()
        self._group_limit(899.99)
        self.assertEqual(found().debtor_id, self.head)

    def test_own_and_group_limits_hold_beside_each_other(self):
        self._group_limit(5000)
        self._limit(850)
        with self.assertRaisesRegex(UserError, "limit of Chantier Bleu"):
            self._draft(60).action_post()
        self._make_invoice(self.middle, 60, due=30)

    def test_who_is_outside_the_group_is_free(self):
        self._group_limit(0)
        other = self._make_customer("Hors groupe")
        self.assertEqual(self._make_invoice(other, 9000, due=30).state, "posted")

    def test_a_new_group_limit_ends_only_the_group_limit_before(self):
        own = self._limit(300, debtor_id=self.head.id)
        first = self._group_limit(1000)
        second = self._group_limit(2000)
        self.assertEqual((own.state, first.state), ("approved", "ended"))
        self.assertEqual(second.previous_amount, 1000)

    def test_a_release_lets_pass_what_the_group_blocks(self):
        self._group_limit(1000)
        draft = self._draft(500)
        release = self.env["recouvrement.credit.release"]._request(draft, "Known")
        self.assertEqual((release.debtor_id, release.excess), (self.head, 400))
        draft.action_post()
        self.assertEqual(release.state, "used")

    def test_another_legal_entity_has_its_own_exposure(self):
        self._group_limit(1000)
        other = self.setup_other_company()["company"]
        self.customer.with_company(other).property_payment_term_id = False
        both = self.env(context={"allowed_company_ids": [other.id, self.company.id]})
        draft = self._draft(101).with_env(both)
        with self.assertRaises(UserError):
            draft.action_post()
        draft.invoice_line_ids.price_unit = 100
        draft.action_post()

    def test_a_seller_who_does_not_see_the_group_gets_the_same_verdict(self):
        self._group_limit(1000)
        seller = new_test_user(
            self.env,
            "group_seller",
            groups="recouvrement.group_salesperson,account.group_account_invoice",
        )
        with self.assertRaises(UserError):
            self._draft(101).with_user(seller).action_post()

    def test_a_draft_of_nobody_is_accepted(self):
        self._group_limit(1000)
        nobody = self.env["account.move"].create({"move_type": "out_invoice"})
        self.assertFalse(nobody.credit_blocked)
        verdict = self.env["recouvrement.credit.verdict"]
        self.assertEqual(verdict._get_excesses({(False, self.company.id)}), {})

    def test_a_hundred_customers_cost_the_same_queries(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Filiale {n}", "is_company": True, "parent_id": parent}
                for n, parent in enumerate([self.middle.id] * 100)
            ]
        )
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 1.0})],
                }
                for customer in customers
            ]
        )
        self._group_limit(10000)
        moves[0]._check_credit_limits()
        counts = []
        for claims in (moves[:2], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            claims.mapped("amount_total_signed")
            claims.commercial_partner_id.mapped("name")
            before = self.env.cr.sql_log_count
            claims._check_credit_limits()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestCreditCurrency(GroupCommon):
    def test_a_limit_is_converted_at_the_rate_of_the_day(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        limit = self._limit(2000, currency_id=euro.id)
        self.assertEqual(limit.company_amount, 1000)
        self.assertEqual(self.debtor.credit_limit, 1000)
        self._draft(200).action_post()
        with self.assertRaises(UserError):
            self._draft(0.01).action_post()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": self.today, "rate": 1.6}
        )
        self._draft(250).action_post()
        self.assertEqual(self.debtor.credit_limit, 1250)
        self.assertEqual(self.debtor.exposure_amount, 1250)

    def test_the_rate_agrees_with_that_of_odoo(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 3.0), ("2026-01-01", 1.7)]
        )
        limit = self._limit(1234.56, currency_id=euro.id)
        self.assertEqual(self.debtor.credit_limit, limit.company_amount)

    def test_a_group_limit_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._group_limit(2000, currency_id=euro.id)
        other = self.setup_other_company()["company"]
        draft = self._draft(100.01).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        with self.assertRaises(UserError):
            draft.action_post()
        draft.invoice_line_ids.price_unit = 100
        draft.action_post()


@tagged("post_install", "-at_install")
class TestCreditLadder(GroupCommon):
    def setUp(self):
        super().setUp()
        self.collector = self._user("collector")
        self.debtor.collector_id = self.collector
        self._allow("credit_limit", 5000)

    def _allow(self, subject, limit):
        self.env["recouvrement.authority"].search(
            [("subject", "=", subject), ("role", "=", "collector")]
        ).limit = limit

    def _ask(self, amount):
        return self.limits.with_user(self.collector).create(
            {"debtor_id": self.debtor.id, "amount": amount, "reason": "Grows"}
        )

    def test_what_nothing_insures_is_all_uninsured(self):
        self.assertEqual(self.debtor._get_uninsured(1500), 1500)
        limit = self._ask(3000)
        self.assertEqual((limit.state, limit.uninsured_amount), ("requested", 3000))
        with self.assertRaisesRegex(UserError, "Uninsured"):
            limit.action_approve()

    def test_both_the_amount_and_the_uninsured_part_count(self):
        self._allow("credit_uninsured", 1000)
        debtors = type(self.debtor)
        with patch.object(debtors, "_get_uninsured", lambda _self, amount: amount / 4):
            self.assertEqual(self._ask(4000).state, "approved")
            self.assertEqual(self._ask(4001).state, "requested")
        self._allow("credit_uninsured", 9000)
        self.assertEqual(self._ask(5001).state, "requested")
        self.assertEqual(self._ask(5000).state, "approved")
