"""What happens between the proposal and the proof: the ledger moves, people click
twice, things break."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestLedgerMoves(RecouvrementCommon):
    """What is asked is the net position at the moment of sending."""

    def setUp(self):
        super().setUp()
        self.debtor = self._make_debtor("Moving", [(1000, -10), (400, -8)])
        self.partner = self.debtor.partner_id
        self.first, self.second = self.partner.invoice_ids.sorted("amount_total")[::-1]
        self.run = self._propose()
        self.reminder = self.run.reminder_ids
        self.assertEqual(self.reminder.amount_net, 1400)

    def _send(self):
        self._send_run(self.run)

    def _assert_asked(self, net, credit=0):
        self.assertRecordValues(
            self.reminder,
            [{"state": "queued", "amount_net": net, "amount_credit": credit}],
        )

    def _assert_dropped(self, reason):
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn(reason, self.reminder.cancel_reason)
        self.assertFalse(self.reminder.line_ids.filtered("claimed"))
        self.assertFalse(self._queued_mails())

    def test_a_payment_of_one_item_takes_it_out(self):
        self._pay(self.second)
        self._send()
        self._assert_asked(1000)
        line = self.reminder.line_ids.filtered(
            lambda rl: rl.move_line_id.move_id == self.second
        )
        self.assertRecordValues(
            line,
            [{"role": "out", "reason": "paid", "claimed": False, "amount_residual": 0}],
        )

    def test_a_payment_of_everything_cancels_the_reminder(self):
        self._pay(self.first + self.second)
        self._send()
        self._assert_dropped("Paid")

    def test_a_partial_payment_lowers_what_is_asked(self):
        self._pay(self.first, 300)
        self._send()
        self._assert_asked(1100)
        [mail] = self._deliver()
        self.assertEqual(mail["subject"], self.reminder._format_amount(1100))

    def test_what_is_left_within_the_tolerance_is_not_asked(self):
        self.policy.tolerance = 5
        self._pay(self.first)
        self._pay(self.second, 396)
        self._send()
        self._assert_dropped("Covered")

    def test_what_is_left_under_the_minimum_per_debtor_is_not_asked(self):
        self.levels[1].min_debtor_amount = 500
        self._pay(self.first)
        self._pay(self.second, 0.01)
        self._send()
        self._assert_dropped("minimum amount per debtor of level “Level 1”")
        self.assertEqual(self._decisions(self.debtor).reason, "below_debtor_minimum")

    def test_what_is_left_at_the_minimum_per_debtor_is_asked(self):
        self.levels[1].min_debtor_amount = 500
        self._pay(self.first, 900)
        self._send()
        self._assert_asked(500)

    def test_new_credits_count_against_the_minimum_per_debtor(self):
        self.levels[1].min_debtor_amount = 500
        self._make_credit_note(self.partner, 900.01)
        self._send()
        self._assert_dropped("minimum amount per debtor")

    def test_a_new_credit_note_is_counted_and_shown(self):
        credit = self._make_credit_note(self.partner, 250)
        self._send()
        self._assert_asked(1150, 250)
        self.assertIn(
            credit.name,
            [line["name"] for line in self.reminder._get_statement_lines()],
        )

    def test_a_credit_note_that_covers_the_debt_cancels_the_reminder(self):
        self._make_credit_note(self.partner, 1400)
        self._send()
        self._assert_dropped("Covered")

    def test_an_unallocated_receipt_is_counted(self):
        self._make_receipt(self.partner, 100)
        self._send()
        self._assert_asked(1300, 100)

    def test_a_payment_on_its_way_takes_the_item_out(self):
        self.inbound_payment_method_line.payment_account_id = False
        with patch.object(
            type(self.first),
            "_get_invoice_in_payment_state",
            lambda _self: "in_payment",
        ):
            payment = self._pay(self.first)
        self.assertFalse(payment.move_id)
        self.assertEqual(self.first.amount_residual, 1000)
        self._send()
        self._assert_asked(400)

    def test_a_hold_cancels_the_reminder(self):
        self.debtor._hold(self.today + timedelta(days=7), "Meeting on Monday")
        self._send()
        self._assert_dropped("hold")

    def test_a_disputed_item_is_left_out(self):
        self._items(self.first)._set_collection_status("disputed", "Wrong price")
        self._send()
        self._assert_asked(400)

    def test_a_policy_stopped_meanwhile_sends_nothing(self):
        self.policy.write({"state": "stopped", "stop_reason": "New terms of sale"})
        self._send()
        self._assert_dropped("policy was stopped")

    def test_an_invoice_back_to_draft_is_left_out(self):
        self.first.button_draft()
        self._send()
        self._assert_asked(400)

    def test_an_invoice_made_since_waits_for_its_own_turn(self):
        self._make_invoice(self.partner, 70, -6)
        self._send()
        self._assert_asked(1400)

    def test_a_cancelled_reminder_gives_its_levels_back(self):
        self._pay(self.first)
        self.debtor._hold(self.today, "Today only")
        self._send()
        self.debtor.action_release_hold()
        again = self._propose().reminder_ids
        self.assertRecordValues(again, [{"amount_net": 400, "rank": 1}])


@tagged("post_install", "-at_install")
class TestLevelsAtSending(RecouvrementCommon):
    def setUp(self):
        super().setUp()
        self.debtor = self._make_debtor("Two Levels", [(1000, -20), (400, -7)])
        self.old, self.recent = self.debtor.partner_id.invoice_ids.sorted(
            "invoice_date_due"
        )
        self._run_campaign()
        self._deliver()
        self.recent_claims = self.recent.line_ids
        self._make_invoice(self.debtor.partner_id, 300, -6)
        self.reminder = self._propose().reminder_ids
        self.assertEqual(self.reminder.rank, 2)

    def test_the_level_goes_down_with_the_item_that_gave_it(self):
        self._pay(self.old)
        self.reminder.action_send_now()
        self.assertRecordValues(
            self.reminder,
            [{"state": "queued", "rank": 1, "level_id": self.levels[1].id}],
        )

    def test_a_text_edited_for_the_higher_level_does_not_leave(self):
        self.reminder.body = "<p>This is our last word.</p>"
        self._pay(self.old)
        self.reminder.action_send_now()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertEqual(self._propose().reminder_ids.rank, 1)

    def test_the_minimum_per_debtor_is_that_of_the_level_left(self):
        self.levels[1].min_debtor_amount = 1000
        self._make_invoice(self.debtor.partner_id, 500, -6)
        self._pay(self.old, 900)
        self.reminder.action_send_now()
        self.assertRecordValues(self.reminder, [{"state": "queued", "rank": 2}])

    def test_the_minimum_of_the_lower_level_drops_what_went_down(self):
        self.levels[1].min_debtor_amount = 1000
        self._pay(self.old)
        self.reminder.action_send_now()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn("Level 1", self.reminder.cancel_reason)


@tagged("post_install", "-at_install")
class TestMinimumInCurrency(RecouvrementCommon):
    def test_a_rate_that_moved_takes_nothing_out(self):
        """The minimum is compared at the rates of the items, as at the proposal."""
        currency = self.setup_other_currency("CAD", rates=[("2016-01-01", 2.0)])
        self.levels[1].min_debtor_amount = 500
        invoice = self._make_invoice(
            self._make_customer("Toronto"), 1000, -10, currency_id=currency.id
        )
        debtor = self._debtor(invoice.partner_id)
        run = self._propose()
        self.assertEqual(run.reminder_ids.amount_net, 1000)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": self.today, "company_rate": 4.0}
        )
        self._send_run(run)
        self.assertEqual(self._reminders(debtor).state, "queued")


@tagged("post_install", "-at_install")
class TestExactlyOnce(RecouvrementCommon):
    def test_clicking_twice_proposes_and_sends_once(self):
        debtor = self._make_debtor("Clicked")
        run = self._make_run()
        run.action_propose()
        with self.assertRaises(UserError):
            run.action_propose()
        run._process_all()
        run.action_approve_all()
        run.action_send()
        run.action_send()
        run._process_all()
        with self.assertRaises(UserError):
            run.action_send()
        self.assertEqual(len(self._reminders(debtor)), 1)
        self.assertEqual(len(self._queued_mails()), 1)

    def test_a_reminder_that_left_does_not_leave_again(self):
        reminder = self._make_debtor("Once") and self._run_campaign().reminder_ids
        for state in ("queued", "sent"):
            self.assertEqual(reminder.state, state)
            with self.assertRaises(UserError):
                reminder.action_send_now()
            with self.assertRaises(UserError):
                reminder.action_retry()
            self.assertEqual(len(reminder.debtor_id.message_ids.mail_ids), 1)
            self._deliver()

    def test_a_second_campaign_leaves_pending_items_alone(self):
        debtor = self._make_debtor("Pending")
        self._propose()
        self.assertFalse(self._propose().reminder_ids)
        self.assertEqual(self._decisions(debtor).reason, "other_run")

    def test_a_campaign_dated_before_what_was_sent_asks_for_nothing_twice(self):
        """Proposed after midnight for the day before: what left meanwhile counts."""
        self._make_debtor("Sent since")
        late = self._make_run(-1)
        self._run_campaign().reminder_ids._confirm_sent()
        late.action_propose()
        late._process_all()
        self.assertEqual(late.state, "proposed")
        self.assertFalse(late.reminder_ids.line_ids.filtered("claimed"))

    def test_a_campaign_dated_before_what_is_under_way_leaves_it_alone(self):
        self._make_debtor("Under way")
        late = self._make_run(-1)
        self.assertTrue(self._propose().reminder_ids)
        late.action_propose()
        late._process_all()
        self.assertFalse(late.reminder_ids)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_level_given_twice(self):
        line = self._make_debtor("Index") and self._propose().reminder_ids.line_ids
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            line.sudo().copy({"reminder_id": line.reminder_id.id})
            self.env.flush_all()

    def test_the_mail_queue_reporting_twice_confirms_once(self):
        reminder = self._make_debtor("Twice") and self._run_campaign().reminder_ids
        mails = self._queued_mails()
        self._deliver(mails)
        reminder._confirm_sent(self.today + timedelta(days=3))
        self.assertEqual(reminder.date_sent, self.today)
        events = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "reminder")
        self.assertEqual(len(events), 1)

    def test_batches_send_all_and_each_once(self):
        debtors = [self._make_debtor(f"Batch {number}") for number in range(7)]
        self.company.recouvrement_mail_batch = 3
        run = self._propose()
        run.action_approve_all()
        run.action_send()
        steps = [run._process_batch()]
        self.assertEqual(len(self._queued_mails()), 3)
        self.assertEqual(
            (run.state, run.queued_count, run.approved_count), ("sending", 3, 4)
        )
        while not steps[-1]:
            steps.append(run._process_batch())
        self.assertEqual(steps, [False, False, True])
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self._queued_mails()), 7)
        for debtor in debtors:
            self.assertEqual(len(self._reminders(debtor)), 1)

    def test_what_is_not_approved_stays(self):
        self._make_debtor("Approved")
        self._make_debtor("Waiting")
        run = self._propose()
        run.reminder_ids[0].action_approve()
        run.action_send()
        run._process_all()
        self.assertEqual(run.state, "proposed")
        self.assertEqual(
            sorted(run.reminder_ids.mapped("state")), ["proposed", "queued"]
        )


@tagged("post_install", "-at_install")
class TestRetry(RecouvrementCommon):
    def setUp(self):
        super().setUp()
        self.debtor = self._make_debtor("Retried")
        self.reminder = self._run_campaign().reminder_ids
        self._deliver(failure=OSError("connection lost"))
        self.assertEqual(self.reminder.state, "failed")

    def test_a_failed_reminder_leaves_at_the_second_attempt(self):
        self.reminder.action_retry()
        [mail] = self._deliver()
        self.assertIn("Retried", mail["body"])
        self.assertRecordValues(
            self.reminder, [{"state": "sent", "failure_reason": False}]
        )
        self.assertTrue(self.reminder.line_ids.claimed)

    def test_a_retry_reads_the_ledger_again(self):
        self._pay(self.debtor.partner_id.invoice_ids)
        self.reminder.action_retry()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertFalse(self._queued_mails())

    def test_a_retry_is_refused_when_another_reminder_has_the_level(self):
        self._run_campaign()
        with self.assertRaisesRegex(UserError, "another reminder"):
            self.reminder.action_retry()
        self.assertEqual(self.reminder.state, "failed")
        self.assertEqual(len(self._queued_mails()), 1)


@tagged("post_install", "-at_install")
class TestBreakdowns(RecouvrementCommon):
    def test_a_channel_that_breaks_down_fails_its_own_reminders(self):
        by_mail = self._make_debtor("Mail")
        by_letter = self._make_debtor("Letter", [(1000, -10)])
        by_letter.preferred_channel = "letter"
        run = self._propose()
        with (
            patch.object(
                type(self.env["recouvrement.channel.letter"]),
                "_send",
                side_effect=ValueError("no paper"),
            ),
            self.assertLogs("odoo.addons.recouvrement", "ERROR"),
        ):
            self._send_run(run)
        self.assertRecordValues(
            self._reminders(by_letter),
            [{"state": "failed", "failure_reason": "no paper"}],
        )
        self.assertEqual(self._reminders(by_mail).state, "queued")
        self.assertEqual(run.state, "done")

    def test_a_debtor_without_any_address_is_left_out_and_named(self):
        debtor = self._make_debtor("Nowhere", email=False, street=False, phone=False)
        self.assertTrue(debtor.missing_email and debtor.missing_address)
        self.assertEqual(self._decisions(debtor).reason, "contact_missing")
        self.assertFalse(self._propose().reminder_ids)

    def test_the_report_of_a_campaign_counts_what_went_and_what_failed(self):
        self._make_debtor("Fine")
        broken = self._make_debtor("Broken")
        run = self._propose()
        broken.partner_id.email = "not an address"
        self._send_run(run)
        self._deliver()
        self.assertEqual((run.sent_count, run.failed_count), (1, 1))
        self.assertEqual(run.progress, 100)


@tagged("post_install", "-at_install")
class TestWhoMaySend(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._make_user("collector")
        cls.manager = cls._make_user("manager")

    def test_a_collector_sends_what_collectors_approve(self):
        self._make_debtor("Ours")
        reminder = self._propose().reminder_ids
        reminder.with_user(self.collector).action_send_now()
        self.assertRecordValues(
            reminder, [{"state": "queued", "approved_by_id": self.collector.id}]
        )
        self._deliver()
        self.assertEqual(reminder.state, "sent")

    def test_a_formal_notice_waits_for_the_manager(self):
        self.levels[1].approval = "manager"
        self._make_debtor("Formal")
        reminder = self._propose().reminder_ids
        with self.assertRaises(AccessError):
            reminder.with_user(self.collector).action_send_now()
        self.assertEqual(reminder.state, "proposed")
        reminder.with_user(self.manager).action_send_now()
        self.assertEqual(reminder.state, "queued")

    def test_an_auditor_sends_nothing(self):
        auditor = self._make_user("auditor")
        self._make_debtor("Audited")
        reminder = self._propose().reminder_ids
        with self.assertRaises(AccessError):
            reminder.with_user(auditor).action_send_now()

    def test_a_collector_confirms_posting_and_calls(self):
        self.levels[1].channel = "letter"
        self._make_debtor("Posted")
        reminder = self._propose().reminder_ids
        reminder.with_user(self.collector).action_send_now()
        action = reminder.with_user(self.collector).action_letters_posted()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.collector)
            .create({"reminder_ids": action["context"]["default_reminder_ids"]})
        )
        wizard.action_confirm()
        self.assertEqual(reminder.state, "sent")
        event = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "reminder")
        self.assertEqual(event.user_id, self.collector)

    def test_a_preview_shows_what_would_leave_and_sends_nothing(self):
        self._make_debtor("Shown")
        reminder = self._propose().reminder_ids
        action = reminder.with_user(self.collector).action_preview()
        preview = (
            self.env[action["res_model"]]
            .with_user(self.collector)
            .create({"reminder_id": action["context"]["default_reminder_id"]})
        )
        self.assertEqual(preview.subject, reminder._format_amount(1000))
        self.assertIn("Shown", preview.body)
        self.assertFalse(self._queued_mails())
        self.assertEqual(reminder.state, "proposed")

    def test_a_preview_shows_why_a_text_fails(self):
        self.template.body_html = '<p t-out="1 / 0"/>'
        self._make_debtor("Failing")
        reminder = self._propose().reminder_ids
        preview = self.env["recouvrement.reminder.preview"].create(
            {"reminder_id": reminder.id}
        )
        self.assertIn("division by zero", preview.error)
