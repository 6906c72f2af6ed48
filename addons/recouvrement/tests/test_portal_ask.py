"""What a customer tells from the page, and what the server makes of it."""

from unittest.mock import patch

from odoo.tests import tagged

from ..controllers import portal_ask
from ..tools.upload import FILE_BYTES_MAX
from .portal_common import PDF, PortalCommon


@tagged("post_install", "-at_install")
class TestPortalAsk(PortalCommon):
    def _requests(self):
        return self.env["recouvrement.request"].search(
            [("debtor_id", "=", self.debtor.id)], order="id"
        )

    def _send(self, kind, values, files=None, status=303, **kwargs):
        response = self._post(f"/ask/{kind}", values, files, **kwargs)
        self.assertEqual(response.status_code, status, response.text[:2000])
        self.env.invalidate_all()
        return response

    def _promise(self, **vals):
        return {
            "items": [self._line(self.overdue).id, self._line(self.late).id],
            "amount": "1500.50",
            "day": self._later(7),
            **vals,
        }

    # ------------------------------------------------------------------
    # EACH FORM
    # ------------------------------------------------------------------

    def test_a_promise_waits_to_be_confirmed_and_is_shown_back(self):
        response = self._send("promise", self._promise(text="After our own payment"))
        self.assertTrue(response.headers["Location"].endswith("requests?sent=promise"))
        request = self._requests()
        self.assertRecordValues(
            request,
            [
                {
                    "kind": "promise",
                    "source": "portal",
                    "state": "new",
                    "amount": 1500.5,
                    "partner_id": self.customer.id,
                    "text": "After our own payment",
                }
            ],
        )
        self.assertEqual(str(request.date_promised), self._later(7))
        self.assertEqual(
            request.move_line_ids, self._line(self.overdue) | self._line(self.late)
        )
        self.assertEqual(
            set(request.move_line_ids.mapped("collection_status")), {"to_chase"}
        )
        text = self._text(self._page("/requests", sent="promise"))
        self.assertIn(request.name, text)
        self.assertIn("Received, not confirmed yet", text)

    def test_a_part_may_be_promised_but_no_more_than_is_due(self):
        self._send("promise", self._promise(amount="500"))
        self.assertEqual(self._requests().amount, 500)
        self._send("promise", self._promise(amount="1500.51"), status=422)
        self._send("promise", self._promise(amount="0"), status=422)
        self._send("promise", self._promise(amount="-5"), status=422)
        self._send("promise", self._promise(amount="NaN"), status=422)
        self._send("promise", self._promise(amount="1e400"), status=422)
        self.assertEqual(len(self._requests()), 1)

    def test_a_promise_is_for_a_day_to_come(self):
        for day in (self._later(-1), self._later(4000), "soon", ""):
            self._send("promise", self._promise(day=day), status=422)
        self.assertFalse(self._requests())

    def test_a_wrong_form_keeps_what_was_written(self):
        response = self._send(
            "promise", self._promise(amount="9999", text="Keep <me>"), status=422
        )
        self.assertIn("Keep &lt;me&gt;", response.text)

    def _find_reason(self):
        """A reason of the form; another addon offers its own."""
        tree = self._page("/ask/dispute", items=self._line(self.overdue).id)
        return tree.xpath("//select[@id='reason']/option[@value != '']/@value")[0]

    def test_a_dispute_comes_with_its_document(self):
        self._send(
            "dispute",
            {
                "items": self._line(self.overdue).id,
                "reason": self._find_reason(),
                "text": "We ordered 10, not 12",
            },
            files=[("documents", ("order.pdf", PDF, "application/pdf"))],
        )
        request = self._requests()
        self.assertEqual(request.kind, "dispute")
        self.assertIn("We ordered 10, not 12", request.text)
        self.assertEqual(request.attachment_ids.name, "order.pdf")
        self.assertEqual(request.attachment_ids.raw, PDF)
        self.assertFalse(request.attachment_ids.public)
        self.assertEqual(request.move_line_ids.collection_status, "to_chase")

    def test_a_payment_already_made_is_told_with_its_proof(self):
        values = {
            "items": self._line(self.late).id,
            "amount": "300.50",
            "day": self._later(-3),
            "means": "transfer",
            "reference": "VIR 2231",
        }
        self._send("payment_check", values, [("documents", ("p.png", PNG, "x/y"))])
        self.assertRecordValues(
            self._requests(),
            [
                {
                    "kind": "payment_check",
                    "amount": 300.5,
                    "payment_means": "transfer",
                    "payment_reference": "VIR 2231",
                }
            ],
        )
        self._send("payment_check", {**values, "day": self._later(1)}, status=422)
        self._send("payment_check", {**values, "means": "gold"}, status=422)

    def test_a_colleague_says_nothing_in_place_of_the_customer(self):
        self.authenticate(self.collector.login, self.collector.login)
        self._send("message", {"text": "I owe it all"}, status=422)
        self.assertFalse(self._requests())

    def test_a_text_with_a_character_that_no_database_takes_is_cleaned(self):
        self._send("message", {"text": "Call\0 me"})
        self.assertEqual(self._requests().text, "Call me")

    def test_copies_instalments_contact_and_message_are_asked_for(self):
        item = self._line(self.overdue).id
        self._send("duplicate", {"items": item})
        self._send("plan", {"items": item, "count": "4", "day": self._later(10)})
        self._send(
            "contact_change",
            {"name": "Bob", "email": "bob@example.com", "type": "collection"},
        )
        self._send("message", {"text": "Please call me"})
        requests = self._requests()
        self.assertEqual(
            requests.mapped("kind"), ["duplicate", "plan", "contact_change", "message"]
        )
        self.assertIn("4 monthly instalments", requests[1].text)
        self.assertEqual(requests[2].contact_email, "bob@example.com")
        self.assertFalse(
            self.env["res.partner"].search_count([("email", "=", "bob@example.com")])
        )

    def test_forms_that_lack_something_are_refused(self):
        item = self._line(self.overdue).id
        for kind, values in (
            ("dispute", {"items": item, "reason": self._find_reason()}),
            ("dispute", {"items": item, "reason": "x", "text": "y"}),
            ("dispute", {"reason": self._find_reason(), "text": "y"}),
            ("duplicate", {}),
            ("plan", {"items": item, "count": "1", "day": self._later(3)}),
            ("contact_change", {"name": "Bob", "type": "invoice", "email": "bob"}),
            ("contact_change", {"type": "invoice", "email": "bob@example.com"}),
            ("message", {"text": "   "}),
        ):
            with self.subTest(kind=kind, values=values):
                self._send(kind, values, status=422)
        self.assertFalse(self._requests())

    def test_the_collector_accepts_and_the_customer_reads_it(self):
        self._send("message", {"text": "Please call me"})
        self._requests().sudo().write(
            {"state": "refused", "answer": "We called <twice>"}
        )
        text = self._text(self._page("/requests"))
        self.assertIn("Refused", text)
        self.assertIn("We called <twice>", text)

    # ------------------------------------------------------------------
    # WHAT STRANGERS TRY
    # ------------------------------------------------------------------

    def test_items_of_others_are_left_out_of_what_is_told(self):
        foreign = self._items(self.stranger.partner_id.invoice_ids)
        self._send(
            "dispute",
            {
                "items": [foreign.id, self._line(self.late).id],
                "reason": "other",
                "text": "x",
            },
        )
        self.assertEqual(self._requests().move_line_ids, self._line(self.late))
        self._send(
            "dispute",
            {"items": foreign.id, "reason": "other", "text": "y"},
            status=422,
        )

    def test_no_form_is_taken_without_its_token(self):
        response = self._post("/ask/message", {"text": "x"}, csrf="")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._requests())

    def test_a_closed_link_takes_no_form(self):
        csrf = self._get_csrf("/ask/message")
        self.link.action_revoke()
        response = self._post("/ask/message", {"text": "x"}, csrf=csrf)
        self.assertEqual(response.status_code, 404)
        self.assertFalse(self._requests())

    def test_the_same_form_sent_twice_is_one_request(self):
        self._send("promise", self._promise())
        self._send("promise", self._promise())
        self.assertEqual(len(self._requests()), 1)

    def test_so_many_requests_a_day_and_no_more(self):
        with patch.object(portal_ask, "REQUESTS_PER_DAY", 2):
            self._send("message", {"text": "1"})
            self._send("message", {"text": "2"})
            self._send("message", {"text": "3"}, status=422)
        self.assertEqual(len(self._requests()), 2)

    def test_documents_are_judged_by_name_content_number_and_size(self):
        good = ("documents", ("a.pdf", PDF, "application/pdf"))
        for files in (
            [("documents", ("a.exe", b"MZ..", "application/pdf"))],
            [("documents", ("a.pdf", b"<html>", "application/pdf"))],
            [("documents", ("a.svg", b"<svg/>", "image/png"))],
            [("documents", ("a.html", PDF, "application/pdf"))],
            [("documents", ("a.pdf", b"", "application/pdf"))],
            [("documents", ("a.pdf", PDF + b"0" * FILE_BYTES_MAX, "x/y"))],
            [good] * 6,
        ):
            with self.subTest(files=[file[1][0] for file in files]):
                self._send("message", {"text": "x"}, files, status=422)
        self.assertFalse(self._requests())
        self._send("message", {"text": "x"}, [good] * 5)
        self.assertEqual(len(self._requests().attachment_ids), 5)

    def test_a_form_that_does_not_exist_leads_back(self):
        response = self._get("/ask/bank_change")
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(self.base))

    def test_a_portal_user_asks_for_the_own_customer_only(self):
        user = self._make_portal_user(self.customer, "portal_own")
        self.authenticate(user.login, user.login)
        base = f"/my/receivables/{self.debtor.id}"
        self._send("message", {"text": "Hello"}, base=base)
        self.assertEqual(self._requests().partner_id, user.partner_id)
        csrf = self._get_csrf("/ask/message", base)
        response = self._post(
            "/ask/message",
            {"text": "x"},
            base=f"/my/receivables/{self.stranger.id}",
            csrf=csrf,
        )
        self.assertEqual(response.status_code, 404)


PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
