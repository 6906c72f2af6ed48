"""Credit check: proposed line by line, decided by authority, looked at again."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestCreditCheck(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.segment_id = cls.env.ref("recouvrement.segment_public")
        cls.file = cls.env["recouvrement.credit.file"]._open_file(cls.own)
        cls.terms = cls.env.ref("account.account_payment_term_30days")
        cls.grade = cls.env.ref("recouvrement.rating_grade_b")

    def _complete(self):
        required = self.file.piece_ids.filtered("is_required")
        required.action_receive()
        required.action_check()

    def _ask_credit(self, amount=15000, role="collector", grade=None):
        self.own.sudo().rating_grade_id = grade or self.grade
        file = self._as(self.file, role)
        file.requested_amount = amount
        file.action_propose()
        return [(step["code"], float(step["result"])) for step in file.proposal_steps]

    def _decide(self, role, button, **values):
        file = self._as(self.file, role)
        context = file.action_decide()["context"]
        wizard = self._as(self.env["recouvrement.credit.decision"], role)
        getattr(wizard.with_context(**context).create(values), button)()

    def test_the_proposal_is_explained_step_by_step(self):
        self.env["recouvrement.external.rating"].create(
            {
                "debtor_id": self.own.id,
                "provider_id": self.env.ref(
                    "recouvrement.external_provider_creditsafe"
                ).id,
                "value": "64",
                "limit_advised": 9001,
            }
        )
        self.assertEqual(
            self._ask_credit(25000),
            [
                ("requested", 25000),
                ("grade", 20000),
                ("advised", 9001),
                ("incomplete", 4500),
            ],
        )
        self.assertEqual(self.file.proposed_amount, 4500)
        self.assertEqual(self.file.proposed_term_id, self.terms)
        self.assertIn("Creditsafe", self.file.proposal)
        self._complete()
        self.assertEqual(self._ask_credit(25000)[-1], ("advised", 9001))

    def test_who_is_not_rated_or_doubtful_has_lines_of_its_own(self):
        self._complete()
        none = self.env["recouvrement.rating.grade"]
        self.file.requested_amount = 5000
        self.own.sudo().rating_grade_id = none
        self.file.action_propose()
        self.assertEqual(self.file.proposed_amount, 3000)
        self.own._set_doubtful(
            self.env.ref("recouvrement.doubtful_reason_late"), self.today, 50, "Late"
        )
        self.assertEqual(self._ask_credit(5000)[-1], ("doubtful", 0))

    def test_nothing_is_proposed_without_an_amount(self):
        for amount in (0, -1):
            self.file.requested_amount = amount
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self.file.action_propose()

    def test_a_decision_creates_the_limit_and_sets_the_terms(self):
        self._complete()
        self._ask_credit()
        self._decide("manager", "action_grant")
        self.assertEqual(self.file.decision, "granted")
        self.assertEqual(self.file.limit_id.state, "approved")
        self.assertEqual(self.own.credit_limit, 15000)
        self.assertEqual(
            self.own.partner_id.with_company(self.company).property_payment_term_id,
            self.terms,
        )
        self.assertEqual(self.file.decided_by_id, self.users["manager"])
        self.assertEqual(self.file.date_review, self.today + relativedelta(months=12))
        with self.assertRaises(UserError):
            self._decide("manager", "action_grant", reason="Twice")

    def test_nobody_decides_above_the_own_authority(self):
        self._complete()
        self._ask_credit()
        self.assertFalse(self._as(self.file, "collector").may_decide)
        self.assertTrue(self._as(self.file, "manager").may_decide)
        self.assertTrue(self.file.activity_ids)
        with self.assertRaises(UserError):
            self._decide("collector", "action_grant")
        with self.assertRaises(UserError):
            self._decide("collector", "action_refuse", reason="No")
        authority = self.env.ref("recouvrement.authority_credit_limit_collector")
        authority.limit = 15000
        with self.assertRaisesRegex(UserError, "Uninsured"):
            self._decide("collector", "action_grant")
        self.env.ref("recouvrement.authority_credit_uninsured_collector").limit = 15000
        with self.assertRaises(UserError):
            self._decide("collector", "action_grant", amount=15001, reason="More")
        self._decide("collector", "action_grant")
        self.assertEqual(self.own.credit_limit, 15000)
        self.assertFalse(self.file.activity_ids)

    def test_cutting_a_proposal_or_its_terms_needs_authority_too(self):
        self._ask_credit(5000)
        with self.assertRaises(UserError):
            self._decide("collector", "action_grant", amount=0, reason="Nothing")
        worst = self.env.ref("recouvrement.rating_grade_e")
        self._ask_credit(5000, grade=worst)
        self.assertEqual(self.file.proposed_amount, 0)
        with self.assertRaises(UserError):
            self._decide(
                "collector",
                "action_grant",
                payment_term_id=self.terms.id,
                reason="Longer terms",
            )
        self._decide("collector", "action_grant")
        self.assertEqual(self.own.credit_limit, 0)

    def test_another_figure_than_the_proposal_needs_a_reason(self):
        self._ask_credit()
        with self.assertRaises(UserError):
            self._decide("manager", "action_grant", amount=100)
        self._decide("manager", "action_grant", amount=100, reason="First order")
        self.assertEqual(self.own.credit_limit, 100)
        self.assertEqual(self.file.decision_reason, "First order")

    def test_a_refusal_leaves_no_unlimited_credit(self):
        self._ask_credit()
        with self.assertRaises(UserError):
            self._decide("manager", "action_refuse", reason=" ")
        self._decide("manager", "action_refuse", reason="Losses of two years")
        self.assertEqual(self.file.decision, "refused")
        self.assertTrue(self.own.credit_limited)
        self.assertEqual(self.own.credit_limit, 0)

    def test_a_refusal_leaves_the_limit_that_is_there(self):
        self.env["recouvrement.credit.limit"].create(
            {"debtor_id": self.own.id, "amount": 700, "reason": "Before"}
        )
        self._ask_credit()
        self._decide("manager", "action_refuse", reason="Not more")
        self.assertEqual(self.own.credit_limit, 700)

    def test_the_decision_is_not_entered_by_hand(self):
        for name, value in (("decision", "granted"), ("proposed_amount", 9e6)):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._rpc("manager", self.file, "write", {name: value})

    def test_a_review_that_is_due_is_one_thing_to_do(self):
        self._complete()
        self._ask_credit()
        self._decide("manager", "action_grant")
        self.file.sudo().date_review = self.today + timedelta(days=1)
        self.file._cron_daily()
        self.assertFalse(self.file.activity_ids)
        self.file.sudo().date_review = self.today
        for _night in range(2):
            self.file._cron_daily()
        self.assertEqual(self.file.activity_ids.user_id, self.users["collector"])
        self.assertEqual(len(self.file.activity_ids), 1)
