"""What a user of the desk tries by remote calls to reach more than the own debtors."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestDeskAttacks(AccessCommon):
    def _make_as(self, role, model, vals):
        return self._as(self.env[model], role).create(vals)

    # ------------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------------

    def _secrets(self):
        """A document of a company the collector does not see, and one that nobody
        has attached to anything yet."""
        attachments = self.env["ir.attachment"].sudo()
        return attachments.create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "res.company",
                "res_id": self.other.id,
            }
        ), attachments.create({"name": "loose.txt", "raw": b"loose"})

    def test_a_request_takes_no_document_of_others(self):
        for secret in self._secrets():
            owner = (secret.res_model, secret.res_id)
            with self.subTest(secret.name), self.assertRaises(AccessError):
                self._make_as(
                    "collector",
                    "recouvrement.request",
                    {
                        "kind": "message",
                        "debtor_id": self.own.id,
                        "text": "x",
                        "attachment_ids": [Command.set(secret.ids)],
                    },
                )
            self.assertEqual((secret.res_model, secret.res_id), owner)

    def test_a_request_takes_the_documents_of_its_author(self):
        document = self._make_as(
            "collector", "ir.attachment", {"name": "mine.txt", "raw": b"mine"}
        )
        request = self._make_as(
            "collector",
            "recouvrement.request",
            {
                "kind": "message",
                "debtor_id": self.own.id,
                "text": "x",
                "attachment_ids": [Command.set(document.ids)],
            },
        )
        self.assertEqual(document.sudo().res_model, "recouvrement.request")
        self.assertEqual(document.sudo().res_id, request.id)

    # ------------------------------------------------------------------
    # SIGNED LINKS
    # ------------------------------------------------------------------

    def _give(self, debtor):
        links = self.env["recouvrement.access.link"]
        return links._give("portal", debtor, debtor.partner_id, 30)

    def test_the_address_of_another_page_is_not_read_through_the_window(self):
        window = self._make_as(
            "collector", "recouvrement.portal.wizard", {"debtor_id": self.own.id}
        )
        self.assertIn("/recouvrement/portal/", window.url)
        for debtor in (self.foreign, self.elsewhere):
            link = self._give(debtor)
            for vals in (
                {"link_id": link.id},
                {"link_id": link.id, "debtor_id": debtor.id},
            ):
                with self.subTest(debtor=debtor.display_name, vals=list(vals)):
                    try:
                        self._rpc("collector", window, "write", vals)
                        self.env.flush_all()
                        self.env.invalidate_all()
                        url = self._as(window, "collector").url
                    except UserError:
                        url = False
                    self.assertFalse(url)

    def test_readers_do_not_open_the_page_in_place_of_the_customer(self):
        link = self._give(self.own)
        for role in ("salesperson", "auditor"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._rpc(role, link, "action_open")
        self.assertTrue(self._rpc("collector", link, "action_open")["url"])

    # ------------------------------------------------------------------
    # DIALOGS
    # ------------------------------------------------------------------

    def test_dialogs_do_not_tell_what_the_user_may_not_read(self):
        relay = self.env["recouvrement.relay"]._ask(
            [
                {
                    "debtor_id": self.foreign.id,
                    "role": "other",
                    "user_id": self.users["manager"].id,
                    "question": "Secret question",
                    "date_due": self._day(5),
                }
            ]
        )
        change = self.env["recouvrement.bank.change"].create(
            {
                "debtor_id": self.foreign.id,
                "iban": "FR7630006000011234567890189",
                "account_holder": "Foreign",
                "requester": "Somebody",
            }
        )
        self.env.flush_all()
        for model, vals, told in (
            (
                "recouvrement.relay.answer",
                {"relay_id": relay.id, "outcome": "passed_on"},
                "question",
            ),
            ("recouvrement.bank.call", {"change_id": change.id}, "iban"),
            ("recouvrement.bank.call", {"change_id": change.id}, "known_phones"),
        ):
            with self.subTest(model=model, told=told), self.assertRaises(AccessError):
                dialog = self._make_as("collector", model, vals)
                self.env.invalidate_all()
                dialog.read([told])

    # ------------------------------------------------------------------
    # PEOPLE OF OTHERS
    # ------------------------------------------------------------------

    def test_documents_asked_for_go_to_people_of_the_customer_only(self):
        stranger = self._make_customer("Stranger")
        request = self.own._declare("statement", source="email")
        with self.assertRaises(ValidationError):
            self._rpc("collector", request, "write", {"partner_id": stranger.id})
            self.env.flush_all()
        with self.assertRaises(ValidationError):
            self._make_as(
                "collector",
                "recouvrement.request",
                {
                    "kind": "statement",
                    "debtor_id": self.own.id,
                    "partner_id": stranger.id,
                },
            )

    def test_a_plan_is_signed_by_a_person_of_the_customer(self):
        stranger = self._make_customer("Stranger")
        lines = self._items(self.own.partner_id.invoice_ids)
        with self.assertRaises(UserError):
            self._as(self.env["recouvrement.payment.plan"], "collector")._create_plan(
                self._as(self.own, "collector"),
                self._as(lines, "collector"),
                first_date=self._day(5),
                number=2,
                partner=stranger,
            )

    def test_a_new_contact_does_not_overwrite_the_address_of_a_user(self):
        person = self.env["res.partner"].create(
            {
                "name": "Paule User",
                "parent_id": self.own.partner_id.id,
                "type": "invoice",
                "email": "paule@example.com",
            }
        )
        self.portal.sudo().partner_id.write({"name": "Paule User"})
        self.portal.sudo().partner_id.write(
            {"parent_id": self.own.partner_id.id, "type": "invoice"}
        )
        person.unlink()
        before = self.portal.partner_id.email
        request = self.own._declare(
            "contact_change",
            source="portal",
            contact_name="Paule User",
            contact_email="thief@example.com",
            contact_type="invoice",
        )
        self._rpc("collector", request, "action_accept")
        self.assertEqual(self.portal.partner_id.email, before)
        self.assertTrue(
            self.own.partner_id.child_ids.filtered(
                lambda p: p.email == "thief@example.com"
            )
        )

    def test_a_relay_is_asked_to_users_of_the_company_only(self):
        outsider = self._make_user("salesperson", login="test_outsider")
        outsider.sudo().write(
            {
                "company_ids": [Command.set(self.other.ids)],
                "company_id": self.other.id,
            }
        )
        for user in (outsider, self.portal):
            wizard = self._make_as(
                "collector",
                "recouvrement.relay.wizard",
                {
                    "debtor_id": self.own.id,
                    "role": "other",
                    "person_kind": "user",
                    "user_id": user.id,
                    "partner_id": False,
                    "question": "Why?",
                    "date_due": self._day(3),
                },
            )
            with self.subTest(user.login), self.assertRaises(UserError):
                wizard.action_confirm()
            wizard.user_id = self.users["salesperson"]
            wizard.action_confirm()
        self.assertEqual(
            set(self.own.relay_ids.mapped("user_id")), {self.users["salesperson"]}
        )

    def test_what_the_customer_said_on_the_page_is_not_written_by_a_colleague(self):
        with self.assertRaises(UserError):
            self._make_as(
                "collector",
                "recouvrement.request",
                {
                    "kind": "dispute",
                    "debtor_id": self.own.id,
                    "source": "portal",
                    "text": "I owe nothing",
                },
            )

    # ------------------------------------------------------------------
    # PORTFOLIOS
    # ------------------------------------------------------------------

    def test_a_substitute_does_not_keep_the_portfolio(self):
        self.env["recouvrement.substitution"].create(
            {
                "user_id": self.other_collector.id,
                "substitute_id": self.users["collector"].id,
                "date_from": self.today,
                "date_to": self._day(5),
            }
        )
        self.assertEqual(self.foreign.substitute_id, self.users["collector"])
        self._rpc("collector", self.foreign, "write", {"next_action": "Call"})
        with self.assertRaises(AccessError):
            self._rpc(
                "collector",
                self.foreign,
                "write",
                {"collector_id": self.users["collector"].id},
            )
        wizard = self._make_as(
            "collector",
            "recouvrement.handover.wizard",
            {
                "debtor_ids": [Command.set(self.foreign.ids)],
                "collector_id": self.users["collector"].id,
                "note": "mine now",
            },
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(self.foreign.collector_id, self.other_collector)

    # ------------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------------

    def test_the_note_of_a_promise_that_was_decided_is_a_record(self):
        promise = self.own._make_promise(
            500.0,
            self._day(3),
            self._items(self.own.partner_id.invoice_ids)[:1],
            note="Said by Anne",
        )
        self._rpc("collector", promise, "write", {"note": "Said by Anne Dubois"})
        promise.action_cancel("Mistake")
        with self.assertRaises(UserError):
            self._rpc("collector", promise, "write", {"note": "Nobody said so"})
        self.assertEqual(promise.note, "Said by Anne Dubois")

    def test_an_archived_account_opened_again_is_not_trusted_for_payments(self):
        bank = self.env["res.partner.bank"].create(
            {
                "partner_id": self.own.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        bank.sudo().allow_out_payment = True
        bank.sudo().active = False
        change = self._make_as(
            "collector",
            "recouvrement.bank.change",
            {
                "debtor_id": self.own.id,
                "iban": "FR7630006000011234567890189",
                "account_holder": "Own",
                "requester": "Anne",
            },
        )
        change._confirm_call("+33 4 72 00 00 00", "Anne", "ok")
        self._rpc("accountant", change, "action_approve")
        self.assertTrue(bank.active)
        self.assertFalse(bank.allow_out_payment)
