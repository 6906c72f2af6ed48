import base64
import re
import zipfile
from io import BytesIO

from odoo.tests import tagged

from ..tools.fec import CODES
from .fec_common import FIELDS, FecBooks, FecCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestFecImportFiles(FecCommon):
    """A file that is no FEC gets a clear message and changes nothing."""

    def _read_broken(self, content, name="livre.txt", **vals):
        """Read a file that cannot be used; the message. Nothing may change."""
        models = ("res.partner", "account.move", "account.journal", "account.account")
        before = [self.env[model].search_count([]) for model in models]
        takeover = self._read(content, file_name=name, **vals)
        self.assertEqual(takeover.state, "failed")
        self.assertIn(name, takeover.error)
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
        self.assertFalse(takeover.item_ids)
        self.assertFalse(takeover.customer_ids)
        return takeover.error

    def test_a_zip_says_to_unpack_it(self):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("FEC.txt", self._books().raw())
        self.assertIn("Unpack", self._read_broken(packed.getvalue()))

    def test_a_workbook_says_to_give_the_text(self):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", "<workbook/>")
        self.assertIn(".txt", self._read_broken(packed.getvalue(), "FEC.xlsx"))

    def test_a_picture_is_named_as_one(self):
        self.assertIn("picture", self._read_broken(PIXEL, "scan.txt"))

    def test_an_empty_file_says_so(self):
        self.assertIn("empty", self._read_broken(b""))

    def test_another_text_says_what_a_fec_starts_with(self):
        message = self._read_broken(b"Bonjour,\nvoici le fichier\n")
        self.assertIn("JournalCode", message)
        self.assertIn("Bonjour", message)

    def test_a_file_too_large_says_to_split_it(self):
        self.env["ir.config_parameter"].set_param("recouvrement.fec_max_bytes", "100")
        self.assertIn("Split", self._read_broken(self._books()))

    def test_dates_that_are_none_are_refused_with_the_first_line(self):
        raw = self._books().raw()
        broken = re.sub(rb"\b20\d{6}\b", b"20259999", raw)
        message = self._read_broken(broken)
        self.assertIn("EcritureDate", message)
        self.assertIn("20259999", message)

    def test_a_missing_column_is_named(self):
        raw = self._books().raw().replace(b"CompteNum", b"Bidule", 1)
        self.assertIn("CompteNum", self._read_broken(raw))

    def test_a_broken_year_among_others_changes_nothing(self):
        takeover = self._read(self._books(), PIXEL)
        self.assertEqual(takeover.state, "failed")
        self.assertFalse(takeover.item_ids)

    def test_a_failed_reading_is_mended_by_another_file(self):
        takeover = self._read(PIXEL)
        takeover.attachment_ids = self._attach(self._books())
        takeover.action_analyse()
        self.assertEqual(takeover.state, "analysed")
        self.assertFalse(takeover.error)

    # ------------------------------------------------------------------
    # DOUBTFUL FILES
    # ------------------------------------------------------------------

    def test_an_unbalanced_entry_is_shown_with_its_line_and_the_file_is_kept(self):
        books = self._books()
        books.entry(
            ("OD", "Divers"), self._date(90), ("411000", "C1", "5.00", "", None)
        )
        takeover = self._load(books)
        self.assertProven(takeover)
        [issue] = takeover.issue_ids.filtered(
            lambda one: one.code == "entry_unbalanced"
        )
        self.assertEqual((issue.file_name, issue.line_no), ("FEC0.txt", 12))
        self.assertEqual(issue.level, "doubtful")

    def test_a_refused_line_is_shown_by_its_number_and_the_rest_is_loaded(self):
        lines = self._books().raw().split(b"\r\n")
        lines.insert(3, b"\t".join([b"VE"] * len(FIELDS)))
        takeover = self._load(b"\r\n".join(lines))
        self.assertProven(takeover)
        [issue] = takeover.issue_ids.filtered(lambda one: one.level == "refused")
        self.assertEqual(issue.line_no, 4)

    def test_the_ways_of_writing_a_fec_give_the_same_takeover(self):
        for encoding in ("utf-8", "utf-8-sig", "iso8859-15", "cp1252"):
            for separator in ("\t", "|", ";"):
                with self.subTest(encoding=encoding, separator=separator):
                    raw = self._books().raw(encoding, separator)
                    takeover = self._read(raw)
                    self.assertEqual(takeover.balance, 1700.51)
                    self.assertIn("Bêta", takeover.customer_ids.mapped("name"))

    def test_a_file_of_another_company_is_a_remark(self):
        self.company.company_registry = "732829320"
        takeover = self._read(self._books(), file_name="552100554FEC20251231.txt")
        self.assertIn("other_company", takeover.issue_ids.mapped("code"))
        takeover = self._read(self._books(), file_name="732829320FEC20251231.txt")
        self.assertNotIn("other_company", takeover.issue_ids.mapped("code"))

    def test_own_invoices_of_the_company_are_a_remark(self):
        self._make_invoice(self._make_customer("Own"), 10)
        takeover = self._read(self._books())
        self.assertIn("own_items", takeover.issue_ids.mapped("code"))

    def test_books_without_receivables_say_so(self):
        books = FecBooks()
        books.entry(
            ("OD", "Divers"),
            self._date(1),
            ("606000", None, "5.00", "", None),
            ("512000", None, "-5.00", "", None),
        )
        takeover = self._read(books)
        self.assertIn("no_receivables", takeover.issue_ids.mapped("code"))

    # ------------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------------

    def test_each_code_of_the_reader_has_a_text_with_the_same_values(self):
        """Otherwise a translated report would lose what, where or how much."""
        texts = self.env["recouvrement.fec.import"]._get_issue_texts()
        self.assertFalse(CODES.keys() - texts.keys())
        for code, (_level, english) in CODES.items():
            with self.subTest(code=code):
                wanted = set(re.findall(r"{(\w+)}", english))
                given = set(re.findall(r"%\((\w+)\)s", texts[code]))
                self.assertEqual(given, wanted)

    def test_a_fec_is_not_copied_into_the_search_index_of_attachments(self):
        file = self._attach(self._books())
        self.assertFalse(file.index_content)
        other = self._attach(b"just some text", "note.txt")
        self.assertIn("some text", other.index_content)
