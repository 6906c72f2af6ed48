"""What is expected of each open item, and what the ledger's past says of it."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tests import freeze_time, tagged

from ..tools.stakes import TRANSIT_DAYS
from .forecast_common import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payer = cls._make_payer("Toujours dix", delay=10, count=20, step=15)

    # ------------------------------------------------------------------
    # DELAYS
    # ------------------------------------------------------------------

    def test_a_customer_who_pays_ten_days_late_is_expected_ten_days_late(self):
        self._make_invoice(self.payer, 1000.0, due=9)
        forecast = self._forecast()
        share = self._shares(forecast, self.payer)
        self.assertEqual(share.date_expected, self._day(19))
        self.assertEqual(share.source, "delay")
        self.assertGreater(share.expected, 950)
        self._check_sums(forecast)

    def test_each_customer_has_its_own_delay(self):
        late = self._make_payer("Toujours quarante", delay=40, count=20)
        self._make_invoice(self.payer, 1000.0, due=5)
        self._make_invoice(late, 1000.0, due=5)
        forecast = self._forecast()
        self.assertEqual(
            self._shares(forecast, self.payer).date_expected, self._day(15)
        )
        self.assertEqual(self._shares(forecast, late).date_expected, self._day(45))

    def test_the_age_already_reached_counts(self):
        """Half is paid after 10 days, half after 60: an item open since 20 days is of
        those that come in after 60."""
        mixed = self._make_payer("Une sur deux", delay=10, count=12)
        self._make_paid(
            mixed,
            [(100.0, due - 30, due, due + 60) for due in range(-395, -275, 10)],
        )
        self._make_invoice(mixed, 1000.0, due=-20)
        share = self._shares(self._forecast(), mixed)
        self.assertAlmostEqual((share.date_expected - self._day(40)).days, 0, delta=2)

    def test_part_payments_count_as_the_parts_they_are(self):
        """Half of each invoice on time, the rest two months later."""
        partner = self._make_customer("Moitié moitié")
        invoices = self._make_paid(
            partner, [(100.0, due - 30, due, None) for due in (-120, -100, -90)]
        )
        for invoice in invoices:
            due = (invoice.invoice_date_due - self.today).days
            self._pay(invoice, 50.0, day=due)
            self._pay(invoice, day=due + 60)
        self.forecasts._flush_sources()
        _all, own, _lags = self.forecasts._get_delays(
            self.company, self.today, partner.ids
        )
        self.assertAlmostEqual(own[partner.id].paid[0], 1.5, places=6)
        self.assertAlmostEqual(own[partner.id].paid[60], 1.5, places=6)
        self.assertAlmostEqual(sum(own[partner.id].left.values()), 0, places=4)

    def test_what_is_credited_was_not_paid(self):
        """An invoice that a credit note took off says nothing of when this customer
        pays."""
        partner = self._make_customer("Avoirs")
        invoice = self._make_paid(partner, [(100.0, -60, -30, None)])
        credit = self._make_credit_note(partner, 100.0)
        self._items(invoice | credit).reconcile()
        self.forecasts._flush_sources()
        _all, own, _lags = self.forecasts._get_delays(
            self.company, self.today, partner.ids
        )
        delays = own[partner.id]
        self.assertEqual(sum(delays.paid.values()), 0)
        self.assertAlmostEqual(sum(delays.left.values()), 1)
        self.assertEqual(delays.left[30], 1)

    def test_histograms_are_those_of_a_plain_reading_of_the_ledger(self):
        """Against Python over every invoice of the class, in days and in parts."""
        self._make_paid(
            self.payer, [(70.0, -45, -15, None), (90.0, -20, 10, -5), (50.0, -9, 1, -9)]
        )
        self.forecasts._flush_sources()
        everybody, own, _lags = self.forecasts._get_delays(
            self.company, self.today, self.payer.ids
        )
        entered, paid, left = {}, {}, {}
        invoices = self.env["account.move"].search(
            [("partner_id", "=", self.payer.id), ("move_type", "=", "out_invoice")]
        )
        for line in self._items(invoices):
            due = line.date_maturity
            key = (line.date - due).days
            entered[key] = entered.get(key, 0) + 1
            for part in line.matched_credit_ids:
                key = (part.max_date - due).days
                paid[key] = paid.get(key, 0) + part.amount / line.balance
            if line.amount_residual:
                key = (self.today - due).days
                left[key] = left.get(key, 0) + line.amount_residual / line.balance
        found = own[self.payer.id]
        for expected, counted in (
            (entered, found.entered),
            (paid, found.paid),
            (left, found.left),
        ):
            self.assertEqual(
                {day: round(n, 6) for day, n in counted.items() if n}, expected
            )
        self.assertGreaterEqual(everybody.total, len(invoices))

    def test_what_was_not_known_yet_is_not_used(self):
        """As of a past day, what was paid since is still open, what was made since is
        not there."""
        self.forecasts._flush_sources()
        as_of = self._day(-200)
        _all, own, _lags = self.forecasts._get_delays(
            self.company, as_of, self.payer.ids
        )
        invoices = self.env["account.move"].search(
            [
                ("partner_id", "=", self.payer.id),
                ("move_type", "=", "out_invoice"),
                ("invoice_date", "<=", as_of),
            ]
        )
        paid = sum(
            line.matched_credit_ids.max_date <= as_of for line in self._items(invoices)
        )
        self.assertEqual(sum(own[self.payer.id].entered.values()), len(invoices))
        self.assertAlmostEqual(sum(own[self.payer.id].paid.values()), paid)
        self.assertLess(paid, len(invoices))

    # ------------------------------------------------------------------
    # CREDITS, CURRENCIES, BRANCHES
    # ------------------------------------------------------------------

    def test_credits_to_allocate_are_money_that_came_in_before(self):
        self._make_invoice(self.payer, 300.0, due=-5)
        self._make_invoice(self.payer, 1000.0, due=5)
        self._make_receipt(self.payer, 250.0)
        self._make_credit_note(self.payer, 150.0)
        forecast = self._forecast()
        shares = self._shares(forecast, self.payer)
        self.assertEqual(shares.mapped("amount"), [900.0])
        self.assertEqual(forecast.open_amount, 900.0)
        self._check_sums(forecast)

    def test_a_customer_with_more_credits_than_debts_brings_nothing(self):
        self._make_invoice(self.payer, 300.0, due=-5)
        self._make_receipt(self.payer, 500.0)
        other = self._make_debtor("Autre", items=((800.0, 3),)).partner_id
        forecast = self._forecast()
        self.assertFalse(self._shares(forecast, self.payer))
        self.assertEqual(self._shares(forecast, other).amount, 800.0)

    def test_amounts_are_in_company_currency(self):
        francs = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        self._make_invoice(self.payer, 1000.0, due=5, currency_id=francs.id)
        forecast = self._forecast()
        self.assertEqual(self._shares(forecast, self.payer).amount, 500.0)
        self._check_sums(forecast)

    def test_entries_of_days_to_come_are_not_known_yet(self):
        self._make_invoice(self.payer, 1000.0, due=5)
        later = self._make_invoice(self.payer, 700.0, due=40, post=False)
        later.invoice_date = later.date = self._day(3)
        later.action_post()
        forecast = self._forecast()
        self.assertEqual(forecast.open_amount, 1000.0)

    def test_branches_count_with_their_company_and_other_companies_do_not(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env.cr.precommit.run()
        other = self.setup_other_company()["company"]
        self._make_invoice(self.payer, 400.0, due=5)
        self._make_invoice(self.payer, 100.0, due=5, company_id=branch.id)
        forecast = self.forecasts._make_forecast(branch, self.today)
        self.assertEqual(forecast.company_id, self.company)
        self.assertEqual(forecast.open_amount, 500.0)
        elsewhere = self.forecasts._make_forecast(other, self.today)
        self.assertEqual(elsewhere.open_amount, 0.0)
        self.assertEqual(self.forecasts._get_latest(self.company), forecast)

    def test_an_archived_customer_still_owes(self):
        self._make_invoice(self.payer, 1000.0, due=5)
        self.payer.active = False
        self.assertEqual(self._shares(self._forecast(), self.payer).amount, 1000.0)

    # ------------------------------------------------------------------
    # WHAT IS KNOWN OF AN ITEM
    # ------------------------------------------------------------------

    def test_a_promise_is_expected_on_its_day_at_the_kept_rate(self):
        invoice = self._make_invoice(self.payer, 1000.0, due=-30)
        debtor = self._debtor(self.payer)
        debtor._make_promise(600.0, self._day(12), self._items(invoice))
        debtor._process_dirty()
        debtor.sudo().write(
            {
                "promise_decided_count": 15,
                "promise_kept_count": 12,
                "promise_decided_amount": 2000.0,
                "promise_kept_amount": 1600.0,
            }
        )
        self.env.flush_all()
        forecast = self._forecast()
        promise = self._shares(forecast, self.payer, source="promise")
        rest = self._shares(forecast, self.payer, source="delay")
        self.assertEqual((promise.amount, rest.amount), (600.0, 400.0))
        self.assertEqual(promise.date_expected, self._day(12))
        before = [
            row for row in forecast._get_weeks() if row["period"].end < self._day(12)
        ]
        self.assertFalse(any(row["promise"] for row in before))
        row = self._week_of(forecast, 12)
        # The only customer with promises: its rate is the company's too, 80 %.
        self.assertGreaterEqual(row["promise"], Decimal("480"))
        self._check_sums(forecast)

    def test_a_broken_promise_is_believed_no_more(self):
        invoice = self._make_invoice(self.payer, 1000.0, due=-30)
        debtor = self._debtor(self.payer)
        debtor._make_promise(600.0, self._day(2), self._items(invoice))
        with freeze_time(self.today + timedelta(days=20)):
            self.env["recouvrement.promise"]._cron_judge()
            forecast = self.forecasts._make_forecast(self.company)
            sources = set(self._shares(forecast, self.payer).mapped("source"))
        self.assertEqual(sources, {"delay"})

    def test_instalments_are_expected_on_their_days(self):
        self._make_invoice(self.payer, 900.0, due=-30)
        debtor = self._debtor(self.payer)
        items = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", self.payer.id), ("amount_residual", ">", 0)]
            )
        )
        plan = self.env["recouvrement.payment.plan"]._create_plan(
            debtor, items, first_date=self._day(10), number=3
        )
        plan.action_offer()
        self.assertEqual(
            set(self._shares(self._forecast(), self.payer).mapped("source")), {"delay"}
        )
        plan._accept("Anne Dubois", "192.0.2.7", "Firefox")
        forecast = self._forecast()
        shares = self._shares(forecast, self.payer)
        self.assertEqual(set(shares.mapped("source")), {"plan"})
        dates = plan.installment_ids.mapped("date")
        within = [day for day in dates if day <= shares.mapped("date_expected")[-1]]
        self.assertEqual(sorted(shares.mapped("date_expected")), within)
        self.assertEqual(sum(shares.mapped("amount")), 900.0)
        # No instalment was decided yet: one half is believed.
        row = self._week_of(forecast, (dates[0] - self.today).days)
        self.assertGreaterEqual(row["plan"], Decimal(150))
        self._check_sums(forecast)

    def test_an_instalment_that_was_not_judged_yet_counts_as_unpaid(self):
        """Its day is over and nobody has looked at it: it has no amount paid yet."""
        self._make_invoice(self.payer, 900.0, due=-30)
        debtor = self._debtor(self.payer)
        items = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", self.payer.id), ("amount_residual", ">", 0)]
            )
        )
        plan = self.env["recouvrement.payment.plan"]._create_plan(
            debtor, items, first_date=self._day(1), number=3
        )
        plan.action_offer()
        plan._accept("Anne Dubois", "192.0.2.7", "Firefox")
        plan.installment_ids.flush_recordset()
        self.env.cr.execute(
            "UPDATE recouvrement_payment_plan_installment "
            "SET date = date - 10, paid_amount = NULL WHERE plan_id = %s",
            [plan.id],
        )
        plan.installment_ids.invalidate_recordset()
        forecast = self._forecast()
        rates = forecast._get_plan_rates()
        self.assertEqual(rates[self.payer.id], 0.0)

    def test_a_disputed_item_comes_in_later(self):
        disputed = self._make_invoice(self.payer, 1000.0, due=9)
        self._items(disputed)._set_collection_status("disputed", "Wrong price")
        self._make_invoice(self.payer, 1000.0, due=9)
        forecast = self._forecast()
        [row] = self._shares(forecast, self.payer, source="dispute")
        [usual] = self._shares(forecast, self.payer, source="delay")
        self.assertLess(row.expected, usual.expected)
        self.assertGreater(row.date_expected, usual.date_expected)
        self._check_sums(forecast)

    def _dispute(self, *spans):
        """Disputes ``(first day, last day or None)`` of an item each, in days."""
        periods = self.env["recouvrement.dispute.period"].sudo()
        for first, last in spans:
            invoice = self._make_invoice(self.payer, 100.0, due=-200)
            periods.create(
                {
                    "move_line_id": self._items(invoice).id,
                    "company_id": self.company.id,
                    "date_from": self._day(first),
                    "date_to": last is not None and self._day(last),
                }
            )

    def test_disputes_last_as_long_as_those_that_ended(self):
        forecast = self._forecast()
        self._dispute(*[(-100, -90)] * 9)
        self.assertEqual(forecast._get_dispute_days(), 60)
        self._dispute((-100, -80))
        self.assertEqual(forecast._get_dispute_days(), 11)

    def test_disputes_that_do_not_end_count_for_the_days_they_took(self):
        forecast = self._forecast()
        self._dispute(*[(-100, -90)] * 10, *[(-150, None)] * 2)
        self.assertEqual(forecast._get_dispute_days(), (10 * 10 + 2 * 150) / 10)

    def test_disputes_of_later_days_and_of_others_are_not_known(self):
        past = self._forecast(as_of=-95)
        self._dispute(*[(-100, -90)] * 12)
        self.assertEqual(past._get_dispute_days(), 60)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("recouvrement_reporting.forecast_dispute_days", "21")
        self.assertEqual(past._get_dispute_days(), 21)
        parameters.set_param("recouvrement_reporting.forecast_dispute_days", "soon")
        self.assertEqual(past._get_dispute_days(), 60)

    def test_a_season_is_taken_from_the_sales_of_whole_years(self):
        """Two years of 100 a month, and 900 each March: known once they are over."""
        companies = self.company
        before = self.forecasts._get_season(companies, self.today)
        self.assertEqual(set(before.factors.values()), {1.0})
        partner = self._make_customer("Saisonnier")
        first = self.today.replace(day=1)
        for back in range(1, 27):
            day = fields.Date.subtract(first, months=back)
            amount = 9000.0 if day.month == 3 else 1000.0
            number = (day - self.today).days
            self._make_paid(partner, [(amount, number, number + 30, None)])
        season = self.forecasts._get_season(companies, self.today)
        self.assertGreater(season.factors[3], 3)
        self.assertLess(season.factors[5], 1)
        early = fields.Date.subtract(first, months=4)
        early = self.forecasts._get_season(companies, early)
        self.assertEqual(set(early.factors.values()), {1.0})

    def test_the_season_counts_where_it_was_clearly_less_wrong(self):
        errors = self.env["recouvrement.forecast.error"].sudo()
        self.assertFalse(errors._has_season(self.company, self.today))
        actual = [100.0] * 12
        for back in range(1, 5):
            day = self.today - timedelta(weeks=12 + 4 * back)
            for method, expected in (("even", 130.0), ("season", 110.0)):
                errors.create(
                    {
                        "company_id": self.company.id,
                        "date": day,
                        "method": method,
                        "expected": [expected] * 12,
                        "actual": actual,
                    }
                )
            self.assertEqual(errors._has_season(self.company, self.today), back >= 3)
        errors.search([("method", "=", "season")]).expected = [129.0] * 12
        self.assertFalse(errors._has_season(self.company, self.today))

    def test_what_is_in_court_or_lost_is_not_counted_on(self):
        for amount, status in ((1000.0, "litigation"), (500.0, "insolvency")):
            invoice = self._make_invoice(self.payer, amount, due=-90)
            self._items(invoice)._set_collection_status(status, "Court")
        doubtful = self._make_invoice(self.payer, 400.0, due=-5)
        reason = self.env["recouvrement.doubtful.reason"].search([], limit=1)
        self._items(doubtful)._set_doubtful(reason, self.today, 25.0, "Facts")
        forecast = self._forecast()
        shares = self._shares(forecast, self.payer)
        outside = shares.filtered(lambda one: one.source == "outside")
        self.assertEqual((shares - outside).amount, 300.0)
        self.assertEqual(sorted(outside.mapped("amount")), [100.0, 500.0, 1000.0])
        self.assertFalse(any(outside.mapped("expected") + outside.mapped("later")))
        self.assertEqual(forecast.open_amount, 1900.0)
        self.assertEqual(forecast.outside_amount, 1600.0)

    def test_a_payment_under_way_comes_in_for_sure(self):
        invoice = self._make_invoice(self.payer, 1000.0, due=20)
        invoice.payment_state = "in_payment"
        self.env.flush_all()
        forecast = self._forecast()
        share = self._shares(forecast, self.payer)
        self.assertEqual((share.source, share.expected), ("transit", 1000.0))
        self.assertEqual(share.date_expected, self._day(TRANSIT_DAYS))

    def test_what_the_customer_says_to_have_paid_is_half_believed(self):
        invoice = self._make_invoice(self.payer, 1000.0, due=-30)
        self._items(invoice)._set_collection_status("to_verify", "Says paid")
        forecast = self._forecast()
        self.assertEqual(self._shares(forecast, self.payer).source, "transit")
        row = self._week_of(forecast, TRANSIT_DAYS)
        self.assertGreaterEqual(row["transit"], Decimal(500))
        self.assertLess(row["transit"], Decimal(1000))

    def test_a_customer_on_hold_is_expected_after_the_hold(self):
        self._make_invoice(self.payer, 1000.0, due=-5)
        before = self._shares(self._forecast(), self.payer).date_expected
        self._debtor(self.payer)._hold(self._day(30), "Annual rebate")
        after = self._shares(self._forecast(), self.payer).date_expected
        self.assertEqual((after - before).days, 30)

    # ------------------------------------------------------------------
    # INVOICES TO COME, RUN RATE, TARGET
    # ------------------------------------------------------------------

    def test_invoices_to_come_follow_the_sales_of_the_last_weeks(self):
        """100 each ten days, paid 40 days after the invoice: in two months and more,
        70 a week that no open item announces."""
        steady = self._make_payer("Abonné", delay=10, count=30, first=-280)
        self.assertTrue(steady)
        forecast = self._forecast()
        weeks = forecast._get_weeks()
        self.assertLess(weeks[0]["new"], 20)
        self.assertAlmostEqual(float(weeks[12]["new"]), 70, delta=15)

    def test_without_matching_only_the_run_rate_is_shown(self):
        partner = self._make_customer("Jamais lettré")
        self._make_paid(
            partner, [(100.0, -day, -day, None) for day in range(100, 500, 5)]
        )
        for day in range(0, 91, 7):
            self._make_receipt(partner, 70.0, -day)
        forecast = self._forecast()
        self.assertEqual(forecast.method, "rate")
        self.assertLess(forecast.matched_share, 0.5)
        self.assertFalse(self._shares(forecast))
        row = forecast._get_weeks()[2]
        self.assertEqual(row["expected"], row["rate"])
        [receipts, _sales] = self.forecasts._get_weekly(self.company, self.today)
        self.assertAlmostEqual(float(row["rate"]), sum(receipts) / 13, places=1)

    def test_a_target_is_shown_when_there_is_one(self):
        forecast = self._forecast()
        self.patch(
            type(self.forecasts),
            "_get_target",
            lambda self, company, period: Decimal(period.days * 10),
        )
        self.assertEqual(forecast._get_weeks()[1]["target"], 70)
        month = forecast._get_months()[1]
        self.assertEqual(month["target"], month["whole"].days * 10)
        data = self.forecasts.get_forecast({"kind": "week"})
        self.assertEqual(data["rows"][1]["target"], 70)

    # ------------------------------------------------------------------
    # FROZEN FORECASTS
    # ------------------------------------------------------------------

    def test_a_frozen_forecast_stays_and_is_compared_with_what_came_in(self):
        invoice = self._make_invoice(self.payer, 1000.0, due=-8)
        frozen = self._forecast(frozen=True)
        week = self._week_of(frozen, 2)
        with freeze_time(self.today + timedelta(days=16)):
            self._pay(invoice, day=2)
            self._make_receipt(self.payer, 40.0, 2)
            again = self.forecasts._make_forecast(self.company, self.today, frozen=True)
            self.assertEqual(again, frozen)
            [after] = [row for row in frozen._get_weeks() if row["id"] == week["id"]]
            self.assertEqual(after["received"], 1040)
            self.assertEqual(after["expected"], week["expected"])
            [past] = self.forecasts.get_forecast()["past"]
            self.assertEqual(past["id"], frozen.id)
            self.assertEqual(past["received"], 1040.0)
            self.assertEqual(past["wape"] is not None, True)
        with self.assertRaises(UserError):
            frozen.unlink()
        with self.assertRaises(AccessError):
            frozen.sudo(False).write({"open_amount": 1.0})

    def test_only_the_newest_forecast_knows_its_items(self):
        self._make_invoice(self.payer, 1000.0, due=5)
        frozen = self._forecast(as_of=-1, frozen=True)
        computed = self._forecast()
        self.assertFalse(frozen.item_ids)
        self.assertTrue(computed.item_ids)
        again = self._forecast()
        self.assertFalse(computed.exists())
        self.assertTrue(frozen.exists())
        with self.assertRaises(UserError):
            frozen.action_open_cell()
        action = again.action_open_cell(again.period_ids[0].id, "delay")
        shares = self.env[action["res_model"]].with_context(**action["context"])
        total = sum(shares.search(action["domain"]).mapped("expected"))
        self.assertAlmostEqual(total, again.period_ids[0].amount_delay, places=2)

    def test_a_figure_that_has_no_items_says_so(self):
        self._make_invoice(self.payer, 1000.0, due=5)
        forecast = self._forecast()
        week = forecast.period_ids[0].id
        for cell in ((week, "new"), (week, "rate"), (week, "x"), (week, 7), (-1, None)):
            with self.subTest(cell=cell), self.assertRaises(UserError):
                forecast.action_open_cell(*cell)

    def test_others_write_entries_while_a_forecast_is_made(self):
        """A key of the company is shared: each entry refers to it. The company of the
        installation also shows that one without any sale has its forecast."""
        main = self.env.ref("base.main_company")
        forecasts = self.forecasts.with_context(allowed_company_ids=main.ids)
        forecast = forecasts.sudo()._make_forecast(main)
        self.assertEqual(forecast.company_id, main)
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT id FROM res_company WHERE id = %s FOR KEY SHARE SKIP LOCKED",
                [main.id],
            )
            self.assertTrue(other.fetchall())

    def test_what_is_to_come_is_not_forecast_from_a_day_to_come(self):
        with self.assertRaises(UserError):
            self._forecast(as_of=1)

    def test_the_weekly_job_freezes_the_end_of_the_past_week(self):
        self._make_invoice(self.payer, 1000.0, due=5)
        with self.enter_registry_test_mode():
            self.env.ref(
                "recouvrement_reporting.ir_cron_forecast"
            ).method_direct_trigger()
        forecast = self.forecasts._get_latest(self.company)
        self.assertEqual(forecast.state, "frozen")
        self.assertEqual(forecast.as_of.weekday(), 6)
        self.assertLess(forecast.as_of, self.today)

    def test_a_company_that_fails_keeps_no_other_from_its_weekly_forecast(self):
        self.patch(type(self.errors), "_measure", lambda self, *args: 1 / 0)
        with self.assertLogs("odoo.addons.recouvrement_reporting", "ERROR"):
            self.forecasts.sudo()._freeze_week(self.company, self._day(-1))

    # ------------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------------

    def _week(self, forecast, number):
        return forecast._get_weeks()[number]

    def _week_of(self, forecast, day):
        [row] = [
            row for row in forecast._get_weeks() if self._day(day) in row["period"]
        ]
        return row


@tagged("post_install", "-at_install")
class TestForecastError(ForecastCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            cls._make_payer(f"Client {number}", 10, count=32, first=-480, step=15)

    def test_the_back_test_uses_what_was_known_and_measures_what_came(self):
        """Customers who always pay 10 days late: the curve is nearly right, the due
        date is not."""
        cuts = self.errors._get_cuts(self.today)
        wapes = self.errors._backtest(self.company, cuts)
        errors = self.errors.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(errors.mapped("date")) <= set(cuts), True)
        for weeks in (4, 8, 12):
            self.assertLess(wapes["curve"][weeks], 0.5 * wapes["due"][weeks])
        for error in errors.filtered(lambda one: one.method == "due"):
            self.assertEqual(
                [self._exact(one) for one in error.actual],
                self._received_from_open(error.date),
            )

    def _received_from_open(self, date):
        """By plain reading: receipts per week of invoices that were made by a day."""
        weeks = [Decimal(0)] * 12
        invoices = self.env["account.move"].search(
            [("move_type", "=", "out_invoice"), ("invoice_date", "<=", date)]
        )
        for part in self._items(invoices).matched_credit_ids:
            week = ((part.max_date - date).days - 1) // 7
            if part.max_date > date and week < 12:
                weeks[week] += self._exact(part.amount)
        return weeks

    def test_all_receipts_are_those_of_the_ledger(self):
        [cut] = self.errors._get_cuts(self.today)[-1:]
        self.errors._backtest(self.company, [cut])
        error = self.errors.search([("method", "=", "rate"), ("date", "=", cut)])
        receipts = self.env["recouvrement.receipt"].search(
            [("date", ">", cut), ("date", "<=", cut + timedelta(weeks=12))]
        )
        self.assertAlmostEqual(sum(error.actual), sum(receipts.mapped("amount")))
        self.assertTrue(error.actual[0])

    def test_a_day_is_measured_once(self):
        cuts = self.errors._get_cuts(self.today)
        self.errors._backtest(self.company, cuts)
        errors = self.errors.search([("company_id", "=", self.company.id)])
        self.assertTrue(errors)
        self.errors._backtest(self.company, cuts)
        again = self.errors.search([("company_id", "=", self.company.id)])
        self.assertEqual(again, errors)

    def test_what_was_measured_is_shown_with_the_forecast(self):
        self.errors._measure(self.company)
        self._forecast()
        data = self.forecasts.get_forecast()
        wapes = self.errors._get_wapes(self.company)
        self.assertEqual(
            {one["key"]: one["values"] for one in data["errors"]["methods"]},
            {
                method: [wapes[method][weeks] for weeks in (4, 8, 12)]
                for method in ("curve", "due", "all", "rate")
            },
        )
        self.assertEqual(
            data["errors"]["count"],
            len(
                set(
                    self.errors.search([("company_id", "=", self.company.id)]).mapped(
                        "date"
                    )
                )
            ),
        )

    def test_each_measured_error_opens_the_weeks_it_is_worked_out_from(self):
        """Of the methods and horizons shown; each week opens what came in."""
        self.errors._measure(self.company)
        data = self.forecasts.get_forecast()["errors"]
        measured = 0
        for method in data["methods"]:
            for weeks, shown in zip(data["horizons"], method["values"], strict=True):
                if shown is None:
                    with self.assertRaises(UserError):
                        self.forecasts.action_open_error(method["key"], weeks)
                    continue
                measured += 1
                rows = self._rows(
                    self.forecasts.action_open_error(method["key"], weeks)
                )
                with self.subTest(method=method["key"], weeks=weeks):
                    self.assertEqual(len(rows), weeks * data["count"])
                    errors = sum(self._exact(row.error) for row in rows)
                    received = sum(self._exact(row.received) for row in rows)
                    self.assertAlmostEqual(float(errors / received), shown, 4)
                    self._check_opened(rows[:3])
        self.assertGreaterEqual(measured, 6)
        with self.assertRaises(UserError):
            self.forecasts.action_open_error("curve", 5)
        with self.assertRaises(UserError):
            self.forecasts.action_open_error("other", 4)

    def _rows(self, action):
        rows = self.env[action["res_model"]].with_context(**action["context"])
        return rows.search(action["domain"])

    def _check_opened(self, rows):
        for row in rows:
            opened = self._rows(row.action_open_received())
            total = sum(self._exact(one.amount) for one in opened)
            self.assertEqual(total, self._exact(row.received))

    def test_a_frozen_forecast_opens_its_weeks_with_what_came_in(self):
        as_of = self.today - timedelta(days=40)
        frozen = self.forecasts._make_forecast(self.company, as_of, frozen=True)
        [past] = self.forecasts.get_forecast()["past"]
        rows = self._rows(frozen.action_open_past())
        self.assertEqual(len(rows), past["weeks"])
        self.assertGreater(past["weeks"], 3)
        for name in ("expected", "received"):
            total = sum(self._exact(row[name]) for row in rows)
            self.assertEqual(total, self._exact(past[name]))
        errors = sum(self._exact(row.error) for row in rows)
        self.assertAlmostEqual(
            float(errors / self._exact(past["received"])), past["wape"], 9
        )
        self.assertEqual(
            len(rows.filtered("is_reached")),
            past["p80_reached"],
        )
        self._check_opened(rows)
        computed = self._forecast()
        with self.assertRaises(UserError):
            computed.action_open_past()

    def test_an_outcome_that_is_not_known_yet_teaches_nothing(self):
        cut = self.errors._get_cuts(self.today)[-1]
        self.assertLessEqual(cut + timedelta(weeks=12), self.today)
        self.errors.sudo().create(
            [
                {
                    "company_id": self.company.id,
                    "date": cut - timedelta(weeks=4 * number),
                    "method": f"curve_{weight}",
                    "expected": [10.0 if weight == 10 else 30.0] * 12,
                    "actual": [10.0] * 12,
                    "variance": [4.0] * 12,
                }
                for number in range(4)
                for weight in (10, 30, 100)
            ]
        )
        weight, factor = self.errors._get_learnt(self.company, self.today)
        self.assertEqual((weight, factor), (10, 0.5))
        early = cut - timedelta(weeks=4 * 3) + timedelta(weeks=12)
        self.assertEqual(self.errors._get_learnt(self.company, early), (100, 1.0))
