"""The balance printed today for a past day is the one printed on that day."""

from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import AgedBalanceCommon

THEN = date(2025, 12, 31)


@tagged("post_install", "-at_install")
class TestAgedBalanceSameLater(AgedBalanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        cls.alpha = cls._make_customer("Alpha")
        cls.beta = cls._make_customer("Beta")
        with freeze_time("2025-11-10"):
            cls.today = date(2025, 11, 10)
            cls.invoices = {
                amount: cls._make_invoice(partner, amount, due, **values)
                for partner, amount, due, values in (
                    (cls.alpha, 100.0, -60, {}),
                    (cls.alpha, 200.0, -20, {}),
                    (cls.alpha, 300.0, 70, {}),
                    (cls.beta, 400.0, -200, {}),
                    (cls.beta, 500.0, 5, {}),
                    (cls.beta, 640.0, -10, {"currency_id": cls.franc.id}),
                )
            }
            cls.receipt = cls._make_receipt(cls.alpha, 120)
            cls.other_receipt = cls._make_receipt(cls.beta, 150)
        with freeze_time("2025-12-20"):
            cls.today = date(2025, 12, 20)
            cls._match(cls.invoices[100.0], cls.receipt)
            cls._match(cls.invoices[400.0], cls.other_receipt)
            cls._pay(cls.invoices[500.0], amount=100)
            cls._pay(cls.invoices[640.0], amount=240)

    def setUp(self):
        super().setUp()
        type(self).today = date(2025, 12, 20)

    @classmethod
    def _match(cls, *documents):
        lines = cls.env["account.move.line"]
        for document in documents:
            move = document if document._name == "account.move" else document.move_id
            lines |= cls._items(move)
        lines.reconcile()

    @classmethod
    def _unmatch(cls, move):
        cls._items(move).remove_move_reconcile()

    def _print(self, day=THEN):
        """Everything that is printed of several balances of a day."""
        self.env.invalidate_all()
        return [
            self._snapshot(day, **options)
            for options in (
                {},
                {"unit": "months", "bounds": [1, 2, 3], "credits": "bucket"},
                {"base": "document"},
                {"currency": "transaction", "group_by": "parent"},
            )
        ]

    def _on(self, day):
        """The day goes on; what is done counts from it."""
        type(self).today = day
        return freeze_time(day.isoformat())

    def _check_same(self, before, day=THEN):
        self.assertEqual(self._print(day), before)
        self.assertTrue(self.balance.get_tie_out({"as_of": str(day)})["is_tied"])

    def test_the_balance_stays_whatever_happens_later(self):
        invoices = self.invoices
        with self._on(THEN):
            before = self._print()
        self.assertTrue(before[0]["rows"])
        with self._on(date(2026, 1, 15)):
            self._pay(invoices[300.0])
            self._make_credit_note(self.beta, 80)
            self._check_same(before)
        with self._on(date(2026, 2, 3)):
            reversal = invoices[400.0]._reverse_moves(
                [{"date": date(2026, 2, 3), "invoice_date": date(2026, 2, 3)}]
            )
            reversal.action_post()
            self._check_same(before)
        with self._on(date(2026, 2, 10)):
            # The receipt was for another invoice.
            self._unmatch(invoices[100.0])
            self._check_same(before)
            self._match(invoices[200.0], self.receipt)
            self._check_same(before)
        with self._on(date(2026, 2, 12)):
            self._unmatch(invoices[200.0])
            self._match(invoices[100.0], self.receipt)
            self._check_same(before)
        with self._on(date(2026, 3, 2)):
            self._items(invoices[500.0]).date_maturity = date(2026, 6, 30)
            self._check_same(before)
        with self._on(date(2026, 3, 20)):
            self._items(invoices[500.0]).date_maturity = date(2026, 1, 5)
            self._items(invoices[300.0]).date_maturity = date(2025, 10, 5)
            self._check_same(before)
            self._unmatch(invoices[400.0])
            self._unmatch(invoices[500.0])
            self._pay(invoices[200.0])
            self._check_same(before)

    def test_each_day_keeps_the_balance_it_had(self):
        """A matching that is undone and made again, day after day."""
        printed = {}
        start = date(2026, 1, 1)
        steps = {
            3: lambda: self._unmatch(self.invoices[100.0]),
            5: lambda: self._match(self.invoices[200.0], self.receipt),
            8: lambda: self._unmatch(self.invoices[200.0]),
            9: lambda: self._match(self.invoices[100.0], self.receipt),
            11: lambda: self._items(self.invoices[300.0]).write(
                {"date_maturity": date(2025, 11, 1)}
            ),
            13: lambda: self._pay(self.invoices[200.0], amount=50),
        }
        for number in range(16):
            day = start + timedelta(days=number)
            with self._on(day):
                steps.get(number, lambda: None)()
                self.env.flush_all()
                printed[day] = self._print(day)
        with self._on(date(2026, 5, 1)):
            for day, before in printed.items():
                with self.subTest(day=day):
                    self._check_same(before, day)

    def test_the_history_says_what_each_month_end_said(self):
        with self._on(date(2026, 2, 10)):
            self._unmatch(self.invoices[100.0])
            self._match(self.invoices[200.0], self.receipt)
            self._items(self.invoices[500.0]).date_maturity = date(2026, 6, 30)
        with self._on(date(2026, 4, 7)):
            history = self.balance.get_history({"as_of": "2026-04-07"})
            for place, day in enumerate(history["days"]):
                totals = self._read(as_of=day)["totals"]
                expected = totals[0]["amounts"] if totals else [0] * 7
                with self.subTest(day=day):
                    self.assertEqual(
                        [one["amounts"][place] for one in history["series"]], expected
                    )

    def test_a_matching_undone_on_the_day_it_was_made_never_held(self):
        with self._on(date(2026, 1, 20)):
            before = self._print(date(2026, 1, 20))
            receipt = self._make_receipt(self.beta, 33, day=-30)
            self._match(self.invoices[500.0], receipt)
            logged = self.env["recouvrement.matching.undone"].search_count([])
            self._unmatch(self.invoices[500.0])
            found = self.env["recouvrement.matching.undone"].search([])
            # The one of December is kept, that of the same day is not.
            self.assertEqual(len(found) - logged, 1)
            self.assertEqual(found[0].amount, 100)
            self.assertTrue(before)

    def test_an_entry_taken_out_of_the_ledger_takes_its_matchings_along(self):
        with self._on(date(2026, 1, 20)):
            payment = self.other_receipt
            payment.action_draft()
            payment.move_id.unlink()
            self.assertTrue(self.balance.get_tie_out({"as_of": str(THEN)})["is_tied"])
            self.assertEqual(self._rows(as_of=str(THEN))["Beta"]["5"], 400)

    def test_what_was_undone_is_seen_but_not_changed(self):
        with self._on(date(2026, 1, 20)):
            self._unmatch(self.invoices[100.0])
        undone = self.env["recouvrement.matching.undone"].search([])
        self.assertEqual(
            (undone.date_from, undone.date_to, undone.amount),
            (date(2025, 12, 20), date(2026, 1, 20), 100),
        )
        auditor = self._make_user("auditor")
        self.assertEqual(undone.with_user(auditor).amount, 100)
        with self.assertRaises(AccessError):
            undone.with_user(auditor).write({"amount": 1})
