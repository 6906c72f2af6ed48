"""Mandates taken over from a file, and the report of what was left out."""

import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .mandate_common import IBAN, MandateCommon

HEAD = "RUM;Client;Schéma;IBAN;Date de signature;Dernier prélèvement;Enregistré le\n"


@tagged("post_install", "-at_install")
class TestMandateImport(MandateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.partner_id.ref = "C042"
        cls.second = cls._make_debtor("Moulin", ref="C043")

    def _import(self, *lines, user=None):
        text = HEAD + "".join(f"{line}\n" for line in lines)
        wizard = self.env["recouvrement.sepa.mandate.import"]
        wizard = (wizard.with_user(user) if user else wizard).create(
            {"file": base64.b64encode(text.encode()), "filename": "mandats.csv"}
        )
        wizard.action_preview()
        return wizard

    def _line(self, rum="OLD-1", customer="C042", scheme="CORE", iban=IBAN, **vals):
        signed = vals.get("signed", self._day(-400))
        last, registered = vals.get("last", ""), vals.get("registered", "")
        return ";".join(
            map(str, (rum, customer, scheme, iban, signed, last, registered))
        )

    def test_good_lines_are_taken_over_and_the_others_are_reported(self):
        wizard = self._import(
            self._line(last=self._day(-20)),
            self._line("OLD-2", "nobody"),
            self._line("OLD-3", iban="FR7630006000011234567890188"),
            self._line("OLD-4", "C043", "B2B", registered=self._day(-300)),
            self._line("OLD-5", "C043", "B2B"),
            self._line("a//b"),
            self._line("OLD-6", signed=self._day(1)),
        )
        self.assertEqual((wizard.ready_count, wizard.refused_count), (3, 4))
        remarks = {line.line: line.remark for line in wizard.line_ids}
        self.assertIn("No debtor account", remarks[3])
        self.assertIn("no valid IBAN", remarks[4])
        self.assertIn("no RUM", remarks[7])
        self.assertIn("future", remarks[8])
        wizard.action_load()
        made = wizard.line_ids.mandate_id
        self.assertRecordValues(
            made.sorted("id"),
            [
                {"name": "OLD-1", "state": "active", "collection_count": 1},
                {"name": "OLD-4", "state": "active", "collection_count": 0},
                {"name": "OLD-5", "state": "signed", "collection_count": 0},
            ],
        )
        self.assertEqual(made[0].date_last_collection, self._day(-20))
        self.assertEqual(made[0].signed_as, "imported")
        self.assertTrue(made[0].can_collect)

    def test_a_file_loaded_twice_adds_nothing(self):
        self._import(self._line()).action_load()
        again = self._import(self._line("old-1"))
        self.assertEqual(again.ready_count, 0)
        self.assertIn("already", again.line_ids.remark)

    def test_a_mandate_that_lapsed_comes_in_as_expired(self):
        wizard = self._import(self._line(signed=self._day(-2000)))
        self.assertIn("Lapsed", wizard.line_ids.remark)
        wizard.action_load()
        self.assertEqual(wizard.line_ids.mandate_id.state, "expired")

    def test_two_customers_of_one_reference_are_not_guessed(self):
        self.second.partner_id.ref = "C042"
        wizard = self._import(self._line())
        self.assertIn("Several customers", wizard.line_ids.remark)

    def test_b2b_of_a_consumer_is_left_out(self):
        self.second.segment_id = self.env["recouvrement.segment"].create(
            {"name": "P", "code": "P", "regime": "consumer"}
        )
        wizard = self._import(self._line(customer="C043", scheme="B2B"))
        self.assertIn("consumer", wizard.line_ids.remark)

    def test_a_file_that_is_none_says_so(self):
        wizard = self.env["recouvrement.sepa.mandate.import"].create(
            {"file": base64.b64encode(b"PK\x03\x04"), "filename": "x.xlsx"}
        )
        wizard.action_preview()
        self.assertEqual(wizard.state, "file")
        self.assertIn("no CSV or xlsx", wizard.error_text)

    def test_many_lines_are_controlled_with_few_queries(self):
        few = [self._line(f"A-{n}") for n in range(3)]
        many = [self._line(f"B-{n}") for n in range(60)]
        self._import(*few)
        counts = []
        for lines in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._import(*lines)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_collectors_take_over_nothing(self):
        with self.assertRaises(AccessError):
            self._import(self._line(), user=self._make_user("collector"))
