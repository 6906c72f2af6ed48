"""The instalment plan on the customer page: read, signed, declined."""

import base64
import hashlib

from odoo.tests import tagged

from .portal_common import PortalCommon

PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
).decode()


@tagged("post_install", "-at_install")
class TestPortalPlan(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(cls.debtor)
        cls.path = f"/plan/{cls.plan.id}"

    @classmethod
    def _make_plan(cls, debtor):
        lines = cls._items(debtor.partner_id.invoice_ids)
        plan = cls.env["recouvrement.payment.plan"]._create_plan(
            debtor, lines, first_date=cls._day(7), number=3
        )
        plan.action_offer()
        return plan

    def _accept(self, path=None, base=None, **params):
        self.env.flush_all()
        response = self.opener.post(
            f"{self.base_url()}{base or self.base}{path or self.path}/accept",
            json={"jsonrpc": "2.0", "params": params},
            timeout=60,
        )
        self.env.invalidate_all()
        return response.json()

    def test_the_offer_is_shown_with_its_schedule(self):
        text = self._text(self._page())
        self.assertIn("Waiting for your signature", text)
        text = self._text(self._page(self.path))
        self.assertIn("1,600.49", text)
        self.assertIn(self.plan.agreement_sha256, text)

    def test_the_agreement_is_the_one_that_was_offered(self):
        content = self._get(f"{self.path}/agreement.pdf").content
        digest = hashlib.sha256(content).hexdigest()
        self.assertEqual(digest, self.plan.agreement_sha256)

    def test_the_signature_accepts_the_plan(self):
        answer = self._accept(name="Alice Bernard", signature=PNG)
        self.assertTrue(answer["result"]["force_refresh"], answer)
        self.assertEqual(self.plan.state, "accepted")
        self.assertEqual(self.plan.signed_name, "Alice Bernard")
        self.assertTrue(self.plan.signed_ip)
        self.assertTrue(self.plan.signed_image)
        self.assertIn("Running", self._text(self._page(self.path)))
        self.assertEqual(self._get(f"{self.path}/signed.pdf").status_code, 200)
        again = self._accept(name="Bob", signature=PNG)
        self.assertIn("error", again["result"])
        self.assertEqual(self.plan.signed_name, "Alice Bernard")

    def test_a_colleague_signs_nothing_for_the_customer(self):
        self.authenticate(self.collector.login, self.collector.login)
        answer = self._accept(name="Alice", signature=PNG)
        self.assertIn("only the customer", answer["result"]["error"])
        self.assertEqual(
            self._post(f"{self.path}/decline", {"reason": "x"}).status_code, 422
        )
        self.assertEqual(self.plan.state, "offered")

    def test_a_picture_of_gigabytes_is_no_signature(self):
        content = bytearray(base64.b64decode(PNG))
        content[16:20] = (60_000).to_bytes(4, "big")
        huge = base64.b64encode(bytes(content)).decode()
        self.assertIn("error", self._accept(name="Alice", signature=huge)["result"])
        self.assertEqual(self.plan.state, "offered")

    def test_a_signature_needs_a_name_and_a_drawing(self):
        for vals in (
            {"name": "", "signature": PNG},
            {"name": "Alice", "signature": ""},
            {"name": "Alice", "signature": "PHN2Zz4="},
            {"name": "Alice", "signature": PNG + "A" * 800_000},
            {"name": ["x"], "signature": {"a": 1}},
        ):
            with self.subTest(vals=str(vals)[:60]):
                self.assertIn("error", self._accept(**vals)["result"])
        self.assertEqual(self.plan.state, "offered")

    def test_the_plan_is_declined_with_a_reason(self):
        response = self._post(f"{self.path}/decline", {"reason": " "})
        self.assertEqual(response.status_code, 422)
        response = self._post(f"{self.path}/decline", {"reason": "Too much at once"})
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.plan.state, "refused")
        self.assertIn("Declined", self._text(self._page(self.path)))

    def test_plans_of_others_and_drafts_are_not_found(self):
        theirs = self._make_plan(self.stranger)
        lines = self._items(self._make_invoice(self.customer, 500.0))
        plans = self.env["recouvrement.payment.plan"]
        draft = plans._create_plan(
            self.debtor, lines, first_date=self._day(7), number=2
        )
        for plan in (theirs, draft):
            path = f"/plan/{plan.id}"
            self.assertEqual(self._get(path).status_code, 404)
            self.assertEqual(self._get(f"{path}/agreement.pdf").status_code, 404)
            answer = self._accept(path, name="Mallory", signature=PNG)
            self.assertNotIn("result", answer)
            self.assertNotEqual(plan.state, "accepted")

    def test_a_closed_link_signs_nothing(self):
        self.link.action_revoke()
        self.assertNotIn("result", self._accept(name="Alice", signature=PNG))
        self.assertEqual(self.plan.state, "offered")
