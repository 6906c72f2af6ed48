"""Late interest of a plan: it runs on, or it is waived once the plan was kept."""

from odoo.tests import tagged

from .interest_common import InterestCommon
from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlanInterest(PlanCommon, InterestCommon):
    def _due(self):
        """Late interest of the items that may still be claimed."""
        items = self.env["recouvrement.interest"]._get_items(self.lines.ids)
        return sum(item.due for item in items.values())

    def _kept(self, **terms):
        plan = self._accept(**terms)
        self._pay(self._invoices())
        self._settle()
        self.assertEqual(plan.state, "done")
        return plan

    def test_interest_runs_on_unless_it_is_waived(self):
        self.assertGreater(self._due(), 0)
        plan = self._kept()
        self._night(plan)
        self.assertFalse(plan.waiver_ids)
        self.assertGreater(self._due(), 0)

    def test_it_is_waived_only_when_the_plan_was_kept_to_its_end(self):
        plan = self._accept(interest_mode="waive")
        self._pay(self._invoices()[0])
        self._night(plan)
        self.assertFalse(plan.waiver_ids)
        self.assertGreater(self._due(), 0)
        self._pay(self._invoices()[1:])
        self._night(plan)
        self.assertEqual(plan.waiver_ids.outcome, "waived")
        self.assertEqual(plan.waiver_ids.state, "done")
        self.assertEqual(plan.waiver_ids.indemnity, 0)
        self.assertEqual(self._due(), 0)

    def test_a_waiver_is_made_once(self):
        plan = self._kept(interest_mode="waive")
        self._night(plan)
        waivers = plan.waiver_ids
        self._night(plan)
        self.assertEqual(plan.waiver_ids, waivers)
        self.assertFalse(plan.waiver_due)

    def test_an_undone_payment_takes_the_waiver_back(self):
        plan = self._kept(interest_mode="waive")
        self._night(plan)
        waiver = plan.waiver_ids
        self.lines.remove_move_reconcile()
        self._settle()
        self.assertEqual((plan.state, waiver.state), ("accepted", "cancelled"))
        self.assertGreater(self._due(), 0)
        self._pay(self._invoices())
        self._night(plan)
        self.assertEqual(plan.waiver_ids.state, "done")
        self.assertNotEqual(plan.waiver_ids, waiver)

    def test_a_forfeited_plan_waives_nothing(self):
        plan = self._accept(interest_mode="waive")
        with self._later(16):
            self._night(plan)
        with self._later(25):
            self.env.invalidate_all()
            plan.action_forfeit()
            self._night(plan)
        self.assertFalse(plan.waiver_ids)

    def test_interest_waived_counts_in_the_margin(self):
        collector = self._make_user("collector")
        plan = self._make_plan(
            self.debtor.with_user(collector), self.lines, interest_mode="waive"
        )
        self.assertGreater(plan.waived_interest, 0)
        plan.action_offer()
        self.assertEqual(plan.state, "to_approve")
        self.assertIn("waived", plan.excess)

    def test_the_estimate_counts_the_instalments_as_paid_on_their_days(self):
        def estimate(**terms):
            plan = self._make_plan(interest_mode="waive", **terms)
            return plan.waived_interest

        soon = estimate(number=1, first_date=self.today)
        later = estimate(number=1, first_date=self._day(5))
        self.assertGreaterEqual(later, soon)
        self.assertGreater(soon, 0)
