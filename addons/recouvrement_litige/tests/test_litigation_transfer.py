"""Transferring items: from the 360° page, the open items, the list of debtors."""

import inspect
import re

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..tools import procedures as rules
from .litigation_common import LitigationCommon


@tagged("post_install", "-at_install")
class TestLitigationTransfer(LitigationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.court = cls.env["recouvrement.jurisdiction"].create(
            {
                "name": "TC Lyon",
                "kind": "tc",
                "zip": "69003",
                "zip_prefixes": "69, 01",
            }
        )

    def _open_wizard(self, action):
        self.assertEqual(action["res_model"], "recouvrement.litigation.transfer")
        return self.env[action["res_model"]].browse(action["res_id"])

    def _confirm(self, wizard):
        action = wizard.action_confirm()
        if action.get("res_id"):
            return self.files.browse(action["res_id"])
        return self.files.search(action["domain"])

    def test_items_ticked_on_the_page_make_a_file(self):
        wizard = self._open_wizard(
            self.debtor.action_desk_litigation(self.lines[:2].ids)
        )
        self.assertEqual(wizard.move_line_ids, self.lines[:2])
        self.assertEqual(wizard.total, 600)
        self.assertEqual(wizard.jurisdiction_id, self.court)
        self.assertEqual(wizard.procedure_id.code, "formal_notice")
        litigation = self._confirm(wizard)
        self.assertEqual(litigation.line_ids.move_line_id, self.lines[:2])
        self.assertEqual(litigation.procedure_id.code, "formal_notice")
        self.assertEqual(litigation.jurisdiction_id, self.court)
        self.assertTrue(litigation.next_date)

    def test_nothing_ticked_takes_what_is_overdue_and_free(self):
        self._file(self.lines[0])
        self._make_invoice(self.debtor.partner_id, 50, due=20)
        wizard = self._open_wizard(self.debtor.action_desk_litigation())
        self.assertEqual(wizard.move_line_ids, self.lines[1:])
        self.assertEqual(len(wizard.possible_ids), 3)

    def test_the_form_works_and_proposes_again_with_other_items(self):
        wizard = self._open_wizard(self.debtor.action_desk_litigation())
        self.assertIn("C. civ. art. 1344", wizard.proposals)
        self.lines.sudo()._set_formal_notice(
            self._day(-20), "Posted by the lawyer", self.lines._get_debtors()
        )
        with Form(wizard) as form:
            form.move_line_ids = self.lines[:1]
        self.assertEqual(wizard.procedure_id.code, "payment_order_2026_09")
        self.assertEqual(wizard.total, 300)

    def test_a_file_may_wait_to_be_prepared(self):
        wizard = self._open_wizard(self.debtor.action_desk_litigation())
        wizard.is_started = False
        litigation = self._confirm(wizard)
        self.assertFalse(litigation.procedure_id or litigation.step_ids)
        self.assertEqual(litigation.stage_id.code, "prepare")
        start = self._open_wizard(litigation.action_start_procedure())
        self.assertEqual(start.mode, "start")
        start.procedure_id = self._procedure()
        self._confirm(start)
        self.assertEqual(litigation.procedure_id.code, "payment_order_2026_09")

    def test_several_debtors_get_a_file_each_with_what_fits_them(self):
        person = self._make_debtor("Jean Durand", is_company=False)
        lines = self._open_lines(person) | self.lines
        lines.sudo()._set_formal_notice(self._day(-20), "Lawyer", lines._get_debtors())
        contested = self._make_debtor("Contested")
        self._open_lines(contested)._set_collection_status("disputed", "Broken")
        debtors = self.debtor | person | contested
        wizard = self._open_wizard(debtors.action_litigation())
        self.assertFalse(wizard.procedure_id)
        self.assertFalse(wizard.proposals)
        files = self._confirm(wizard)
        codes = {one.debtor_id: one.procedure_id.code for one in files}
        self.assertEqual(codes[self.debtor], "payment_order_2026_09")
        self.assertEqual(codes[person], "payment_order_2026_09")
        self.assertEqual(codes[contested], "formal_notice")
        self.assertEqual(len(files), 3)

    def test_items_of_the_open_items_list(self):
        items = self.env["recouvrement.open.item"].browse(self.lines[:1].ids)
        wizard = self._open_wizard(items.action_litigation())
        self.assertEqual(wizard.move_line_ids, self.lines[:1])

    def test_items_are_added_to_a_file(self):
        litigation = self._file(self.lines[0])
        wizard = self._open_wizard(litigation.action_add_items())
        self.assertEqual(wizard.mode, "add")
        self.assertEqual(wizard.move_line_ids, self.lines[1:])
        self._confirm(wizard)
        self.assertEqual(litigation.amount_open, 900)

    def test_items_that_another_took_meanwhile_are_refused(self):
        wizard = self._open_wizard(self.debtor.action_desk_litigation())
        self._file(self.lines[0])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.move_line_ids = [Command.clear()]
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_a_limit_date_that_is_near_is_told(self):
        wizard = self._open_wizard(self.debtor.action_desk_litigation())
        self.assertFalse(wizard.limit_is_near)
        self.lines[0].sudo().limit_date = self._day(60)
        wizard.invalidate_recordset()
        self.assertTrue(wizard.limit_is_near)
        self.assertEqual(wizard.limit_date, self._day(60))

    # ------------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------------

    def _proposed(self, debtor=None, lines=None, **options):
        debtor = debtor or self.debtor
        lines = self._open_lines(debtor) if lines is None else lines
        found = self.files._propose(debtor, lines, **options)
        return {one.procedure.code: one for one in found}

    def test_a_proposal_has_reasons_court_costs_and_a_first_day(self):
        found = self._proposed()
        order = found["payment_order_2026_09"]
        self.assertTrue(order.is_open)
        self.assertTrue(order.reasons and order.warnings)
        self.assertEqual(order.court, self.court)
        self.assertEqual(order.cost, 50.98)
        self.assertTrue(any(cost.confidence == "NV" for cost in order.costs))
        self.assertEqual(
            order.next_deadline[1], "File the application with its documents"
        )
        self.assertFalse(found["small_claims"].is_open)
        self.assertFalse(found["attachment_seizure"].is_open)
        self.assertNotIn("merchants_2026", found)

    def test_every_code_of_the_rules_has_its_sentence(self):
        """The codes are read in the source: a new remark needs its words."""
        source = inspect.getsource(rules)
        codes = set(re.findall(r'Remark\(\s*f?"(\w+)(?:\{[^}]*\}\w*)?"', source))
        words = self.files._get_sentences()
        for code in codes:
            if code.endswith("_"):
                self.assertTrue([one for one in words if one.startswith(code)], code)
            else:
                self.assertIn(code, words)
        for nature in rules.NATURES:
            self.assertIn(f"court_{nature}", words)
            self.assertIn(f"not_for_{nature}", words)

    def test_the_nature_of_the_claim_follows_the_segment_then_the_customer(self):
        self.assertEqual(self.debtor._get_claim_nature(), "commercial")
        person = self._make_debtor("Jean Durand", is_company=False)
        self.assertEqual(person._get_claim_nature(), "consumer")
        segment = self.env["recouvrement.segment"].create(
            {"name": "Mairies", "code": "MAIRIES", "regime": "public"}
        )
        self.debtor.segment_id = segment
        self.assertEqual(self.debtor._get_claim_nature(), "public")
        self.assertNotIn(
            "attachment_seizure",
            [code for code, one in self._proposed().items() if one.is_open],
        )

    def test_a_disputed_item_takes_no_payment_order(self):
        self.lines[0]._set_collection_status("disputed", "Broken")
        found = self._proposed()
        self.assertFalse(found["payment_order_2026_09"].is_open)
        self.assertTrue(found["summons"].is_open)

    def test_a_title_leads_to_enforcement(self):
        litigation = self._file(procedure="summons")
        self._do(litigation, "decision")
        found = self.files._propose(self.debtor, self.lines, litigation=litigation)
        self.assertEqual(found[0].procedure.code, "attachment_seizure")

    def test_where_the_debtor_lives_decides_on_borders(self):
        partner = self.debtor.partner_id
        for code, european, national in (
            ("fr", False, True),
            ("re", False, True),
            ("de", True, False),
            ("dk", False, False),
            ("ch", False, False),
        ):
            partner.country_id = self.env.ref(f"base.{code}")
            found = self._proposed()
            with self.subTest(country=code):
                self.assertEqual(found["european_order"].is_open, european)
                self.assertEqual(found["payment_order_2026_09"].is_open, national)

    def test_the_court_with_the_longest_prefix_is_found(self):
        near = self.env["recouvrement.jurisdiction"].create(
            {
                "name": "TC Villefranche",
                "kind": "tc",
                "zip": "69400",
                "zip_prefixes": "694,6946",
            }
        )
        find = self.env["recouvrement.jurisdiction"]._find_for
        self.assertEqual(find(("tae", "tc"), "69400"), near)
        self.assertEqual(find(("tae", "tc"), "69 003"), self.court)
        self.assertFalse(find(("tj",), "69003"))
        self.assertFalse(find(("tc",), "75011"))
        self.assertFalse(find(("tc",), False))
