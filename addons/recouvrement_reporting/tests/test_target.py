"""Targets, what was reached of them, and for whom a receipt counts."""

from datetime import timedelta
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from ..tools.period import Period

TARGET = "recouvrement.target"


class TargetCommon(RecouvrementCommon):
    """Two collectors of a team; each has a customer. ``cls.last`` is the month before
    today's, ``cls.late`` its day 20."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = Period.month(cls.today)
        cls.last = Period.month(cls.month.eve)
        cls.late = cls.last.start + timedelta(days=19)
        cls.claire = cls._make_user("collector", login="test_claire", name="Claire")
        cls.karim = cls._make_user("collector", login="test_karim", name="Karim")
        cls.sophie = cls._make_user("manager", login="test_sophie", name="Sophie")
        cls.anne = cls._make_user("manager", login="test_anne", name="Anne")
        cls.team = cls.env["recouvrement.team"].create(
            {
                "name": "Lyon",
                "company_id": cls.company.id,
                "member_ids": [Command.set((cls.claire | cls.karim).ids)],
            }
        )
        cls.first = cls._make_debtor("First", items=((50_000, -120),))
        cls.second = cls._make_debtor("Second", items=((50_000, -120),))
        cls.first.collector_id = cls.claire
        cls.second.collector_id = cls.karim
        cls.env["recouvrement.debtor"]._process_dirty()

    @classmethod
    def _receive(cls, debtor, amount, day=None):
        return cls._make_receipt(debtor.partner_id, amount, day or cls.late)

    @classmethod
    def _aim(cls, value, user=None, team=None, period=None, **vals):
        period = period or cls.last
        return cls.env[TARGET].create(
            {
                "company_id": cls.company.id,
                "user_id": user and user.id,
                "team_id": team and team.id,
                "date_start": period.start,
                "value": value,
                **vals,
            }
        )

    @classmethod
    def _hand_over(cls, debtor, user, day):
        """The debtor went to somebody on a past day."""
        assignments = cls.env["recouvrement.assignment"].sudo()
        current = assignments.search(
            [("debtor_id", "=", debtor.id), ("date_to", "=", False)]
        )
        current.made_on = day - timedelta(days=30)
        debtor.collector_id = user
        cls.env["recouvrement.debtor"]._process_dirty()
        new = assignments.search(
            [("debtor_id", "=", debtor.id), ("date_to", "=", False)]
        )
        current.date_to = day - timedelta(days=1)
        current.flush_recordset()
        new.date_from = day

    def _get(self, period=None, **owner):
        return self.env[TARGET]._get_target(self.company, period or self.last, **owner)


@tagged("post_install", "-at_install")
class TestTarget(TargetCommon):
    def test_one_target_per_owner_measure_and_period(self):
        self._aim(1000, self.claire)
        self._aim(1000, self.karim)
        self._aim(60, self.claire, measure="recovery_month")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._aim(2000, self.claire)

    def test_a_target_has_one_owner_and_starts_its_period(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._aim(1000, self.claire, self.team)
        with self.assertRaises(ValidationError):
            self._aim(1000, self.claire, date_start=self.last.end)
        monday = Period.week(self.late).start
        week = self._aim(1000, self.claire, period_kind="week", date_start=monday)
        self.assertEqual(week.date_end, monday + timedelta(days=6))

    def test_what_is_aimed_at_in_a_period(self):
        self._aim(2200, self.claire)
        self._aim(1100, self.karim)
        week = Period.week(self.last.start + timedelta(days=7))
        self.assertEqual(self._get(user=self.claire), 2200)
        self.assertIsNone(self._get(user=self.sophie))
        # Of the company and of the team, the sum of the collectors.
        self.assertEqual(self._get(), 3300)
        self.assertEqual(self._get(team=self.team), 3300)
        # Of a week, its share of working days; a target of its own wins.
        shared = self._get(week, user=self.claire)
        self.assertTrue(400 < shared < 600, shared)
        self._aim(700, self.claire, period_kind="week", date_start=week.start)
        self.assertEqual(self._get(week, user=self.claire), 700)
        self.assertEqual(self._get(user=self.claire), 2200)
        # The sum of the teams wins over that of the collectors, the own over all.
        self._aim(4000, team=self.team)
        self.assertEqual(self._get(), 4000)
        self.assertEqual(self._get(team=self.team), 4000)
        self._aim(5000)
        self.assertEqual(self._get(), 5000)
        self.assertIsNone(self._get(measure="recovery_month"))

    def test_two_months_aim_at_the_sum_and_a_rate_at_the_last(self):
        two = Period(self.last.start, self.month.end)
        self._aim(1000, self.claire)
        self._aim(3000, self.claire, period=self.month)
        self._aim(60, self.claire, measure="recovery_month")
        self._aim(65, self.claire, period=self.month, measure="recovery_month")
        self.assertEqual(self._get(two, user=self.claire), 4000)
        rate = self._get(two, user=self.claire, measure="recovery_month")
        self.assertEqual(rate, 65)

    def test_how_far_targets_are(self):
        self._receive(self.first, 1200)
        self._receive(self.second, 300)
        own = self._aim(1000, self.claire)
        other = self._aim(1000, self.karim)
        team = self._aim(2000, team=self.team)
        company = self._aim(1000)
        targets = own | other | team | company
        self.assertEqual(targets._refresh_progress(), 4)
        self.assertRecordValues(
            targets,
            [
                {"actual": 1200, "achievement": 120, "status": "reached", "gap": 0},
                {"actual": 300, "achievement": 30, "status": "missed", "gap": 700},
                {"actual": 1500, "achievement": 75, "status": "missed", "gap": 500},
                {"actual": 1500, "achievement": 150, "status": "reached", "gap": 0},
            ],
        )
        self.assertEqual(team.amount_actual, 1500)
        coming = self._aim(
            1, self.claire, period=Period.month(self.month.end + timedelta(1))
        )
        coming._refresh_progress()
        self.assertEqual((coming.status, coming.has_actual), ("future", False))

    def test_the_rate_of_a_team_is_not_the_mean_of_its_members(self):
        small = self._make_debtor("Small", items=((1000, -100),))
        small.collector_id = self.karim
        self._pay(
            self.env["account.move"].search([("partner_id", "=", small.partner_id.id)]),
            day=self.late,
        )
        targets = self._aim(50, self.claire, measure="recovery_month")
        targets |= self._aim(50, self.karim, measure="recovery_month")
        targets |= self._aim(50, team=self.team, measure="recovery_month")
        targets._refresh_progress()
        claire, karim, team = targets.mapped("actual")
        self.assertEqual(claire, 0)
        # 1 000 of 51 000 and of 101 000.
        self.assertEqual((karim, team), (1.96, 0.99))

    def test_a_returned_receipt_counts_no_more(self):
        payment = self._receive(self.first, 1200)
        target = self._aim(1000, self.claire)
        payment.action_draft()
        payment.action_cancel()
        target._refresh_progress()
        self.assertEqual((target.actual, target.status), (0, "missed"))

    def test_queries_do_not_grow_with_targets(self):
        users = [self._make_user("collector", login=f"test_more_{n}") for n in range(6)]
        few = self._aim(1000, self.claire) | self._aim(1000, self.karim)
        few._refresh_progress()
        self.env.flush_all()

        def count(targets):
            targets.invalidate_recordset()
            before = self.cr.sql_log_count
            targets._refresh_progress()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        base = count(few)
        many = few
        for user in users:
            many |= self._aim(1000, user)
        many._refresh_progress()
        self.env.flush_all()
        self.assertLessEqual(count(many), base + 2)

    # ------------------------------------------------------------------
    # FOR WHOM IT COUNTS
    # ------------------------------------------------------------------

    def _collected(self, user):
        reached = self.env[TARGET]._measure(self.company, self.last, ["collected"])
        figure = reached.get(("user", user.id), {}).get("collected")
        return figure and figure.value

    def test_a_receipt_counts_for_the_collector_of_its_day(self):
        early = self.last.start + timedelta(days=2)
        self._receive(self.first, 100, early)
        self._receive(self.first, 900)
        self._hand_over(self.first, self.karim, early + timedelta(days=5))
        self.assertEqual(self._collected(self.claire), 100)
        self.assertEqual(self._collected(self.karim), 900)
        lines = self.env["recouvrement.kpi.line"].with_context(
            kpi_lines={
                "measure": "collected",
                "start": str(self.last.start),
                "end": str(self.last.end),
                "by": "collector",
            }
        )
        mine = lines.search([("collector_id", "=", self.claire.id)])
        self.assertEqual(mine.mapped("value"), [100])

    def test_frozen_figures_win_over_those_of_now(self):
        self._receive(self.first, 1200)
        target = self._aim(1000, self.claire)
        self.env["recouvrement.kpi.snapshot"].sudo()._freeze(self.company, self.last)
        self._receive(self.first, 5000)
        target._refresh_progress()
        self.assertEqual((target.actual, target.is_frozen), (1200, True))
        now = target._measure(self.company, self.last, ["collected"], frozen=False)
        self.assertEqual(now["user", self.claire.id]["collected"].value, 6200)

    def test_a_substitute_works_for_the_collector(self):
        self.env["recouvrement.substitution"].create(
            {
                "user_id": self.claire.id,
                "substitute_id": self.karim.id,
                "date_from": self.today,
                "date_to": self.today + timedelta(days=5),
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.first.substitute_id, self.karim)
        self._receive(self.first, 500)
        self.assertEqual(self._collected(self.claire), 500)
        self.assertIsNone(self._collected(self.karim))

    def test_a_change_of_collector_is_dated_and_the_last_of_a_day_holds(self):
        assignments = self.env["recouvrement.assignment"]
        found = assignments.search([("debtor_id", "=", self.first.id)])
        self.assertRecordValues(
            found, [{"collector_id": self.claire.id, "date_from": False}]
        )
        found.sudo().made_on = self.today - timedelta(days=10)
        self.first.collector_id = self.sophie
        self.env["recouvrement.debtor"]._process_dirty()
        self.first.collector_id = self.karim
        self.env["recouvrement.debtor"]._process_dirty()
        found = assignments.search([("debtor_id", "=", self.first.id)])
        self.assertRecordValues(
            found.sorted("id"),
            [
                {
                    "collector_id": self.claire.id,
                    "date_from": False,
                    "date_to": self.today - timedelta(days=1),
                },
                {
                    "collector_id": self.karim.id,
                    "date_from": self.today,
                    "date_to": False,
                },
            ],
        )

    # ------------------------------------------------------------------
    # COMPANIES AND CURRENCIES
    # ------------------------------------------------------------------

    def test_a_receipt_in_another_currency_counts_in_that_of_the_company(self):
        currency = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.first.partner_id.id,
                "amount": 1000,
                "currency_id": currency.id,
                "date": self.late,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertEqual(self._collected(self.claire), 500)

    def test_another_company_has_its_own_targets(self):
        other = self.setup_other_company()["company"]
        self._aim(1000, self.claire)
        self._receive(self.first, 1200)
        target = self._aim(700, self.claire, company_id=other.id)
        target._refresh_progress()
        self.assertEqual((target.actual, target.value), (0, 700))
        self.assertEqual(
            self.env[TARGET]._get_target(other, self.last, user=self.claire), 700
        )
        self.assertEqual(self._get(user=self.claire), 1000)

    def test_targets_of_a_part_of_a_period_are_not_those_of_the_period(self):
        """A week that begins in the last month with a target has none: one of its days
        would be held against the receipts of seven."""
        self._aim(1000, self.claire)
        end = self.last.end
        inside = Period(end - timedelta(days=6), end)
        across = Period(end - timedelta(days=2), end + timedelta(days=4))
        self.assertGreater(self._get(inside, user=self.claire), 0)
        self.assertIsNone(self._get(across, user=self.claire))
        self.assertIsNone(self._get(across))

    # ------------------------------------------------------------------
    # WIZARD
    # ------------------------------------------------------------------

    def _wizard(self, **vals):
        return self.env["recouvrement.target.wizard"].create(
            {"company_id": self.company.id, "date_start": self.month.start, **vals}
        )

    def test_last_months_targets_with_five_percent_more(self):
        self._aim(10_010, self.claire)
        self._aim(60, self.karim, measure="recovery_month")
        wizard = self._wizard(change=5)
        self.assertEqual(sorted(wizard.line_ids.mapped("value")), [63, 10_500])
        wizard.action_confirm()
        self.assertEqual(self._get(self.month, user=self.claire), 10_500)
        # What is set stays, unless it is replaced.
        self._wizard(change=50).action_confirm()
        self.assertEqual(self._get(self.month, user=self.claire), 10_500)
        self._wizard(change=50, replace=True).action_confirm()
        self.assertEqual(self._get(self.month, user=self.claire), 15_000)

    def test_targets_from_what_was_reached(self):
        self._receive(self.first, 3000)
        before = Period.month(self.last.eve)
        self._receive(self.first, 1000, before.start)
        wizard = self._wizard(source="average", count=2, rounding=0)
        values = {line.user_id: line.value for line in wizard.line_ids if line.user_id}
        self.assertEqual(values[self.claire], 2000)

    def test_a_month_shared_out_over_its_weeks_makes_the_month(self):
        self._aim(9999, self.claire)
        week = Period.week(self.last.start)
        total = Decimal(0)
        while week.start <= self.last.end:
            wizard = self._wizard(
                period_kind="week", source="share", date_start=week.start, rounding=0
            )
            wizard.action_confirm()
            target = self.env[TARGET].search(
                [("period_kind", "=", "week"), ("date_start", "=", week.start)]
            )
            total += target._get_value()
            week = Period.week(week.end + timedelta(days=1))
        self.assertEqual(total, 9999)

    def _forecast(self):
        """A forecast with a history to learn from, and items of each collector."""
        for customer in (self.first, self.second):
            for back in range(20):
                due = -300 + 10 * back
                invoice = self._make_invoice(customer.partner_id, 100.0, due=due)
                self._pay(invoice, day=due)
        self._make_invoice(self.first.partner_id, 5000.0, due=10)
        self._make_invoice(self.second.partner_id, 1000.0, due=10)
        nobody = self._make_debtor("Nobody's", items=((700, -3),))
        nobody.collector_id = False
        self.env["recouvrement.debtor"]._process_dirty()
        return self.env["recouvrement.forecast"]._make_forecast(self.company)

    def test_targets_from_the_forecast_make_what_it_expects(self):
        """Of every period: the collectors' parts and what is nobody's add up to what
        the forecast expects and what came in before."""
        self._receive(self.second, 300, self.today)
        forecast = self._forecast()
        rows = [("month", row) for row in forecast._get_months()]
        rows += [("week", row) for row in forecast._get_weeks()]
        for kind, row in rows:
            with self.subTest(kind=kind, period=row["period"]):
                found = forecast._get_expected_by_collector(kind, row["whole"])
                self.assertEqual(sum(found.values()), row["expected"] + row["before"])
        month = self.env["recouvrement.target"]._next_start("month", self.today)
        wizard = self._wizard(source="forecast", date_start=month, rounding=0)
        found = forecast._get_expected_by_collector("month", Period.month(month))
        self.assertGreater(found[self.claire.id], found[self.karim.id])
        self.assertEqual(
            {line.user_id.id: line.value for line in wizard.line_ids},
            {
                user.id: float(found[user.id])
                for user in (self.claire, self.karim)
                if found[user.id]
            },
        )
        self.assertIn("without a collector", wizard.note)

    def test_a_manager_changes_and_confirms_what_the_forecast_proposes(self):
        self._forecast()
        month = self.env["recouvrement.target"]._next_start("month", self.today)
        wizard = self._wizard(source="forecast", date_start=month).with_user(
            self.sophie
        )
        line = wizard.line_ids.filtered(lambda one: one.user_id == self.claire)
        self.assertEqual(line.value % 100, 0)
        line.value = 4321
        wizard.action_confirm()
        period = Period.month(month)
        self.assertEqual(self._get(period, user=self.claire), 4321)
        karim = self._get(period, user=self.karim)
        self.assertEqual(self._get(period), 4321 + karim)

    def test_a_period_that_the_forecast_does_not_reach_has_no_proposal(self):
        self._forecast()
        month = self.env["recouvrement.target"]._next_start("month", self.today, 9)
        wizard = self._wizard(source="forecast", date_start=month)
        self.assertFalse(wizard.line_ids)
        self.assertIn("refresh the forecast", wizard.note)
        other = self._wizard(source="forecast", measure="recovery_month")
        self.assertFalse(other.line_ids)

    def test_a_wizard_without_lines_says_so(self):
        with self.assertRaises(UserError):
            self._wizard().action_confirm()

    # ------------------------------------------------------------------
    # TEAMS AND OTHER SCREENS
    # ------------------------------------------------------------------

    def test_a_collector_is_in_one_team(self):
        with self.assertRaises(ValidationError):
            self.team.copy({"name": "Paris"})

    def test_progress_for_other_screens(self):
        self._receive(self.first, 1200)
        self._aim(1000, self.claire)
        rows = self.env[TARGET]._get_progress(self.last)
        mine = [row for row in rows if row["user"] == self.claire]
        collected = next(row for row in mine if row["measure"] == "collected")
        self.assertEqual(
            (collected["target"], collected["actual"], collected["status"]),
            (1000, 1200, "reached"),
        )
        self.assertEqual(collected["achievement"], 120)
        self.assertEqual(collected["team"], self.team)

    def test_the_lines_behind_a_figure_make_it(self):
        self._receive(self.first, 1200)
        self._receive(self.second, 300)
        for target, expected in (
            (self._aim(1000, self.claire), [1200]),
            (self._aim(1000, team=self.team), [1200, 300]),
            (self._aim(1000), [1200, 300]),
        ):
            action = target.action_open_lines()
            lines = self.env[action["res_model"]].with_context(**action["context"])
            found = lines.search(action["domain"])
            with self.subTest(scope=target.scope):
                self.assertEqual(sorted(found.mapped("value")), sorted(expected))

    def test_the_figure_of_a_target_is_not_written_by_hand(self):
        target = self._aim(1000, self.claire)
        with self.assertRaises(AccessError):
            target.with_user(self.sophie).write({"actual": 5000})
        target.with_user(self.sophie).write({"value": 5000})
        self.assertEqual(fields.Date.to_string(target.date_start), str(self.last.start))
