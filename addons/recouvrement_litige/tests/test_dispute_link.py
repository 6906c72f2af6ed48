"""A person without an Odoo user answers by a signed link."""

import re
from datetime import timedelta

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .dispute_common import DisputeCommon

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50


@tagged("post_install", "-at_install")
class TestDisputeLink(DisputeCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.driver = self._make_customer("Driver Paul", lang="en_US")
        self.dispute = self._open((self.big, 300), text="Two boxes were missing")
        self.asked = self.dispute._ask(self.driver, "What did you deliver?")
        self.url = self.asked._get_url()
        self.path = self.url[self.url.index("/recouvrement/") :]

    def _get(self, path=None):
        self.env.flush_all()
        return self.opener.get(self.base_url() + (path or self.path), timeout=60)

    def _post(self, values=None, files=None):
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._get().text)
        self.env.flush_all()
        return self.opener.post(
            self.base_url() + self.path,
            data={"csrf_token": token[1], **(values or {})},
            files=files,
            timeout=60,
        )

    def test_the_question_leaves_with_its_link(self):
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.driver.ids)], limit=1
        )
        self.assertIn(self.path, mail.body_html)
        self.assertIn("What did you deliver?", mail.body_html)
        self.assertEqual(self.dispute.stage_id.code, "waiting")

    def test_about_a_late_dispute_an_answer_is_asked_for_soon(self):
        self.dispute.sudo().date_due = self.today - timedelta(days=5)
        late = self.dispute._ask(self.driver, "And now?")
        self.assertGreater(late.date_due, self.today)
        self.assertLessEqual(late.date_due, self.today + timedelta(days=7))
        with self.assertRaisesRegex(UserError, "past"):
            self.dispute._ask(self.driver, "Then?", self.today - timedelta(days=1))

    def test_the_page_shows_the_facts_and_takes_the_answer(self):
        page = html.fromstring(self._get().text).text_content()
        for fact in ("Two boxes were missing", "What did you deliver?", "300"):
            self.assertIn(fact, page)
        response = self._post(
            {"proposal": "partly", "answer": "One box was missing", "amount": "150"},
            files={"files": ("note.png", PNG, "image/png")},
        )
        self.assertEqual(response.status_code, 200, response.text[:800])
        self.assertRecordValues(
            self.asked,
            [{"state": "answered", "proposal": "partly", "amount": 150}],
        )
        self.assertEqual(self.dispute.stage_id.code, "answered")
        self.assertEqual(self.asked.attachment_ids.res_id, self.dispute.id)
        bodies = "".join(self.dispute.message_ids.mapped("body"))
        self.assertIn("One box was missing", bodies)
        self.assertIn("recorded", self._get().text)

    def test_a_wrong_answer_is_told_and_nothing_is_kept(self):
        for values in (
            {"proposal": "rich", "answer": "x"},
            {"proposal": "founded", "answer": "  "},
            {"proposal": "founded", "answer": "x", "amount": "-1"},
            {"proposal": "founded", "answer": "x", "amount": "nan"},
        ):
            with self.subTest(values=values):
                self.assertEqual(self._post(values).status_code, 400)
        self.assertEqual(self.asked.state, "asked")

    def test_other_links_open_nothing(self):
        number, signature = self.path.rsplit("/", 1)[1].split("-")
        for path in (
            f"/recouvrement/dispute/{number}-{'0' * 64}",
            f"/recouvrement/dispute/{int(number) + 1}-{signature}",
            f"/recouvrement/portal/{number}-{signature}",
            f"/recouvrement/relay/{number}-{signature}",
        ):
            with self.subTest(path=path):
                self.assertIn(self._get(path).status_code, (403, 404))

    def test_a_dispute_that_is_closed_needs_no_answer(self):
        self.dispute._conclude("unfounded", "Found the note")
        self.assertEqual(self.asked.state, "cancelled")
        self.assertEqual(self._get().status_code, 404)

    def test_in_test_mode_the_person_gets_nothing(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "test@example.com",
            }
        )
        other = self._make_customer("Driver Luc", lang="en_US")
        self.dispute._ask(other, "And you?")
        mails = self.env["mail.mail"].search([("model", "=", self.asked._name)])
        self.assertFalse(mails.filtered(lambda mail: other in mail.recipient_ids))
        self.assertIn("test@example.com", mails.mapped("email_to"))

    def test_somebody_without_an_address_is_not_asked(self):
        nobody = self._make_customer("Nobody", email=False)
        with self.assertRaisesRegex(UserError, "no valid e-mail"):
            self.dispute._ask(nobody, "Hello?")
