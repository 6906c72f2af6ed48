"""Files are entrusted to counsel, who report what they do."""

import csv
import io
import zipfile
from datetime import timedelta

from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .court_file_common import CourtFileCommon, make_pdf

HEAD = (
    "Dossier;Référence;Date;Statut;Montant encaissé;Encaissé par;Honoraires;Commentaire"
)


@tagged("post_install", "-at_install")
class TestCounsel(CourtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor("=HYPERLINK(1)", items=((1000.0, -60),))
        cls.file = cls._make_file(cls.debtor)
        cls.agency = cls._make_counsel(fee_kind="percent", fee_percent=12)

    def _read(self, *lines, counsel=None, name="report.csv"):
        data = "\r\n".join((HEAD, *lines)).encode()
        return self.env["recouvrement.counsel.report"]._read(
            counsel or self.agency, name, data
        )

    def _write(self, assignment, **vals):
        wizard = self.env["recouvrement.counsel.mail"].create(
            {"assignment_id": assignment.id, **vals}
        )
        return wizard

    # ------------------------------------------------------------------
    # COUNSEL
    # ------------------------------------------------------------------

    def test_what_an_agency_must_prove_is_told_when_it_is_not_there(self):
        self.assertEqual(len(self.agency.obstacles.splitlines()), 4)
        self.agency.write(
            {
                "insurer": "Mutuelle",
                "insurance_until": self.today,
                "own_account": "FR76",
                "declared_on": self.today,
                "date_from": self.today,
                "mandate_file": self._encode(make_pdf()),
            }
        )
        self.assertFalse(self.agency.obstacles)
        self.agency.insurance_until = self.today - timedelta(days=1)
        self.assertIn("R124-2", self.agency.obstacles)
        self.assertFalse(self._make_counsel("lawyer").obstacles)

    # ------------------------------------------------------------------
    # INSTRUCTIONS
    # ------------------------------------------------------------------

    def test_instructions_leave_by_mail_with_the_claim_and_start_the_mandate(self):
        self.file._compute_claim()
        assignment = self.env["recouvrement.counsel.assignment"].create(
            {"litigation_id": self.file.id, "counsel_id": self.agency.id}
        )
        wizard = self._write(assignment)
        self.assertTrue(wizard.with_claim)
        self.assertIn(self.file.name, wizard.body)
        wizard.action_send()
        self.assertEqual(assignment.state, "sent")
        self.assertEqual(assignment.amount_entrusted, self.file.amount_claimed)
        mail = self.env["mail.mail"].search(
            [("model", "=", "recouvrement.litigation"), ("res_id", "=", self.file.id)]
        )
        self.assertEqual(mail.recipient_ids, self.agency.partner_id)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertIn(
            self.file,
            mail.mail_message_id.mapped(
                lambda message: self.file.browse(message.res_id)
            ),
        )

    def test_in_test_mode_nothing_leaves_for_counsel(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "test@example.com",
            }
        )
        assignment = self._entrust(self.file, self.agency)
        self._write(assignment, body="<p>News?</p>").action_send()
        mail = self.env["mail.mail"].search(
            [("model", "=", "recouvrement.litigation"), ("res_id", "=", self.file.id)]
        )
        self.assertEqual(mail.email_to, "test@example.com")
        self.assertFalse(mail.recipient_ids)

    def test_counsel_without_an_address_is_told(self):
        self.agency.partner_id.email = False
        assignment = self._entrust(self.file, self.agency)
        wizard = self._write(assignment)
        self.assertTrue(wizard.obstacle)
        with self.assertRaises(UserError):
            wizard.action_send()

    def test_a_file_is_entrusted_once_to_the_same_counsel(self):
        assignment = self._entrust(self.file, self.agency)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.cr.savepoint():
                self.env["recouvrement.counsel.assignment"].create(
                    {"litigation_id": self.file.id, "counsel_id": self.agency.id}
                )
        assignment.action_accept()
        with self.assertRaises(UserError):
            assignment.action_accept()
        assignment.action_return()
        self.assertEqual(assignment.date_end, self.today)
        self._entrust(self.file, self.agency)

    def test_what_comes_in_while_they_hold_the_file_is_collected(self):
        before = self._pay(self.file.line_ids.move_id, 100.0, day=-10)
        self.assertTrue(before)
        assignment = self._entrust(self.file, self.agency)
        self._pay(self.file.line_ids.move_id, 300.0)
        self.cr.precommit.run()
        assignment.invalidate_recordset()
        self.assertEqual(assignment.amount_collected, 300)
        self.agency.invalidate_recordset()
        self.assertEqual(self.agency.amount_recovered, 300)
        self.assertEqual(self.agency.open_count, 1)
        self.assertEqual(self.file.counsel_ids, self.agency)
        self.assertIn(
            self.file,
            self.file.search([("counsel_ids", "in", self.agency.ids)]),
        )

    # ------------------------------------------------------------------
    # REPORTS
    # ------------------------------------------------------------------

    def test_a_report_is_controlled_before_anything_changes(self):
        assignment = self._entrust(self.file, self.agency)
        day = self.today.strftime("%d/%m/%Y")
        report = self._read(
            f"{self.file.name};AG-1;{day};En cours;200;Cabinet;24;Acompte",
            f"INCONNU;;{day};En cours;;;;",
            f"{self.file.name};AG-1;32/13/2026;En cours;;;;",
        )
        self.assertEqual(
            (report.ready_count, report.wrong_count, report.paid_total), (1, 2, 200)
        )
        self.assertFalse(assignment.status)
        report.action_load()
        self.assertEqual(
            (assignment.status, assignment.reference, assignment.state),
            ("in_progress", "AG-1", "accepted"),
        )
        self.assertEqual(assignment.amount_announced, 200)
        self.assertEqual(assignment.gap, 200)
        [cost] = self.file.cost_ids
        self.assertEqual(
            (cost.amount, cost.kind, cost.is_recoverable), (24, "agency", False)
        )
        self.assertEqual(assignment.fee_total, 24)
        with self.assertRaises(UserError):
            report.action_load()

    def test_the_same_row_counts_once_in_any_report(self):
        assignment = self._entrust(self.file, self.agency)
        day = self.today.strftime("%d/%m/%Y")
        row = f"{self.file.name};AG-1;{day};En cours;200;Cabinet;24;Acompte"
        self._read(row).action_load()
        with self.assertRaises(UserError):
            self._read(row)
        later = self._read(row, f"{self.file.name};AG-1;{day};Soldé;50;Cabinet;;")
        self.assertEqual((later.ready_count, later.known_count), (1, 1))
        later.action_load()
        self.assertEqual(assignment.amount_announced, 250)
        self.assertEqual(assignment.status, "paid")
        self.assertEqual(len(self.file.cost_ids), 1)

    def test_a_file_is_known_by_their_reference_too(self):
        self._entrust(self.file, self.agency, reference="AG 77/b")
        report = self._read(";ag-77B;;Contesté;;;;Marchandise refusée")
        self.assertEqual(report.ready_count, 1)
        report.action_load()
        self.assertIn("dispute", self.file.activity_ids.summary.lower())

    def test_a_row_of_another_counsel_is_set_aside(self):
        self._entrust(self.file, self.agency)
        other = self._make_counsel("lawyer")
        report = self._read(f"{self.file.name};;;Clos;;;;", counsel=other)
        self.assertEqual((report.ready_count, report.wrong_count), (0, 1))
        with self.assertRaises(UserError):
            report.action_load()
        report.action_refuse()
        self.assertEqual(report.state, "refused")

    def test_a_file_that_is_none_is_refused_with_its_reason(self):
        report = self.env["recouvrement.counsel.report"]._read(
            self.agency, "x.csv", b"a;b\r\n1;2"
        )
        self.assertEqual(report.state, "refused")
        self.assertIn("Dossier", report.problem)
        self.assertFalse(report.line_ids)

    # ------------------------------------------------------------------
    # HAND-OVER
    # ------------------------------------------------------------------

    def _export(self, **vals):
        wizard = (
            self.env["recouvrement.counsel.handover"]
            .with_context(
                active_model="recouvrement.litigation", active_ids=self.file.ids
            )
            .create({"counsel_id": self.agency.id, **vals})
        )
        action = wizard.action_export()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        return zipfile.ZipFile(io.BytesIO(attachment.raw))

    def test_files_are_handed_over_as_a_workbook(self):
        self.file._compute_claim()
        archive = self._export()
        book = load_workbook(io.BytesIO(archive.read("Litigation Files.xlsx")))
        self.assertEqual(book.sheetnames, ["Litigation Files", "Items", "Contacts"])
        files = list(book["Litigation Files"].values)
        self.assertEqual(files[1][0], self.file.name)
        self.assertEqual(files[1][1], "=HYPERLINK(1)")
        self.assertEqual(book["Litigation Files"]["B2"].data_type, "s")
        self.assertAlmostEqual(files[1][-1], self.file.amount_claimed, 2)
        self.assertEqual(len(list(book["Items"].values)), 2)
        assignment = self.file.assignment_ids
        self.assertEqual(assignment.state, "sent")
        self._export()
        self.assertEqual(self.file.assignment_ids, assignment)

    def test_no_text_of_a_csv_becomes_a_formula(self):
        archive = self._export(format="csv")
        text = archive.read("Litigation Files.csv").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        self.assertEqual(rows[1][1], "'=HYPERLINK(1)")
        self.assertIn("Contacts.csv", archive.namelist())

    def test_a_closed_file_is_not_handed_over(self):
        self.file.sudo().write({"state": "closed", "date_closed": self.today})
        with self.assertRaises(UserError):
            self._export()
