"""What belongs to another company is out of reach of every role."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.recouvrement.tests.access_common import AccessCommon

from .any_record import AnyRecord, get_buttons, is_own
from .test_every_model_access import SHARED

EMPLOYEES = (
    "salesperson",
    "collector",
    "all_portfolios",
    "accountant",
    "auditor",
    "manager",
)
# Models of other addons to which this one adds buttons.
EXTENDED = (
    "account.move",
    "recouvrement.debtor",
    "recouvrement.request",
)
OVERRIDES = {
    "recouvrement.deadline": {"res_model": "recouvrement.litigation.step"},
    "recouvrement.request.piece": {"mutation_id": None},
}
# What only lists what its owner may read, of records that were lost since.
LISTS = {("recouvrement.einvoice.import", "action_view_disputes")}


@tagged("post_install", "-at_install")
class TestOtherCompany(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strangers = {role: cls._make_stranger(role) for role in EMPLOYEES}
        cls.strangers["portal"] = cls.portal
        cls.strangers["public"] = cls.env.ref("base.public_user").sudo()
        items = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)], limit=1
        )
        cls.line = items.move_line_id
        known = [
            cls.own,
            cls.own.partner_id,
            cls.company,
            cls.company.currency_id,
            cls.users["manager"],
            cls.line,
            cls.line.move_id,
            cls.own._declare("refund", source="portal", amount=1.0),
            cls.env["res.partner.bank"].create(
                {
                    "acc_number": "FR7630006000011234567890189",
                    "partner_id": cls.own.partner_id.id,
                }
            ),
        ]
        cls.builder = AnyRecord(cls.env, known, OVERRIDES)
        for name in cls._models():
            cls.builder.get(name)
        cls.env.flush_all()

    @classmethod
    def _make_stranger(cls, role):
        return new_test_user(
            cls.env,
            login=f"stranger_{role}",
            groups=f"base.group_user,recouvrement.group_{role}",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )

    @classmethod
    def _models(cls, transient=False):
        for name in sorted(cls.env.registry):
            model = cls.env[name]
            if is_own(model) and model._transient == transient and name not in SHARED:
                yield name

    def _each(self):
        """Each kept record with each stranger, whose customer it is but for the
        company."""
        records = [self.builder.get(name) for name in self._models()]
        records += [
            self.env[name].browse(self.builder.known[name]) for name in EXTENDED
        ]
        self.assertGreater(len(records), 30)
        for role, user in self.strangers.items():
            self._give_customers(user)
            for record in records:
                yield role, user, record.with_env(self.env)

    def _give_customers(self, user):
        """Portfolio and ownership are no reason to be refused."""
        for table, field in (
            ("recouvrement_debtor", "salesperson_id"),
            ("recouvrement_debtor", "collector_id"),
            ("recouvrement_dispute", "user_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(field),
                    user.id,
                )
            )
        self.env.invalidate_all()

    def test_the_records_are_seen_in_their_own_company(self):
        manager = self.users["manager"]
        for name in self._models():
            record = self.builder.get(name)
            model = self.env[name].with_user(manager)
            with self.subTest(model=name):
                if model.has_access("read"):
                    found = model.with_context(active_test=False).search([])
                    self.assertIn(record.id, found.ids)

    def test_no_role_reads_finds_changes_or_removes_them(self):
        for role, user, record in self._each():
            for method, args in (
                ("read", (["display_name"],)),
                ("web_read", ({"display_name": {}},)),
                ("write", ({"display_name": "x"},)),
                ("unlink", ()),
            ):
                with self.subTest(model=record._name, role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(user, record, method, *args)
            with self.subTest(model=record._name, role=role, method="search"):
                self.assertNotIn(record.id, self._find(user, record))

    def _find(self, user, record):
        model = record.browse().with_user(user).with_context(active_test=False)
        try:
            return model.search([("id", "=", record.id)]).ids
        except AccessError:
            return []

    @mute_logger("odoo.sql_db")
    def test_no_role_presses_their_buttons(self):
        pressed = 0
        for role, user, record in self._each():
            for method, needed in get_buttons(record):
                pressed += 1
                with self.subTest(model=record._name, role=role, method=method):
                    self._refused(AccessError, user, record, method, needed)
        self.assertGreater(pressed, 400)

    @mute_logger("odoo.sql_db")
    def test_no_own_dialog_reaches_them(self):
        """A dialog whose owner made it point at the records of another company."""
        pressed = 0
        for role in EMPLOYEES:
            user = self.strangers[role]
            self._give_customers(user)
            for name in self._models(transient=True):
                wizard = self.builder.get(name, user)
                for method, needed in get_buttons(wizard):
                    pressed += 1
                    if (name, method) in LISTS and wizard.with_user(user).has_access(
                        "read"
                    ):
                        action = self._rpc(user, wizard, method)
                        self.assertEqual(action["domain"], [("id", "in", [])])
                        continue
                    with self.subTest(model=name, role=role, method=method):
                        self._refused(UserError, user, wizard, method, needed)
        self.assertGreater(pressed, 100)

    def _refused(self, error, user, record, method, needed):
        with self.assertRaises(error), self.env.cr.savepoint():
            self._rpc(user, record, method, *([[]] * needed))
            self.env.flush_all()
