"""The form of a mandate: its words, its bytes, its way out and back."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.mandate_texts import TEXTS
from .mandate_common import IBAN, MandateCommon

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
PDF = ("signe.pdf", b"%PDF-1.4 signed")


@tagged("post_install", "-at_install")
class TestMandateForm(MandateCommon):
    def _text(self, mandate, field="form"):
        return " ".join(mandate._get_kept(field).decode().split())

    def test_the_core_form_says_what_the_scheme_wants(self):
        mandate = self._make_mandate(state="sent")
        text = self._text(mandate)
        for words in (
            "SEPA Direct Debit Mandate",
            mandate.name,
            "FR72ZZZ123456",
            "Minoterie Test",
            "FR76 3000 6000 0112 3456 7890 189",
            "within 8 weeks",
            "Recurrent payment",
            "12 rue des Lilas",
        ):
            self.assertIn(words, text)
        self.assertNotIn("SPECIMEN", text)

    def test_the_b2b_form_promises_no_refund(self):
        text = self._text(self._make_mandate(state="sent", scheme="B2B"))
        self.assertIn("Business-to-Business", text)
        self.assertIn("You are not entitled to a refund", text)
        self.assertNotIn("8 weeks", text)
        self.assertIn("registered", text)

    def test_a_draft_prints_as_a_specimen(self):
        mandate = self._make_mandate(state="draft")
        text = mandate._render_kept("recouvrement_sepa.report_mandate").decode()
        self.assertIn("SPECIMEN", text)

    def test_each_language_has_every_text(self):
        self.assertEqual(set(TEXTS), {"fr", "en", "nl", "de"})
        for lang, texts in TEXTS.items():
            with self.subTest(lang=lang):
                self.assertEqual(set(texts), set(TEXTS["en"]))
                self.assertNotIn("8", texts["rights_B2B"])

    def test_the_form_goes_out_by_mail_with_its_link(self):
        mandate = self._make_mandate(state="sent")
        [mail] = self.env["mail.mail"].search([("subject", "like", mandate.name)])
        self.assertEqual(mail.recipient_ids, self.debtor.contact_id)
        self.assertEqual(mail.attachment_ids, mandate.form_id)
        self.assertIn(f"/mandate/{mandate.id}", mail.body_html)
        self.assertFalse(mandate.mail_obstacle)

    def test_without_an_address_the_reason_is_kept(self):
        self.debtor.partner_id.email = False
        mandate = self._make_mandate(state="sent")
        self.assertIn("no valid e-mail", mandate.mail_obstacle)
        self.assertTrue(mandate.form_id)

    def test_a_changed_form_is_told_from_the_one_that_was_sent(self):
        mandate = self._make_mandate(state="sent")
        mandate.form_id.raw = b"%PDF-1.4 other"
        with self.assertRaisesRegex(UserError, "fingerprint"):
            mandate._accept("Jeanne", "192.0.2.1", "Firefox", PNG)
        self.assertEqual(mandate.state, "sent")

    def test_a_signature_on_the_page_keeps_its_proof(self):
        mandate = self._make_mandate(state="sent")
        fingerprint = mandate.form_sha256
        mandate._accept(" Jeanne  Dubois ", "192.0.2.1", "Firefox", PNG)
        self.assertRecordValues(
            mandate,
            [
                {
                    "state": "active",
                    "signed_as": "portal",
                    "signed_name": "Jeanne Dubois",
                    "signed_ip": "192.0.2.1",
                    "signed_user_agent": "Firefox",
                    "signed_hash": fingerprint,
                    "date_signed": self.today,
                }
            ],
        )
        text = self._text(mandate, "signed")
        for words in ("Jeanne Dubois", "192.0.2.1", fingerprint[:32]):
            self.assertIn(words, text)
        mails = self.env["mail.mail"].search([("subject", "like", "signed")])
        self.assertIn(mandate.signed_id, mails.attachment_ids)

    def test_a_mandate_without_an_account_is_signed_with_the_one_given(self):
        mandate = self._make_mandate(state="sent", iban=False)
        with self.assertRaisesRegex(UserError, "Write the IBAN"):
            mandate._accept("Jeanne", "192.0.2.1", "Firefox", PNG)
        before = mandate.form_sha256
        mandate._give_account(IBAN, "Dubois SARL")
        self.assertNotEqual(mandate.form_sha256, before)
        self.assertIn("Dubois SARL", self._text(mandate))
        mandate._accept("Jeanne", "192.0.2.1", "Firefox", PNG)
        self.assertEqual((mandate.iban, mandate.state), (IBAN, "active"))
        with self.assertRaises(UserError):
            mandate._give_account(IBAN)

    def test_the_account_of_the_form_is_not_changed_on_the_page(self):
        with self.assertRaisesRegex(UserError, "names its account"):
            self._make_mandate(state="sent")._give_account(IBAN)

    def test_paper_needs_the_document_and_a_day_that_has_come(self):
        mandate = self._make_mandate(state="sent")
        for values in (
            {"scan": None, "day": self.today},
            {"scan": PDF, "day": self._day(1)},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                mandate._accept_outside("paper", "Jeanne", **values)
        mandate._accept_outside("paper", "Jeanne", self._day(-1), scan=PDF)
        self.assertEqual(mandate._get_kept("signed"), PDF[1])
        self.assertEqual(mandate.recorded_by_id, self.env.user)
        self.assertEqual(mandate.date_signed, self._day(-1))

    def test_a_provider_gives_a_reference(self):
        mandate = self._make_mandate(state="sent")
        with self.assertRaises(UserError):
            mandate._accept_outside("provider", "Jeanne", self.today)
        mandate._accept_outside("provider", "Jeanne", self.today, reference="YS-1")
        self.assertEqual(mandate.signed_reference, "YS-1")

    def test_a_file_that_is_no_document_is_refused(self):
        mandate = self._make_mandate(state="sent")
        wizard = self.env["recouvrement.sepa.mandate.decision"].create(
            {
                "mandate_ids": mandate.ids,
                "kind": "paper",
                "name": "Jeanne",
                "document": PNG,
                "document_name": "mandate.pdf",
            }
        )
        with self.assertRaisesRegex(UserError, "is not taken"):
            wizard.action_confirm()

    def test_who_may_not_write_records_no_signature(self):
        mandate = self._make_mandate(state="sent")
        auditor = mandate.with_user(self._make_user("auditor"))
        with self.assertRaises(AccessError):
            auditor._accept_outside("paper", "x", self.today, scan=PDF)

    def test_a_mandate_that_does_not_come_back_is_reminded_twice(self):
        mandate = self._make_mandate(state="sent")
        cron = self.env["recouvrement.sepa.mandate"]
        for count, days in ((0, 9), (1, 10), (1, 19), (2, 20), (2, 60)):
            with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                cron._remind_late(self.company, self._day(days))
            mandate.sudo().date_reminded = mandate.date_reminded and self._day(10)
            self.assertEqual(mandate.reminder_count, count, days)

    def test_somebody_is_told_before_a_mandate_lapses(self):
        mandate = self._make_mandate(date_signed=self._day(-400))
        cron = self.env["recouvrement.sepa.mandate"]
        steps = ((-100, 0), (-80, 1), (-79, 1), (-20, 2), (-19, 2))
        for before, count in steps:
            day = self._shift(mandate.date_expiry, before)
            cron._warn_lapse(day)
            self.assertEqual(len(mandate.activity_ids), count, before)
        mandate._note_presented([(mandate.id, self.today)])
        self.assertFalse(cron._warn_lapse(self._day(1)))

    def _shift(self, day, days):
        return self._day(0) + (day - self._day(0)) + (self._day(days) - self._day(0))
