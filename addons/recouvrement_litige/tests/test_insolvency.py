"""One click freezes what is earlier, and only that; the way back; the steps."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsolvency(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Menuiserie Perrin")
        cls.old = cls._make_invoice(cls.partner, 1000, due=-40)
        cls.older = cls._make_invoice(cls.partner, 500, due=-60)
        cls.debtor = cls._debtor(cls.partner)

    def _later_invoice(self, amount=300, due=0):
        return self._make_invoice(self.partner, amount, due=due)

    # ------------------------------------------------------------------
    # THE CLICK
    # ------------------------------------------------------------------

    def test_a_customer_that_is_sound_has_no_warning(self):
        self.assertFalse(self.debtor.insolvency_told)
        self.assertEqual(self.debtor._get_desk_warnings(), [])

    def test_earlier_items_are_frozen_and_later_ones_go_on_being_chased(self):
        later = self._make_invoice(
            self.partner, 300, due=-6, invoice_date=self._day(-8)
        )
        one = self._open(self.debtor, judged=-10)
        self.assertEqual(
            self._statuses(self.old, self.older, later),
            ["insolvency", "insolvency", "to_chase"],
        )
        self.assertEqual(one.amount_prior, 1500)
        decisions = {d.move_line_id: d.reason for d in self._decisions(self.debtor)}
        self.assertEqual(decisions[self._items(self.old)], "insolvency")
        self.assertEqual(decisions[self._items(later)], "chase")

    def test_the_wizard_shows_both_sides_and_the_last_day_to_declare(self):
        later = self._later_invoice()
        action = self.debtor.action_open_insolvency()
        context = {**action["context"]}
        form = Form(self.env[action["res_model"]].with_context(**context))
        form.kind_id = self._kind("liquidation")
        form.date_judgment = self._day(-10)
        form.date_published = self._day(-5)
        self.assertEqual((form.total_prior, form.total_later), (1500, 300))
        self.assertGreaterEqual(form.date_limit, self._day(53))
        result = form.save().action_open()
        one = self.env["recouvrement.insolvency"].browse(result["res_id"])
        self.assertEqual(
            one.claim_ids.filtered("is_live").move_id, self.old + self.older
        )
        self.assertEqual(
            one.claim_ids.filtered(lambda c: c.side == "later").move_id, later
        )

    def test_a_credit_note_after_the_judgment_follows_its_invoice(self):
        refund = self.old._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}]
        )
        refund.invoice_line_ids.price_unit = 200
        refund.action_post()
        self._items(refund).remove_move_reconcile()
        free = self._make_credit_note(self.partner, 50)
        one = self._open(self.debtor, judged=-10)
        sides = {claim.move_id: claim.side for claim in one.claim_ids}
        self.assertEqual(sides[refund], "prior")
        self.assertEqual(sides[free], "later")
        self.assertEqual(one.amount_prior, 1300)
        claim = one.claim_ids.filtered(lambda c: c.move_id == refund)
        self.assertEqual((claim.amount, claim.amount_declared), (-200, -200))
        # A frozen credit is not deducted from what is asked for later items.
        self.assertEqual(self._statuses(refund, free), ["insolvency", "to_chase"])

    def test_a_credit_note_that_was_matched_lowers_the_claim(self):
        refund = self.old._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}]
        )
        refund.invoice_line_ids.price_unit = 200
        refund.action_post()
        one = self._open(self.debtor, judged=-10)
        claim = one.claim_ids.filtered(lambda c: c.move_id == self.old)
        self.assertEqual((claim.amount, one.amount_prior), (800, 1300))

    def test_what_was_delivered_before_and_invoiced_after_is_earlier(self):
        move = self._make_invoice(self.partner, 400, due=10, post=False)
        move.delivery_date = self._day(-20)
        move.action_post()
        one = self._open(self.debtor, judged=-10)
        claim = one.claim_ids.filtered(lambda c: c.move_id == move)
        self.assertEqual((claim.side, claim.to_come), ("prior", True))

    def test_what_is_owed_is_what_was_owed_on_the_day_of_the_judgment(self):
        self._pay(self.old, 250, day=-20)
        self._pay(self.old, 100, day=-2)
        one = self._open(self.debtor, judged=-10)
        claim = one.claim_ids.filtered(lambda c: c.move_id == self.old)
        self.assertEqual((claim.amount, claim.paid_after), (750, 100))
        self.assertEqual(claim.amount_open, 650)

    def test_an_item_paid_since_is_still_a_claim_and_is_told(self):
        self._pay(self.old, day=-2)
        one = self._open(self.debtor, judged=-10)
        claim = one.claim_ids.filtered(lambda c: c.move_id == self.old)
        self.assertEqual((claim.amount, claim.paid_after), (1000, 1000))

    def test_foreign_currency_is_worth_the_rate_of_the_judgment(self):
        currency = self.setup_other_currency("CHF", rates=[("2016-01-01", 2.0)])
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": self._day(-5),
                "rate": 4.0,
                "company_id": self.company.id,
            }
        )
        move = self._make_invoice(self.partner, 800, due=-30, currency_id=currency.id)
        one = self._open(self.debtor, judged=-10)
        claim = one.claim_ids.filtered(lambda c: c.move_id == move)
        self.assertEqual((claim.amount, claim.amount_company), (800, 400))

    def test_a_user_puts_an_item_on_the_other_side(self):
        item = self._items(self.old)
        one = self._open(self.debtor, judged=-10, later_ids=item.ids)
        self.assertEqual(item.collection_status, "to_chase")
        one.claim_ids.filtered(lambda c: c.move_id == self.old).action_switch_side()
        self.assertEqual(item.collection_status, "insolvency")
        self.assertEqual(one.amount_prior, 1500)
        one.claim_ids.filtered(lambda c: c.move_id == self.old).action_switch_side()
        self.assertEqual(item.collection_status, "to_chase")
        self.assertNotIn(item, one.pause_id.line_ids)
        self._declared(one)
        with self.assertRaises(UserError):
            one.claim_ids[0].action_switch_side()

    def test_items_booked_since_are_added_on_their_side(self):
        one = self._open(self.debtor, judged=-10)
        forgotten = self._make_invoice(self.partner, 70, due=-20)
        later = self._later_invoice()
        one.action_add_items()
        self.assertEqual(self._statuses(forgotten, later), ["insolvency", "to_chase"])
        self.assertEqual(one.amount_prior, 1570)

    def test_a_debtor_is_in_one_proceeding_at_a_time(self):
        self._open(self.debtor, judged=-10)
        with self.assertRaisesRegex(UserError, "already"):
            self._open(self.debtor, judged=-5)

    def test_a_judgment_to_come_is_refused(self):
        with self.assertRaises(UserError):
            self._open(self.debtor, judged=1)

    def test_marks_set_by_hand_do_not_chase_what_is_frozen(self):
        self._open(self.debtor, judged=-10)
        self._items(self.old)._set_collection_status("to_chase", "By hand")
        self.assertEqual(self._statuses(self.old), ["insolvency"])

    # ------------------------------------------------------------------
    # WHAT STOPS
    # ------------------------------------------------------------------

    def test_reminders_that_wait_do_not_leave(self):
        run = self._propose()
        run.action_approve_all()
        self._open(self.debtor, judged=-10)
        run.action_send()
        run._process_all()
        self.assertFalse(self._reminders(self.debtor, "sent"))
        self.assertFalse(self._queued_mails())
        self.assertEqual(self._reminders(self.debtor).mapped("state"), ["cancelled"])

    def test_nothing_is_proposed_after_the_click(self):
        self._open(self.debtor, judged=-10)
        self._propose()
        self.assertFalse(self._reminders(self.debtor))

    def test_interest_ends_on_the_eve_of_the_judgment(self):
        before = self._interest(self._day(-11))
        one = self._open(self.debtor, judged=-10)
        after = self._interest(self.today)
        self.assertTrue(before)
        self.assertEqual(after, before)
        prior = one.claim_ids.filtered(lambda c: c.side == "prior")
        self.assertAlmostEqual(
            sum(prior.mapped("interest")), float(sum(before.values())), 2
        )

    def test_interest_runs_on_for_long_contracts_only(self):
        item = self._items(self.old)
        one = self._open(self.debtor, judged=-10, running_ids=item.ids)
        self.assertNotIn(item, one.pause_id.line_ids)
        found = self._interest(self.today)
        self.assertGreater(found[item.id], self._interest(self._day(-11))[item.id])

    def _interest(self, until):
        items = self.env["recouvrement.interest"]._get_debtor_items(
            self.debtor, until=until
        )
        return {item.line_id: item.due for item in items if item.due}

    def test_promises_and_plans_end_and_none_can_be_made(self):
        promise = self.debtor._make_promise(
            1000, self._day(10), lines=self._items(self.old)
        )
        plan = self._make_plan(self.older)
        self._open(self.debtor, judged=-10)
        self.assertEqual((promise.state, plan.state), ("cancelled", "cancelled"))
        with self.assertRaises(UserError):
            self.debtor._make_promise(500, self._day(9), lines=self._items(self.older))
        with self.assertRaises(UserError):
            self._make_plan(self.older)
        plan._work_nightly()
        self.assertEqual(plan.state, "cancelled")

    def _make_plan(self, move):
        plan = self.env["recouvrement.payment.plan"]._create_plan(
            self.debtor,
            self._items(move),
            first_date=self._day(5),
            number=2,
            interest_mode="keep",
            note="x",
        )
        plan._check_owed()
        plan.sudo().write({"state": "accepted", "date_offered": self.today})
        plan.sudo()._freeze()
        plan.sudo()._mark_items("Plan")
        return plan

    # ------------------------------------------------------------------
    # THE WAY BACK
    # ------------------------------------------------------------------

    def test_undo_brings_back_what_ran(self):
        promise = self.debtor._make_promise(
            1000, self._day(10), lines=self._items(self.old)
        )
        plan = self._make_plan(self.older)
        one = self._open(self.debtor, judged=-10, date_published=self._day(-5))
        interest = self._interest(self.today)
        self._decide(one, "undo", reason="Other company of the same name")
        self.assertEqual(one.state, "undone")
        self.assertEqual((promise.state, plan.state), ("open", "accepted"))
        self.assertEqual(self._statuses(self.old, self.older), ["promised", "plan"])
        self.assertFalse(one.pause_id.exists())
        self.assertFalse(one.deadline_ids)
        self.assertGreater(
            sum(self._interest(self.today).values()), sum(interest.values())
        )
        # The customer can be entered again.
        again = self._open(self.debtor, judged=-10)
        self.assertEqual(again.amount_prior, 1500)

    def test_undo_needs_a_reason_and_nothing_declared(self):
        one = self._open(self.debtor, judged=-10)
        with self.assertRaises(UserError):
            self._decide(one, "undo", reason=" ")
        self._declared(one)
        self.assertFalse(one.may_undo)
        with self.assertRaises(UserError):
            self._decide(one, "undo", reason="Too late")

    # ------------------------------------------------------------------
    # THE STEPS
    # ------------------------------------------------------------------

    def test_from_the_declaration_to_the_write_off(self):
        one = self._open(
            self.debtor, judged=-10, with_interest=False, date_published=self._day(-5)
        )
        self._declared(one)
        self.assertEqual(one.state, "declared")
        self.assertEqual(one.prescription_event_id.kind_id.code, "insolvency_claim")
        self.assertEqual(
            one.deadline_ids.filtered(lambda d: d.code == "declaration").state, "done"
        )
        self._decide(one, "contest", line_ids=self._amounts(one, self.old, 400))
        self.assertEqual((one.state, one.amount_contested), ("contested", 400))
        self.assertIn("answer", self._deadlines(one))
        self._decide(one, "answer")
        self._decide(one, "admit", line_ids=self._amounts(one, self.old, 700, 500))
        self.assertEqual((one.state, one.amount_admitted), ("admitted", 1200))
        self._decide(
            one,
            "plan",
            note="10 % in two years",
            dividend_ids=[
                Command.create({"date_due": self._day(100), "percent": 5}),
                Command.create({"date_due": self._day(400), "percent": 5}),
            ],
        )
        self.assertEqual(one.dividend_ids.mapped("amount"), [60, 60])
        self._pay(self.old, 80)
        self._settle()
        self.assertEqual(one.amount_received, 80)
        self.assertEqual(one.dividend_ids.mapped("state"), ["received", "partly"])
        self.assertEqual(one.dividend_ids.mapped("received"), [60, 20])
        self._decide(one, "close", outcome="irrecoverable", reason="No assets")
        self.assertEqual(one.state, "closed")
        # Not chased again: waits to be written off.
        self.assertEqual(self._statuses(self.old), ["insolvency"])

    def test_no_more_than_what_was_declared_is_admitted(self):
        one = self._declared(self._open(self.debtor, judged=-10))
        with self.assertRaises(UserError):
            self._decide(one, "admit", line_ids=self._amounts(one, self.old, 99_999))

    def test_shares_that_make_a_hundred_leave_no_cent(self):
        self._make_invoice(self.partner, 0.01, due=-45)
        one = self._declared(self._open(self.debtor, judged=-10, with_interest=False))
        rows = [
            Command.create({"date_due": self._day(30 * n), "percent": share})
            for n, share in ((1, 33.33), (2, 33.33), (3, 33.34))
        ]
        self._decide(one, "plan", dividend_ids=rows)
        self.assertAlmostEqual(sum(one.dividend_ids.mapped("amount")), 1500.01, 2)

    def test_a_conversion_keeps_what_was_declared(self):
        one = self._declared(self._open(self.debtor, judged=-30, kind="reorganisation"))
        self._decide(
            one,
            "convert",
            new_kind_id=self._kind("liquidation").id,
            date=self._day(-3),
            date_published=self._day(-1),
        )
        self.assertEqual((one.kind_id.code, one.state), ("liquidation", "declared"))
        self.assertEqual(one.kind_id.ground_id.code, "liquidation")

    def test_the_file_closes_itself_when_all_is_settled_and_opens_again(self):
        one = self._declared(self._open(self.debtor, judged=-10))
        payments = self._pay(self.old + self.older)
        self._settle()
        self.assertEqual((one.state, one.outcome), ("closed", "settled"))
        self.assertFalse(any(one.claim_ids.mapped("is_live")))
        payments.action_draft()
        payments.action_cancel()
        self._settle()
        self.assertEqual((one.state, one.outcome), ("declared", False))
        self.assertEqual(self._statuses(self.old), ["insolvency"])

    def test_proceedings_that_end_without_effect_chase_again(self):
        one = self._open(self.debtor, judged=-10)
        self._decide(one, "close", outcome="resumed", reason="Appeal won")
        self.assertEqual(self._statuses(self.old), ["to_chase"])
        self._propose()
        self.assertTrue(self._reminders(self.debtor))

    def test_over_indebtedness_stops_interest_and_declares_nothing(self):
        one = self._open(self.debtor, judged=-10, kind="over_indebtedness")
        self.assertEqual(one.pause_id.kind, "over_indebtedness")
        with self.assertRaises(UserError):
            one.action_make_declaration()
        self.assertIn("suspension", self._deadlines(one))
        self.assertEqual(self._statuses(self.old), ["insolvency"])

    def test_an_association_with_a_delegate_only_keeps_its_interest(self):
        one = self._open(self.debtor, judged=-10, kind="association_delegate")
        self.assertFalse(one.pause_id)

    # ------------------------------------------------------------------
    # RIGHTS OF RECORDS
    # ------------------------------------------------------------------

    def test_what_is_decided_by_steps_is_not_written_by_hand(self):
        one = self._open(self.debtor, judged=-10)
        accountant = self._make_user("accountant")
        mine = one.with_user(accountant)
        for vals in ({"state": "admitted"}, {"amount_admitted": 1}, {"debtor_id": 1}):
            with self.assertRaises(AccessError):
                mine.write(vals)
        mine.write({"case_number": "2026/123"})
        with self.assertRaises(AccessError):
            mine.claim_ids[:1].write({"amount_admitted": 1})

    def test_the_desk_says_it_in_red(self):
        self._open(self.debtor, judged=-10)
        desk = self.debtor.get_desk({})
        self.assertEqual(len(desk["head"]["warnings"]), 1)
        self.assertIn("insolvencies", [block["key"] for block in desk["blocks"]])

    def test_lists_cost_the_same_however_many_files(self):
        for name in ("A", "B", "C"):
            self._open(self._make_debtor(name), judged=-5)
        files = self.env["recouvrement.insolvency"]
        fields = ["customer_id", "kind_id", "amount_open", "next_date", "state"]
        with self.assertQueryCount(12):
            self.env.invalidate_all()
            files.search([]).read(fields)

    def test_the_nightly_work_makes_dividends_late(self):
        one = self._declared(self._open(self.debtor, judged=-10))
        one.sudo().dividend_ids = [
            Command.create({"date_due": self._day(-1), "percent": 5, "amount": 10})
        ]
        one._cron_nightly()
        self.assertEqual(one.dividend_ids.state, "late")
