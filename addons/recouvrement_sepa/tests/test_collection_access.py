"""Each role: what it sees of collections and debits, and what it may do."""

import io

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .collection_common import CollectionCommon
from .common_rights import SepaRights
from .mandate_common import OTHER_IBAN

MAKERS = ("accountant", "manager")
CHANGE = (1, 1, 0, 0)
RIGHTS = {
    "recouvrement.sepa.collection": {
        **dict.fromkeys(WITHOUT_SALES, READ),
        **dict.fromkeys(MAKERS, EDIT),
    },
    "recouvrement.sepa.collection.line": {
        **dict.fromkeys(WITHOUT_SALES, READ),
        **dict.fromkeys(MAKERS, CHANGE),
    },
    "recouvrement.sepa.collection.item": dict.fromkeys(WITHOUT_SALES, READ),
    "recouvrement.sepa.collection.refusal": dict.fromkeys((*MAKERS, "auditor"), READ),
    "recouvrement.sepa.candidate": dict.fromkeys(WITHOUT_SALES, READ),
    "recouvrement.sepa.collection.wizard": dict.fromkeys(MAKERS, EDIT),
    "recouvrement.sepa.collection.wizard.line": dict.fromkeys(MAKERS, EDIT),
    "recouvrement.sepa.collection.cancel": dict.fromkeys(MAKERS, EDIT),
}
MENUS = dict.fromkeys(("sepa_collections", "sepa_debits"), WITHOUT_SALES)


@tagged("post_install", "-at_install")
class TestCollectionAccess(SepaRights, CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for debtor, iban in ((cls.own, OTHER_IBAN), (cls.foreign, OTHER_IBAN)):
            cls._make_mandate(debtor, iban=iban, date_signed=cls._day(-120))
        cls.collection = cls._propose_debits()

    def _terms(self):
        return {
            "sepa_company_id": self.company.id,
            "sepa_journal_id": self.bank.id,
            "sepa_scheme": "CORE",
            "sepa_until": fields.Date.to_string(self.later),
            "sepa_date": fields.Date.to_string(self.later),
        }

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_collectors_see_the_debits_of_their_portfolio(self):
        seen = {
            "collector": self.own,
            "accountant": self.own | self.foreign,
            "auditor": self.own | self.foreign,
            "manager": self.own | self.foreign,
        }
        for role, debtors in seen.items():
            for model in ("collection.line", "collection.item"):
                found = self._as(self.env[f"recouvrement.sepa.{model}"], role)
                with self.subTest(role=role, model=model):
                    self.assertEqual(found.search([]).debtor_id, debtors)

    def test_collectors_see_the_candidates_of_their_portfolio(self):
        self.collection._cancel("Test")
        model = self._as(self.env["recouvrement.sepa.candidate"], "collector")
        found = model.with_context(**self._terms()).search([])
        self.assertEqual(found.debtor_id, self.own)

    def test_only_makers_move_a_collection_on(self):
        for role in set(ROLES) - set(MAKERS):
            mine = self._as(self.collection, role)
            for step in ("submit", "propose", "empty", "check", "generate", "sent"):
                with self.subTest(role=role, step=step):
                    self.assertRaises(AccessError, getattr(mine, f"action_{step}"))
            self.assertRaises(AccessError, mine._cancel, "Test")
            lines = self._as(self.collection.line_ids, role)
            self.assertRaises(AccessError, lines.action_remove)

    def test_the_control_sheet_is_for_those_who_see_everybody(self):
        for role in ("accountant", "manager", "auditor"):
            self.assertTrue(self._as(self.collection, role)._get_sheet()["sequences"])
        self.assertRaises(
            AccessError, self._as(self.collection, "collector")._get_sheet
        )
        self.assertRaises(
            AccessError, self._as(self.collection, "collector")._get_sheet_workbook
        )

    def test_another_company_sees_nothing_of_it(self):
        user = self._make_user(
            "accountant",
            login="other_accountant",
        )
        user.write(
            {"company_ids": [(6, 0, self.other.ids)], "company_id": self.other.id}
        )
        for model in ("collection", "collection.line", "collection.item", "candidate"):
            found = self.env[f"recouvrement.sepa.{model}"].with_user(user)
            found = found.with_context(
                **self._terms(), allowed_company_ids=self.other.ids
            )
            self.assertFalse(found.search([]), model)

    def test_the_screens_open_for_each_role_that_has_their_menu(self):
        for role in WITHOUT_SALES:
            for name in ("collection", "collection.line"):
                model = self._as(self.env[f"recouvrement.sepa.{name}"], role)
                with self.subTest(role=role, model=name):
                    self.assertTrue(model.get_views([(False, "form"), (False, "list")]))
                    with Form(model.search([], limit=1)):
                        pass

    def test_the_wizard_proposes_what_it_shows(self):
        self.collection._cancel("Test")
        wizard = self._as(
            self.env["recouvrement.sepa.collection.wizard"], "accountant"
        ).create({"date": self.later})
        self.assertEqual(wizard.journal_id, self.bank)
        self.assertEqual(wizard.date_until, self.later)
        self.assertEqual((wizard.count, wizard.amount), (3, 4500.0))
        action = wizard.action_create()
        made = self.env["recouvrement.sepa.collection"].browse(action["res_id"])
        self.assertEqual((made.scheme, made.amount), ("CORE", 4500.0))
        self.assertEqual(made.author_id, self.users["accountant"])

    def test_the_wizard_says_why_the_rest_stays_out(self):
        self.own._hold(self._day(20), "Test")
        self.collection._cancel("Test")
        wizard = self._as(
            self.env["recouvrement.sepa.collection.wizard"], "accountant"
        ).create({"date": self.later})
        held = wizard.preview_ids.filtered(lambda x: x.reason == "held")
        self.assertEqual((held.count, held.amount), (2, 1500.0))

    def test_the_sheet_says_what_is_new(self):
        kinds = {kind["code"]: kind for kind in self.collection._get_news()}
        self.assertEqual(set(kinds), {"first"})
        self.assertEqual(len(kinds["first"]["rows"]), 2)

    def test_the_sheet_tells_changed_accounts_and_unusual_amounts(self):
        line = self.collection.line_ids.filtered(lambda x: x.debtor_id == self.own)
        before = []
        for number in range(3):
            vals = line.copy_data()[0]
            vals |= {
                "end_to_end_id": f"OLD-{number}",
                "iban": "FR7630006000011234567890189",
                "amount": 10.0,
                "state": "settled",
                "live": False,
                "date": self._day(-60),
                "collection_id": self.collection.sudo().copy().id,
            }
            before.append(vals)
        lines = self.env["recouvrement.sepa.collection.line"].sudo()
        lines.create(before)
        self.collection.action_propose()
        kinds = {kind["code"]: kind for kind in self.collection._get_news()}
        self.assertEqual(set(kinds), {"first", "iban", "far"})
        [row] = kinds["far"]["rows"]
        self.assertEqual(row["line"].debtor_id, self.own)
        self.assertIn("FR7630006000011234567890189", kinds["iban"]["rows"][0]["note"])

    def test_the_workbook_holds_every_debit(self):
        name, content = self._as(self.collection, "accountant")._get_sheet_workbook()
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(io.BytesIO(content))
        totals, debits, _news, _left = book.worksheets
        self.assertEqual(totals.cell(totals.max_row, 7).value, 4500)
        rows = list(debits.iter_rows(min_row=2, values_only=True))
        self.assertEqual(sum(row[-1] for row in rows), 4500)
        self.assertEqual(len(rows), 2)
