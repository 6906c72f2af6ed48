"""Who may do what with requests, pieces and changes of manager."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import LitigeRights
from .request_common import RequestCommon

WORKERS = ("collector", "accountant", "manager")
KEPT = (1, 1, 1, 0)
RIGHTS = {
    "recouvrement.mutation": {
        **dict.fromkeys(ROLES, READ),
        **dict.fromkeys(WORKERS, KEPT),
    },
    "recouvrement.mutation.refuse": dict.fromkeys(WORKERS, KEPT),
    "recouvrement.representative": {
        **dict.fromkeys(ROLES, READ),
        "accountant": KEPT,
        "manager": EDIT,
    },
    "recouvrement.request.piece": {
        **dict.fromkeys(ROLES, READ),
        **dict.fromkeys(WORKERS, EDIT),
    },
    "recouvrement.request.type": {
        **dict.fromkeys(ROLES, READ),
        "manager": (1, 1, 0, 0),
    },
    "recouvrement.request.type.piece": {**dict.fromkeys(ROLES, READ), "manager": EDIT},
}
MENUS = {
    "requests_by_type": ROLES,
    "mutations": ROLES,
    "associations": ROLES,
    "request_types": ("manager",),
}
GUARDED = {
    "recouvrement.mutation": {
        "state": "validated",
        "validated_by_id": 1,
        "form_sha256": "0" * 64,
        "date_applied": "2020-01-01",
        "user_id": 1,
    },
    "recouvrement.request": {
        "approval_state": "approved",
        "approved_by_id": 1,
        "submitted_by_id": 1,
        "payment_id": 1,
    },
    "recouvrement.request.piece": {"state": "checked", "required": False},
}


@tagged("post_install", "-at_install")
class TestMutationAccess(LitigeRights, RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.managed = {}
        for debtor in cls.debtors:
            cls._appoint(debtor, cls._make_manager(f"Manager of {debtor.id}"))
            cls.managed[debtor] = cls.env["recouvrement.mutation"].create(
                {"debtor_id": debtor.id}
            )

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_each_role_sees_the_changes_and_managers_of_its_customers(self):
        all_three = {"Own", "Nobody", "Foreign"}
        for role, expected in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
            ("accountant", all_three),
            ("auditor", all_three),
            ("manager", all_three),
        ):
            for model in (
                "recouvrement.mutation",
                "recouvrement.representative",
                "recouvrement.request.piece",
            ):
                found = self._as(self.env[model], role).search([])
                with self.subTest(role=role, model=model):
                    names = found.debtor_id.mapped("partner_id.name")
                    self.assertEqual(set(names), expected)

    def test_what_is_not_entered_by_hand_is_refused_to_remote_calls(self):
        mutation = self.managed[self.own]
        request = self._ask("refund", amount=1)
        records = {
            "recouvrement.mutation": mutation,
            "recouvrement.request": request,
            "recouvrement.request.piece": mutation.piece_ids[:1],
        }
        for role in WORKERS:
            for model, values in GUARDED.items():
                for name, value in values.items():
                    with self.subTest(role=role, field=name):
                        with self.assertRaises(AccessError):
                            self._rpc(role, records[model], "write", {name: value})

    def test_steps_on_customers_of_others_are_refused(self):
        mutation = self.managed[self.foreign]
        steps = ("action_submit", "action_cancel", "action_send_account")
        for role in ("collector", "salesperson"):
            for step in steps:
                with self.subTest(role=role, step=step), self.assertRaises(AccessError):
                    self._rpc(role, mutation, step)
        for step in steps:
            with self.subTest(step=step), self.assertRaises(AccessError):
                self._rpc("auditor", self.managed[self.own], step)

    def test_a_collector_enters_no_change_for_the_customer_of_another(self):
        model = self._as(self.env["recouvrement.mutation"], "collector")
        self.managed[self.foreign].action_cancel()
        with self.assertRaises(AccessError):
            model.create({"debtor_id": self.foreign.id})

    def test_pieces_of_a_decided_file_are_a_record(self):
        mutation = self.managed[self.own]
        mutation.action_cancel()
        for step in ("action_receive", "action_void", "unlink"):
            with self.subTest(step=step), self.assertRaises(UserError):
                self._rpc("manager", mutation.piece_ids[:1], step)

    def test_the_screens_open_for_each_role(self):
        modes = [(False, mode) for mode in ("list", "kanban", "form", "search")]
        calendar = [*modes, (False, "calendar")]
        for role in ROLES:
            with self.subTest(role=role):
                self._as(self.env["recouvrement.mutation"], role).get_views(calendar)
                requests = self._as(self.env["recouvrement.request"], role)
                requests.get_views([*calendar, (False, "pivot"), (False, "graph")])
                for model in ("representative", "request.type", "request.piece"):
                    self._as(self.env[f"recouvrement.{model}"], role).get_views(
                        modes if model != "request.piece" else modes[:3]
                    )
                mutation = self._as(self.managed[self.own], role)
                mutation.web_read({"name": {}, "warning": {}, "can_validate": {}})
                debtor = self._as(self.own, role)
                self.assertTrue(debtor.manager_id)
                debtor.action_view_mutations()

    def test_accounts_of_another_company_are_out_of_reach(self):
        hidden = (
            self.env["recouvrement.mutation"]
            .sudo()
            .create({"debtor_id": self.elsewhere.id})
        )
        for role in ROLES:
            with self.subTest(role=role):
                model = self._as(self.env["recouvrement.mutation"], role)
                self.assertNotIn(hidden, model.search([]))
                with self.assertRaises(AccessError):
                    self._rpc(role, hidden, "read", ["name"])
                pieces = self._as(self.env["recouvrement.request.piece"], role)
                self.assertFalse(pieces.search([("mutation_id", "=", hidden.id)]))
