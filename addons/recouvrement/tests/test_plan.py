"""Instalment plans: negotiated, accepted, kept or not, as the ledger says."""

import base64
import hashlib
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .plan_common import PlanCommon


@tagged("post_install", "-at_install")
class TestPlan(PlanCommon):
    def _assert_instalments(self, plan, *expected):
        rows = [
            (one.amount, one.paid_amount, one.state)
            for one in plan.installment_ids.sorted("number")
        ]
        self.assertEqual(rows, list(expected))

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    def test_a_plan_shares_what_the_ledger_owes(self):
        plan = self._make_plan(number=4, first_date=self._day(10))
        self.assertEqual(plan.state, "draft")
        self.assertEqual(plan.amount_total, 900)
        self.assertEqual(
            plan.installment_ids.sorted("number").mapped("amount"), [225.0] * 4
        )
        self.assertEqual(plan.line_ids.mapped("base_residual"), [300.0] * 3)
        self.assertTrue(plan.name.startswith("ECH/"))

    def test_a_partly_paid_item_goes_in_for_what_is_left(self):
        self._pay(self._invoices()[0], 100.0)
        plan = self._make_plan()
        self.assertEqual(plan.amount_total, 800)

    def test_a_first_payment_and_an_amount_per_instalment(self):
        plan = self._make_plan(each=200.0, first=300.0)
        self.assertEqual(
            plan.installment_ids.sorted("number").mapped("amount"),
            [300.0, 200.0, 200.0, 200.0],
        )
        self.assertAlmostEqual(plan.first_pct, 33.33, 2)

    def test_the_due_dates_of_the_invoices_do_not_move(self):
        before = self.lines.mapped("date_maturity")
        self._accept()
        self.assertEqual(self.lines.mapped("date_maturity"), before)

    def test_what_is_owed_by_nobody_else(self):
        stranger = self._make_debtor("Garage Martin")
        with self.assertRaisesRegex(UserError, "owes"):
            self._make_plan(lines=self._open_lines(stranger))
        credit = self._items(self._make_credit_note(self.debtor.partner_id, 50.0))
        with self.assertRaisesRegex(UserError, "owes"):
            self._make_plan(lines=self.lines | credit)
        with self.assertRaisesRegex(UserError, "at least one"):
            self._make_plan(lines=self.lines.browse())

    def test_a_paid_item_is_no_subject_of_a_plan(self):
        self._pay(self._invoices()[0])
        with self.assertRaisesRegex(UserError, "no longer open"):
            self._make_plan(lines=self.lines)

    def test_items_in_two_currencies_make_two_plans(self):
        pound = self.setup_other_currency("GBP", rates=[("2016-01-01", 2.0)])
        invoice = self._make_invoice(
            self.debtor.partner_id, 500.0, currency_id=pound.id
        )
        with self.assertRaisesRegex(UserError, "one currency"):
            self._make_plan(lines=self.lines | self._items(invoice))
        plan = self._make_plan(lines=self._items(invoice), number=2)
        self.assertEqual((plan.currency_id, plan.amount_total), (pound, 500.0))

    def test_items_held_by_another_procedure_stay_out(self):
        self.lines[0]._set_collection_status("insolvency", "Opened on Monday")
        with self.assertRaisesRegex(UserError, "Insolvency"):
            self._make_plan(lines=self.lines)

    def test_terms_that_make_no_plan(self):
        for terms in (
            {"number": 0},
            {"each": 0.0},
            {"number": 2, "first": 1000.0},
            {"first_date": self._day(-1)},
        ):
            with self.subTest(terms=terms), self.assertRaises(UserError):
                self._make_plan(**terms)

    # ------------------------------------------------------------------
    # OFFERING
    # ------------------------------------------------------------------

    def test_an_offer_is_a_document_with_a_fingerprint_sent_by_mail(self):
        plan = self._offer()
        self.assertEqual(plan.state, "offered")
        content = plan._get_agreement_pdf()
        self.assertEqual(plan.agreement_sha256, hashlib.sha256(content).hexdigest())
        mail = self._mails_of()
        self.assertEqual(mail.recipient_ids, self.debtor.contact_id)
        self.assertEqual(mail.attachment_ids, plan.agreement_id)
        self.assertIn(f"/plan/{plan.id}", mail.body_html)
        self.assertIn("/recouvrement/portal/", mail.body_html)

    def test_a_changed_document_is_told_from_the_one_that_was_offered(self):
        plan = self._offer()
        plan.agreement_id.raw = b"%PDF-1.4 something else"
        with self.assertRaisesRegex(UserError, "fingerprint"):
            plan._get_agreement_pdf()
        with self.assertRaisesRegex(UserError, "fingerprint"):
            plan._accept("Anne Dubois", "192.0.2.7", "Firefox")

    def test_test_mode_writes_to_the_test_address_only(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "essai@example.com",
            }
        )
        self._offer()
        mail = self._mails_of()
        self.assertFalse(mail.recipient_ids)
        self.assertEqual(mail.email_to, "essai@example.com")
        self.assertIn("TEST", mail.subject)

    def test_a_customer_without_address_is_offered_on_paper(self):
        self.debtor.contact_id.email = False
        plan = self._offer()
        self.assertEqual(plan.state, "offered")
        self.assertFalse(self._mails_of())
        self.assertIn("no valid e-mail", plan.mail_obstacle)

    def test_the_items_of_an_offer_are_out_of_the_reminders_until_it_ends(self):
        plan = self._offer()
        self.assertEqual(set(self.lines.mapped("collection_status")), {"plan"})
        self.assertEqual(set(self.lines.mapped("collection_until")), {plan.date_valid})
        reasons = self._decisions(self.debtor).mapped("reason")
        self.assertEqual(set(reasons), {"plan"})

    def test_an_offer_ends_at_the_latest_on_its_first_instalment(self):
        plan = self._offer(first_date=self._day(3))
        self.assertEqual(plan.date_valid, self._day(3))

    def test_an_offer_nobody_accepts_lapses(self):
        plan = self._offer()
        with self._later(10):
            self._night(plan)
            self.assertEqual(plan.state, "offered")
        with self._later(11):
            self._night(plan)
        self.assertEqual(plan.state, "cancelled")
        self.assertEqual(set(self.lines.mapped("collection_status")), {"to_chase"})

    def test_a_draft_the_ledger_no_longer_carries_is_not_offered(self):
        plan = self._make_plan()
        self._pay(self._invoices()[0], 100.0)
        with self.assertRaisesRegex(UserError, "now owe"):
            plan.action_offer()
        self.assertEqual(plan.state, "draft")

    def test_an_item_is_in_one_live_plan_only(self):
        plan = self._make_plan()
        self._offer()
        with self.assertRaisesRegex(UserError, "already"):
            plan.action_offer()

    @mute_logger("odoo.sql_db")
    def test_the_database_itself_allows_one_live_plan_per_item(self):
        plan = self._make_plan()
        self._offer()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            plan.sudo().line_ids.is_live = True
            plan.flush_recordset()
            self.env.flush_all()

    def test_an_offer_that_is_refused_gives_the_items_back(self):
        plan = self._offer()
        plan._refuse_offer("Too high")
        self.assertEqual((plan.state, plan.close_reason), ("refused", "Too high"))
        self.assertEqual(set(self.lines.mapped("collection_status")), {"to_chase"})
        self._offer()

    # ------------------------------------------------------------------
    # ACCEPTING
    # ------------------------------------------------------------------

    def test_a_signature_is_written_down_with_its_proofs(self):
        plan = self._offer()
        sides = (600).to_bytes(4, "big") + (200).to_bytes(4, "big")
        header = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + sides
        image = base64.b64encode(header + b"0" * 50)
        plan._accept(" Anne  Dubois ", "192.0.2.7", "Firefox", image)
        self.assertRecordValues(
            plan,
            [
                {
                    "state": "accepted",
                    "signed_as": "portal",
                    "signed_name": "Anne Dubois",
                    "signed_ip": "192.0.2.7",
                    "signed_user_agent": "Firefox",
                    "signed_hash": plan.agreement_sha256,
                    "date_accepted": self.today,
                }
            ],
        )
        self.assertTrue(plan.signed_on and plan.signed_image)
        signed = plan._get_signed_pdf()
        self.assertNotEqual(signed, plan._get_agreement_pdf())
        self.assertIn(plan.agreement_sha256[:32].encode(), signed)
        self.assertEqual(self._mails_of()[-1].attachment_ids, plan.signed_id)

    def test_a_signature_needs_a_name_and_a_picture_is_a_picture(self):
        plan = self._offer()
        with self.assertRaisesRegex(UserError, "name"):
            plan._accept("  ", "192.0.2.7", "Firefox")
        for image in (b"not base64!", base64.b64encode(b"<svg/>")):
            with self.assertRaisesRegex(UserError, "picture"):
                plan._accept("Anne", "192.0.2.7", "Firefox", image)
        self.assertEqual(plan.state, "offered")

    def test_an_agreement_is_signed_once(self):
        plan = self._accept()
        with self.assertRaisesRegex(UserError, "not possible"):
            plan._accept("Somebody Else", "192.0.2.8", "Chrome")
        self.assertEqual(plan.signed_name, "Anne Dubois")

    def test_what_was_signed_is_read_only(self):
        plan = self._accept()
        manager = plan.with_user(self._make_user("manager"))
        for field in ("signed_name", "signed_hash", "amount_total", "state"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                manager.write({field: "x"})
        with self.assertRaises(UserError):
            manager.unlink()

    def test_an_offer_is_not_accepted_after_its_last_day(self):
        plan = self._offer()
        with self._later(11), self.assertRaisesRegex(UserError, "ended on"):
            plan._accept("Anne", "192.0.2.7", "Firefox")

    def test_an_offer_settled_meanwhile_ends_by_itself(self):
        plan = self._offer()
        self._pay(self._invoices())
        self._settle()
        self.assertEqual(plan.state, "cancelled")
        with self.assertRaises(UserError):
            plan._accept("Anne", "192.0.2.7", "Firefox")

    def test_a_dispute_that_came_up_meanwhile_keeps_its_status(self):
        plan = self._offer()
        self.lines[0]._set_collection_status("disputed", "Wrong quantity")
        plan._accept("Anne", "192.0.2.7", "Firefox")
        self.assertEqual(self.lines[0].collection_status, "disputed")
        self.assertEqual(set(self.lines[1:].mapped("collection_status")), {"plan"})
        plan._cancel("Agreed with the customer")
        self.assertEqual(self.lines[0].collection_status, "disputed")

    def test_acceptance_acknowledges_the_debt(self):
        plan = self._accept()
        event = plan.prescription_event_id
        self.assertEqual(event.kind_id.code, "acknowledgement")
        self.assertEqual(event.certainty, "possible")
        self.assertEqual(event.line_ids, self.lines)

    def test_a_collector_signs_off_the_paper_that_came_back(self):
        plan = self._offer()
        scan = b"%PDF-1.4 scan"
        with self.assertRaisesRegex(UserError, "Attach"):
            plan._accept_paper("Anne", self.today, b"", "scan.pdf")
        plan._accept_paper("Anne Dubois", self.today, scan, "scan.pdf")
        self.assertEqual((plan.state, plan.signed_as), ("accepted", "paper"))
        self.assertEqual(plan._get_signed_pdf(), scan)
        self.assertEqual(plan.recorded_by_id, self.env.user)
        self.assertEqual(plan.prescription_event_id.certainty, "certain")
        self.assertEqual(plan.prescription_event_id.attachment_ids, plan.signed_id)

    # ------------------------------------------------------------------
    # THE LEDGER DECIDES
    # ------------------------------------------------------------------

    def test_payments_find_their_instalments(self):
        plan = self._accept()
        self._pay(self._invoices()[2], 250.0)
        self._pay(self._invoices()[0], 200.0)
        self._settle()
        self._assert_instalments(
            plan, (300, 300, "paid"), (300, 150, "partly"), (300, 0, "due")
        )
        self.assertEqual((plan.amount_paid, plan.amount_remaining), (450, 450))
        self.assertEqual(plan.next_date, plan.installment_ids.sorted("number")[1].date)

    def test_what_was_paid_before_the_offer_is_not_counted(self):
        self._pay(self._invoices()[0], 100.0)
        plan = self._accept(number=2)
        self.assertEqual((plan.amount_total, plan.amount_paid), (800, 0))

    def test_a_credit_note_shortens_the_plan_from_its_end(self):
        plan = self._accept()
        self._credit(self._invoices()[1], 300.0)
        self._assert_instalments(plan, (300, 0, "due"), (300, 0, "due"), (0, 0, "void"))
        self.assertEqual((plan.amount_otherwise, plan.amount_remaining), (300, 600))
        self.assertEqual(
            plan.installment_ids.mapped("amount_agreed"), [300.0, 300.0, 300.0]
        )

    def test_early_settlement_ends_the_plan(self):
        plan = self._accept()
        self._pay(self._invoices())
        self._settle()
        self.assertEqual((plan.state, plan.date_closed), ("done", self.today))
        self.assertFalse(plan.next_date)

    def test_an_undone_payment_opens_the_plan_again(self):
        plan = self._accept()
        self._pay(self._invoices())
        self._settle()
        self.lines.remove_move_reconcile()
        self._settle()
        self.assertEqual((plan.state, plan.amount_paid), ("accepted", 0))
        self.assertEqual(set(self.lines.mapped("collection_status")), {"plan"})
        with self._later(40):
            self._night(plan)
        self.assertEqual(plan.state, "late")

    def test_the_same_money_matched_again_is_not_counted_twice(self):
        plan = self._accept()
        payment = self._pay(self._invoices()[0], 300.0)
        for _time in range(2):
            self.lines[:1].remove_move_reconcile()
            self._settle()
            receivable = payment.move_id.line_ids.filtered(
                lambda line: line.account_id == self.lines.account_id
            )
            (self.lines.sorted("date_maturity")[:1] | receivable).reconcile()
            self._settle()
        self.assertEqual(plan.amount_paid, 300)

    def test_an_invoice_back_to_draft_is_asked_no_more(self):
        plan = self._accept()
        self._invoices()[0].button_draft()
        plan._judge()
        self.assertEqual(plan.amount_remaining, 600)

    def test_a_plan_in_a_foreign_currency_counts_in_it(self):
        pound = self.setup_other_currency("GBP", rates=[("2016-01-01", 2.0)])
        partner = self._make_customer("London Ltd")
        invoice = self._make_invoice(partner, 500.0, currency_id=pound.id)
        debtor = self._debtor(partner)
        plan = self._accept(debtor, self._items(invoice), number=2)
        self._pay(invoice, 250.0)
        self._settle()
        self._assert_instalments(plan, (250, 250, "paid"), (250, 0, "due"))
        with self._later(60):
            self._night(plan)
            self.assertEqual((plan.amount_late, plan.amount_late_company), (250, 125))
        self._settle()
        self.assertEqual(debtor.plan_late_amount, 125)

    # ------------------------------------------------------------------
    # LATE, THEN FORFEITED
    # ------------------------------------------------------------------

    def test_a_missed_instalment_warns_once(self):
        plan = self._accept()
        with self._later(15):
            self._night(plan)
            self.assertEqual(plan.state, "accepted")
        with self._later(16):
            self._night(plan)
            self._night(plan)
            self.assertEqual((plan.state, plan.amount_late), ("late", 300))
            self.assertEqual(plan.forfeit_date, self._day(16 + plan.forfeit_days))
            self.assertFalse(plan.may_forfeit)
        warnings = self._mails_of().filtered(lambda mail: "notice" in mail.subject)
        self.assertEqual(len(warnings), 1)
        self.assertIn("900", warnings.body_html)

    def test_paying_after_the_warning_puts_the_plan_back_on_its_way(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
            self._pay(self._invoices()[0])
            self._settle()
        self.assertEqual((plan.state, plan.forfeit_date), ("accepted", False))
        self.assertFalse(any(plan.installment_ids.mapped("date_warned")))

    def test_the_collector_confirms_the_forfeiture(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
            with self.assertRaisesRegex(UserError, "still pay"):
                plan.action_forfeit()
        with self._later(25):
            self._night(plan)
            self.assertEqual(plan.state, "late")
            self.assertTrue(plan.may_forfeit)
            self.assertIn(plan, self.plans.search([("may_forfeit", "=", True)]))
            plan.action_forfeit()
        self.assertEqual(plan.state, "defaulted")
        self.assertEqual(set(self.lines.mapped("collection_status")), {"to_chase"})
        self.assertIn("ended", self._mails_of()[-1].subject)

    def test_another_missed_instalment_does_not_put_the_end_off(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        last = plan.forfeit_date
        with self._later(50):
            self._night(plan)
            self.assertEqual(plan.amount_late, 600)
            self.assertEqual(plan.forfeit_date, last)
            self.assertTrue(plan.may_forfeit)
        warnings = self._mails_of().filtered(lambda mail: "notice" in mail.subject)
        self.assertEqual(len(warnings), 1)

    def test_who_pays_what_the_warning_asked_is_warned_anew_for_the_next(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(50):
            self._pay(self._invoices()[0], 300.0)
            self._settle()
            self.assertEqual((plan.state, plan.amount_late), ("late", 300))
            self.assertFalse(plan.may_forfeit, "nobody warned of this one")
            with self.assertRaisesRegex(UserError, "not warned"):
                plan.action_forfeit()
            self._night(plan)
            self.assertEqual(plan.forfeit_date, self._day(50 + plan.forfeit_days))

    def test_a_company_may_have_it_pronounced_at_night(self):
        self.company.recouvrement_plan_auto_forfeit = True
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(25):
            self._night(plan)
        self.assertEqual(plan.state, "defaulted")

    def test_dunning_goes_on_at_the_level_that_was_reached(self):
        self._run_campaign()
        self._deliver()
        before = self._decisions(self.debtor, day=30)
        ranks = {d.move_line_id: d.rank for d in before}
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(25):
            plan.action_forfeit()
            self._settle()
        after = self._decisions(self.debtor, day=30)
        self.assertEqual(set(after.mapped("reason")), set(before.mapped("reason")))
        self.assertEqual({d.move_line_id: d.rank for d in after}, ranks)

    def test_a_warning_in_test_mode_starts_no_delay(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "essai@example.com",
            }
        )
        plan = self._accept()
        with self._later(16):
            self._night(plan)
            self._night(plan)
            self.assertFalse(plan.forfeit_date)
        tests = self._mails_of().filtered(lambda mail: "notice" in mail.subject)
        self.assertEqual(len(tests), 1)
        self.company.recouvrement_test_mode = False
        with self._later(17):
            self._night(plan)
            self.assertEqual(plan.forfeit_date, self._day(17 + plan.forfeit_days))

    def test_who_cannot_be_written_to_is_warned_otherwise(self):
        plan = self._accept()
        self.debtor.contact_id.email = False
        with self._later(16):
            self._night(plan)
            self.assertFalse(plan.forfeit_date)
            self.assertIn("no valid", plan.warning_obstacle)
            plan._warn_by_hand(self._day(16), "Registered letter 1A 123")
            self.assertEqual(plan.forfeit_date, self._day(16 + plan.forfeit_days))

    def test_a_forfeited_plan_still_counts_what_comes_in(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(25):
            plan.action_forfeit()
        self._pay(self._invoices()[0])
        self._settle()
        self.assertEqual((plan.state, plan.amount_remaining), ("defaulted", 600))

    def test_after_a_forfeiture_another_plan_may_be_made(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(25):
            plan.action_forfeit()
            self._settle()
            self.assertEqual(self.debtor.plan_state, "defaulted")
            self._accept(first_date=self.today + timedelta(days=30))
            self._settle()
            self.assertEqual(self.debtor.plan_state, "accepted")

    # ------------------------------------------------------------------
    # THE ACCOUNT OF THE DEBTOR
    # ------------------------------------------------------------------

    def test_the_account_shows_the_plan_that_needs_somebody(self):
        self.assertFalse(self.debtor.plan_state)
        plan = self._offer()
        self.assertEqual(self.debtor.plan_state, "offered")
        self.assertFalse(self.debtor.plan_next_date)
        plan._accept("Anne", "192.0.2.7", "Firefox")
        self.assertEqual(self.debtor.plan_state, "accepted")
        self.assertEqual(self.debtor.plan_next_date, self._day(10))
        with self._later(16):
            self._night(plan)
            self.assertEqual(self.debtor.plan_state, "late")
            self.assertEqual(self.debtor.plan_late_amount, 300)
        self._pay(self._invoices())
        self.assertFalse(self.debtor.plan_state)
        self.assertEqual(self.debtor.plan_late_amount, 0)

    def test_the_history_tells_the_story(self):
        plan = self._accept()
        with self._later(16):
            self._night(plan)
        with self._later(25):
            plan.action_forfeit()
        told = self._plan_events().mapped("summary")
        for word in ("offered", "accepted", "missed", "warned", "forfeited"):
            with self.subTest(word=word):
                self.assertTrue([one for one in told if word in one])
        self.assertTrue(all(plan.name in one for one in told))

    # ------------------------------------------------------------------
    # COST
    # ------------------------------------------------------------------

    def test_judging_many_plans_takes_as_many_queries_as_judging_few(self):
        plans = self.plans.browse()
        for number in range(6):
            debtor = self._make_debtor(f"Customer {number}", ((100.0, -30),))
            plans |= self._accept(debtor)
        self._settle()

        def count(batch):
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            batch._judge()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        count(plans)
        self.assertEqual(count(plans[:2]), count(plans))
