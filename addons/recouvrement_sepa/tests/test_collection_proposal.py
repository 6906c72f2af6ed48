"""What a collection takes, what it leaves out, and why."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools import target_calendar
from .collection_common import CollectionCommon
from .mandate_common import OTHER_IBAN


@tagged("post_install", "-at_install")
class TestCollectionProposal(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_told_invoice(cls.partner, 250.0, due=-5)

    def test_a_due_invoice_under_a_mandate_is_collected(self):
        self.assertEqual(self._verdict(self.old), "collect")
        collection = self._propose_debits()
        line = collection.line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "mandate_id": self.mandate.id,
                    "amount": 250.0,
                    "rum": self.mandate.name,
                    "iban": self.mandate.iban,
                    "state": "planned",
                    "live": True,
                    "sequence_type": "RCUR",
                    "date": self.later,
                    "prenotified_on": self._day(-40),
                    "attempt": 1,
                    "remittance": self.old.name,
                }
            ],
        )
        self.assertRecordValues(
            line.item_ids,
            [{"move_line_id": self._items(self.old).id, "amount": 250.0, "live": True}],
        )
        self.assertEqual((collection.amount, collection.count), (250.0, 1))

    def test_one_debit_carries_all_that_one_mandate_pays(self):
        self._make_told_invoice(self.partner, 100.0, due=-2)
        line = self._propose_debits().line_ids
        self.assertEqual(len(line), 1)
        self.assertEqual(line.amount, 350.0)
        self.assertEqual(len(line.item_ids), 2)

    def test_what_falls_due_later_is_left_out(self):
        later = self._make_told_invoice(self.partner, 100.0, due=60)
        self.assertIsNone(self._verdict(later))
        self.assertEqual(self._verdict(later, until=self._day(60)), "collect")

    def test_only_what_is_left_of_a_partly_paid_invoice_is_collected(self):
        self._pay(self.old, 100.0)
        self.assertEqual(self._propose_debits().amount, 150.0)

    def test_a_customer_that_was_not_told_early_enough_waits(self):
        fresh = self._make_invoice(self.partner, 80.0, due=0)
        self.assertEqual(self._verdict(fresh), "prenotice")
        self.mandate.prenotification_days = 1
        self.assertEqual(self._verdict(fresh), "collect")

    def test_what_a_dispute_holds_whole_is_told_as_disputed(self):
        """Not as « already in a collection », though nothing of it is free."""
        if "recouvrement.dispute" not in self.env:
            self.skipTest("disputes are an addon of their own")
        item = self._items(self.old)
        self._debtor(self.partner)._open_dispute(
            [(item, None)], "price", "Too dear", user_id=False
        )
        self.assertEqual(self._verdict(self.old), "disputed")

    def test_disputed_and_other_marks_stay_out_with_their_reason(self):
        item = self._items(self.old)
        for mark in ("disputed", "litigation", "insolvency", "to_verify", "promised"):
            item._set_collection_status(mark, "Test")
            self.assertEqual(self._verdict(self.old), mark)
        item._set_collection_status("excluded", "Test")
        self.assertEqual(self._verdict(self.old), "excluded")

    def test_a_debtor_on_hold_is_not_debited(self):
        self.debtor._hold(self._day(10), "Asked by the customer")
        self.assertEqual(self._verdict(self.old), "held")

    def test_an_invoice_blocked_by_hand_stays_out(self):
        self.old.action_toggle_block_payment()
        self.assertEqual(self._verdict(self.old), "excluded")

    def test_a_foreign_currency_is_not_collected(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        foreign = self._make_told_invoice(self.partner, 90.0, currency_id=dollar.id)
        self.assertEqual(self._verdict(foreign), "currency")
        self.assertEqual(self._propose_debits().amount, 250.0)

    def test_the_state_of_the_mandate_is_told(self):
        self.mandate._suspend("Test")
        self.assertEqual(self._verdict(self.old), "mandate_suspended")
        other = self._make_debtor("Café du Port", items=((60.0, -5),))
        self._make_mandate(other, state="sent", iban=OTHER_IBAN)
        invoice = other.partner_id.invoice_ids
        self.assertEqual(self._verdict(invoice), "mandate_not_active")

    def test_a_lapsed_mandate_collects_nothing(self):
        self.mandate.sudo().write(
            {"date_signed": self._day(-1200), "date_last_collection": False}
        )
        self.assertEqual(self._verdict(self.old), "mandate_lapsed")

    def test_a_b2b_mandate_waits_for_the_bank_of_the_debtor(self):
        self.mandate._cancel("Test")
        waiting = self._make_mandate(
            state="signed", scheme="B2B", date_signed=self._day(-30)
        )
        self.assertEqual(self._verdict(self.old), "not_registered")
        waiting._note_registered(self.today)
        self.assertEqual(self._verdict(self.old), "collect")
        self.assertEqual(self._verdict(self.old, scheme="CORE"), "other_scheme")
        self.assertFalse(self._propose_debits("CORE"))
        self.assertEqual(self._propose_debits("B2B").line_ids.scheme, "B2B")

    def test_customers_without_mandate_are_not_listed(self):
        other = self._make_debtor("Sans Mandat", items=((100, -5),))
        invoices = other.partner_id.invoice_ids
        self.assertIsNone(self._verdict(invoices))

    def test_another_identifier_is_another_account(self):
        self.bank.sepa_ics = "FR19ABC654321"
        self.assertEqual(self._verdict(self.old), "other_account")

    def test_a_one_off_mandate_is_used_once(self):
        self.mandate._cancel("Test")
        once = self._make_mandate(kind="oneoff", date_signed=self._day(-30))
        collection = self._propose_debits()
        self.assertEqual(collection.line_ids.sequence_type, "OOFF")
        again = self._make_told_invoice(self.partner, 40.0)
        self.assertEqual(self._verdict(again), "mandate_used")
        collection.action_submit()
        collection.action_generate()
        self.assertEqual(once.state, "final")
        collection._cancel("Test")
        self.assertEqual(once.state, "active")
        self.assertEqual(self._verdict(again), "collect")

    def test_first_collections_are_told_when_the_bank_wants_it(self):
        self.bank.sepa_sequence_mode = "first"
        collection = self._collect("generated")
        self.assertEqual(collection.line_ids.sequence_type, "FRST")
        self._make_told_invoice(self.partner, 40.0)
        self.assertEqual(self._propose_debits().line_ids.sequence_type, "RCUR")

    # ------------------------------------------------------------------
    # CREDITS
    # ------------------------------------------------------------------

    def test_credit_notes_reduce_the_debit(self):
        credit = self._make_credit_note(self.partner, 70.0)
        collection = self._propose_debits()
        self.assertEqual(collection.amount, 180.0)
        amounts = sorted(collection.line_ids.item_ids.mapped("amount"))
        self.assertEqual(amounts, [-70.0, 250.0])
        self.assertEqual(self._verdict(credit), "in_collection")

    def test_credit_notes_are_left_when_the_company_says_so(self):
        self.company.sepa_net_credit_notes = False
        credit = self._make_credit_note(self.partner, 70.0)
        self.assertEqual(self._verdict(credit), "credit")
        self.assertEqual(self._propose_debits().amount, 250.0)

    def test_a_debit_that_credits_cover_is_none(self):
        self._make_credit_note(self.partner, 250.0)
        self.assertEqual(self._verdict(self.old), "covered")
        self.assertFalse(self._propose_debits())

    def test_a_bigger_credit_never_makes_a_negative_debit(self):
        self._make_credit_note(self.partner, 900.0)
        self.assertEqual(self._verdict(self.old), "covered")
        self.assertFalse(self._propose_debits())

    def test_receipts_that_wait_are_no_credit_notes(self):
        self._make_receipt(self.partner, 60.0)
        self.assertEqual(self._propose_debits().amount, 250.0)

    def test_a_disputed_credit_note_is_not_deducted(self):
        credit = self._make_credit_note(self.partner, 70.0)
        self._items(credit)._set_collection_status("disputed", "Test")
        self.assertEqual(self._verdict(credit), "disputed")
        self.assertEqual(self._propose_debits().amount, 250.0)

    # ------------------------------------------------------------------
    # ONE LIVE COLLECTION
    # ------------------------------------------------------------------

    def test_an_item_is_in_one_live_collection(self):
        self._propose_debits()
        self.assertEqual(self._verdict(self.old), "in_collection")
        self.assertFalse(self._propose_debits())

    def test_a_cancelled_collection_lets_its_items_go(self):
        collection = self._propose_debits()
        collection._cancel("Wrong date")
        self.assertEqual(collection.state, "cancelled")
        self.assertFalse(collection.line_ids.filtered("live"))
        self.assertEqual(self._verdict(self.old), "collect")

    def test_a_removed_debit_can_be_proposed_again(self):
        collection = self._propose_debits()
        collection.line_ids.action_remove()
        self.assertEqual((collection.amount, collection.count), (0.0, 0))
        collection.action_propose()
        self.assertEqual(collection.amount, 250.0)

    def test_nothing_is_removed_from_nothing(self):
        collection = self._propose_debits()
        collection.line_ids.browse().action_remove()
        self.assertEqual(collection.amount, 250.0)

    def test_a_closed_collection_lets_its_items_go(self):
        collection = self._collect("sent")
        lines = collection.line_ids
        lines._set_state("booked")
        lines._set_state("settled")
        self.assertTrue(lines.live)
        lines._release()
        self.assertFalse(lines.live or lines.item_ids.live)
        self.assertEqual(lines.state, "settled")

    def test_what_came_back_is_presented_again_as_the_second_attempt(self):
        first = self._collect("sent")
        first.line_ids._set_state("rejected")
        again = self._propose_debits().line_ids
        self.assertEqual(again.attempt, 2)
        self.assertEqual(again.previous_line_id, first.line_ids)

    def test_a_debit_never_goes_backwards(self):
        line = self._collect("sent").line_ids
        line._set_state("returned")
        for state in ("presented", "booked", "settled", "cancelled"):
            with self.assertRaises(UserError):
                line._set_state(state)
            self.assertFalse(line._set_state(state, skip=True))

    # ------------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------------

    def test_banks_do_not_settle_on_closed_days(self):
        saturday = self.later + timedelta(days=5 - self.later.weekday())
        self.assertFalse(target_calendar.is_open(saturday))
        with self.assertRaisesRegex(ValidationError, "settle"):
            self._propose_debits(date=saturday)

    def test_the_bank_needs_its_days(self):
        with self.assertRaisesRegex(UserError, "before"):
            self._propose_debits(date=target_calendar.next_open(self.today))

    def test_the_terms_of_a_proposal_do_not_change(self):
        collection = self._propose_debits()
        user = self._make_user("accountant")
        mine = collection.with_user(user)
        with self.assertRaises(UserError):
            mine.date = target_calendar.add_open_days(self.later, 1)
        mine.action_empty()
        mine.date = target_calendar.add_open_days(self.later, 1)
        mine.action_propose()
        self.assertEqual(collection.line_ids.date, collection.date)

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def test_an_archived_customer_still_pays(self):
        self.partner.active = False
        self.assertEqual(self._propose_debits().amount, 250.0)

    def test_the_mandate_chosen_on_the_invoice_collects_it(self):
        other = self._make_mandate(iban=OTHER_IBAN, date_signed=self._day(-30))
        other.priority = 99
        self.old.sepa_mandate_id = other
        chosen = self._propose_debits().line_ids
        self.assertEqual(chosen.mandate_id, other)

    def test_two_mandates_make_two_debits(self):
        other = self._make_mandate(iban=OTHER_IBAN, date_signed=self._day(-30))
        other.priority = 99
        second = self._make_told_invoice(self.partner, 40.0)
        second.sepa_mandate_id = other
        self._make_credit_note(self.partner, 270.0)
        collection = self._propose_debits()
        self.assertEqual(collection.line_ids.mandate_id, other)
        self.assertEqual(collection.amount, 20.0)
        self.assertEqual(self._verdict(self.old), "covered")

    def test_a_branch_is_collected_by_its_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids = [Command.link(branch.id)]
        self.assertEqual(self._propose_debits().company_id, self.company)

    def test_another_company_has_its_own_collections(self):
        other = self.setup_other_company(name="Other Ltd")["company"]
        self._make_creditor(other, "FR19ABC654321")
        bank = self._make_bank(other, "DE89370400440532013000")
        self.assertFalse(
            self._propose_debits(journal=bank),
            "the invoices are those of the first company",
        )
        self.assertEqual(self._propose_debits().amount, 250.0)
