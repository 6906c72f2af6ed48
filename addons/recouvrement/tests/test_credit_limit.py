"""Credit limits: who may grant them, what is at risk, and that they hold wherever an
invoice is posted."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import RecouvrementCommon


class CreditCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recouvrement_credit_control = "block"
        cls.customer = cls._make_customer("Chantier Bleu")
        cls._make_invoice(cls.customer, 800, due=20)
        cls.debtor = cls._debtor(cls.customer)
        cls.limits = cls.env["recouvrement.credit.limit"]

    def _limit(self, amount, **vals):
        return self.limits.create(
            {
                "debtor_id": self.debtor.id,
                "amount": amount,
                "reason": "Opening",
                **vals,
            }
        )

    def _draft(self, amount, **vals):
        return self._make_invoice(self.customer, amount, due=30, post=False, **vals)

    def _user(self, role):
        return new_test_user(
            self.env,
            f"credit_{role}",
            groups=f"recouvrement.group_{role},account.group_account_invoice",
        )


@tagged("post_install", "-at_install")
class TestCreditLimit(CreditCommon):
    def test_a_manager_grants_at_once_and_the_account_carries_it(self):
        limit = self._limit(1000)
        self.assertEqual(limit.state, "approved")
        self.assertTrue(self.debtor.credit_limited)
        self.assertEqual(self.debtor.credit_limit, 1000)
        self.assertEqual(self.debtor.limit_excess, -200)

    def test_a_collector_asks_and_a_manager_decides(self):
        collector = self._user("collector")
        self.debtor.collector_id = collector
        limit = self.limits.with_user(collector).create(
            {"debtor_id": self.debtor.id, "amount": 900, "reason": "He grows"}
        )
        self.assertEqual(limit.state, "requested")
        self.assertFalse(self.debtor.credit_limited)
        with self.assertRaises(UserError):
            limit.action_approve()
        with self.assertRaises(AccessError):
            limit.state = "approved"
        limit.with_user(self.env.user).action_approve()
        self.assertEqual(self.debtor.credit_limit, 900)
        self.assertEqual(limit.decided_by_id, self.env.user)

    def test_what_was_decided_is_not_rewritten(self):
        limit = self._limit(1000)
        with self.assertRaises(UserError):
            limit.amount = 5000
        with self.assertRaises(UserError):
            limit.unlink()

    def test_a_temporary_limit_goes_before_the_permanent_one(self):
        self._limit(1000)
        self._limit(3000, date_to=self.today + timedelta(days=5))
        self.assertEqual(self.debtor.credit_limit, 3000)
        self.limits.search([("date_to", "!=", False)]).action_end()
        self.assertEqual(self.debtor.credit_limit, 1000)

    def test_a_new_permanent_limit_ends_the_one_before(self):
        first = self._limit(1000)
        self._limit(700)
        self.assertEqual(first.state, "ended")
        self.assertEqual(self.debtor.credit_limit, 700)
        self.assertEqual(self.debtor.limit_excess, 100)

    def test_no_limit_is_no_limit_and_zero_is_no_credit(self):
        self._draft(99999).action_post()
        self._limit(0)
        with self.assertRaises(UserError):
            self._draft(1).action_post()

    def test_exposure_counts_open_items_and_drafts_less_credits(self):
        self._limit(1000)
        self._draft(150)
        self.assertEqual(self.debtor.exposure_amount, 950)
        refund = self._make_invoice(
            self.customer, 100, post=False, move_type="out_refund"
        )
        self.assertEqual(self.debtor.exposure_amount, 850)
        refund.unlink()
        self.assertEqual(self.debtor.exposure_amount, 950)

    def test_posting_within_the_limit_passes(self):
        self._limit(1000)
        self._draft(200).action_post()
        self.assertEqual(self.debtor.exposure_amount, 1000)

    def test_posting_above_the_limit_is_refused_to_everybody(self):
        self._limit(1000)
        draft = self._draft(200.01)
        for user in (self.env.user, self._user("accountant")):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                draft.with_user(user).action_post()
        with self.assertRaises(UserError):
            draft.sudo()._post()
        self.assertEqual(draft.state, "draft")
        self.assertTrue(draft.credit_blocked)

    def test_companies_ticked_and_the_currency_change_nothing(self):
        self._limit(1000)
        other = self.setup_other_company()["company"]
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        draft = self._draft(402, currency_id=euro.id)
        self.assertEqual(self.debtor.exposure_amount, 1001)
        both = draft.with_context(allowed_company_ids=[other.id, self.company.id])
        with self.assertRaises(UserError):
            both.action_post()
        draft.invoice_line_ids.price_unit = 400
        both.action_post()

    def test_a_credit_note_is_never_refused(self):
        self._limit(100)
        refund = self._make_invoice(
            self.customer, 50, post=False, move_type="out_refund"
        )
        refund.action_post()
        self.assertEqual(refund.state, "posted")

    def test_a_warning_lets_pass_and_is_kept(self):
        self.debtor.credit_control = "warn"
        self._limit(1000)
        draft = self._draft(500)
        self.assertTrue(draft.credit_warning)
        self.assertFalse(draft.credit_blocked)
        draft.action_post()
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "limit")], limit=1
        )
        self.assertEqual(event.amount, 500)

    def test_a_payment_frees_the_limit(self):
        self._limit(1000)
        draft = self._draft(500)
        with self.assertRaises(UserError):
            draft.action_post()
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "posted")]
        )
        self._pay(invoice, 300)
        draft.action_post()

    def test_many_invoices_cost_no_more_queries(self):
        self._limit(10000)
        moves = self.env["account.move"].union(*(self._draft(10) for _n in range(12)))
        self.env.flush_all()
        self.env.invalidate_all()
        moves[:1]._check_credit_limits()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            moves._check_credit_limits()


@tagged("post_install", "-at_install")
class TestCreditRelease(CreditCommon):
    def setUp(self):
        super().setUp()
        self._limit(1000)
        self.draft = self._draft(500)
        self.releases = self.env["recouvrement.credit.release"]

    def test_a_release_lets_this_document_pass_once(self):
        accountant = self._user("accountant")
        release = self.releases.with_user(accountant)._request(
            self.draft.with_user(accountant), "Transfer announced"
        )
        self.assertEqual(release.state, "requested")
        self.assertEqual(release.excess, 300)
        with self.assertRaises(UserError):
            release.action_release()
        release.with_user(self.env.user).action_release()
        self.draft.with_user(accountant).action_post()
        self.assertEqual(release.state, "used")
        with self.assertRaises(UserError):
            self._draft(1).action_post()

    def test_a_release_is_for_the_amount_that_was_seen(self):
        self.releases._request(self.draft, "Known customer")
        self.draft.invoice_line_ids.price_unit = 900
        with self.assertRaises(UserError):
            self.draft.action_post()

    def test_a_release_lapses(self):
        release = self.releases._request(self.draft, "Known customer")
        self.assertEqual(release.state, "released")
        release.sudo().date_valid = self.today - timedelta(days=1)
        with self.assertRaises(UserError):
            self.draft.action_post()

    def test_nothing_is_released_that_is_not_blocked(self):
        self._limit(5000)
        with self.assertRaises(UserError):
            self.releases._request(self.draft, "Why not")

    def test_nobody_writes_a_release_by_remote_call(self):
        accountant = self._user("accountant")
        with self.assertRaises(AccessError):
            self.releases.with_user(accountant).create(
                {
                    "move_id": self.draft.id,
                    "debtor_id": self.debtor.id,
                    "reason": "x",
                    "state": "released",
                }
            )

    def test_the_batch_of_a_blocked_customer_is_not_half_posted(self):
        other = self._make_invoice(
            self._make_customer("Sans limite"), 100, due=30, post=False
        )
        moves = self.draft + other
        with self.assertRaises(UserError), self.env.cr.savepoint():
            moves.action_post()
        self.env.invalidate_all()
        self.assertEqual(set(moves.mapped("state")), {"draft"})
