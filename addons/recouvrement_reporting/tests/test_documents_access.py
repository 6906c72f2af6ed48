"""Statements and reconciliations: each role has just its rights and its customers."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .common_rights import ReportingRights

EDITORS = {"collector": EDIT, "accountant": EDIT, "manager": EDIT}
READERS = {"salesperson": READ, "auditor": READ}
ANSWERS = (1, 1, 0, 0)
RIGHTS = {
    "recouvrement.statement.run": {**EDITORS, "auditor": READ},
    "recouvrement.statement.run.line": dict.fromkeys(WITHOUT_SALES, READ),
    "recouvrement.reconciliation": {**EDITORS, **READERS},
    "recouvrement.reconciliation.line": {
        **dict.fromkeys(EDITORS, ANSWERS),
        **READERS,
    },
    "recouvrement.reconciliation.extra": {**EDITORS, **READERS},
    "recouvrement.reconciliation.decision": EDITORS,
}
MENUS = dict.fromkeys(("statement_runs", "reconciliations"), WITHOUT_SALES)


@tagged("post_install", "-at_install")
class TestDocumentsAccess(ReportingRights):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.minutes = cls.env["recouvrement.reconciliation"].create(
            [{"debtor_id": debtor.id, "as_of": cls.today} for debtor in cls.debtors]
        )
        cls.minutes.action_send()
        cls.env["recouvrement.reconciliation.extra"].create(
            [
                {"reconciliation_id": one.id, "name": "x", "amount": 1}
                for one in cls.minutes
            ]
        )

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_each_role_reads_the_minutes_of_its_own_customers(self):
        everything = {"Own", "Nobody", "Foreign"}
        for role, expected in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
            ("accountant", everything),
            ("auditor", everything),
            ("manager", everything),
        ):
            for name in ("", ".line", ".extra"):
                model = self._as(self.env[f"recouvrement.reconciliation{name}"], role)
                found = model.search([("id", "!=", False)]).debtor_id
                with self.subTest(role=role, model=name):
                    self.assertEqual(
                        set(found.sudo().mapped("partner_id.name")), expected
                    )

    def test_the_screens_open_for_each_role(self):
        for role in ROLES:
            records = self._as(self.env["recouvrement.reconciliation"], role).search(
                [("id", "!=", False)]
            )
            views = records.get_views([(False, "list"), (False, "form")])
            fields = list(views["models"]["recouvrement.reconciliation"]["fields"])
            with self.subTest(role=role):
                self.assertTrue(records.read(fields))
                self.assertTrue(records[0].line_ids.mapped("is_settled") or True)

    def test_who_only_reads_changes_nothing(self):
        [own] = self.minutes.filtered(lambda one: one.debtor_id == self.own)
        for role in ("salesperson", "auditor"):
            mine = self._as(own, role)
            for method in (
                "action_send_again",
                "action_agree_rest",
                "action_record_answers",
                "action_sign",
                "action_correct",
            ):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, mine, method)
            with self.assertRaises(AccessError):
                self._rpc(role, own.line_ids, "action_resolve", "x")

    def test_a_collector_does_not_touch_the_accounts_of_others(self):
        [foreign] = self.minutes.filtered(lambda one: one.debtor_id == self.foreign)
        with self.assertRaises(AccessError):
            self._rpc("collector", foreign, "action_agree_rest")
        minutes = self._as(self.env["recouvrement.reconciliation"], "collector")
        with self.assertRaises(AccessError):
            minutes.create({"debtor_id": self.foreign.id})
        draft = minutes.create({"debtor_id": self.own.id})
        with self.assertRaises(AccessError):
            draft.write({"debtor_id": self.foreign.id})
        extras = self._as(self.env["recouvrement.reconciliation.extra"], "collector")
        with self.assertRaises(AccessError):
            extras.create({"reconciliation_id": foreign.id, "name": "x", "amount": 1})

    def test_what_is_worked_out_is_not_written_by_hand(self):
        """What is computed and kept would stay as somebody overwrote it."""
        [own] = self.minutes.filtered(lambda one: one.debtor_id == self.own)
        for record, values in (
            (own, {"company_id": self.other.id}),
            (own, {"customer_id": self.foreign.partner_id.id}),
            (own.line_ids, {"customer_amount": 1}),
            (own.line_ids, {"is_difference": False}),
            (own.line_ids, {"debtor_id": self.foreign.id}),
            (own.extra_ids, {"customer_amount": 1}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._rpc("collector", record, "write", values)

    def test_another_company_s_minutes_are_not_seen(self):
        theirs = (
            self.env["recouvrement.reconciliation"]
            .sudo()
            .create({"debtor_id": self.elsewhere.id})
        )
        for role in ROLES:
            self.assertFalse(self._as(theirs, role).has_access("read"))

    def test_the_period_statement_follows_the_rights_on_the_debtor(self):
        wizards = self._as(self.env["recouvrement.send.wizard"], "collector")
        wizard = wizards.create(
            {"debtor_id": self.foreign.id, "with_period_statement": True}
        )
        with self.assertRaises(AccessError):
            wizard.action_download()
