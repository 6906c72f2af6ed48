"""Loss rates proposed from the company's own past month-ends."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..models.impairment_history import WIDTH
from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestImpairmentRates(ClosingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.matrix = cls.env["recouvrement.impairment.matrix"]
        cls.customer = cls._make_customer()
        cls.first = fields.Date.start_of(cls.today, "month")

    def _month(self, back, day=5):
        return self.first - relativedelta(months=back) + timedelta(days=day - 1)

    def _make_past(self, months):
        """Each month an invoice of 1,000 due on the 5th: half is paid in time, 300 are
        paid 240 days later, and 200 are lost after 280."""
        for back in range(months, 0, -1):
            due = self._month(back)
            invoice = self._make_invoice(
                self.customer, 1000, due=due, invoice_date=due, date=due
            )
            self._pay(invoice, 500, day=due)
            if due + timedelta(days=240) < self.today:
                self._pay(invoice, 300, day=due + timedelta(days=240))
            if due + timedelta(days=280) < self.today:
                self._lose(invoice, 200, due + timedelta(days=280))
        self.env["recouvrement.debtor"]._process_dirty()

    def _lose(self, invoice, amount, day):
        item = self._items(invoice)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": self._account("654").id, "balance": amount}
                    ),
                    Command.create(
                        {
                            "account_id": item.account_id.id,
                            "partner_id": item.partner_id.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (item | self._items(entry)).reconcile()

    def _expected(self, days):
        """The same figures from the open items of each day, one by one."""
        found = defaultdict(Decimal)
        for day in days:
            lines = self.env["recouvrement.open.item"]._open_lines_sql(
                day, SQL("l.company_id = %s", self.company.id)
            )
            for due, residual in self.env.execute_query(
                SQL("SELECT date_due, residual FROM (%s) o WHERE residual > 0", lines)
            ):
                late = (day - due).days
                months = 0 if late <= 0 else min((late - 1) // 30 + 1, WIDTH - 1)
                found[day, months] += Decimal(str(residual))
        return dict(found)

    def _read(self, days):
        found = defaultdict(Decimal)
        rows = self.matrix._read_amounts(self.company, days)
        for day, _segment, months, amount in rows:
            found[day, months] += Decimal(str(amount))
        return dict(found)

    def test_one_reading_gives_the_open_items_of_each_month_end(self):
        """Paid in part, credited, paid before it was due, on the very last day of a
        month, matched later than paid, never paid, a free receipt."""
        self._make_past(4)
        end = self._month(2, 1) - timedelta(days=1)
        on_last_day = self._make_invoice(self.customer, 700, due=self._month(4))
        self._pay(on_last_day, day=end)
        early = self._make_invoice(self.customer, 80, due=self._month(1, 28))
        self._pay(early, day=self._month(2))
        credited = self._make_invoice(self.customer, 90, due=self._month(3))
        credit = self._make_credit_note(self.customer, 60)
        self._items(credited | credit).reconcile()
        self._make_opening(self.customer, 400, due=self._month(3, 20))
        self._make_receipt(self.customer, 33, day=self._month(2))
        self.env.flush_all()
        days = self.matrix._get_month_ends(self.company)
        self.assertGreaterEqual(len(days), 4)
        self.assertEqual(self._read(days), self._expected(days))

    def test_rates_are_proposed_where_the_past_is_long_enough(self):
        self._make_past(18)
        self.matrix.action_propose()
        rows = self.matrix.search(
            [("company_id", "=", self.company.id), ("has_proposal", "=", True)]
        )
        overall = {
            row.age_bucket: row.proposed_rate for row in rows if not row.segment_id
        }
        self.assertIn("1_30", overall)
        # What is older is lost at least as often.
        order = ["0_not_due", "1_30", "31_60", "61_90", "91_180", "over_180"]
        rates = [overall[age] for age in order if age in overall]
        self.assertEqual(rates, sorted(rates))
        self.assertTrue(all(0 < rate < 100 for rate in rates))
        # What left the last bucket up to the last month-end: 300 paid, 200 lost each.
        dues = [self._month(back) for back in range(1, 19)]
        paid, lost = (
            each * sum(due + timedelta(days=days) < self.first for due in dues)
            for each, days in ((300, 240), (200, 280))
        )
        self.assertAlmostEqual(
            overall["over_180"], 100 * lost / (paid + lost), places=2
        )
        self.assertTrue(rows[0].proposal_note)

    def test_a_short_past_proposes_nothing_and_says_so(self):
        self._make_past(3)
        action = self.matrix.action_propose()
        self.assertFalse(
            self.matrix.search(
                [("company_id", "=", self.company.id), ("has_proposal", "=", True)]
            )
        )
        self.assertIn("Nothing is proposed", action["params"]["message"])

    def test_a_company_without_receivables_proposes_nothing(self):
        self.assertFalse(self.matrix._get_history(self.company))

    def test_the_rates_in_force_are_not_touched(self):
        row = self.matrix.create(
            {"company_id": self.company.id, "age_bucket": "1_30", "rate": 12.5}
        )
        self._make_past(18)
        self.matrix.action_propose()
        self.assertEqual(row.rate, 12.5)
        self.assertTrue(row.has_proposal)

    def test_collectors_propose_nothing(self):
        with self.assertRaises(AccessError):
            self.matrix.with_user(self.collector).action_propose()
