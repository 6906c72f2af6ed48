from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fec_common import FecBooks, FecCommon


@tagged("post_install", "-at_install")
class TestFecImport(FecCommon):
    """The receivables of another ledger become chaseable items, to the cent."""

    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def test_reading_posts_nothing_and_shows_the_figures(self):
        """The control report comes first; the ledger and the customers wait."""
        partners = self.env["res.partner"].search_count([])
        takeover = self._read(self._books())
        self.assertRecordValues(
            takeover,
            [
                {
                    "state": "analysed",
                    "line_count": 10,
                    "customer_count": 3,
                    "balance": 1700.51,
                }
            ],
        )
        self.assertFalse(takeover.move_ids)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        figures = takeover._get_figures()
        self.assertEqual((figures["open_items"], figures["open_credits"]), (2, 1))
        self.assertEqual(figures["balance"], 1700.51)
        self.assertIn("FEC0.txt", takeover.control_report)
        self.assertIn("Ventes", takeover.control_report)

    def test_the_report_says_nothing_of_credits_that_are_not_there(self):
        takeover = self._read(self._books())
        self.assertEqual(takeover._get_figures()["open_credits"], 1)
        self.assertIn("credits to allocate", takeover.control_report)
        books = FecBooks()
        books.sale("C1", self._date(10), "1200.00")
        takeover = self._read(books)
        self.assertIn("Customers who owe", takeover.control_report)
        self.assertNotIn("Customers in credit", takeover.control_report)
        self.assertNotIn("credits to allocate", takeover.control_report)

    def test_open_items_are_posted_and_equal_the_accounts(self):
        takeover = self._load(self._books(), terms_days=30)
        self.assertProven(takeover)
        self.assertRecordValues(
            self._taken(takeover),
            [
                {
                    "name": "Ventes FA1",
                    "balance": 1200.0,
                    "takeover_kind": "invoice",
                    "takeover_date": self._date(10),
                    "date_maturity": self._date(40),
                    "collection_status": "to_chase",
                },
                {
                    "name": "Ventes FA2",
                    "balance": 600.5,
                    "takeover_kind": "invoice",
                    "takeover_date": self._date(40),
                    "date_maturity": self._date(70),
                    "collection_status": "to_chase",
                },
                {
                    "name": "Banque VIR2",
                    "balance": -99.99,
                    "takeover_kind": "payment",
                    "takeover_date": self._date(70),
                    "date_maturity": self._date(70),
                    "collection_status": "to_chase",
                },
            ],
        )
        self.assertEqual(takeover.move_ids.date, self._date(70))
        self.assertEqual(takeover.move_ids.journal_id.type, "general")
        others = takeover.move_ids.line_ids - self._taken(takeover)
        self.assertRecordValues(
            others,
            [{"account_id": takeover.balancing_account_id.id, "balance": -1700.51}],
        )

    def test_customers_are_created_with_their_code_as_reference(self):
        takeover = self._load(self._books())
        alpha = self._partner("C1")
        self.assertRecordValues(
            alpha, [{"name": "Alpha", "is_company": True, "customer_rank": 1}]
        )
        self.assertFalse(self._partner("C2"), "a customer who owes nothing")
        self.assertEqual(
            takeover.customer_ids.filtered("partner_id").mapped("matched_by"),
            ["created"] * 2,
        )
        debtor = self._debtor(alpha)
        self.assertEqual(debtor.open_amount, 1800.5)
        self.assertEqual(debtor.event_ids.mapped("kind"), ["takeover"])

    def test_loaded_items_are_chased_even_when_miscellaneous_entries_are_not(self):
        """The setting is about opening entries made by hand, not about a takeover."""
        self.company.recouvrement_chase_misc = False
        self._load(self._books())
        debtor = self._debtor(self._partner("C1"))
        debtor.partner_id.write({"email": "alpha@example.com"})
        decisions = self._decisions(debtor)
        self.assertEqual(decisions.mapped("role"), ["chase"] * 2)
        self.assertEqual(set(decisions.mapped("rank")), {1})

    def test_a_reminder_of_taken_over_items_asks_for_what_is_left(self):
        books = self._books()
        books.payment("C1", self._date(80), "200.00")
        self._load(books)
        debtor = self._debtor(self._partner("C1"))
        debtor.partner_id.write({"email": "alpha@example.com"})
        run = self._propose()
        reminder = run.reminder_ids.filtered(lambda one: one.debtor_id == debtor)
        self.assertEqual(reminder.amount_net, 1600.5)

    # ------------------------------------------------------------------
    # WHAT IS NOT TO BE CHASED, AND WHAT AGE IT HAS
    # ------------------------------------------------------------------

    def test_an_item_paid_after_the_file_is_excluded_until_confirmed(self):
        books = self._books()
        books.sale("C1", self._date(300), "77.00", "ZZ", ref="FA9")
        takeover = self._load(books)
        line = self._taken(takeover).filtered(lambda one: "FA9" in one.name)
        self.assertEqual(line.collection_status, "excluded")
        self.assertIn("ZZ", line.collection_reason)
        self.assertIn("settled_later", takeover.issue_ids.mapped("code"))
        self.assertProven(takeover)

    def test_passing_customers_are_taken_over_but_not_chased(self):
        books = self._books()
        books.names["C9"] = "Clients divers"
        books.sale("C9", self._date(20), "12.00")
        takeover = self._load(books)
        line = self._items(takeover.move_ids).filtered(lambda one: one.balance == 12)
        self.assertEqual(line.collection_status, "excluded")
        self.assertTrue(line.collection_reason)

    def test_an_opening_total_is_flagged_as_of_unknown_age(self):
        books = self._books()
        books.opening(self.start, ("C1", "500.00", "AN", self.start))
        takeover = self._load(books)
        line = self._items(takeover.move_ids).filtered(lambda one: one.balance == 500)
        self.assertTrue(line.takeover_age_unknown)
        self.assertEqual(line.date_maturity, self.start)
        self.assertEqual(takeover.balance, 2200.51)
        self.assertProven(takeover)

    # ------------------------------------------------------------------
    # CUSTOMERS THAT ARE IN ODOO ALREADY
    # ------------------------------------------------------------------

    def test_a_customer_is_found_by_reference_number_or_name(self):
        by_ref = self._make_customer("Alpha Industrie", ref="C1")
        by_name = self._make_customer("gamma ")
        books = self._books()
        books.names["732829320"] = "Delta"
        books.sale("732829320", self._date(5), "10.00")
        by_number = self._make_customer("Delta SAS", company_registry="732829320")
        takeover = self._load(books)
        found = {
            customer.aux_code: (customer.matched_by, customer.partner_id)
            for customer in takeover.customer_ids
        }
        self.assertEqual(found["C1"], ("ref", by_ref))
        self.assertEqual(found["C3"], ("name", by_name))
        self.assertEqual(found["732829320"], ("number", by_number))
        self.assertEqual(
            self._debtor(by_ref).open_amount, 1800.5, "its items are its own"
        )

    def test_a_name_that_two_customers_bear_is_left_to_the_user(self):
        twins = self._make_customer("Alpha") | self._make_customer("Alpha")
        takeover = self._read(self._books())
        customer = takeover.customer_ids.filtered(lambda one: one.aux_code == "C1")
        self.assertFalse(customer.partner_id)
        self.assertIn("partner_ambiguous", takeover.issue_ids.mapped("code"))
        accountant = self._make_user("accountant")
        customer.with_user(accountant).partner_id = twins[1]
        takeover.action_load()
        self.assertEqual(self._debtor(twins[1]).open_amount, 1800.5)
        self.assertFalse(self._debtor(twins[0]))

    def test_a_reference_under_another_name_is_a_remark(self):
        self._make_customer("Zêta Transports", ref="C1")
        takeover = self._read(self._books())
        self.assertIn("partner_name_differs", takeover.issue_ids.mapped("code"))

    def test_terms_of_the_customer_win_over_those_of_the_takeover(self):
        self._make_customer("Alpha", property_payment_term_id=self.immediate.id)
        term = self.env["account.payment.term"].create(
            {
                "name": "45 days end of month",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "value": "percent",
                            "value_amount": 100,
                            "nb_days": 0,
                            "delay_type": "days_after_end_of_month",
                        },
                    )
                ],
            }
        )
        books = self._books()
        books.sale("C3", self._date(20), "500.00", ref="FA7")
        takeover = self._read(books, payment_term_id=term.id)
        due = {item.ref: item.date_due for item in takeover.item_ids}
        self.assertEqual(due["FA1"], self._date(10), "immediate, from the customer")
        self.assertEqual(due["FA7"], self._date(30), "end of January")

    def test_two_accounts_of_one_customer_are_one_partner(self):
        books = self._books()
        books.sale("C1", self._date(50), "50.00", account="416000")
        takeover = self._load(books, accounts="411, 416")
        self.assertEqual(takeover.balance, 1750.51)
        self.assertEqual(self._debtor(self._partner("C1")).open_amount, 1850.5)
        self.assertEqual(len(self._partner("C1")), 1)

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def test_a_refused_step_opens_what_it_had_closed(self):
        """Ages change, the total does not."""
        books = self._books()
        books.payment("C1", self._date(90), "100.00", ref="VIR9")
        takeover = self._read(books)
        before = takeover._get_figures()
        takeover.accept_oldest = False
        after = takeover._get_figures()
        self.assertEqual((before["open_credits"], after["open_credits"]), (1, 2))
        self.assertEqual(before["balance"], after["balance"])
        takeover.action_load()
        self.assertProven(takeover)
        credit = self._taken(takeover).filtered(lambda one: "VIR9" in one.name)
        self.assertEqual(credit.balance, -100)

    def test_paid_items_come_with_their_payment_when_asked(self):
        takeover = self._load(self._books(), load_history="lettering")
        self.assertProven(takeover)
        items = self._items(takeover.move_ids).filtered("reconciled").sorted("date")
        self.assertRecordValues(
            items,
            [
                {"balance": 300.0, "date": self._date(15), "takeover_kind": "invoice"},
                {"balance": -300.0, "date": self._date(60), "takeover_kind": "payment"},
            ],
        )
        self.assertEqual(len(items.full_reconcile_id), 1)
        self.assertEqual(items.matched_debit_ids.matching_way, "takeover")
        self.assertEqual(items.partner_id, self._partner("C2"))
        self.assertEqual(self._debtor(self._partner("C2")).open_amount, 0)

    # ------------------------------------------------------------------
    # CURRENCY
    # ------------------------------------------------------------------

    def test_a_foreign_item_keeps_its_currency_in_proportion(self):
        currency = self.setup_other_currency("CHF")
        books = self._books()
        books.sale("C1", self._date(12), "90.00", ref="EX1", currency=("100", "CHF"))
        books.payment("C1", self._date(13), "45.00", ref="EX1")
        takeover = self._load(books)
        line = self._taken(takeover).filtered(lambda one: "EX1" in one.name)
        self.assertRecordValues(
            line,
            [{"balance": 45.0, "currency_id": currency.id, "amount_currency": 50.0}],
        )
        self.assertProven(takeover)

    def test_an_unknown_currency_is_said_and_the_item_kept(self):
        books = self._books()
        books.sale("C1", self._date(12), "90.00", ref="EX1", currency=("100", "XDR"))
        takeover = self._load(books)
        self.assertIn("currency_unknown", takeover.issue_ids.mapped("code"))
        self.assertProven(takeover)

    # ------------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------------

    def test_a_lost_cent_stops_the_takeover(self):
        takeover = self._read(self._books())
        cls = type(takeover)
        prepare = cls._prepare_line_vals

        def lose_a_cent(record, item, accounts):
            vals = prepare(record, item, accounts)
            return {**vals, "balance": vals["balance"] - 0.01}

        with (
            patch.object(cls, "_prepare_line_vals", lose_a_cent),
            self.assertRaisesRegex(UserError, "411000 C1"),
        ):
            takeover.action_load()

    # ------------------------------------------------------------------
    # EXACTLY ONCE
    # ------------------------------------------------------------------

    def test_a_load_stopped_between_batches_goes_on_without_a_double(self):
        books = FecBooks()
        for number in range(7):
            books.sale("C1", self._date(number), 10 + number, ref=f"FA{number}")
        takeover = self._read(books)
        with (
            patch("odoo.addons.recouvrement.models.fec_import.INLINE_ITEMS", 0),
            patch("odoo.addons.recouvrement.models.fec_import_items.ITEM_BATCH", 2),
        ):
            takeover.action_load()
            while len(takeover.move_ids) < 2:
                takeover._process_batch()
            self.assertEqual(takeover.state, "loading")
            self.assertLess(len(self._taken(takeover)), 7)
            with self.assertRaises(RuntimeError), self.env.cr.savepoint():
                with patch.object(
                    type(takeover), "_mark_posted", side_effect=RuntimeError
                ):
                    takeover._process_batch()
            self.env.invalidate_all()
            takeover._process_all()
        self.assertProven(takeover)
        self.assertEqual(
            self._taken(takeover).mapped("balance"), [10, 11, 12, 13, 14, 15, 16]
        )

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_posting(self):
        takeover = self._load(self._books())
        items = takeover.item_ids.sudo()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            items[0].copy({"import_id": self._read(b"").id, "role": "open"})

    @mute_logger("odoo.sql_db")
    def test_two_loads_of_a_company_do_not_run_together(self):
        one, two = self._read(self._books()), self._read(self._books())
        with patch("odoo.addons.recouvrement.models.fec_import.INLINE_ITEMS", 0):
            one.action_load()
            with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                two.action_load()

    def test_the_same_file_is_recognised(self):
        first = self._load(self._books())
        again = self._read(self._books(), file_name="copy.txt")
        self.assertEqual(again.state, "failed")
        self.assertIn(first.name, again.error)
        self.assertIn("copy.txt", again.error)

    def test_the_same_books_in_another_export_post_nothing(self):
        first = self._load(self._books())
        lines = self._taken(first)
        books = self._books()
        takeover = self._load(books.raw(encoding="utf-16le")[:0] + books.raw("latin-1"))
        self.assertProven(takeover)
        self.assertFalse(takeover.move_ids)
        self.assertEqual(self._debtor(self._partner("C1")).open_amount, 1800.5)
        self.assertEqual(lines.exists(), lines)

    def test_a_stopped_reading_is_given_up_after_a_few_attempts(self):
        takeover = self._read(self._books())
        takeover.sudo().write({"state": "analysing", "attempts": 3})
        takeover.sudo()._count_attempt()
        self.assertEqual(takeover.state, "failed")
        self.assertTrue(takeover.error)

    # ------------------------------------------------------------------
    # NUMBER OF QUERIES
    # ------------------------------------------------------------------

    def test_queries_of_a_batch_do_not_grow_with_its_items(self):
        def count(items, customers):
            books = FecBooks()
            for number in range(items):
                who = f"Q{items}-{number % customers}"
                books.sale(who, self._date(number % 300), 10, ref=f"{items}-{number}")
            takeover = self._read(books)
            with patch("odoo.addons.recouvrement.models.fec_import.INLINE_ITEMS", 0):
                takeover.action_load()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            takeover._process_all()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.assertProven(takeover)
            takeover.action_undo()
            takeover._process_all()
            return queries

        count(10, 5)
        few, many = count(40, 10), count(400, 100)
        self.assertLess(many, few * 1.5, f"{few} queries for 40 items")

    # ------------------------------------------------------------------
    # SEVERAL YEARS
    # ------------------------------------------------------------------

    def _two_years(self, detailed):
        """Last year left FA1 and FA2 open; this year FA1 is paid and FA8 is new."""
        old = self._books()
        opening_day = self.end + timedelta(days=1)
        new = FecBooks(old.names)
        lines = [
            ("C1", "1200.00", "FA1", self._date(10)),
            ("C1", "600.50", "FA2", self._date(40)),
            ("C3", "-99.99", "VIR2", self._date(70)),
        ]
        if not detailed:
            lines = [
                ("C1", "1800.50", "AN", opening_day),
                ("C3", "-99.99", "AN", opening_day),
            ]
        new.opening(opening_day, *lines)
        new.payment("C1", opening_day + timedelta(days=5), "1200.00", ref="VIR8")
        new.sale("C1", opening_day + timedelta(days=8), "40.00", ref="FA8")
        return old, new

    def test_two_years_loaded_together_count_nothing_twice(self):
        for detailed in (True, False):
            with self.subTest(detailed=detailed):
                old, new = self._two_years(detailed)
                takeover = self._load(old, new)
                self.assertProven(takeover)
                self.assertEqual(takeover.balance, 540.51)
                amounts = sorted(self._taken(takeover).mapped("balance"))
                self.assertEqual(amounts, [-99.99, 40.0, 600.5])
                takeover.action_undo()

    def test_a_newer_year_keeps_the_items_that_are_still_open(self):
        """Reminders hang on the journal item: it stays; what was paid is matched."""
        for detailed in (True, False):
            with self.subTest(detailed=detailed):
                old, new = self._two_years(detailed)
                first = self._load(old)
                kept = self._taken(first)
                second = self._load(new, file_name="FEC-new.txt")
                self.assertProven(second)
                self.assertEqual(second.posted_balance, 540.51)
                self.assertEqual(self._taken(first), kept)
                by_name = {line.name: line for line in kept}
                self.assertTrue(by_name["Ventes FA1"].reconciled)
                self.assertEqual(by_name["Ventes FA2"].amount_residual, 600.5)
                self.assertEqual(
                    sorted(self._taken(second).mapped("balance")), [-1200.0, 40.0]
                )
                self.assertEqual(self._debtor(self._partner("C1")).open_amount, 640.5)
                second.action_undo()
                self.assertFalse(by_name["Ventes FA1"].reconciled)
                first.action_undo()

    def test_a_load_is_undone_before_the_one_it_stands_on(self):
        old, new = self._two_years(True)
        first = self._load(old)
        self._load(new, file_name="FEC-new.txt")
        with self.assertRaisesRegex(UserError, "undo that one first"):
            first.action_undo()

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def test_undoing_leaves_nothing_and_the_file_can_be_loaded_again(self):
        takeover = self._load(self._books(), load_history="all")
        alpha = self._partner("C1")
        takeover.action_undo()
        takeover._process_all()
        self.assertEqual(takeover.state, "undone")
        self.assertFalse(takeover.move_ids)
        self.assertFalse(alpha.active)
        self.assertFalse(self._debtor(alpha))
        again = self._load(self._books(), file_name="again.txt")
        self.assertProven(again)
        self.assertTrue(alpha.active)
        self.assertEqual(self._partner("C1"), alpha)
        self.assertEqual(self._debtor(alpha).open_amount, 1800.5)

    def test_undoing_keeps_a_customer_that_was_invoiced_since(self):
        takeover = self._load(self._books())
        alpha = self._partner("C1")
        self._make_invoice(alpha, 50)
        takeover.action_undo()
        self.assertTrue(alpha.active)
        self.assertEqual(self._debtor(alpha).open_amount, 50)

    def test_a_payment_matched_with_an_item_stands_in_the_way_of_undoing(self):
        takeover = self._load(self._books())
        line = self._taken(takeover)[0]
        receipt = self._make_receipt(line.partner_id, 1200)
        (line | self._items(receipt.move_id)).reconcile()
        with self.assertRaisesRegex(UserError, receipt.move_id.name):
            takeover.action_undo()
        line.remove_move_reconcile()
        takeover.action_undo()
        self.assertEqual(takeover.state, "undone")

    def test_a_reminder_that_left_stands_in_the_way_of_undoing(self):
        takeover = self._load(self._books())
        debtor = self._debtor(self._partner("C1"))
        debtor.partner_id.write({"email": "alpha@example.com"})
        self._run_campaign()
        self.assertTrue(self._reminders(debtor))
        with self.assertRaisesRegex(UserError, "Alpha"):
            takeover.action_undo()

    def test_proposals_lose_the_items_of_an_undone_takeover(self):
        takeover = self._load(self._books())
        debtor = self._debtor(self._partner("C1"))
        debtor.partner_id.write({"email": "alpha@example.com"})
        self._propose()
        reminder = self._reminders(debtor)
        self.assertTrue(reminder)
        takeover.action_undo()
        self.assertEqual(takeover.state, "undone")
        self.assertEqual(reminder.state, "cancelled")

    def test_sealed_entries_are_reversed_instead_of_deleted(self):
        takeover = self._load(self._books())
        moves = takeover.move_ids
        self.company.fiscalyear_lock_date = self.end
        takeover.action_undo()
        self.assertEqual(takeover.state, "undone")
        self.assertEqual(moves.state, "posted")
        self.assertTrue(all(self._items(moves).mapped("reconciled")))
        self.assertEqual(self._debtor(self._partner("C1")).open_amount, 0)

    # ------------------------------------------------------------------
    # GUARDS
    # ------------------------------------------------------------------

    def test_options_are_frozen_once_loaded(self):
        takeover = self._load(self._books())
        with self.assertRaises(UserError):
            takeover.terms_days = 60

    def test_another_terms_asks_for_a_new_reading(self):
        takeover = self._read(self._books())
        takeover.terms_days = 45
        self.assertEqual(takeover.state, "draft")
        with self.assertRaises(UserError):
            takeover.action_load()

    def test_a_locked_takeover_date_is_refused_before_anything_is_posted(self):
        takeover = self._read(self._books())
        self.company.fiscalyear_lock_date = self.end
        with self.assertRaisesRegex(UserError, "locked"):
            takeover.action_load()
        takeover.takeover_date = self.end + timedelta(days=1)
        takeover.action_load()
        self.assertProven(takeover)
