"""A debit that comes back: once, in the ledger, with its reason and its next step."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturns(ReturnCommon):
    def test_a_return_opens_the_invoice_again_at_its_own_due_date(self):
        line = self._debit(500)
        item = line.item_ids.move_line_id
        self.assertTrue(item.reconciled)
        record = self._take(self._event(line))
        self.assertEqual(record.state, "done")
        self.assertEqual(record.line_id, line)
        self.assertEqual(line.state, "returned")
        self.assertFalse(item.reconciled)
        self.assertEqual(item.amount_residual, 500)
        self.assertEqual(item.date_maturity, self.today - timedelta(days=20))
        self.assertEqual(record.move_id.date, self.today)

    def test_the_reason_in_plain_words_is_in_the_history(self):
        line = self._debit()
        self._take(self._event(line))
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", line.debtor_id.id), ("kind", "=", "debit")]
        )
        self.assertEqual(len(event), 1)
        self.assertIn("Insufficient Funds (AM04)", event.summary)
        self.assertIn("not enough money", event.detail)
        self.assertIn("Collect Again", event.detail)
        self.assertEqual(event.amount, line.amount)

    def test_the_same_event_told_three_times_counts_once(self):
        line = self._debit()
        first = self._take(self._event(line, message="pain.002"))
        self.assertEqual(first.state, "waiting_booking")
        self.assertEqual(line.state, "booked", "what is announced moves no money")
        second = self._take(self._event(line, message="camt.054"))
        third = self._take(self._event(line, message="camt.053"))
        self.assertEqual(first, second)
        self.assertEqual(first, third)
        self.assertEqual(len(first.notice_ids), 3)
        self.assertEqual(first.state, "done")
        self.assertEqual(line.item_ids.move_line_id.amount_residual, line.amount)

    def test_a_file_loaded_twice_changes_nothing(self):
        line = self._debit()
        events = [self._event(line)]
        record = self._take(*events)
        self.assertFalse(self._take(*events))
        self.assertEqual(len(record.notice_ids), 1)
        self.assertEqual(len(self.returns.search([("line_id", "=", line.id)])), 1)

    def test_the_order_of_the_files_changes_nothing(self):
        found = set()
        for order in permutations(("pain.002", "camt.054", "camt.053")):
            line = self._debit(300)
            for message in order:
                reason = "AC01" if message == "pain.002" else "MS03"
                record = self._take(self._event(line, reason, message))
            self.assertEqual(len(self.returns.search([("line_id", "=", line.id)])), 1)
            found.add(self._facts(record))
            self.mandate.sudo().state = "active"
        self.assertEqual(len(found), 1, found)

    def test_a_reject_before_the_booking_only_frees_the_items(self):
        line = self._debit(booked=False, day=3)
        record = self._take(self._event(line, message="pain.002"))
        self.assertEqual(record.state, "done")
        self.assertEqual(line.state, "rejected")
        self.assertFalse(line.live)
        self.assertFalse(record.move_id)

    def test_a_debit_fails_once_in_the_database(self):
        line = self._debit()
        record = self._take(self._event(line))
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            with self.env.cr.savepoint():
                record.sudo().copy({"state": "done"}).flush_recordset()
        self.assertIn("line_once", str(caught.exception))

    def test_a_second_booking_on_another_day_is_for_a_person(self):
        line = self._debit()
        record = self._take(self._event(line, bank_reference="B1"))
        again = self._take(
            self._event(line, bank_reference="B2", date=self.today + timedelta(days=1))
        )
        self.assertNotEqual(again, record)
        self.assertEqual(again.state, "to_match")
        self.assertEqual(again.match_how, "again")
        self.assertEqual(again.candidate_ids, line)

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def test_without_our_reference_the_mandate_and_amount_name_it(self):
        line = self._debit(123.45)
        record = self._take(self._event(line, end_to_end_id="NOTPROVIDED", iban=""))
        self.assertEqual(record.line_id, line)
        self.assertEqual(record.match_how, "rum")

    def test_the_account_amount_and_date_name_it(self):
        line = self._debit(77.1)
        record = self._take(self._event(line, end_to_end_id="", rum=""))
        self.assertEqual(record.match_how, "iban")

    def test_returns_of_somebody_else_wait_for_a_person_and_touch_nothing(self):
        line = self._debit()
        record = self._take(self._event())
        self.assertEqual(record.state, "to_match")
        self.assertEqual(record.match_how, "nothing")
        self.assertFalse(record.debtor_id)
        self.assertTrue(line.item_ids.move_line_id.reconciled)

    def test_the_debit_of_another_creditor_is_not_ours(self):
        line = self._debit()
        record = self._take(self._event(line, ics="FR12ZZZ654321"))
        self.assertEqual(record.state, "not_ours")
        self.assertEqual(line.state, "booked")

    def test_another_amount_is_for_a_person(self):
        line = self._debit(500)
        record = self._take(self._event(line, amount=Decimal("450.00")))
        self.assertEqual(record.state, "to_match")
        self.assertEqual(record.match_how, "amount")
        self.assertEqual(record.difference, -50)
        self.assertEqual(line.state, "booked")

    def test_the_charges_of_the_bank_are_its_fee(self):
        line = self._debit(50)
        record = self._take(
            self._event(line, amount=Decimal("53.00"), charges=Decimal("3.00"))
        )
        self.assertEqual(record.line_id, line)
        self.assertEqual(record.fee, 3)
        fee = record.move_id.line_ids.filtered(lambda x: x.account_id == self.fees)
        self.assertEqual(fee.balance, 3)

    def test_another_currency_is_for_a_person(self):
        line = self._debit()
        record = self._take(self._event(line, currency="USD"))
        self.assertEqual(record.match_how, "currency")
        self.assertEqual(record.currency_id.name, "USD")
        with self.assertRaises(UserError):
            record._match_by_hand(line)

    def test_two_debits_that_fit_are_for_a_person_who_chooses(self):
        lines = self._debit(80) | self._debit(80)
        record = self._take(self._event(lines[0], end_to_end_id=""))
        self.assertEqual(record.state, "to_match")
        self.assertEqual(record.candidate_ids, lines)
        record._match_by_hand(lines[1], "the customer said so")
        self.assertEqual(record.state, "done")
        self.assertEqual(record.match_how, "person")
        self.assertEqual(lines.mapped("state"), ["booked", "returned"])
        self.assertEqual(record.action, "represent")

    def test_what_a_person_matched_is_known_when_the_statement_tells_it_again(self):
        lines = self._debit(80) | self._debit(80)
        record = self._take(self._event(lines[0], message="camt.054", end_to_end_id=""))
        record._match_by_hand(lines[0])
        again = self._take(self._event(lines[0], end_to_end_id=""))
        self.assertEqual(again, record)
        self.assertEqual(len(record.notice_ids), 2)
        self.assertEqual(lines[1].state, "booked")

    def test_two_messages_matched_with_one_debit_become_one_return(self):
        line = self._debit(500)
        known = self._take(self._event(line))
        odd = self._take(
            self._event(
                line, end_to_end_id="ODD", rum="ODD", iban="", message="camt.054"
            )
        )
        self.assertEqual(odd.state, "to_match")
        self.assertEqual(odd._match_by_hand(line), known)
        self.assertEqual(odd.state, "ignored")
        self.assertEqual(len(known.notice_ids), 2)

    def test_what_is_not_ours_is_set_aside_with_a_reason(self):
        record = self._take(self._event())
        with self.assertRaises(UserError):
            record._set_aside("not_ours", " ")
        record._set_aside("not_ours", "Rent collected by our other software")
        self.assertEqual(record.state, "not_ours")
        record.action_take_up()
        self.assertEqual(record.state, "to_match")

    def test_an_unknown_event_told_by_two_messages_waits_once(self):
        first = self._take(self._event(message="pain.002"))
        second = self._take(self._event(message="camt.053"))
        self.assertEqual(first, second)
        self.assertTrue(first.booked)

    def test_another_company_does_not_find_our_debit(self):
        line = self._debit()
        other = self.setup_other_company()["company"]
        record = self._take(self._event(line), company=other)
        self.assertEqual(record.state, "to_match")
        self.assertEqual(record.company_id, other)
        self.assertEqual(line.state, "booked")

    # ------------------------------------------------------------------
    # A WHOLE FILE
    # ------------------------------------------------------------------

    def test_a_file_refused_whole_frees_its_debits_without_a_failure(self):
        line = self._debit(booked=False, day=4)
        line.collection_id.sudo().message_id = "MSG-WHOLE"
        record = self._take(
            self._event(
                line,
                "FF01",
                "pain.002",
                level="message",
                message_id="MSG-WHOLE",
                amount=None,
                end_to_end_id="",
                rum="",
                iban="",
            )
        )
        self.assertEqual(record.state, "done")
        self.assertEqual(record.collection_id, line.collection_id)
        self.assertEqual(line.state, "rejected")
        self.assertEqual(record.action, "technical")
        self.assertTrue(record.activity_ids)
        self.assertEqual(self._verdict(line), {"collect"})

    # ------------------------------------------------------------------
    # WHAT FOLLOWS
    # ------------------------------------------------------------------

    def test_lack_of_funds_is_collected_again_on_a_sensible_day(self):
        line = self._debit()
        record = self._take(self._event(line))
        self.assertEqual(record.action, "represent")
        self.assertEqual(record.action_state, "planned")
        self.assertGreaterEqual(record.represent_from, self.today + timedelta(days=7))
        self.assertLess(record.represent_from.weekday(), 5)
        self.assertEqual(self.mandate.state, "active")
        self.assertEqual(self._verdict(line, day=3), {"represent_later"})
        self.assertEqual(self._verdict(line, day=30), {"collect"})

    def test_the_third_failure_is_a_call(self):
        line = self._debit()
        item = line.item_ids.move_line_id
        record = self._take(self._event(line))
        for failures in (2, 3):
            line = self._debit_items(item, day=-2)
            record = self._take(self._event(line))
            self.assertEqual(record.failures, failures)
        self.assertEqual(record.action, "call")
        self.assertEqual(record.action_state, "todo")
        with self.assertRaises(UserError):
            record.action_represent()

    def test_a_closed_account_suspends_the_mandate_until_a_new_one(self):
        line = self._debit()
        record = self._take(self._event(line, "AC04"))
        self.assertEqual(record.action, "ask_iban")
        self.assertEqual(self.mandate.state, "suspended")
        self.assertIn("Account Closed", self.mandate.suspended_reason)
        self.assertNotIn("collect", self._verdict(line))

    def test_a_contested_debit_is_a_dispute(self):
        line = self._debit()
        record = self._take(self._event(line, "MD06", kind="refund"))
        self.assertEqual(line.state, "refunded")
        self.assertEqual(record.action, "dispute")
        self.assertEqual(line.item_ids.move_line_id.collection_status, "disputed")
        self.assertEqual(self.mandate.state, "suspended")
        record.action_undo()
        self.assertEqual(line.item_ids.move_line_id.collection_status, "to_chase")
        self.assertEqual(self.mandate.state, "active")

    def test_the_dead_are_not_reminded(self):
        line = self._debit()
        record = self._take(self._event(line, "MD07"))
        self.assertEqual(record.action, "stop")
        self.assertTrue(line.debtor_id.is_held)
        self.assertEqual(self.mandate.state, "cancelled")
        with self.assertRaises(UserError):
            record.action_undo()

    def test_an_unknown_code_is_shown_as_received_and_for_a_person(self):
        line = self._debit()
        record = self._take(self._event(line, "ZZ99"))
        self.assertFalse(record.reason_id)
        self.assertEqual(record.code, "ZZ99")
        self.assertEqual(record.action, "call")

    def test_the_french_code_has_the_same_reason(self):
        line = self._debit()
        record = self._take(self._event(line, "CFONB:20", document="cfonb120"))
        self.assertEqual(record.reason_id.code, "AM04")
        self.assertEqual(record.code, "CFONB:20")

    def test_a_reason_known_later_changes_the_next_step(self):
        line = self._debit()
        record = self._take(self._event(line, ""))
        self.assertEqual(record.action, "call")
        self._take(self._event(line, "AC01", message="pain.002"))
        self.assertEqual(record.reason_id.code, "AC01")
        self.assertEqual(record.action, "ask_iban")

    def test_what_a_person_decided_is_left_alone(self):
        line = self._debit()
        record = self._take(self._event(line, ""))
        record.action_done()
        self._take(self._event(line, "AC01", message="pain.002"))
        self.assertEqual(record.action, "call")
        self.assertEqual(record.action_state, "done")

    def test_the_table_is_the_users(self):
        rule = self.env.ref("recouvrement_sepa.sepa_return_rule_am04_1")
        rule.write({"action": "call", "delay_days": 0})
        record = self._take(self._event(self._debit()))
        self.assertEqual(record.action, "call")

    def test_a_third_presentation_is_no_row_of_the_table(self):
        rule = self.env.ref("recouvrement_sepa.sepa_return_rule_am04_3")
        with self.assertRaises(ValidationError):
            rule.action = "represent"

    def test_an_agreed_day_is_kept(self):
        record = self._take(self._event(self._debit(), "MS02"))
        self.assertEqual(record.action, "call")
        day = self.today + timedelta(days=21)
        record.action_represent(day)
        self.assertGreaterEqual(record.represent_from, day)
        self.assertLess(record.represent_from - day, timedelta(days=6))
        self.assertEqual(record.handled_by_id, self.env.user)

    def test_a_collector_sees_it_on_the_worklist_until_a_contact(self):
        line = self._debit()
        self._take(self._event(line, "MS02"))
        debtor = line.debtor_id
        debtor._process_dirty()
        self.assertIn(" debit_returned ", debtor.work_codes)
        self.assertIn("Refused by the Customer", debtor.work_sentence)
        debtor._log_attempt()
        self.env["recouvrement.sepa.return"].search(
            [("line_id", "=", line.id)]
        ).action_done()
        debtor._process_dirty()
        self.assertNotIn("debit_returned", debtor.work_codes or "")

    def test_the_return_rate_is_on_the_debtor_account(self):
        back = self._debit()
        self._debit(60)
        self._take(self._event(back))
        debtor = back.debtor_id
        self.assertEqual(debtor.sepa_return_count, 1)
        self.assertEqual(debtor.sepa_return_rate, 0.5)

    def test_a_refund_after_the_delay_is_to_be_contested(self):
        line = self._debit(day=-80, due=-90)
        record = self._take(self._event(line, "MD06", kind="refund"))
        self.assertTrue(record.too_late)
        line = self._debit(day=-80, due=-90)
        record = self._take(self._event(line, "MD01", kind="refund"))
        self.assertFalse(record.too_late)

    # ------------------------------------------------------------------
    # PAPER AND REVERSALS
    # ------------------------------------------------------------------

    def test_a_return_on_paper_takes_the_same_way(self):
        line = self._debit(60)
        wizard = self.env["recouvrement.sepa.return.entry"].create(
            {
                "line_id": line.id,
                "reason_id": self.env.ref("recouvrement_sepa.sepa_reason_am04").id,
                "fee": 12.5,
                "reference": "Letter 4711",
            }
        )
        self.assertEqual(wizard.amount, 60)
        record = self.returns.browse(wizard.action_confirm()["res_id"])
        self.assertEqual(record.line_id, line)
        self.assertEqual(record.fee, 12.5)
        self.assertEqual(line.state, "returned")
        again = self._take(self._event(line))
        self.assertEqual(again, record, "the statement that follows tells the same")

    def test_a_debit_of_ours_is_given_back_by_a_file_of_ours(self):
        line = self._debit(90, day=-1)
        files = line._reverse("AM05")
        self.assertEqual(files.res_id, line.collection_id.id)
        content = files.raw.decode()
        self.assertIn(line.end_to_end_id, content)
        self.assertIn("pain.007.001.09", content)
        record = self.returns.search([("line_id", "=", line.id)])
        self.assertEqual(record.state, "waiting_booking")
        self.assertEqual(record.kind, "reversal")
        with self.assertRaises(UserError):
            line._reverse("AM05")
        self._take(self._event(line, "", kind="reversal"))
        self.assertEqual(record.state, "done")
        self.assertEqual(line.state, "reversed")
        self.assertFalse(record.action, "nobody failed")

    def test_after_five_bank_days_a_debit_is_not_reversed(self):
        with self.assertRaises(UserError):
            self._debit(90, day=-20)._reverse("MS02")

    def test_what_the_bank_left_out_of_its_amount_is_booked_with_it(self):
        lines = self._debit(100, day=-2)
        record = self._take(self._event(lines, message="pain.002"))
        self.assertEqual(record.state, "waiting_booking")
        self.assertFalse(record.action)
        lines._undo_for_settlement(self.today)
        self.assertEqual(record.state, "done")
        self.assertEqual(record.action, "represent")
        self.assertTrue(record.move_id)
        self.assertEqual(lines.state, "rejected")
        self._take(self._event(lines, message="camt.053"))
        self.assertEqual(record.state, "done")
        self.assertEqual(len(record.notice_ids), 3)

    def test_new_bank_details_have_it_collected_again(self):
        line = self._debit()
        record = self._take(self._event(line, "AC04"))
        self.assertIn("returned", self._verdict(line) | {"returned"})
        record._on_new_account()
        self.assertEqual(self.mandate.state, "active")
        self.assertEqual(record.action_state, "planned")
        self.assertEqual(self._verdict(line), {"collect"})

    def test_a_promise_that_it_carried_is_broken_by_the_ledger(self):
        line = self._debit(200, booked=False, day=-2)
        item = line.item_ids.move_line_id
        promise = line.debtor_id._make_promise(200, self.today, item)
        line.collection_id._book()
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(promise.state, "kept")
        self._take(self._event(line))
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(promise.state, "open", "its day is not over")
        self.assertEqual(promise.missing_amount, 200)
        with freeze_time(self.today + timedelta(days=30)):
            self.env["recouvrement.promise"].sudo()._judge_due()
        self.assertEqual(promise.state, "broken")

    def test_many_returns_cost_as_many_queries_as_few(self):
        few = [self._event(self._debit(10 + n)) for n in range(3)]
        many = [self._event(self._debit(50 + n)) for n in range(12)]
        self._take(self._event(self._debit(5)))
        counts = []
        for events in (few, many):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._take(*events)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_a_loader_that_waited_starts_again(self):
        """A message that only announces changes nothing of its debit: its row moves all
        the same, so that whoever began before cannot go on with what it saw."""
        line = self._debit(80)

        def version():
            self.env.flush_all()
            [[place]] = self.env.execute_query(
                SQL(
                    "SELECT ctid FROM recouvrement_sepa_collection_line WHERE id = %s",
                    line.id,
                )
            )
            return place

        before = version()
        self._take(self._event(line, message="pain.002"))
        self.assertEqual(line.state, "booked")
        self.assertNotEqual(version(), before)

    def test_many_bookings_of_announced_returns_cost_as_many_queries_as_few(self):
        groups = [
            [self._debit(10 * number + n) for n in range(number)]
            for number in (1, 3, 12)
        ]
        for lines in groups:
            self._take(*(self._event(line, message="pain.002") for line in lines))
        counts = []
        for lines in groups:
            events = [self._event(line, message="camt.053") for line in lines]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._take(*events)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2, counts)

    def test_a_collector_does_not_place_returns(self):
        record = self._take(self._event())
        collector = self._make_user("collector", login="test_return_collector")
        with self.assertRaises(AccessError):
            record.with_user(collector)._set_aside("not_ours", "no")
