"""Who sees the forecast, its items and its files, and who makes it again."""

import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.rights import READ, WITHOUT_SALES

from .common_rights import ReportingRights
from .forecast_common import ForecastCommon

MAKE = (1, 0, 1, 0)
READERS = dict.fromkeys(WITHOUT_SALES, READ)
RIGHTS = {
    "recouvrement.forecast": {**READERS, "accountant": MAKE, "manager": MAKE},
    "recouvrement.forecast.week": READERS,
    "recouvrement.forecast.item": READERS,
    "recouvrement.forecast.share": READERS,
    "recouvrement.forecast.error": READERS,
    "recouvrement.forecast.outcome": READERS,
}
MENUS = {"forecast": WITHOUT_SALES}


@tagged("post_install", "-at_install")
class TestForecastAccess(ReportingRights, ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecast = cls.forecasts._make_forecast(cls.company, cls.today)

    def _call(self, role, method, *args):
        """A remote call of the model."""
        return call_kw(self._as(self.forecasts, role), method, args, {})

    def test_each_role_has_just_its_rights_and_menu(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_the_figures_are_of_the_whole_company_for_all_who_see_them(self):
        whole = [row["expected"] for row in self.forecast._get_weeks()]
        self.assertTrue(sum(whole))
        for role in WITHOUT_SALES:
            data = self._call(role, "get_forecast", {})
            with self.subTest(role=role):
                shown = [self._exact(row["expected"]) for row in data["rows"]]
                self.assertEqual(shown, whole)
                self.assertEqual(data["may_refresh"], role in ("accountant", "manager"))
        with self.assertRaises(AccessError):
            self._call("salesperson", "get_forecast", {})
        with self.assertRaises(AccessError):
            self._as(self.forecasts, self.portal).get_forecast({})

    def test_a_figure_opens_the_items_that_one_may_see(self):
        everything = {"Own", "Nobody", "Foreign"}
        for role, expected in (
            ("collector", {"Own", "Nobody"}),
            ("accountant", everything),
            ("auditor", everything),
            ("manager", everything),
        ):
            action = self._rpc(role, self.forecast, "action_open_cell", None, "delay")
            shares = self._as(self.env[action["res_model"]], role)
            found = shares.with_context(**action["context"]).search(action["domain"])
            with self.subTest(role=role):
                self.assertEqual(set(found.mapped("customer_id.name")), expected)
                views = shares.get_views([(False, "list"), (False, "search")])
                self.assertEqual(set(views["views"]), {"list", "search"})
                self.assertTrue(found[0].action_open_debtor()["res_id"])
                self.assertTrue(found[0].action_open_document()["res_id"])
        with self.assertRaises(AccessError):
            self._rpc("salesperson", self.forecast, "action_open_cell")

    def test_the_accountant_and_the_manager_make_it_again_and_nobody_else(self):
        for role in ("collector", "auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._call(role, "action_refresh")
        for role in ("accountant", "manager"):
            forecast_id = self._call(role, "action_refresh")
            made = self.forecasts.browse(forecast_id)
            with self.subTest(role=role):
                self.assertEqual(made.user_id, self.users[role])
                self.assertEqual(made.state, "computed")

    def test_nobody_writes_a_forecast_by_hand(self):
        for role in ("accountant", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._call(
                    role,
                    "create",
                    [{"company_id": self.company.id, "as_of": self.today, "weeks": 2}],
                )
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, self.forecast, "write", {"open_amount": 1.0})

    def test_another_company_is_not_seen(self):
        elsewhere = self.forecasts.sudo()._make_forecast(self.other, self.today)
        for role in WITHOUT_SALES:
            found = self._as(self.forecasts, role).search([])
            with self.subTest(role=role):
                self.assertIn(self.forecast, found)
                self.assertNotIn(elsewhere, found)
                with self.assertRaises(UserError):
                    self._call(role, "get_forecast", {"company_id": self.other.id})
                data = self._call(role, "get_forecast", {"forecast_id": elsewhere.id})
                self.assertIsNone(data["forecast"])
        with self.assertRaises(UserError):
            self._call("manager", "action_refresh", self.other.id)

    def test_the_spreadsheet_has_the_figures_of_the_screen(self):
        stream = io.BytesIO()
        name = self._as(self.forecast, "manager")._write_workbook(stream)
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(stream)
        self.assertEqual(len(book.sheetnames), 4)
        weeks = list(book.worksheets[0].iter_rows(values_only=True))
        place = weeks[0].index("Expected")
        shown = [self._exact(row[place]) for row in weeks[1:14]]
        expected = [row["expected"] for row in self.forecast._get_weeks()]
        self.assertEqual(shown, expected)
        self.assertEqual(self._exact(weeks[14][place]), sum(expected))
        items = list(book.worksheets[2].iter_rows(values_only=True))
        self.assertEqual(len(items) - 1, len(self.forecast.item_ids))

    def test_the_number_of_queries_does_not_depend_on_the_customers(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            forecast = self.forecasts._make_forecast(self.company, self.today)
            self.env.flush_all()
            made = self.env.cr.sql_log_count - before
            before = self.env.cr.sql_log_count
            forecast.get_forecast({})
            return made, self.env.cr.sql_log_count - before

        count()
        few = count()
        self.assertLess(sum(few), 66)
        for number in range(12):
            debtor = self._make_debtor(f"Client {number}", ((100.0, -5), (50.0, 8)))
            debtor._make_promise(
                50.0, self._day(5), self._items(debtor.partner_id.invoice_ids[0])
            )
        self.env["recouvrement.debtor"]._process_dirty()
        count()
        self.assertEqual(count(), few)
