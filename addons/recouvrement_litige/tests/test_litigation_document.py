"""Texts for the court and the lawyer, filled in and edited."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .court_file_common import CourtFileCommon

BUTTONS = (
    "action_write_formal_notice",
    "action_write_order_request",
    "action_write_decomposition",
)


@tagged("post_install", "-at_install")
class TestLitigationDocument(CourtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000.0, -60),))
        cls.file = cls._make_file(cls.debtor)

    def _write(self, button):
        action = getattr(self.file, button)()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_each_text_tells_the_parties_the_items_and_the_claim(self):
        for button in BUTTONS:
            document = self._write(button)
            with self.subTest(button=button):
                self.assertIn(self.debtor.partner_id.name, document.body)
                self.assertIn(self.company.name, document.body)
                self.assertIn(self.file.line_ids.name, document.body)
                self.assertFalse(document.warning)
        self.assertTrue(self.file.claim_id)

    def test_texts_for_counsel_say_that_they_are_drafts(self):
        for button in BUTTONS[1:]:
            self.assertIn(
                "à compléter et à vérifier par le conseil", self._write(button).body
            )

    def test_the_request_has_what_the_law_asks_for(self):
        body = self._write("action_write_order_request").body
        for text in ("1405", "Bordereau des pièces", "en principal", "Fondement"):
            self.assertIn(text, body)

    def test_a_text_is_edited_then_kept_as_it_was_finished(self):
        document = self._write("action_write_formal_notice")
        manager = self._make_user("manager")
        document.with_user(manager).write({"body": "<p>Payez.</p>"})
        document.action_finish()
        self.assertEqual(document.state, "final")
        content = document._get_kept("pdf")
        self.assertTrue(content)
        for change in (
            lambda: document.write({"body": "<p>Autre</p>"}),
            document.action_refill,
            document.action_finish,
            document.sudo().unlink,
        ):
            with self.assertRaises(UserError):
                change()
        self.file.action_collect_pieces()
        self.file.invalidate_recordset()
        piece = self.file.piece_ids.filtered(
            lambda one: one.kind_id.code == "formal_notice"
        )
        self.assertEqual(piece.attachment_id, document.pdf_id)

    def test_a_letter_that_looks_like_an_act_of_an_officer_is_refused(self):
        document = self._write("action_write_formal_notice")
        document.body = "<p>DERNIER AVIS AVANT SAISIE</p>"
        self.assertIn("433-13", document.warning)
        with self.assertRaises(UserError):
            document.action_finish()
        document.action_refill()
        self.assertFalse(document.warning)

    def test_nobody_makes_a_text_final_by_remote_call(self):
        document = self._write("action_write_formal_notice")
        manager = self._make_user("manager")
        with self.assertRaises(AccessError):
            document.with_user(manager).write({"state": "final"})
