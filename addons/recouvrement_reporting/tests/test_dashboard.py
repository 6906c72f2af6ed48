"""The dashboards say what the other screens say, and open what they say."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged

from odoo.addons.recouvrement.tests.rights import WITHOUT_SALES

from ..models.dashboard_figures import TILES
from ..tools.period import Period
from .common_rights import ReportingRights
from .kpi_common import MARCH, KpiCommon

FEBRUARY = Period(date(2025, 2, 1), date(2025, 2, 28))
IN_MARCH = {"start": "2025-03-15"}
KINDS = {
    "salesperson": [],
    "collector": ["collector"],
    "accountant": ["director"],
    "auditor": ["director", "manager"],
    "manager": ["manager", "collector", "director"],
}


class DashboardCommon(KpiCommon):
    """The golden ledger; the customer « One » is in the portfolio of Claire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()
        cls.claire = cls._make_user("collector", login="test_claire", name="Claire")
        cls._debtor(cls.one).collector_id = cls.claire
        cls.sophie = cls._make_user("manager", login="test_sophie", name="Sophie")
        cls.env["recouvrement.debtor"]._process_dirty()
        cls.users = {"collector": cls.claire, "manager": cls.sophie}
        cls.users["director"] = cls.sophie

    def _dashboard(self, kind, **options):
        model = self.env["recouvrement.dashboard"].with_user(self.users[kind])
        return model.get_dashboard(kind, {**IN_MARCH, **options})

    def _tile(self, data, code):
        return next(tile for tile in data["tiles"] if tile["code"] == code)

    def _sum_of(self, action, field, user):
        records = self.env[action["res_model"]].with_user(user)
        found = records.with_context(**action["context"]).search(action["domain"])
        return round(sum(found.mapped(field)), 2)


@tagged("post_install", "-at_install")
class TestDashboardFigures(DashboardCommon):
    def test_figures_are_those_of_the_registry_with_those_before(self):
        for kind, by, key in (
            ("collector", "collector", self.claire.id),
            ("manager", None, None),
            ("director", None, None),
        ):
            data = self._dashboard(kind)
            codes = [tile["code"] for tile in data["tiles"]]
            self.assertEqual(codes, list(TILES[kind]))
            now = self._figures(*codes, by=by)[key]
            before = self._figures(*codes, by=by, period=FEBRUARY).get(key, {})
            for tile in data["tiles"]:
                kpi = self.kpis.search([("code", "=", tile["code"])])
                with self.subTest(kind=kind, code=tile["code"]):
                    value = now[tile["code"]].value
                    self.assertEqual(tile["value"], kpi._to_number(value))
                    one = before.get(tile["code"])
                    self.assertEqual(tile["before"], kpi._to_number(one and one.value))
        self.assertEqual(self._tile(data, "receivables")["value"], 180000.0)
        self.assertEqual(self._tile(data, "receivables")["before"], 170000.0)

    def test_every_measure_of_a_tile_opens_lines_that_add_up_to_it(self):
        for kind in TILES:
            data = self._dashboard(kind)
            by, key = data["by"] or None, data["key"] or None
            for tile in data["tiles"]:
                for measure in tile["measures"]:
                    with self.subTest(kind=kind, code=tile["code"], of=measure["name"]):
                        total = self._sum_lines(
                            tile["code"],
                            measure["name"],
                            by=by,
                            key=key,
                            user=self.users[kind],
                        )
                        expected = Decimal(str(round(measure["value"], 2)))
                        self.assertEqual(total, expected)

    def test_a_collector_gets_the_own_portfolio_only(self):
        data = self._dashboard("collector")
        self.assertEqual(self._tile(data, "overdue")["value"], 60000.0)
        self.assertEqual(
            {row["label"] for row in data["balance"]["rows"]}, {"Golden One"}
        )
        self.assertIsNone(data["team"])
        self.assertIsNone(data["forecast"])

    def test_the_balance_is_the_aged_balance_of_the_last_day(self):
        balances = self.env["recouvrement.aged.balance"].with_user(self.sophie)
        for kind in ("manager", "director"):
            data = self._dashboard(kind)["balance"]
            page = balances.get_balance(data["options"])
            self.assertEqual(data["total"]["total"], page["totals"][0]["total"])
            self.assertEqual(
                [row["total"] for row in data["rows"]],
                [row["total"] for row in page["rows"]],
            )
            columns = [one["kind"] for one in page["columns"]]
            for shown, row in zip(data["rows"], page["rows"], strict=True):
                late = [
                    amount
                    for kind_, amount in zip(columns, row["amounts"], strict=True)
                    if kind_ == "late"
                ]
                self.assertEqual(shown["late"], sum(late))
                action = balances.get_items_action(data["options"], row["key"])
                total = self._sum_of(action, "amount_residual", self.sophie)
                self.assertEqual(total, round(float(shown["total"]), 2))
            history = data["history"]
            last = sum(one["amounts"][-1] for one in history["series"])
            self.assertEqual(round(last, 2), round(data["total"]["total"], 2))
            self.assertEqual(history["days"][-1], "2025-03-31")
        self.assertEqual(len(history["days"]), 12)

    def test_the_team_has_the_figures_of_each_collector(self):
        data = self._dashboard("manager")["team"]
        by_collector = self._figures("overdue", "contacts", by="collector")
        rows = {row["key"]: row for row in data["rows"]}
        self.assertIn(self.claire.id, rows)
        for key, values in by_collector.items():
            for code, one in values.items():
                self.assertEqual(
                    rows[key]["figures"][code]["value"], float(round(one.value, 2))
                )
        total = sum(row["figures"]["overdue"]["value"] or 0 for row in rows.values())
        self.assertEqual(total, 60000.0)
        self.assertEqual(data["rows"][-1]["key"], False)

    # ------------------------------------------------------------------
    # PERIODS
    # ------------------------------------------------------------------

    def test_the_year_before_is_compared_when_asked(self):
        data = self._dashboard("director", compare="year")
        self.assertEqual(data["before"], {"start": "2024-03-01", "end": "2024-03-31"})
        self.assertEqual(self._tile(data, "receivables")["before"], 0.0)

    @freeze_time("2025-03-20 12:00:00")
    def test_a_month_under_way_is_compared_with_as_many_days(self):
        data = self._dashboard("director")
        self.assertTrue(data["is_running"])
        self.assertEqual(data["period"], {"start": "2025-03-01", "end": "2025-03-20"})
        self.assertEqual(data["before"], {"start": "2025-02-01", "end": "2025-02-20"})
        now = self._figures("collected", period=Period(MARCH.start, date(2025, 3, 20)))
        self.assertEqual(
            self._tile(data, "collected")["value"], float(now[None]["collected"].value)
        )

    def test_what_cannot_be_followed_is_refused(self):
        for options in (
            {"start": "2999-01-01"},
            {"start": "soon"},
            {"start": [1]},
            {"compare": "week"},
        ):
            with self.subTest(options=options), self.assertRaises(UserError):
                self._dashboard("director", **options)

    def test_a_frozen_month_shows_its_frozen_figures(self):
        before = self._dashboard("director")
        self.assertFalse(before["is_frozen"])
        self.assertTrue(before["is_trend_partial"])
        frozen = self._tile(before, "overdue")["value"]
        self.snapshots.sudo()._freeze(self.company, MARCH)
        self._invoice(self.one, 1000, "2025-03-01", "2025-03-05")
        data = self._dashboard("director")
        self.assertTrue(data["is_frozen"])
        self.assertEqual(self._tile(data, "overdue")["value"], frozen)
        self.assertEqual(data["trend"]["values"]["overdue"][-1], frozen)
        self.assertEqual(
            [month["frozen"] for month in data["trend"]["months"]],
            [False] * 11 + [True],
        )

    def test_months_that_are_not_frozen_are_worked_out_afterwards(self):
        model = self.env["recouvrement.dashboard"].with_user(self.sophie)
        first = self._dashboard("director")["trend"]
        self.assertEqual(first["values"]["receivables"][-2:], [None, 180000.0])
        trend = model.get_trend("director", IN_MARCH)
        self.assertEqual(trend["values"]["receivables"][-2:], [170000.0, 180000.0])
        self.assertEqual(first["months"], trend["months"])

    def test_snapshots_answer_for_the_months_before(self):
        self.snapshots.sudo()._freeze(self.company, FEBRUARY)
        data = self._dashboard("director")
        self.assertTrue(data["is_before_frozen"])
        self.assertEqual(data["trend"]["values"]["receivables"][-2], 170000.0)
        with patch.object(
            type(self.kpis), "_compute_kpis", autospec=True, return_value={}
        ) as compute:
            self._dashboard("director")
        computed = {call.args[2] for call in compute.call_args_list}
        self.assertEqual(computed, {MARCH})

    # ------------------------------------------------------------------
    # TARGETS AND FORECAST
    # ------------------------------------------------------------------

    def _aim(self, value, user=None):
        self.env["recouvrement.target"].create(
            {
                "company_id": self.company.id,
                "user_id": user and user.id,
                "date_start": "2025-03-01",
                "value": value,
            }
        )

    def test_targets_are_those_of_the_month(self):
        self._aim(100000)
        self._aim(4000, self.claire)
        collected = self._figure("collected")
        [company] = self._dashboard("director")["targets"]["progress"]
        self.assertEqual(company["target"], 100000.0)
        self.assertEqual(company["actual"], float(collected))
        self.assertEqual(company["status"], "missed")
        self.assertEqual(company["status_label"], "Missed")
        own = self._dashboard("collector")["targets"]
        [progress] = own["progress"]
        self.assertEqual((progress["code"], progress["target"]), ("collected", 4000.0))
        self.assertEqual(own["months"], [None] * 11 + [4000.0])
        rows = {row["key"]: row for row in self._dashboard("manager")["team"]["rows"]}
        self.assertEqual(rows[self.claire.id]["progress"]["target"], 4000.0)

    def test_without_target_or_forecast_the_dashboard_says_so(self):
        data = self._dashboard("director")
        self.assertEqual(data["targets"]["progress"], [])
        self.assertEqual(data["targets"]["months"], [None] * 12)
        self.assertEqual(data["forecast"], {"label": False})

    def test_the_forecast_is_that_of_its_screen(self):
        forecasts = self.env["recouvrement.forecast"].with_user(self.sophie)
        forecasts._make_forecast(self.company)
        for kind in ("week", "month"):
            screen = forecasts.get_forecast({"kind": kind})
            data = self._dashboard("director")["forecast"]
            self.assertEqual(data[f"{kind}s"], screen["rows"])
            self.assertEqual(data["label"], screen["forecast"]["label"])

    def test_a_company_without_sales_has_empty_tiles(self):
        data = self._dashboard("director", start="2020-01-01")
        self.assertIsNone(self._tile(data, "cei")["value"])
        self.assertEqual(self._tile(data, "overdue")["value"], 0.0)
        self.assertEqual(data["balance"]["rows"], [])
        self.assertIsNone(data["balance"]["total"])

    # ------------------------------------------------------------------
    # QUERIES
    # ------------------------------------------------------------------

    def _count_queries(self, kind):
        self._dashboard(kind)  # fills what is cached for good
        self.env.flush_all()
        self.env.invalidate_all()
        found = []
        execute = Cursor.execute

        def record(cr, query, *args, **kwargs):
            found.append(query)
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", record):
            self._dashboard(kind)
        return len(found)

    def test_the_number_of_queries_does_not_depend_on_the_number_of_debtors(self):
        before = {kind: self._count_queries(kind) for kind in TILES}
        for number in range(8):
            partner = self._make_customer(f"More {number}")
            self._invoice(partner, 500, "2025-03-01", "2025-03-10")
            user = self._make_user("collector", login=f"test_more_{number}")
            self._debtor(partner).collector_id = user
        self.env["recouvrement.debtor"]._process_dirty()
        after = {kind: self._count_queries(kind) for kind in TILES}
        self.assertEqual(before, after)


@tagged("post_install", "-at_install")
class TestDashboardAccess(ReportingRights):
    def _model(self, role):
        return self._as(self.env["recouvrement.dashboard"], role)

    def test_each_role_has_just_its_dashboards(self):
        for role, kinds in KINDS.items():
            model = self._model(role)
            for kind in TILES:
                with self.subTest(role=role, kind=kind):
                    if kind in kinds:
                        self.assertEqual(model.get_dashboard(kind)["kind"], kind)
                        continue
                    with self.assertRaises(AccessError):
                        model.get_dashboard(kind)
                    with self.assertRaises(AccessError):
                        model.get_trend(kind)
                    with self.assertRaises(AccessError):
                        model.action_open_work(kind, "runs")
            if kinds:
                data = model.get_dashboard()
                self.assertEqual(data["kind"], kinds[0])
                self.assertEqual([one["key"] for one in data["kinds"]], kinds)
        self._check_menus({"dashboard": WITHOUT_SALES})

    def test_salespeople_and_customers_get_nothing(self):
        for who in ("salesperson", self.portal):
            with self.assertRaises(AccessError):
                self._model(who).get_dashboard()

    def test_each_tile_of_work_opens_as_many_records_as_it_counts(self):
        debtors = self.env["recouvrement.debtor"].sudo()
        debtors._refresh_totals()
        self.env["recouvrement.promise"].sudo().create(
            {
                "debtor_id": self.own.id,
                "currency_id": self.company.currency_id.id,
                "amount": 100,
                "amount_company": 100,
                "date": self.today,
                "deadline": self.today,
                "date_made": self.today,
            }
        )
        seen = {}
        for role, kind in (("collector", "collector"), ("manager", "manager")):
            model = self._model(role)
            for tile in model.get_dashboard(kind)["work"]:
                seen[role, tile["key"]] = tile["count"]
                action = model.action_open_work(kind, tile["key"])
                if tile["key"].startswith("work_"):
                    continue
                records = model.env[action["res_model"]].search(action["domain"])
                with self.subTest(role=role, tile=tile["key"]):
                    self.assertEqual(len(records), tile["count"])
        self.assertEqual(seen["collector", "promises_due"], 1)
        self.assertGreater(seen["manager", "reminders"], 0)
        with self.assertRaises(UserError):
            self._model("collector").action_open_work("collector", "reminders")

    def test_the_worklist_is_that_of_the_own_portfolio(self):
        self.env["recouvrement.debtor"].sudo()._refresh_totals()
        model = self._model("collector")
        own = [("collector_id", "=", self.users["collector"].id)]
        tabs = {
            tab["code"]: tab["count"]
            for tab in model.env["recouvrement.debtor"].get_work_tabs(own)
        }
        work = {tile["key"]: tile["count"] for tile in model.get_dashboard()["work"]}
        for code, count in tabs.items():
            self.assertEqual(work.get(f"work_{code}", 0), count, code)
        action = model.action_open_work("collector", "work_all")
        self.assertTrue(action["context"]["search_default_work_all"])
        self.assertTrue(action["context"]["search_default_my_portfolio"])

    def test_provisions_are_those_booked_last(self):
        model = self._model("manager")
        keys = [tile["key"] for tile in model.get_dashboard("director")["work"]]
        self.assertNotIn("provisions", keys)

    def test_two_companies_add_up_and_have_no_common_target(self):
        elsewhere = self._make_customer("Abroad")
        self._make_invoice(elsewhere, 900, due=-10, company_id=self.other.id)
        manager = self.users["manager"]
        manager.company_ids |= self.other
        both = self.company | self.other
        model = self._model("manager").with_context(allowed_company_ids=both.ids)
        one = model.with_context(allowed_company_ids=self.company.ids)
        alone = one.get_dashboard("director")
        data = model.get_dashboard("director")
        self.assertTrue(alone["is_one_entity"])
        self.assertFalse(data["is_one_entity"])
        self.assertIsNone(data["forecast"])
        self.assertEqual(data["targets"]["progress"], [])
        overdue = {
            which: next(t["value"] for t in one["tiles"] if t["code"] == "overdue")
            for which, one in (("alone", alone), ("both", data))
        }
        expected = model.env["recouvrement.kpi"]._compute_kpis(
            ["overdue"], Period(self.today.replace(day=1), self.today)
        )
        self.assertEqual(overdue["both"], float(expected[None]["overdue"].value))
        self.assertGreater(overdue["both"], overdue["alone"])

    def test_nobody_looks_into_a_company_of_others(self):
        model = self._model("manager").with_context(allowed_company_ids=self.other.ids)
        with self.assertRaises(AccessError):
            model.get_dashboard("director")


@tagged("post_install", "-at_install")
class TestLargeLedger(DashboardCommon):
    """On a ledger of millions of items a screen opens before all is worked out."""

    def setUp(self):
        super().setUp()
        model = type(self.env["recouvrement.kpi"])
        self.patch(model, "_is_large", lambda kpis: True)

    def test_a_quick_dashboard_and_what_it_left_out_make_the_whole_one(self):
        for kind, user in self.users.items():
            with self.subTest(kind=kind):
                whole = self._dashboard(kind)
                quick = self._dashboard(kind, quick=True)
                self.assertFalse(whole["is_late"])
                self.assertTrue(quick["is_late"])
                model = self.env["recouvrement.dashboard"].with_user(user)
                late = model.get_late(kind, dict(IN_MARCH))
                history = late.pop("history")
                made = {**quick, **late, "is_late": False}
                if history:
                    made["balance"] = {**quick["balance"], "history": history}
                self.assertEqual(made, whole)

    def test_a_quick_dashboard_reads_neither_a_year_nor_the_month_before(self):
        data = self._dashboard("director", quick=True)
        late = {tile["code"] for tile in data["tiles"] if tile["is_late"]}
        self.assertIn("days_beyond_terms", late)
        self.assertIn("dso_countback", late)
        self.assertNotIn("receivables", late)
        for tile in data["tiles"]:
            self.assertIsNone(tile["before"])
            self.assertEqual(tile["value"] is None, tile["code"] in late, tile["code"])
        self.assertEqual(len(data["balance"]["history"]["days"]), 2)

    def test_what_is_frozen_is_never_late(self):
        snapshots = self.env["recouvrement.kpi.snapshot"].sudo()
        for month in (FEBRUARY, MARCH):
            snapshots._freeze(self.company, month)
        data = self._dashboard("manager", quick=True)
        self.assertFalse(data["is_late"])
        self.assertEqual(data["tiles"], self._dashboard("manager")["tiles"])

    def test_a_trend_is_filled_month_by_month(self):
        kpis = self.env["recouvrement.kpi"].with_user(self.sophie)
        options = {"start": "2025-03-01", "end": "2025-03-31"}
        whole = kpis.get_trend(options)
        empty = kpis.get_trend({**options, "frozen_only": True})
        self.assertFalse(whole["is_partial"])
        self.assertTrue(empty["is_partial"])
        self.assertFalse(any(map(any, empty["values"].values())))
        self.assertEqual(empty["months"], whole["months"])
        for place, month in enumerate(whole["months"]):
            self.assertEqual(
                kpis.get_trend_month(month["start"], options),
                {code: values[place] for code, values in whole["values"].items()},
            )
        boards = self.env["recouvrement.dashboard"].with_user(self.sophie)
        trend = boards.get_trend("director", dict(IN_MARCH))
        month = boards.get_trend_month("2025-02-10", "director", dict(IN_MARCH))
        self.assertEqual(
            month, {code: values[-2] for code, values in trend["values"].items()}
        )

    def test_a_month_to_come_and_no_date_are_refused(self):
        kpis = self.env["recouvrement.kpi"].with_user(self.sophie)
        for start in ("2999-01-01", "soon", None):
            with self.assertRaises(UserError):
                kpis.get_trend_month(start)
        with self.assertRaises(AccessError):
            self.env["recouvrement.dashboard"].with_user(self.claire).get_late(
                "director"
            )
