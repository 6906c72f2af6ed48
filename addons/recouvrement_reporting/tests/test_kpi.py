"""Key figures of real entries: the golden ledger, and each trap around it."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.models.account_partial_reconcile import BY_MACHINE

from ..tools.kpi import KPIS, needed_measures
from ..tools.period import Period
from .kpi_common import MARCH, KpiCommon

GOLDEN = {
    "dso_simple": "60.67",
    "dso_countback": "60.03",
    "dso_best": "40.45",
    "dso_best_countback": "40.00",
    "add": "20.22",
    "add_countback": "20.03",
    "weighted_age": "53.33",
    "cei": "58.04",
    "overdue_pct": "33.33",
    "over_90_pct": "5.56",
    "bad_debt_ratio": "0.50",
    "dispute_ratio": "5.00",
    "dispute_overdue_ratio": "12.50",
    "receivables": "180000.00",
    "not_due": "120000.00",
    "overdue": "60000.00",
    "sales": "93000.00",
    "doubtful": "7000.00",
    "credits": "5000.00",
    "unallocated_receipts": "5000.00",
    "collected": "88000.00",
}


@tagged("post_install", "-at_install")
class TestKpiGolden(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()

    def test_the_golden_ledger_gives_the_golden_figures(self):
        for code, expected in GOLDEN.items():
            with self.subTest(code=code):
                self.assertEqual(self._figure(code), Decimal(expected))

    def test_figures_of_a_past_month_do_not_move_when_it_is_paid_later(self):
        before = self._figures(*GOLDEN)
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.one.id), ("payment_state", "=", "not_paid")]
        )
        self._pay(moves, None, date(2025, 4, 20))
        self.assertEqual(self._figures(*GOLDEN), before)

    def test_receivables_doubtful_and_credits_are_the_ledger(self):
        found = self._figures("receivables", "doubtful", "credits")[None]
        total = (
            found["receivables"].value
            + found["doubtful"].value
            - found["credits"].value
        )
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", MARCH.end),
            ],
            [],
            ["balance:sum"],
        )
        self.assertEqual(total, Decimal(str(round(balance, 2))))

    def test_the_lines_of_every_measure_add_up_to_it(self):
        """For the company, and for each group of each dimension."""
        self._make_work()
        self._debtor(self.one).collector_id = self._make_user("collector")
        seen = {}
        for by in (None, "segment", "collector", "salesperson", "company"):
            for key, figures in self._figures(*KPIS, by=by).items():
                for code, figure in figures.items():
                    for measure, amount in figure.measures.items():
                        if (by, key, measure) in seen:
                            continue
                        seen[by, key, measure] = amount
                        total = self._sum_lines(code, measure, by=by, key=key)
                        with self.subTest(by=by, key=key, measure=measure):
                            self.assertEqual(total, amount)
        filled = {measure for (_by, _key, measure), amount in seen.items() if amount}
        self.assertIn("sales:2025-02-01", filled)
        # The policy has four levels; every other measure is tried on something.
        nothing = {"level_5_reached", "level_5_recovered"}
        self.assertEqual(set(needed_measures(KPIS)) - filled, nothing)

    def test_the_list_of_lines_says_their_total(self):
        """A list adds up the page that it shows only."""
        kpis = self.kpis.with_context(lang="en_US")
        action = kpis.action_open_lines("overdue", "overdue", MARCH.start, MARCH.end)
        self.assertIn("60,000.00", action["name"])
        action = kpis.action_open_lines(
            "dso_countback", "sales:2025-02-01", MARCH.start, MARCH.end
        )
        self.assertIn("February 2025", action["name"])
        self.assertIn("84,000.00", action["name"])

    def test_the_groups_of_a_dimension_add_up_to_the_company(self):
        self._debtor(self.one).collector_id = self._make_user("collector")
        [whole] = self._figures("receivables", "collected", "sales").values()
        for by in ("segment", "collector", "salesperson", "company"):
            groups = self._figures("receivables", "collected", "sales", by=by)
            for code, figure in whole.items():
                total = sum(group[code].value for group in groups.values())
                self.assertEqual(total, figure.value, (by, code))
        collectors = self._figures("receivables", by="collector")
        self.assertEqual(len(collectors), 2)
        self.assertIn(False, collectors)

    def test_credit_notes_lower_the_sales_and_penalties_do_not_count(self):
        note = self._invoice(
            self.one, 3000, "2025-03-12", "2025-03-12", move_type="out_refund"
        )
        self.assertEqual(self._figure("sales"), 90000)
        penalty = self._invoice(self.one, 1200, "2025-03-12", "2025-03-12")
        statement = (
            self.env["recouvrement.interest.statement"]
            .sudo()
            .create(
                {
                    "debtor_id": self._debtor(self.one).id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "date": "2025-03-12",
                    "date_until": "2025-03-12",
                    "outcome": "invoiced",
                }
            )
        )
        (penalty + note).write({"penalty_statement_id": statement.id})
        self.assertEqual(self._figure("sales"), 93000)

    def test_a_payment_that_came_back_is_not_collected(self):
        payment = self.receipt
        reversal = payment.move_id._reverse_moves(
            [{"date": date(2025, 3, 28)}], cancel=False
        )
        reversal.action_post()
        self.assertEqual(self._figure("collected"), 83000)

    def test_the_number_of_statements_does_not_depend_on_the_ledger(self):
        codes = list(KPIS)
        self._figures(*codes)
        with self.profile_statements() as few:
            self._figures(*codes, by="collector")
        for number in range(8):
            partner = self._make_customer(f"More {number}")
            self._invoice(partner, 1200, "2025-02-01", "2025-03-01")
            self._debtor(partner).collector_id = self._make_user(
                "collector", login=f"more_{number}"
            )
        self._figures(*codes)
        with self.profile_statements() as many:
            self._figures(*codes, by="collector")
        self.assertEqual(len(few), len(many))
        self.assertLess(len(many), 40)

    def profile_statements(self):
        return _Statements(self.env)

    def test_what_cannot_be_asked_is_refused_in_words(self):
        with self.assertRaises(UserError):
            self._figures("unheard_of")
        with self.assertRaises(UserError):
            self._figures("dso_simple", by="country")
        ahead = self.today + timedelta(days=40)
        with self.assertRaises(UserError):
            self._figures("sales", period=Period(ahead, ahead))
        with self.assertRaises(UserError):
            self.kpis.action_open_lines("sales", "overdue", MARCH.start, MARCH.end)
        for day in ("31/03/2026", "", None, 31):
            with (
                self.subTest(day=day),
                self.assertRaisesRegex(UserError, "not a date"),
            ):
                self.kpis.action_open_lines("sales", "sales", day, MARCH.end)

    def test_a_period_under_way_ends_today(self):
        whole = Period.month(self.today)
        cut = Period(whole.start, self.today)
        codes = ("receivables", "dso_simple", "sales", "overdue", "cei")
        self.assertEqual(
            self._figures(*codes, period=whole), self._figures(*codes, period=cut)
        )


class _Statements:
    """SELECTs on the ledger or the work, counted."""

    def __init__(self, env):
        self.cr = env.cr
        self.found = []

    def __enter__(self):
        execute = type(self.cr).execute

        def record(cr, query, *args, **kwargs):
            self.found.append(query)
            return execute(cr, query, *args, **kwargs)

        self.cr.execute = record.__get__(self.cr)
        return self.found

    def __exit__(self, *_error):
        del self.cr.execute


@tagged("post_install", "-at_install")
class TestKpiTraps(KpiCommon):
    def test_a_month_of_recovery(self):
        """50 overdue at the start, 70 falling due, 5 invoiced and due: 80 came in,
        and what came in before its due date or without an item does not count."""
        partner = self._make_customer("Recovery")
        late = self._invoice(partner, 50, "2025-01-10", "2025-02-10")
        falling = self._invoice(partner, 70, "2025-02-10", "2025-03-31")
        new = self._invoice(partner, 5, "2025-03-02", "2025-03-20")
        ahead = self._invoice(partner, 900, "2025-03-02", "2025-06-20")
        for move, amount in ((late, 30), (falling, 46), (new, 4), (ahead, 900)):
            self._pay(move, amount, date(2025, 3, 15))
        self._make_receipt(partner, 333, date(2025, 3, 15))
        figure = self._figures("recovery_month")[None]["recovery_month"]
        self.assertEqual(
            {name: int(amount) for name, amount in figure.measures.items()},
            {"recovered": 80, "due_start": 50, "falling_due": 70, "new_due": 5},
        )
        self.assertEqual(figure.value, 64)

    def test_a_credit_note_or_a_loss_is_no_recovery(self):
        partner = self._make_customer("Recovery")
        late = self._invoice(partner, 120, "2025-01-10", "2025-02-10")
        note = self._invoice(
            partner, 120, "2025-03-10", "2025-03-10", move_type="out_refund"
        )
        self._items(late + note).reconcile()
        self.assertEqual(self._figure("recovery_month"), 0)

    def test_days_beyond_terms_weigh_the_amounts(self):
        partner = self._make_customer("Terms")
        one = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        two = self._invoice(partner, 300, "2025-01-10", "2025-02-10")
        self._pay(one, 100, date(2025, 3, 2))  # 20 days late
        self._pay(two, 300, date(2025, 2, 8))  # 2 days early
        # (100 × 20 − 300 × 2) ÷ 400
        self.assertEqual(self._figure("days_beyond_terms"), Decimal("3.5"))

    def test_roll_rates_follow_items_from_age_to_age(self):
        partner = self._make_customer("Roll")
        self._invoice(partner, 800, "2025-02-01", "2025-04-30")
        rolled = self._invoice(partner, 200, "2025-02-01", "2025-03-15")
        self._invoice(partner, 50, "2025-01-01", "2025-02-20")
        self._pay(rolled, 100, date(2025, 3, 20))
        # Not due on 28 February: 1 000; 1-30 days late on 31 March: 100.
        self.assertEqual(self._figure("roll_rate_0"), 10)
        # 1-30 days late on 28 February: 50, 31-60 on 31 March (39 days): 50.
        self.assertEqual(self._figure("roll_rate_1"), 100)

    def test_what_is_at_risk_is_judged_90_days_after_the_due_date(self):
        partner = self._make_customer("Risk")
        late = self._invoice(partner, 400, "2024-12-01", "2024-12-15")
        self._pay(late, 100, date(2025, 3, 15))  # the 90th day
        self._pay(late, 200, date(2025, 3, 16))  # the 91st
        self.assertEqual(self._figure("at_risk_rate"), 75)

    def test_losses_are_counted_excluding_tax_and_write_offs_including(self):
        partner = self._make_customer("Loss")
        self.loss_account = self.company_data["default_account_expense"].copy()
        type(self).loss_account = self.loss_account
        self.company.recouvrement_loss_account_id = self.loss_account
        old = self._invoice(partner, 100, "2024-08-01", "2024-09-01")
        self._lose(partner, 100, date(2025, 3, 10), self._items(old))
        figures = self._figures("bad_debt_ratio", "roll_rate_4")[None]
        self.assertEqual(figures["bad_debt_ratio"].measures["losses_year"], 100)
        self.assertEqual(figures["roll_rate_4"].measures["written_off"], 100)
        self.assertEqual(figures["roll_rate_4"].value, 100)

    def test_levels_get_what_was_paid_before_the_next_level(self):
        """100 at level 1, 45 at level 2, 27 at level 3: 55, 18 and 8.1 came in."""
        partner = self._make_customer("Levels")
        move = self._invoice(partner, 100, "2024-12-01", "2024-12-20")
        item = self._items(move)
        for rank, day, reached, paid in (
            (1, date(2025, 1, 10), 100, "55"),
            (2, date(2025, 2, 1), 45, "18"),
            (3, date(2025, 3, 1), 27, "8.1"),
        ):
            self._remind(item, rank, day, reached)
            self._pay(move, float(paid), day + timedelta(days=5))
        found = self._figures(
            "recovery_level_1",
            "recovery_level_2",
            "recovery_level_3",
            "recovery_level_4",
            "recovery_levels",
        )[None]
        self.assertEqual(
            [one.value for one in found.values()],
            [55, 40, 30, None, Decimal("81.1")],
        )

    def test_the_matching_rate_counts_receipts_matched_by_the_last_day(self):
        partner = self._make_customer("Matching")
        for number in range(4):
            self._invoice(partner, 100 + number, "2025-01-10", "2025-02-10")
        moves = self.env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")],
            order="id",
        )
        self._pay(moves[0], None, date(2025, 3, 5))
        self._pay(moves[1], None, date(2025, 3, 5))
        receipts = [
            self._make_receipt(partner, moves[place].amount_total, date(2025, 3, 6))
            for place in (2, 3)
        ]
        self.assertEqual(self._figure("matching_rate"), 50)
        self._items(receipts[0].move_id + moves[2]).reconcile()
        self.assertEqual(self._figure("matching_rate"), 75)
        april = self._invoice(
            partner, moves[3].amount_total, "2025-04-02", "2025-04-02"
        )
        self._items(receipts[1].move_id + april).reconcile()
        self.assertEqual(self._figure("matching_rate"), 75)

    def test_what_the_system_matched_is_told_apart(self):
        partner = self._make_customer("Robot")
        one = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        two = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        self._pay(one + two, None, date(2025, 3, 5))
        third = self._invoice(partner, 60, "2025-01-10", "2025-02-10")
        receipt = self._make_receipt(partner, 60, date(2025, 3, 6))
        robot = self.env.ref("base.user_root")
        self._items(receipt.move_id + third).with_user(robot).reconcile()
        self.assertNotEqual(self.env.uid, robot.id)
        self.assertEqual(self._figure("matching_rate"), 100)
        self.assertEqual(self._figure("matching_rate_auto"), 50)
        self.assertEqual(self._figure("matching_rate_hand"), 50)
        self.assertEqual(self._figure("matching_rate_suggested"), 0)

    def test_the_hit_rate_counts_invoices_where_the_rates_count_receipts(self):
        """One receipt of the machine settles three invoices, one by hand settles one
        and finishes one that the machine began."""
        partner = self._make_customer("Hits")
        items = self._items(
            self.env["account.move"].union(
                *(
                    self._invoice(partner, 100, "2025-01-10", "2025-02-10")
                    for _number in range(5)
                )
            )
        )
        first = self._items(
            self._make_receipt(partner, 350, date(2025, 3, 6)).move_id
        ).with_context(**BY_MACHINE)
        (first + items[:4]).reconcile()
        self.assertEqual(self._figure("matching_hit_rate"), 100)
        second = self._items(self._make_receipt(partner, 150, date(2025, 3, 7)).move_id)
        (second + items[3:]).reconcile()
        self.assertEqual(self._figure("matching_rate_auto"), 50)
        self.assertEqual(self._figure("matching_rate_hand"), 50)
        self.assertEqual(self._figure("matching_hit_rate"), 60)
        hits = self._sum_lines("matching_hit_rate", "items_settled_auto")
        self.assertEqual(
            (hits, self._sum_lines("matching_hit_rate", "items_settled")), (3, 5)
        )

    def test_the_three_ways_make_the_matching_rate(self):
        self._make_golden()
        self._make_work()
        codes = [f"matching_rate{way}" for way in ("", "_auto", "_suggested", "_hand")]
        found = self._figures(*codes)[None]
        whole, *parts = (found[code].value for code in codes)
        self.assertTrue(all(parts))
        self.assertEqual(round(sum(parts), 9), round(whole, 9))

    def test_matchings_of_before_count_for_who_made_them(self):
        partner = self._make_customer("Before")
        one = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        two = self._invoice(partner, 60, "2025-01-10", "2025-02-10")
        self._pay(one, None, date(2025, 3, 5))
        receipt = self._make_receipt(partner, 60, date(2025, 3, 6))
        robot = self.env.ref("base.user_root")
        (self._items(receipt.move_id) + self._items(two)).with_user(robot).reconcile()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_partial_reconcile SET matching_way = NULL")
        self.env.invalidate_all()
        self.assertEqual(self._figure("matching_rate_auto"), 50)
        self.assertEqual(self._figure("matching_rate_hand"), 50)
        self.assertEqual(self._figure("matching_hit_rate"), 50)

    def test_promises_fallen_due_count_and_others_do_not(self):
        debtor = self._make_debtor("Promises", items=())
        partner = self._make_customer("Promises two")
        self._invoice(partner, 10, "2025-01-01", "2025-01-01")
        debtor = self._debtor(partner)
        for state, required, paid, day in (
            ("kept", 100, 100, 5),
            ("partly", 200, 60, 10),
            ("broken", 100, 0, 20),
            ("void", 500, 0, 20),
            ("replaced", 500, 0, 20),
            ("cancelled", 500, 0, 20),
        ):
            self._promise(debtor, state, required, paid, date(2025, 3, day))
        self._promise(debtor, "kept", 70, 70, date(2025, 4, 1))
        found = self._figures("promise_kept_count", "promise_kept_amount")[None]
        self.assertEqual(round(found["promise_kept_count"].value, 2), Decimal("33.33"))
        self.assertEqual(found["promise_kept_amount"].value, 40)

    def test_disputes_end_when_chased_again_or_matched(self):
        partner = self._make_customer("Disputes")
        one = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        two = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        three = self._invoice(partner, 100, "2025-01-10", "2025-02-10")
        self._dispute(one, date(2025, 2, 1), date(2025, 2, 11))
        self._dispute(two, date(2025, 2, 1))
        self._dispute(three, date(2025, 2, 1))
        self._pay(two, None, date(2025, 3, 3))
        figure = self._figures("dispute_days")[None]["dispute_days"]
        self.assertEqual(figure.measures, {"dispute_days": 40, "disputes_closed": 2})
        self.assertEqual(figure.value, 20)

    def test_the_status_of_an_item_dates_its_disputes(self):
        item = self._items(self._make_invoice(self._make_customer("Status"), 100))
        periods = self.env["recouvrement.dispute.period"]
        item._set_collection_status("disputed", "Wrong price")
        self.assertRecordValues(
            periods.search([("move_line_id", "=", item.id)]),
            [{"date_from": self.today, "date_to": False}],
        )
        item._set_collection_status("disputed", "Still wrong")
        item._set_collection_status("to_chase", "Settled")
        self.assertRecordValues(
            periods.search([("move_line_id", "=", item.id)]),
            [{"date_from": self.today, "date_to": self.today}],
        )

    def test_disputes_that_were_there_before_are_taken_over_once(self):
        item = self._items(self._make_invoice(self._make_customer("Before"), 100))
        item._set_collection_status("disputed", "Wrong price")
        periods = self.env["recouvrement.dispute.period"]
        self.env.cr.execute("DELETE FROM recouvrement_dispute_period")
        for _twice in range(2):
            periods._take_over()
        self.assertEqual(periods.search_count([("move_line_id", "=", item.id)]), 1)

    def test_contacts_count_for_who_had_them_and_cost_what_they_cost_that_day(self):
        debtor = self._make_debtor("Contacts", items=((100, -200),))
        users = [self._make_user("collector", login=f"caller_{n}") for n in (1, 2)]
        outcome = self.env["recouvrement.interaction.outcome"].search([], limit=1)
        costs = self.env["recouvrement.action.cost"]
        costs.create(
            [
                {"kind": "contact_call_out", "unit_cost": cost, "date_from": day}
                for cost, day in ((4, "2025-01-01"), (6, "2025-03-10"))
            ]
        )
        moments = ("2025-03-01 10:00:00", "2025-03-10 10:00:00", "2025-03-31 10:00:00")
        for moment in moments:
            self._contact(debtor, users[0], moment, outcome)
        self._contact(debtor, users[1], "2025-03-15 10:00:00", outcome)
        self._contact(debtor, users[1], "2025-03-16 10:00:00", outcome, "visit")
        self._contact(
            debtor, users[1], "2025-03-17 10:00:00", outcome, is_cancelled=True
        )
        self._contact(debtor, users[1], "2025-04-01 10:00:00", outcome)
        codes = (
            "contacts",
            "contacts_per_collector",
            "action_cost",
            "cost_per_action",
        )
        whole = self._figures(*codes)[None]
        self.assertEqual(
            [whole[code].value for code in codes],
            [5, Decimal("2.5"), 4 + 6 + 6 + 6, Decimal("5.5")],
        )
        each = self._figures("contacts", by="collector")
        self.assertEqual(
            {key: one["contacts"].value for key, one in each.items()},
            {users[0].id: 3, users[1].id: 2},
        )
        groups = self._figures("contacts_per_collector", by="segment")
        for key, one in groups.items():
            self.assertEqual(one["contacts_per_collector"].measures["collectors"], 2)
            total = self._sum_lines(
                "contacts_per_collector", "collectors", by="segment", key=key
            )
            self.assertEqual(total, 2)

    def test_without_costs_there_is_no_cost(self):
        debtor = self._make_debtor("Contacts", items=((100, -200),))
        outcome = self.env["recouvrement.interaction.outcome"].search([], limit=1)
        self._contact(debtor, self.env.user, "2025-03-10 10:00:00", outcome)
        self.assertIsNone(self._figure("cost_per_action"))

    def test_a_foreign_currency_counts_at_the_rate_of_the_entries(self):
        other = self.setup_other_currency("EUR", rates=[("2024-01-01", 2.0)])
        partner = self._make_customer("Euros")
        self._invoice(partner, 240, "2025-03-10", "2025-03-20", currency_id=other.id)
        self.assertEqual(self._figure("receivables"), 120)
        self.assertEqual(self._figure("sales"), 120)
        self.assertEqual(self._sum_lines("overdue", "overdue"), 120)

    def test_companies_of_two_currencies_are_converted_line_by_line(self):
        currency = self.setup_other_currency("EUR", rates=[("2024-01-01", 3.0)])
        other = self.setup_other_company(name="Overseas")["company"]
        other.currency_id = currency
        self._invoice(self._make_customer("Here"), 100, "2025-03-10", "2025-03-20")
        there = self._make_customer("There")
        for _twice in range(2):
            move = (
                self.env["account.move"]
                .with_company(other)
                .create(
                    {
                        "move_type": "out_invoice",
                        "partner_id": there.id,
                        "company_id": other.id,
                        "currency_id": currency.id,
                        "invoice_date": "2025-03-10",
                        "invoice_date_due": "2025-03-20",
                        "invoice_payment_term_id": False,
                        "invoice_line_ids": [
                            Command.create(
                                {"name": "x", "price_unit": 100, "tax_ids": False}
                            )
                        ],
                    }
                )
            )
            move.action_post()
        both = self.company | other
        self.kpis = self.kpis.with_context(allowed_company_ids=both.ids)
        # 100 euros are 33.33, each line rounded: 66.66.
        self.assertEqual(self._figure("receivables"), Decimal("166.66"))
        self.assertEqual(
            self._sum_lines("receivables", "receivables"), Decimal("166.66")
        )
        groups = self._figures("receivables", by="company")
        self.assertEqual(
            {key: one["receivables"].value for key, one in groups.items()},
            {self.company.id: 100, other.id: Decimal("66.66")},
        )
