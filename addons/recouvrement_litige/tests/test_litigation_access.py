"""Each role does what it may with litigation files, by remote calls too."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import LitigeRights
from .litigation_common import LitigationCommon

CHANGE = (1, 1, 0, 0)
WRITERS = ("collector", "accountant", "manager")


def _rights(writers, others=READ, roles=WRITERS):
    return {role: writers if role in roles else others for role in ROLES}


RIGHTS = {
    "recouvrement.litigation": _rights(CHANGE),
    "recouvrement.litigation.line": dict.fromkeys(ROLES, READ),
    "recouvrement.litigation.step": _rights(EDIT),
    "recouvrement.title": _rights(CHANGE),
    "recouvrement.deadline": dict.fromkeys(ROLES, READ),
    "recouvrement.jurisdiction": {
        **_rights((1, 1, 1, 0)),
        "manager": EDIT,
    },
    "recouvrement.procedure": _rights(EDIT, roles=("manager",)),
    "recouvrement.procedure.step": _rights(EDIT, roles=("manager",)),
    "recouvrement.procedure.cost": _rights(EDIT, roles=("manager",)),
    "recouvrement.litigation.stage": _rights(EDIT, roles=("manager",)),
    **{
        f"recouvrement.litigation.{name}": dict.fromkeys(WRITERS, EDIT)
        for name in ("transfer", "step.record", "step.undo", "close")
    },
}
CONFIGURE = ("manager", "auditor")
MENUS = {
    **dict.fromkeys(
        ("litigation", "deadlines", "titles", "litigation_analysis"), ROLES
    ),
    **dict.fromkeys(("procedures", "courts", "litigation_stages"), CONFIGURE),
}


@tagged("post_install", "-at_install")
class TestLitigationAccess(LitigeRights, LitigationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file_of = {
            debtor: cls._file(debtor=debtor, date_open=cls._day(-1))
            for debtor in (cls.own, cls.nobodys, cls.foreign)
        }
        cls.files_made = cls.files.union(*cls.file_of.values())

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def _seen(self, role, model="recouvrement.litigation"):
        found = self._as(self.env[model], role).search(
            [("debtor_id", "in", self.debtors.ids)]
        )
        return set(found.sudo().debtor_id.mapped("display_name"))

    def test_each_role_sees_the_files_of_its_own_customers(self):
        everything = {"Own", "Nobody", "Foreign"}
        expected = {
            "salesperson": {"Own"},
            "collector": {"Own", "Nobody"},
            "accountant": everything,
            "auditor": everything,
            "manager": everything,
        }
        for role, names in expected.items():
            for model in (
                "recouvrement.litigation",
                "recouvrement.litigation.line",
                "recouvrement.litigation.step",
                "recouvrement.deadline",
            ):
                with self.subTest(role=role, model=model):
                    self.assertEqual(self._seen(role, model), names)

    def test_another_company_sees_nothing(self):
        user = self._make_user("manager", login="elsewhere_manager")
        user.sudo().write(
            {"company_ids": [(6, 0, self.other.ids)], "company_id": self.other.id}
        )
        for model in (
            "recouvrement.litigation",
            "recouvrement.litigation.step",
            "recouvrement.litigation.line",
            "recouvrement.deadline",
        ):
            found = self.env[model].with_user(user).search_count([])
            self.assertEqual(found, 0, model)

    def test_who_may_act_on_the_debtor_transfers_and_no_one_else(self):
        self._make_invoice(self.own.partner_id, 100, due=-5)
        self._make_invoice(self.foreign.partner_id, 100, due=-5)
        action = self._rpc("collector", self.own, "action_desk_litigation")
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        made = self._rpc("collector", wizard, "action_confirm")
        self.assertTrue(self.files.browse(made["res_id"]).exists())
        with self.assertRaises(AccessError):
            self._rpc("collector", self.foreign, "action_desk_litigation")
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, self.own, "action_desk_litigation")

    def test_a_wizard_does_not_reach_the_debtor_of_somebody_else(self):
        line = self._items(self._make_invoice(self.foreign.partner_id, 100, due=-5))
        vals = {
            "debtor_ids": [(6, 0, self.foreign.ids)],
            "move_line_ids": [(6, 0, line.ids)],
        }
        wizards = self.env["recouvrement.litigation.transfer"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.users["collector"]).create(vals)
        stolen = wizards.sudo().create(vals)
        with self.assertRaises(UserError):
            self._rpc("collector", stolen, "action_confirm")
        self.assertEqual(line.collection_status, "to_chase")

    def test_who_reads_only_records_no_step(self):
        step = self._step(self.file_of[self.own], "application")
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, step, "action_done")
        foreign = self._step(self.file_of[self.foreign], "application")
        with self.assertRaises(AccessError):
            self._rpc("collector", foreign, "action_done")
        wizard = self._as(
            self.env["recouvrement.litigation.step.record"], "collector"
        ).create({"step_id": step.id})
        self._rpc("collector", wizard, "action_confirm")
        self.assertEqual(step.done_by_id, self.users["collector"])
        stolen = self.env["recouvrement.litigation.step.record"].sudo()
        stolen = stolen.create({"step_id": foreign.id})
        with self.assertRaises(AccessError):
            stolen.with_user(self.users["collector"]).action_confirm()

    def test_what_is_read_only_is_so_for_remote_calls(self):
        litigation = self.file_of[self.own]
        step = self._step(litigation, "application")
        for records, vals in (
            (litigation, {"state": "closed"}),
            (litigation, {"debtor_id": self.foreign.id}),
            (litigation, {"amount_open": 0}),
            (litigation, {"procedure_id": False}),
            (litigation, {"next_date": False}),
            (step, {"date_done": "2026-01-01"}),
            (step, {"state": "done"}),
            (step, {"date_due": "2030-01-01"}),
            (litigation.line_ids, {"is_live": False}),
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._rpc("manager", records, "write", vals)
        with self.assertRaises(UserError):
            self._rpc("manager", step, "write", {"label": "Other"})
        with self.assertRaises(AccessError):
            self._as(self.files, "manager").create({"debtor_id": self.own.id})
        with self.assertRaises(UserError):
            self._rpc("manager", step, "unlink")

    def test_a_step_is_not_added_to_the_file_of_somebody_else(self):
        steps = self._as(self.env["recouvrement.litigation.step"], "collector")
        vals = {"label": "Call", "date_fixed": self.today}
        steps.create({**vals, "litigation_id": self.file_of[self.own].id})
        with self.assertRaises(AccessError):
            steps.create({**vals, "litigation_id": self.file_of[self.foreign].id})

    def test_private_methods_are_not_called_from_outside(self):
        litigation = self.file_of[self.own]
        for method in ("_open", "_close", "_judge", "_start_procedure"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("manager", litigation, method)

    def test_only_a_manager_opens_a_file_again(self):
        litigation = self.file_of[self.own]
        litigation._close("abandoned", "Too small")
        with self.assertRaises(UserError):
            self._rpc("collector", litigation, "action_reopen")
        self._rpc("manager", litigation, "action_reopen")
        self.assertEqual(litigation.state, "open")

    def test_the_page_of_the_debtor_shows_its_files_to_who_may(self):
        for role in ROLES:
            desk = self._as(self.own, role).get_desk()
            blocks = {block["key"] for block in desk["blocks"]}
            buttons = {button["key"] for button in desk["actions"]}
            labels = {
                badge["label"]
                for row in desk["items"]["rows"]
                for badge in row["badges"]
            }
            with self.subTest(role=role):
                self.assertIn("litigation", blocks)
                self.assertIn(self.file_of[self.own].name, labels)
                self.assertEqual("litigation" in buttons, role in WRITERS)

    def test_the_screens_open_for_each_role(self):
        for role in ROLES:
            for xmlid in (
                "recouvrement_litigation_action",
                "recouvrement_deadline_action",
                "recouvrement_title_action",
                "recouvrement_litigation_action_analysis",
            ):
                action = self.env.ref(f"recouvrement_litige.{xmlid}")
                model = self._as(self.env[action.res_model], role)
                modes = action.view_mode.split(",")
                with self.subTest(role=role, action=xmlid):
                    views = model.get_views([(False, mode) for mode in modes])
                    self.assertEqual(set(views["views"]), set(modes))
            litigation = self._as(self.file_of[self.own], role)
            litigation.read(["display_name", "title_expiry", "event_count"])
            litigation.step_ids.read(["name", "source", "lapse_text"])
