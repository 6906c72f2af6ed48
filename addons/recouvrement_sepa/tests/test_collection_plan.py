"""Instalments of plans are collected like invoices, spread over the plan's items."""

from datetime import timedelta

from odoo.tests import freeze_time, tagged

from odoo.addons.recouvrement.tests.plan_common import PlanCommon

from .collection_common import CollectionCommon
from .mandate_common import OTHER_IBAN


@tagged("post_install", "-at_install")
class TestCollectionPlan(CollectionCommon, PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._make_debtor(
            "Plan Buyer", items=((300.0, -60), (300.0, -40), (300.0, -20))
        )
        cls._make_mandate(cls.buyer, iban=OTHER_IBAN, date_signed=cls._day(-90))
        cls.lines = cls._open_lines(cls.buyer).sorted("date_maturity")
        cls.plan = cls._accept(cls.buyer, cls.lines, first_date=cls._day(10), number=4)
        cls.installments = cls.plan.installment_ids.sorted("number")
        cls.day = cls._next_open(15)

    def _collect_until(self, days):
        until = self.installments[days - 1].date
        return self._propose_debits(until=until, date=self._next_open_after(until))

    def _next_open_after(self, day):
        return self._next_open(max((day - self.today).days, 15))

    def test_only_the_instalments_that_are_due_are_collected(self):
        collection = self._collect_until(1)
        items = collection.line_ids.item_ids
        self.assertEqual(collection.amount, 225.0)
        self.assertEqual(items.installment_id, self.installments[0])
        self.assertEqual(items.move_line_id, self.lines[0])

    def test_instalments_are_spread_over_the_oldest_items_first(self):
        collection = self._collect_until(2)
        spread = {
            (item.installment_id.number, item.move_line_id): item.amount
            for item in collection.line_ids.item_ids
        }
        first, second, _third = self.lines
        self.assertEqual(
            spread, {(1, first): 225.0, (2, first): 75.0, (2, second): 150.0}
        )
        self.assertEqual(collection.amount, 450.0)

    def test_the_next_instalment_goes_on_where_the_last_one_ends(self):
        self._collect_until(1)
        second = self._collect_until(2)
        self.assertEqual(second.amount, 225.0)
        amounts = {item.move_line_id: item.amount for item in second.line_ids.item_ids}
        self.assertEqual(amounts, {self.lines[0]: 75.0, self.lines[1]: 150.0})

    def test_what_was_paid_of_an_instalment_is_not_collected(self):
        self._pay(self.lines[0].move_id, 100.0)
        self._settle()
        self.assertEqual(self._collect_until(1).amount, 125.0)

    def test_the_items_of_a_plan_are_not_collected_as_a_whole(self):
        found = self._candidates(until=self.day, date=self.day)
        mine = found.filtered(lambda c: c.debtor_id == self.buyer)
        self.assertEqual(mine.installment_id, self.installments[0])

    def test_a_disputed_item_of_a_plan_stays_out(self):
        self.lines[0]._set_collection_status("disputed", "Test")
        found = self._candidates(until=self.day, date=self.day)
        mine = found.filtered(lambda c: c.debtor_id == self.buyer)
        self.assertEqual(mine.mapped("reason"), ["disputed"])

    def test_the_file_of_an_instalment_is_made(self):
        collection = self._collect_until(1)
        collection.action_submit()
        collection.action_generate()
        self.assertEqual(collection.state, "generated", collection.refusal_ids)

    def test_an_offer_that_nobody_accepted_is_not_collected(self):
        other = self._make_debtor("Offered", items=((500.0, -60),))
        self._make_mandate(other, iban=OTHER_IBAN, date_signed=self._day(-90))
        self._offer(other, number=2)
        found = self._candidates(until=self.day, date=self.day)
        mine = found.filtered(lambda c: c.debtor_id == other)
        self.assertEqual(mine.mapped("reason"), ["plan"])

    def test_credit_notes_do_not_shorten_instalments(self):
        self._make_credit_note(self.buyer.partner_id, 50.0)
        self.assertEqual(self._collect_until(1).amount, 225.0)

    def _returned(self, collection, day):
        """The bank books the debit on its day, then sends it back."""
        line = collection.line_ids
        day = max(day, line.date)
        with freeze_time(day):
            collection.sudo()._book()
            self.env["recouvrement.debtor"]._process_dirty()
            kept = self.installments[0].state
            line.sudo()._undo(day)
            self.env["recouvrement.debtor"]._process_dirty()
        return kept

    def test_a_returned_debit_opens_its_instalment_again(self):
        collection = self._collect_until(1)
        collection.sudo().journal_id.sepa_transit_account_id = (
            self.env["account.account"]
            .sudo()
            .create(
                {
                    "name": "Direct debits under way",
                    "code": "511400",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
        )
        collection.action_submit()
        collection.action_generate()
        collection.action_sent()
        first = self.installments[0]
        before = self.lines.mapped("amount_residual")
        kept = self._returned(collection, first.date)
        self.assertEqual(kept, "paid")
        self.assertEqual(collection.line_ids.state, "returned")
        self.assertFalse(collection.line_ids.item_ids.filtered("live"))
        self.assertEqual(self.lines.mapped("amount_residual"), before)
        self.assertEqual(first.missing_amount, 225.0)
        with freeze_time(collection.date + timedelta(days=30)):
            self.plan.sudo()._judge()
        self.assertEqual((first.state, self.plan.state), ("late", "late"))
