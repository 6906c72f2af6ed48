"""A promise, a plan and a dispute on the same item: what was agreed holds whatever
else came and went."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestCommitments(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.lines[0]

    def _promise(self, day=8, lines=None):
        lines = self.line if lines is None else lines
        amount = sum(lines.mapped("amount_residual_currency"))
        return self.debtor._make_promise(amount, self._day(day), lines)

    def _status(self, lines=None):
        lines = self.line if lines is None else lines
        self.env.invalidate_all()
        return set(lines.mapped("collection_status"))

    def _reasons(self, day=0):
        """Reasons of the items by id, as a campaign of a day would see them."""
        self._settle()
        self.env.invalidate_all()
        return {row.id: row.reason for row in self._decisions(self.debtor, day)}

    # ------------------------------------------------------------------
    # RELEASED BY ONE, STILL HELD BY ANOTHER
    # ------------------------------------------------------------------

    def test_a_refused_plan_leaves_the_open_promise_its_items(self):
        promise = self._promise()
        plan = self._offer()
        self.assertEqual(self._status(), {"plan"})
        plan._refuse_offer("Too long")
        self.assertEqual(promise.state, "open")
        self.assertEqual(self._status(), {"promised"})
        self.assertEqual(self.line.collection_until, promise.deadline)
        self.assertEqual(self._status(self.lines[1:]), {"to_chase"})

    def test_a_dispute_that_is_lifted_leaves_a_running_plan_its_items(self):
        self._accept()
        self.line._set_collection_status("disputed", "Broken goods")
        self.assertEqual(self._status(), {"disputed"})
        self.line._set_collection_status("to_chase", "Dispute settled")
        self.assertEqual(self._status(), {"plan"})

    def test_a_dispute_that_is_lifted_leaves_an_open_promise_its_items(self):
        promise = self._promise()
        self.line._set_collection_status("disputed", "Broken goods")
        self.line._set_collection_status("to_chase", "Dispute settled")
        self.assertEqual(self._status(), {"promised"})
        self.assertEqual(self.line.collection_until, promise.deadline)

    def test_a_dispute_is_not_lifted_when_a_promise_ends(self):
        promise = self._promise()
        self.line._set_collection_status("disputed", "Broken goods")
        promise.action_cancel("Disputed")
        self.assertEqual(self._status(), {"disputed"})

    def test_a_status_that_lapses_leaves_the_plan_and_the_promise(self):
        self._accept(lines=self.lines[:1], number=2, first_date=self._day(20))
        promised = self.lines[1]
        self._promise(day=12, lines=promised)
        held = self.line | promised
        for line in held:
            line._set_collection_status("disputed", "Broken", self._day(2))
        for day, reasons in ((1, {"disputed"}), (3, {"plan", "promised"})):
            with freeze_time(self.today + timedelta(days=day)):
                reasons_by_id = self._reasons(day)
                found = {reasons_by_id[line.id] for line in held}
                self.assertEqual(found, reasons, day)

    def test_a_reminder_under_way_drops_what_is_in_a_plan(self):
        self._propose()
        reminder = self._reminders(self.debtor)
        self._accept(lines=self.lines[:1], number=2, first_date=self._day(20))
        self.line._set_collection_status("disputed", "Broken", self._day(1))
        with freeze_time(self.today + timedelta(days=2)):
            reminder._recheck()
        row = reminder.line_ids.filtered(lambda one: one.move_line_id == self.line)
        self.assertEqual((row.role, row.reason), ("out", "plan"))

    def test_what_is_agreed_is_not_chased_by_changing_a_status(self):
        self._promise()
        items = self.env["recouvrement.open.item"].browse(self.line.ids)
        wizard = (
            self.env["recouvrement.status.wizard"]
            .with_context(active_model=items._name, active_ids=items.ids)
            .create({"status": "to_chase", "reason": "I want to"})
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(self._status(), {"promised"})

    def test_after_a_broken_promise_the_item_is_chased_at_its_next_level(self):
        self._promise(day=3)
        self.assertEqual(self._reasons()[self.line.id], "promised")
        with freeze_time(self.today + timedelta(days=6)):
            self.env["recouvrement.promise"]._cron_judge()
            self.assertEqual(self._reasons(6)[self.line.id], "chase")

    def test_a_dispute_that_is_accepted_leaves_proceedings_alone(self):
        self.line._set_collection_status("litigation", "Summons")
        request = self.debtor._declare(
            "dispute", source="portal", text="Broken", lines=self.lines[:2]
        )
        request.action_accept()
        self.assertEqual(self._status(self.line), {"litigation"})
        self.assertEqual(self._status(self.lines[1]), {"disputed"})
        alone = self.debtor._declare(
            "dispute", source="portal", text="Again", lines=self.line
        )
        with self.assertRaises(UserError):
            alone.action_accept()

    def test_an_agreement_is_not_signed_before_it_was_offered(self):
        plan = self._offer()
        with self.assertRaises(UserError):
            plan._accept_paper("Anne", self._day(-1), b"%PDF-1.4", "signed.pdf")
        plan._accept_paper("Anne", self.today, b"%PDF-1.4", "signed.pdf")
        self.assertEqual(plan.state, "accepted")

    # ------------------------------------------------------------------
    # THE DOCUMENT GOES AWAY
    # ------------------------------------------------------------------

    def test_a_promise_on_an_invoice_that_was_cancelled_is_not_broken(self):
        promise = self._promise()
        self.line.move_id.button_draft()
        self.line.move_id.button_cancel()
        self._settle()
        with freeze_time(self.today + timedelta(days=15)):
            self.env["recouvrement.promise"]._cron_judge()
        self.assertEqual(promise.state, "void")

    def test_a_promise_whose_items_are_gone_is_not_broken(self):
        promise = self._promise()
        move = self.line.move_id
        move.button_draft()
        move.name = False
        move.with_context(force_delete=True).unlink()
        self._settle()
        with freeze_time(self.today + timedelta(days=15)):
            self.env["recouvrement.promise"]._cron_judge()
        self.assertEqual(promise.state, "void")

    def test_a_plan_on_an_invoice_that_was_cancelled_asks_for_the_rest(self):
        plan = self._accept()
        self.line.move_id.button_draft()
        self.line.move_id.button_cancel()
        self._settle()
        self._night(plan)
        self.assertEqual(plan.amount_remaining, 600.0)
        self.assertEqual(sum(plan.installment_ids.mapped("amount")), 600.0)
