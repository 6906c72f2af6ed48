"""The mandates on the customer's page: who reaches them, what is done there."""

import json

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.portal_common import PortalCommon

from .mandate_common import IBAN, OTHER_IBAN, MandateCommon
from .test_mandate_form import PNG


@tagged("post_install", "-at_install")
class TestPortalMandate(MandateCommon, PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._make_mandate(state="sent")
        cls.link = cls._give(cls.debtor)
        cls.base = f"/recouvrement/portal/{cls.link._get_token()}"
        cls.path = f"/mandate/{cls.mandate.id}"

    def _sign(self, name="Jeanne Dubois", signature=PNG, path=None, base=None):
        self.env.flush_all()
        response = self.opener.post(
            f"{self.base_url()}{base or self.base}{path or self.path}/accept",
            data=json.dumps({"params": {"name": name, "signature": signature}}),
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        return response.json()

    def test_the_page_shows_the_mandate_without_the_whole_account(self):
        text = self._text(self._page(self.path))
        for words in (self.mandate.name, "FR72ZZZ123456", "FR… 0189", "SHA-256"):
            self.assertIn(words, text)
        self.assertNotIn(IBAN, text)
        self.assertIn(self.mandate.name, self._text(self._page("/mandates")))
        self.assertIn(self.mandate.name, self._text(self._page("")))

    def test_the_customer_signs_and_gets_its_copy(self):
        answer = self._sign()
        self.assertIn("redirect_url", answer["result"])
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")
        self.assertEqual(self.mandate.signed_name, "Jeanne Dubois")
        for kind in ("form", "signed"):
            response = self._get(f"{self.path}/{kind}.pdf")
            self.assertEqual(response.content, self.mandate._get_kept(kind))
            self.assertIn("attachment", response.headers["Content-Disposition"])
        again = self._sign("Somebody Else")
        self.assertIn("error", again["result"])
        self.assertEqual(self.mandate.signed_name, "Jeanne Dubois")

    def test_a_signature_needs_a_name_and_a_picture(self):
        for values in (
            {"name": ""},
            {"signature": ""},
            {"signature": "AAAA"},
            {"signature": "iVBORw0KGgo" + "A" * 800_000},
            {"signature": "iVBORw0KGgoAAAA"},
        ):
            with self.subTest(values=str(values)[:40]):
                self.assertIn("error", self._sign(**values)["result"])
        self.assertEqual(self.mandate.state, "sent")

    def test_the_account_is_given_before_signing(self):
        mandate = self._make_mandate(state="sent", iban=False)
        path = f"/mandate/{mandate.id}"
        page = self._page(path)
        self.assertFalse(page.xpath("//owl-component"))
        wrong = self._post(f"{path}/account", {"iban": "FR00"}, csrf=self._csrf(path))
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("no valid IBAN", wrong.text)
        right = self._post(
            f"{path}/account",
            {"iban": OTHER_IBAN, "holder": "Dubois"},
            csrf=self._csrf(path),
        )
        self.assertEqual(right.status_code, 303)
        mandate.invalidate_recordset()
        self.assertEqual(mandate.iban, OTHER_IBAN)
        self.assertTrue(self._page(path).xpath("//owl-component"))
        self._sign(path=path)
        mandate.invalidate_recordset()
        self.assertEqual(mandate.state, "active")

    def _csrf(self, path):
        return self._get_csrf(path, None)

    def test_another_account_is_asked_for_and_changes_nothing_yet(self):
        self._sign()
        csrf = self._csrf(self.path)
        response = self._post(f"{self.path}/change", {"iban": OTHER_IBAN}, csrf=csrf)
        self.assertEqual(response.status_code, 303)
        [request] = self.debtor.request_ids
        self.assertEqual((request.kind, request.source), ("bank_change", "portal"))
        self.assertEqual(request.iban.replace(" ", ""), OTHER_IBAN)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.iban, IBAN)

    def test_a_revocation_stops_collections_at_once(self):
        self._sign()
        csrf = self._csrf(self.path)
        response = self._post(f"{self.path}/revoke", {"reason": "Bye"}, csrf=csrf)
        self.assertEqual(response.status_code, 303)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "suspended")
        [request] = self.debtor.request_ids
        self.assertEqual(request.sepa_mandate_id, self.mandate)
        request.with_user(self.collector).action_accept()
        self.assertEqual(self.mandate.state, "cancelled")
        self.assertEqual(request.state, "done")

    def test_the_mandates_of_others_and_drafts_do_not_exist(self):
        other = self._make_mandate(self.stranger, "sent")
        draft = self._make_mandate(state="draft")
        for mandate in (other, draft):
            path = f"/mandate/{mandate.id}"
            with self.subTest(mandate=mandate.state):
                self.assertEqual(self._get(path).status_code, 404)
                self.assertEqual(self._get(f"{path}/form.pdf").status_code, 404)
                self.assertIn("error", self._sign(path=path))

    def test_nothing_is_done_to_the_mandates_of_others(self):
        other = self._make_mandate(self.stranger, "sent")
        self.assertIn("redirect_url", self._sign()["result"])
        csrf = self._csrf(self.path)
        self.assertTrue(csrf)
        for step in ("account", "change", "revoke"):
            response = self._post(f"/mandate/{other.id}/{step}", csrf=csrf)
            self.assertEqual(response.status_code, 404, step)
        other.invalidate_recordset()
        self.assertEqual((other.state, other.iban), ("sent", IBAN))

    def test_forged_posts_are_refused(self):
        self._sign()
        for step in ("account", "change", "revoke"):
            response = self._post(f"{self.path}/{step}", {"iban": OTHER_IBAN}, csrf="x")
            self.assertEqual(response.status_code, 400, step)
        self.mandate.invalidate_recordset()
        self.assertEqual(self.mandate.state, "active")

    def test_a_colleague_who_looks_does_not_sign(self):
        user = self._make_user("collector", login="looker")
        self.authenticate(user.login, user.login)
        self.assertIn("logged in", self._sign()["result"]["error"])
        self.assertEqual(self.mandate.state, "sent")

    def test_a_portal_user_reaches_its_own_mandates_only(self):
        self._make_portal_user(self.debtor.partner_id, "portal_dubois")
        self.authenticate("portal_dubois", "portal_dubois")
        base = f"/my/receivables/{self.debtor.id}"
        self.assertIn(self.mandate.name, self._text(self._page("/mandates", base)))
        theirs = f"/my/receivables/{self.stranger.id}"
        self.assertEqual(self._get("/mandates", theirs).status_code, 404)
