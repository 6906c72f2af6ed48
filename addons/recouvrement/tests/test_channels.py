"""How reminders leave by each channel, and what proves it."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.pdf import PdfReader

from .common import RecouvrementCommon

BOUNCE = """\
From: MAILER-DAEMON <mailer-daemon@example.com>
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary="BB"

--BB
Content-Type: text/plain

User unknown.
--BB
Content-Type: message/delivery-status

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1

--BB
Content-Type: message/rfc822

Message-Id: {message_id}
Subject: Reminder

--BB--
"""


class ChannelCommon(RecouvrementCommon):
    def _sent_by(self, channel, count=1, **level):
        """Reminders sent by a channel to as many debtors."""
        self.levels[1].write({"channel": channel, **level})
        for number in range(count):
            self._make_debtor(f"{channel.title()} Debtor {number}")
        run = self._run_campaign()
        reminders = run.reminder_ids.sorted("id")
        self.assertEqual(len(reminders), count)
        return reminders


@tagged("post_install", "-at_install")
class TestEmailChannel(ChannelCommon):
    def test_an_email_is_a_reminder_only_when_the_server_took_it(self):
        reminder = self._sent_by("email")
        self.assertEqual(reminder.state, "queued")
        self.assertFalse(reminder.date_sent)
        [mail] = self._deliver()
        self.assertRecordValues(
            reminder, [{"state": "sent", "date_sent": self.today, "is_test": False}]
        )
        self.assertEqual(
            mail["email_to"], ['"Email Debtor 0" <emaildebtor0@example.com>']
        )
        self.assertEqual(mail["subject"], reminder._format_amount(1000.0))
        self.assertIn("Email Debtor 0", mail["body"])
        event = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "reminder")
        self.assertRecordValues(event, [{"reminder_id": reminder.id, "amount": 1000.0}])

    def test_the_email_comes_from_the_collector(self):
        collector = self._make_user("collector")
        self.company.recouvrement_default_collector_id = collector
        reminder = self._sent_by("email")
        self.assertEqual(reminder.collector_id, collector)
        [mail] = self._deliver()
        self.assertEqual(mail["email_from"], collector.email_formatted)
        self.assertEqual(reminder.mail_message_id.author_id, collector.partner_id)

    def test_the_message_is_on_the_debtors_thread_and_answers_come_back_to_it(self):
        self._init_gateway()
        reminder = self._sent_by("email")
        debtor = reminder.debtor_id
        [mail] = self._deliver()
        self.assertIn(self.alias_domain.catchall_email, mail["reply_to"])
        self.assertIn(reminder.mail_message_id, debtor.message_ids)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                False,
                f"From: {debtor.email}\nTo: {mail['reply_to']}\nSubject: Re: reminder\n"
                f"Message-Id: <answer-1@example.com>\n"
                f"In-Reply-To: {reminder.mail_message_id.message_id}\n\nPaid Friday.",
            )
        self.assertTrue(debtor.answered)
        self.assertEqual(debtor.message_ids[0].parent_id, reminder.mail_message_id)
        self.assertIn("answer", debtor.event_ids.mapped("kind"))

    def _init_gateway(self):
        self.alias_domain = self.env["mail.alias.domain"].create(
            {"name": "desk.example.com"}
        )
        self.company.alias_domain_id = self.alias_domain

    def test_a_refused_email_is_no_reminder_and_does_not_escalate(self):
        reminder = self._sent_by("email")
        self._deliver(failure=OSError("connection lost"))
        self.assertRecordValues(
            reminder,
            [
                {
                    "state": "failed",
                    "failure_reason": "connection lost",
                    "date_sent": False,
                }
            ],
        )
        debtor = reminder.debtor_id
        self.assertFalse(debtor.last_reminder_date)
        self.assertIn("failure", debtor.event_ids.mapped("kind"))
        self.assertEqual(
            reminder.mail_message_id.notification_ids.notification_status, "exception"
        )
        again = self._propose().reminder_ids
        self.assertRecordValues(again, [{"debtor_id": debtor.id, "rank": 1}])

    def test_a_mail_server_that_is_down_fails_every_email(self):
        reminders = self._sent_by("email", 3)
        mails = self._queued_mails()
        with (
            self.mock_mail_gateway(),
            patch.object(
                type(self.env["ir.mail_server"]),
                "_connect__",
                side_effect=OSError("no route to host"),
            ),
        ):
            mails.send()
        self.assertEqual(set(reminders.mapped("state")), {"failed"})
        self.assertEqual(set(reminders.mapped("failure_reason")), {"no route to host"})
        reminders.action_retry()
        self._deliver()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_a_bounce_fails_a_reminder_that_was_sent(self):
        self._init_gateway()
        reminder = self._sent_by("email")
        self._deliver()
        self.assertEqual(reminder.debtor_id.reached_rank, 1)
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                False,
                BOUNCE.format(
                    bounce=self.alias_domain.bounce_email,
                    recipient=reminder.partner_id.email,
                    message_id=reminder.mail_message_id.message_id,
                ),
            )
        self.assertEqual(reminder.state, "failed")
        self.assertIn(reminder.partner_id.email, reminder.failure_reason)
        self.assertEqual(reminder.debtor_id.reached_rank, 0)
        self.assertFalse(reminder.debtor_id.last_reminder_date)
        self.assertEqual(
            reminder.mail_message_id.notification_ids.notification_status, "bounce"
        )
        self.assertEqual(self._propose().reminder_ids.rank, 1)

    def test_a_cancelled_or_deleted_email_is_no_reminder(self):
        cancelled, deleted = self._sent_by("email", 2)
        mails = self._queued_mails()
        by_message = {mail.mail_message_id: mail for mail in mails}
        by_message[cancelled.mail_message_id].cancel()
        by_message[deleted.mail_message_id].unlink()
        self.assertEqual(cancelled.state, "failed")
        self.assertEqual(deleted.state, "failed")

    def test_the_email_of_a_failed_reminder_does_not_leave_later(self):
        reminder = self._sent_by("email")
        mails = self._queued_mails()
        self._deliver(failure=OSError("connection lost"))
        self.assertEqual(mails.state, "exception")
        with self.assertRaisesRegex(UserError, "Retry"):
            mails.action_retry()
        self.assertEqual(mails.state, "exception")
        self.assertEqual(reminder.state, "failed")

    def test_test_mode_reaches_the_test_address_only(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "desk@example.com",
            }
        )
        reminders = self._sent_by("email", 2)
        mails = self._deliver()
        self.assertEqual(
            [mail["email_to"] for mail in mails], [["desk@example.com"]] * 2
        )
        self.assertTrue(all(not mail.get("email_cc") for mail in mails))
        for name in reminders.mapped("partner_id.name"):
            [subject] = [m["subject"] for m in mails if name in m["subject"]]
            self.assertIn("TEST", subject)
        self.assertFalse(reminders.mail_message_id.notification_ids.res_partner_id)
        self.assertFalse(reminders.mail_message_id.partner_ids)
        self.assertEqual(reminders.mapped("is_test"), [True, True])
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.company.recouvrement_test_mode = False
        self.assertEqual(set(reminders.mapped("state")), {"cancelled"})
        self.assertEqual(len(self._propose().reminder_ids), 2)

    def test_test_mode_without_an_address_sends_nothing_and_says_why(self):
        self.company.recouvrement_test_mode = True
        self.company.recouvrement_test_email = False
        reminder = self._sent_by("email")
        self.assertEqual(reminder.state, "failed")
        self.assertIn("no test address", reminder.failure_reason)
        self.assertFalse(self._queued_mails())

    def test_test_mode_counts_at_the_moment_of_sending(self):
        self._make_debtor("Late Test")
        run = self._propose()
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        self._send_run(run)
        [mail] = self._deliver()
        self.assertEqual(mail["email_to"], ["t@example.com"])
        self.assertTrue(run.reminder_ids.is_test)

    def test_test_mode_holds_back_what_is_in_the_mail_queue(self):
        reminder = self._sent_by("email")
        self.company.recouvrement_test_mode = True
        self.assertEqual(reminder.state, "failed")
        self.assertFalse(self._queued_mails())

    def test_the_history_names_who_approved_what_the_mail_queue_sent(self):
        reminder = self._sent_by("email")
        self._deliver(self._queued_mails().with_user(SUPERUSER_ID))
        event = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "reminder")
        self.assertEqual(event.user_id, self.env.user)

    def test_an_address_removed_since_the_proposal_fails_with_the_reason(self):
        debtor = self._make_debtor("No Address")
        other = self._make_debtor("With Address")
        run = self._propose()
        debtor.partner_id.email = False
        self._send_run(run)
        self.assertRecordValues(
            self._reminders(debtor) + self._reminders(other),
            [{"state": "failed"}, {"state": "queued"}],
        )
        self.assertIn("no valid e-mail", self._reminders(debtor).failure_reason)

    def test_a_text_that_fails_for_one_debtor_stops_only_that_one(self):
        self.template.body_html = (
            '<p><t t-out="1 / (object.amount_net - 13)"/>'
            '<t t-out="object._format_amount(object.amount_net)"/></p>'
        )
        unlucky = self._make_debtor("Unlucky", [(13, -10)])
        others = [self._make_debtor(f"Fine {i}", [(100 + i, -10)]) for i in range(3)]
        run = self._run_campaign()
        failed = self._reminders(unlucky)
        self.assertEqual(failed.state, "failed")
        self.assertIn("division by zero", failed.failure_reason)
        self.assertEqual(run.failed_count, 1)
        self._deliver()
        for debtor in others:
            self.assertEqual(self._reminders(debtor).state, "sent")

    def test_a_text_edited_by_hand_leaves_as_edited(self):
        self._make_debtor("Edited")
        run = self._propose()
        run.reminder_ids.write({"subject": "My subject", "body": "<p>My words</p>"})
        self._send_run(run)
        [mail] = self._deliver()
        self.assertEqual(mail["subject"], "My subject")
        self.assertIn("My words", mail["body"])

    def test_each_text_is_in_the_language_of_its_addressee(self):
        for lang in ("fr_FR", "en_US"):
            self.env["res.lang"]._activate_lang(lang)
        self.template.with_context(lang="fr_FR").subject = "Rappel"
        self.template.with_context(lang="en_US").subject = "Reminder"
        for name, lang in (("French", "fr_FR"), ("English", "en_US")):
            self._make_debtor(name, lang=lang)
        self._run_campaign()
        self.assertEqual(
            {
                mail["email_to"][0].split('"')[1]: mail["subject"]
                for mail in self._deliver()
            },
            {"French": "Rappel", "English": "Reminder"},
        )

    def test_statement_and_invoices_go_along_when_the_level_says_so(self):
        reminder = self._sent_by("email", include_statement=True, include_invoices=True)
        [mail] = self._deliver()
        names = [name for name, _content, _type in mail["attachments"]]
        invoice = reminder.line_ids.move_line_id.move_id
        self.assertEqual(len(names), 2)
        self.assertIn(f"R{reminder.id}", names[0])
        self.assertIn(invoice.name.replace("/", "_"), names[1])
        statement = mail["attachments"][0][1].decode()
        self.assertIn(invoice.name, statement)

    def test_an_invoice_that_was_sent_goes_along_as_it_was_sent(self):
        debtor = self._make_debtor("Copy")
        self.levels[1].include_invoices = True
        invoice = debtor.partner_id.invoice_ids
        self.env["ir.attachment"].create(
            {
                "name": "original.pdf",
                "raw": b"%PDF-original",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id"])
        self._run_campaign()
        [mail] = self._deliver()
        self.assertEqual(
            [(name, content) for name, content, _type in mail["attachments"]],
            [("original.pdf", b"%PDF-original")],
        )

    def test_many_statements_are_printed_in_one_run_and_cut(self):
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed")
        for number in range(3):
            items = [(100 + i, -10) for i in range(1 + 60 * (number == 1))]
            self._make_debtor(f"Statement {number}", items)
        reminders = self._propose().reminder_ids.sorted(lambda one: one.debtor_id.id)
        engine = type(reports)._run_wkhtmltopdf
        runs = []

        def run(self, bodies, *args, **kwargs):
            runs.append(len(bodies))
            return engine(self, bodies, *args, **kwargs)

        with (
            patch.object(type(reports), "_run_wkhtmltopdf", run),
            self.allow_pdf_render(),
        ):
            printed = reminders.with_context(
                force_report_rendering=True
            )._render_statements()
        self.assertEqual(runs, [1])
        self.assertEqual(set(printed), set(reminders.ids))
        pages = {}
        for reminder in reminders:
            content, kind = printed[reminder.id]
            self.assertEqual(kind, "pdf")
            texts = self._pdf_pages(content)
            pages[reminder] = len(texts)
            self.assertIn(reminder._get_statement_mark(), texts[0])
            for line in reminder.line_ids:
                self.assertIn("".join(line.name.split()), "".join(texts))
        self.assertEqual(list(pages.values())[0], 1)
        self.assertGreater(list(pages.values())[1], 1)

    def _pdf_pages(self, content):
        return [
            "".join(page.extract_text().split())
            for page in PdfReader(io.BytesIO(content)).pages
        ]

    def test_the_number_of_queries_does_not_grow_with_the_batch(self):
        counts = {}
        for size in (5, 10, 50):
            for number in range(size):
                self._make_debtor(f"Query {size} {number}")
            run = self._propose()
            run.action_approve_all()
            reminders = run.reminder_ids
            self.assertEqual(len(reminders), size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            reminders._send()
            self.env.flush_all()
            counts[size] = self.env.cr.sql_log_count - before
            self.assertEqual(set(reminders.mapped("state")), {"queued"})
        self.assertLessEqual(counts[50], counts[10] + 5, counts)


@tagged("post_install", "-at_install")
class TestLetterChannel(ChannelCommon):
    def test_letters_are_one_file_and_wait_for_the_post(self):
        reminders = self._sent_by("letter", 3)
        run = reminders.run_id
        self.assertEqual(set(reminders.mapped("state")), {"queued"})
        self.assertEqual(len(run.document_ids), 1)
        self.assertEqual(reminders.document_id, run.document_ids)
        html = run.document_ids.raw.decode()
        for reminder in reminders:
            self.assertIn(reminder.partner_id.name, html)
        self.assertEqual(run.letters_to_post_count, 3)
        self.assertIn(str(run.document_ids.id), run.action_print_letters()["url"])

    def test_a_file_holds_a_hundred_letters_at_most(self):
        path = "odoo.addons.recouvrement.models.channel_letter.LETTERS_PER_DOCUMENT"
        with patch(path, 2):
            reminders = self._sent_by("letter", 5)
        sizes = [len(r) for r in reminders.grouped("document_id").values()]
        self.assertEqual(sorted(sizes), [1, 2, 2])

    def test_delays_count_from_the_day_of_posting(self):
        reminders = self._sent_by("letter", 2)
        reminders.sudo().date_queued = fields.Datetime.now() - timedelta(days=4)
        wizard = self._open_wizard(reminders.run_id.action_letters_posted())
        wizard.day = self.today - timedelta(days=3)
        wizard.action_confirm()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(set(reminders.mapped("date_sent")), {wizard.day})
        self.assertEqual(
            reminders[0].debtor_id.last_reminder_date, self.today - timedelta(days=3)
        )

    def _open_wizard(self, action):
        return Form(
            self.env[action["res_model"]].with_context(**action["context"])
        ).save()

    def test_letters_are_not_posted_in_the_future_nor_before_they_were_printed(self):
        reminders = self._sent_by("letter")
        wizard = self._open_wizard(reminders.action_letters_posted())
        for days in (1, -1):
            wizard.day = self.today + timedelta(days=days)
            with self.subTest(days=days), self.assertRaises(UserError):
                wizard.action_confirm()
        self.assertEqual(reminders.state, "queued")

    def test_a_registered_letter_needs_its_number_then_takes_its_proof(self):
        reminder = self._sent_by("registered")
        wizard = self._open_wizard(reminder.action_letters_posted())
        with self.assertRaisesRegex(UserError, "Registered Debtor 0"):
            wizard.action_confirm()
        wizard.registered_ids.tracking_number = "2C 000 111"
        wizard.action_confirm()
        self.assertRecordValues(
            reminder, [{"state": "sent", "tracking_number": "2C 000 111"}]
        )
        proof = self.env["recouvrement.registered.proof"].create(
            {
                "reminder_id": reminder.id,
                "date_received": self.today,
                "scan": base64.b64encode(b"%PDF-scan"),
                "scan_name": "receipt.pdf",
            }
        )
        proof.action_confirm()
        self.assertEqual(reminder.date_received, self.today)
        self.assertEqual(reminder.proof_ids.raw, b"%PDF-scan")
        event = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "receipt")
        self.assertIn("2C 000 111", event.detail)

    def test_a_receipt_before_the_posting_is_refused(self):
        reminder = self._sent_by("registered")
        proof = self.env["recouvrement.registered.proof"].create(
            {"reminder_id": reminder.id, "date_received": self.today}
        )
        with self.assertRaises(UserError):
            proof.action_confirm()
        reminder._confirm_sent(tracking_number="1")
        proof.date_received = self.today - timedelta(days=1)
        with self.assertRaises(UserError):
            proof.action_confirm()

    def test_a_letter_that_cannot_be_printed_fails_alone(self):
        for number in range(3):
            self._make_debtor(f"Printed {number}", [(1000, -35)])
        self.levels[1].channel = "letter"
        run = self._propose()
        broken = run.reminder_ids[1]
        channel = type(self.env["recouvrement.channel.letter"])
        render = channel._render_letters

        def fail_for_one(channel, reminders):
            if broken in reminders:
                raise ValueError("printer on fire")
            return render(channel, reminders)

        with (
            patch.object(channel, "_render_letters", fail_for_one),
            self.assertLogs("odoo.addons.recouvrement", "ERROR"),
        ):
            self._send_run(run)
        self.assertEqual(broken.state, "failed")
        self.assertIn("printer on fire", broken.failure_reason)
        self.assertEqual(set((run.reminder_ids - broken).mapped("state")), {"queued"})

    def test_an_address_made_incomplete_since_the_proposal_fails(self):
        debtor = self._make_debtor("Moved Away", [(1000, -10)])
        self.levels[1].channel = "letter"
        run = self._propose()
        debtor.partner_id.street = False
        self._send_run(run)
        self.assertIn("postal address", run.reminder_ids.failure_reason)
        self.assertFalse(run.document_ids)

    def test_a_test_letter_is_marked_and_forgotten(self):
        self.company.recouvrement_test_mode = True
        reminder = self._sent_by("letter")
        self.assertIn("TEST", reminder.document_id.raw.decode())
        self._open_wizard(reminder.action_letters_posted()).action_confirm()
        self.assertRecordValues(reminder, [{"state": "sent", "is_test": True}])
        self.company.recouvrement_test_mode = False
        self.assertEqual(reminder.state, "cancelled")


@tagged("post_install", "-at_install")
class TestActivityChannels(ChannelCommon):
    def test_a_call_is_an_activity_of_the_collector_with_script_and_items(self):
        collector = self._make_user("collector")
        self.company.recouvrement_default_collector_id = collector
        with self.mock_mail_gateway():
            reminder = self._sent_by("call", call_script="Ask for Mrs Martin.")
        activity = reminder.activity_id
        self.assertRecordValues(
            activity,
            [
                {
                    "user_id": collector.id,
                    "res_model": "recouvrement.debtor",
                    "res_id": reminder.debtor_id.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                }
            ],
        )
        self.assertIn("Ask for Mrs Martin.", activity.note)
        self.assertIn(reminder.line_ids.name, activity.note)
        self.assertIn("+33 4 72 00 00 00", activity.note)
        self.assertEqual(reminder.state, "queued")

    def test_a_call_that_was_made_is_a_reminder_with_its_outcome(self):
        reminder = self._sent_by("call")
        reminder.activity_id.action_feedback(feedback="Will pay on Friday")
        self.assertRecordValues(
            reminder, [{"state": "sent", "outcome": "Will pay on Friday"}]
        )
        event = reminder.debtor_id.event_ids.filtered(lambda e: e.kind == "reminder")
        self.assertEqual(event.detail, "Will pay on Friday")

    def test_a_call_that_was_not_made_is_no_reminder(self):
        reminder = self._sent_by("call")
        reminder.activity_id.action_cancel()
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(self._propose().reminder_ids.rank, 1)

    def test_deleting_a_call_that_was_made_changes_nothing(self):
        reminder = self._sent_by("call")
        activity = reminder.activity_id
        activity.action_feedback(feedback="Done")
        activity.unlink()
        self.assertEqual(reminder.state, "sent")

    def test_a_relay_goes_to_the_person_the_level_names(self):
        salesperson = self._make_user("salesperson")
        self.levels[1].write({"channel": "relay", "relay_role": "branch_manager"})
        debtor = self._make_debtor("Relayed")
        self.assertEqual(self._decisions(debtor).reason, "contact_missing")
        debtor.branch_manager_id = salesperson
        with self.mock_mail_gateway():
            run = self._run_campaign()
        self.assertEqual(run.reminder_ids.activity_id.user_id, salesperson)

    def test_a_relay_whose_person_left_since_the_proposal_fails(self):
        self.levels[1].write({"channel": "relay", "relay_role": "salesperson"})
        debtor = self._make_debtor("Relayed", user_id=self.env.uid)
        run = self._propose()
        debtor.salesperson_id = False
        self._send_run(run)
        self.assertEqual(run.reminder_ids.state, "failed")
        self.assertIn("Salesperson", run.reminder_ids.failure_reason)

    def test_a_call_in_test_mode_says_to_contact_nobody(self):
        self.company.recouvrement_test_mode = True
        reminder = self._sent_by("call")
        self.assertIn("TEST", reminder.activity_id.summary)
        self.assertTrue(reminder.is_test)
