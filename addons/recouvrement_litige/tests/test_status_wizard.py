"""No item is marked as disputed without a dispute that somebody owns."""

import ast
from pathlib import Path
from random import Random

from odoo.exceptions import UserError
from odoo.modules import get_module_path
from odoo.tests import Form, tagged

from odoo.addons.recouvrement_litige.tools.procedural_calendar import is_working

from .dispute_common import DisputeCommon

ADDONS = ("recouvrement", "recouvrement_sepa", "recouvrement_litige")
SETTERS = ("_set_collection_status", "_commit")
# Who may mark items as disputed outside of tests, and what opens the dispute there.
CALLERS = {
    # Overridden by the dispute itself, from the customer page, a bank, an e-mail.
    "recouvrement/models/request_debtor.py": "_dispute",
    # The mark follows the lines of disputes.
    "recouvrement_litige/models/dispute_judge.py": "_mark_items",
    # What holds on the item says it: a line of a dispute.
    "recouvrement/models/account_move_line_commitment.py": (
        "_commit, _resume_commitments, _set_collection_status"
    ),
    # To chase, or promised.
    "recouvrement/models/promise_judge.py": "_change_status",
    # Followed by ``_open_disputes``.
    "recouvrement/wizards/status_wizard.py": "_apply",
    # Taken over by ``demo/disputes.py``.
    "recouvrement/demo/collection.py": "_set_statuses",
    # Passes on what it was given.
    "recouvrement_litige/models/account_move_line_dispute.py": "_set_collection_status",
}
STEPS = 40


@tagged("post_install", "-at_install")
class TestStatusWizard(DisputeCommon):
    def _wizard(self, items, status, user=None, model=None, **vals):
        wizards = self.env["recouvrement.status.wizard"].with_user(
            user or self.env.user
        )
        return wizards.with_context(
            active_model=model or "recouvrement.open.item", active_ids=items.ids
        ).create({"status": status, "reason": "Broken goods", **vals})

    def _set(self, items, status, **vals):
        wizard = self._wizard(items, status, **vals)
        wizard.action_confirm()
        self._process()
        return self._live(items).dispute_id

    def _live(self, items):
        return self.env["recouvrement.dispute.line"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    def test_the_wizard_opens_a_dispute_at_once_with_its_owner_and_date(self):
        owner = self._make_user("salesperson")
        self.debtor.salesperson_id = owner
        collector = self._make_user("collector")
        self.debtor.collector_id = collector
        category = self.env.ref("recouvrement_litige.dispute_category_quantity")
        category.role = "sales"
        dispute = self._set(
            self.big | self.small, "disputed", user=collector, category_id=category.id
        )
        self.assertEqual(len(dispute), 1)
        self.assertEqual(dispute.line_ids.move_line_id, self.big | self.small)
        self.assertEqual(dispute.category_id, category)
        self.assertEqual(dispute.user_id, owner)
        self.assertEqual(dispute.text, "Broken goods")
        self.assertGreater(dispute.date_due, self.today)
        self.assertTrue(is_working(dispute.date_due))
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertEqual(self.big.collection_reason, "Broken goods")
        self.assertFalse(self._asked(self.debtor))

    def test_the_last_day_is_the_day_to_settle_it_before(self):
        owner = self._make_user("collector")
        dispute = self._set(self.big, "disputed", until=self._day(4), user_id=owner.id)
        self.assertEqual(dispute.date_due, self._day(4))
        self.assertEqual(dispute.user_id, owner)
        self.assertFalse(self.big.collection_until)

    def test_each_customer_has_a_dispute_of_its_own(self):
        other = self._make_debtor("Garage Martin")
        items = self.big | self._items(self._invoices(other.partner_id))
        disputes = self._set(items, "disputed")
        self.assertEqual(disputes.debtor_id, self.debtor | other)
        self.assertEqual(len(disputes), 2)

    def test_the_list_of_journal_items_and_the_360_page_open_one_too(self):
        self.assertEqual(
            len(self._set(self.big, "disputed", model="account.move.line")), 1
        )
        action = self.debtor.action_desk_status(self.small.ids, "disputed")
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "Never delivered"
        form.save().action_confirm()
        self.assertEqual(self._live(self.small).dispute_id.text, "Never delivered")

    def test_what_is_disputed_in_part_is_then_disputed_as_a_whole(self):
        first = self._open((self.big, 300))
        disputes = self._set(self.big, "disputed")
        self.assertEqual(len(disputes), 2)
        self.assertEqual((disputes - first).amount_company, 700)
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertEqual(self._set(self.big, "disputed"), disputes)

    def test_an_excluded_item_that_is_disputed_is_disputed(self):
        self._set(self.big, "excluded")
        self.assertTrue(self._set(self.big, "disputed"))
        self.assertEqual(self.big.collection_status, "disputed")

    # ------------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------------

    def test_chasing_again_gives_the_dispute_up_with_the_reason(self):
        dispute = self._set(self.big, "disputed")
        self.assertFalse(self._set(self.big, "to_chase"))
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "abandoned"))
        self.assertEqual(dispute.outcome_reason, "Broken goods")
        self.assertEqual(dispute.concluded_by_id, self.env.user)
        self.assertEqual(self.big.collection_status, "to_chase")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 1000)

    def test_a_dispute_about_other_items_too_is_not_ended_by_some(self):
        dispute = self._set(self.big | self.small, "disputed")
        with self.assertRaisesRegex(UserError, dispute.name):
            self._set(self.big, "to_chase")
        self.assertFalse(self._set(self.big | self.small, "to_chase"))
        self.assertEqual(dispute.state, "closed")

    def test_a_dispute_that_waits_for_its_credit_note_is_not_given_up(self):
        dispute = self._set(self.big, "disputed")
        dispute._conclude("founded", "They are right")
        with self.assertRaisesRegex(UserError, "decided already"):
            self._set(self.big, "to_chase")

    # ------------------------------------------------------------------
    # NO OTHER WAY
    # ------------------------------------------------------------------

    def test_a_mark_that_is_written_directly_gets_its_dispute(self):
        accountant = self._make_user("accountant")
        self.big.with_user(accountant).write(
            {"collection_mark": "disputed", "collection_reason": "From a file"}
        )
        dispute = self._live(self.big).dispute_id
        self.assertEqual((len(dispute), dispute.text), (1, "From a file"))
        self.assertTrue(dispute.date_due)
        self.assertFalse(self._live(self.small))

    def test_whatever_is_done_by_hand_a_marked_item_has_a_dispute(self):
        random = Random(7)
        items = self.big | self.small
        statuses = ["disputed", "to_chase", "excluded", "to_verify", "litigation"]
        done = set()
        for _number in range(STEPS):
            chosen = random.choice((self.big, self.small, items))
            status = random.choice(statuses)
            try:
                with self.env.cr.savepoint():
                    self._set(chosen, status)
                    done.add(status)
            except UserError:
                self.env.invalidate_all()
            for item in items.filtered(lambda one: one.collection_mark == "disputed"):
                self.assertTrue(self._live(item), (status, chosen))
            for item in items.filtered(lambda one: one.collection_status == "to_chase"):
                self.assertFalse(self._live(item), (status, chosen))
        self.assertEqual(done, set(statuses))

    def test_nobody_else_in_the_code_marks_items_as_disputed(self):
        found = {}
        for addon in ADDONS:
            root = Path(get_module_path(addon))
            for path in root.rglob("*.py"):
                if "tests" not in path.parts and (names := self._callers(path)):
                    found[str(path.relative_to(root.parent))] = ", ".join(names)
        self.assertEqual(found, CALLERS)

    @staticmethod
    def _callers(path):
        """Functions of a file that may set the status of a dispute: named so, or by a
        variable."""
        names = []
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                setter = isinstance(call, ast.Call) and getattr(call.func, "attr", "")
                if setter not in SETTERS or not call.args:
                    continue
                status = call.args[0]
                named = isinstance(status, ast.Constant)
                if not named or status.value == "disputed":
                    names.append(function.name)
        return sorted(set(names))
