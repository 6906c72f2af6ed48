"""Insider relays: asked by activity or e-mail, answered, returned when overdue."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .access_common import AccessCommon


class RelayCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insider = cls.env["res.partner"].create(
            {"name": "Chantier Chef", "email": "chef@example.com", "lang": "en_US"}
        )

    def _ask(self, debtor=None, role="collector", **vals):
        debtor = debtor or self.own
        if not vals.get("partner_id"):
            vals.setdefault("user_id", self.users["salesperson"].id)
        return self._as(self.env["recouvrement.relay"], role)._ask(
            [
                {
                    "debtor_id": debtor.id,
                    "role": "salesperson",
                    "question": "Why is it unpaid?",
                    "date_due": self.today + timedelta(days=3),
                    **vals,
                }
            ]
        )

    def _ask_outside(self, **vals):
        return self._ask(partner_id=self.insider.id, role="collector", **vals)

    def _run_night(self):
        """The nightly job, without its commits."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60):
            self.env["recouvrement.relay"]._cron_follow_up()

    def _relay_mails(self, relay):
        return self.env["mail.mail"].search(
            [("mail_message_id", "=", relay.sudo().mail_message_id.id)]
        )


@tagged("post_install", "-at_install")
class TestRelay(RelayCommon):
    # ------------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------------

    def test_a_user_gets_an_activity_on_the_debtor(self):
        action = self._as(self.own, "collector").action_relay()
        model = self._as(self.env[action["res_model"]], "collector")
        form = Form(model.with_context(**action["context"]))
        self.assertEqual(form.role, "salesperson")
        self.assertEqual(form.user_id, self.users["salesperson"])
        self.assertIn("Own", form.question)
        form.save().action_confirm()
        relay = self.own.relay_ids
        self.assertRecordValues(
            relay.activity_id,
            [
                {
                    "user_id": self.users["salesperson"].id,
                    "res_model": "recouvrement.debtor",
                    "res_id": self.own.id,
                    "date_deadline": relay.date_due,
                }
            ],
        )
        self.assertIn("/recouvrement/relay/", relay.activity_id.note)
        self.assertEqual(relay.asked_by_id, self.users["collector"])
        self.assertIn("relay", self.own.event_ids.mapped("kind"))
        self.assertFalse(relay.mail_message_id)

    def test_a_person_without_a_user_gets_an_email_with_a_link(self):
        relay = self._ask_outside()
        [mail] = self._deliver(self._relay_mails(relay))
        self.assertEqual(mail["email_to"], ['"Chantier Chef" <chef@example.com>'])
        self.assertIn(relay.sudo().link_id._get_url(), mail["body"])
        self.assertIn("Why is it unpaid?", mail["body"])
        self.assertFalse(relay.activity_id)
        self.assertTrue(relay.sudo().mail_message_id.is_internal)

    def test_in_test_mode_only_the_test_address_is_written_to(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "essais@example.com",
            }
        )
        relay = self._ask_outside()
        [mail] = self._deliver(self._relay_mails(relay))
        self.assertEqual(mail["email_to"], ["essais@example.com"])
        self.assertIn("TEST", mail["subject"])
        self.assertTrue(relay.is_test)
        self.company.recouvrement_test_email = False
        with self.assertRaises(UserError):
            self._ask_outside()

    def test_nobody_is_asked_who_cannot_be_written_to(self):
        self.insider.email = False
        with self.assertRaises(UserError):
            self._ask_outside()

    def test_an_email_that_does_not_leave_comes_back(self):
        relay = self._ask_outside()
        self._deliver(self._relay_mails(relay), failure=OSError("connection lost"))
        self.assertEqual(relay.state, "returned")
        self.assertEqual(relay.return_reason, "connection lost")
        self.assertEqual(self.own.relay_overdue_count, 1)

    def test_the_person_of_a_role_is_remembered(self):
        action = self._as(self.own, "collector").action_relay()
        model = self._as(self.env[action["res_model"]], "collector")
        form = Form(model.with_context(**action["context"]))
        form.role = "technical_manager"
        form.person_kind = "partner"
        form.partner_id = self.insider
        form.remember = True
        form.save().action_confirm()
        self.assertEqual(self.own.technical_manager_partner_id, self.insider)
        form = Form(model.with_context(**action["context"]))
        form.role = "technical_manager"
        self.assertEqual(form.person_kind, "partner")
        self.assertEqual(form.partner_id, self.insider)

    def test_the_items_are_those_chosen_else_what_is_overdue(self):
        paid = self._make_invoice(self.own.partner_id, 70, due=-5)
        item = self._items(paid)
        relay = self._ask(move_line_ids=[Command.set(item.ids)]).sudo()
        items, count = relay._get_items()
        self.assertEqual((items.ids, count), (item.ids, 1))
        self._pay(paid)
        self.assertEqual(relay._get_items()[1], 0, "paid meanwhile")
        items, _count = self._ask().sudo()._get_items()
        self.assertEqual(set(items.mapped("amount_residual_currency")), {1000.0, 500.0})

    # ------------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------------

    def test_marking_the_activity_as_done_answers(self):
        relay = self._ask()
        activity = relay.sudo().activity_id.with_user(self.users["salesperson"])
        activity.action_feedback(feedback="Their boss is back on Monday")
        self.assertRecordValues(
            relay,
            [
                {
                    "state": "answered",
                    "answer": "Their boss is back on Monday",
                    "answer_outcome": "passed_on",
                    "is_handled": False,
                }
            ],
        )
        self.assertEqual(self.own.relay_answer_count, 1)
        notice = relay.sudo().notice_activity_id
        self.assertEqual(notice.user_id, self.users["collector"])
        self.assertIn("boss is back", notice.note)

    def test_the_person_asked_answers_in_the_dialog(self):
        relay = self._as(self._ask(), "salesperson")
        action = relay.action_answer()
        model = self._as(self.env[action["res_model"]], "salesperson")
        form = Form(model.with_context(**action["context"]))
        form.outcome = "will_pay"
        form.answer_date = self.today + timedelta(days=5)
        form.save().action_confirm()
        self.assertRecordValues(
            relay,
            [{"state": "answered", "answer_date": self.today + timedelta(days=5)}],
        )
        self.assertFalse(relay.sudo().activity_id.active)
        event = self.own.event_ids.filtered(lambda e: "answered by" in e.summary)
        self.assertEqual(event.user_id, self.users["salesperson"])

    def test_a_relay_is_answered_once(self):
        relay = self._ask().sudo()
        relay._answer("cannot_help")
        with self.assertRaises(UserError):
            relay._answer("passed_on")
        self.assertEqual(relay.answer_outcome, "cannot_help")

    def test_an_answer_says_what_it_must(self):
        relay = self._ask().sudo()
        for outcome, text, day in (
            ("will_pay", "soon", False),
            ("dispute", " ", False),
            ("technical", False, False),
            ("nonsense", "x", False),
        ):
            with self.subTest(outcome=outcome), self.assertRaises(UserError):
                relay._answer(outcome, text, day)
        self.assertEqual(relay.state, "asked")

    def test_the_night_writes_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        relay = self._ask()
        relay.sudo().date_due = self.today - timedelta(days=1)
        self._run_night()
        summary = relay.sudo().notice_activity_id.summary
        self.assertIn("Pas de réponse", summary)
        [event] = self.own.event_ids.filtered(lambda e: e.kind == "relay")[:1]
        self.assertIn("Relais sans réponse", event.summary)

    def test_the_activity_note_of_the_collector_is_escaped(self):
        relay = self._ask().sudo()
        relay._answer("dispute", "<script>alert(1)</script> & more")
        self.assertNotIn("<script>", relay.notice_activity_id.note)
        self.assertIn("&lt;script&gt;", relay.notice_activity_id.note)

    def test_a_handled_answer_leaves_the_worklist(self):
        relay = self._ask()
        relay.sudo()._answer("cannot_help")
        self._as(relay, "collector").action_handle()
        self.assertTrue(relay.is_handled)
        self.assertEqual(self.own.relay_answer_count, 0)
        self.assertFalse(relay.sudo().notice_activity_id.active)

    def test_doing_the_activity_of_the_collector_handles(self):
        relay = self._ask()
        relay.sudo()._answer("cannot_help")
        relay.sudo().notice_activity_id.action_feedback()
        self.assertTrue(relay.is_handled)
        self.assertEqual(self.own.relay_answer_count, 0)

    # ------------------------------------------------------------------
    # NO ANSWER
    # ------------------------------------------------------------------

    def test_one_reminder_on_the_eve_then_back_to_the_collector(self):
        relay = self._ask_outside()
        first = self._relay_mails(relay)
        with freeze_time(self.today + timedelta(days=1)):
            self._run_night()
        self.assertFalse(relay.date_reminded)
        for day in (2, 3):
            with freeze_time(self.today + timedelta(days=day)):
                self._run_night()
        self.assertEqual(relay.date_reminded, self.today + timedelta(days=2))
        second = self._relay_mails(relay)
        self.assertNotEqual(first, second)
        self.assertEqual(relay.state, "asked")
        with freeze_time(self.today + timedelta(days=4)):
            self._run_night()
            self._run_night()
        self.assertEqual(relay.state, "returned")
        self.assertEqual(self.own.relay_overdue_count, 1)
        notice = relay.sudo().notice_activity_id
        self.assertEqual(notice.user_id, self.users["collector"])
        events = self.own.event_ids.filtered(lambda e: "without an answer" in e.summary)
        self.assertEqual(len(events), 1)

    def test_a_late_answer_is_taken(self):
        relay = self._ask_outside()
        with freeze_time(self.today + timedelta(days=4)):
            self._run_night()
            relay.sudo()._answer("passed_on", "At last")
        self.assertEqual(relay.state, "answered")
        self.assertEqual(self.own.relay_overdue_count, 0)
        self.assertEqual(self.own.relay_answer_count, 1)

    def test_a_cancelled_activity_comes_back(self):
        relay = self._ask()
        relay.sudo().activity_id.unlink()
        self.assertEqual(relay.state, "returned")
        self.assertEqual(self.own.relay_overdue_count, 1)

    def test_a_substitute_is_told(self):
        self.own.sudo().substitute_id = self.other_collector
        relay = self._ask()
        relay.sudo()._answer("cannot_help")
        self.assertEqual(relay.sudo().notice_activity_id.user_id, self.other_collector)

    def test_withdrawing_closes_the_link_and_the_activity(self):
        relay = self._ask()
        activity = relay.sudo().activity_id
        self._as(relay, "collector").action_cancel()
        self.assertEqual(relay.state, "cancelled")
        self.assertTrue(relay.sudo().link_id.revoked)
        self.assertFalse(activity.exists())
        with self.assertRaises(UserError):
            relay.sudo()._answer("passed_on")

    # ------------------------------------------------------------------
    # REMINDERS BY RELAY
    # ------------------------------------------------------------------

    def _relay_campaign(self, **debtor):
        self.levels[1].write({"channel": "relay", "relay_role": "technical_manager"})
        self.levels[1].call_script = "Ask them to pay."
        made = self._make_debtor("Relayed")
        made.write(debtor)
        with self.mock_mail_gateway():
            self._run_campaign()
        return made, self._reminders(made)

    def test_a_reminder_by_a_person_without_a_user(self):
        debtor, reminder = self._relay_campaign(
            technical_manager_partner_id=self.insider.id
        )
        relay = debtor.relay_ids
        self.assertEqual(reminder.state, "queued")
        self.assertEqual(relay.reminder_id, reminder)
        self.assertEqual(relay.question, "Ask them to pay.")
        self.assertEqual(relay.move_line_ids, reminder.line_ids.move_line_id)
        self._deliver(self._relay_mails(relay))
        self.assertEqual(reminder.state, "queued", "the e-mail alone proves nothing")
        relay.sudo()._answer("passed_on", "Told them")
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Told them", reminder.outcome)

    def test_a_person_without_an_address_reaches_nobody(self):
        self.insider.email = False
        self.levels[1].write({"channel": "relay", "relay_role": "technical_manager"})
        debtor = self._make_debtor("Relayed")
        debtor.technical_manager_partner_id = self.insider
        self.assertEqual(self._decisions(debtor).reason, "contact_missing")
        self.insider.email = "chef@example.com"
        self.assertEqual(self._decisions(debtor).reason, "chase")

    def test_a_reminder_by_a_user_is_proven_by_the_answer(self):
        debtor, reminder = self._relay_campaign(
            technical_manager_id=self.users["salesperson"].id,
            technical_manager_partner_id=self.insider.id,
        )
        relay = debtor.relay_ids
        self.assertEqual(relay.user_id, self.users["salesperson"])
        self.assertEqual(reminder.activity_id, relay.activity_id)
        relay.sudo()._answer("dispute", "Wrong quantity")
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Wrong quantity", reminder.outcome)

    def test_a_withdrawn_relay_is_no_reminder(self):
        debtor, reminder = self._relay_campaign(
            technical_manager_partner_id=self.insider.id
        )
        debtor.relay_ids.action_cancel()
        self.assertEqual(reminder.state, "failed")
        self.assertIn("Withdrawn", reminder.failure_reason)

    def test_many_relays_take_a_constant_number_of_queries_each(self):
        def cost(count):
            values = [
                {
                    "debtor_id": self.own.id,
                    "role": "other",
                    "partner_id": self.insider.id,
                    "question": "?",
                    "date_due": self.today,
                }
            ] * count
            relays = self.env["recouvrement.relay"]._ask(values)
            self.env.flush_all()
            self._run_night()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(self.today + timedelta(days=1)):
                self._run_night()
                self.env.flush_all()
            self.assertEqual(set(relays.mapped("state")), {"returned"})
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertLess(cost(40) - cost(10), 30 * 12)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_who_is_asked_sees_the_question_about_any_customer(self):
        relay = self._as(self._ask(self.nobodys), "salesperson")
        self.assertEqual(relay.read(["question"])[0]["question"], "Why is it unpaid?")
        other = self._ask(self.foreign, role="manager", partner_id=self.insider.id)
        with self.assertRaises(AccessError):
            self._as(other, "salesperson").read(["question"])

    def test_nobody_asks_or_answers_for_others(self):
        wizard = self._as(self.env["recouvrement.relay.wizard"], "collector")
        for debtor in (self.foreign, self.elsewhere):
            with self.assertRaises(AccessError):
                wizard.create(
                    {
                        "debtor_id": debtor.id,
                        "role": "other",
                        "person_kind": "user",
                        "user_id": self.users["salesperson"].id,
                        "question": "?",
                        "date_due": self.today,
                    }
                ).action_confirm()
        relay = self._ask(partner_id=self.insider.id)
        answers = self._as(self.env["recouvrement.relay.answer"], "salesperson")
        with self.assertRaises(AccessError):
            answers.create(
                {"relay_id": relay.id, "outcome": "passed_on"}
            ).action_confirm()
        for vals in ({"state": "answered"}, {"answer": "x"}, {"question": "x"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._rpc("manager", relay, "write", vals)
        with self.assertRaises(AccessError):
            self._as(relay, "auditor").action_handle()
        with self.assertRaises(UserError):
            relay.sudo().unlink()

    def test_a_user_without_a_role_answers_through_the_activity(self):
        ordinary = new_test_user(
            self.env,
            "test_foreman",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        relay = self._ask(user_id=ordinary.id).sudo()
        relay.activity_id.with_user(ordinary).action_feedback(feedback="Done")
        self.assertEqual(relay.state, "answered")

    def test_the_question_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.insider.lang = "fr_FR"
        relay = self._ask_outside()
        self.assertEqual(relay.lang, "fr_FR")
        self.assertEqual(
            fields.Date.to_string(relay.date_due),
            fields.Date.to_string(self.today + timedelta(days=3)),
        )
