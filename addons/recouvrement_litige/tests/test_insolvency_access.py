"""Each role reads and does just what is its own, by remote calls."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, NONE, READ

from .common_rights import LitigeRights
from .insolvency_common import InsolvencyVerbs

WRITE = (1, 1, 0, 0)
KEEP = (1, 1, 1, 0)
ALL_READ = dict.fromkeys(ROLES, READ)
DECIDERS = ("accountant", "manager")
WITHOUT_SALES = ("collector", "accountant", "auditor", "manager")
FILES = {**ALL_READ, "accountant": WRITE, "manager": WRITE}
DATA = {**ALL_READ, "manager": EDIT}
INNER = {**FILES, "salesperson": NONE}
CONTRACTS = {**INNER, "accountant": KEEP, "manager": EDIT}
WIZARD = dict.fromkeys(DECIDERS, KEEP)
WIZARD_LINE = dict.fromkeys(DECIDERS, EDIT)
RIGHTS = {
    "recouvrement.insolvency": FILES,
    "recouvrement.insolvency.claim": ALL_READ,
    "recouvrement.insolvency.dividend": ALL_READ,
    "recouvrement.insolvency.kind": DATA,
    "recouvrement.legal.delay": DATA,
    "recouvrement.bodacc.import": INNER,
    "recouvrement.bodacc.notice": INNER,
    "recouvrement.insurance.policy": CONTRACTS,
    "recouvrement.insurance.event": INNER,
    "recouvrement.factoring": CONTRACTS,
    "recouvrement.factoring.line": ALL_READ,
    "recouvrement.insolvency.wizard": WIZARD,
    "recouvrement.insolvency.wizard.line": WIZARD_LINE,
    "recouvrement.insolvency.decision": WIZARD,
    "recouvrement.insolvency.decision.line": WIZARD_LINE,
    "recouvrement.insolvency.decision.dividend": WIZARD_LINE,
    "recouvrement.bodacc.upload": WIZARD,
    "recouvrement.insurance.decision": WIZARD,
    "recouvrement.factoring.wizard": WIZARD,
}
MENUS = {
    "insolvency": ROLES,
    "bodacc": WITHOUT_SALES,
    "bodacc_upload": DECIDERS,
    "bodacc_imports": WITHOUT_SALES,
    "insurance": WITHOUT_SALES,
    "factoring": WITHOUT_SALES,
    "insurance_policies": WITHOUT_SALES,
    "factoring_contracts": WITHOUT_SALES,
    "insolvency_kinds": ("manager",),
    "legal_delays": ("manager",),
}
ACTIONS = (
    "recouvrement_insolvency_action",
    "recouvrement_bodacc_notice_action",
    "recouvrement_bodacc_import_action",
    "recouvrement_insurance_event_action",
    "recouvrement_factoring_line_action",
)


@tagged("post_install", "-at_install")
class TestInsolvencyAccess(InsolvencyVerbs, LitigeRights):
    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_the_screens_open_for_each_role_that_has_them(self):
        self._open(self.own, judged=-30)
        for role in WITHOUT_SALES:
            for name in ACTIONS:
                action = self.env.ref(f"recouvrement_litige.{name}")
                model = self._as(self.env[action.res_model], role)
                modes = [(False, mode) for mode in action.view_mode.split(",")]
                with self.subTest(role=role, action=name):
                    views = model.get_views([*modes, (False, "search")])
                    fields = [
                        field
                        for field in views["models"][action.res_model]["fields"]
                        if field in model._fields
                    ]
                    model.search([]).read(fields)

    def test_each_role_sees_the_files_of_its_own_customers(self):
        for debtor in self.debtors:
            self._open(debtor, judged=-10)
        for role, expected in (
            ("salesperson", self.own),
            ("collector", self.own | self.nobodys),
            ("accountant", self.debtors),
            ("auditor", self.debtors),
            ("manager", self.debtors),
        ):
            for model in ("recouvrement.insolvency", "recouvrement.insolvency.claim"):
                found = self._as(self.env[model], role).search([])
                with self.subTest(role=role, model=model):
                    self.assertEqual(found.sudo().debtor_id, expected)

    def test_only_those_who_decide_open_and_undo(self):
        kind = self._kind("liquidation").id
        for role in ("salesperson", "collector", "auditor"):
            wizards = self._as(self.env["recouvrement.insolvency.wizard"], role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                wizards.create(
                    {
                        "debtor_id": self.own.id,
                        "kind_id": kind,
                        "date_judgment": self._day(-1),
                    }
                )
            with self.assertRaises(AccessError):
                self._open(self.own, judged=-1, env=self._as(self.own, role).env)
        one = self._open(self.own, judged=-1, env=self._as(self.own, "accountant").env)
        for role in ("salesperson", "collector", "auditor"):
            mine = self._as(one, role)
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    mine._undo("No right")
                with self.assertRaises(AccessError):
                    mine.action_make_declaration()
                with self.assertRaises(AccessError):
                    mine._finish(self.today, "paid", "x")
        self._as(one, "manager")._undo("Mistake")
        self.assertEqual(one.state, "undone")

    def test_steps_are_not_reached_by_remote_calls_on_what_is_kept(self):
        one = self._open(self.own, judged=-1)
        for role in DECIDERS:
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self._rpc(role, one, "write", {"state": "closed"})
                with self.assertRaises(AccessError):
                    self._as(self.env["recouvrement.insolvency"], role).create(
                        {"debtor_id": self.own.id}
                    )
                with self.assertRaises(UserError):
                    self._rpc(role, one, "unlink")
                with self.assertRaises(AccessError):
                    self._rpc(role, one.claim_ids, "write", {"is_live": False})

    def test_another_company_is_out_of_reach(self):
        move = self.env["recouvrement.insolvency"].sudo()
        one = move._open(
            self.elsewhere.sudo(),
            {
                "kind_id": self._kind("liquidation").id,
                "date_judgment": self._day(-1),
            },
        )
        for role in ROLES:
            mine = self._as(self.env["recouvrement.insolvency"], role)
            with self.subTest(role=role):
                self.assertNotIn(one.id, mine.search([]).ids)
                with self.assertRaises(AccessError):
                    mine.browse(one.id).read(["name"])

    def test_what_a_collector_cannot_see_is_not_assigned(self):
        partner = self._make_customer("Factor SA")
        bank = self.env["res.partner.bank"].create(
            {"partner_id": partner.id, "acc_number": "FR7630006000011234567890189"}
        )
        contract = self.env["recouvrement.factoring"].create(
            {"name": "F", "factor_id": partner.id, "bank_id": bank.id}
        )
        item = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", self.own.partner_id.id)], limit=1
            )
        )
        with self.assertRaises(AccessError):
            self._as(contract, "collector")._assign(item, self.today)
        self._as(contract, "accountant")._assign(item, self.today)
        self.assertEqual(item.collection_status, "factored")
