"""Answers of insurers from a file: controlled line by line, loaded once."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from openpyxl import Workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_credit_limit import CreditCommon

HEAD = "Client;Assureur;Réponse;Date;Montant;Quotité;Date d'effet;Référence;Devise\n"


@tagged("post_install", "-at_install")
class TestCoverImport(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["res.partner"].create(
            {"name": "Assur Crédit", "ref": "ASC", "is_company": True}
        )
        cls.debtor.partner_id.write({"ref": "C-88", "company_registry": "732829320"})
        cls.day = cls.today.strftime("%d/%m/%Y")

    def _preview(self, data, name="reponses.csv", user=None):
        if isinstance(data, str):
            data = data.encode()
        wizards = self.env["recouvrement.cover.import"]
        wizard = (wizards.with_user(user) if user else wizards).create(
            {
                "filename": name,
                "file": base64.b64encode(data),
                "company_id": self.company.id,
            }
        )
        wizard.action_preview()
        return wizard

    def _load(self, *lines, **kwargs):
        wizard = self._preview(HEAD + "\n".join(lines), **kwargs)
        wizard.action_load()
        return wizard

    def _covers(self):
        return self.debtor.cover_ids.sorted("id")

    def test_an_answer_that_is_granted_covers_the_exposure(self):
        wizard = self._load(
            f"73282932000074;Assur crédit;Accordée;{self.day};500;90 %;;A-1;"
        )
        self.assertEqual((wizard.state, wizard.ready_count), ("done", 1))
        self.assertRecordValues(
            self._covers(),
            [
                {
                    "provider_id": self.insurer.id,
                    "kind_id": self.env.ref("recouvrement.cover_kind_named").id,
                    "state": "granted",
                    "amount": 500,
                    "share": 90,
                    "date_from": self.today,
                    "reference": "A-1",
                }
            ],
        )
        self.assertEqual(self.debtor.exposure_insured, 450)

    def test_reduced_terminated_and_refused_say_what_was_before(self):
        soon = self.today + timedelta(days=10)
        text = soon.strftime("%d/%m/%Y")
        self._load(f"C-88;ASC;accordée;{self.day};600;;;A-1;")
        wizard = self._load(f"C-88;ASC;Réduite;{self.day};1 00,50;;{text};A-2;")
        self.assertEqual((wizard.line_ids.before, wizard.line_ids.amount), (600, 100.5))
        reduced = self._covers()[-1]
        self.assertRecordValues(
            reduced,
            [
                {
                    "state": "reduced",
                    "amount": 600,
                    "amount_reduced": 100.5,
                    "date_effect": soon,
                }
            ],
        )
        # Until its day the former amount covers.
        self.assertEqual(self.debtor.exposure_insured, 540)
        wizard = self._load(f"C-88;ASC;résiliée;{self.day};;;;A-3;")
        self.assertEqual(wizard.line_ids.before, 100.5)
        self.assertEqual(self.debtor.exposure_insured, 0)
        wizard = self._load(f"C-88;ASC;refus;{self.day};;;;A-4;")
        self.assertEqual(wizard.line_ids.before, 0)
        self.assertEqual(self._covers()[-1].state, "refused")

    def test_a_file_loaded_twice_changes_nothing(self):
        line = f"C-88;ASC;accordée;{self.day};600;;;A-1;"
        self._load(line)
        again = self._load(line)
        self.assertEqual(again.ready_count, 0)
        self.assertIn("already", again.line_ids.remark)
        twice = self._preview(HEAD + line.replace("A-1", "A-2") + "\n" + line)
        self.assertEqual(twice.line_ids.mapped("status"), ["ready", "refused"])
        self.assertEqual(len(self._covers()), 1)

    def test_one_entered_by_hand_is_known_too(self):
        self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_named").id,
                "provider_id": self.insurer.id,
                "amount": 600,
                "reference": "A-1",
            }
        )
        again = self._load(f"C-88;ASC;accordée;{self.day};600;;;A-1;")
        self.assertEqual(again.ready_count, 0)

    def test_two_who_load_the_same_file_at_once_enter_it_once(self):
        """What one controlled before the other committed is refused by the database."""
        line = f"C-88;ASC;accordée;{self.day};600;;;A-1;"
        self._load(line)
        wizard = self._preview(HEAD + line)
        path = type(wizard)
        with (
            patch.object(
                path,
                "_find_covers",
                lambda self, debtors: self.env["recouvrement.cover"],
            ),
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            wizard.action_load()
        self.assertEqual(len(self._covers()), 1)

    def test_each_wrong_line_says_why_and_the_others_are_loaded(self):
        self.env["res.partner"].create(
            [{"name": "Deux fois", "is_company": True} for _number in range(2)]
        )
        lines = {
            f"C-99;ASC;accordée;{self.day};600;;;;": "No debtor account",
            f"C-88;Inconnu;accordée;{self.day};600;;;;": "No contact",
            f"C-88;Deux fois;accordée;{self.day};600;;;;": "Several contacts",
            f"C-88;ASC;peut-être;{self.day};600;;;;": "no answer",
            "C-88;ASC;accordée;31/02/2026;600;;;;": "no day",
            f"C-88;ASC;accordée;{self.day};1.000,50;;;;": "no amount",
            f"C-88;ASC;accordée;{self.day};-5;;;;": "no amount",
            f"C-88;ASC;accordée;{self.day};600;190;;;": "no share",
            f"C-88;ASC;accordée;{self.day};600;;;;XYZ": "no active currency",
            f"C-88;ASC;réduite;{self.day};600;;;;": "what was reduced",
            f"C-88;ASC;accordée;{self.day};=1+1;;;;": "no amount",
        }
        good = f"C-88;ASC;accordée;{self.day};600;;;=cmd|' /C calc'!A0;"
        wizard = self._load(*lines, good)
        *wrong, last = wizard.line_ids
        for found, said in zip(wrong, lines.values(), strict=True):
            with self.subTest(said=said):
                self.assertEqual(found.status, "refused")
                self.assertIn(said, found.remark)
        self.assertEqual(last.status, "loaded")
        self.assertEqual(len(self._covers()), 1)

    def test_a_workbook_and_a_file_of_windows_are_read(self):
        book = Workbook()
        book.active.append(["Client", "Assureur", "Réponse", "Date", "Montant"])
        book.active.append(["C-88", "Assur Crédit", "Accordée", self.today, 700])
        stream = io.BytesIO()
        book.save(stream)
        wizard = self._preview(stream.getvalue(), "reponses.xlsx")
        self.assertEqual((wizard.ready_count, wizard.line_ids.amount), (1, 700))
        text = HEAD + f"C-88;Assur Crédit;accordée;{self.day};600;;;;"
        wizard = self._preview(text.encode("cp1252"))
        self.assertEqual(wizard.ready_count, 1)
        wizard = self._preview("a;b\n1;2\n")
        self.assertEqual(wizard.state, "file")
        self.assertIn("Assureur", wizard.error_text)
        with self.assertRaises(UserError):
            self.env["recouvrement.cover.import"].create({}).action_preview()

    def test_another_currency_and_another_company_stay_their_own(self):
        self.env.ref("base.GBP").active = True
        self._load(f"C-88;ASC;accordée;{self.day};600;;;A-1;GBP")
        self.assertEqual(self._covers().currency_id.name, "GBP")
        wizard = self._preview(HEAD + f"C-88;ASC;réduite;{self.day};100;;;A-2;")
        self.assertIn("in this currency", wizard.line_ids.remark)
        other = self.env["res.company"].create({"name": "Autre société"})
        wizard.company_id = other
        wizard.action_preview()
        self.assertIn("No debtor account", wizard.line_ids.remark)

    def test_who_may_enter_covers_may_load_them(self):
        line = f"C-88;ASC;accordée;{self.day};600;;;A-1;"
        for role in ("collector", "auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._load(line, user=self._make_user(role))
        self._load(line, user=self._make_user("accountant"))
        self.assertEqual(len(self._covers()), 1)

    def test_controlling_takes_the_same_queries_for_more_lines(self):
        counts = []
        for number in (2, 2, 40):  # the first one fills what is read once
            lines = [
                f"C-88;ASC;accordée;{self.day};{amount};;;R-{number};"
                for amount in range(1, number + 1)
            ]
            wizard = self._preview(HEAD + lines[0])
            self.env.flush_all()
            self.env.invalidate_all()
            rows = [
                (place, dict(zip(wizard._headings, ("",) * 12, strict=True)) | row)
                for place, row in enumerate(
                    {
                        "customer": "C-88",
                        "provider": "ASC",
                        "state": "accordée",
                        "date_from": self.day,
                        "amount": str(amount),
                    }
                    for amount in range(1, number + 1)
                )
            ]
            before = self.env.cr.sql_log_count
            found = wizard._control(rows)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), number)
        self.assertEqual(counts[1], counts[2])
