"""Promises: taken, judged by the ledger, told in the history (N1.5)."""

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    # ------------------------------------------------------------------
    # TAKING
    # ------------------------------------------------------------------

    def test_a_promise_waits_with_its_terms(self):
        promise = self._promise(800.0, day=5, note="Transfer run of Friday")
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "open",
                    "date": self._day(5),
                    "deadline": self._day(7),
                    "tolerance": 1.0,
                    "required_amount": 800.0,
                    "missing_amount": 800.0,
                    "paid_in_time": 0.0,
                    "amount_company": 800.0,
                    "date_made": self.today,
                    "item_count": 1,
                    "partner_id": self.partner.id,
                }
            ],
        )
        self.assertRecordValues(
            promise.line_ids,
            [{"base_residual": 1000.0, "base_received": 0.0, "is_live": True}],
        )
        [event] = self._events()
        self.assertIn("Promise made", event.summary)
        self.assertIn("Transfer run of Friday", event.detail)
        self.assertIn(self.invoice.name, event.detail)

    def test_reminders_of_the_items_wait_until_the_deadline(self):
        self._promise(1000.0, day=5)
        self.assertEqual(self.item.collection_status, "promised")
        self.assertEqual(self.item.collection_until, self._day(7))
        reasons = {
            decision.move_line_id: decision.reason
            for decision in self._decisions(self.debtor)
        }
        self.assertEqual(reasons[self.item], "promised")
        self.assertNotEqual(reasons[self.second_item], "promised")
        later = self._decisions(self.debtor, day=8)
        self.assertNotIn("promised", later.mapped("reason"))

    def test_without_items_a_promise_is_for_all_that_is_overdue(self):
        self._make_invoice(self.partner, 300.0, due=20)
        promise = self.debtor._make_promise(1500.0, self._day(3))
        self.assertEqual(promise.line_ids.move_line_id, self.item | self.second_item)

    def test_one_click_promises_all_that_is_overdue(self):
        action = self.debtor.action_promise_all(self._day(4))
        [promise_id] = action["promise_ids"]
        promise = self.env["recouvrement.promise"].browse(promise_id)
        self.assertRecordValues(promise, [{"amount": 1500.0, "date": self._day(4)}])

    def test_one_click_makes_one_promise_per_currency(self):
        dollar = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._make_invoice(self.partner, 400.0, due=-5, currency_id=dollar.id)
        action = self.debtor.action_promise_all()
        promises = self.env["recouvrement.promise"].browse(action["promise_ids"])
        found = {promise.currency_id: promise for promise in promises}
        self.assertEqual(found[self.company.currency_id].amount, 1500.0)
        self.assertRecordValues(
            found[dollar],
            [{"amount": 400.0, "amount_company": 200.0, "tolerance": 2.0}],
        )
        self.assertEqual(self.debtor.promise_open_amount, 1700.0)

    def test_one_click_without_anything_overdue_is_refused(self):
        self._pay(self.invoice | self.second)
        with self.assertRaisesRegex(UserError, "nothing overdue"):
            self.debtor.action_promise_all()

    def test_more_than_what_is_owed_is_refused(self):
        with self.assertRaisesRegex(UserError, "more than these items owe"):
            self._promise(1000.01)
        self._pay(self.invoice, amount=400.0)
        with self.assertRaisesRegex(UserError, "more than these items owe"):
            self._promise(600.01)
        self.assertEqual(self._promise(600.0).line_ids.base_received, 400.0)

    def test_a_promise_is_above_zero_and_not_for_the_past(self):
        with self.assertRaisesRegex(UserError, "above zero"):
            self._promise(0.0)
        with self.assertRaisesRegex(UserError, "later day"):
            self._promise(100.0, day=-1)
        self.assertEqual(self._promise(100.0, day=0).date, self.today)

    def test_items_in_other_hands_cannot_be_promised(self):
        for status in ("disputed", "litigation", "insolvency", "plan", "excluded"):
            self.item._set_collection_status(status, "Test")
            with self.subTest(status=status):
                with self.assertRaisesRegex(UserError, "present state"):
                    self._promise(100.0)
                due = self.debtor._get_due_items()[self.company.currency_id]
                self.assertEqual(due.move_line_id, self.second_item)

    def test_a_status_that_has_lapsed_does_not_bar_a_promise(self):
        self.item._set_collection_status("disputed", "Test", self._day(-1))
        self.assertEqual(self._promise(100.0).state, "open")
        self.assertEqual(self.item.collection_status, "promised")

    def test_credits_paid_items_and_items_of_others_cannot_be_promised(self):
        credit = self._items(self._make_credit_note(self.partner, 100.0))
        self._pay(self.second)
        other = self._items(self._make_invoice(self._make_customer("Other"), 100.0))
        for lines in (credit, self.second_item, other, self.item | other):
            with self.subTest(lines=lines), self.assertRaises(UserError):
                self._promise(50.0, lines=lines)

    def test_items_of_two_currencies_are_two_promises(self):
        dollar = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self._make_invoice(self.partner, 400.0, currency_id=dollar.id)
        with self.assertRaisesRegex(UserError, "one currency"):
            self._promise(100.0, lines=self.item | self._items(invoice))

    def test_nobody_promises_for_somebody_elses_customer(self):
        debtor = self._make_debtor()
        stranger = self._make_customer("Stranger")
        with self.assertRaisesRegex(UserError, "Stranger is no contact"):
            debtor._make_promise(100, self._day(3), partner=stranger)
        debtor.collection_contact_id = stranger
        promise = debtor._make_promise(100, self._day(3), partner=stranger)
        self.assertEqual(promise.partner_id, stranger)

    def test_only_a_manager_takes_a_promise_far_away(self):
        collector = self._make_user("collector")
        self.debtor.collector_id = collector
        as_collector = self.debtor.with_user(collector)
        self.assertTrue(as_collector._make_promise(10.0, self._day(30), self.item))
        with self.assertRaisesRegex(UserError, "payment plan"):
            as_collector._make_promise(10.0, self._day(31), self.item)
        manager = self._make_user("manager")
        promise = self.debtor.with_user(manager)._make_promise(
            10.0, self._day(90), self.item
        )
        self.assertEqual(promise.user_id, manager)

    def test_an_archived_customer_still_promises(self):
        self.partner.active = False
        promise = self._promise(1000.0)
        self._pay(self.invoice)
        self._settle()
        self.assertEqual(promise.state, "kept")

    def test_branches_promise_through_the_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env["account.chart.template"].try_loading("generic_coa", branch)
        invoice = self._make_invoice(self.partner, 70.0, company_id=branch.id)
        item = self._items(invoice)
        promise = self._promise(1070.0, lines=self.item | item)
        self.assertEqual(promise.company_id, self.company)
        self.assertEqual(item.collection_status, "promised")

    # ------------------------------------------------------------------
    # THE LEDGER DECIDES
    # ------------------------------------------------------------------

    def test_a_payment_keeps_it_at_once(self):
        promise = self._promise(1000.0)
        self._pay(self.invoice)
        self._settle()
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "kept",
                    "paid_in_time": 1000.0,
                    "missing_amount": 0.0,
                    "date_decided": self.today,
                    "reason": "paid",
                }
            ],
        )
        self.assertFalse(promise.line_ids.is_live)
        self.assertEqual(self.item.collection_status, "to_chase")
        self.assertIn("Promise kept", self._events()[-1].summary)

    def test_a_part_leaves_it_open_then_partly_kept(self):
        promise = self._promise(1000.0, day=5)
        self._pay(self.invoice, amount=400.0)
        self._settle()
        self.assertRecordValues(
            promise, [{"state": "open", "paid_in_time": 400.0, "missing_amount": 600.0}]
        )
        self.assertEqual(self.debtor.promise_open_amount, 600.0)
        self._pass(7)
        self.assertEqual(promise.state, "open", "the deadline itself still counts")
        self._pass(8)
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "partly",
                    "date_decided": self._day(8),
                    "missing_amount": 0.0,
                }
            ],
        )
        self.assertEqual(self.item.collection_status, "to_chase")

    def test_nothing_paid_breaks_it_and_is_counted(self):
        promise = self._promise(1000.0, day=1)
        self._pass(4)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self.debtor.promise_broken_count, 1)
        self.assertFalse(self.debtor.promise_next_date)
        self.assertIn("no. 1", self._events()[-1].summary)
        with freeze_time(self._day(5)):
            again = self._promise(1000.0, day=6)
        self._pass(9)
        self.assertEqual(again.state, "broken")
        self.assertEqual(self.debtor.promise_broken_count, 2)
        self.assertIn("no. 2", self._events()[-1].summary)

    def test_late_money_does_not_mend_it(self):
        promise = self._promise(1000.0, day=0)
        with freeze_time(self._day(3)):
            self._pay(self.invoice, day=3)
            self._settle()
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "broken",
                    "paid_amount": 1000.0,
                    "paid_in_time": 0.0,
                    "reason": "paid_late",
                }
            ],
        )

    def test_a_receipt_dated_in_time_and_matched_late_keeps_it(self):
        promise = self._promise(1000.0, day=0)
        receipt = self._make_receipt(self.partner, 1000.0, day=1)
        self._pass(4)
        self.assertEqual(promise.state, "broken")
        with freeze_time(self._day(6)):
            (self.item | self._items(receipt.move_id)).reconcile()
            self._settle()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.date_decided, self._day(1))
        self.assertIn("after all", self._events()[-1].summary)
        self.assertEqual(self.debtor.promise_broken_count, 0)

    def test_a_small_shortfall_is_tolerated(self):
        promise = self._promise(1000.0)
        self._pay(self.invoice, amount=999.0)
        self._settle()
        self.assertEqual(promise.state, "kept")
        self.company.recouvrement_promise_tolerance_amount = 0
        strict = self._promise(500.0, lines=self.second_item)
        self._pay(self.second, amount=499.0)
        self._settle()
        self.assertEqual(strict.state, "open")

    def test_the_settings_of_the_day_are_kept(self):
        promise = self._promise(1000.0, day=5)
        self.company.recouvrement_promise_tolerance_days = 20
        self.assertEqual(promise.deadline, self._day(7))

    def test_a_credit_note_lowers_what_is_required(self):
        promise = self._promise(1000.0)
        credit = self._make_credit_note(self.partner, 300.0)
        (self.item | self._items(credit)).reconcile()
        self._settle()
        self.assertRecordValues(
            promise,
            [{"state": "open", "required_amount": 700.0, "missing_amount": 700.0}],
        )
        self._pay(self.invoice)
        self._settle()
        self.assertRecordValues(
            promise, [{"state": "kept", "paid_in_time": 700.0, "reason": "paid_rest"}]
        )

    def test_settled_otherwise_it_is_without_object(self):
        promise = self._promise(1000.0)
        credit = self._make_credit_note(self.partner, 1000.0)
        (self.item | self._items(credit)).reconcile()
        self._settle()
        self.assertEqual(promise.state, "void")
        self.assertEqual(self.debtor.promise_decided_count, 0)

    def test_a_write_off_settles_otherwise(self):
        promise = self._promise(1000.0)
        (self.item | self._make_opening(self.partner, -1000.0, due=0)).reconcile()
        self._settle()
        self.assertEqual(promise.state, "void")

    def test_part_of_what_is_owed_may_be_promised(self):
        promise = self._promise(600.0, lines=self.item | self.second_item)
        self._pay(self.second)
        self._settle()
        self.assertEqual(promise.missing_amount, 100.0)
        self._pay(self.invoice, amount=100.0)
        self._settle()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self.item.collection_status, "to_chase")

    def test_what_was_matched_before_counts_for_nothing(self):
        payment = self._pay(self.invoice, amount=400.0)
        promise = self._promise(600.0)
        self._settle()
        self.assertEqual(promise.paid_in_time, 0.0)
        matched = self._items(payment.move_id)
        self.item.remove_move_reconcile()
        (self.item | matched).reconcile()
        self._settle()
        self.assertRecordValues(promise, [{"state": "open", "paid_in_time": 0.0}])

    def test_in_a_foreign_currency_exchange_differences_count_for_nothing(self):
        dollar = self.setup_other_currency(
            "EUR",
            rates=[("2016-01-01", 2.0), (self._day(-3), 4.0)],
        )
        invoice = self._make_invoice(
            self.partner, 400.0, due=-20, currency_id=dollar.id
        )
        promise = self._promise(400.0, lines=self._items(invoice))
        self._pay(invoice, amount=399.0)
        self._settle()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(promise.paid_in_time, 399.0)

    # ------------------------------------------------------------------
    # UNDONE MATCHING
    # ------------------------------------------------------------------

    def test_a_bounced_payment_opens_it_again_before_the_deadline(self):
        promise = self._promise(1000.0)
        payment = self._pay(self.invoice)
        self._settle()
        self._bounce(payment)
        self._settle()
        self.assertRecordValues(
            promise, [{"state": "open", "date_decided": False, "paid_in_time": 0.0}]
        )
        self.assertTrue(promise.line_ids.is_live)
        self.assertEqual(self.item.collection_status, "promised")
        self.assertIn("was undone", self._events()[-1].summary)

    def test_a_bounced_payment_breaks_it_after_the_deadline(self):
        promise = self._promise(1000.0, day=0)
        payment = self._pay(self.invoice)
        self._settle()
        with freeze_time(self._day(30)):
            self._bounce(payment)
            self._settle()
        self.assertRecordValues(
            promise, [{"state": "broken", "date_decided": self._day(3)}]
        )
        self.assertEqual(self.debtor.promise_broken_count, 1)
        self.assertIn("was undone", self._events()[-1].summary)

    def test_undoing_and_matching_again_in_one_go_tells_nothing(self):
        promise = self._promise(1000.0)
        payment = self._pay(self.invoice)
        told = len(self._events())
        self.item.remove_move_reconcile()
        (self.item | self._items(payment.move_id)).reconcile()
        self._settle()
        self.assertEqual(promise.state, "kept")
        self.assertEqual(len(self._events()), told)

    def test_a_bounce_behind_a_later_promise_is_a_postponement(self):
        first = self._promise(400.0)
        payment = self._pay(self.invoice, amount=400.0)
        self._settle()
        second = self._promise(600.0, day=10)
        self._bounce(payment)
        self._settle()
        self.assertEqual(first.state, "replaced")
        self.assertEqual(second.state, "open")
        self.assertRecordValues(
            first.line_ids | second.line_ids, [{"is_live": False}, {"is_live": True}]
        )

    # ------------------------------------------------------------------
    # POSTPONED, CANCELLED, UNDONE
    # ------------------------------------------------------------------

    def test_a_new_promise_on_an_item_postpones_the_old_one(self):
        old = self._promise(1500.0, lines=self.item | self.second_item)
        new = self._promise(1000.0, day=10)
        self.assertRecordValues(
            old | new,
            [
                {"state": "replaced", "replaced_by_id": new.id},
                {"state": "open", "replaced_by_id": False},
            ],
        )
        self.assertEqual(new.postponement_count, 1)
        self.assertEqual(self.item.collection_until, self._day(12))
        self.assertEqual(self.second_item.collection_status, "to_chase")
        self.assertEqual(self.debtor.promise_postponed_count, 1)
        self.assertEqual(self.debtor.promise_broken_count, 0)
        third = self._promise(1000.0, day=20)
        self.assertEqual(third.postponement_count, 2)
        self._pass(40)
        self.assertEqual(old.state, "replaced")

    def test_the_database_keeps_one_open_promise_per_item(self):
        promise = self._promise(1000.0)
        second = self._promise(500.0, lines=self.second_item)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            second.sudo().line_ids.write(
                {"move_line_id": promise.line_ids.move_line_id}
            )
            self.env.flush_all()

    def test_a_cancelled_promise_gives_its_reason_and_frees_the_items(self):
        promise = self._promise(1000.0)
        promise.action_cancel("Customer withdrew it")
        self.assertRecordValues(
            promise,
            [
                {
                    "state": "cancelled",
                    "cancel_reason": "Customer withdrew it",
                    "explanation": "Customer withdrew it",
                }
            ],
        )
        self.assertEqual(self.item.collection_status, "to_chase")
        self._pay(self.invoice)
        self._pass(20)
        self.assertEqual(promise.state, "cancelled")
        self.assertFalse(self.debtor.promise_decided_count)

    def test_cancelling_asks_for_a_reason(self):
        promise = self._promise(1000.0)
        action = promise.action_cancel()
        self.assertEqual(promise.state, "open")
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({"reason": "Mistake of the customer"}).action_confirm()
        self.assertEqual(promise.state, "cancelled")

    def test_a_decided_promise_is_not_cancelled(self):
        promise = self._promise(1000.0)
        self._pay(self.invoice)
        self._settle()
        with self.assertRaisesRegex(UserError, "Only an open promise"):
            promise.action_cancel("Because")

    def test_past_its_day_only_a_manager_cancels_it(self):
        collector = self._make_user("collector")
        self.debtor.collector_id = collector
        promise = self._promise(1000.0, day=1)
        with freeze_time(self._day(2)):
            with self.assertRaisesRegex(UserError, "credit manager"):
                promise.with_user(collector).action_cancel("Because")
            promise.action_cancel("Because")
        self.assertEqual(promise.state, "cancelled")

    def test_an_undone_promise_brings_back_the_one_before(self):
        old = self._promise(1000.0, day=3)
        new = self._promise(1000.0, day=10)
        new.action_undo()
        self.assertRecordValues(
            old | new,
            [
                {"state": "open", "replaced_by_id": False},
                {"state": "cancelled", "replaced_by_id": False},
            ],
        )
        self.assertEqual(self.item.collection_until, self._day(5))
        self.assertTrue(old.line_ids.is_live)

    def test_only_todays_promise_is_undone(self):
        promise = self._promise(1000.0, day=10)
        with freeze_time(self._day(1)), self.assertRaisesRegex(UserError, "of today"):
            promise.action_undo()

    def test_a_dispute_made_since_is_left_alone(self):
        promise = self._promise(1500.0, day=0, lines=self.item | self.second_item)
        self.item._set_collection_status("disputed", "Goods refused")
        self._pass(4)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self.item.collection_status, "disputed")
        self.assertEqual(self.second_item.collection_status, "to_chase")

    # ------------------------------------------------------------------
    # DEBTOR AND SCREENS
    # ------------------------------------------------------------------

    def test_the_kept_rate_by_number_and_by_amount(self):
        self._promise(1000.0, day=0)
        self._pay(self.invoice)
        self._settle()
        self._promise(500.0, day=0, lines=self.second_item)
        self._pay(self.second, amount=100.0)
        self._pass(5)
        self.assertRecordValues(
            self.debtor,
            [
                {
                    "promise_kept_count": 1,
                    "promise_decided_count": 2,
                    "promise_broken_count": 1,
                    "promise_decided_amount": 1500.0,
                    "promise_kept_amount": 1100.0,
                }
            ],
        )
        self.assertAlmostEqual(self.debtor.promise_kept_rate, 0.5)
        self.assertAlmostEqual(self.debtor.promise_kept_rate_amount, 1100 / 1500)

    def test_old_promises_leave_the_counts(self):
        promise = self._promise(1000.0, day=0)
        self._pass(5)
        self.assertEqual(self.debtor.promise_broken_count, 1)
        with freeze_time(self._day(400)):
            self.env["recouvrement.debtor"]._refresh_totals()
            self.assertEqual(self.debtor.promise_broken_count, 0)
        self.assertEqual(promise.state, "broken")

    def test_the_nightly_refresh_judges_too(self):
        promise = self._promise(1000.0, day=0)
        with freeze_time(self._day(3)):
            self.env["recouvrement.debtor"]._refresh_totals()
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self.debtor.promise_broken_count, 1)

    def test_the_wizard_is_ready_to_be_confirmed(self):
        action = self.debtor.action_promise()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizard)
        self.assertEqual(form.amount, 1500.0)
        self.assertEqual(form.date, self._day(7))
        done = form.save().action_confirm()
        promise = self.env["recouvrement.promise"].browse(done["promise_ids"])
        self.assertRecordValues(promise, [{"amount": 1500.0, "item_count": 2}])

    def test_the_wizard_takes_chosen_items_and_tells_what_it_postpones(self):
        old = self._promise(1000.0)
        action = self.debtor.action_promise(self.item.ids)
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        with Form(wizard) as form:
            self.assertEqual(form.postponed, old.display_name)
            form.amount = 250.0
            form.date = self._day(2)
            form.note = "First part"
        form.record.action_confirm()
        new = old.replaced_by_id
        self.assertRecordValues(
            new, [{"amount": 250.0, "date": self._day(2), "note": "First part"}]
        )

    def test_the_wizard_makes_one_promise_per_currency(self):
        dollar = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._make_invoice(self.partner, 400.0, due=-5, currency_id=dollar.id)
        action = self.debtor.action_promise()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        form = Form(wizard)
        self.assertTrue(form.several_currencies)
        done = form.save().action_confirm()
        promises = self.env["recouvrement.promise"].browse(done["promise_ids"])
        self.assertEqual(sorted(promises.mapped("amount")), [400.0, 1500.0])

    def test_a_promise_out_of_a_call_keeps_the_call(self):
        person = self._make_customer(
            "Ana Petit", parent_id=self.partner.id, is_company=False
        )
        outcome = self.env.ref("recouvrement.interaction_outcome_promised")
        contact = self.debtor._log_contact(
            {
                "partner_id": person.id,
                "channel": "call_in",
                "outcome_id": outcome.id,
            }
        )
        action = self.debtor.with_context(
            promise_contact_id=contact.id
        ).action_promise()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        done = Form(wizard).save().action_confirm()
        promise = self.env["recouvrement.promise"].browse(done["promise_ids"])
        self.assertRecordValues(
            promise,
            [
                {
                    "interaction_id": contact.id,
                    "partner_id": person.id,
                    "source": "call",
                }
            ],
        )

    def test_the_page_of_the_debtor_shows_its_promises_once(self):
        self._promise(1000.0, day=0)
        self._pass(4)
        opened = self._promise(500.0, day=9, lines=self.second_item)
        [block] = [b for b in self.debtor._desk_blocks({}) if b["key"] == "promises"]
        self.assertEqual([i["level"] for i in block["items"]], ["danger", "info"])
        self.assertEqual(block["items"][1]["id"], opened.id)
        self.assertEqual(
            self.debtor._desk_promises(), {"kept": 0, "decided": 1, "rate": 0}
        )

    def test_the_settings_are_bounded(self):
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.company.recouvrement_promise_tolerance_days = -1
            self.env.flush_all()

    def test_a_promise_is_never_deleted(self):
        promise = self._promise(1000.0)
        with self.assertRaises(UserError):
            promise.unlink()
