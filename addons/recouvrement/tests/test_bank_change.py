"""New bank details: a call on a number known before, a second person, a trace."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .access_common import ROLES, AccessCommon

IBAN = "FR76 3000 6000 0112 3456 7890 189"
OLD = "FR14 2004 1010 0505 0001 3M02 606"
GERMAN = "DE89 3704 0044 0532 0130 00"
PHONE = "04 72 00 00 00"  # of the customers, in its national writing


@tagged("post_install", "-at_install")
class TestBankChange(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.own.partner_id
        cls.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = create_date - INTERVAL '1 year' "
                "WHERE id = %s",
                cls.customer.id,
            )
        )
        cls.customer.invalidate_recordset(["create_date"])
        cls.old = cls.env["res.partner.bank"].create(
            {"partner_id": cls.customer.id, "acc_number": OLD}
        )

    def _enter(self, role="collector", **vals):
        return self._as(self.env["recouvrement.bank.change"], role).create(
            {
                "debtor_id": self.own.id,
                "iban": "fr7630006000011234567890189",
                "account_holder": "Own",
                "requester": "Ana Petit",
                "requester_email": "ana@example.com",
                "old_bank_ids": self.old.ids,
                **vals,
            }
        )

    def _call(self, change, phone=PHONE, person="Ana Petit", **vals):
        wizard = self.env["recouvrement.bank.call"].with_user(change.env.user)
        values = {"change_id": change.id, "phone": phone, "person": person, **vals}
        return wizard.create(values).action_confirm()

    def test_bank_details_are_written_after_the_call_and_the_second_person(self):
        change = self._enter()
        self.assertEqual(change.iban, IBAN)
        self.assertEqual(change.bic, "AGRIFRPPXXX")
        self.assertFalse(change.warning)
        self._call(change, note="Confirmed 0189")
        self.assertEqual(self.customer.bank_ids, self.old)
        self._rpc("accountant", change, "action_approve")
        self.assertRecordValues(
            change,
            [
                {
                    "state": "approved",
                    "asked_user_id": self.users["collector"].id,
                    "call_user_id": self.users["collector"].id,
                    "decided_by_id": self.users["accountant"].id,
                    "called_phone": PHONE,
                    "called_person": "Ana Petit",
                }
            ],
        )
        bank = self.customer.bank_ids
        self.assertEqual(bank, change.bank_id)
        self.assertEqual(bank.sanitized_acc_number, IBAN.replace(" ", ""))
        self.assertEqual(bank.bank_bic, "AGRIFRPPXXX")
        self.assertFalse(bank.allow_out_payment, "trust is decided elsewhere")
        self.assertFalse(self.old.active, "archived")
        self.assertTrue(self.old.exists(), "and kept")
        events = self.own.event_ids.filtered(lambda e: e.kind == "bank")
        self.assertEqual(len(events), 3)
        self.assertNotIn("12345678901", "".join(events.mapped("summary")))

    def test_who_entered_or_called_does_not_approve(self):
        change = self._enter("accountant")
        self._call(self._as(change, "collector"))
        for role in ("accountant", "collector"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, change, "action_approve")
        self._rpc("manager", change, "action_approve")
        self.assertEqual(change.state, "approved")

    def test_a_collector_does_not_approve_for_a_colleague(self):
        change = self._enter("manager")
        self._call(change)
        with self.assertRaises(AccessError):
            self._rpc("collector", change, "action_approve")

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_one_person_for_both(self):
        change = self._enter("manager")
        self._call(change)
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            change._decide("approved")

    def test_nothing_is_approved_without_the_call(self):
        change = self._enter()
        with self.assertRaises(UserError):
            self._rpc("manager", change, "action_approve")
        self.assertEqual(self.customer.bank_ids, self.old)

    def test_a_number_that_came_later_is_not_called(self):
        change = self._enter()
        self.env["res.partner"].create(
            {
                "name": "Ana",
                "parent_id": self.customer.id,
                "phone": "+33 6 11 22 33 44",
            }
        )
        self.customer.phone = "+33 6 99 99 99 99"
        for phone in ("06 11 22 33 44", "06 99 99 99 99", "", "0", "04 72 00 00 01"):
            with self.subTest(phone=phone), self.assertRaises(UserError):
                self._call(change, phone=phone)
        self.assertEqual(change.state, "to_call")
        self._call(change, phone="+33472000000")
        self.assertEqual(change.state, "to_approve")

    def test_the_day_of_a_request_decides_which_numbers_are_known(self):
        request = self.own.sudo()._declare(
            "bank_change", source="portal", iban=IBAN, account_holder="Own"
        )
        self.customer.phone = "+33 6 99 99 99 99"
        action = self._rpc("collector", request, "action_accept")
        self.assertEqual(request.state, "new", "until the second person approves")
        change = self.env["recouvrement.bank.change"].browse(action["res_id"])
        self.assertEqual(change.old_bank_ids, self.old)
        change = self._as(change, "collector")
        with self.assertRaises(UserError):
            self._call(change, phone="06 99 99 99 99")
        self._call(change)
        again = self._rpc("collector", request, "action_accept")
        self.assertEqual(again["res_id"], change.id, "one check for one request")
        self._rpc("manager", change, "action_approve")
        self.assertEqual(request.state, "done")
        self.assertEqual(self.customer.bank_ids, change.bank_id)

    def test_a_call_without_a_person_or_at_an_impossible_time_counts_for_nothing(self):
        change = self._enter()
        now = fields.Datetime.now()
        change.sudo().date_asked = now - timedelta(days=1)
        for vals in (
            {"person": " "},
            {"moment": now + timedelta(days=1)},
            {"moment": now - timedelta(days=2)},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._call(change, **vals)

    def test_what_is_no_iban_is_not_entered(self):
        for iban in ("FR7630006000011234567890188", "12345", "<b>", "=1+1"):
            with self.subTest(iban=iban), self.assertRaises(ValidationError):
                self._enter(iban=iban)
        change = self._enter()
        with self.assertRaises(ValidationError):
            change.write({"iban": "FR1420041010050500013M02607"})

    def test_why_it_is_no_iban_is_said_in_the_words_of_the_desk(self):
        for iban, words in (
            ("FR7630006000011234567890188", "check digits"),
            ("FR76300060000112345678901", "length"),
            ("XX7630006000011234567890189", "country"),
            ("<b>", "characters"),
        ):
            with self.subTest(iban=iban):
                with self.assertRaises(ValidationError) as caught:
                    self._enter(iban=iban)
                self.assertIn(words, str(caught.exception))

    def test_a_request_says_who_asks(self):
        request = self._as(self.env["recouvrement.request"], "collector").create(
            {
                "kind": "bank_change",
                "source": "call",
                "debtor_id": self.own.id,
                "iban": IBAN,
            }
        )
        with self.assertRaisesRegex(UserError, "who asks"):
            request.action_accept()
        request.partner_id = self.customer
        request.action_accept()
        self.assertEqual(request.sudo().bank_change_ids.requester, self.customer.name)

    def test_facts_that_call_for_care_are_shown(self):
        self.env["res.partner.bank"].create(
            {"partner_id": self.foreign.partner_id.id, "acc_number": GERMAN}
        )
        change = self._enter(
            iban=GERMAN,
            account_holder="Kevin Martin",
            requester_email="ana@examp1e.com",
        )
        for word in ("DE", "Foreign", "Kevin Martin", "examp1e.com", "example.com"):
            self.assertIn(word, change.sudo().warning)
        self.customer.child_ids = [
            Command.create({"name": "Ana", "phone": "06 11 22 33 44"})
        ]
        self._rpc("collector", change, "action_reject", "Fraud")
        change = self._enter()
        self.assertIn("less than 60 days", change.warning)
        self.assertIn("Ana", change.warning)
        self.customer.child_ids.phone = False
        self.customer.phone = False
        self._rpc("collector", change, "action_reject", "Fraud")
        self.assertIn("No phone number", self._enter().warning)

    def test_a_change_soon_after_another_is_told(self):
        self._rpc("collector", self._enter(), "action_reject", "Typing error")
        self.assertIn("Rejected", self._enter().warning)

    def test_a_rejected_change_is_kept_with_its_reason_and_the_asker_is_not_told(self):
        request = self.own.sudo()._declare("bank_change", source="email", iban=IBAN)
        action = self._rpc("collector", request, "action_accept")
        change = self.env["recouvrement.bank.change"].browse(action["res_id"])
        self._rpc("collector", change, "action_reject", "Voice unknown")
        self.assertEqual((change.state, request.state), ("rejected", "refused"))
        self.assertEqual(change.reject_reason, "Voice unknown")
        self.assertEqual(self.customer.bank_ids, self.old)
        self.assertFalse(
            self.env["mail.mail"].search([("res_id", "=", self.own.id)])
            & self._queued_mails()
        )
        with self.assertRaises(UserError):
            self._rpc("manager", change, "action_approve")
        with self.assertRaises(UserError):
            change.unlink()

    def test_refusing_the_request_gives_the_check_up(self):
        request = self.own.sudo()._declare("bank_change", source="call", iban=IBAN)
        action = self._rpc("collector", request, "action_accept")
        self._rpc("collector", request, "action_refuse", "Not you")
        change = self.env["recouvrement.bank.change"].browse(action["res_id"])
        self.assertEqual(change.state, "rejected")

    def test_steps_are_not_jumped_by_remote_calls(self):
        change = self._enter()
        for vals in (
            {"state": "to_approve"},
            {"called_phone": PHONE},
            {"known_phones": "06 99 99 99 99"},
            {"asked_user_id": self.users["manager"].id},
            {"bank_id": self.old.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._rpc("manager", change, "write", vals)
        with self.assertRaises(AccessError):
            self._enter(known_phones="06 99 99 99 99")
        self._call(change)
        with self.assertRaises(UserError):
            self._rpc("collector", change, "write", {"iban": OLD})
        with self.assertRaises(AccessError):
            self._rpc("manager", change, "_write_bank")

    @mute_logger("odoo.sql_db")
    def test_one_change_waits_at_a_time(self):
        self._enter()
        with self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
            self._enter(iban=GERMAN)

    def test_an_account_of_before_comes_back_instead_of_a_second_one(self):
        self.old.active = False
        change = self._enter(iban=OLD, old_bank_ids=[])
        self._call(change)
        self._rpc("manager", change, "action_approve")
        self.assertEqual(change.bank_id, self.old)
        self.assertTrue(self.old.active)

    def test_portfolios_and_roles(self):
        foreign = self._enter("manager", debtor_id=self.foreign.id, old_bank_ids=[])
        own = self._enter("manager")
        for role in ROLES:
            model = self._as(own.browse(), role)
            with self.subTest(role=role):
                if role == "salesperson":
                    with self.assertRaises(AccessError):
                        model.search([])
                    continue
                expected = own if role == "collector" else own | foreign
                self.assertEqual(model.search([]), expected.with_user(model.env.user))
        with self.assertRaises(AccessError):
            self._call(self._as(foreign, "collector"))
        with self.assertRaises(ValidationError):
            self._enter("manager", debtor_id=self.nobodys.id)
