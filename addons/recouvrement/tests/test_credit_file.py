"""Customer files: opened by a form, piece by piece, counted in the rating."""

import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .access_common import AccessCommon

DOCUMENT = base64.b64encode(b"Company extract")


@tagged("post_install", "-at_install")
class TestCreditFile(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.segment_id = cls.env.ref("recouvrement.segment_company")
        cls.file = cls.env["recouvrement.credit.file"]._open_file(cls.own)

    def _piece(self, code, file=None):
        return (file or self.file).piece_ids.filtered(lambda p: p.kind_id.code == code)

    def _check(self, pieces):
        pieces.write({"document": DOCUMENT, "document_name": "extract.pdf"})
        pieces.action_receive()
        pieces.action_check()

    def _form(self, role="collector", **values):
        form = Form(self._as(self.env["recouvrement.credit.file.wizard"], role))
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    # ------------------------------------------------------------------
    # CHECK LIST
    # ------------------------------------------------------------------

    def test_the_check_list_is_that_of_the_segment(self):
        self.assertEqual(
            self.file.piece_ids.mapped("kind_id.code"),
            ["extract", "terms", "bank", "signatory", "mandate", "exemption"],
        )
        self.nobodys.segment_id = self.env.ref("recouvrement.segment_public")
        public = self.env["recouvrement.credit.file"]._open_file(self.nobodys)
        self.assertEqual(
            public.piece_ids.filtered("is_required").mapped("kind_id.code"),
            ["order_rules"],
        )

    def test_completeness_counts_required_pieces_checked(self):
        self.assertEqual((self.file.completeness, self.file.missing_count), (0, 4))
        self._check(self._piece("extract"))
        self.assertEqual((self.file.completeness, self.file.missing_count), (25, 3))
        self._check(self._piece("mandate"))
        self.assertEqual(self.file.completeness, 25)
        self._check(self.file.piece_ids.filtered(lambda p: p.state == "missing")[:3])
        self.assertTrue(self.file.is_complete)

    def test_a_piece_is_received_with_its_document_and_then_checked(self):
        piece = self._piece("extract").with_user(self.users["collector"])
        with self.assertRaises(UserError):
            piece.action_receive()
        with self.assertRaises(UserError):
            piece.action_check()
        piece.document = DOCUMENT
        piece.action_receive()
        self.assertEqual(piece.received_by_id, self.users["collector"])
        self.assertEqual(piece.date_received, self.today)
        self.assertGreater(piece.date_expiry, self.today + timedelta(days=360))
        piece.action_check()
        self.assertEqual(piece.checked_by_id, self.users["collector"])

    def test_a_document_that_changes_is_checked_again(self):
        piece = self._piece("extract").with_user(self.users["collector"])
        self._check(piece)
        piece.document = base64.b64encode(b"Another")
        self.assertEqual(piece.state, "received")
        self.assertFalse(piece.checked_by_id)

    def test_a_certificate_needs_its_last_day(self):
        piece = self._piece("exemption")
        piece.document = DOCUMENT
        piece.action_receive()
        with self.assertRaises(UserError):
            piece.action_check()
        piece.date_expiry = self.today - timedelta(days=1)
        with self.assertRaises(UserError):
            piece.action_check()
        piece.date_expiry = self.today
        piece.action_check()
        self.assertEqual(piece.state, "checked")

    def test_what_expires_is_to_be_obtained_again(self):
        piece = self._piece("extract")
        self._check(piece)
        piece.sudo().write({"date_expiry": self.today})
        self.env["recouvrement.credit.file"]._cron_daily()
        self.assertEqual(piece.state, "checked")
        piece.sudo().write({"date_expiry": self.today - timedelta(days=1)})
        for _night in range(2):
            self.env["recouvrement.credit.file"]._cron_daily()
        self.assertEqual(piece.state, "expired")
        self.assertEqual(self.file.completeness, 0)
        [activity] = self.file.activity_ids
        self.assertEqual(activity.user_id, self.users["collector"])

    def test_states_are_not_entered_by_hand(self):
        for name, value in (
            ("state", "checked"),
            ("is_required", False),
            ("checked_by_id", self.users["manager"].id),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._rpc("manager", self._piece("extract"), "write", {name: value})

    def test_only_a_manager_does_without_a_piece(self):
        piece = self._piece("signatory")
        with self.assertRaises(AccessError):
            self._rpc("collector", piece, "action_switch_required")
        self._rpc("manager", piece, "action_switch_required")
        self.assertFalse(piece.is_required)
        self.assertIn("signatory", self.own.event_ids[0].summary)
        self.assertEqual(self.file.missing_count, 3)

    def test_a_new_kind_reaches_files_that_are_open(self):
        kind = self.env["recouvrement.credit.piece.kind"].create(
            {"name": "Guarantee", "code": "guarantee"}
        )
        self.assertNotIn(kind, self.file.piece_ids.kind_id)
        self._rpc("collector", self.file, "action_update_pieces")
        self.assertIn(kind, self.file.piece_ids.kind_id)

    def test_another_portfolio_is_out_of_reach(self):
        foreign = self.env["recouvrement.credit.file"]._open_file(self.foreign)
        for method, records in (
            ("action_update_pieces", foreign),
            ("action_receive", foreign.piece_ids[:1]),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("collector", records, method)

    # ------------------------------------------------------------------
    # FORM
    # ------------------------------------------------------------------

    def test_a_new_customer_is_entered_with_account_and_file(self):
        wizard = self._form(
            name="Menuiserie Noël",
            company_registry="732 829 320 00074",
            email="factures@noel.example",
            city="Lyon",
        )
        file = self.env["recouvrement.credit.file"].browse(
            wizard.action_open()["res_id"]
        )
        customer = file.customer_id
        self.assertEqual(customer.company_registry, "73282932000074")
        self.assertEqual(customer.email, "factures@noel.example")
        self.assertEqual(file.debtor_id.collector_id, self.users["collector"])
        self.assertEqual(file.segment_id, self.env.ref("recouvrement.segment_company"))
        self.assertEqual(file.opened_by_id, self.users["collector"])
        self.assertEqual(len(file.piece_ids), 6)
        self._make_invoice(customer, 100)
        self.assertEqual(file.debtor_id.open_amount, 100)

    def test_a_number_that_does_not_exist_is_refused(self):
        for values in (
            {"company_registry": "732829321"},
            {"company_registry": "73282932000075"},
            {"company_registry": "732829320", "vat": "FR40303265045"},
            {"company_registry": "abc"},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                self._form(name="Noël", **values).action_open()

    def test_a_siren_is_entered_once(self):
        known = self._make_customer("Noël et fils", company_registry="73282932000074")
        wizard = self._form(name="Noël", company_registry="732829320")
        self.assertEqual(wizard.same_ids, known)
        with self.assertRaisesRegex(UserError, "Noël et fils"):
            wizard.action_open()

    def test_a_known_customer_keeps_its_account(self):
        wizard = self._form(partner_id=self.nobodys.partner_id)
        file = self.env["recouvrement.credit.file"].browse(
            wizard.action_open()["res_id"]
        )
        self.assertEqual(file.debtor_id, self.nobodys)
        with self.assertRaises(UserError):
            self._form(partner_id=self.nobodys.partner_id).action_open()
        with self.assertRaises(AccessError):
            self._form(partner_id=self.foreign.partner_id).action_open()

    def test_no_file_is_opened_for_another_company(self):
        wizard = self._form(partner_id=self.nobodys.partner_id)
        wizard.sudo().company_id = self.other
        with self.assertRaises(AccessError):
            wizard.action_open()

    def test_the_button_of_the_account_leads_to_the_file_or_its_form(self):
        self.assertEqual(self.own.action_credit_file()["res_id"], self.file.id)
        action = self.nobodys.action_credit_file()
        self.assertEqual(action["res_model"], "recouvrement.credit.file.wizard")

    # ------------------------------------------------------------------
    # RATING
    # ------------------------------------------------------------------

    def test_the_file_counts_in_the_completeness_of_the_rating(self):
        def measure():
            self.env["recouvrement.rating"].sudo()._compute_company(self.company)
            parts = self.own.rating_id.parts
            return {p["code"]: float(p["value"]) for p in parts if p["known"]}

        before = measure()["completeness"]
        self._check(self.file.piece_ids.filtered("is_required"))
        self.assertEqual(measure()["completeness"], before + 50)
