"""What outside providers say: brought to one scale, kept, counted while valid."""

import base64
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestExternalRating(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._make_customer("Menuiserie Noël", ref="C-77")
        cls.customer.company_registry = "732829320"
        cls._make_invoice(cls.customer, 800, due=20)
        cls.debtor = cls._debtor(cls.customer)
        cls.bdf = cls.env.ref("recouvrement.external_provider_bdf")
        cls.safe = cls.env.ref("recouvrement.external_provider_creditsafe")
        cls.allianz = cls.env.ref("recouvrement.external_provider_allianz")

    def _enter(self, provider, value, **vals):
        return self.env["recouvrement.external.rating"].create(
            {
                "debtor_id": self.debtor.id,
                "provider_id": provider.id,
                "value": value,
                **vals,
            }
        )

    def _measure(self):
        ratings = self.env["recouvrement.rating"].sudo()
        ratings._compute_company(self.company)
        parts = {part["code"]: part["value"] for part in self.debtor.rating_id.parts}
        return parts.get("external")

    def test_each_scale_is_brought_to_one(self):
        for provider, value, score in (
            (self.safe, "64", 64),
            (self.safe, "0", 0),
            (self.allianz, "1", 100),
            (self.allianz, "10", 0),
            (self.bdf, "3+", 74),
            (self.bdf, "p", 0),
        ):
            with self.subTest(provider=provider.code, value=value):
                self.assertEqual(provider._get_score(value), score)

    def test_a_value_that_the_scale_does_not_have_is_refused(self):
        for value in ("11", "A", "", "-1", "nan"):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.allianz._get_score(value)

    def test_the_newest_valid_rating_counts(self):
        self.assertIsNone(self._measure())
        self._enter(self.safe, "30", date=self.today - timedelta(days=90))
        self._enter(self.allianz, "4", date=self.today - timedelta(days=30))
        self.assertEqual(self._measure(), "66.70")
        lapsed = self._enter(self.safe, "90", date=self.today)
        lapsed.date_valid = self.today - timedelta(days=1)
        self.assertEqual(self._measure(), "66.70")

    def test_what_was_said_is_not_rewritten(self):
        rating = self._enter(self.safe, "30")
        with self.assertRaises(UserError):
            rating.value = "90"

    def _load(self, text):
        wizard = self.env["recouvrement.external.rating.import"].create(
            {
                "filename": "notes.csv",
                "file": base64.b64encode(text.encode()),
                "company_id": self.company.id,
            }
        )
        wizard.action_preview()
        return wizard

    def test_a_file_is_controlled_line_by_line_and_loaded(self):
        day = self.today.strftime("%d/%m/%Y")
        wizard = self._load(
            "SIREN;Fournisseur;Note;Date;Limite conseillée\n"
            f"73282932000074;creditsafe;64;{day};12 000,50\n"
            f"C-77;Allianz Trade;3;{day};\n"
            f"C-78;Allianz Trade;3;{day};\n"
            f"C-77;Moody;3;{day};\n"
            f"C-77;creditsafe;640;{day};\n"
            "C-77;creditsafe;64;31/02/2026;\n"
            f"C-77;creditsafe;50;{day};=1+1\n"
        )
        self.assertEqual(wizard.ready_count, 2)
        self.assertEqual(wizard.refused_count, 5)
        self.assertTrue(all(wizard.line_ids[2:].mapped("remark")))
        wizard.action_load()
        loaded = self.env["recouvrement.external.rating"].search(
            [("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual(sorted(loaded.mapped("value")), ["3", "64"])
        self.assertEqual(max(loaded.mapped("limit_advised")), 12000.5)

    def test_a_file_loaded_twice_counts_once(self):
        text = f"client;source;note;date\nC-77;creditsafe;64;{self.today}\n"
        self._load(text).action_load()
        again = self._load(text)
        self.assertEqual(again.ready_count, 0)
        self.assertIn("already", again.line_ids.remark)

    def test_a_file_without_its_columns_says_which(self):
        wizard = self._load("nom;prénom\nA;B\n")
        self.assertEqual(wizard.state, "file")
        self.assertIn("SIREN", wizard.error_text)
