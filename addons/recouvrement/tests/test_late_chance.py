"""The chance of a late payment: silent without enough past, measured on later invoices,
of companies only, read from the ledger as a person would read it."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import late_reading
from .common import RecouvrementCommon

SMALL = {"LEAST_TESTED": 8, "LEAST_OF_EACH": 4}
LATE_DAYS = {"Prompt SAS": -3, "Tardif SARL": 25, "Jeanne Petit": 25}


@tagged("post_install", "-at_install")
class TestLateChance(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.env["recouvrement.late.model"].sudo()
        cls.customers = {
            name: cls._make_customer(name, is_company=name != "Jeanne Petit")
            for name in LATE_DAYS
        }
        for name, customer in cls.customers.items():
            for number in range(16):
                due = -400 + 22 * number
                invoice = cls._make_invoice(customer, 500 + 10 * number, due=due)
                cls._pay(invoice, day=due + LATE_DAYS[name])
        cls.open = {
            name: cls._make_invoice(customer, 1000, due=20)
            for name, customer in cls.customers.items()
        }
        cls.env["recouvrement.debtor"]._refresh_totals()

    def _learn(self, **least):
        with patch.multiple(late_reading, **(least or SMALL)):
            return self.late._learn(self.company)

    def _item(self, name):
        return self.env["recouvrement.open.item"].search(
            [("move_id", "=", self.open[name].id)]
        )

    def test_without_enough_invoices_nothing_is_said(self):
        model = self.late._learn(self.company)
        self.assertEqual((model.state, model.silence), ("silent", "few"))
        self.assertFalse(model.groups)
        self.assertFalse(self._item("Tardif SARL").late_chance)
        self.assertFalse(
            self.env["recouvrement.open.item"].search([("late_chance", ">", 0)])
        )

    def test_who_paid_late_is_likelier_to(self):
        model = self._learn()
        self.assertEqual(model.state, "shown", model.silence)
        slow, quick = self._item("Tardif SARL"), self._item("Prompt SAS")
        self.assertGreater(slow.late_chance, 50)
        self.assertLess(quick.late_chance, 50)
        self.assertAlmostEqual(
            slow.late_amount,
            self.company.currency_id.round(
                slow.amount_residual * slow.late_chance / 100
            ),
            places=2,
        )
        self.assertEqual(model.item_count, 2)
        action = model.action_open_items()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, slow | quick)

    def test_its_worth_is_measured_on_later_invoices(self):
        model = self._learn()
        self.assertEqual(model.auc, 1.0, "nothing else tells them apart here")
        self.assertLess(model.brier, model.brier_plain)
        self.assertEqual(sum(g["number"] for g in model.groups), model.tested_count)
        self.assertIn("%", model.calibration)
        self.assertEqual(set(model.weights), set(late_reading.FEATURES))
        rows = self.late._read_past(self.company, self.today)
        tested = [row for row in rows if row["issued"] >= model.cutoff]
        tested = [row for row in tested if row["date_due"] < self.today]
        self.assertEqual(model.tested_count, len(tested))
        learnt = [row for row in rows if row["date_due"] < model.cutoff]
        self.assertEqual(model.learnt_count, len(learnt))

    def test_a_natural_person_is_neither_learnt_from_nor_judged(self):
        self._learn()
        self.assertFalse(self._item("Jeanne Petit").late_chance)
        ids = {row["id"] for row in self.late._read_past(self.company, self.today)}
        lines = self.env["account.move.line"].browse(ids)
        self.assertNotIn(self.customers["Jeanne Petit"], lines.partner_id)

    def test_what_is_known_on_the_day_of_issue_is_what_the_ledger_knew_then(self):
        """An independent reading, invoice by invoice."""
        self._make_invoice(self.customers["Tardif SARL"], 300, due=-90)
        self.env.flush_all()
        rows = self.late._read_past(self.company, self.today)
        lines = {
            line.id: line
            for line in self.env["account.move.line"].browse(
                [row["id"] for row in rows]
            )
        }
        for row in rows:
            line = lines[row["id"]]
            mine = [one for one in lines.values() if one.partner_id == line.partner_id]
            expected = self._read_slowly(mine, line.move_id.invoice_date)
            found = tuple(
                row[name]
                for name in ("known", "late_before", "settled", "days", "overdue")
            )
            self.assertEqual(found, expected, line.move_id.name)

    @staticmethod
    def _read_slowly(lines, day):
        known = late = settled = days = overdue = 0
        for line in lines:
            due = line.date_maturity
            paid = max(line.matched_credit_ids.mapped("max_date"), default=date.max)
            paid = paid if line.reconciled else date.max
            if paid < day:
                settled += 1
                days += (paid - due).days
            if due + timedelta(days=1) < day and paid > due:
                known += 1
                late += 1
                overdue += paid >= day
            elif paid < day:
                known += 1
        return known, late, settled, days, overdue

    def test_an_invoice_that_a_credit_note_settled_says_nothing(self):
        invoice = self._make_invoice(self.customers["Prompt SAS"], 700, due=-60)
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.action_post()
        lines = (invoice | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.assertTrue(all(lines.mapped("reconciled")))
        self.env.flush_all()
        ids = {row["id"] for row in self.late._read_past(self.company, self.today)}
        self.assertFalse(ids & set(lines.ids))

    def test_a_chance_ends_with_the_payment_and_with_the_due_date(self):
        self._learn()
        item = self._item("Tardif SARL")
        self._pay(self.open["Tardif SARL"], day=0)
        self.env.flush_all()
        self.assertFalse(item.exists() and self._item("Tardif SARL"))
        quick = self.open["Prompt SAS"].line_ids.filtered("date_maturity")
        quick.date_maturity = self.today - timedelta(days=1)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self._item("Prompt SAS").late_chance)

    def test_the_night_twice_keeps_one(self):
        first = self._learn()
        second = self._learn()
        self.assertFalse(first.exists())
        mine = self.late.search([("company_id", "=", self.company.id)])
        self.assertEqual(mine.filtered("is_current"), second)
        self.assertEqual(len(mine), 1)
        second.date = self.today.replace(day=1) - timedelta(days=1)
        third = self._learn()
        self.assertTrue(second.exists(), "the last one of another month is kept")
        self.assertFalse(second.is_current)
        self.assertTrue(third.is_current)

    def test_receipts_that_are_not_matched_make_it_silent(self):
        with patch.object(type(self.late), "_read_matched", lambda *_args: 40.0):
            model = self._learn()
        self.assertEqual((model.state, model.silence), ("silent", "unmatched"))
        self.assertTrue(model.groups, "what was measured is still told")
        self.assertFalse(self._item("Tardif SARL").late_chance)

    def test_queries_do_not_follow_the_invoices(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._learn()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(6):
            invoice = self._make_invoice(
                self.customers["Prompt SAS"], 100, due=-30 + number
            )
            self._pay(invoice, day=-30 + number)
            self._make_invoice(self.customers["Tardif SARL"], 100, due=10 + number)
        self.env.flush_all()
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertLessEqual(count(), few)
