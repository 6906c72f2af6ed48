"""The account review from its agenda to its minutes and the next one."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.recouvrement_reporting.tools.period import Period

from .past import make_past
from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
class TestReviewAgenda(ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls._make_debtor("Big", items=((9000, -10), (1000, 20)))
        cls.old = cls._make_debtor("Old", items=((500, -400),))
        cls.small = cls._make_debtor("Small", items=((100, -5),))
        cls.sales = cls._make_user("salesperson")

    def _on_agenda(self, sections, **vals):
        review = self._prepared(sections, **vals)
        return review.item_ids.mapped("debtor_id.display_name")

    def test_a_section_lists_the_biggest_first_and_no_more_than_it_says(self):
        section = self._section("biggest", 2)
        self.assertEqual(self._on_agenda(section), ["Big", "Old"])

    def test_who_owes_less_than_the_minimum_is_left_out(self):
        section = self._section("biggest", minimum=200)
        self.assertEqual(self._on_agenda(section), ["Big", "Old"])

    def test_the_oldest_come_by_their_first_due_date(self):
        section = self._section("oldest", 2)
        self.assertEqual(self._on_agenda(section), ["Old", "Big"])

    def test_who_owes_nothing_overdue_is_not_reviewed(self):
        self._make_debtor("Not due", items=((5000, 30),))
        self.assertNotIn("Not due", self._on_agenda(self._section("biggest")))

    def test_a_debtor_of_several_sections_is_listed_once_with_all_its_reasons(self):
        sections = self._section("biggest", sequence=1) | self._section(
            "oldest", sequence=2
        )
        review = self._prepared(sections)
        self.assertEqual(len(review.item_ids), 3)
        item = self._item(review, self.old)
        self.assertEqual(item.section_ids, sections)
        self.assertEqual(item.section_id, sections[0])
        self.assertIn("biggest", item.reason)
        self.assertIn("oldest", item.reason)

    def test_disputed_items_bring_their_debtor_with_the_amount(self):
        line = self._items(self.small.partner_id.invoice_ids)
        line._set_collection_status("disputed", "Wrong price", False)
        review = self._prepared(self._section("disputed"))
        self.assertEqual(review.item_ids.debtor_id, self.small)
        self.assertEqual(review.item_ids.disputed_amount, 100)
        self.assertEqual(review.item_ids.reasons[0]["number"], 1)
        self.assertEqual(Decimal(review.item_ids.reasons[0]["amount"]), 100)

    def test_broken_promises_count_for_as_long_as_the_section_says(self):
        lines = self._items(self.big.partner_id.invoice_ids[-1])
        promise = self.big._make_promise(
            1000, self.today, self._items(self.big.partner_id.invoice_ids)
        )
        self.assertTrue(lines)
        promise.sudo().write({"state": "broken", "date_decided": self._day(-20)})
        for days, expected in ((30, ["Big"]), (10, [])):
            with self.subTest(days=days):
                section = self._section("broken_promise", days=days)
                self.assertEqual(self._on_agenda(section), expected)

    def test_a_plan_that_is_late_brings_its_debtor(self):
        self.small._process_dirty()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recouvrement_debtor SET plan_state = 'late',"
            " plan_late_amount = 40 WHERE id = %s",
            [self.small.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._on_agenda(self._section("plan_default")), ["Small"])

    def test_silence_is_no_contact_and_no_reminder(self):
        section = self._section("silence", days=30)
        self.assertEqual(self._on_agenda(section), ["Old"])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recouvrement_debtor SET last_contact_date = %s WHERE id = %s",
            [self._day(-3), self.old.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._on_agenda(section), [])

    def test_a_limit_date_that_is_near_brings_its_debtor(self):
        near = self.old.first_limit_date
        self.assertTrue(near)
        days = (near - self.today).days
        for ahead, expected in ((days, True), (days - 1, False)):
            with self.subTest(ahead=ahead):
                section = self._section("limit", days=ahead)
                self.assertEqual("Old" in self._on_agenda(section), expected)

    def test_each_salesperson_has_the_biggest_of_own_customers(self):
        second = self._make_user("salesperson", login="test_sales_2")
        (self.big | self.old).salesperson_id = self.sales
        self.small.salesperson_id = second
        section = self._section("salesperson", 1)
        self.assertEqual(set(self._on_agenda(section)), {"Big", "Small"})

    def test_a_review_of_salespeople_is_about_their_customers(self):
        self.old.salesperson_id = self.sales
        names = self._on_agenda(
            self._section("biggest"), salesperson_ids=[Command.set(self.sales.ids)]
        )
        self.assertEqual(names, ["Old"])

    def test_a_credit_committee_has_its_own_sections_and_decisions(self):
        self.big.partner_id.credit_limit = 4000
        self.small.partner_id.credit_limit = 4000
        section = self._section("credit_limit", kind="committee")
        review = self._prepared(section, kind="committee")
        self.assertEqual(review.item_ids.debtor_id, self.big)
        self.assertEqual(Decimal(review.item_ids.reasons[0]["amount"]), 6000)
        names = {kind["id"] for kind in review.item_ids.decision_kinds}
        self.assertIn(self._kind("limit").id, names)
        self.assertNotIn(self._kind("promise").id, names)
        default = self.env["recouvrement.review"].create({"kind": "committee"})
        self.assertEqual(set(default.section_ids.mapped("kind")), {"committee"})

    def test_doubtful_debtors_come_before_the_committee(self):
        reason = self.env["recouvrement.doubtful.reason"].search([], limit=1)
        self.small.sudo().write(
            {"doubtful_reason_id": reason.id, "doubtful_date": self.today}
        )
        section = self._section("doubtful", kind="committee")
        review = self._prepared(section, kind="committee")
        self.assertEqual(review.item_ids.debtor_id, self.small)

    def test_an_archived_customer_who_owes_is_reviewed_all_the_same(self):
        self.small.partner_id.active = False
        self.small.active = False
        self.assertIn("Small", self._on_agenda(self._section("biggest")))

    def test_a_branch_is_reviewed_with_its_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        review = (
            self.env["recouvrement.review"]
            .with_company(branch)
            .create({"section_ids": [Command.set(self._section("biggest").ids)]})
        )
        self.assertEqual(review.company_id, self.company)
        review.action_prepare()
        self.assertEqual(len(review.item_ids), 3)

    def test_preparing_takes_as_many_queries_for_many_debtors(self):
        sections = self.env["recouvrement.review.section"].search(
            [("kind", "=", "accounts")]
        )
        self.debtors = self.env["recouvrement.debtor"]
        self._prepared(sections)

        def count():
            review = self._make_review(sections)
            self.debtors._process_dirty()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review.action_prepare()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, len(review.item_ids)

        few, listed = count()
        for index in range(12):
            self._make_debtor(f"More {index}", items=((300 + index, -40),))
        many, listed_now = count()
        self.assertGreaterEqual(listed_now - listed, 6)
        self.assertLessEqual(many, few)


@tagged("post_install", "-at_install")
class TestReviewMeeting(ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor("Dubois", items=((1000, -40), (500, -10)))
        cls.collector = cls._make_user("collector")
        cls.debtor.collector_id = cls.collector
        cls.review = cls._prepared(day=0)
        cls.item = cls._item(cls.review, cls.debtor)

    # ------------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------------

    def test_figures_are_frozen_beside_the_present_ones(self):
        invoice = self.debtor.partner_id.invoice_ids.filtered(
            lambda move: move.amount_total == 1000
        )
        self._pay(invoice, 600)
        self.assertRecordValues(
            self.item,
            [
                {
                    "open_amount": 1500,
                    "overdue_amount": 1500,
                    "over_90_amount": 0,
                    "overdue_now": 900,
                    "change": -600,
                    "paid_since": 600,
                    "oldest_due_date": self._day(-40),
                }
            ],
        )

    def test_a_receipt_counts_before_it_is_matched_and_whatever_its_date(self):
        self._make_receipt(self.debtor.partner_id, 250, day=-5)
        self.assertEqual(self.item.paid_since, 250)
        self.assertEqual(self.item.overdue_now, 1500)

    def test_a_credit_note_is_no_receipt(self):
        note = self._make_credit_note(self.debtor.partner_id, 500)
        lines = self._items(note) | self._items(
            self.debtor.partner_id.invoice_ids.filtered(
                lambda move: (
                    move.amount_total == 500 and move.move_type == "out_invoice"
                )
            )
        )
        lines.reconcile()
        self.assertEqual(self.item.overdue_now, 1000)
        self.assertEqual(self.item.paid_since, 0)

    def test_receipts_of_another_currency_count_in_company_currency(self):
        other = self.setup_other_currency("GBP", rates=[("1900-01-01", 2.0)])
        invoice = self._make_invoice(
            self.debtor.partner_id, 200, due=-3, currency_id=other.id
        )
        self.assertEqual(self.item.overdue_now, 1600)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": self.today})
        )
        wizard._create_payments()
        self.assertEqual(self.item.paid_since, 100)

    def test_each_amount_opens_the_items_it_was_added_up_from(self):
        """Also after the ledger and the statuses changed; today's beside them."""
        partner = self._make_customer("Plusieurs états")
        invoices = [
            self._make_invoice(partner, amount, due=due)
            for amount, due in ((100, 30), (200, -10), (400, -120), (800, -5))
        ]
        self._make_receipt(partner, 50.0, -3)
        self._items(invoices[1])._set_collection_status("disputed", "Prices")
        debtor = self._debtor(partner)
        debtor._make_promise(800.0, self._day(9), self._items(invoices[3]))
        review = self._prepared()
        item = self._item(review, debtor)
        shown = {
            "open_amount": 1450,
            "overdue_amount": 1400,
            "over_90_amount": 400,
            "disputed_amount": 200,
            "promised_amount": 800,
            "credit_amount": 50,
        }
        make_past(self.env, ("recouvrement_review_item", "frozen_on"))
        self._check_opened(item, shown)
        self._pay(invoices[2])
        self._make_invoice(partner, 77.0, due=-20)
        self._items(invoices[1])._set_collection_status("to_chase", "Agreed")
        self._check_opened(item, shown)
        action = item.with_context(amount="received").action_open_amount()
        receipts = self.env["recouvrement.receipt"].search(action["domain"])
        self.assertEqual(sum(receipts.mapped("amount")), item.paid_since)
        self.assertEqual(item.paid_since, 400)
        now = item.with_context(amount="open_amount", now=1).action_open_amount()
        items = self.env["recouvrement.open.item"].search(now["domain"])
        item.invalidate_recordset()
        self.assertEqual(sum(items.mapped("amount_residual")), item.open_now)
        with self.assertRaises(UserError):
            item.with_context(amount="id").action_open_amount()

    def _check_opened(self, item, shown):
        for name, amount in shown.items():
            action = item.with_context(amount=name).action_open_amount()
            items = self.env["recouvrement.open.item"].with_context(**action["context"])
            total = sum(items.search(action["domain"]).mapped("amount_residual"))
            with self.subTest(amount=name):
                self.assertEqual(item[name], amount)
                self.assertEqual(abs(round(total, 2)), amount)
                self.assertNotIn("(", action["name"])

    def test_preparing_again_refreshes_the_figures_and_keeps_what_was_said(self):
        other = self._make_debtor("Later", items=((3000, -3),))
        self.item.discussion = "Waits for the credit note"
        self._pay(self.debtor.partner_id.invoice_ids[0])
        self.review.action_prepare()
        self.assertEqual(set(self.review.item_ids.debtor_id), {self.debtor, other})
        self.assertTrue(self.item.exists())
        self.assertEqual(self.item.discussion, "Waits for the credit note")
        self.assertEqual(self.item.overdue_amount, self.debtor.overdue_amount)
        self.assertEqual(self.item.paid_since, 0)

    def test_a_debtor_added_by_hand_comes_with_its_figures_and_stays(self):
        quiet = self._make_debtor("Quiet", items=((700, 30),))
        wizard = self.env["recouvrement.review.add"].create(
            {
                "review_id": self.review.id,
                "debtor_ids": [Command.set((quiet | self.debtor).ids)],
            }
        )
        wizard.action_confirm()
        item = self._item(self.review, quiet)
        self.assertRecordValues(
            item, [{"open_amount": 700, "overdue_amount": 0, "is_manual": True}]
        )
        self.assertIn("added by hand", item.reason)
        self.review.action_prepare()
        self.assertTrue(item.exists())
        self.assertEqual(len(self.review.item_ids), 2)

    def test_the_minutes_say_how_debtors_stood_at_the_meeting(self):
        self._make_receipt(self.debtor.partner_id, 250)
        paid = self.debtor.partner_id.invoice_ids.filtered(
            lambda move: move.amount_total == 500
        )
        self._pay(paid)
        self.debtor._process_dirty()
        self.debtor.invalidate_recordset()
        at_meeting = self.debtor.overdue_amount
        self.assertLess(at_meeting, 1500)
        received = self.item.paid_since
        self.item.discussion = "Paid in part"
        self.review.action_held()
        before = self.review._render_minutes(self.review.item_ids)
        self._make_invoice(self.debtor.partner_id, 5000, due=-2)
        self._make_receipt(self.debtor.partner_id, 70)
        self.debtor._process_dirty()
        self.item.invalidate_recordset()
        self.assertRecordValues(
            self.item,
            [
                {
                    "overdue_amount": 1500,
                    "held_overdue_amount": at_meeting,
                    "held_received": received,
                    "paid_since": received + 70,
                }
            ],
        )
        self.assertNotEqual(self.item.overdue_now, at_meeting)
        self.assertEqual(self.review._render_minutes(self.review.item_ids), before)

    def test_a_page_of_items_takes_as_many_queries_for_many_debtors(self):
        def count(review):
            fields = [
                "display_name",
                "reason",
                "overdue_now",
                "change",
                "paid_since",
                "paid_since_last_time",
                "decision_summary",
                "earlier_decision_ids",
                "may_edit",
            ]
            self.debtor._process_dirty()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review.item_ids.read(fields)
            return self.env.cr.sql_log_count - before

        count(self.review)
        few = count(self.review)
        for index in range(8):
            self._make_debtor(f"More {index}", items=((300, -40),))
        many = self._prepared()
        self.assertEqual(len(many.item_ids), 9)
        self.assertLessEqual(count(many), few)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_debtor_twice(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.item.sudo().create(
                {"review_id": self.review.id, "debtor_id": self.debtor.id}
            )

    # ------------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------------

    def test_one_click_decides_with_the_usual_owner_and_day(self):
        decision = self._decide(self.item, "chase")
        self.assertEqual(decision.owner_id, self.collector)
        self.assertGreaterEqual(decision.date_due, self._day(3))
        self.assertLess(decision.date_due.weekday(), 5)
        self.assertEqual(self.item.state, "discussed")

    def test_a_decision_becomes_an_activity_only_when_the_meeting_is_over(self):
        decision = self._decide(self.item, note="Call the director")
        self.assertFalse(decision.activity_id)
        self.review.action_held()
        activity = decision.activity_id
        self.assertRecordValues(
            activity,
            [
                {
                    "res_model": "recouvrement.debtor",
                    "res_id": self.debtor.id,
                    "user_id": self.collector.id,
                    "date_deadline": decision.date_due,
                }
            ],
        )
        self.assertIn("Call the director", activity.summary)
        later = self._decide(self.item, "block")
        self.assertTrue(later.activity_id)

    def test_many_decisions_become_activities_in_as_many_queries(self):
        def count(number):
            review = self._prepared()
            item = self._item(review, self.debtor)
            for _index in range(number):
                self._decide(item, "lawyer")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            review.action_held()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(12), count(3) + 12 * 2)

    def test_a_decision_is_done_when_its_activity_is(self):
        decision = self._decide(self.item)
        self.review.action_held()
        decision.activity_id.with_user(self.collector).action_feedback("Paid today")
        self.assertRecordValues(
            decision,
            [
                {
                    "state": "done",
                    "result": "Paid today",
                    "done_by_id": self.collector.id,
                    "done_on": self.today,
                }
            ],
        )

    def test_another_day_or_owner_moves_the_activity(self):
        decision = self._decide(self.item)
        self.review.action_held()
        self.review.action_send()
        first = decision.date_due
        decision.write({"date_due": self._day(30), "owner_id": self.env.user.id})
        self.assertEqual(decision.activity_id.date_deadline, self._day(30))
        self.assertEqual(decision.activity_id.user_id, self.env.user)
        self.assertEqual(decision.date_first, first)

    def test_a_decision_that_is_dropped_takes_its_activity_with_it(self):
        decision = self._decide(self.item)
        self.review.action_held()
        activity = decision.activity_id
        wizard = self.env["recouvrement.review.close"].create(
            {
                "decision_ids": [Command.set(decision.ids)],
                "outcome": "dropped",
                "result": "Paid",
            }
        )
        wizard.action_confirm()
        self.assertFalse(activity.exists())
        self.assertEqual(decision.state, "dropped")
        with self.assertRaises(UserError):
            decision.action_done("too late")

    def test_each_action_of_a_decision_opens_something(self):
        methods = self.env["recouvrement.review.decision.kind"]._get_action_methods()
        for code in methods:
            kind = self.env["recouvrement.review.decision.kind"].create(
                {"name": code, "action": code}
            )
            decision = self.item.decision_ids.browse(self.item.decide(kind.id))
            with self.subTest(action=code):
                self.assertTrue(decision.action_do()["type"])

    def test_the_history_of_the_debtor_tells_the_review(self):
        self.item.discussion = "Waits for the credit note"
        decision = self._decide(self.item)
        self.review.action_held()
        decision.action_done("Paid")
        events = self.debtor.event_ids.filtered(lambda event: event.kind == "review")
        self.assertEqual(len(events), 2)
        self.assertIn(self.review.name, events[-1].summary)
        self.assertEqual(events[-1].detail, "Waits for the credit note")
        kinds = {row["key"] for row in self.debtor._desk_timeline({})["kinds"]}
        self.assertIn("review", kinds)
        self.assertEqual(self.debtor.review_count, 1)

    # ------------------------------------------------------------------
    # MINUTES
    # ------------------------------------------------------------------

    def _sent(self):
        self.item.discussion = "Waits for the credit note"
        self._decide(self.item, note="Call the director")
        self.review.action_held()
        self.review.action_send()
        return self.review.minutes_ids

    def test_minutes_are_kept_and_sent_as_they_are(self):
        guest = self._make_customer("Billing colleague")
        self.review.participant_ids |= guest
        minutes = self._sent()
        self.assertEqual(len(minutes), 3)
        self.assertEqual(len(set(minutes.mapped("sha256"))), 1)
        for one in minutes:
            content = one._get_pdf()
            self.assertEqual(one.sha256, hashlib.sha256(content).hexdigest())
        text = content.decode()
        for part in ("Dubois", "Waits for the credit note", "Call the director"):
            self.assertIn(part, text)
        copy = minutes.filtered(lambda one: one.partner_id == guest)
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", copy.mail_message_id.id)]
        )
        self.assertEqual(mail.recipient_ids, guest)
        self.assertEqual(mail.attachment_ids, copy.attachment_id)
        self.assertEqual(copy.email, guest.email)
        self._deliver(mail)
        self.assertEqual(len(self._mails), 1)

    def test_who_must_do_something_reads_it_in_the_message(self):
        self.review.participant_ids |= self.collector.partner_id
        minutes = self._sent()
        bodies = {
            one.partner_id: one.mail_message_id.body
            for one in minutes
            if one.partner_id
        }
        self.assertIn("Call the director", bodies[self.collector.partner_id])
        self.assertNotIn("Call the director", bodies[self.env.user.partner_id])

    def test_a_document_that_was_changed_is_noticed(self):
        minutes = self._sent()[0]
        minutes.attachment_id.sudo().raw = b"something else"
        with self.assertRaises(UserError):
            minutes.action_download()

    def test_in_test_mode_the_participants_receive_nothing(self):
        self.company.recouvrement_test_mode = True
        self.company.recouvrement_test_email = False
        self.review.action_held()
        with self.assertRaises(UserError):
            self.review.action_send()
        self.company.recouvrement_test_email = "test@example.com"
        self.review.action_send()
        sent = self.review.minutes_ids.filtered("partner_id")
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", sent.mail_message_id.ids)]
        )
        self.assertFalse(mails.recipient_ids)
        self.assertEqual(set(mails.mapped("email_to")), {"test@example.com"})
        self.assertTrue(all(sent.mapped("is_test")))

    def test_a_participant_without_an_address_is_named_before_anything_leaves(self):
        guest = self._make_customer("No address", email=False)
        self.review.participant_ids |= guest
        self.review.action_held()
        with self.assertRaisesRegex(UserError, "No address"):
            self.review.action_send()
        self.assertFalse(self.review.minutes_ids)

    def test_what_was_sent_is_not_changed_any_more(self):
        self._sent()
        decision = self.item.decision_ids
        for record, values in (
            (self.review, {"conclusion": "Other"}),
            (self.review, {"participant_ids": [Command.clear()]}),
            (self.item, {"discussion": "Other"}),
            (decision, {"note": "Other"}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            self._decide(self.item, "block")
        with self.assertRaises(UserError):
            self.review.action_send()
        with self.assertRaises(UserError):
            self.review.minutes_ids.sudo().unlink()

    def test_minutes_of_a_meeting_that_did_not_take_place_are_not_sent(self):
        with self.assertRaises(UserError):
            self.review.action_send()

    def test_minutes_come_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        review = self._prepared()
        self.assertEqual(review.lang, "fr_FR")
        day = review._get_minutes_values()["day"]
        self.assertEqual(day(self.today), self.today.strftime("%d/%m/%Y"))

    # ------------------------------------------------------------------
    # CANCELLED
    # ------------------------------------------------------------------

    def test_a_cancelled_review_leaves_no_decision_behind(self):
        decision = self._decide(self.item)
        self.review.action_held()
        activity = decision.activity_id
        wizard = self.env["recouvrement.review.cancel"].create(
            {"review_ids": [Command.set(self.review.ids)], "reason": "Wrong month"}
        )
        wizard.action_confirm()
        self.assertFalse(activity.exists())
        self.assertEqual(decision.state, "dropped")
        self.assertEqual(self.review.cancel_reason, "Wrong month")
        following = self._prepared(day=1)
        item = self._item(following, self.debtor)
        self.assertFalse(item.is_carried)
        self.assertFalse(item.previous_id)

    def test_a_review_that_was_sent_is_not_cancelled(self):
        self._sent()
        with self.assertRaises(UserError):
            self.review.action_cancel("No")

    def test_only_a_draft_is_deleted(self):
        with self.assertRaises(UserError):
            self.review.unlink()
        self._make_review().unlink()


@tagged("post_install", "-at_install")
class TestReviewNext(ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor("Dubois", items=((1000, -40),))
        cls.review = cls._prepared(day=-30)
        cls.item = cls._item(cls.review, cls.debtor)
        cls.item.discussion = "Waits"

    def _hold(self):
        self.decision = self._decide(self.item, "lawyer")
        self.review.action_held()
        return self.decision

    def test_the_next_review_shows_what_was_decided_and_what_came_of_it(self):
        decision = self._hold()
        self._pay(self.debtor.partner_id.invoice_ids, 400)
        decision.action_done("Part paid")
        following = self.env["recouvrement.review"].browse(
            self.review.action_next()["res_id"]
        )
        item = self._item(following, self.debtor)
        self.assertEqual(item.previous_id, self.item)
        self.assertEqual(item.previous_discussion, "Waits")
        self.assertEqual(item.earlier_decision_ids, decision)
        self.assertEqual(item.paid_since_last_time, 400)
        self.assertEqual(item.paid_since, 0)
        self.assertEqual(decision.paid_since, 400)

    def test_open_decisions_carry_over_even_when_nothing_is_overdue_any_more(self):
        decision = self._hold()
        self._pay(self.debtor.partner_id.invoice_ids)
        following = self.review._make_next()
        item = self._item(following, self.debtor)
        self.assertTrue(item.is_carried)
        self.assertIn("still open", item.reason)
        decision.action_done("Paid")
        again = self._prepared()
        self.assertFalse(again.item_ids)

    def test_open_decisions_of_older_reviews_stay_in_view(self):
        decision = self._hold()
        second = self.review._make_next()
        second.action_held()
        third = second._make_next()
        item = self._item(third, self.debtor)
        self.assertEqual(item.earlier_decision_ids, decision)
        self.assertEqual(item.previous_id.review_id, second)

    def test_the_committee_does_not_mix_with_the_account_review(self):
        self._hold()
        committee = self._prepared(
            self._section("biggest", kind="committee"), kind="committee"
        )
        item = self._item(committee, self.debtor)
        self.assertFalse(item.is_carried)
        self.assertFalse(item.earlier_decision_ids)

    def test_the_next_review_keeps_people_and_sections_and_avoids_the_week_end(self):
        self._hold()
        guest = self._make_customer("Guest")
        self.review.participant_ids |= guest
        following = self.review._make_next()
        self.assertEqual(following.participant_ids, self.review.participant_ids)
        self.assertEqual(following.section_ids, self.review.section_ids)
        self.assertEqual(following.previous_id, self.review)
        self.assertLess(following.date.weekday(), 5)
        self.assertGreaterEqual(following.date, self.today)
        action = self.review.action_next()
        self.assertEqual(action["res_id"], following.id)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_next_review(self):
        self._hold()
        self.review._make_next()
        other = self._make_review()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            other.sudo().previous_id = self.review
            self.env.flush_all()

    def test_a_review_that_is_not_over_has_no_next(self):
        with self.assertRaises(UserError):
            self.review.action_next()

    def test_the_nightly_action_proposes_each_next_review_once(self):
        self._hold()
        model = self.env["recouvrement.review"]
        cron = self.env.ref("recouvrement_reporting.ir_cron_review_next")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        following = model.search([("previous_id", "=", self.review.id)])
        self.assertEqual(len(following), 1)
        self.assertEqual(following.state, "prepared")
        self.assertEqual(following.user_id, self.review.user_id)
        self.assertEqual(following.activity_ids.user_id, self.review.user_id)

    def test_an_organiser_without_the_right_any_more_keeps_no_other_from_its_review(
        self,
    ):
        cron = self.env.ref("recouvrement_reporting.ir_cron_review_next")
        gone = new_test_user(self.env, "test_gone", groups="base.group_user")
        theirs, ours = (self._make_review(day=-25) for _number in range(2))
        for review in (theirs, ours):
            review.action_prepare()
            review.action_held()
        theirs.sudo().user_id = gone
        with (
            self.assertLogs("odoo.addons.recouvrement_reporting", "WARNING"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.assertEqual((len(theirs.next_ids), len(ours.next_ids)), (0, 1))

    def test_a_review_far_ahead_or_not_repeated_is_not_proposed(self):
        self._hold()
        cron = self.env.ref("recouvrement_reporting.ir_cron_review_next")
        for values in ({"interval_months": 0}, {"interval_months": 6}):
            self.review.write(values)
            with self.subTest(**values), self.enter_registry_test_mode():
                cron.method_direct_trigger()
                self.assertFalse(self.review.next_ids)

    def test_the_summary_counts_what_the_month_decided_and_what_came_of_it(self):
        decision = self._hold()
        second = self._decide(self.item, "block")
        self._pay(self.debtor.partner_id.invoice_ids, 250)
        decision.action_done("Done")
        second.date_due = self._day(-2)
        period = Period(self._day(-31), self.today)
        summary = self.env["recouvrement.review"]._get_summary(self.company, period)
        self.assertEqual(
            summary["decisions"],
            {"taken": 2, "open": 1, "late": 1, "done": 1, "dropped": 0},
        )
        [row] = summary["reviews"]
        self.assertEqual((row["debtors"], row["discussed"]), (1, 1))
        self.assertEqual(summary["overdue"], Decimal("1000.00"))
        self.assertEqual(summary["received"], Decimal("250.00"))
        self.assertEqual(len(summary["kinds"]), 2)
        self.assertIsNone(summary["next"])
        before = Period(self._day(-31), self.today - timedelta(days=1))
        early = self.env["recouvrement.review"]._get_summary(self.company, before)
        self.assertEqual(early["decisions"]["open"], 2)
        empty = Period(self._day(-90), self._day(-60))
        nothing = self.env["recouvrement.review"]._get_summary(self.company, empty)
        self.assertEqual(nothing["reviews"], [])
        self.assertEqual(nothing["overdue"], Decimal(0))
