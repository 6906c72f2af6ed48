"""Penalties and principal are two debts: no document of one closes the other."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_interest_statement import InterestStatementCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10")
class TestInterestStatementMatching(InterestStatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls._invoiced()
        cls.penalties = cls.statement.move_id

    def _match(self, *moves):
        lines = self.env["account.move.line"].union(*map(self._items, moves))
        return lines.filtered(lambda line: not line.reconciled).reconcile()

    def _residuals(self):
        return self.invoice.amount_residual, self.penalties.amount_residual

    def test_paying_the_penalties_leaves_the_principal(self):
        self._pay(self.penalties)
        self.assertEqual(self._residuals(), (1000, 0))
        self.assertEqual(self.statement.payment_state, "paid")

    def test_paying_the_principal_leaves_the_penalties(self):
        self._pay(self.invoice)
        self.assertEqual(self._residuals(), (0, 71.25))

    def test_one_payment_pays_both_each_once(self):
        payment = self._pay(self.invoice | self.penalties)
        self.assertEqual(payment.amount, 1071.25)
        self.assertEqual(self._residuals(), (0, 0))
        paid = self._items(payment.move_id).matched_debit_ids
        self.assertEqual(sorted(paid.mapped("amount")), [71.25, 1000])

    def test_a_receipt_is_matched_with_either(self):
        for document in (self.penalties, self.invoice):
            receipt = self._make_receipt(self.debtor.partner_id, 50)
            before = document.amount_residual
            self._match(receipt.move_id, document)
            with self.subTest(document=document.name):
                self.assertEqual(document.amount_residual, before - 50)

    def test_a_credit_note_of_the_principal_does_not_pay_penalties(self):
        refund = self._make_credit_note(self.debtor.partner_id, 71.25)
        with self.assertRaisesRegex(UserError, "cannot be matched"):
            self._match(refund, self.penalties)

    def test_a_credit_note_of_penalties_does_not_pay_the_principal(self):
        refund = self._credit_penalties()
        self._items(refund).remove_move_reconcile()
        with self.assertRaisesRegex(UserError, "cannot be matched"):
            self._match(refund, self.invoice)

    def _credit_penalties(self):
        refund = self.penalties._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        return refund

    def test_a_credit_note_of_penalties_pays_penalties(self):
        """Odoo matches a credit note with the invoice it was made from."""
        self._credit_penalties()
        self.assertEqual(self._residuals(), (1000, 0))

    def test_a_credit_note_of_the_principal_pays_the_principal(self):
        self._match(self._make_credit_note(self.debtor.partner_id, 400), self.invoice)
        self.assertEqual(self._residuals(), (600, 71.25))

    def test_matching_all_together_never_mixes(self):
        """Whatever order Odoo takes, the message comes before anything is mixed."""
        refund = self._make_credit_note(self.debtor.partner_id, 1050)
        with self.assertRaisesRegex(UserError, "cannot be matched"):
            self._match(refund, self.invoice, self.penalties)

    def test_the_invoice_screen_does_not_match_them_either(self):
        refund = self._make_credit_note(self.debtor.partner_id, 71.25)
        with self.assertRaisesRegex(UserError, "cannot be matched"):
            self.penalties.js_assign_outstanding_line(self._items(refund).id)

    def test_a_taken_over_credit_note_is_a_document_of_the_principal(self):
        item = self._make_opening(self.debtor.partner_id, -71.25)
        item.takeover_kind = "credit_note"
        with self.assertRaisesRegex(UserError, "cannot be matched"):
            (item | self._items(self.penalties)).reconcile()
