"""Figures frozen every month: once, for good, and compared with the ledger."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import IrCron

from ..tools.kpi import KPIS
from ..tools.period import Period
from .kpi_common import MARCH, KpiCommon


@tagged("post_install", "-at_install")
class TestKpiSnapshot(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()
        cls.collector = cls._make_user("collector")
        cls._debtor(cls.one).collector_id = cls.collector

    def _freeze(self, period=MARCH):
        count = self.snapshots.sudo()._freeze(self.company, period)
        # Entries of this test are younger than what is frozen.
        self.env.cr.execute(
            "UPDATE recouvrement_kpi_snapshot SET frozen_on = frozen_on - interval "
            "'1 second'"
        )
        self.snapshots.invalidate_model()
        return count

    def _frozen(self, **values):
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.snapshots.search(domain)

    # ------------------------------------------------------------------
    # FREEZING
    # ------------------------------------------------------------------

    def test_a_frozen_figure_is_what_was_worked_out_with_its_measures(self):
        now = self._figures(*KPIS)[None]
        self._freeze()
        frozen = self._frozen(dimension="none")
        self.assertEqual(set(frozen.mapped("code")), set(KPIS))
        for one in frozen:
            self.assertEqual(one._get_value(), now[one.code], one.code)
        dso = frozen.filtered(lambda one: one.code == "dso_simple")
        self.assertAlmostEqual(dso.value, 60.674157, 6)
        self.assertEqual(dso.measures["sales_quarter"], "267000.00")

    def test_groups_are_frozen_with_their_names(self):
        self._freeze()
        collectors = self._frozen(dimension="collector", code="receivables")
        self.assertEqual(
            {one.key_label: one.value for one in collectors},
            {self.collector.name: 60000.0, "None": 120000.0},
        )
        self.collector.name = "Somebody else"
        self.assertNotIn("Somebody else", collectors.mapped("key_label"))

    def test_a_month_is_frozen_once(self):
        self.assertGreater(self._freeze(), 0)
        self.assertEqual(self._freeze(), 0)
        rows = self._frozen(code="sales", dimension="none")
        self.assertEqual(len(rows), 1)
        # Even when two do it at the same moment.
        self.assertEqual(
            self.snapshots._insert(
                self.company,
                MARCH,
                [(rows.kpi_id.id, "sales", "none", 0, None, rows._get_value())],
            ),
            0,
        )

    def test_nobody_changes_what_is_frozen(self):
        self._freeze()
        frozen = self._frozen()[:1]
        for records in (frozen, frozen.sudo()):
            with self.assertRaises(UserError):
                records.write({"value": 1})
            with self.assertRaises(UserError):
                records.unlink()
        manager = self.snapshots.with_user(self._make_user("manager"))
        with self.assertRaises(AccessError):
            manager.create([{"code": "sales"}])

    def test_a_month_is_frozen_when_it_is_over_by_a_manager(self):
        manager = self._make_user("manager")
        month = Period.month(Period.month(self.today).eve)
        with self.assertRaises(AccessError):
            self.snapshots.with_user(self.collector).freeze_month(month.start)
        with self.assertRaises(UserError):
            self.snapshots.with_user(manager).freeze_month(self.today)
        self.assertTrue(self.snapshots.with_user(manager).freeze_month(month.start))
        self.assertEqual(self._frozen(code="sales")[:1].frozen_by_id, manager)
        with self.assertRaises(UserError):
            self.snapshots.with_user(manager).freeze_month(month.start)

    def test_branches_are_frozen_with_their_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.cr.precommit.run()
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.one.id,
                    "company_id": branch.id,
                    "invoice_date": "2025-03-10",
                    "invoice_date_due": "2025-03-10",
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 70, "tax_ids": False})
                    ],
                }
            )
        )
        move.action_post()
        self._freeze()
        self.assertEqual(self._frozen(code="overdue", dimension="none").value, 60070.0)

    # ------------------------------------------------------------------
    # EVERY MONTH
    # ------------------------------------------------------------------

    def _months(self):
        rows = self._frozen(code="sales", dimension="none")
        return sorted(rows.mapped("date_start"))

    def test_the_month_is_frozen_the_day_after_and_missed_ones_are_caught_up(self):
        snapshots = self.snapshots.sudo()
        with freeze_time("2025-04-01 06:00:00"):
            todo = [one for one in snapshots._get_missing() if one[0] == self.company]
            self.assertEqual(todo, [(self.company, MARCH)])
            snapshots._freeze(*todo[0])
            self.assertNotIn(
                self.company, [company for company, _month in snapshots._get_missing()]
            )
        with freeze_time("2025-07-14 06:00:00"):
            todo = [
                month.start
                for company, month in snapshots._get_missing()
                if company == self.company
            ]
            self.assertEqual(
                todo, [date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)]
            )

    def test_a_company_that_fails_keeps_no_other_from_being_frozen(self):
        """And none of its later months hides the one that failed."""
        model, done = type(self.snapshots), []
        freeze = model._freeze
        other = self.setup_other_company()["company"]
        month = Period.month(self.today - timedelta(days=70))
        later = Period.month(month.end + timedelta(days=1))
        todo = [(self.company, month), (other, month), (self.company, later)]

        def fail_once(self, company, period):
            if (company, period) == todo[0]:
                raise ValueError("broken")
            done.append((company, period))
            return freeze(self, company, period)

        self.patch(model, "_get_missing", lambda self: todo)
        self.patch(model, "_freeze", fail_once)
        with (
            self.assertLogs("odoo.addons.recouvrement_reporting", "ERROR"),
            patch.object(IrCron, "_commit_progress", return_value=60),
        ):
            self.snapshots.sudo()._cron_freeze()
        self.assertEqual(done, [todo[1]])

    def test_the_cron_freezes_what_is_missing(self):
        self._freeze(Period.month(Period.month(Period.month(self.today).eve).eve))
        last = Period.month(Period.month(self.today).eve)
        with patch.object(IrCron, "_commit_progress", return_value=60):
            self.snapshots.sudo()._cron_freeze()
        self.assertIn(last.start, self._months())
        self.assertNotIn(
            self.company,
            [company for company, _month in self.snapshots.sudo()._get_missing()],
        )

    # ------------------------------------------------------------------
    # SERIES
    # ------------------------------------------------------------------

    def test_a_series_takes_frozen_months_and_works_out_the_others(self):
        self._freeze()
        self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        series = self.kpis._get_series(["sales"], 3, date(2025, 4, 30))
        self.assertEqual(
            [(one["frozen"], one["values"]["sales"]) for one in series],
            [
                (False, Decimal(84000)),
                (True, Decimal(93000)),
                (False, Decimal(10000)),
            ],
        )
        self.assertEqual(series[1]["period"], MARCH)

    def test_a_series_of_a_group(self):
        self._freeze()
        [month] = self.kpis._get_series(
            ["receivables"], 1, MARCH.end, "collector", self.collector.id
        )
        self.assertTrue(month["frozen"])
        self.assertEqual(month["values"]["receivables"], 60000)
        [month] = self.kpis._get_series(
            ["receivables"], 1, MARCH.end, "collector", self.env.user.id
        )
        self.assertIsNone(month["values"]["receivables"])

    def test_frozen_figures_answer_for_their_whole_entity_only(self):
        self._freeze()
        other = self.setup_other_company(name="Another")["company"]
        both = self.kpis.with_context(allowed_company_ids=[self.company.id, other.id])
        [month] = both._get_series(["sales"], 1, MARCH.end)
        self.assertFalse(month["frozen"])

    def test_a_figure_that_is_newer_than_the_freezing_is_worked_out(self):
        self._freeze()
        self.env.cr.execute(
            "DELETE FROM recouvrement_kpi_snapshot WHERE code = 'collected'"
        )
        [month] = self.kpis._get_series(["sales", "collected"], 1, MARCH.end)
        self.assertEqual(
            month["values"], {"sales": Decimal(93000), "collected": Decimal(88000)}
        )

    def test_what_is_frozen_is_read_by_company_and_month(self):
        self._freeze()
        found = self.kpis._get_frozen(self.company, MARCH, ["sales"], "collector")
        self.assertEqual(found[self.collector.id]["sales"].value, 20000)
        april = Period.month(date(2025, 4, 1))
        self.assertEqual(self.kpis._get_frozen(self.company, april, ["sales"]), {})

    # ------------------------------------------------------------------
    # COMPARING
    # ------------------------------------------------------------------

    def _compare(self):
        return self.snapshots._compare(self.company, MARCH)

    def _change(self, found, code):
        [change] = [one for one in found["figures"] if one["kpi"].code == code]
        return change

    def _kinds(self, found):
        return {cause["kind"]: cause for cause in found["causes"]}

    def test_a_ledger_that_did_not_move_gives_the_same_figures(self):
        self.assertIsNone(self._compare())
        self._freeze()
        self._forget_creation()
        found = self._compare()
        self.assertEqual(found["figures"], [])
        self.assertEqual(found["causes"], [])

    def test_an_entry_made_later_in_the_period_is_the_cause(self):
        self._freeze()
        self._forget_creation()
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        found = self._compare()
        change = self._change(found, "sales")
        self.assertEqual((change["frozen"], change["now"]), (93000, 105000))
        [measure] = change["measures"]
        self.assertEqual(measure["entered"], 12000)
        self.assertEqual(self._kinds(found)["entered"]["ids"], late.ids)
        self.assertNotIn("collected", [one["kpi"].code for one in found["figures"]])

    def _forget_creation(self):
        """What is in the ledger so far was made before the freezing."""
        self.env.flush_all()
        for table, column in (
            ("account_move", "create_date"),
            ("account_move", "posting_time"),
            ("account_partial_reconcile", "create_date"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(column)s - interval '1 hour'",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                )
            )
        self.env.invalidate_all()

    def test_a_matching_made_later_or_undone_is_the_cause(self):
        self._freeze()
        self._forget_creation()
        item = self._items(self._golden_invoice(15000))
        credit = self._items(self.receipt.move_id)
        (item + credit).reconcile()
        found = self._compare()
        self.assertEqual(set(self._kinds(found)), {"matched"})
        change = self._change(found, "receivables")
        self.assertEqual((change["frozen"], change["now"]), (180000, 175000))

    def _golden_invoice(self, amount):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", self.one.id),
                ("amount_total", "=", amount),
                ("move_type", "=", "out_invoice"),
            ],
            limit=1,
        )

    def test_an_entry_taken_back_is_the_cause(self):
        self._freeze()
        self._forget_creation()
        self._golden_invoice(20000).button_draft()
        found = self._compare()
        self.assertEqual(self._change(found, "sales")["now"], 73000)
        self.assertEqual(self._kinds(found)["withdrawn"]["count"], 1)

    def test_an_entry_posted_later_is_the_cause_though_it_was_drafted_before(self):
        draft = self._invoice(self.one, 6000, "2025-03-30", "2025-03-30", post=False)
        self.cr.precommit.run()
        self._freeze()
        self._forget_creation()
        draft.action_post()
        found = self._compare()
        self.assertEqual(self._change(found, "sales")["measures"][0]["entered"], 6000)
        self.assertEqual(self._kinds(found)["entered"]["ids"], draft.ids)

    def test_the_moment_of_posting_is_not_entered_by_hand(self):
        self._freeze()
        self._forget_creation()
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        late.write({"posting_time": "2025-01-01 00:00:00"})
        self.assertIn("entered", self._kinds(self._compare()))

    def test_entries_after_the_period_change_nothing(self):
        self._freeze()
        self._forget_creation()
        self._invoice(self.one, 12000, "2025-04-30", "2025-04-30")
        found = self._compare()
        self.assertEqual((found["figures"], found["causes"]), ([], []))

    def test_a_client_reads_the_comparison_and_opens_the_causes(self):
        manager = self._make_user("manager", login="compare_manager")
        snapshots = self.snapshots.with_user(manager)
        with self.assertRaises(UserError):
            snapshots.get_comparison("2025-03-01")
        self._freeze()
        self._forget_creation()
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        data = snapshots.get_comparison("2025-03-15")
        names = [one["name"] for one in data["figures"]]
        self.assertIn("Sales", names)
        self.assertEqual(
            [(one["kind"], one["count"]) for one in data["causes"]], [("entered", 1)]
        )
        self.assertTrue(Datetime.to_datetime(data["frozen_on"]))
        action = snapshots.action_open_cause("2025-03-01", "entered")
        self.assertEqual(self.env["account.move"].search(action["domain"]), late)

    def test_a_frozen_month_that_moved_says_so_on_screen(self):
        self._freeze()
        self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        data = self.kpis.get_figures({"start": "2025-03-01"})
        figures = {
            kpi["code"]: kpi for family in data["families"] for kpi in family["kpis"]
        }
        self.assertTrue(data["is_frozen"])
        self.assertTrue(figures["sales"]["differs"])
        self.assertEqual(figures["sales"]["frozen"], 93000.0)
        self.assertFalse(figures["collected"]["differs"])


@tagged("post_install", "-at_install")
class TestKpiScreen(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()

    def _read(self, **options):
        data = self.kpis.get_figures({"start": "2025-03-01", **options})
        return data, {
            kpi["code"]: kpi for family in data["families"] for kpi in family["kpis"]
        }

    def test_every_figure_has_its_definition_its_value_and_its_change(self):
        data, figures = self._read()
        self.assertEqual(set(figures), set(KPIS))
        self.assertEqual(data["period"], {"start": "2025-03-01", "end": "2025-03-31"})
        for code, kpi in figures.items():
            self.assertTrue(
                kpi["definition"] and kpi["formula"] and kpi["source"], code
            )
        self.assertEqual(figures["dso_simple"]["value"], 60.7)
        self.assertEqual(figures["receivables"]["before"], 170000.0)
        self.assertEqual(figures["cei"]["judgement"], "between")

    def test_limits_judge(self):
        kpi = self.kpis.search([("code", "=", "overdue_pct")])
        manager = kpi.with_user(self._make_user("manager"))
        manager.write({"is_judged": True, "good_limit": 20, "bad_limit": 40})
        verdicts = {10: "good", 20: "good", 30: "between", 40: "bad", 50: "bad"}
        for value, expected in verdicts.items():
            self.assertEqual(kpi._judge(Decimal(value)), expected)
        self.assertIsNone(kpi._judge(None))
        with self.assertRaises(UserError):
            manager.write({"good_limit": 50})

    def test_what_a_figure_is_does_not_change(self):
        kpi = self.kpis.search([("code", "=", "overdue_pct")])
        manager = kpi.with_user(self._make_user("manager"))
        with self.assertRaises(AccessError):
            manager.write({"definition": "Something else"})
        with self.assertRaises(UserError):
            kpi.unlink()
        with self.assertRaises(UserError):
            kpi.sudo().write({"code": "unheard_of"})

    def test_an_archived_figure_is_not_shown_but_still_frozen(self):
        self.kpis.search([("code", "=", "overdue_pct")]).active = False
        self.assertNotIn("overdue_pct", self._read()[1])
        self.snapshots.sudo()._freeze(self.company, MARCH)
        self.assertTrue(self.snapshots.search([("code", "=", "overdue_pct")]))

    def test_a_figure_is_split_and_a_group_is_shown_alone(self):
        collector = self._make_user("collector")
        self._debtor(self.one).collector_id = collector
        options = {"start": "2025-03-01", "by": "collector"}
        rows = self.kpis.get_split("overdue", options)
        self.assertEqual([row["label"] for row in rows][0], collector.name)
        self.assertEqual({row["key"] for row in rows}, {collector.id, False})
        data, figures = self._read(by="collector", key=collector.id)
        self.assertEqual(data["group_label"], collector.name)
        self.assertEqual(figures["receivables"]["value"], 60000.0)

    def test_the_trend_has_twelve_months_and_ends_with_the_figure(self):
        trend = self.kpis.get_trend({"start": "2025-03-01"})
        self.assertEqual(len(trend["months"]), 12)
        self.assertEqual(trend["months"][-1]["start"], "2025-03-01")
        self.assertEqual(trend["values"]["cei"][-1], 58.0)
        self.assertEqual(trend["values"]["sales"][-3:], [90000.0, 84000.0, 93000.0])

    def test_what_a_client_cannot_ask_is_refused_in_words(self):
        ahead = str(self.today + timedelta(days=50))
        for options in (
            {"start": "2025-03-01", "end": "2025-02-01"},
            {"start": "tomorrow"},
            {"start": ahead},
            {"by": "country"},
        ):
            with self.subTest(**options), self.assertRaises(UserError):
                self.kpis.get_figures(options)
        with self.assertRaises(UserError):
            self.kpis.get_split("unheard_of", {"by": "collector"})
