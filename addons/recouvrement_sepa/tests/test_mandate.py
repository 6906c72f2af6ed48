"""The life of a mandate, its terms, and which one collects what."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .mandate_common import IBAN, ICS, OTHER_IBAN, MandateCommon


@tagged("post_install", "-at_install")
class TestMandate(MandateCommon):
    def test_a_core_mandate_collects_once_it_is_signed(self):
        mandate = self._make_mandate(
            state="draft", iban="FR76 3000 6000 0112 3456 7890 189"
        )
        self.assertEqual(mandate.iban, IBAN)
        self.assertEqual(mandate.bic, "AGRIFRPPXXX")
        self.assertFalse(mandate.name)
        mandate.action_send()
        self.assertEqual(mandate.state, "sent")
        self.assertRegex(mandate.name, r"^RUM-[0-9]{4}-[0-9]{6}$")
        self.assertEqual(mandate.creditor_identifier, ICS)
        self.assertEqual(mandate.creditor_name, "Minoterie Test")
        self.assertEqual(mandate.account_holder, "Boulangerie Dubois")
        self.assertFalse(mandate.can_collect)
        mandate._sign({})
        self.assertEqual(mandate.state, "active")
        self.assertTrue(mandate.can_collect)

    def test_a_b2b_mandate_waits_for_the_bank_of_the_debtor(self):
        mandate = self._make_mandate(scheme="B2B", state="signed")
        self.assertEqual(mandate.state, "signed")
        self.assertFalse(mandate.can_collect)
        with self.assertRaisesRegex(UserError, "after its signature"):
            mandate._note_registered(self._day(-1))
        mandate._note_registered(self.today)
        self.assertEqual(mandate.state, "active")

    def test_terms_are_frozen_when_the_mandate_is_issued(self):
        mandate = self._make_mandate(state="sent").with_user(self._make_user("manager"))
        for values in (
            {"scheme": "B2B"},
            {"kind": "oneoff"},
            {"iban": OTHER_IBAN},
            {"debtor_id": self._make_debtor("Autre").id},
            {"account_holder": "Autre"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                mandate.write(values)
        for values in (
            {"name": "X"},
            {"state": "active"},
            {"creditor_identifier": "X"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mandate.write(values)
        mandate.write({"priority": 1, "note": "x"})

    def test_what_the_company_changes_leaves_issued_mandates_alone(self):
        mandate = self._make_mandate()
        self.company.write(
            {"sepa_ics": "DE98ZZZ09999999999", "sepa_creditor_name": "Y"}
        )
        self.assertEqual(mandate.creditor_identifier, ICS)
        self.assertEqual(mandate.creditor_name, "Minoterie Test")

    def test_without_a_creditor_identifier_nothing_is_issued(self):
        self.company.sepa_ics = False
        mandate = self._make_mandate(state="draft")
        with self.assertRaisesRegex(UserError, "no creditor identifier"):
            mandate.action_send()

    def test_wrong_identifiers_are_refused_with_the_reason(self):
        for ics, reason in (
            ("FR12ZZZ123456", "check digits"),
            ("FR49ZZZ1", "structure"),
            ("QQ50ZZZ1", "not in SEPA"),
        ):
            with self.subTest(ics=ics), self.assertRaisesRegex(ValidationError, reason):
                self.company.sepa_ics = ics
        self.company.sepa_ics = "fr72 zzz 123456"
        self.assertEqual(self.company.sepa_ics, ICS)

    def test_b2b_is_refused_to_consumers(self):
        person = self._make_debtor("Jeanne Petit", is_company=False)
        consumer = self._make_debtor("Foyer")
        consumer.segment_id = self.env.ref(
            "recouvrement.segment_b2c", False
        ) or self.env["recouvrement.segment"].create(
            {"name": "P", "code": "P", "regime": "consumer"}
        )
        for debtor in (person, consumer):
            with self.subTest(debtor=debtor.display_name):
                with self.assertRaisesRegex(ValidationError, "consumer"):
                    self._make_mandate(debtor, "draft", scheme="B2B")
                self._make_mandate(debtor, "draft", scheme="CORE")

    def test_wrong_accounts_are_refused(self):
        for iban in ("FR5430006000011234567890100", "TR330006100519786457841326", "x"):
            with self.subTest(iban=iban), self.assertRaises(ValidationError):
                self._make_mandate(state="draft", iban=iban)

    def test_a_reference_is_unique_for_the_creditor(self):
        first = self._make_mandate()
        second = self._make_mandate()
        self.assertNotEqual(first.name, second.name)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            second.sudo().name = first.name.lower()
            second.flush_recordset()

    def test_the_clock_runs_from_the_last_collection_presented(self):
        mandate = self._make_mandate(date_signed=self._day(-400))
        self.assertEqual(
            (mandate.date_expiry.year, mandate.date_expiry.month),
            ((mandate.date_signed.year + 3), mandate.date_signed.month),
        )
        due = self._day(-10)
        mandate._note_presented([(mandate.id, due), (mandate.id, self._day(-40))])
        self.assertEqual(mandate.date_last_collection, due)
        self.assertEqual(mandate.date_expiry.year, due.year + 3)
        self.assertEqual(mandate.collection_count, 2)
        mandate._note_withdrawn([(mandate.id, None), (mandate.id, None)])
        self.assertFalse(mandate.date_last_collection)
        self.assertEqual(mandate.collection_count, 0)

    def test_a_mandate_lapses_after_36_months(self):
        mandate = self._make_mandate(date_signed=self._day(-3 * 366 - 5))
        other = self._make_mandate(date_signed=self._day(-1000))
        self.assertFalse(mandate.can_collect)
        mandate._expire(self.today)
        self.assertEqual(mandate.state, "expired")
        self.assertEqual(other.state, "active")

    def test_a_one_off_mandate_is_used_once(self):
        mandate = self._make_mandate(kind="oneoff")
        mandate._note_presented([(mandate.id, self.today)])
        self.assertEqual(mandate.state, "final")
        mandate._note_withdrawn([(mandate.id, None)])
        self.assertEqual(mandate.state, "active")

    def test_suspended_mandates_collect_again_when_resumed(self):
        mandate = self._make_mandate()
        mandate._suspend("AC04")
        self.assertEqual(
            (mandate.state, mandate.suspended_reason), ("suspended", "AC04")
        )
        self.assertFalse(mandate.can_collect)
        mandate.action_resume()
        self.assertTrue(mandate.can_collect)

    def test_a_cancelled_mandate_is_over(self):
        mandate = self._make_mandate()
        mandate._cancel("Asked")
        self.assertEqual(mandate.end_reason, "Asked")
        with self.assertRaises(UserError):
            mandate.action_resume()
        with self.assertRaises(UserError):
            mandate.unlink()

    def test_of_two_signatures_one_counts(self):
        mandate = self._make_mandate(state="sent")
        mandate._sign({})
        with self.assertRaises(UserError):
            mandate._sign({})

    def test_the_rule_picks_among_several_mandates(self):
        invoice = self.debtor.env["account.move"].search(
            [("partner_id", "=", self.debtor.partner_id.id)], limit=1
        )
        pick = self.env["recouvrement.sepa.mandate"]._get_for_invoice
        self.assertFalse(pick(invoice))
        first = self._make_mandate()
        second = self._make_mandate()
        self.assertEqual(pick(invoice), second)
        first.priority = 1
        self.assertEqual(pick(invoice), first)
        second.sale_journal_ids = invoice.journal_id
        self.assertEqual(pick(invoice), second)
        invoice.sepa_mandate_id = first
        self.assertEqual(pick(invoice), first)
        first._suspend("x")
        self.assertFalse(pick(invoice))
        first._cancel("x")
        self.assertEqual(pick(invoice), second)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.sepa_mandate_used_id, second)

    def test_an_invoice_takes_no_mandate_of_another_customer(self):
        mandate = self._make_mandate(self._make_debtor("Autre"))
        invoice = self._make_invoice(self.debtor.partner_id, 10)
        with self.assertRaises(ValidationError):
            invoice.sepa_mandate_id = mandate

    def test_a_mandate_signed_tomorrow_collects_nothing_today(self):
        mandate = self._make_mandate()
        self.assertFalse(
            mandate._get_usable(mandate.ids, self.today - timedelta(days=1))
        )
