"""Plans against the ledger over random payments, credit notes, reversals and days: the
ledger is asked afresh after each step."""

from random import Random

from odoo.tests import tagged

from .plan_common import PlanCommon

STEPS = 12


@tagged("post_install", "-at_install")
class TestPlanProperties(PlanCommon):
    def _pay_some(self, rng, _plan):
        invoice = rng.choice(self._invoices())
        left = invoice.amount_residual
        if left:
            self._pay(invoice, round(left * rng.choice((0.25, 0.5, 1)), 2) or left)

    def _credit_some(self, rng, _plan):
        invoice = rng.choice(self._invoices())
        left = invoice.amount_residual
        if left:
            self._credit(invoice, round(left * rng.choice((0.2, 1)), 2) or left)

    def _undo_some(self, rng, _plan):
        rng.choice(self.lines).remove_move_reconcile()

    def _match_again(self, rng, _plan):
        """Whatever credit is free is matched with an item."""
        invoice = rng.choice(self._invoices())
        item = self._items(invoice)
        free = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.debtor.partner_id.id),
                ("account_id", "=", item.account_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "<", 0),
            ],
            limit=1,
        )
        if free and not item.reconciled:
            (item | free).reconcile()

    def _check(self, plan):
        """What must hold, from the ledger itself."""
        currency = plan.currency_id
        owed = sum(
            max(0, line.amount_residual_currency) for line in plan.line_ids.move_line_id
        )
        self.assertLessEqual(currency.compare_amounts(plan.amount_remaining, owed), 0)
        parts = (plan.amount_paid, plan.amount_otherwise, plan.amount_remaining)
        self.assertTrue(all(currency.compare_amounts(part, 0) >= 0 for part in parts))
        self.assertEqual(currency.compare_amounts(sum(parts), plan.amount_total), 0)
        rows = plan.installment_ids
        self.assertEqual(
            currency.compare_amounts(sum(rows.mapped("paid_amount")), plan.amount_paid),
            0,
        )
        self.assertEqual(
            currency.compare_amounts(
                sum(rows.mapped("missing_amount")), plan.amount_remaining
            ),
            0,
        )
        late = rows.filtered(lambda one: one.state == "late")
        if plan.state in ("accepted", "late", "done"):
            expected = "late" if late else "accepted"
            if not plan.amount_remaining:
                expected = "done"
            self.assertEqual(plan.state, expected)
            self.assertTrue(all(plan.line_ids.mapped("is_live")))
        open_lines = plan.line_ids.move_line_id.filtered(lambda one: not one.reconciled)
        marks = set(open_lines.mapped("collection_mark"))
        if plan.state in ("accepted", "late"):
            self.assertLessEqual(marks, {"plan"})
        if plan.state == "defaulted":
            self.assertEqual(marks - {False}, set())
        self.assertFalse(self.debtor._check_totals_against_ledger())
        self._check_debtor(plan)

    def _check_debtor(self, plan):
        shown = plan.state if plan.state in ("accepted", "late") else False
        if plan.state == "defaulted" and plan.amount_remaining:
            shown = "defaulted"
        self.assertEqual(self.debtor.plan_state, shown)
        self.assertEqual(
            self.debtor.plan_late_amount, plan.amount_late if shown == "late" else 0
        )

    def _tell_story(self, seed):
        rng = Random(seed)
        plan = self._accept(number=rng.choice((1, 3, 7)), interval="week")
        moves = (
            self._pay_some,
            self._pay_some,
            self._credit_some,
            self._undo_some,
            self._match_again,
        )
        day, story = 0, []
        for _step in range(STEPS):
            day += rng.choice((0, 0, 4, 9))
            action = rng.choice(moves)
            story.append((day, action.__name__))
            with self._later(day), self.subTest(seed=seed, story=story):
                action(rng, plan)
                self._settle()
                if rng.random() < 0.5:
                    self._night(plan)
                if plan.may_forfeit and rng.random() < 0.5:
                    plan.action_forfeit()
                self.env.invalidate_all()
                plan._judge()
                self._settle()
                self._check(plan)

    def test_story_1(self):
        self._tell_story(1)

    def test_story_2(self):
        self._tell_story(2)

    def test_story_3(self):
        self._tell_story(3)

    def test_story_4(self):
        self._tell_story(4)

    def test_story_5(self):
        self._tell_story(5)

    def test_story_6(self):
        self._tell_story(6)
