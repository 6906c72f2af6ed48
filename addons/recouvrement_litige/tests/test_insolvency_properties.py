"""The collection status through every path: never chased while it must not be, always
chased again when it must."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .insolvency_common import InsolvencyCommon

RANKS = ("promised", "plan", "disputed", "litigation", "insolvency")
STEPS = ("promise", "unpromise", "plan", "unplan", "litigate", "open", "undo", "chase")


@tagged("post_install", "-at_install")
class TestInsolvencyProperties(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000, -40),))
        cls.item = cls._items(
            cls.env["account.move"].search(
                [("partner_id", "=", cls.debtor.partner_id.id)]
            )
        )

    def _do(self, step, held):
        """One step by its real method; ``held`` are the records that hold now."""
        getattr(self, f"_step_{step}")(held)

    def _step_promise(self, held):
        if not {"plan", "litigation", "insolvency"} & held.keys():
            held["promised"] = self.debtor._make_promise(
                1000, self._day(10), lines=self.item
            )

    def _step_unpromise(self, held):
        promise = held.get("promised")
        if promise and promise.state == "open":
            promise.action_cancel("Back")
            held.pop("promised")

    def _step_plan(self, held):
        if {"plan", "litigation", "insolvency"} & held.keys():
            return
        plan = self.env["recouvrement.payment.plan"]._create_plan(
            self.debtor,
            self.item,
            first_date=self._day(5),
            number=2,
            interest_mode="keep",
            note="x",
        )
        plan.sudo().write({"state": "accepted", "date_offered": self.today})
        plan.sudo()._freeze()
        plan.sudo()._mark_items("Plan")
        held["plan"] = plan

    def _step_unplan(self, held):
        plan = held.get("plan")
        if plan and plan.state == "accepted":
            plan._cancel("Back")
            held.pop("plan")

    def _step_litigate(self, held):
        if "litigation" in held or "insolvency" in held:
            return
        lawsuit = (
            self.env["recouvrement.litigation"]
            .sudo()
            .create({"debtor_id": self.debtor.id})
        )
        self.env["recouvrement.litigation.line"].sudo().create(
            {
                "litigation_id": lawsuit.id,
                "move_line_id": self.item.id,
                "currency_id": self.item.currency_id.id,
            }
        )
        self.item._commit("litigation", "Lawsuit")
        held["litigation"] = lawsuit

    def _step_open(self, held):
        if "insolvency" not in held:
            held["insolvency"] = self._open(self.debtor, judged=-10)

    def _step_undo(self, held):
        one = held.pop("insolvency", None)
        if one:
            one._undo("Mistake")

    def _step_chase(self, held):
        """Somebody changes the mark by hand: what holds wins."""
        self.item._set_collection_status("to_chase", "By hand")

    def _get_expected(self, held):
        """The highest of what holds; promises and plans wait while proceedings run."""
        return max(held, key=RANKS.index) if held else "to_chase"

    def _check(self, held, told):
        expected = self._get_expected(held)
        self.assertEqual(self.item.collection_status, expected, told)
        chased = "chase" in self._decisions(self.debtor).mapped("reason")
        self.assertEqual(chased, expected == "to_chase", told)
        if "insolvency" in held:
            self.assertTrue(held["insolvency"].pause_id, told)
            for name in ("promised", "plan"):
                if name in held:
                    self.assertEqual(held[name].state, "cancelled", told)
        elif held.get("promised"):
            self.assertEqual(held["promised"].state, "open", told)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.function_scoped_fixture,
        ],
    )
    @given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=9))
    def test_the_status_is_that_of_what_holds(self, steps):
        with self.env.cr.savepoint() as savepoint:
            held, told = {}, []
            for step in steps:
                told.append(step)
                self._do(step, held)
                self._settle()
                self._check(held, told)
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.cr.precommit.data.clear()

    def test_every_layer_comes_back_one_by_one(self):
        held = {}
        for step in ("promise", "plan", "litigate", "open"):
            self._do(step, held)
            self._check(held, step)
        self._do("undo", held)
        self._check(held, "undo")
        self.assertEqual(self.item.collection_status, "litigation")
        held["litigation"].line_ids.sudo().write({"is_live": False})
        self.item._release("litigation", "Withdrawn")
        self.assertEqual(self.item.collection_status, "plan")

    def test_no_promise_is_made_on_what_is_frozen(self):
        self._open(self.debtor, judged=-10)
        with self.assertRaises(UserError):
            self.debtor._make_promise(1000, self._day(10), lines=self.item)
