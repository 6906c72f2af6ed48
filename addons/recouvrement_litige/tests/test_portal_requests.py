"""What customers may ask on their page beyond the account."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.portal_common import PDF, PortalCommon

from ..models.request_kinds import ADDED

FORMS = {
    "billing_params": {"billing_reference": "BC 77"},
    "address_change": {
        "use": "invoice",
        "street": "1 rue Neuve",
        "zip": "59000",
        "city": "Lille",
    },
    "contract_copy": {"contract": "C-1"},
    "termination": {"contract": "C-1", "text": "We stop", "day": "@30"},
}


@tagged("post_install", "-at_install")
class TestPortalRequests(PortalCommon):
    def _asked(self, kind):
        return self.env["recouvrement.request"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", kind)]
        )

    def _send(self, kind, values, files=None, base=None):
        values = {
            name: self._later(int(value[1:])) if str(value)[:1] == "@" else value
            for name, value in values.items()
        }
        return self._post(f"/ask/{kind}", values, files, base=base)

    def test_the_page_offers_what_the_types_offer(self):
        tree = self._page()
        links = " ".join(tree.xpath("//a/@href | //button/@formaction"))
        for kind in ("billing_params", "address_change", "credit_note", "termination"):
            self.assertIn(f"/ask/{kind}", links)
        for kind in ("refund", "mutation"):
            self.assertNotIn(f"/ask/{kind}", links, "no credit, no manager")
        self.env.ref("recouvrement_litige.request_type_termination").portal = False
        links = " ".join(self._page().xpath("//a/@href"))
        self.assertNotIn("/ask/termination", links)
        self.assertEqual(self._get("/ask/termination").status_code, 303)

    def test_internal_pieces_are_not_asked_of_the_customer(self):
        kind = self.env.ref("recouvrement_litige.request_type_termination")
        first, second = kind.piece_ids[:2]
        self.assertIn(first.name, self._text(self._page("/ask/termination")))
        first.is_internal = True
        text = self._text(self._page("/ask/termination"))
        self.assertNotIn(first.name, text)
        self.assertIn(second.name, text)

    def test_each_form_makes_one_request_that_waits(self):
        for kind, values in FORMS.items():
            with self.subTest(kind=kind):
                for _again in range(2):
                    reply = self._send(kind, values)
                    self.assertEqual(reply.status_code, 303, reply.text[:300])
                request = self._asked(kind)
                self.assertEqual(len(request), 1)
                self.assertEqual((request.state, request.source), ("new", "portal"))
                self.assertFalse(request.entered_by_id)
        self.assertEqual(self._asked("address_change").new_city, "Lille")
        text = self._text(self._page("/requests"))
        self.assertIn("Terminate a contract", text)

    def test_an_incomplete_form_says_what_is_wrong_and_keeps_what_was_typed(self):
        for kind, values, kept in (
            ("address_change", {"use": "main", "street": "1 rue Neuve"}, "1 rue Neuve"),
            ("billing_params", {"billing_email": "nobody"}, "nobody"),
            ("termination", {"contract": "C-9", "text": "x"}, "C-9"),
        ):
            with self.subTest(kind=kind):
                reply = self._send(kind, values)
                self.assertEqual(reply.status_code, 422)
                self.assertIn(kept, reply.text)
                self.assertFalse(self._asked(kind))

    def test_a_refund_is_asked_for_no_more_than_the_credit(self):
        self._make_credit_note(self.customer, 120.0)
        for amount, iban, status in (
            ("500", "", 422),
            ("100", "FR7630006000011234567890188", 422),
            ("100", "FR7630006000011234567890189", 303),
        ):
            with self.subTest(amount=amount, iban=iban):
                currency = self.company.currency_id.name
                reply = self._send(
                    "refund", {"amount": amount, "currency": currency, "iban": iban}
                )
                self.assertEqual(reply.status_code, status, reply.text[:300])
        request = self._asked("refund")
        self.assertEqual((request.amount, request.state), (100, "new"))
        self.assertFalse(request.payment_id)
        self.assertFalse(self.customer.bank_ids)

    def test_a_credit_note_is_about_documents_and_keeps_their_proof(self):
        line = self._line(self.overdue)
        reply = self._send(
            "credit_note",
            {"items": line.id, "text": "Wrong price", "amount": "200"},
            files=[("documents", ("order.pdf", PDF, "application/pdf"))],
        )
        self.assertEqual(reply.status_code, 303, reply.text[:300])
        request = self._asked("credit_note")
        self.assertEqual(request.move_line_ids, line)
        self.assertEqual(request.attachment_ids.mapped("name"), ["order.pdf"])
        self.assertEqual(line.collection_status, "to_chase")

    def test_a_transfer_names_the_other_company(self):
        values = {
            "items": self._line(self.overdue).id,
            "contract": "C-1",
            "day": "@15",
            "party_name": "Repreneur SAS",
            "text": "Sold",
        }
        wrong = {**values, "party_registry": "999009104"}
        self.assertEqual(self._send("novation", wrong).status_code, 422)
        self.assertEqual(self._send("novation", values).status_code, 303)
        request = self._asked("novation")
        self.assertEqual(request.party_name, "Repreneur SAS")
        self.assertFalse(request.party_id, "a colleague finds the other party")

    def test_items_and_kinds_of_others_are_not_taken(self):
        stranger = self._line(
            self.env["account.move"].search(
                [("partner_id", "=", self.stranger.partner_id.id)], limit=1
            )
        )
        reply = self._send("credit_note", {"items": stranger.id, "text": "x"})
        self.assertEqual(reply.status_code, 422)
        self.assertFalse(self._asked("credit_note"))
        for kind in ("mutation", "mandate_revoke", "nothing"):
            self.assertEqual(self._get(f"/ask/{kind}").status_code, 303, kind)

    def test_an_association_tells_its_new_manager(self):
        manager = self._make_customer("Cabinet Ancien")
        self.env["recouvrement.representative"].create(
            {
                "debtor_id": self.debtor.id,
                "partner_id": manager.id,
                "date_from": fields.Date.subtract(self.today, years=1),
            }
        )
        base = f"/recouvrement/portal/{self._give(self.debtor, manager)._get_token()}"
        values = {"party_name": "Cabinet Neuf", "day": "@0"}
        reply = self._send("mutation", values, base=base)
        self.assertEqual(reply.status_code, 303, reply.text[:300])
        request = self._asked("mutation")
        self.assertEqual(request.party_name, "Cabinet Neuf")
        self.assertEqual(request.partner_id, manager)

    def test_the_link_of_a_former_manager_opens_nothing(self):
        manager = self._make_customer("Cabinet Ancien")
        office = self.env["recouvrement.representative"].create(
            {
                "debtor_id": self.debtor.id,
                "partner_id": manager.id,
                "date_from": fields.Date.subtract(self.today, years=1),
            }
        )
        base = f"/recouvrement/portal/{self._give(self.debtor, manager)._get_token()}"
        self.assertEqual(self._get(base=base).status_code, 200)
        office.date_to = fields.Date.subtract(self.today, days=1)
        self.assertEqual(self._get(base=base).status_code, 404)

    def test_the_forms_are_in_the_language_of_the_page(self):
        """The titles of types are data, translated like the rest."""
        kinds = self.debtor._get_portal_asks()
        self.assertEqual(set(kinds) & set(ADDED), set(ADDED))
        self.assertTrue(all(kinds.values()))
