"""What the ledger matched with an item: money received apart from the rest."""

from decimal import Decimal

from odoo.tests import tagged

from ..tools.matches import Match
from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestMatches(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer()
        cls.invoice = cls._make_invoice(cls.partner, 1000.0, due=-10)
        cls.item = cls._items(cls.invoice)

    def _matches(self, item=None):
        item = item or self.item
        return self.env["recouvrement.open.item"]._get_matches(item.ids).get(item.id)

    def test_an_unmatched_item_has_none(self):
        self.assertIsNone(self._matches())

    def test_receipts_are_told_from_credit_notes(self):
        credit = self._make_credit_note(self.partner, 200.0)
        (self.item | self._items(credit)).reconcile()
        self._pay(self.invoice, amount=300.0)
        self.assertEqual(
            self._matches(),
            [
                Match(self.today, Decimal("200.00"), False),
                Match(self.today, Decimal("300.00"), True),
            ],
        )

    def test_the_credit_sees_its_own_side(self):
        credit = self._make_credit_note(self.partner, 200.0)
        (self.item | self._items(credit)).reconcile()
        found = self._matches(self._items(credit))
        self.assertEqual(found, [Match(self.today, Decimal("200.00"), False)])

    def test_undone_matching_is_gone(self):
        self._pay(self.invoice)
        self.item.remove_move_reconcile()
        self.assertIsNone(self._matches())

    def test_amounts_are_in_the_currency_of_the_item(self):
        other = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        invoice = self._make_invoice(
            self._make_customer("US"), 500.0, currency_id=other.id
        )
        item = self._items(invoice)
        self._pay(invoice, amount=120.0)
        self.assertEqual(
            [match.amount for match in self._matches(item)], [Decimal("120.00")]
        )

    def test_a_thousand_items_take_one_query(self):
        items = self.item
        for _number in range(5):
            invoice = self._make_invoice(self.partner, 100.0)
            self._pay(invoice)
            items |= self._items(invoice)
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = self.env["recouvrement.open.item"]._get_matches(items.ids)
        self.assertEqual(len(found), 5)
