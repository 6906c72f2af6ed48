"""The ledger closes disputes and opens them again; outcomes that people give."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeLedger(DisputeCommon):
    # ------------------------------------------------------------------
    # CLOSED BY THE LEDGER
    # ------------------------------------------------------------------

    def test_a_payment_closes_it_as_paid(self):
        dispute = self._open((self.big, None))
        self._pay(self.big.move_id)
        self._process()
        self.assertRecordValues(
            dispute,
            [{"state": "closed", "outcome": "paid", "closed_by_ledger": True}],
        )
        self.assertEqual(dispute.stage_id.code, "closed")
        self.assertFalse(dispute.activity_ids)

    def test_a_credit_note_of_the_disputed_part_closes_it_as_founded(self):
        dispute = self._open((self.big, 300))
        self._credit(self.big.move_id, 300)
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "founded"}])
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_a_smaller_credit_note_leaves_the_rest_in_dispute(self):
        dispute = self._open((self.big, 300))
        self._credit(self.big.move_id, 100)
        self.assertEqual(dispute.state, "open")
        self.assertEqual(dispute.amount_open_company, 200)
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_it_opens_again_when_the_payment_bounces(self):
        dispute = self._open((self.big, None))
        self._pay(self.big.move_id)
        self._process()
        self.assertEqual(dispute.state, "closed")
        self.big.remove_move_reconcile()
        self._process()
        self.assertEqual(dispute.state, "open")
        self.assertFalse(dispute.outcome)
        self.assertEqual(self.big.collection_status, "disputed")

    def test_a_credit_note_matched_before_the_dispute_does_not_count(self):
        self._credit(self.big.move_id, 200)
        dispute = self._open((self.big, 300))
        self.assertEqual(dispute.amount_open_company, 300)
        self._credit(self.big.move_id, 300)
        self.assertEqual(dispute.state, "closed")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 500)

    def test_an_invoice_that_is_cancelled_closes_it(self):
        dispute = self._open((self.big, None))
        self.big.move_id.button_draft()
        self._process()
        self.env["recouvrement.dispute"].sudo()._judge_stale()
        self.assertEqual(dispute.state, "open", "A draft is being corrected")
        self.big.move_id.button_cancel()
        self.env["recouvrement.dispute"].sudo()._judge_stale()
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "founded"}])

    def test_of_two_items_the_one_that_is_paid_is_freed(self):
        dispute = self._open((self.big, None), (self.small, None))
        self._pay(self.small.move_id)
        self._process()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(dispute.amount_open_company, 1000)

    # ------------------------------------------------------------------
    # OUTCOMES
    # ------------------------------------------------------------------

    def test_founded_drafts_a_credit_note_that_closes_it_when_posted(self):
        dispute = self._open((self.big, 300))
        draft = dispute._conclude("founded", "Price list of June")
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.amount_total, 300)
        self.assertIn("Price list of June", draft.ref)
        self.assertEqual(draft.reversed_entry_id, self.big.move_id)
        self.assertEqual((dispute.state, dispute.stage_id.code), ("open", "credit"))
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)
        draft.action_post()
        self._process()
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "founded"}])
        self.assertEqual(self.big.amount_residual, 700)
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_a_credit_note_goes_to_the_dispute_it_was_made_for(self):
        first = self._open((self.big, 300))
        second = self._open((self.big, 200), code="quantity")
        second._conclude("founded", "Two were missing").action_post()
        self._process()
        self.assertEqual(first.amount_open_company, 300)
        self.assertEqual(second.state, "closed")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 500)

    def test_founded_in_part_chases_the_rest_at_once(self):
        dispute = self._open((self.big, None))
        draft = dispute._conclude(
            "partly", "Half of it", accepted={dispute.line_ids.id: 250}
        )
        self.assertEqual(draft.amount_total, 250)
        self.assertEqual(self.big.collection_status, "to_chase")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 750)
        draft.action_post()
        self._process()
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "partly"}])
        self.assertEqual(self._asked(self.debtor)[self.big.id], 750)

    def test_no_more_than_what_is_disputed_is_accepted(self):
        dispute = self._open((self.big, 300))
        with self.assertRaises(UserError):
            dispute._conclude("partly", "x", accepted={dispute.line_ids.id: 301})

    def test_a_new_invoice_comes_with_a_whole_credit_note(self):
        dispute = self._open((self.big, None), code="invoice_error")
        drafts = dispute._conclude("reinvoice", "Wrong address")
        self.assertEqual(
            sorted(drafts.mapped("move_type")), ["out_invoice", "out_refund"]
        )
        dispute.credit_move_ids.action_post()
        self._process()
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "reinvoice"}])
        self.assertTrue(self.big.reconciled)
        self.assertEqual(dispute.reinvoice_move_ids.state, "draft")
        self.assertEqual(dispute.reinvoice_move_ids.amount_total, 1000)

    def test_unfounded_goes_on_at_the_level_that_was_reached(self):
        self._run_campaign()
        sent = self._reminders(self.debtor)
        sent.filtered(lambda r: r.state != "sent")._confirm_sent()
        reached = max(sent.mapped("rank"))
        dispute = self._open((self.big, None))
        dispute._conclude("unfounded", "Signed delivery note")
        self.assertRecordValues(dispute, [{"state": "closed", "outcome": "unfounded"}])
        self.assertEqual(self.big.collection_status, "to_chase")
        item = self.env["recouvrement.open.item"].browse(self.big.id)
        self.assertEqual(item.reached_rank, reached)
        later = self._decisions(self.debtor, day=40).filtered(
            lambda d: d.id == self.big.id
        )
        self.assertEqual((later.role, later.rank), ("chase", reached + 1))

    def test_a_decision_is_taken_back_while_nothing_was_posted(self):
        dispute = self._open((self.big, 300))
        draft = dispute._conclude("founded", "Right")
        dispute.action_undo_decision()
        self.assertFalse(draft.exists())
        self.assertFalse(dispute.outcome)
        self.assertEqual(dispute.state, "open")
        dispute._conclude("founded", "Right after all").action_post()
        with self.assertRaises(UserError):
            dispute.action_undo_decision()

    def test_a_deleted_draft_asks_for_a_decision_again(self):
        dispute = self._open((self.big, 300))
        dispute._conclude("founded", "Right").unlink()
        self.env["recouvrement.dispute"].sudo()._return_lost()
        self.assertFalse(dispute.outcome)
        self.assertEqual(dispute.stage_id.code, "answered")

    def test_a_closed_dispute_opens_again_by_hand(self):
        dispute = self._open((self.big, None))
        dispute._conclude("abandoned", "Too small")
        self.assertEqual(self.big.collection_status, "to_chase")
        dispute.action_open_again()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.big.collection_status, "disputed")
        with self.assertRaises(UserError):
            dispute.action_open_again()

    def test_a_reason_is_asked_for(self):
        dispute = self._open((self.big, None))
        with self.assertRaisesRegex(UserError, "Say why"):
            dispute._conclude("unfounded", "  ")

    def test_what_is_excluded_stays_so_after_the_dispute(self):
        self.big._set_collection_status("excluded", "Settled by barter")
        dispute = self._open((self.big, None))
        self.assertEqual(self.big.collection_status, "excluded")
        dispute._conclude("unfounded", "No")
        self.assertEqual(self.big.collection_status, "excluded")


@tagged("post_install", "-at_install")
class TestDraftCredit(DisputeCommon):
    """Credit notes by amount, with several taxes, to the cent."""

    def _invoice_with_taxes(self):
        country = self.company.account_fiscal_country_id
        group = self.env["account.tax.group"].create(
            {"name": "Test", "country_id": country.id}
        )
        rates = {
            rate: self.env["account.tax"].create(
                {
                    "name": f"Test {rate}",
                    "amount": rate,
                    "type_tax_use": "sale",
                    "country_id": country.id,
                    "tax_group_id": group.id,
                }
            )
            for rate in (20, 5.5)
        }
        return self._make_invoice(
            self.partner,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": f"At {rate}",
                        "quantity": 3,
                        "price_unit": price,
                        "tax_ids": tax.ids,
                    }
                )
                for (rate, tax), price in zip(
                    rates.items(), (33.33, 17.17), strict=True
                )
            ],
        )

    def test_every_amount_is_reached_to_the_cent(self):
        invoice = self._invoice_with_taxes()
        for amount in (0.01, 0.03, 10, 33.33, 77.77, 100.01, invoice.amount_total):
            with self.subTest(amount=amount):
                credit = invoice._recouvrement_draft_credit(amount=amount, reason="x")
                self.assertEqual(credit.amount_total, amount)
                self.assertEqual(credit.state, "draft")

    def test_each_tax_gets_its_share(self):
        invoice = self._invoice_with_taxes()
        credit = invoice._recouvrement_draft_credit(amount=invoice.amount_total / 2)
        taxes = invoice.line_ids.filtered("tax_line_id")
        for line in taxes:
            share = credit.line_ids.filtered(
                lambda one, tax=line.tax_line_id: one.tax_line_id == tax
            )
            self.assertAlmostEqual(
                abs(share.amount_currency), abs(line.amount_currency) / 2, delta=0.02
            )

    def test_chosen_lines_are_credited_as_they_were_invoiced(self):
        invoice = self._invoice_with_taxes()
        line = invoice.invoice_line_ids[0]
        credit = invoice._recouvrement_draft_credit(lines=line, reason="Not delivered")
        self.assertEqual(len(credit.invoice_line_ids), 1)
        self.assertEqual(credit.amount_total, line.price_total)

    def test_too_much_or_a_draft_is_refused(self):
        invoice = self._invoice_with_taxes()
        with self.assertRaises(UserError):
            invoice._recouvrement_draft_credit(amount=invoice.amount_total + 0.01)
        draft = self._make_invoice(self.partner, post=False)
        with self.assertRaises(UserError):
            draft._recouvrement_draft_credit()

    def test_another_currency_keeps_its_own(self):
        foreign = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        invoice = self._make_invoice(self.partner, 800, currency_id=foreign.id)
        dispute = self._open((self._items(invoice), 123.45))
        draft = dispute._conclude("founded", "x")
        self.assertEqual((draft.currency_id, draft.amount_total), (foreign, 123.45))
        draft.action_post()
        self._process()
        self.assertEqual(dispute.state, "closed")
