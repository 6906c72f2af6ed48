"""Amendments travel with collections: carried, acquired, or sent again."""

from odoo.tests import tagged

from .collection_common import CollectionCommon
from .mandate_common import OTHER_IBAN


@tagged("post_install", "-at_install")
class TestAmendmentCarry(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate._note_presented([(cls.mandate.id, cls._day(-20))])
        cls.amendment = cls.mandate._amend("account", OTHER_IBAN, "New bank")
        cls._make_told_invoice(cls.partner, 100.0)

    def _collected(self, state="generated"):
        collection = self._collect(state)
        return collection, collection.line_ids

    def test_the_next_file_tells_it_once(self):
        collection, line = self._collected()
        self.assertEqual(line.mandate_id, self.mandate)
        self.assertIn(b"SMNDA", collection.file_id.raw)
        self.assertRecordValues(self.amendment, [{"state": "sent", "line_id": line.id}])
        self.assertFalse(self.mandate._get_pending_amendment())

    def test_a_debit_that_was_paid_acquires_it(self):
        _collection, line = self._collected()
        line._set_state("booked")
        self.assertEqual(self.amendment.state, "sent")
        line._set_state("settled")
        self.assertEqual(self.amendment.state, "acquired")

    def test_a_rejected_debit_has_it_sent_again(self):
        _collection, line = self._collected()
        self.env["recouvrement.sepa.amendment"]._fall_back(line)
        self.assertRecordValues(
            self.amendment, [{"state": "to_resend", "line_id": False}]
        )
        self.assertTrue(self.mandate._get_pending_amendment())

    def test_a_cancelled_collection_has_it_sent_again(self):
        collection, _line = self._collected()
        collection._cancel("Wrong day")
        self.assertEqual(self.amendment.state, "to_resend")
        self.assertEqual(self.mandate.collection_count, 1)

    def test_many_lines_take_one_statement(self):
        _collection, lines = self._collected()
        amendments = self.env["recouvrement.sepa.amendment"]
        for method in (amendments._acquire, amendments._fall_back, amendments._carry):
            self.env.flush_all()
            with self.subTest(method=method.__name__), self.assertQueryCount(1):
                method(lines)
