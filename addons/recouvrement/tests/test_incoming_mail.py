"""E-mails that come in, as the gateway receives them."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .access_common import AccessCommon

MAIL = """\
Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@customer.example>
Date: Mon, 02 Mar 2026 09:12:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
{headers}
{body}
"""


class MailCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "desk.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.company.recouvrement_alias_name = "recouvrement"
        cls.numbers = iter(range(1000))

    def _receive(self, sender, headers="", to=None, subject="Your letter", body="Hi."):
        """Hand an e-mail to Odoo's gateway."""
        text = MAIL.format(
            sender=sender,
            to=to or "recouvrement@desk.example.com",
            subject=subject,
            number=next(self.numbers),
            headers=f"{headers}\n" if headers else "",
            body=body,
        )
        with self.mock_mail_gateway():
            return self.env["mail.thread"].message_process(False, text)

    def _requests(self):
        return self.env["recouvrement.request"].search(
            [("debtor_id", "=", False)], order="id"
        )

    def _last_message(self, record):
        return record.message_ids.sorted("id")[-1:]


@tagged("post_install", "-at_install")
class TestIncomingMail(MailCommon):
    def test_an_email_goes_to_the_debtor_of_its_sender(self):
        debtors = self.env["recouvrement.debtor"].search_count([("id", ">", 0)])
        self._receive("Own <own@example.com>", subject="Virement", body="Vendredi.")
        self.assertTrue(self.own.answered)
        self.assertTrue(self.own.date_answered)
        message = self._last_message(self.own)
        self.assertEqual(message.subject, "Virement")
        self.assertEqual(message.author_id, self.own.partner_id)
        event = self.own.event_ids[:1]
        self.assertEqual(event.kind, "answer")
        self.assertEqual(
            self.env["recouvrement.debtor"].search_count([("id", ">", 0)]), debtors
        )

    def test_a_contact_writes_for_its_company(self):
        self.env["res.partner"].create(
            {
                "name": "Mme Petit",
                "parent_id": self.own.partner_id.id,
                "email": "petit@own.example",
            }
        )
        self._receive("petit@own.example")
        self.assertTrue(self.own.answered)

    def test_an_archived_customer_still_owes(self):
        self.own.partner_id.active = False
        self._receive("own@example.com")
        self.assertTrue(self.own.answered)

    def test_the_company_of_the_address_decides(self):
        partner = self.own.partner_id
        other = self.other
        other.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "other.example.com"}
        )
        other.recouvrement_alias_name = "recouvrement"
        debtor = (
            self.env["recouvrement.debtor"]
            .sudo()
            .create({"partner_id": partner.id, "company_id": other.id})
        )
        self._receive("own@example.com", to="recouvrement@other.example.com")
        self.assertTrue(debtor.answered)
        self.assertFalse(self.own.answered)

    def test_a_customer_without_an_account_gets_one(self):
        partner = self._make_customer("Prompt Payer", customer_rank=1)
        self.assertFalse(self._debtor(partner))
        self._receive("promptpayer@example.com")
        self.assertTrue(self._debtor(partner).answered)

    def test_one_address_for_several_customers(self):
        twin = self._make_debtor("Twin", items=((300, -30),), email="own@example.com")
        invoice = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", twin.id)], limit=1
        )
        self._receive("own@example.com", subject=f"Re: {invoice.move_id.name}")
        self.assertTrue(twin.answered)
        self.assertFalse(self.own.answered)
        twin.answered = False
        self._receive("own@example.com", subject="Hello")
        self.assertFalse((twin | self.own).filtered("answered"), "cannot be told")
        self.assertIn("Hello", self._requests()[-1:].text)

    def test_a_stranger_is_lost_for_nobody(self):
        self.company.recouvrement_default_collector_id = self.users["collector"]
        debtors = self.env["recouvrement.debtor"].search_count([("id", ">", 0)])
        partners = self.env["res.partner"].search_count([("id", ">", 0)])
        self._receive(
            "Lawyer <lawyer@unknown.example>",
            subject="My client",
            body="Read <b>me</b>",
        )
        request = self._requests()
        self.assertRecordValues(
            request,
            [
                {
                    "kind": "message",
                    "source": "email",
                    "state": "new",
                    "debtor_id": False,
                    "company_id": self.company.id,
                    "user_id": self.users["collector"].id,
                    "email_from": '"Lawyer" <lawyer@unknown.example>',
                }
            ],
        )
        self.assertIn("Read", request.text)
        self.assertIn("Read", self._last_message(request).body)
        for role, seen in (("collector", True), ("manager", True)):
            found = self._as(self.env["recouvrement.request"], role).search(
                [("id", "=", request.id)]
            )
            with self.subTest(role=role):
                self.assertEqual(bool(found), seen)
        self.assertEqual(
            self.env["recouvrement.debtor"].search_count([("id", ">", 0)]), debtors
        )
        self.assertEqual(
            self.env["res.partner"].search_count([("id", ">", 0)]), partners
        )

    # ------------------------------------------------------------------
    # WHO IS NO CUSTOMER ANSWERING
    # ------------------------------------------------------------------

    def test_machines_do_not_answer(self):
        for headers, subject in (
            ("Auto-Submitted: auto-replied", "Re: reminder"),
            ("Auto-Submitted: auto-generated", "Re: reminder"),
            ("X-Autoreply: yes", "Re: reminder"),
            ("Precedence: auto_reply", "Re: reminder"),
            ("Precedence: bulk", "News"),
            ("", "Réponse automatique : relance"),
            ("", "Automatische Antwort: Mahnung"),
            ("", "Out of Office: reminder"),
        ):
            with self.subTest(headers=headers, subject=subject):
                self._receive("own@example.com", headers=headers, subject=subject)
                self.assertFalse(self.own.answered)
                self.assertEqual(self.own.event_ids[:1].kind, "note")
                self.assertTrue(self._last_message(self.own).body)

    def test_auto_submitted_no_is_a_person(self):
        self._receive("own@example.com", headers="Auto-Submitted: no")
        self.assertTrue(self.own.answered)

    def test_a_colleague_who_writes_is_no_answer(self):
        message = self.own.message_post(body="x", subtype_xmlid="mail.mt_comment")
        self._receive(
            self.users["salesperson"].email,
            headers=f"In-Reply-To: {message.message_id}",
        )
        self.assertFalse(self.own.answered)
        self.assertEqual(
            self._last_message(self.own).author_id,
            self.users["salesperson"].partner_id,
        )

    def test_a_relay_that_writes_back_answers_its_question(self):
        insider = self.env["res.partner"].create(
            {"name": "Chef", "email": "chef@example.com"}
        )
        relay = self.env["recouvrement.relay"]._ask(
            [
                {
                    "debtor_id": self.own.id,
                    "role": "other",
                    "partner_id": insider.id,
                    "question": "?",
                    "date_due": self.today + timedelta(days=3),
                }
            ]
        )
        [mail] = self._deliver()
        self._receive(
            "chef@example.com",
            to=mail["reply_to"],
            headers=f"In-Reply-To: {relay.mail_message_id.message_id}",
            body="They wait for <i>the</i> credit note.",
        )
        self.assertRecordValues(
            relay, [{"state": "answered", "answer_outcome": "by_mail"}]
        )
        self.assertIn("credit note", relay.answer)
        self.assertFalse(self.own.answered)

    # ------------------------------------------------------------------
    # REMINDERS WAIT
    # ------------------------------------------------------------------

    def test_an_answer_keeps_the_next_reminder_until_it_is_read(self):
        debtor = self._make_debtor("Answering")
        self.assertEqual(self._decisions(debtor).reason, "chase")
        self._receive("answering@example.com")
        self.assertRecordValues(
            self._decisions(debtor), [{"role": "out", "reason": "answered"}]
        )
        self.assertFalse(
            self._propose().reminder_ids.filtered(lambda r: r.debtor_id == debtor)
        )
        self.assertEqual(
            self._decisions(debtor, day=-1).reason, "chase", "the past is the past"
        )
        debtor.action_mark_answer_read()
        self.assertFalse(debtor.answered)
        self.assertEqual(debtor.event_ids[:1].summary, "Answer read")
        self.assertEqual(self._decisions(debtor).reason, "chase")

    def test_an_answer_since_the_proposal_keeps_the_reminder_back(self):
        read = self._make_debtor("Read")
        unread = self._make_debtor("Unread")
        run = self._propose()
        for debtor in (read, unread):
            self._receive(f"{debtor.partner_id.name.lower()}@example.com")
        read.action_mark_answer_read()
        with self.mock_mail_gateway():
            self._send_run(run)
        self.assertEqual(self._reminders(read).state, "queued")
        reminder = self._reminders(unread)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("waiting to be read", reminder.cancel_reason)
        unread.action_mark_answer_read()
        self.assertEqual(self._decisions(unread).reason, "chase", "the level is free")

    # ------------------------------------------------------------------
    # THE ADDRESS
    # ------------------------------------------------------------------

    def test_the_address_is_off_without_an_alias_domain(self):
        company = self.other
        self.assertFalse(company.recouvrement_alias_name)
        company.alias_domain_id = False
        with self.assertRaises(UserError):
            company.recouvrement_alias_name = "recouvrement"

    def test_the_credit_manager_sets_the_address(self):
        wizard = self._as(self.env["recouvrement.company.settings"], "manager")
        settings = wizard.create({"recouvrement_alias_name": "relances"})
        settings.action_confirm()
        alias = self.company.recouvrement_alias_id
        self.assertEqual(alias.alias_full_name, "relances@desk.example.com")
        wizard.create({"recouvrement_alias_name": False}).action_confirm()
        self.assertFalse(alias.exists())

    def test_users_of_the_company_only_are_asked_to_sort(self):
        self.company.recouvrement_default_collector_id = False
        manager = self.env["recouvrement.debtor"]._get_a_manager(self.company)
        self.assertIn(self.company, manager.company_ids)
        self.users["manager"].company_ids = [Command.set(self.company.ids)]
