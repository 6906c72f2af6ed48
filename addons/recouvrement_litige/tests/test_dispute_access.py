"""Who may see, open, answer and decide disputes."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import LitigeRights

WRITE = (1, 1, 0, 0)
WORKERS = ("collector", "accountant", "manager")
RIGHTS = {
    "recouvrement.dispute": {
        **dict.fromkeys(ROLES, READ),
        **dict.fromkeys(WORKERS, WRITE),
    },
    "recouvrement.dispute.line": dict.fromkeys(ROLES, READ),
    "recouvrement.dispute.answer": dict.fromkeys(ROLES, READ),
    "recouvrement.short.payment": dict.fromkeys(ROLES, READ),
    "recouvrement.dispute.category": {**dict.fromkeys(ROLES, READ), "manager": EDIT},
    "recouvrement.dispute.stage": {**dict.fromkeys(ROLES, READ), "manager": EDIT},
    "recouvrement.dispute.rule": {
        "collector": READ,
        "accountant": READ,
        "auditor": READ,
        "manager": EDIT,
    },
    "recouvrement.dispute.wizard": dict.fromkeys(WORKERS, EDIT),
    "recouvrement.dispute.outcome.wizard": dict.fromkeys(WORKERS, EDIT),
    "recouvrement.dispute.ask.wizard": dict.fromkeys(WORKERS, EDIT),
    "recouvrement.dispute.answer.wizard": dict.fromkeys(ROLES, EDIT),
    "recouvrement.dispute.transfer.wizard": dict.fromkeys(ROLES, EDIT),
    "recouvrement.einvoice.wizard": dict.fromkeys(WORKERS, EDIT),
    "recouvrement.einvoice.import": dict.fromkeys(WORKERS, EDIT),
}
MENUS = {
    "my_disputes": ROLES,
    "disputes": ROLES,
    "short_payments": ROLES,
    "disputes_analysis": ROLES,
    "einvoice_status": WORKERS,
    "einvoice_import": WORKERS,
    "dispute_categories": ("manager",),
    "dispute_stages": ("manager",),
    "dispute_rules": ("manager",),
}


@tagged("post_install", "-at_install")
class TestDisputeAccess(LitigeRights):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.disputes = {
            debtor: debtor._open_dispute(
                [(cls._item_of(debtor), None)], "price", "x", user_id=False
            )
            for debtor in cls.debtors
        }

    @classmethod
    def _item_of(cls, debtor):
        return cls.env["account.move.line"].search(
            [
                ("partner_id", "=", debtor.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
            ],
            limit=1,
        )

    def _seen(self, role):
        found = self._as(self.env["recouvrement.dispute"], role).search([])
        return found.sudo().debtor_id & self.debtors

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_each_role_sees_the_disputes_of_its_customers(self):
        self.assertEqual(self._seen("salesperson"), self.own)
        self.assertEqual(self._seen("collector"), self.own | self.nobodys)
        for role in ("accountant", "auditor", "manager"):
            self.assertEqual(self._seen(role), self.debtors, role)

    def test_who_only_reads_changes_nothing(self):
        dispute = self.disputes[self.own]
        for role in ("salesperson", "auditor"):
            for method, args in (
                ("action_take", ()),
                ("action_conclude", ()),
                ("action_undo_decision", ()),
                ("action_ask", ()),
                ("write", ({"priority": "3"},)),
            ):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, dispute, method, *args)

    def test_who_only_reads_answers_and_hands_over_nothing(self):
        dispute = self.disputes[self.own]
        for role in ("salesperson", "auditor"):
            for name, vals in (
                ("answer", {"proposal": "unfounded", "text": "Delivered"}),
                ("transfer", {"role": "quality", "reason": "Too technical"}),
            ):
                wizard = self._as(self.env[f"recouvrement.dispute.{name}.wizard"], role)
                with self.subTest(role=role, wizard=name):
                    opened = wizard.create({"dispute_id": dispute.id, **vals})
                    with self.assertRaises(AccessError):
                        self._rpc(role, opened, "action_confirm")

    def test_what_follows_from_the_life_of_a_dispute_is_not_written_by_hand(self):
        dispute = self.disputes[self.own]
        for values in (
            {"state": "closed"},
            {"outcome": "paid"},
            {"amount_company": 1},
            {"debtor_id": self.foreign.id},
            {"role": "quality"},
            {"credit_move_ids": [Command.clear()]},
            {"date_closed": self.today},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._rpc("collector", dispute, "write", values)
        with self.assertRaises(AccessError):
            self._rpc("collector", dispute.line_ids, "write", {"amount_open": 0})
        with self.assertRaises(AccessError):
            self._as(dispute, "manager").create([{"debtor_id": self.own.id}])

    def test_no_dispute_is_opened_on_somebody_elses_customer(self):
        collector = self.users["collector"]
        foreign = self.foreign.with_user(collector)
        with self.assertRaises(AccessError):
            foreign._open_dispute([(self._item_of(self.foreign), None)])

    def test_an_owner_without_collection_rights_sees_and_answers_only_the_own(self):
        technician = new_test_user(
            self.env, "plain_technician", groups="base.group_user"
        )
        mine, other = self.disputes[self.own], self.disputes[self.foreign]
        mine.user_id = technician
        disputes = self.env["recouvrement.dispute"].with_user(technician)
        self.assertEqual(disputes.search([]), mine)
        seen = mine.with_user(technician)
        seen.invalidate_recordset()
        self.assertTrue(seen.read(["name", "text", "line_ids", "customer_id"]))
        seen._answer_as_owner("unfounded", "I repaired it in June")
        self.assertEqual(mine.answer_ids.answer, "I repaired it in June")
        seen._transfer("quality", self.users["collector"], "Needs a laboratory")
        with self.assertRaises(AccessError):
            other.with_user(technician)._answer_as_owner("founded", "x")
        with self.assertRaises(AccessError):
            self._rpc(technician, mine, "write", {"priority": "3"})
        mine.user_id = technician
        with self.assertRaises(AccessError):
            mine.with_user(technician)._conclude("unfounded", "x")

    def test_a_collector_concludes_from_the_dialog(self):
        dispute = self._as(self.disputes[self.own], "collector")
        action = dispute.action_conclude()
        wizard = self.env[action["res_model"]].with_user(self.users["collector"])
        with Form(wizard.with_context(**action["context"])) as form:
            form.outcome = "partly"
            form.reason = "A part is right"
            with form.line_ids.edit(0) as line:
                line.amount = 100
            saved = form.save()
        saved.action_confirm()
        self.assertEqual(self.disputes[self.own].outcome, "partly")
        self.assertEqual(
            self.disputes[self.own].sudo().credit_move_ids.amount_total, 100
        )

    def test_another_company_sees_nothing(self):
        stranger = new_test_user(
            self.env,
            "other_company_manager",
            groups="base.group_user,recouvrement.group_manager",
            company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)],
        )
        found = self.env["recouvrement.dispute"].with_user(stranger).search([])
        self.assertFalse(found & self.disputes[self.own])
        with self.assertRaises(AccessError):
            self.disputes[self.own].with_user(stranger).read(["name"])

    def test_every_screen_opens_for_each_role(self):
        actions = (
            "recouvrement_dispute_action_mine",
            "recouvrement_dispute_action",
            "recouvrement_dispute_action_analysis",
            "recouvrement_short_payment_action",
        )
        for role in ROLES:
            for name in actions:
                action = self.env.ref(f"recouvrement_litige.{name}")
                modes = action.view_mode.split(",")
                model = self._as(self.env[action.res_model], role)
                with self.subTest(role=role, action=name):
                    views = model.get_views([(False, mode) for mode in modes])
                    self.assertLessEqual(set(modes), set(views["views"]))
                    model.search_read([], limit=3)
