"""The worklist opens for each role, with the buttons that the role may use."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .access_common import AccessCommon

BULK = {
    "action_hand_over",
    "action_hold",
    "action_log_attempt",
    "action_mark_answer_read",
}


@tagged("post_install", "-at_install")
class TestWorklistScreens(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("recouvrement.recouvrement_debtor_action_portfolio")
        cls.env["recouvrement.debtor"]._refresh_totals()

    def _views(self, role):
        model = self._as(self.env["recouvrement.debtor"], role)
        loaded = model.get_views(
            [*self.action.views, (self.action.search_view_id.id, "search")]
        )
        return {
            mode: etree.fromstring(view["arch"])
            for mode, view in loaded["views"].items()
        }

    def test_the_portfolio_opens_on_its_own_list_and_kanban(self):
        views = self._views("collector")
        self.assertEqual(views["list"].get("js_class"), "recouvrement_worklist_list")
        self.assertEqual(
            views["kanban"].get("js_class"), "recouvrement_worklist_kanban"
        )
        self.assertEqual(views["kanban"].get("default_group_by"), "work_kind")

    def test_every_tab_has_its_filter(self):
        names = {node.get("name") for node in self._views("collector")["search"].iter()}
        tabs = self.env["recouvrement.debtor"].get_work_tabs([])
        self.assertLessEqual({f"work_{tab['code']}" for tab in tabs}, names)

    def test_the_filter_of_a_tab_finds_what_the_tab_counts(self):
        self.own.next_action_date = self.today
        self.foreign._hold(self._day(3), "Wait")
        self.nobodys.answered = True
        model = self._as(self.env["recouvrement.debtor"], "manager")
        filters = {
            node.get("name"): safe_eval(node.get("domain"), {"uid": model.env.uid})
            for node in self._views("manager")["search"].iter("filter")
            if node.get("domain")
        }
        tabs = model.get_work_tabs([])
        self.assertTrue(sum(tab["count"] for tab in tabs))
        for tab in tabs:
            with self.subTest(tab=tab["code"]):
                count = model.search_count(filters[f"work_{tab['code']}"])
                self.assertEqual(count, tab["count"])

    def test_the_buttons_are_those_the_role_may_use(self):
        expected = {
            "collector": BULK,
            "manager": BULK,
            "accountant": BULK - {"action_hand_over"},
            "auditor": set(),
            "salesperson": set(),
        }
        assign = str(self.env.ref("recouvrement.recouvrement_assign_wizard_action").id)
        for role, wanted in expected.items():
            buttons = self._views(role)["list"].xpath(".//header/button")
            with self.subTest(role=role):
                self.assertEqual(
                    {node.get("name") for node in buttons} - {assign}, wanted
                )

    def test_the_columns_of_the_kanban_are_the_kinds(self):
        self.own.next_action_date = self.today
        groups = self._as(self.env["recouvrement.debtor"], "collector").web_read_group(
            [("to_work", "=", True)], ["work_kind"], ["overdue_amount:sum"]
        )["groups"]
        found = {group["work_kind"]: group["overdue_amount:sum"] for group in groups}
        self.assertEqual(found["callback"], 1500)
