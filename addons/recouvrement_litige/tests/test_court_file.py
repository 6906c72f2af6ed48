"""Pieces are collected by themselves and bound into one file."""

import hashlib
import io
import zipfile
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.litigation_piece_content import RecouvrementLitigationPiece
from .court_file_common import CourtFileCommon, make_locked_pdf, make_pdf, make_picture


@tagged("post_install", "-at_install")
class TestCourtFile(CourtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000.0, -60), (500.0, -40)))
        cls.invoices = cls._open_items(cls.debtor).move_id.sorted("invoice_date")
        cls.file = cls._make_file(cls.debtor)
        # French as soon as it is installed, which earlier tests may have done.
        cls.startClassPatcher(
            patch.object(type(cls.file), "_get_court_lang", lambda litigation: "en_US")
        )
        # The engine that prints is not run: what it prints is told apart by its text.
        cls.startClassPatcher(
            patch.object(
                type(cls.env["ir.actions.report"]), "_render_qweb_pdf", cls._render
            )
        )

    def _render(self, report, res_ids=None, data=None):
        texts = [f"{report} {res_id}" for res_id in res_ids]
        if report == "recouvrement_litige.report_court_file":
            texts = ["cover", "list"]
        return make_pdf(*texts), "pdf"

    def _collect(self, file=None):
        file = file or self.file
        file.action_collect_pieces()
        file.invalidate_recordset()
        return file.piece_ids

    def _codes(self, state="present"):
        pieces = self.file.piece_ids.filtered(lambda piece: piece.state == state)
        return [piece.kind_id.code for piece in pieces]

    def _make(self, file=None):
        file = file or self.file
        file.action_make_court_file()
        file.invalidate_recordset()
        return file.bundle_id

    # ------------------------------------------------------------------
    # COLLECTING
    # ------------------------------------------------------------------

    def test_invoices_their_documents_and_what_is_computed_are_collected(self):
        self._attach_to(self.invoices[0], "BL 4711 signé.pdf")
        self._attach_to(self.invoices[0], "Bon de commande.png", make_picture())
        self._attach_to(self.invoices[1], "photo.pdf")
        self._attach_to(self.invoices[0], "factur-x.xml", b"<x/>")
        self._attach_to(self.debtor.partner_id, "Extrait Kbis 2026.pdf")
        self._attach_to(self.debtor.partner_id, "Blanchisserie.pdf")
        self._collect()
        self.assertEqual(
            self._codes(),
            [
                "order",
                "delivery",
                "invoice",
                "invoice",
                "statement",
                "computation",
                "identity",
                "other",
            ],
        )
        self.assertEqual(
            [piece.number for piece in self.file.piece_ids if piece.number],
            list(range(1, 9)),
        )
        self.assertEqual(
            self._codes("missing"),
            ["reminder", "formal_notice", "notice_proof", "power"],
        )
        self.assertEqual((self.file.piece_count, self.file.missing_count), (8, 4))

    def test_an_order_stands_for_the_contract(self):
        self._collect()
        self.assertIn("contract", self._codes("missing"))
        self._attach_to(self.invoices[0], "Devis accepté.pdf")
        self._collect()
        self.assertNotIn("contract", self._codes("missing"))

    def test_reminders_proofs_and_messages_are_collected(self):
        reminder = self._remind()
        reminder.sudo().proof_ids = self._attach_to(reminder, "AR.pdf")
        self.debtor.message_post(
            body="Je paie vendredi",
            subject="Re: relance",
            message_type="email",
            email_from="client@example.com",
        )
        self._collect()
        self.assertLessEqual(
            {"reminder", "notice_proof", "exchange"}, set(self._codes())
        )

    def test_collecting_again_adds_what_is_new_and_keeps_what_was_decided(self):
        pieces = self._collect()
        statement = pieces.filtered(lambda piece: piece.kind_id.code == "statement")
        statement.action_not_needed()
        statement.name = "Relevé"
        count = len(pieces)
        self._attach_to(self.invoices[0], "BL 1.pdf")
        self._collect()
        self.assertEqual(statement.state, "not_needed")
        self.assertEqual(statement.name, "Relevé")
        # The delivery note takes the place of the row that told it missing.
        self.assertEqual(len(self.file.piece_ids), count)
        self.assertNotIn("delivery", self._codes("missing"))
        statement.action_needed()
        self.assertEqual(statement.state, "present")

    def test_a_missing_piece_that_is_uploaded_is_there(self):
        self._collect()
        power = self.file.piece_ids.filtered(
            lambda piece: piece.kind_id.code == "power"
        )
        manager = self._make_user("manager")
        power.with_user(manager).write(
            {"file": self._encode(make_picture()), "filename": "pouvoir.png"}
        )
        self.assertEqual((power.state, power.source), ("present", "upload"))
        self.assertEqual(power.attachment_id.res_model, power._name)
        self.assertTrue(power.number)
        self._collect()
        self.assertIn("power", self._codes())

    def test_pieces_are_numbered_in_the_order_that_is_dragged(self):
        pieces = self._collect().filtered(lambda piece: piece.state == "present")
        last = pieces[-1]
        last.sequence = 1
        self.assertEqual(last.number, 1)
        self.assertEqual(
            sorted(piece.number for piece in pieces), list(range(1, len(pieces) + 1))
        )

    def test_a_credit_note_on_the_items_is_a_piece(self):
        note = self._make_credit_note(self.debtor.partner_id, 100.0)
        (self._items(note) | self._items(self.invoices[0])).reconcile()
        self._collect()
        self.assertIn("credit_note", self._codes())

    # ------------------------------------------------------------------
    # INTERNAL
    # ------------------------------------------------------------------

    def test_internal_documents_stay_out_until_somebody_puts_them_in(self):
        self._attach_to(self.debtor.partner_id, "Enquête de solvabilité, Kbis.pdf")
        self._attach_to(self.invoices[0], "Note interne BL 12.pdf")
        self._attach_to(self.invoices[0], "BL 12.pdf")
        pieces = self._collect()
        internal = pieces.filtered("is_internal")
        self.assertEqual(len(internal), 2)
        self.assertEqual(set(internal.mapped("state")), {"not_needed"})
        self.assertFalse(any(internal.mapped("number")))
        bundle = self._make()
        self.assertNotIn("interne", self._read_all(bundle))
        self._collect()
        self.assertEqual(set(internal.mapped("state")), {"not_needed"})
        manager = self._make_user("manager")
        internal[0].with_user(manager).action_needed()
        self.assertIn(internal[0].name, self._read_all(self._make()))

    def _read_all(self, bundle):
        with zipfile.ZipFile(io.BytesIO(bundle._get_kept("zip"))) as archive:
            names = archive.namelist()
        pages = PdfReader(io.BytesIO(bundle._get_kept("pdf"))).pages
        return "\n".join([*names, *(page.extract_text() for page in pages)])

    def test_a_piece_that_becomes_internal_leaves_the_file(self):
        delivery = self._attach_to(self.invoices[0], "BL 12.pdf")
        piece = self._collect().filtered(lambda one: one.attachment_id == delivery)
        self.assertTrue(piece.number)
        kind = self.env.ref("recouvrement_litige.piece_kind_internal")
        piece.with_user(self._make_user("manager")).kind_id = kind
        self.assertEqual((piece.state, piece.number), ("not_needed", 0))

    def test_an_internal_piece_uploaded_by_hand_stays_out(self):
        manager = self._make_user("manager")
        piece = (
            self.env["recouvrement.litigation.piece"]
            .with_user(manager)
            .create(
                {
                    "litigation_id": self.file.id,
                    "kind_id": self.env.ref(
                        "recouvrement_litige.piece_kind_internal"
                    ).id,
                    "name": "Scoring",
                    "file": self._encode(make_pdf("score")),
                    "filename": "scoring.pdf",
                }
            )
        )
        self.assertEqual(piece.state, "not_needed")
        self.assertTrue(piece.attachment_id)

    # ------------------------------------------------------------------
    # BINDING
    # ------------------------------------------------------------------

    def test_the_court_file_is_one_pdf_with_numbers_and_bookmarks(self):
        self._attach_to(self.invoices[0], "BL.png", make_picture())
        self._collect()
        bundle = self._make()
        self.assertEqual(bundle.state, "ready", bundle.problem)
        content = bundle._get_kept("pdf")
        reader = PdfReader(io.BytesIO(content))
        # Cover and list, then a delivery note, two invoices, statement, claim.
        self.assertEqual(len(reader.pages), 7)
        self.assertEqual(bundle.page_count, 7)
        texts = [page.extract_text() for page in reader.pages]
        self.assertIn("1 / 7", texts[0])
        self.assertNotIn("no. ", texts[1])
        for number, text in enumerate(texts[2:], 1):
            self.assertIn(f"Piece no. {number}", text)
            self.assertIn(f"{number + 2} / 7", text)
        self.assertIn("account.account_invoices", texts[3])
        self.assertEqual(
            [mark.title.split(".")[0] for mark in reader.outline[1:]], list("12345")
        )
        self.assertEqual(bundle.pdf_sha256, hashlib.sha256(content).hexdigest())

    def test_the_archive_has_all_pieces_and_their_fingerprints(self):
        self._attach_to(self.invoices[0], "BL.xlsx", b"PK\x03\x04 workbook")
        self._collect()
        bundle = self._make()
        with zipfile.ZipFile(io.BytesIO(bundle._get_kept("zip"))) as archive:
            names = archive.namelist()
            self.assertEqual(len(names), 5 + 2)
            self.assertTrue(names[0].startswith("00 - Court file"))
            self.assertIn("01 - BL.xlsx", names)
            prints = archive.read("SHA256.txt").decode()
            content = archive.read("01 - BL.xlsx")
            self.assertIn(hashlib.sha256(content).hexdigest(), prints)

    def test_what_cannot_be_printed_says_so_on_its_page(self):
        for name, content in (
            ("BL.xlsx", b"PK\x03\x04 workbook"),
            ("Commande.pdf", b"%PDF-1.7 broken"),
            ("Devis.pdf", make_locked_pdf()),
        ):
            self._attach_to(self.invoices[0], name, content)
        self._collect()
        bundle = self._make()
        self.assertEqual(bundle.state, "ready")
        self.assertEqual(bundle.problem.count("\n"), 2)
        pages = PdfReader(io.BytesIO(bundle._get_kept("pdf"))).pages
        text = "".join(page.extract_text() for page in pages)
        self.assertIn("damaged", text)
        self.assertIn("cannot be printed here", text)
        self.assertIn("locked by a password", text)
        with zipfile.ZipFile(io.BytesIO(bundle._get_kept("zip"))) as archive:
            names = " ".join(archive.namelist())
            for name in ("BL.xlsx", "Commande.pdf", "Devis.pdf"):
                self.assertIn(name, names)

    def test_a_piece_that_cannot_be_made_stops_nothing(self):
        self._collect()
        with (
            patch.object(
                RecouvrementLitigationPiece,
                "_make_statement",
                side_effect=ValueError("no"),
            ),
            self.assertLogs("odoo.addons.recouvrement_litige", "ERROR"),
        ):
            bundle = self._make()
        self.assertEqual(bundle.state, "ready")
        self.assertIn("no", bundle.problem)
        again = self._make()
        self.assertFalse(again.problem)

    def test_a_file_of_many_pieces_is_made_in_the_background_and_resumed(self):
        self._make_many(30)
        action = self.file.action_make_court_file()
        self.assertEqual(action["tag"], "display_notification")
        self.file.invalidate_recordset()
        bundle = self.file.bundle_id
        self.assertEqual(bundle.state, "queued")
        with self.assertRaises(UserError):
            self.file.action_make_court_file()
        with self.assertRaises(UserError):
            self.file.action_download_court_file()
        for number in range(1, 4):
            self.assertFalse(bundle._step())
            self.assertEqual(bundle.done_count, number)
        with self.enter_registry_test_mode():
            self.env.ref(
                "recouvrement_litige.ir_cron_court_files"
            ).method_direct_trigger()
        bundle.invalidate_recordset()
        self.assertEqual(bundle.state, "ready")
        self.assertEqual(bundle.page_count, 2 + bundle.piece_count)

    def _make_many(self, count):
        for number in range(count):
            self._make_invoice(self.debtor.partner_id, 10 + number, due=-50)
        lines = self._open_items(self.debtor) - self.file.line_ids.move_line_id
        self.env["recouvrement.litigation.line"].sudo().create(
            [
                {
                    "litigation_id": self.file.id,
                    "move_line_id": line.id,
                    "name": line.move_id.name,
                    "currency_id": line.currency_id.id,
                }
                for line in lines
            ]
        )
        self.file.invalidate_recordset()
        self._collect()

    def test_collecting_takes_as_many_queries_for_few_as_for_many(self):
        self._make_many(3)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        self._collect()
        few = self.cr.sql_log_count - start
        self._make_many(40)
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        self._collect()
        self.assertLessEqual(self.cr.sql_log_count - start, few + 3)

    def test_pieces_too_large_for_one_file_fail_with_a_reason(self):
        self._collect()
        self.env["ir.config_parameter"].sudo().set_param(
            "recouvrement_litige.court_file_megabytes", "0"
        )
        bundle = self._make()
        self.assertEqual(bundle.state, "failed")
        self.assertIn("court_file_megabytes", bundle.problem)

    def test_a_file_that_was_changed_is_not_handed_out(self):
        self._collect()
        bundle = self._make()
        bundle.pdf_id.sudo().raw = make_pdf("forged")
        with self.assertRaises(UserError):
            self.file.action_download_court_file()
        action = self.file.action_download_archive()
        self.assertIn(str(bundle.zip_id.id), action["url"])

    def test_a_piece_is_downloaded_by_who_reads_the_file(self):
        self._collect()
        piece = self.file.piece_ids.filtered(
            lambda piece: piece.kind_id.code == "invoice"
        )[0]
        self.debtor.collector_id = False
        collector = self._make_user("collector")
        action = piece.with_user(collector).action_open_file()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        self.assertEqual(attachment.res_model, piece._name)
        self.assertTrue(attachment.with_user(collector).raw)

    def test_nobody_writes_what_a_piece_is_by_remote_call(self):
        piece = self._collect()[0]
        manager = self._make_user("manager")
        for vals in (
            {"state": "present"},
            {"attachment_id": 1},
            {"number": 5},
            {"res_id": 1},
            {"render": "invoice"},
        ):
            with self.assertRaises(AccessError):
                piece.with_user(manager).write(vals)
        with self.assertRaises(AccessError):
            self.env["recouvrement.litigation.bundle"].with_user(manager).create(
                {"litigation_id": self.file.id, "name": "x"}
            )

    def test_letters_printed_together_are_told_apart(self):
        piece = self._collect()[0]
        reminders = self._run_letters()
        found = [piece.sudo()._cut_letter(reminder) for reminder in reminders]
        texts = [
            PdfReader(io.BytesIO(content)).pages[0].extract_text() for content in found
        ]
        for reminder, text in zip(reminders, texts, strict=True):
            self.assertIn(reminder._get_reference(), text)

    def _remind(self):
        """A reminder that left before the file was opened."""
        self.debtor = self._make_debtor("Reminded", items=((700.0, -10),))
        self._run_campaign()
        self._deliver()
        reminder = self._reminders(self.debtor, "sent")
        self.assertTrue(reminder)
        self.file = self._make_file(self.debtor)
        return reminder

    def _run_letters(self):
        """Two reminders whose letters are in one file, of two pages each."""
        reminder = self._remind().sudo()
        other = reminder.copy()
        reminders = reminder | other
        pages = []
        for one in reminders:
            pages += [f"Our reference: {one._get_reference()}", "next page"]
        reminders.document_id = self._attach_to(reminder, "x.pdf", make_pdf(*pages))
        return reminders

    def test_the_list_of_pieces_has_the_pages_where_they_begin(self):
        self._collect()
        bundle = self._make()
        rows = [
            [piece.id, 3 + place, 1] for place, piece in enumerate(bundle._get_pieces())
        ]
        pages = bundle.with_context(court_file_rows=rows * 20)._get_front_pages()
        self.assertEqual(
            len(pages),
            bundle._count_list_pages(len(rows) * 20),
        )
        self.assertEqual(sum(len(page) for page in pages), len(rows) * 20)
