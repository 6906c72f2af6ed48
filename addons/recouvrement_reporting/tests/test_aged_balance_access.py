"""Each role sees the balance of what it may see, and changes nothing else."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .common import AgedBalanceCommon
from .common_rights import ReportingRights

RIGHTS = {
    "recouvrement.aged.balance": dict.fromkeys(ROLES, READ),
    "recouvrement.matching.undone": {
        "accountant": READ,
        "auditor": READ,
        "manager": READ,
    },
    "recouvrement.due.date.change": {
        "accountant": READ,
        "auditor": READ,
        "manager": READ,
    },
    "recouvrement.aged.balance.view": {
        "salesperson": READ,
        "collector": EDIT,
        "accountant": EDIT,
        "auditor": READ,
        "manager": EDIT,
    },
}
MENUS = dict.fromkeys(("aged_balance", "old_items"), WITHOUT_SALES)


@tagged("post_install", "-at_install")
class TestAgedBalanceAccess(ReportingRights, AgedBalanceCommon):
    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_the_screens_open_for_each_role_that_has_their_menu(self):
        month = "recouvrement_reporting.recouvrement_open_item_action_old_month"
        for role in set(ROLES) - {"salesperson"}:
            balance = self.balance.with_user(self.users[role])
            with self.subTest(role=role):
                self.assertTrue(balance.get_choices()["groupings"])
                pivot = balance.get_pivot_action({})
                views = self._as(self.env[pivot["res_model"]], role).get_views(
                    [(False, mode) for mode in pivot["view_mode"].split(",")]
                )
                self.assertEqual(set(views["views"]), {"pivot", "graph", "list"})
                action = self.env.ref(month).with_user(self.users[role]).sudo().run()
                self.assertEqual(action["res_model"], "recouvrement.open.item")
                items = self._as(self.env["recouvrement.open.item"], role)
                items = items.with_context(open_items_as_of=str(self.today))
                items.search([]).mapped("last_action")

    def test_each_role_sees_the_balance_of_its_own_customers(self):
        everything = {"Own": 1500, "Nobody": 2000, "Foreign": 3000}
        for role, expected in (
            ("salesperson", {"Own": 1500}),
            ("collector", {"Own": 1500, "Nobody": 2000}),
            ("accountant", everything),
            ("auditor", everything),
            ("manager", everything),
        ):
            user = self.users[role]
            for options in ({}, {"as_of": -1}, {"group_by": "parent"}):
                with self.subTest(role=role, **options):
                    self.assertEqual(self._totals(user, **options), expected)
            data = self._read(user)
            self.assertEqual(data["totals"][0]["total"], sum(expected.values()))
            history = self.balance.with_user(user).get_history({})
            total = sum(series["amounts"][-1] for series in history["series"])
            self.assertEqual(total, sum(expected.values()))

    def test_a_substitute_sees_the_portfolio_that_is_replaced(self):
        self.foreign.sudo().substitute_id = self.users["collector"]
        self.assertIn("Foreign", self._totals(self.users["collector"]))

    def test_nobody_reads_the_items_of_others_by_their_key(self):
        salesperson = self.balance.with_user(self.users["salesperson"])
        key = self.foreign.partner_id.id
        self.assertEqual(salesperson.get_items({}, key)["count"], 0)
        own = salesperson.get_items({}, self.own.partner_id.id)
        self.assertEqual(own["count"], 2)
        action = salesperson.get_items_action({}, key)
        items = salesperson.env[action["res_model"]]
        items = items.with_context(**action["context"])
        self.assertFalse(items.search(action["domain"]))

    def test_the_ledger_is_for_who_reads_the_ledger(self):
        for role in ROLES:
            tie_out = self.balance.with_user(self.users[role]).get_tie_out({})
            with self.subTest(role=role):
                self.assertEqual(tie_out is None, role == "salesperson")
        # Who has a portfolio still sees that the whole balance ties.
        tie_out = self.balance.with_user(self.users["collector"]).get_tie_out({})
        self.assertEqual(tie_out["totals"][0]["balance"], 6500)

    def test_a_user_without_a_role_reads_nothing(self):
        ordinary = new_test_user(self.env, "test_plain", groups="base.group_user")
        for method in ("get_balance", "get_history"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.balance.with_user(ordinary), method)({})
        with self.assertRaises(AccessError):
            self.balance.with_user(ordinary).get_items({}, 1)

    def test_companies_are_those_the_user_works_in(self):
        self.env.user.company_ids |= self.other
        partner = self._make_customer("Elsewhere too")
        both = self.company | self.other
        other = self.balance.with_context(allowed_company_ids=self.other.ids)
        together = self.balance.with_context(allowed_company_ids=both.ids)
        move = (
            self.env["account.move"]
            .with_company(self.other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "company_id": self.other.id,
                    "invoice_date": self._day(-40),
                    "invoice_date_due": self._day(-40),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": 70, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.assertEqual(
            {row["label"]: row["total"] for row in other.get_balance({})["rows"]},
            {"Elsewhere too": 70},
        )
        rows = together.get_balance({"group_by": "company"})["rows"]
        self.assertEqual(
            {row["label"]: row["total"] for row in rows},
            {self.company.name: 6500, self.other.name: 70},
        )
        rows = together.get_balance({"filters": {"company": [self.other.id]}})["rows"]
        self.assertEqual([row["label"] for row in rows], ["Elsewhere too"])
        tie_out = together.get_tie_out({})
        self.assertEqual(
            {line["company"] for line in tie_out["lines"]}, set(both.mapped("name"))
        )
        self.assertTrue(tie_out["is_tied"])
        # A company that the user does not have is not opened by a filter.
        rows = self.balance.with_user(self.users["manager"]).get_balance(
            {"filters": {"company": [self.other.id]}}
        )["rows"]
        self.assertEqual(rows, [])

    def test_a_branch_counts_with_its_own_items(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.cr.precommit.run()
        partner = self.own.partner_id
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "company_id": branch.id,
                    "invoice_date": self._day(-40),
                    "invoice_date_due": self._day(-40),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": 70, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        both = self.balance.with_context(
            allowed_company_ids=[self.company.id, branch.id]
        )
        rows = {row["label"]: row["total"] for row in both.get_balance({})["rows"]}
        self.assertEqual(rows["Own"], 1570)
        alone = self.balance.with_context(allowed_company_ids=self.company.ids)
        rows = {row["label"]: row["total"] for row in alone.get_balance({})["rows"]}
        self.assertEqual(rows["Own"], 1500)
        self.assertTrue(both.get_tie_out({})["is_tied"])

    def test_views_are_own_or_shared(self):
        views = self.env["recouvrement.aged.balance.view"]
        manager = views.with_user(self.users["manager"])
        manager.save_view("Mine", {"group_by": "country"})
        manager.save_view("For all", {"group_by": "segment"}, True)
        collector = views.with_user(self.users["collector"])
        self.assertEqual(
            [view["name"] for view in collector._get_for_screen()], ["For all"]
        )
        shared = collector.search([])
        for change in (lambda: shared.unlink(), lambda: shared.write({"name": "x"})):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(AccessError):
            collector.save_view("To all", {}, True)
        with self.assertRaises(AccessError):
            views.with_user(self.users["auditor"]).save_view("Mine", {})
