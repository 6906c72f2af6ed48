from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestCollectionLedger(LedgerCommon):
    """Booked on the collection date, settled by the bank, undone by a return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.debtor.partner_id
        cls.invoice = cls._make_invoice(cls.partner, 100.0, due=-20)
        cls.debtor.invalidate_recordset()
        cls.item = cls._items(cls.invoice)

    def _event(self, kind="return", charges="0"):
        return SimpleNamespace(kind=kind, charges=Decimal(charges))

    def _cron(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1
        ):
            self.collections._cron_ledger()
        self.collections.invalidate_model()

    # -- Before the date ----------------------------------------------

    def test_nothing_is_booked_before_the_collection_date(self):
        collection = self._collect([self.invoice], day=3)
        self._cron()
        self.assertFalse(collection.entry_id)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        with self.assertRaisesRegex(UserError, "nothing is booked"):
            collection.action_book()

    def test_what_was_not_sent_is_not_booked_by_the_cron(self):
        collection = self._collect([self.invoice], day=-1, state="generated")
        self._cron()
        self.assertFalse(collection.entry_id)

    # -- Booking -------------------------------------------------------

    def test_the_entry_is_dated_on_the_collection_date_and_pays_the_invoice(self):
        collection = self._collect([self.invoice], day=-2)
        self._cron()
        entry = collection.entry_id
        self.assertEqual(entry.date, self.today - timedelta(days=2))
        self.assertEqual(self.invoice.payment_state, "paid")
        rows = entry.line_ids
        self.assertEqual(
            rows.filtered(lambda x: x.account_id == self.transit).balance, 100
        )
        self.assertEqual(collection.state, "booked")
        self.assertEqual(collection.line_ids.state, "booked")
        self.assertEqual(collection.line_ids.move_id, entry)
        before = self._open(self.today - timedelta(days=3))
        self.assertEqual(before[self.item.id], 100.0)
        self.assertNotIn(self.item.id, self._open(self.today - timedelta(days=2)))

    def test_the_same_cron_twice_books_once(self):
        collection = self._collect([self.invoice])
        self._cron()
        entry = collection.entry_id
        self._cron()
        self.assertFalse(collection._book())
        self.assertEqual(collection.entry_id, entry)
        self.assertEqual(
            self.env["account.move"].search_count(
                [("sepa_collection_id", "=", collection.id)]
            ),
            1,
        )

    def test_an_item_cannot_be_booked_twice_in_the_database(self):
        collection = self._collect([self.invoice])
        collection._book()
        row = collection.entry_id.line_ids.filtered("sepa_item_id")
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"):  # noqa: B017
            with self.env.cr.savepoint():
                row.copy(
                    {"sepa_item_id": row.sepa_item_id.id, "sepa_role": "collected"}
                )
                self.env.flush_all()

    def test_a_crash_after_the_entry_leaves_nothing(self):
        collection = self._collect([self.invoice])
        line_class = type(self.env["recouvrement.sepa.collection.line"])

        def crash(*_args):
            raise ValueError("power cut")

        self.patch(line_class, "_tell_over_collected", crash)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            collection._book()
        self.env.invalidate_all()
        self.assertFalse(collection.entry_id)
        self.assertEqual(collection.state, "sent")
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_one_entry_per_collection_with_one_row_per_lot(self):
        other = self._make_invoice(self.partner, 40.0)
        collection = self._collect([self.invoice, other])
        collection.line_ids.sorted("id")[1].payment_info_id = "LOT-FRST"
        collection._book()
        rows = collection.entry_id.line_ids.filtered(lambda x: x.sepa_role == "transit")
        self.assertEqual(
            {r.sepa_payment_info: r.balance for r in rows},
            {f"{collection.name}-RCUR": 100.0, "LOT-FRST": 40.0},
        )

    def test_credit_notes_are_matched_and_are_no_receipt(self):
        note = self._make_credit_note(self.partner, 30.0)
        collection = self._collect([self.invoice | note])
        self.assertEqual(collection.line_ids.amount, 70.0)
        collection._book()
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertEqual(note.amount_residual, 0.0)
        self.assertEqual(sum(collection.transit_line_ids.mapped("balance")), 70.0)
        receipts = self.env["recouvrement.receipt"].search(
            [("move_id", "=", collection.entry_id.id)]
        )
        self.assertEqual(receipts.mapped("amount"), [70.0])
        self.assertEqual(receipts.origin, "debit")

    def test_what_was_paid_meanwhile_is_left_as_a_credit_and_told(self):
        collection = self._collect([self.invoice])
        self._pay(self.invoice, 60.0)
        collection._book()
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertEqual(collection.line_ids.over_amount, 60.0)
        row = collection.entry_id.line_ids.filtered("sepa_item_id")
        self.assertEqual(row.amount_residual, -60.0)
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "debit")]
        )
        self.assertEqual(event.amount, 60.0)

    def test_an_invoice_paid_in_full_meanwhile_leaves_all_as_a_credit(self):
        collection = self._collect([self.invoice])
        self._pay(self.invoice)
        collection._book()
        self.assertEqual(collection.line_ids.over_amount, 100.0)
        self.assertEqual(collection.state, "booked")

    def test_a_closed_period_moves_the_entry_to_the_first_open_day_and_says_so(self):
        collection = self._collect([self.invoice], day=-10)
        lock = self.today - timedelta(days=5)
        self.company.fiscalyear_lock_date = lock
        collection._book()
        self.assertEqual(collection.entry_id.date, lock + timedelta(days=1))
        self.assertIn("closed", collection.booking_note)

    def test_a_missing_account_is_said_and_does_not_stop_the_others(self):
        other_bank = self.bank.copy({"sepa_transit_account_id": False})
        broken = self._collect([self.invoice], journal_id=other_bank.id)
        other = self._make_invoice(self.partner, 40.0)
        good = self._collect([other])
        self._cron()
        self.assertTrue(good.entry_id)
        self.assertFalse(broken.entry_id)
        self.assertIn("no account", broken.booking_note)

    def test_the_entry_of_a_collection_is_not_reset(self):
        collection = self._collect([self.invoice])
        collection._book()
        with self.assertRaisesRegex(UserError, "Record the return"):
            collection.entry_id.button_draft()
        with self.assertRaisesRegex(UserError, "no longer cancelled"):
            collection._on_cancelled()

    # -- Settlement ----------------------------------------------------

    def test_the_bank_line_settles_the_collection(self):
        collection = self._collect([self.invoice])
        collection._book()
        line = self._bank_line(100.0)
        self.assertEqual(collection._settle(line), 0.0)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(collection.state, "settled")
        self.assertEqual(collection.line_ids.state, "settled")
        self.assertEqual(collection.unsettled_amount, 0.0)

    def test_the_bank_may_be_first(self):
        collection = self._collect([self.invoice], state="generated")
        line = self._bank_line(100.0)
        self.assertEqual(collection._settle(line), 0.0)
        self.assertEqual(collection.state, "settled")

    def test_charges_within_the_amount_are_booked(self):
        collection = self._collect([self.invoice])
        line = self._bank_line(98.5)
        self.assertEqual(collection._settle(line, charges=Decimal("1.5")), 0.0)
        fee = line.move_id.line_ids.filtered(lambda x: x.account_id == self.fees)
        self.assertEqual(fee.balance, 1.5)
        self.assertEqual(collection.state, "settled")
        self.assertTrue(line.is_reconciled)

    def test_several_collections_in_one_line(self):
        other = self._make_invoice(self.partner, 40.0)
        collections = self._collect([self.invoice]) | self._collect([other])
        line = self._bank_line(140.0)
        self.assertEqual(collections._settle(line), 0.0)
        self.assertEqual(collections.mapped("state"), ["settled", "settled"])

    def test_one_lot_settles_its_lot_only(self):
        other = self._make_invoice(self.partner, 40.0)
        collection = self._collect([self.invoice, other])
        collection.line_ids.sorted("id")[1].payment_info_id = "LOT-FRST"
        self.assertEqual(collection._settle(self._bank_line(40.0), ["LOT-FRST"]), 0.0)
        self.assertEqual(collection.state, "booked")
        self.assertEqual(collection.unsettled_amount, 100.0)
        collection._settle(self._bank_line(100.0), [f"{collection.name}-RCUR"])
        self.assertEqual(collection.state, "settled")

    def test_less_than_expected_is_matched_and_the_rest_stays_visible(self):
        collection = self._collect([self.invoice])
        line = self._bank_line(90.0)
        self.assertEqual(collection._settle(line), -10.0)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(collection.unsettled_amount, 10.0)
        self.assertEqual(collection.state, "booked")

    def test_more_than_expected_is_left_for_a_person(self):
        collection = self._collect([self.invoice])
        line = self._bank_line(110.0)
        self.assertEqual(collection._settle(line), 10.0)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(collection.unsettled_amount, 100.0)

    def test_one_bank_line_per_debit(self):
        other = self._make_invoice(self.partner, 40.0)
        collection = self._collect([self.invoice, other])
        first, second = collection.line_ids.sorted("id")
        lines = self._bank_line(100.0), self._bank_line(41.0)
        found = collection.line_ids._settle_each({lines[0]: first, lines[1]: second})
        self.assertEqual(found, {lines[0].id: 0.0, lines[1].id: 1.0})
        self.assertEqual(first.state, "settled")
        self.assertEqual(second.state, "booked")
        self.assertEqual(collection.unsettled_amount, 40.0)
        third = self._bank_line(40.0)
        collection.line_ids._settle_each({third: second})
        self.assertEqual(collection.state, "settled")

    def test_settled_closes_when_banks_may_not_return_it_any_more(self):
        collection = self._collect([self.invoice], day=-4)
        collection._settle(self._bank_line(100.0))
        self._cron()
        self.assertEqual(collection.state, "settled")
        self._move_on(collection, self.today - timedelta(days=20), "settled")
        self._cron()
        self.assertEqual(collection.state, "closed")

    # -- Returns -------------------------------------------------------

    def test_before_booking_a_reject_only_lets_the_item_go(self):
        collection = self._collect([self.invoice], day=3)
        line = collection.line_ids
        found = line._undo(self.today, {line.id: self._event("reject")})
        self.assertEqual(found, {line.id: self.env["account.move"]})
        self.assertEqual(line.state, "rejected")
        self.assertFalse(line.item_ids.live)
        self._move_on(collection, self.today, "sent")
        self.assertFalse(collection._book().entry_id)

    def test_a_return_opens_the_invoice_again_at_its_due_date(self):
        collection = self._collect([self.invoice], day=-5)
        collection._settle(self._bank_line(100.0, -5))
        line = collection.line_ids
        day = self.today - timedelta(days=1)
        entry = line._undo(day, {line.id: self._event()})[line.id]
        self.assertEqual(entry.date, day)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertEqual(self.item.date_maturity, self.today - timedelta(days=20))
        self.assertEqual(line.state, "returned")
        self.assertEqual(collection.entry_id.state, "posted")
        collected = collection.entry_id.line_ids.filtered("sepa_item_id")
        self.assertTrue(collected.reconciled)
        bank = self._bank_line(-100.0, -1)
        self.assertEqual(line._settle_each({bank: line}), {bank.id: 0.0})
        self.assertTrue(bank.is_reconciled)

    def test_the_balance_of_past_days_does_not_move(self):
        collection = self._collect([self.invoice], day=-5)
        collection._book()
        days = [self.today - timedelta(days=n) for n in (7, 5, 3, 2)]
        before = [sum(self._open(day).values()) for day in days]
        line = collection.line_ids
        line._undo(self.today - timedelta(days=1), {line.id: self._event()})
        after = [sum(self._open(day).values()) for day in days]
        self.assertEqual(after, before)
        self.assertEqual(self._open()[self.item.id], 100.0)

    def test_with_the_log_of_matchings_each_item_of_past_days_is_unchanged(self):
        """``recouvrement_reporting`` keeps what was undone."""
        if "recouvrement.matching.undone" not in self.env:
            self.skipTest("recouvrement_reporting is not installed")
        collection = self._collect([self.invoice], day=-5)
        collection._book()
        partial = self.item.matched_credit_ids
        self.assertEqual(partial.matching_way, "machine")
        partial.made_date = self.today - timedelta(days=5)
        days = [self.today - timedelta(days=n) for n in (7, 5, 3, 2)]
        before = [self._open(day) for day in days]
        line = collection.line_ids
        line._undo(self.today - timedelta(days=1), {line.id: self._event()})
        self.assertEqual([self._open(day) for day in days], before)

    def test_the_fee_of_a_return_is_within_the_bank_amount(self):
        collection = self._collect([self.invoice])
        collection._book()
        line = collection.line_ids
        entry = line._undo(self.today, {line.id: self._event(charges="3.00")})[line.id]
        fee = entry.line_ids.filtered(lambda x: x.account_id == self.fees)
        self.assertEqual(fee.balance, 3.0)
        bank = self._bank_line(-103.0)
        self.assertEqual(line._settle_each({bank: line}), {bank.id: 0.0})

    def test_the_same_return_twice_undoes_once(self):
        collection = self._collect([self.invoice])
        collection._book()
        line = collection.line_ids
        self.assertTrue(line._undo(self.today))
        self.assertEqual(line._undo(self.today), {})

    def test_credit_notes_are_open_again_too(self):
        note = self._make_credit_note(self.partner, 30.0)
        collection = self._collect([self.invoice | note])
        collection._book()
        collection.line_ids._undo(self.today)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertEqual(note.amount_residual, 30.0)
        mine = self.env["account.move.line"].search(
            [
                ("sepa_line_id", "=", collection.line_ids.id),
                ("sepa_item_id", "!=", False),
            ]
        )
        self.assertTrue(all(mine.mapped("reconciled")))

    def test_a_return_in_a_closed_period_goes_to_the_first_open_day(self):
        collection = self._collect([self.invoice], day=-8)
        collection._book()
        lock = self.today - timedelta(days=3)
        self.company.fiscalyear_lock_date = lock
        line = collection.line_ids
        entry = line._undo(self.today - timedelta(days=6))[line.id]
        self.assertEqual(entry.date, lock + timedelta(days=1))
        self.assertIn("first open day", entry.message_ids[0].body)
        self.assertEqual(self.invoice.amount_residual, 100.0)

    def test_a_credit_smaller_than_the_collection_undoes_the_announced_rejects(self):
        other = self._make_invoice(self.partner, 40.0)
        collection = self._collect([self.invoice, other])
        second = collection.line_ids.sorted("id")[1]
        line_class = type(second)
        self.patch(line_class, "_is_reject_announced", lambda line: line == second)
        bank = self._bank_line(100.0)
        self.assertEqual(collection._settle(bank), 0.0)
        self.assertEqual(second.state, "rejected")
        self.assertEqual(other.amount_residual, 40.0)
        self.assertEqual(collection.state, "settled")
        self.assertEqual(collection.unsettled_amount, 0.0)

    def test_a_file_refused_after_the_date_leaves_nothing_under_way(self):
        other = self._make_invoice(self.partner, 40.0)
        collection = self._collect([self.invoice, other])
        collection._book()
        lines = collection.line_ids
        refused = SimpleNamespace(kind="reject", charges=Decimal(0), booked=False)
        lines._undo(self.today, dict.fromkeys(lines.ids, refused))
        self.assertEqual(collection.unsettled_amount, 0.0)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertEqual(set(lines.mapped("state")), {"rejected"})
        self.assertEqual(collection.state, "settled")

    def test_all_rejected_before_the_date_closes_the_collection(self):
        collection = self._collect([self.invoice])
        line = collection.line_ids
        line._undo(self.today, {line.id: self._event("reject")})
        self._cron()
        self.assertEqual(collection.state, "closed")
        self.assertFalse(collection.entry_id)

    def test_books_that_are_not_in_euros_are_refused(self):
        collection = self._collect([self.invoice])
        collection.currency_id = self.env.ref("base.CHF")
        with self.assertRaisesRegex(UserError, "not in euros"):
            collection._book()

    def test_an_invoice_of_a_branch_is_paid_through_the_bank_of_its_mother(self):
        branch = self.env["res.company"].create(
            {"name": "Agence Nord", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env.user.company_id = self.company
        companies = self.company | branch
        self.partner.with_company(
            branch
        ).property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        moves = self.env["account.move"].with_context(
            allowed_company_ids=[branch.id, self.company.id]
        )
        invoice = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "company_id": branch.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Service", "price_unit": 70.0, "tax_ids": False}
                    )
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.company_id, branch)
        items = self._items(invoice.with_context(allowed_company_ids=companies.ids))
        collection = self._collect([items])
        collection._book()
        self.assertEqual(invoice.amount_residual, 0.0)
        line = collection.line_ids
        line._undo(self.today, {line.id: self._event()})
        self.assertEqual(invoice.amount_residual, 70.0)

    def test_taxes_on_receipts_are_taken_back_on_the_day_of_the_return(self):
        account = self.company_data["default_account_tax_sale"].copy(
            {"reconcile": True, "code": "445799"}
        )
        self.company.tax_exigibility = True
        tax = self.company_data["default_tax_sale"].copy(
            {
                "amount": 20.0,
                "name": "20% on receipts",
                "country_id": self.company.account_fiscal_country_id.id,
                "tax_group_id": self.env["account.tax.group"]
                .create(
                    {
                        "name": "VAT on receipts",
                        "country_id": self.company.account_fiscal_country_id.id,
                    }
                )
                .id,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": account.id,
            }
        )
        invoice = self._make_invoice(
            self.partner,
            due=-20,
            invoice_line_ids=[
                Command.create(
                    {"name": "Service", "price_unit": 100.0, "tax_ids": tax.ids}
                )
            ],
        )
        collection = self._collect([invoice], day=-6)
        collection._book()
        moves = self.env["account.move"]
        made = moves.search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
        self.assertEqual(made.date, self.today - timedelta(days=6))
        day = self.today - timedelta(days=1)
        line = collection.line_ids
        line._undo(day, {line.id: self._event()})
        back = made.reversal_move_ids
        self.assertEqual(back.mapped("date"), [day])
        self.assertEqual(invoice.amount_residual, invoice.amount_total)

    def test_what_was_collected_beyond_is_taken_back_whatever_it_paid_since(self):
        collection = self._collect([self.invoice])
        self._pay(self.invoice)
        collection._book()
        other = self._make_invoice(self.partner, 100.0)
        credit = collection.entry_id.line_ids.filtered("sepa_item_id")
        (credit | self._items(other)).reconcile()
        self.assertEqual(other.payment_state, "paid")
        collection.line_ids._undo(self.today)
        self.assertEqual(other.amount_residual, 100.0)
        self.assertEqual(self.invoice.amount_residual, 0.0)

    def test_money_that_went_back_bears_no_interest(self):
        collection = self._collect([self.invoice], day=-5)
        collection._book()
        line = collection.line_ids
        entry = line._undo(self.today)[line.id]
        back = entry.line_ids.filtered("sepa_item_id")
        found = self.env["recouvrement.interest"]._find_ids(until=self.today)
        self.assertIn(self.item.id, found)
        self.assertNotIn(back.id, found)

    # -- What others see -----------------------------------------------

    def test_an_invoice_under_way_is_not_chased(self):
        self._collect([self.invoice], day=3)
        decisions = self.env["recouvrement.dunning.decision"].with_context(
            dunning_company_ids=self.company.ids
        )
        found = decisions.search([("move_line_id", "=", self.item.id)])
        self.assertEqual(found.reason, "under_payment")
        self.assertEqual(self.invoice.sepa_debit_state, "under_way")
        self.assertIn("under way", self.invoice.sepa_debit_note)
        portal = self.debtor._get_portal_items("open")[0]
        status = {row["id"]: row["status"] for row in portal}
        self.assertEqual(status[self.item.id], "in_payment")

    def test_a_returned_invoice_is_chased_again_and_says_why(self):
        collection = self._collect([self.invoice])
        collection._book()
        collection.line_ids._undo(self.today)
        self.env.invalidate_all()
        decisions = self.env["recouvrement.dunning.decision"].with_context(
            dunning_company_ids=self.company.ids
        )
        found = decisions.search([("move_line_id", "=", self.item.id)])
        self.assertEqual(found.reason, "chase")
        self.assertEqual(self.invoice.sepa_debit_state, "returned")
        self.assertIn("returned", self.invoice.sepa_debit_note)
        moves = self.env["account.move"]
        self.assertIn(
            self.invoice, moves.search([("sepa_debit_state", "=", "returned")])
        )
        self.assertNotIn(
            self.invoice, moves.search([("sepa_debit_state", "=", "under_way")])
        )
        self.assertNotIn(self.invoice, moves.search([("sepa_debit_state", "=", False)]))

    def test_the_receipt_day_of_a_debit_is_its_date(self):
        self._collect([self.invoice], day=3)
        days = self.env["recouvrement.open.item"]._get_receipt_days(self.item.ids)
        self.assertEqual(days, {self.item.id: self.today + timedelta(days=3)})

    def test_a_promise_that_the_debit_kept_is_broken_by_the_return(self):
        with freeze_time(self.today - timedelta(days=30)):
            promise = self.debtor._make_promise(
                100.0, self.today - timedelta(days=20), self.item
            )
        collection = self._collect([self.invoice], day=-22)
        collection._book()
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(promise.state, "kept")
        collection.line_ids._undo(self.today)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(promise.state, "broken")
