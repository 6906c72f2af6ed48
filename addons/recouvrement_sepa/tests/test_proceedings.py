"""Collective proceedings stop the debits of a customer; what the bank has is told."""

from odoo.tests import tagged

from .collection_common import CollectionCommon


@tagged("post_install", "-at_install")
class TestProceedings(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_told_invoice(cls.partner, 250.0, due=-5)

    def _stop(self):
        return self.debtor.sudo()._on_proceedings_opened(
            self._items(self.old), self.today, "Liquidation"
        )

    def test_a_debit_that_has_no_file_leaves_its_collection(self):
        collection = self._propose_debits()
        self.assertEqual(collection.amount, 250.0)
        stopped = self._stop()
        self.assertFalse(collection.line_ids)
        self.assertEqual((collection.amount, stopped["told"]), (0.0, []))
        self.assertEqual(self.mandate.state, "suspended")
        self.assertEqual(self.mandate.suspended_reason, "Liquidation")

    def test_what_is_in_a_file_is_told_and_stays(self):
        collection = self._propose_debits()
        collection.sudo().line_ids._set_state("presented")
        collection.sudo().state = "generated"
        stopped = self._stop()
        self.assertIn(collection.name, stopped["told"][0])
        self.assertEqual(collection.line_ids.state, "presented")

    def test_undo_resumes_the_mandates_that_it_suspended(self):
        stopped = self._stop()
        self.debtor.sudo()._on_proceedings_undone(stopped)
        self.assertEqual(self.mandate.state, "active")

    def test_a_mandate_suspended_for_another_reason_stays_so(self):
        self.mandate._suspend("Account closed")
        stopped = self._stop()
        self.debtor.sudo()._on_proceedings_undone(stopped)
        self.assertEqual(self.mandate.state, "suspended")

    def test_frozen_items_are_debited_no_more(self):
        self._stop()
        self.mandate.action_resume()
        self._items(self.old)._set_collection_status("insolvency", "Liquidation")
        self.assertEqual(self._verdict(self.old), "insolvency")
