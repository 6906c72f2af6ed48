"""The file: who approves, what hinders it, made once and kept."""

import hashlib
import io
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import pain008, target_calendar
from .collection_common import BANK_IBAN, CollectionCommon
from .mandate_common import ICS, OTHER_IBAN


class FileCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_told_invoice(cls.partner, 250.0, due=-5)
        cls.accountant = cls._make_user("accountant")
        cls.other_accountant = cls._make_user("accountant", login="accountant_2")
        cls.manager = cls._make_user("manager")

    def _codes(self, collection):
        return sorted(collection.refusal_ids.mapped("code"))


@tagged("post_install", "-at_install")
class TestCollectionFile(FileCommon):
    # ------------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------------

    def test_the_file_says_what_is_debited(self):
        collection = self._collect("generated")
        line = collection.line_ids
        root = self._read_file(collection)
        expected = {
            "GrpHdr/MsgId": f"{collection.name}-CORE",
            "GrpHdr/NbOfTxs": "1",
            "GrpHdr/CtrlSum": "250.00",
            "GrpHdr/InitgPty/Nm": "Minoterie Test",
            "PmtInf/PmtInfId": f"{collection.name}-CORE-RCUR",
            "PmtInf/ReqdColltnDt": str(self.later),
            "PmtInf/CdtrAcct/Id/IBAN": BANK_IBAN,
            "PmtInf/CdtrSchmeId/Id/PrvtId/Othr/Id": ICS,
            "PmtInf/PmtTpInf/LclInstrm/Cd": "CORE",
            "PmtInf/DrctDbtTxInf/PmtId/EndToEndId": line.end_to_end_id,
            "PmtInf/DrctDbtTxInf/InstdAmt": "250.00",
            "PmtInf/DrctDbtTxInf/DrctDbtTx/MndtRltdInf/MndtId": self.mandate.name,
            "PmtInf/DrctDbtTxInf/DrctDbtTx/MndtRltdInf/DtOfSgntr": str(self._day(-30)),
            "PmtInf/DrctDbtTxInf/Dbtr/Nm": "Boulangerie Dubois",
            "PmtInf/DrctDbtTxInf/Dbtr/PstlAdr/StrtNm": "rue des Lilas",
            "PmtInf/DrctDbtTxInf/Dbtr/PstlAdr/BldgNb": "12",
            "PmtInf/DrctDbtTxInf/Dbtr/PstlAdr/TwnNm": "Lyon",
            "PmtInf/DrctDbtTxInf/DbtrAcct/Id/IBAN": self.mandate.iban,
            "PmtInf/DrctDbtTxInf/RmtInf/Ustrd": self.old.name,
        }
        found = {path: root.findtext(f".//{path}") for path in expected}
        self.assertEqual(found, expected)
        self.assertFalse(root.findall(".//AdrLine"))
        self.assertEqual(line.payment_info_id, f"{collection.name}-CORE-RCUR")
        self.assertEqual(line.state, "presented")
        self.assertEqual(self.mandate.date_last_collection, self.later)
        self.assertEqual(self.mandate.collection_count, 1)

    def test_the_control_sheet_is_printed_in_every_language(self):
        """With the hour at which it was printed: it must not fail on a time zone."""
        collection = self._collect("generated")
        reports = self.env["ir.actions.report"]
        for lang in self.env["res.lang"].get_installed():
            with self.subTest(lang=lang[0]):
                html, kind = reports.with_context(lang=lang[0])._render_qweb_html(
                    "recouvrement_sepa.report_collection_sheet", collection.ids
                )
                self.assertEqual(kind, "html")
                self.assertIn(collection.name, html.decode())

    def test_both_versions_are_valid(self):
        for version in ("08", "02"):
            self.bank.sepa_version = version
            collection = self._collect("generated")
            stream = io.BytesIO(collection._get_file())
            pain008.validate(stream, version)
            self.assertEqual(collection.version, f"pain.008.001.{version}")
            collection._cancel("Test")

    def test_each_sequence_has_its_group(self):
        self.bank.sepa_sequence_mode = "first"
        other = self._make_debtor("Café Noir", items=())
        partner = self.env["res.partner"].search([("name", "=", "Café Noir")])
        self._make_told_invoice(partner, 99.5)
        other = self._debtor(partner)
        self._make_mandate(
            other, kind="oneoff", iban=OTHER_IBAN, date_signed=self._day(-20)
        )
        root = self._read_file(self._collect("generated"))
        sequences = [node.text for node in root.iter("SeqTp")]
        self.assertEqual(sorted(sequences), ["FRST", "OOFF"])
        self.assertEqual(root.findtext(".//GrpHdr/CtrlSum"), "349.50")
        self.assertIn("Cafe Noir", [node.text for node in root.iter("Nm")])

    def test_addresses_follow_the_bank(self):
        for mode, lines, town in (("hybrid", 1, "Lyon"), ("none", 0, None)):
            self.bank.sepa_address_mode = mode
            collection = self._collect("generated")
            debit = self._read_file(collection).find(".//DrctDbtTxInf")
            self.assertEqual(len(debit.findall(".//AdrLine")), lines)
            self.assertEqual(debit.findtext(".//TwnNm"), town)
            collection._cancel("Test")

    def test_a_poor_address_is_left_out(self):
        self.partner.city = False
        debit = self._read_file(self._collect("generated")).find(".//DrctDbtTxInf")
        self.assertIsNone(debit.find(".//PstlAdr"))

    def test_the_address_of_who_collects_is_told(self):
        self.company.partner_id.write(
            {
                "street": "27 rue du Chevaleret",
                "zip": "75013",
                "city": "Paris",
                "country_id": self.env.ref("base.fr").id,
            }
        )
        for version in ("08", "02"):
            self.bank.sepa_version = version
            for mode, number, lines in (
                ("structured", "27", 0),
                ("hybrid", None, 1),
                ("none", None, 0),
            ):
                self.bank.sepa_address_mode = mode
                collection = self._collect("generated")
                creditor = self._read_file(collection).find(".//PmtInf/Cdtr")
                with self.subTest(version=version, mode=mode):
                    self.assertEqual(creditor.findtext(".//BldgNb"), number)
                    self.assertEqual(len(creditor.findall(".//AdrLine")), lines)
                    told = mode != "none"
                    self.assertEqual(
                        creditor.findtext(".//TwnNm"), told and "Paris" or None
                    )
                    self.assertEqual(
                        creditor.findtext(".//Ctry"), told and "FR" or None
                    )
                    self.assertFalse(self._codes(collection))
                collection._cancel("Test")

    def test_a_company_without_a_town_is_warned(self):
        self.company.partner_id.city = False
        collection = self._collect("generated")
        self.assertEqual(self._codes(collection), ["creditor_address"])
        self.assertEqual(collection.refusal_ids.level, "warning")
        creditor = self._read_file(collection).find(".//PmtInf/Cdtr")
        self.assertIsNone(creditor.find("PstlAdr"))

    def test_an_account_outside_the_area_needs_town_and_bic(self):
        self.mandate._cancel("Test")
        self._make_mandate(
            iban="CH9300762011623852957", date_signed=self._day(-20)
        ).sudo().bic = False
        self.partner.city = False
        collection = self._propose_debits()
        collection.action_check()
        self.assertEqual(self._codes(collection), ["address_needed", "bic_needed"])

    def test_many_documents_are_told_as_far_as_they_fit(self):
        for number in range(14):
            self._make_told_invoice(self.partner, 10.0, ref=f"R{number}")
        root = self._read_file(self._collect("generated"))
        text = root.findtext(".//Ustrd")
        self.assertLessEqual(len(text), 140)
        self.assertRegex(text, r" \+\d+$")
        listed, more = text.rsplit(" +", 1)
        self.assertEqual(len(listed.split(", ")) + int(more), 15)

    def test_an_amendment_travels_with_the_next_collection_only(self):
        old = self.mandate.iban
        self.mandate.sudo().write(
            {"date_last_collection": self._day(-20), "collection_count": 3}
        )
        self.mandate._amend("account", OTHER_IBAN, "Asked by the customer")
        collection = self._collect("sent")
        debit = self._read_file(collection).find(".//DrctDbtTxInf")
        self.assertEqual(debit.findtext(".//AmdmntInd"), "true")
        self.assertEqual(debit.findtext(".//OrgnlDbtrAcct/Id/Othr/Id"), "SMNDA")
        self.assertEqual(debit.findtext("./DbtrAcct/Id/IBAN"), OTHER_IBAN)
        self.assertEqual(collection.line_ids.amendment_json["old_iban"], old)
        self.assertEqual(self.mandate.amendment_ids.state, "sent")
        collection._cancel("Test")
        self.assertEqual(self.mandate.amendment_ids.state, "to_resend")
        again = self._read_file(self._collect("sent"))
        self.assertEqual(again.findtext(".//AmdmntInd"), "true")
        self._make_told_invoice(self.partner, 10.0)
        third = self._read_file(self._collect("sent"))
        self.assertEqual(third.findtext(".//AmdmntInd"), "false")

    # ------------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------------

    def test_small_collections_need_no_second_person(self):
        collection = self._propose_debits()
        collection.with_user(self.accountant).action_submit()
        self.assertEqual(collection.state, "approved")
        self.assertEqual(collection.approved_by_id, self.accountant)

    def test_a_second_person_approves_from_the_amount_on(self):
        self.company.sepa_approval_amount = 250
        author = self.env["recouvrement.sepa.collection"].with_user(self.accountant)
        collection = author._propose(self.bank, "CORE", self.later, self.later)
        collection.action_submit()
        self.assertEqual(collection.state, "to_approve")
        with self.assertRaisesRegex(UserError, "somebody else"):
            collection.action_approve()
        collection.with_user(self.other_accountant).action_approve()
        self.assertEqual(collection.approved_by_id, self.other_accountant)

    def test_nobody_approves_above_the_own_authority(self):
        self.company.sepa_approval_amount = 0
        limit = self.env.ref("recouvrement_sepa.authority_collection_accountant")
        limit.write({"unlimited": False, "limit": 249.99})
        collection = self._propose_debits()
        collection.action_submit()
        self.assertEqual(collection.amount, 250)
        with self.assertRaisesRegex(UserError, "Approve Direct Debits"):
            collection.with_user(self.accountant).action_approve()
        limit.limit = 250
        collection.with_user(self.accountant).action_approve()
        self.assertEqual(collection.approved_by_id, self.accountant)

    def test_whoever_submits_does_not_approve_either(self):
        self.company.sepa_approval_amount = 0
        author = self.env["recouvrement.sepa.collection"].with_user(self.accountant)
        collection = author._propose(self.bank, "CORE", self.later, self.later)
        collection.with_user(self.manager).action_submit()
        with self.assertRaises(UserError):
            collection.with_user(self.manager).action_approve()
        collection.with_user(self.other_accountant).action_approve()
        self.assertEqual(collection.state, "approved")

    def test_back_to_draft_is_approved_again(self):
        self.company.sepa_approval_amount = 250
        collection = self._propose_debits()
        collection.action_submit()
        collection.with_user(self.accountant).action_approve()
        collection.action_draft()
        self.assertFalse(collection.approved_by_id)
        with self.assertRaises(UserError):
            collection.action_generate()

    def test_nothing_is_approved_without_debits(self):
        collection = self._propose_debits()
        collection.action_empty()
        with self.assertRaises(UserError):
            collection.action_submit()

    # ------------------------------------------------------------------
    # WHAT HINDERS
    # ------------------------------------------------------------------

    def test_an_invoice_paid_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        collection.action_submit()
        self._pay(self.old)
        collection.action_generate()
        self.assertEqual(collection.state, "approved")
        self.assertFalse(collection.file_id)
        self.assertEqual(self._codes(collection), ["item_paid"])
        self.assertEqual(collection.refusal_ids.debtor_id, self.debtor)
        self.assertIn(self.old.name, collection.refusal_ids.message)
        collection.action_remove_refused()
        self.assertFalse(collection.line_ids or collection.refusal_ids)

    def test_a_partial_payment_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        self._pay(self.old, 1.0)
        collection.action_check()
        self.assertEqual(self._codes(collection), ["item_paid"])
        collection.action_propose()
        self.assertEqual(collection.amount, 249.0)
        collection.action_check()
        self.assertFalse(collection.refusal_ids)

    def test_a_dispute_opened_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        self._items(self.old)._set_collection_status("disputed", "Test")
        collection.action_check()
        self.assertEqual(self._codes(collection), ["item_stopped"])

    def test_a_hold_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        self.debtor._hold(self._day(30), "Test")
        collection.action_check()
        self.assertEqual(self._codes(collection), ["debtor_held"])

    def test_a_mandate_suspended_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        self.mandate._suspend("Test")
        collection.action_check()
        self.assertEqual(self._codes(collection), ["mandate_not_usable"])

    def test_an_account_changed_meanwhile_hinders_the_file(self):
        collection = self._propose_debits()
        self.mandate.sudo().iban = OTHER_IBAN
        collection.action_check()
        self.assertEqual(self._codes(collection), ["mandate_changed"])
        self.assertIn("IBAN", collection.refusal_ids.message)

    def test_a_file_that_comes_too_late_is_not_made(self):
        collection = self._propose_debits()
        collection.action_submit()
        self.bank.sepa_lead_days_core = 30
        collection.action_generate()
        self.assertEqual(self._codes(collection), ["date_early"])

    def test_letters_without_equivalent_are_told_and_do_not_hinder(self):
        self.mandate.sudo().account_holder = "東京 Dubois"
        collection = self._collect("generated")
        self.assertEqual(self._codes(collection), ["text_lost"])
        root = self._read_file(collection)
        self.assertEqual(root.findtext(".//Dbtr/Nm"), ".. Dubois")

    def test_every_code_of_the_checker_has_words(self):
        texts = self.env["recouvrement.sepa.collection"]._get_refusal_texts()
        source = open(pain008.__file__.replace("pain008", "epc_check")).read()
        codes = set()
        for part in source.split("Refusal(")[1:]:
            code = part.split('"')[1] if part.strip().startswith('"') else None
            if code:
                codes.add(code)
        self.assertGreater(len(codes), 15)
        self.assertLessEqual(codes, set(texts))
        for fault in ("invalid", "national_key", "not_sepa"):
            self.assertIn(f"iban_{fault}", texts)

    # ------------------------------------------------------------------
    # KEPT
    # ------------------------------------------------------------------

    def test_the_file_is_made_once_and_kept(self):
        collection = self._collect("generated")
        first = collection._get_file()
        self.assertEqual(hashlib.sha256(first).hexdigest(), collection.file_sha256)
        self.partner.name = "Another Name"
        self.assertEqual(collection._get_file(), first)
        with self.assertRaises(UserError):
            collection.action_generate()

    def test_a_file_that_was_changed_is_not_served(self):
        collection = self._collect("generated")
        collection.sudo().file_id.raw = b"<Document/>"
        with self.assertRaisesRegex(UserError, "not the one"):
            collection._get_file()

    def test_a_file_cannot_be_deleted(self):
        collection = self._collect("generated")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            collection.sudo().file_id.unlink()

    def test_a_crash_between_the_steps_leaves_nothing(self):
        collection = self._propose_debits()
        collection.action_submit()
        model = type(self.env["recouvrement.sepa.mandate"])
        with (
            patch.object(model, "_note_presented", side_effect=RuntimeError),
            self.assertRaises(RuntimeError),
            self.cr.savepoint(),
        ):
            collection.action_generate()
        self.env.invalidate_all()
        self.assertEqual(collection.state, "approved")
        self.assertFalse(collection.file_id)
        self.assertEqual(collection.line_ids.state, "planned")
        collection.action_generate()
        self.assertEqual(collection.state, "generated")

    def test_cancelling_keeps_the_file_and_a_new_one_has_other_identifiers(self):
        collection = self._collect("sent")
        first = collection.line_ids.end_to_end_id
        collection._cancel("The bank lost it")
        self.assertTrue(collection.file_id)
        self.assertEqual(self.mandate.collection_count, 0)
        self.assertFalse(self.mandate.date_last_collection)
        again = self._collect("generated")
        self.assertNotEqual(again.line_ids.end_to_end_id, first)
        self.assertNotEqual(again.message_id, collection.message_id)

    def test_cancelling_needs_a_reason(self):
        with self.assertRaises(UserError):
            self._propose_debits()._cancel(" ")

    def test_what_was_booked_is_not_cancelled(self):
        collection = self._collect("sent")
        collection.sudo().state = "booked"
        with self.assertRaises(UserError):
            collection._cancel("Too late")

    # ------------------------------------------------------------------
    # REMOTE CALLS
    # ------------------------------------------------------------------

    def test_states_and_files_are_not_written_by_hand(self):
        collection = self._propose_debits().with_user(self.accountant)
        line = collection.line_ids
        for record, vals in (
            (collection, {"state": "sent"}),
            (collection, {"amount": 1}),
            (collection, {"file_sha256": "x"}),
            (collection, {"approved_by_id": self.accountant.id}),
            (line, {"amount": 1.0}),
            (line, {"iban": OTHER_IBAN}),
            (line, {"live": False}),
        ):
            with self.assertRaises(AccessError):
                record.write(vals)

    def test_a_presented_debit_is_not_deleted(self):
        line = self._collect("generated").line_ids
        with self.assertRaises(UserError):
            line.action_remove()
        with self.assertRaises(UserError):
            line.sudo().unlink()


@tagged("post_install", "-at_install")
class TestCollectionDownload(HttpCase, FileCommon):
    def _download(self, collection, login):
        self.authenticate(login, login)
        return self.url_open(f"/recouvrement_sepa/collection/{collection.id}/file")

    def test_the_bytes_are_the_same_each_time(self):
        collection = self._collect("generated")
        for number in (1, 2):
            answer = self._download(collection, self.accountant.login)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content, collection._get_file())
            collection.invalidate_recordset()
            self.assertEqual(collection.download_count, number)

    def test_only_who_hands_it_in_may_have_the_file(self):
        collection = self._collect("generated")
        for role in ("collector", "auditor"):
            user = self._make_user(role)
            self.assertEqual(self._download(collection, user.login).status_code, 404)
        sales = self._make_user("salesperson")
        self.assertIn(self._download(collection, sales.login).status_code, (403, 404))

    def test_the_next_open_day_is_taken_from_the_calendar(self):
        day = self.env["recouvrement.sepa.collection"]._get_earliest_date(
            self.bank, "CORE"
        )
        self.assertTrue(target_calendar.is_open(day))
        self.assertGreater(day, self.today)
