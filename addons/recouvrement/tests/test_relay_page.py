"""The page of a relay, as somebody without a password opens it."""

import io
import re
from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, freeze_time, tagged

from ..controllers.relay import MAX_USES
from ..tools.upload import FILE_BYTES_MAX, FILES_MAX
from .test_relay import RelayCommon

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@tagged("post_install", "-at_install")
class TestRelayPage(RelayCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls._items(cls._make_invoice(cls.own.partner_id, 70, due=-5))

    def setUp(self):
        super().setUp()
        self.relay = self._ask_outside(
            move_line_ids=[Command.set(self.item.ids)]
        ).sudo()
        self.path = self._path(self.relay)
        self.csrf = self._read_csrf()

    def _read_csrf(self):
        page = self.url_open(self.path)
        return re.search(r'name="csrf_token"\s+value="([^"]+)"', page.text)[1]

    def _path(self, relay):
        return f"/recouvrement/relay/{relay.link_id._get_token()}"

    def _send(self, path=None, files=None, csrf=True, **form):
        """Send the form of the page as the browser that opened it does."""
        path = path or self.path
        if csrf:
            form["csrf_token"] = self.csrf
        return self.opener.post(
            self.base_url() + path,
            data=form,
            files=files or {"files": ("", b"")},
            timeout=30,
        )

    # ------------------------------------------------------------------
    # SHOWING
    # ------------------------------------------------------------------

    def test_the_page_shows_the_question_and_its_items_only(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        for text in ("Own", "Why is it unpaid?", self.item.move_id.name, "70.00"):
            self.assertIn(text, page.text)
        self.assertNotIn("1,000.00", page.text, "other items are not its business")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_reading_changes_nothing(self):
        self.url_open(self.path)
        self.assertEqual(self.relay.state, "asked")

    def test_the_page_speaks_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.insider.lang = "de_DE"
        self.relay.invalidate_recordset()
        page = self.url_open(self.path)
        self.assertIn('lang="de"', page.text)
        self.assertIn("70,00", page.text)

    # ------------------------------------------------------------------
    # CLOSED LINKS
    # ------------------------------------------------------------------

    def _assert_closed(self, path):
        for answer in (
            self.url_open(path),
            self._send(path, outcome="passed_on", answer="x"),
        ):
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("Why is it unpaid?", answer.text)

    def test_a_wrong_a_foreign_and_a_changed_token_open_nothing(self):
        token = self.relay.link_id._get_token()
        number, signature = token.split("-")
        portal = self.env["recouvrement.access.link"]._give(
            "portal", self.own, self.insider, 30
        )
        for wrong in (
            "x",
            f"{int(number) + 1}-{signature}",
            f"{number}-{'0' * 64}",
            portal._get_token(),
        ):
            with self.subTest(token=wrong):
                self._assert_closed(f"/recouvrement/relay/{wrong}")
        self.assertEqual(self.relay.state, "asked")

    def test_a_revoked_link_opens_nothing(self):
        self.relay.link_id.action_revoke()
        self._assert_closed(self.path)

    def test_a_withdrawn_relay_opens_nothing(self):
        self.relay._cancel("Not needed")
        self._assert_closed(self.path)

    def test_an_expired_link_opens_nothing(self):
        last_day = self.relay.link_id.date_expiry
        with freeze_time(last_day):
            self.assertEqual(self.url_open(self.path).status_code, 200)
        with freeze_time(last_day + timedelta(days=1)):
            self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_a_link_used_too_often_closes(self):
        self.relay.link_id.use_count = MAX_USES
        self._assert_closed(self.path)

    def test_a_link_opens_its_own_relay(self):
        other = self._ask(
            self.foreign, role="manager", partner_id=self.insider.id, question="Other?"
        ).sudo()
        page = self.url_open(self._path(other))
        self.assertIn("Other?", page.text)
        self.assertNotIn("Why is it unpaid?", page.text)
        other.link_id.res_id = self.relay.id
        self.assertEqual(self.url_open(self._path(other)).status_code, 404)

    # ------------------------------------------------------------------
    # ANSWERING
    # ------------------------------------------------------------------

    def test_an_answer_is_recorded_with_its_document(self):
        page = self._send(
            outcome="will_pay",
            answer="They pay on the 20th",
            answer_date=str(self.today + timedelta(days=9)),
            files={"files": ("order.pdf", io.BytesIO(PDF), "application/pdf")},
        )
        self.assertEqual(page.status_code, 200)
        self.assertIn("They pay on the 20th", page.text)
        self.assertNotIn("<form", page.text)
        self.assertRecordValues(
            self.relay,
            [
                {
                    "state": "answered",
                    "answer_outcome": "will_pay",
                    "answer_date": self.today + timedelta(days=9),
                    "answer": "They pay on the 20th",
                }
            ],
        )
        self.assertRecordValues(
            self.relay.attachment_ids,
            [
                {
                    "name": "order.pdf",
                    "raw": PDF,
                    "res_model": "recouvrement.relay",
                    "res_id": self.relay.id,
                    "public": False,
                }
            ],
        )
        self.assertEqual(self.own.relay_answer_count, 1)
        event = self.own.event_ids.filtered(lambda e: "answered by" in e.summary)
        self.assertIn("Chantier Chef", event.summary)

    def test_a_second_answer_changes_nothing(self):
        self._send(outcome="passed_on", answer="First")
        page = self._send(outcome="cannot_help", answer="Second")
        self.assertIn("First", page.text)
        self.assertEqual(self.relay.answer, "First")

    def test_an_answer_without_the_token_of_the_form_is_refused(self):
        answer = self._send(csrf=False, outcome="passed_on", answer="x")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.relay.state, "asked")

    def test_what_is_written_is_shown_as_text(self):
        attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        page = self._send(outcome="dispute", answer=attack)
        self.assertNotIn("<script>alert", page.text)
        self.assertNotIn("<img src=x", page.text)
        self.assertIn("&lt;script&gt;", page.text)
        self.assertEqual(self.relay.answer, attack)
        self.assertNotIn("<script>", self.relay.notice_activity_id.note)
        bad = self._ask_outside().sudo()
        page = self._send(self._path(bad), outcome="will_pay", answer=attack)
        self.assertEqual(page.status_code, 400)
        self.assertNotIn("<script>alert", page.text)

    def test_an_incomplete_answer_is_asked_again(self):
        for form in (
            {},
            {"outcome": "by_mail", "answer": "x"},
            {"outcome": "will_pay"},
            {"outcome": "will_pay", "answer_date": "tomorrow"},
            {"outcome": "technical", "answer": "  "},
        ):
            with self.subTest(form=form):
                page = self._send(**form)
                self.assertEqual(page.status_code, 400)
                self.assertIn("alert-danger", page.text)
                self.assertEqual(self.relay.state, "asked")

    def test_files_of_other_kinds_and_sizes_are_refused(self):
        html = b"<html><script>alert(1)</script></html>"
        for name, content in (
            ("page.html", html),
            ("page.pdf", html),
            ("program.exe", b"MZ" + b"\0" * 64),
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("large.pdf", PDF + b"0" * FILE_BYTES_MAX),
        ):
            with self.subTest(name=name):
                page = self._send(outcome="passed_on", files={"files": (name, content)})
                self.assertEqual(page.status_code, 400)
                self.assertEqual(self.relay.state, "asked")
        files = [("files", (f"{n}.pdf", PDF)) for n in range(FILES_MAX + 1)]
        self.assertEqual(self._send(outcome="passed_on", files=files).status_code, 400)
        self.assertFalse(
            self.env["ir.attachment"].search([("res_model", "=", "recouvrement.relay")])
        )

    def test_a_path_in_a_file_name_goes_nowhere(self):
        self._send(outcome="passed_on", files={"files": ("../../etc/x.pdf", PDF)})
        self.assertEqual(self.relay.attachment_ids.name, "x.pdf")

    def test_a_user_answers_on_the_page_as_the_user(self):
        relay = self._ask().sudo()
        self._send(self._path(relay), outcome="passed_on", answer="Told them")
        self.assertEqual(relay.state, "answered")
        self.assertFalse(relay.activity_id.active)
        event = self.own.event_ids.filtered(lambda e: "answered by" in e.summary)
        self.assertEqual(event.user_id, self.users["salesperson"])

    def test_a_person_who_left_answers_no_more(self):
        self.relay.partner_id.active = False
        self.assertEqual(self.url_open(self.path).status_code, 404)
        self._send(outcome="passed_on")
        self.assertEqual(self.relay.state, "asked")

    def test_a_day_far_away_is_no_answer(self):
        for day in ("0001-01-01", "9999-12-31"):
            answer = self._send(outcome="will_pay", answer_date=day)
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.relay.state, "asked")
