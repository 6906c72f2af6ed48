"""The declaration with its annexes: made once, kept with its fingerprint."""

import hashlib
import io

from pypdf import PdfReader, PdfWriter

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.annexes import merge
from .insolvency_common import InsolvencyCommon


def _pdf(pages=1):
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestInsolvencyDeclaration(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000, -40), (500, -60), (70, 20)))
        cls.one = cls._open(
            cls.debtor,
            judged=0,
            later_ids=[],
            court="Tribunal de commerce de Lyon",
            case_number="2026J0123",
        )

    def test_nothing_is_declared_to_nobody(self):
        with self.assertRaisesRegex(UserError, "whom"):
            self.one.action_make_declaration()

    def test_nothing_is_sent_that_was_not_made(self):
        with self.assertRaises(UserError):
            self.one._declare(self.today, "registered")

    def test_the_document_says_what_the_law_asks_for(self):
        self.one.representative_id = self._representative()
        self.one.running_interest = "Loan of 2024: 4 % a year."
        html = self._render()
        for text in (
            "2026J0123",
            "SELARL Mandataire",
            "Tribunal de commerce de Lyon",
            "Loan of 2024",
            self.debtor.partner_id.name,
            *self.one._get_declared().mapped("name"),
        ):
            self.assertIn(text, html)

    def _render(self):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recouvrement_litige.report_insolvency_declaration", self.one.ids
        )
        return content.decode()

    def test_amounts_are_split_between_due_and_to_come(self):
        coming = self._make_debtor("Autre", items=((1000, -40), (70, -1)))
        move = self._make_invoice(
            coming.partner_id, 200, due=15, invoice_date=self._day(-20)
        )
        one = self._open(coming, judged=-5, with_interest=False)
        claims = one._get_declared()
        self.assertTrue(claims.filtered(lambda c: c.move_id == move).to_come)
        totals = one._get_totals(claims)
        self.assertEqual(totals["to_come"], one._format(200))
        self.assertEqual(totals["past"], one._format(1000))
        self.assertEqual(totals["total"], one._format(1200))

    def test_annexes_follow_with_their_number(self):
        content, left = merge(
            _pdf(2),
            [("Annex 1", _pdf(1)), ("Annex 2", b"no pdf"), ("Annex 3", _pdf(3))],
        )
        pages = PdfReader(io.BytesIO(content)).pages
        self.assertEqual(len(pages), 6)
        self.assertEqual(left, ["Annex 2"])
        self.assertIn("Annex 1", pages[2].extract_text())
        self.assertIn("3/3", pages[5].extract_text())

    def test_the_file_that_is_kept_is_the_one_that_was_made(self):
        self.one.sudo()._keep_document("declaration", "x.pdf", b"%PDF claim")
        self.assertEqual(
            self.one.declaration_sha256, hashlib.sha256(b"%PDF claim").hexdigest()
        )
        self.one.sudo().declaration_id.raw = b"%PDF other"
        with self.assertRaisesRegex(UserError, "fingerprint"):
            self._decide(self.one, "declare")
