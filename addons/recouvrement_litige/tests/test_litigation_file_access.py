"""Who sees and does what with claims, pieces, costs and counsel."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .common_rights import LitigeRights
from .court_file_common import CourtFileCommon

WRITE = (1, 1, 0, 0)
TEXT = (1, 1, 0, 1)
MAKE = (1, 1, 1, 0)


def _roles(edit, sales=READ):
    found = {
        "collector": edit,
        "accountant": edit,
        "auditor": READ,
        "manager": edit,
    }
    return {"salesperson": sales, **found} if sales else found


RIGHTS = {
    "recouvrement.litigation.claim": _roles(WRITE),
    "recouvrement.litigation.claim.row": dict.fromkeys(ROLES, READ),
    "recouvrement.litigation.cost": _roles(EDIT, None),
    "recouvrement.litigation.piece": _roles(EDIT),
    "recouvrement.litigation.bundle": dict.fromkeys(ROLES, READ),
    "recouvrement.litigation.document": _roles(TEXT),
    "recouvrement.litigation.piece.kind": {
        **dict.fromkeys(ROLES, READ),
        "manager": EDIT,
    },
    "recouvrement.counsel": {
        "salesperson": READ,
        "collector": READ,
        "accountant": MAKE,
        "auditor": READ,
        "manager": EDIT,
    },
    "recouvrement.counsel.assignment": _roles(EDIT),
    "recouvrement.counsel.report": _roles(MAKE, None),
    "recouvrement.counsel.report.line": dict.fromkeys(WITHOUT_SALES, READ),
}
MENUS = {
    **dict.fromkeys(
        ("counsel", "counsel_files", "counsel_reports", "litigation_costs"),
        WITHOUT_SALES,
    ),
    "piece_kinds": ("manager",),
}


@tagged("post_install", "-at_install")
class TestLitigationFileAccess(LitigeRights, CourtFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._make_file(cls.own)
        cls.other_file = cls._make_file(cls.foreign)
        cls.counsel = cls._make_counsel()

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_who_may_not_change_a_file_makes_nothing_in_it(self):
        methods = (
            "action_collect_pieces",
            "action_compute_claim",
            "action_make_court_file",
            "action_write_formal_notice",
        )
        for role in ("salesperson", "auditor"):
            for method in methods:
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, self.file, method)
        for role in ("collector", "accountant", "manager"):
            for method in methods[:2] + methods[3:]:
                with self.subTest(role=role, method=method):
                    self._rpc(role, self.file, method)

    def test_a_collector_does_nothing_in_the_files_of_others(self):
        with self.assertRaises(AccessError):
            self._rpc("collector", self.other_file, "action_collect_pieces")
        values = {
            "litigation_id": self.other_file.id,
            "kind_id": self.env.ref("recouvrement_litige.piece_kind_other").id,
            "name": "x",
        }
        with self.assertRaises(AccessError):
            self._as(self.file.piece_ids.browse(), "collector").create(values)
        cost = {"litigation_id": self.other_file.id, "name": "x", "amount": 1}
        with self.assertRaises(AccessError):
            self._as(self.file.cost_ids.browse(), "collector").create(cost)
        mandate = {
            "litigation_id": self.other_file.id,
            "counsel_id": self.counsel.id,
        }
        with self.assertRaises(AccessError):
            self._as(self.file.assignment_ids.browse(), "collector").create(mandate)

    def test_a_cost_or_piece_is_not_moved_to_the_file_of_somebody_else(self):
        cost = self.env["recouvrement.litigation.cost"].create(
            {"litigation_id": self.file.id, "name": "x", "amount": 1}
        )
        piece = self.env["recouvrement.litigation.piece"].create(
            {
                "litigation_id": self.file.id,
                "name": "x",
                "kind_id": self.env.ref("recouvrement_litige.piece_kind_other").id,
            }
        )
        for record in (cost, piece):
            with self.assertRaises(AccessError):
                self._rpc(
                    "collector", record, "write", {"litigation_id": self.other_file.id}
                )

    def test_each_role_sees_the_claims_of_its_own_customers(self):
        claims = self.file._compute_claim() | self.other_file._compute_claim()
        for role, count in (
            ("salesperson", 1),
            ("collector", 1),
            ("accountant", 2),
            ("auditor", 2),
            ("manager", 2),
        ):
            found = self._as(claims.browse(), role).search([("id", "in", claims.ids)])
            with self.subTest(role=role):
                self.assertEqual(len(found), count)
                self.assertEqual(
                    len(self._as(claims.row_ids.browse(), role).search([]).claim_id),
                    count,
                )

    def test_each_role_opens_the_screens_of_its_menus(self):
        for name in (
            "counsel_action",
            "counsel_assignment_action",
            "counsel_report_action",
            "litigation_cost_action",
        ):
            action = self.env.ref(f"recouvrement_litige.recouvrement_{name}")
            for role in WITHOUT_SALES:
                model = self._as(self.env[action.res_model], role)
                views = [(False, mode) for mode in action.view_mode.split(",")]
                with self.subTest(action=name, role=role):
                    self.assertTrue(model.get_views(views)["views"])
                    model.web_search_read([], {"display_name": {}})
        for role in ROLES:
            files = self._as(self.file, role)
            self.assertTrue(files.get_views([(False, "form")])["views"])
            files.web_read(
                {
                    "claim_ids": {"fields": {"amount_total": {}}},
                    "piece_ids": {"fields": {"name": {}, "help_text": {}}},
                    "document_ids": {"fields": {"name": {}}},
                    "bundle_state": {},
                    "missing_count": {},
                    "counsel_ids": {},
                }
            )

    def test_counsel_of_another_company_is_not_seen(self):
        partner = self._make_customer("Elsewhere lawyer")
        foreign = self.env["recouvrement.counsel"].create(
            {"partner_id": partner.id, "kind": "lawyer", "company_id": self.other.id}
        )
        found = self._as(foreign.browse(), "manager").search([])
        self.assertIn(self.counsel, found)
        self.assertNotIn(foreign, found)
