"""Every figure of the forecast opens what it is made of."""

from collections import Counter
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.flows import ITEM_SOURCES, SOURCES
from ..tools.period import Period
from .common_rights import ReportingRights
from .forecast_common import ForecastCommon

SUMS = {
    "recouvrement.forecast.share": "expected",
    "recouvrement.receipt": "amount",
    "recouvrement.kpi.line": "value",
}


@tagged("post_install", "-at_install")
class TestForecastLines(ReportingRights, ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer = cls._make_payer("Toujours dix", delay=10, count=20, step=15)
        cls._make_invoice(cls.payer, 1000.0, due=5)
        cls._make_invoice(cls.payer, 3000.0, due=200)
        held = cls._make_invoice(cls.payer, 500.0, due=-40)
        cls._items(held)._set_collection_status("litigation", "Before the court")
        lost = cls._make_invoice(cls.payer, 200.0, due=-60)
        cls._items(lost).write({"doubtful_date": cls.today, "doubtful_rate": 25})
        cls._make_receipt(cls.payer, 77.0, -1)
        cls.forecast = cls.forecasts._make_forecast(cls.company)

    def _open(self, name, *rows, user=None):
        forecast = self.forecast.with_user(user) if user else self.forecast
        return forecast.action_open_figure(name, *(row["id"] for row in rows))

    def _sum(self, action, name=None):
        model = self.env[action["res_model"]].with_context(**action["context"])
        name = name or SUMS[action["res_model"]]
        [[total]] = model._read_group(action["domain"], [], [f"{name}:sum"])
        return self._exact(total or 0.0)

    def _says(self, action, amount):
        """Whether the title has an amount, to the cent."""
        return self.forecast._format(amount) in action["name"]

    def test_every_figure_of_the_screen_opens_lines_that_add_up_to_it(self):
        """All that the screen is given, cell by cell, then its totals."""
        promised = self._items(self._make_invoice(self.payer, 640.0, due=-3))
        self._debtor(self.payer)._make_promise(400.0, self._day(12), promised)
        self.forecast = self.forecasts._make_forecast(self.company)
        walked = Counter()
        for kind in ("week", "month"):
            data = self.forecasts.get_forecast({"kind": kind})
            self.assertEqual(data["forecast"]["id"], self.forecast.id)
            rows = data["rows"]
            for row in rows:
                self._check_row(row, walked)
            for source in ITEM_SOURCES:
                total = sum(self._exact(row[source]) for row in rows)
                action = self._open(source, rows[0], rows[-1])
                with self.subTest(kind=kind, total=source):
                    self.assertEqual(self._sum(action), total)
        for name, column in (("open", "amount"), ("outside", "amount"), ("later",) * 2):
            shown = self._exact(data["forecast"][f"{name}_amount"])
            with self.subTest(figure=name):
                self.assertEqual(self._sum(self._open(name), column), shown)
        for name in ("delay", "promise", "expected", "new", "p50", "p80"):
            with self.subTest(walked=name):
                # In its week and in its month.
                self.assertGreater(walked[name], 1)

    def _check_row(self, row, walked):
        """Sums equal what is shown; what is not a sum is said in the title."""
        amounts = {
            name: self._exact(row[name])
            for name in (*SOURCES, "expected", "p50", "p80", "received", "before")
            if row[name] is not None
        }
        of_items = sum(amounts[name] for name in ITEM_SOURCES)
        for name, amount in amounts.items():
            if not amount:
                continue
            walked[name] += 1
            action = self._open(name, row)
            with self.subTest(row=row["label"], figure=name):
                if name in ("p50", "p80", "new", "rate"):
                    self.assertTrue(self._says(action, amount))
                elif name == "expected":
                    self.assertEqual(self._sum(action), of_items)
                    self.assertEqual(amount - of_items, amounts["new"])
                else:
                    self.assertEqual(self._sum(action), amount)

    def test_a_source_without_items_is_refused_in_clear_words(self):
        week = self.forecast._get_weeks()[0]["id"]
        for source in ("new", "rate", "outside", "p50", "nothing", 7):
            with (
                self.subTest(source=source),
                self.assertRaisesRegex(UserError, "not made of open items"),
            ):
                self.forecast.action_open_cell(week, source)

    def test_the_amounts_as_a_whole_are_the_sums_of_their_items(self):
        names = {"open": "amount", "outside": "amount", "later": "later"}
        for figure, column in names.items():
            amount = self._exact(self.forecast[f"{figure}_amount"])
            action = self._open(figure)
            with self.subTest(figure=figure):
                self.assertGreater(amount, 0)
                self.assertEqual(self._sum(action, column), amount)
                self.assertTrue(self._says(action, amount))
        # The receipt takes 77 off the oldest item: 500 and a quarter of 123.
        self.assertEqual(self.forecast.outside_amount, 530.75)

    def test_a_total_of_several_weeks_opens_the_items_of_all_of_them(self):
        weeks = self.forecast._get_weeks()
        expected = sum(row["expected"] - row["new"] for row in weeks[:4])
        self.assertGreater(expected, 0)
        action = self._open("expected", weeks[0], weeks[3])
        self.assertEqual(self._sum(action), expected)
        delay = sum(row["delay"] for row in weeks)
        self.assertEqual(self._sum(self._open("delay", weeks[0], weeks[-1])), delay)

    def test_a_quantile_opens_the_items_whose_chances_it_is_read_from(self):
        for kind in ("week", "month"):
            row = self.forecast._get_periods(kind)[1]
            for name in ("p50", "p80"):
                action = self._open(name, row)
                with self.subTest(kind=kind, name=name):
                    self.assertEqual(self._sum(action), row["expected"] - row["new"])
                    self.assertTrue(self._says(action, row[name]))
                    self.assertTrue(self._says(action, row["expected"] - row["new"]))
                    self.assertIn("from the chances below", action["name"])

    def test_what_was_received_opens_the_receipts_of_the_days(self):
        old = self.forecasts._make_forecast(self.company, self._day(-20), frozen=True)
        self._make_receipt(self.payer, 40.0, -10)
        self._make_receipt(self.payer, 5.0, -200)
        for row in old._get_periods("month"):
            for name in ("received", "before"):
                if not row[name]:
                    continue
                action = old.action_open_figure(name, row["id"])
                with self.subTest(name=name, month=row["whole"]):
                    self.assertEqual(action["res_model"], "recouvrement.receipt")
                    self.assertEqual(self._sum(action), row[name])
        months = old._get_periods("month")
        received = sum(row["received"] or 0 for row in months)
        self.assertGreaterEqual(received, Decimal("117"))
        action = old.action_open_figure("received", months[0]["id"], months[-1]["id"])
        self.assertEqual(self._sum(action), received)

    def test_invoices_to_come_open_the_sales_whose_pace_goes_on(self):
        row = self.forecast._get_weeks()[5]
        action = self._open("new", row)
        self.assertTrue(self._says(action, row["new"]))
        self.assertEqual(action["res_model"], "recouvrement.kpi.line")
        _root, companies = self.forecast._get_entity(self.company)
        weekly = self.forecasts._get_weekly(companies, self.forecast.as_of)
        self.assertEqual(self._sum(action), self._exact(sum(weekly[1])))

    def test_a_target_opens_the_targets_that_it_is_read_from(self):
        targets = self.env["recouvrement.target"]
        month = Period.month(self.today)
        values = {
            "company_id": self.company.id,
            "period_kind": "month",
            "measure": "collected",
        }
        own = targets.create({**values, "date_start": month.start, "value": 3000})
        targets.create(
            {
                **values,
                "date_start": month.start,
                "value": 100,
                "user_id": self.users["collector"].id,
            }
        )
        later = targets.create(
            {
                **values,
                "date_start": targets._next_start("month", self.today),
                "value": 6000,
            }
        )
        first = self.forecast._get_months()[0]
        action = self._open("target", first)
        self.assertEqual(targets.search(action["domain"]), own)
        self.assertTrue(self._says(action, Decimal(3000)))
        self.assertNotIn("working days", action["name"])
        week = next(
            row
            for row in self.forecast._get_weeks()
            if later.date_start <= row["whole"].start
            and row["whole"].end <= later.date_end
        )
        action = self._open("target", week)
        self.assertEqual(targets.search(action["domain"]), later)
        self.assertIn("working days", action["name"])

    def test_the_target_of_the_company_may_be_the_sum_of_its_collectors(self):
        month = Period.month(self.today)
        made = self.env["recouvrement.target"].create(
            [
                {
                    "company_id": self.company.id,
                    "date_start": month.start,
                    "value": value,
                    "user_id": user.id,
                }
                for value, user in (
                    (700, self.users["collector"]),
                    (900, self.other_collector),
                )
            ]
        )
        row = self.forecast._get_months()[0]
        self.assertEqual(row["target"], 1600)
        action = self._open("target", row)
        self.assertEqual(self.env["recouvrement.target"].search(action["domain"]), made)

    def test_an_older_forecast_says_that_its_items_are_not_kept(self):
        old = self.forecasts._make_forecast(self.company, self._day(-20), frozen=True)
        again = self.forecasts._make_forecast(self.company)
        week = old._get_weeks()[0]["id"]
        for name in ("expected", "p80", "delay", "open", "later"):
            with self.subTest(name=name), self.assertRaises(UserError):
                old.action_open_figure(name, week)
        self.assertTrue(again.action_open_figure("open"))

    def test_what_is_no_figure_is_refused(self):
        weeks = self.forecast._get_weeks()
        month = self.forecast._get_months()[0]
        for asked in (
            ("gap", weeks[0]),
            ("p50",),
            ("p50", weeks[0], weeks[1]),
            ("target", weeks[0]),
            ("expected", weeks[1], weeks[0]),
            ("expected", weeks[0], month),
            ("received", {"id": -1}),
        ):
            with self.subTest(asked=asked[0]), self.assertRaises(UserError):
                self._open(*asked)

    def test_readers_open_them_and_others_do_not(self):
        row = self.forecast._get_weeks()[1]
        for role in ("collector", "accountant", "auditor", "manager"):
            user = self.users[role]
            for name in ("open", "p80", "received", "new"):
                with self.subTest(role=role, name=name):
                    self.assertTrue(self._open(name, row, user=user))
        with self.assertRaises(AccessError):
            self._open("received", row, user=self.users["salesperson"])
