from datetime import date, timedelta
from decimal import Decimal
from random import Random

from odoo.tests import BaseCase, tagged

from ..demo import story

TODAY = date(2026, 6, 15)


@tagged("post_install", "-at_install")
class TestDemoStory(BaseCase):
    def test_receipts_never_exceed_the_item_nor_come_from_the_future(self):
        """Whatever the behaviour, what is paid is at most the item, until today."""
        amount = Decimal("1234.57")
        for behaviour in story.BEHAVIOURS:
            for seed in range(200):
                due = TODAY - timedelta(days=seed * 3 - 30)
                receipts = story.payments(Random(seed), behaviour, due, amount, TODAY)
                self.assertLessEqual(sum(paid for _day, paid in receipts), amount)
                self.assertTrue(
                    all(day <= TODAY and paid > 0 for day, paid in receipts)
                )

    def test_a_defaulting_customer_stops_paying(self):
        """Nothing is paid of what fell due in the last months."""
        recent = TODAY - timedelta(days=story.DEFAULT_DAYS)
        old = recent - timedelta(days=1)
        for seed in range(50):
            args = (Decimal(100), TODAY)
            self.assertEqual(story.payments(Random(seed), "default", recent, *args), [])
            self.assertTrue(story.payments(Random(seed), "default", old, *args))

    def test_invoices_are_spread_over_the_history(self):
        """As many dates as asked, in order, all within the history."""
        dates = story.invoice_dates(Random(1), 24, TODAY)
        self.assertEqual(len(dates), 24)
        self.assertEqual(dates, sorted(dates))
        self.assertGreaterEqual(dates[0], TODAY - timedelta(days=story.HISTORY_DAYS))
        self.assertLessEqual(dates[-1], TODAY)
        self.assertLess(dates[0], TODAY - timedelta(days=600))
