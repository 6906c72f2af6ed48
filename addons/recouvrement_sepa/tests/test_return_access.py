"""Who sees returned debits, who places them, who only works what follows."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .common_rights import SepaRights
from .return_common import ReturnCommon

CHANGE = (1, 1, 0, 0)
HANDLERS = ("accountant", "manager")
MANAGED = {**dict.fromkeys(WITHOUT_SALES, READ), "manager": EDIT}
RIGHTS = {
    "recouvrement.sepa.reason": MANAGED,
    "recouvrement.sepa.return.rule": MANAGED,
    "recouvrement.sepa.return": {
        **dict.fromkeys(WITHOUT_SALES, CHANGE),
        "auditor": READ,
    },
    "recouvrement.sepa.return.notice": dict.fromkeys(WITHOUT_SALES, READ),
    "recouvrement.sepa.return.rate": dict.fromkeys(
        ("accountant", "auditor", "manager"), READ
    ),
    "recouvrement.sepa.return.match": dict.fromkeys(HANDLERS, EDIT),
    "recouvrement.sepa.return.aside": dict.fromkeys(HANDLERS, EDIT),
    "recouvrement.sepa.return.entry": dict.fromkeys(HANDLERS, EDIT),
    "recouvrement.sepa.reversal": dict.fromkeys(HANDLERS, EDIT),
    "recouvrement.sepa.return.represent": dict.fromkeys(
        set(ROLES) - {"salesperson", "auditor"}, EDIT
    ),
}
MENUS = {
    "sepa_returns": WITHOUT_SALES,
    "sepa_return_rates": ("accountant", "auditor", "manager"),
    "sepa_return_entry": HANDLERS,
    "sepa_reasons": ("manager",),
    "sepa_return_rules": ("manager",),
}


@tagged("post_install", "-at_install")
class TestReturnAccess(SepaRights, ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandates = {
            debtor: cls._make_mandate(debtor, date_signed=cls._day(-120))
            for debtor in (cls.own, cls.foreign)
        }
        cls.lines = {
            debtor: cls._debit(100, mandate=mandate)
            for debtor, mandate in cls.mandates.items()
        }
        cls.back = {
            debtor: cls._take(cls._event(line, "MS02", message_id=f"M{line.id}"))
            for debtor, line in cls.lines.items()
        }
        cls.lost = cls._take(cls._event())

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_a_collector_sees_the_returns_of_the_own_portfolio(self):
        found = self._as(self.returns, "collector").search([])
        self.assertIn(self.back[self.own], found)
        self.assertNotIn(self.back[self.foreign], found)
        self.assertNotIn(self.lost, found, "what nobody placed is for the accountant")
        notices = self._as(self.env["recouvrement.sepa.return.notice"], "collector")
        self.assertEqual(notices.search([]).return_id, found)

    def test_accountants_auditors_and_managers_see_all(self):
        everything = self.lost | self.back[self.own] | self.back[self.foreign]
        for role in ("accountant", "auditor", "manager"):
            with self.subTest(role=role):
                found = self._as(self.returns, role).search([])
                self.assertEqual(found, everything)

    def test_another_company_sees_nothing(self):
        user = self._make_user("accountant", login="test_return_elsewhere")
        user.write(
            {"company_ids": [(6, 0, self.other.ids)], "company_id": self.other.id}
        )
        self.assertFalse(self.returns.with_user(user).search([]))

    def test_what_a_bank_said_is_not_written_by_hand(self):
        record = self.back[self.own]
        for values in ({"amount": 1}, {"state": "ignored"}, {"action_state": "done"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._rpc("manager", record, "write", values)
        with self.assertRaises(AccessError):
            self._rpc("manager", record.notice_ids, "write", {"document": "x"})

    def test_a_collector_works_what_follows(self):
        record = self.back[self.own]
        self._rpc("collector", record, "action_represent")
        self.assertEqual(record.action, "represent")
        self.assertEqual(record.handled_by_id, self.users["collector"])
        self._rpc("collector", record, "action_undo")
        self.assertFalse(record.action)
        with self.assertRaises(AccessError):
            self._rpc("collector", self.back[self.foreign], "action_done")

    def test_an_auditor_changes_nothing(self):
        with self.assertRaises(AccessError):
            self._rpc("auditor", self.back[self.own], "action_done")

    def test_only_accountants_and_managers_place_returns(self):
        for role in HANDLERS:
            with self.subTest(role=role):
                self._as(self.lost, role)._set_aside("not_ours", "Other software")
                self._rpc(role, self.lost, "action_take_up")
        record = self._as(self.back[self.own], "collector")
        with self.assertRaises(AccessError):
            record._set_aside("ignored", "no")

    def test_an_accountant_enters_and_reverses(self):
        line = self._debit(75, mandate=self.mandates[self.own])
        wizard = self._as(self.env["recouvrement.sepa.return.entry"], "accountant")
        entry = wizard.create(
            {
                "line_id": line.id,
                "reason_id": self.env.ref("recouvrement_sepa.sepa_reason_ac06").id,
            }
        )
        entry.action_confirm()
        self.assertEqual(line.state, "returned")
        other = self._debit(76, mandate=self.mandates[self.own])
        self.assertTrue(self._as(other, "accountant")._reverse("AM05"))
        with self.assertRaises(AccessError):
            self._as(self._debit(77), "collector")._reverse("AM05")

    def test_the_screens_open_for_each_role_that_has_them(self):
        for role in WITHOUT_SALES:
            with self.subTest(role=role):
                views = self._as(self.returns, role).get_views(
                    [(False, v) for v in ("list", "form", "kanban", "graph", "pivot")]
                )
                self.assertEqual(len(views["views"]), 5)
                self._as(self.own, role).mapped("sepa_return_rate")
        self._as(self.own, "salesperson").get_views([(False, "form")])
