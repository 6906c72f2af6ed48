"""Late interest of ledger items, to the cent, against figures computed by hand."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .interest_common import DUE, UNTIL, InterestCommon


@tagged("post_install", "-at_install")
class TestInterest(InterestCommon):
    # ------------------------------------------------------------------
    # BUSINESS CUSTOMERS
    # ------------------------------------------------------------------

    def test_an_open_invoice_bears_the_rate_of_the_half_year(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        item = self._interest(invoice)
        # 1 Feb to 31 Mar: 28 + 31 = 59 days; 1000 × 12.15 % × 59 / 365 = 19.6397
        self.assertAmounts(item, "19.64")
        self.assertSegments(
            item, ("2026-02-01", "2026-03-31", 59, 12.15, 1000, "19.64")
        )
        self.assertEqual(item.residual, 1000)

    def test_the_rate_changes_with_the_half_year(self):
        invoice = self._make_invoice(self.customer, 1000, due=date(2026, 5, 31))
        item = self._interest(invoice, date(2026, 8, 31))
        # 30 days at 12.15 %: 9.9863; with 62 days at 12.40 %: 31.0493
        self.assertAmounts(item, "31.05")
        self.assertSegments(
            item,
            ("2026-06-01", "2026-06-30", 30, 12.15, 1000, "9.99"),
            ("2026-07-01", "2026-08-31", 62, 12.4, 1000, "21.06"),
        )

    def test_a_payment_counts_from_the_day_after(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, 400, date(2026, 2, 28))
        item = self._interest(invoice)
        # (1000 × 28 + 600 × 31) × 12.15 % / 365 = 15.5121
        self.assertAmounts(item, "15.51")
        self.assertEqual([s.days for s in item.accrual.segments], [28, 31])
        self.assertEqual(item.residual, 600)

    def test_a_credit_note_counts_at_its_date(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._credit(invoice, 200, date(2026, 2, 10))
        # (1000 × 10 + 800 × 49) × 12.15 % / 365 = 16.3775
        self.assertAmounts(self._interest(invoice), "16.38")

    def test_a_credit_before_the_due_date_lowers_the_base_from_the_start(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._credit(invoice, 250, date(2026, 1, 10))
        # 750 × 12.15 % × 59 / 365 = 14.7298
        self.assertAmounts(self._interest(invoice), "14.73")

    def test_a_payment_dated_before_the_invoice_lowers_the_base(self):
        receipt = self._make_receipt(self.customer, 300, date(2025, 12, 15))
        invoice = self._make_invoice(
            self.customer, 1000, due=DUE, invoice_date=date(2026, 1, 5)
        )
        (self._items(invoice) | self._items(receipt.move_id)).reconcile()
        # 700 × 12.15 % × 59 / 365 = 13.7478
        self.assertAmounts(self._interest(invoice), "13.75")

    def test_interest_of_an_invoice_paid_late_stays_claimable(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, day=date(2026, 3, 2))
        item = self._interest(invoice, date(2026, 6, 30))
        # 1 Feb to 2 Mar: 30 days; 1000 × 12.15 % × 30 / 365 = 9.9863
        self.assertAmounts(item, "9.99")
        self.assertEqual(item.residual, 0)

    def test_nothing_is_due_when_paid_in_time(self):
        for day in (date(2026, 1, 15), DUE):
            invoice = self._make_invoice(self.customer, 1000, due=DUE)
            self._pay(invoice, day=day)
            with self.subTest(day=day):
                self.assertAmounts(self._interest(invoice), "0", 0)

    def test_nothing_is_due_before_the_due_date(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        for until in (date(2026, 1, 15), DUE):
            self.assertAmounts(self._interest(invoice, until), "0", 0)

    def test_undoing_a_payment_gives_the_interest_back(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, day=date(2026, 2, 28))
        self.assertAmounts(self._interest(invoice), "9.32")  # 28 days: 9.3205
        self._items(invoice).remove_move_reconcile()
        self.assertAmounts(self._interest(invoice), "19.64")

    def test_as_of_a_past_day_later_payments_do_not_count(self):
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, day=date(2026, 3, 31))
        item = self._interest(invoice, date(2026, 2, 28))
        self.assertAmounts(item, "9.32")
        self.assertEqual(item.residual, 1000)

    def test_the_contractual_rate_of_the_invoice_replaces_the_legal_one(self):
        self._impose(self.customer, "fr_b2b").contractual_rate = 15
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        # 1000 × 15 % × 59 / 365 = 24.2466
        self.assertAmounts(self._interest(invoice), "24.25")

    # ------------------------------------------------------------------
    # FIXED INDEMNITY
    # ------------------------------------------------------------------

    def test_one_indemnity_per_invoice_whatever_its_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 28}
                    ),
                ],
            }
        )
        invoice = self._make_invoice(
            self.customer, 1000, due=DUE, invoice_payment_term_id=term.id
        )
        first, second = self._items(invoice).sorted("date_maturity")
        items = self.feed._get_items((first | second).ids, until=UNTIL)
        self.assertEqual(
            [float(items[line.id].indemnity_due) for line in (first, second)], [40, 0]
        )
        alone = self.feed._get_items(second.ids, until=UNTIL)
        self.assertEqual(list(alone), second.ids)
        self.assertFalse(alone[second.id].indemnity)

    def test_the_indemnity_is_for_the_instalment_that_was_late(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 28}
                    ),
                ],
            }
        )
        invoice = self._make_invoice(
            self.customer, 1000, due=DUE, invoice_payment_term_id=term.id
        )
        first, second = self._items(invoice).sorted("date_maturity")
        receipt = self._make_receipt(self.customer, 500, DUE)
        (first | self._items(receipt.move_id)).reconcile()
        items = self.feed._get_items((first | second).ids, until=UNTIL)
        self.assertEqual(
            [float(items[line.id].indemnity_due) for line in (first, second)], [0, 40]
        )

    def test_each_item_of_a_miscellaneous_entry_has_its_own_indemnity(self):
        line = self._make_opening(self.customer, 1000, DUE)
        other = self._make_opening(self.customer, 500, DUE)
        items = self.feed._get_items((line | other).ids, until=UNTIL)
        self.assertEqual({float(i.indemnity) for i in items.values()}, {40})

    # ------------------------------------------------------------------
    # OTHER REGIMES
    # ------------------------------------------------------------------

    def test_a_consumer_owes_nothing_before_a_formal_notice(self):
        self._impose(self.customer, "fr_consumer")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        item = self._interest(invoice)
        self.assertAmounts(item, "0", 0)
        self.assertEqual(item.note, "no_notice")

    def test_a_consumer_owes_the_legal_rate_from_the_day_after_the_notice(self):
        self._impose(self.customer, "fr_consumer")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._items(invoice).sudo().formal_notice_date = date(2026, 2, 28)
        item = self._interest(invoice)
        # March: 31 days; 1000 × 2.62 % × 31 / 365 = 2.2252; never 40 €
        self.assertAmounts(item, "2.23", 0)
        self.assertEqual(str(item.accrual.segments[0].first), "2026-03-01")

    def test_a_notice_sent_before_the_due_date_starts_nothing_earlier(self):
        self._impose(self.customer, "fr_consumer")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._items(invoice).sudo().formal_notice_date = date(2026, 1, 2)
        # 59 days: 1000 × 2.62 % × 59 / 365 = 4.2351
        self.assertAmounts(self._interest(invoice), "4.24", 0)

    def test_a_formal_notice_that_was_sent_starts_interest(self):
        debtor = self._impose(self.customer, "fr_consumer")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        level = self.levels[4]
        reminders = self.env["recouvrement.reminder"].sudo()
        reminder = reminders.create(
            {
                "debtor_id": debtor.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "partner_id": self.customer.id,
                "level_id": level.id,
                "channel": "registered",
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": self._items(invoice).id,
                            "debtor_id": debtor.id,
                            "company_id": self.company.id,
                            "currency_id": self.euro.id,
                            "role": "chase",
                            "rank": 4,
                        }
                    )
                ],
            }
        )
        self.assertFalse(self._interest(invoice).due)
        reminder.write({"state": "sent", "date_sent": date(2026, 2, 28)})
        self.assertAmounts(self._interest(invoice), "2.23", 0)
        reminder.is_test = True
        self.assertFalse(self._interest(invoice).due, "a test reached nobody")

    def test_a_public_body_keeps_the_rate_of_the_first_half_year(self):
        self._impose(self.customer, "fr_public")
        invoice = self._make_invoice(self.customer, 1000, due=date(2026, 5, 31))
        item = self._interest(invoice, date(2026, 8, 31))
        # 92 days at 2.15 + 8: 1000 × 10.15 % × 92 / 365 = 25.5836
        self.assertAmounts(item, "25.58")

    def test_an_intragroup_customer_owes_nothing(self):
        self._impose(self.customer, "intragroup")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        item = self._interest(invoice)
        self.assertAmounts(item, "0", 0)
        self.assertEqual(item.note, "no_interest")

    # ------------------------------------------------------------------
    # PAUSES
    # ------------------------------------------------------------------

    def _pause(self, debtor, kind, first, last=None, lines=None):
        return self.env["recouvrement.interest.pause"].create(
            {
                "debtor_id": debtor.id,
                "kind": kind,
                "date_from": first,
                "date_to": last,
                "reason": "Test",
                "line_ids": lines and [Command.set(lines.ids)],
            }
        )

    def test_a_pause_takes_its_days_out(self):
        debtor = self._impose(self.customer, "fr_b2b")
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        other = self._make_invoice(self.customer, 1000, due=DUE)
        self._pause(
            debtor,
            "agreed",
            date(2026, 2, 10),
            date(2026, 2, 19),
            self._items(invoice),
        )
        # 59 - 10 = 49 days: 1000 × 12.15 % × 49 / 365 = 16.3110
        self.assertAmounts(self._interest(invoice), "16.31")
        self.assertAmounts(self._interest(other), "19.64")

    def test_insolvency_stops_interest_of_earlier_documents(self):
        debtor = self._impose(self.customer, "fr_b2b")
        late = self._make_invoice(
            self.customer, 1000, due=DUE, invoice_date=date(2026, 1, 2)
        )
        not_late_yet = self._make_invoice(
            self.customer, 500, due=date(2026, 2, 28), invoice_date=date(2026, 1, 15)
        )
        later = self._make_invoice(
            self.customer,
            1000,
            due=date(2026, 2, 28),
            invoice_date=date(2026, 2, 20),
        )
        self._pause(debtor, "insolvency", date(2026, 2, 15))
        # 1 to 14 Feb: 1000 × 12.15 % × 14 / 365 = 4.6603
        self.assertAmounts(self._interest(late), "4.66")
        self.assertAmounts(self._interest(not_late_yet), "0.00", 0)
        # 31 days: 1000 × 12.15 % × 31 / 365 = 10.3192
        self.assertAmounts(self._interest(later), "10.32")

    # ------------------------------------------------------------------
    # CURRENCIES, TAKEOVER, COMPANIES
    # ------------------------------------------------------------------

    def _make_dollar(self, rate=1.25):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": value,
                }
                for day, value in (
                    (date(2025, 1, 1), rate),
                    (date(2026, 2, 15), rate * 1.6),
                )
            ]
        )
        return dollar

    def test_interest_is_in_the_currency_of_the_invoice(self):
        dollar = self._make_dollar()
        invoice = self._make_invoice(
            self.customer,
            1000,
            due=DUE,
            invoice_date=date(2026, 1, 2),
            currency_id=dollar.id,
        )
        item = self._interest(invoice)
        # 40 € at 2.00 on 31 March
        self.assertAmounts(item, "19.64", 80)
        self.assertEqual(item.currency_id, dollar.id)
        debtor = self._debtor(self.customer)
        sections = self.feed._explain([item])
        self.assertEqual(sections[0]["currency"], dollar)
        self.assertEqual(debtor._get_claim(day=UNTIL)[dollar]["indemnity"], 80)

    def test_an_exchange_difference_moves_no_principal(self):
        dollar = self._make_dollar()
        invoice = self._make_invoice(
            self.customer,
            1000,
            due=DUE,
            invoice_date=date(2026, 1, 2),
            currency_id=dollar.id,
        )
        self._pay(invoice, day=date(2026, 3, 2))
        self.assertTrue(
            self._items(invoice).matched_credit_ids.exchange_move_id,
            "no exchange difference: the test proves nothing",
        )
        item = self._interest(invoice, date(2026, 6, 30))
        self.assertAmounts(item, "9.99", 80)
        self.assertEqual([m.amount for m in item.movements], [Decimal(1000)])

    def test_a_taken_over_item_goes_by_its_own_dates(self):
        line = self._make_opening(self.customer, 1000, DUE)
        line.write({"takeover_kind": "invoice", "takeover_date": date(2025, 12, 31)})
        receipt = self._make_opening(self.customer, -400, date(2026, 3, 20))
        receipt.write({"takeover_kind": "payment", "takeover_date": date(2026, 2, 28)})
        (line | receipt).reconcile()
        item = self._interest(line.move_id)
        # as paid on 28 February, not on the day of the takeover entry: 15.5121
        self.assertAmounts(item, "15.51")
        self.assertEqual(str(item.document_date), "2025-12-31")

    def test_an_item_of_unknown_age_is_an_error_of_that_item_only(self):
        line = self._make_opening(self.customer, 1000, DUE)
        line.write({"takeover_kind": "invoice", "takeover_age_unknown": True})
        other = self._make_opening(self.customer, 1000, DUE)
        items = self.feed._get_items((line | other).ids, until=UNTIL)
        self.assertIn("not known", items[line.id].error)
        self.assertFalse(items[line.id].due)
        self.assertAmounts(items[other.id], "19.64")

    def test_an_item_without_due_date_is_an_error_of_that_item_only(self):
        line = self._make_opening(self.customer, 1000, DUE)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id = %s",
            [line.id],
        )
        self.env.invalidate_all()
        items = self.feed._get_items(line.ids, until=UNTIL)
        self.assertIn("no due date", items[line.id].error)
        debtor = self._debtor(self.customer)
        self.assertIn("no due date", debtor.late_interest_error)

    def test_a_missing_rate_is_named_on_the_items_that_need_it(self):
        paid = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(paid, day=date(2026, 3, 2))
        still_open = self._make_invoice(self.customer, 1000, due=DUE)
        until = date(2027, 1, 31)
        self.assertAmounts(self._interest(paid, until), "9.99")
        item = self._interest(still_open, until)
        self.assertIn("2027-S1", item.error)
        self.assertIn(self.env["recouvrement.rate"]._get_name("ecb_mro"), item.error)
        self.assertEqual((item.due, float(item.indemnity_due)), (0, 40))

    def test_a_future_day_within_known_rates_is_computed(self):
        invoice = self._make_invoice(self.customer, 1000, due=date(2026, 11, 30))
        item = self._interest(invoice, date(2026, 12, 31))
        # 31 days at 12.40 %: 10.5315
        self.assertAmounts(item, "10.53")

    def test_credits_and_money_given_back_bear_nothing(self):
        note = self._make_credit_note(self.customer, 500, invoice_date=DUE)
        receipt = self._make_receipt(self.customer, 500, DUE)
        outgoing = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 200,
                "date": DUE,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        outgoing.action_post()
        moves = note | receipt.move_id | outgoing.move_id
        self.assertEqual(self._interest(moves), [])
        self.assertEqual(self._debtor(self.customer).late_interest, 0)

    def test_each_company_has_its_own_items(self):
        other = self.setup_other_company()["company"]
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        debtor = self._debtor(self.customer)
        elsewhere = self._make_account(self.customer, other)
        items = self.feed._get_debtor_items(debtor | elsewhere, UNTIL)
        self.assertEqual({item.debtor_id for item in items}, {debtor.id})
        self.assertEqual(self.feed._get_debtor_items(elsewhere, UNTIL), [])
        chosen = self.feed._get_debtor_items(elsewhere, UNTIL, self._items(invoice).ids)
        self.assertEqual(chosen, [], "lines of another debtor are not its own")

    # ------------------------------------------------------------------
    # PARAMETERS OF THE COMPANY
    # ------------------------------------------------------------------

    def test_interest_first(self):
        self.company.recouvrement_interest_imputation = "interest_first"
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, 400, date(2026, 2, 28))
        item = self._interest(invoice)
        # 28 days: 9.3205, paid first: 1000 - (400 - 9.32) = 609.32 bears 31 days:
        # 6.2877; together 15.6082
        self.assertAmounts(item, "15.61")

    def test_the_basis_of_a_leap_year(self):
        invoice = self._make_invoice(
            self.customer, 1000, due=date(2024, 1, 31), invoice_date=date(2024, 1, 2)
        )
        until = date(2024, 2, 29)
        # 29 days at 14.50 %: 11.5205 over 365, 11.4891 over 366
        self.assertAmounts(self._interest(invoice, until), "11.52")
        self.company.recouvrement_interest_basis = "actual"
        self.assertAmounts(self._interest(invoice, until), "11.49")

    def test_items_settled_long_ago_are_left_out_of_the_debtor(self):
        debtor = self._make_account(self.customer)
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        self._pay(invoice, day=date(2026, 3, 2))
        until = date(2026, 9, 2)
        for months, count in ((6, 1), (5, 0)):
            self.company.recouvrement_interest_lookback = months
            with self.subTest(months=months):
                found = self.feed._get_debtor_items(debtor, until)
                self.assertEqual(len(found), count)
        self.assertAmounts(self._interest(invoice, until), "9.99")

    # ------------------------------------------------------------------
    # BATCHES
    # ------------------------------------------------------------------

    def test_the_stream_gives_every_item_once_in_small_batches(self):
        moves = self.env["account.move"]
        for number in range(5):
            moves |= self._make_invoice(self.customer, 100 + number, due=DUE)
        condition = SQL("l.partner_id = %s", self.customer.id)
        whole = list(self.feed._iter_items(condition=condition, until=UNTIL))
        small = list(self.feed._iter_items(condition=condition, until=UNTIL, batch=2))
        self.assertEqual(
            [(i.line_id, i.due, i.indemnity) for i in small],
            [(i.line_id, i.due, i.indemnity) for i in whole],
        )
        self.assertEqual([i.line_id for i in small], sorted(self._items(moves).ids))

    def test_as_many_queries_for_200_items_as_for_10(self):
        days = [DUE + timedelta(days=number % 50) for number in range(200)]
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": day,
                    "invoice_date_due": day,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 100, "tax_ids": False}
                        )
                    ],
                }
                for day in days
            ]
        )
        moves.action_post()
        lines = self._items(moves)
        self.feed._get_items(lines[:1].ids)
        counts = []
        for size in (10, 200):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.feed._get_items(lines[:size].ids)), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[0], 20)
