"""Reconciliation minutes: frozen, answered, signed, their differences dealt with."""

import hashlib
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class ReconciliationCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._make_user("collector")
        cls.partner = cls._make_customer("Fournil Bernard", lang="en_US", ref="C042")
        cls.first = cls._make_invoice(cls.partner, 1000.0, due=-60)
        cls.second = cls._make_invoice(cls.partner, 500.0, due=-50)
        cls.third = cls._make_invoice(cls.partner, 200.0, due=-40)
        cls.debtor = cls._debtor(cls.partner)
        cls.debtor.collector_id = cls.collector

    @classmethod
    def _make_minutes(cls, debtor=None, **vals):
        return cls.env["recouvrement.reconciliation"].create(
            {
                "debtor_id": (debtor or cls.debtor).id,
                "as_of": cls._day(-10),
                "answer_before": cls._day(10),
                **vals,
            }
        )

    @classmethod
    def _send(cls, debtor=None, **vals):
        minutes = cls._make_minutes(debtor, **vals)
        minutes.action_send()
        return minutes

    def _answer(self, minutes, **answers):
        """Answers by the name of an invoice in this class; the others agree."""
        lines = {line.move_line_id.move_id: line for line in minutes.line_ids}
        minutes._answer_items(
            {lines[getattr(self, name)].id: vals for name, vals in answers.items()}
        )
        minutes._agree_rest()

    def _answered(self, **answers):
        minutes = self._send()
        self._answer(minutes, **answers)
        minutes._submit("portal")
        return minutes

    def _line(self, minutes, move):
        return minutes.line_ids.filtered(lambda one: one.move_line_id.move_id == move)


DIFFERENT = {
    "second": {"answer": "paid", "answer_amount": 0, "answer_reference": "VIR 7"},
    "third": {"answer": "differs", "answer_amount": 150.0},
}


@tagged("post_install", "-at_install")
class TestReconciliation(ReconciliationCommon):
    def setUp(self):
        super().setUp()
        self.different = {
            "second": {**DIFFERENT["second"], "answer_date": self._day(-20)},
            "third": DIFFERENT["third"],
        }

    # ------------------------------------------------------------------
    # OUR ITEMS
    # ------------------------------------------------------------------

    def test_the_items_are_those_open_at_the_end_of_the_day(self):
        self._pay(self.first, amount=300.0, day=-15)
        self._pay(self.second, day=-5)
        self._make_invoice(self.partner, 70.0, due=-2)
        self._make_credit_note(self.partner, 40.0, invoice_date=self._day(-12))
        minutes = self._make_minutes()
        found = {line.name: line.residual for line in minutes.line_ids}
        self.assertEqual(sorted(found.values()), [-40, 200, 500, 700])
        self.assertEqual(
            minutes.balances,
            [
                {
                    "currency_id": self.company.currency_id.id,
                    "ours": "1360.00",
                    "theirs": "0",
                }
            ],
        )

    def test_the_balance_is_that_of_the_statement_of_the_same_day(self):
        minutes = self._make_minutes()
        period = self.env["recouvrement.send.wizard"]._default_period()
        period = type(period)(self._day(-30), minutes.as_of)
        [block] = self.debtor._get_period_statement(period)
        self.assertEqual(
            float(block["closing"]), sum(minutes.line_ids.mapped("residual"))
        )

    def test_what_was_sent_stays_when_the_ledger_moves_on(self):
        minutes = self._send()
        before = minutes.line_ids.read(["name", "residual", "date_due"])
        content = minutes._get_pdf("document")
        self._pay(self.first | self.second, day=-20)
        self.third.line_ids.remove_move_reconcile()
        self.assertEqual(
            minutes.line_ids.read(["name", "residual", "date_due"]), before
        )
        self.assertEqual(minutes._get_pdf("document"), content)
        with self.assertRaises(UserError):
            minutes.action_read_items()

    def test_a_draft_follows_the_ledger_until_it_is_sent(self):
        minutes = self._make_minutes()
        self._pay(self.first, day=-20)
        minutes.action_send()
        self.assertEqual(sum(minutes.line_ids.mapped("residual")), 700)

    def test_a_draft_follows_its_day(self):
        minutes = self._make_minutes()
        minutes.as_of = self._day(-45)
        self.assertEqual(sum(minutes.line_ids.mapped("residual")), 1500)

    def test_an_account_where_nothing_is_open_is_not_reconciled(self):
        self._pay(self.first | self.second | self.third, day=-20)
        minutes = self._make_minutes()
        with self.assertRaises(UserError):
            minutes.action_send()
        self.assertEqual(minutes.state, "draft")

    def test_currencies_are_reconciled_apart(self):
        gbp = self.setup_other_currency("GBP", rates=[("2000-01-01", 2.0)])
        self._make_invoice(self.partner, 300.0, due=-30, currency_id=gbp.id)
        minutes = self._answered()
        rows = {row["currency_id"]: row for row in minutes._read_balances()[minutes.id]}
        self.assertEqual(rows[gbp.id]["ours"], 300)
        self.assertEqual(rows[gbp.id]["theirs"], 300)
        self.assertEqual(rows[self.company.currency_id.id]["ours"], 1700)

    def test_branches_are_together_and_another_company_apart(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= branch | other
        self.cr.precommit.run()
        for company in (branch, other):
            self.env["account.move"].with_company(company).create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "company_id": company.id,
                    "invoice_date": self._day(-20),
                    "invoice_date_due": self._day(-20),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": 70, "tax_ids": False}
                        )
                    ],
                }
            ).action_post()
        self.assertEqual(sum(self._make_minutes().line_ids.mapped("residual")), 1770)
        theirs = self._make_minutes(self._debtor(self.partner, other))
        self.assertEqual(sum(theirs.line_ids.mapped("residual")), 70)
        self.assertEqual(theirs.company_id, other)

    def test_a_day_to_come_and_somebody_else_s_people_are_refused(self):
        with self.assertRaises(ValidationError):
            self._make_minutes(as_of=self._day(1))
        with self.assertRaises(UserError):
            self._make_minutes(partner_id=self._make_customer("Stranger").id)

    def test_an_archived_customer_can_still_be_reconciled(self):
        self.partner.active = False
        self.assertEqual(len(self._make_minutes().line_ids), 3)

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def test_the_customer_gets_the_document_and_a_link(self):
        minutes = self._send()
        [mail] = self._queued_mails()
        self.assertEqual(mail.recipient_ids, self.debtor.contact_id)
        self.assertEqual(mail.attachment_ids, minutes.document_id)
        self.assertIn(f"/reconciliation/{minutes.id}", mail.body_html)
        digest = hashlib.sha256(minutes.document_id.raw).hexdigest()
        self.assertEqual(minutes.document_sha256, digest)
        self.assertIn("reconciliation", self.debtor.event_ids.mapped("kind"))

    def test_in_test_mode_the_customer_gets_nothing(self):
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        self._send()
        [mail] = self._queued_mails()
        self.assertEqual(mail.email_to, "t@example.com")
        self.assertFalse(mail.recipient_ids)

    def test_without_an_address_it_is_sent_all_the_same_and_says_so(self):
        self.partner.email = False
        minutes = self._send()
        self.assertEqual(minutes.state, "sent")
        self.assertIn("no valid e-mail", minutes.mail_obstacle)

    def test_for_a_meeting_no_e_mail_leaves(self):
        minutes = self._make_minutes()
        minutes.action_hand_over()
        self.assertEqual(minutes.state, "sent")
        self.assertFalse(self._queued_mails())

    def _run_cron(self):
        progress = type(self.env["ir.cron"])
        with patch.object(progress, "_commit_progress", return_value=float("inf")):
            self.env["recouvrement.reconciliation"]._cron_remind()

    def test_who_does_not_answer_is_reminded_once(self):
        minutes = self._send(answer_before=self._day(2))
        late = self._send(answer_before=self._day(2), remind_by_mail=False)
        self._queued_mails().unlink()
        with freeze_time(self.today + timedelta(days=3)):
            self._run_cron()
            self._run_cron()
        self.assertEqual(len(self._queued_mails()), 1)
        self.assertEqual((len(minutes.activity_ids), len(late.activity_ids)), (1, 1))
        self.assertEqual(minutes.activity_ids.user_id, minutes.user_id)

    def test_who_still_has_time_is_not_reminded(self):
        minutes = self._send(answer_before=self.today)
        self._run_cron()
        self.assertFalse(minutes.activity_ids)

    # ------------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------------

    def test_the_balance_of_the_customer_follows_from_its_answers(self):
        minutes = self._send()
        self.env["recouvrement.reconciliation.extra"].create(
            [
                {
                    "reconciliation_id": minutes.id,
                    "kind": kind,
                    "name": kind,
                    "amount": amount,
                }
                for kind, amount in (("payment", 100), ("invoice", 30))
            ]
        )
        self._answer(minutes, **self.different)
        minutes._submit("portal")
        [row] = minutes._read_balances()[minutes.id]
        self.assertEqual(
            (row["ours"], row["theirs"]), (1700, 1000 + 0 + 150 - 100 + 30)
        )
        self.assertEqual((minutes.difference_count, minutes.open_count), (4, 4))
        document = minutes._get_pdf("minutes").decode()
        for text in ("Already paid", "VIR 7", "Another amount", "Differences"):
            self.assertIn(text, document)

    def test_every_item_needs_an_answer(self):
        minutes = self._send()
        minutes._answer_items({minutes.line_ids[0].id: {"answer": "agreed"}})
        with self.assertRaises(UserError):
            minutes._submit("portal")
        self.assertEqual((minutes.state, minutes.unanswered_count), ("sent", 2))

    def test_an_answer_says_what_it_must(self):
        minutes = self._send()
        line = minutes.line_ids[0]
        for answer in (
            {"answer": "paid"},
            {"answer": "paid", "answer_date": self._day(1)},
            {"answer": "differs", "answer_amount": 1000.0},
        ):
            with self.subTest(answer=answer), self.assertRaises(UserError):
                minutes._answer_items({line.id: answer})

    def test_items_of_other_minutes_are_not_answered(self):
        minutes, theirs = self._send(), self._send()
        minutes._answer_items({theirs.line_ids[0].id: {"answer": "agreed"}})
        self.assertFalse(any(theirs.line_ids.mapped("answer")))

    def test_a_collector_enters_the_answers_of_a_meeting(self):
        minutes = self._make_minutes().with_user(self.collector)
        minutes.action_hand_over()
        line = self._line(minutes, self.third)
        line.write({"answer": "differs", "answer_amount": 150})
        minutes.write(
            {
                "comment": "Réunion du 3",
                "extra_ids": [
                    Command.create({"kind": "payment", "name": "CHQ 1", "amount": 20})
                ],
            }
        )
        minutes.action_agree_rest()
        minutes.action_record_answers()
        self.assertEqual((minutes.state, minutes.answered_by), ("answered", "hand"))
        self.assertEqual(minutes.difference_count, 2)
        minutes._accept_paper("Alice Bernard", self.today, b"%PDF-1.4 scan", "pv.pdf")
        self.assertEqual(minutes.state, "signed")
        self.assertEqual(minutes._get_pdf("signed"), b"%PDF-1.4 scan")
        self.assertEqual(minutes.countersigned_by_id, self.collector)

    def test_answers_are_not_changed_once_they_are_given(self):
        minutes = self._answered(**self.different).with_user(self.collector)
        line = self._line(minutes, self.first)
        extras = self.env["recouvrement.reconciliation.extra"].with_user(self.collector)
        for change in (
            lambda: line.write({"answer": "unknown"}),
            lambda: line.write({"answer_text": "x"}),
            lambda: extras.create(
                {"reconciliation_id": minutes.id, "name": "x", "amount": 1}
            ),
            lambda: minutes.write({"comment": "x"}),
            lambda: minutes.write({"as_of": self._day(-20)}),
            lambda: minutes._agree_rest(),
            lambda: minutes.action_record_answers(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_what_is_ours_is_never_written_by_hand(self):
        minutes = self._send().with_user(self.collector)
        line = minutes.line_ids[0]
        for record, vals in (
            (line, {"residual": 1}),
            (line, {"is_resolved": True}),
            (line, {"move_line_id": False}),
            (minutes, {"state": "signed"}),
            (minutes, {"signed_name": "x"}),
            (minutes, {"document_sha256": "x"}),
        ):
            with self.assertRaises(AccessError):
                record.write(vals)
        with self.assertRaises(AccessError):
            line.unlink()

    def test_a_context_gives_no_value_to_what_is_not_written_by_hand(self):
        made = (
            self.env["recouvrement.reconciliation"]
            .with_user(self.collector)
            .with_context(default_state="signed", default_signed_name="x")
            .create({"debtor_id": self.debtor.id})
        )
        self.assertEqual((made.state, made.signed_name), ("draft", False))

    def test_the_customer_may_correct_before_it_signs_and_not_after(self):
        minutes = self._answered()
        minutes._correct()
        self.assertEqual(minutes.state, "sent")
        self.assertFalse(minutes.minutes_id)
        self._answer(minutes, **self.different)
        minutes._submit("portal")
        minutes._accept("Alice", "192.0.2.1", "Browser", PNG)
        with self.assertRaises(UserError):
            minutes._correct()

    # ------------------------------------------------------------------
    # SIGNATURES
    # ------------------------------------------------------------------

    def test_both_sides_sign_the_same_document(self):
        minutes = self._answered(**self.different)
        digest = minutes.minutes_sha256
        with self.assertRaises(UserError):
            minutes.action_sign()
        minutes._accept("Alice Bernard", "192.0.2.1", "Browser 1.0", PNG)
        self.assertEqual((minutes.state, minutes.signed_hash), ("answered", digest))
        self._queued_mails().unlink()
        minutes.with_user(self.collector).action_sign()
        self.assertEqual(minutes.state, "signed")
        self.assertEqual(minutes.countersigned_by_id, self.collector)
        document = minutes._get_pdf("signed").decode()
        for text in ("Alice Bernard", "192.0.2.1", digest[:32], self.collector.name):
            self.assertIn(text, document)
        [mail] = self._queued_mails()
        self.assertEqual(mail.attachment_ids, minutes.signed_id)
        self.assertEqual(minutes.minutes_sha256, digest)

    def test_nobody_signs_twice(self):
        minutes = self._answered()
        minutes._accept("Alice", "192.0.2.1", "x", PNG)
        with self.assertRaises(UserError):
            minutes._accept("Bob", "192.0.2.2", "x", PNG)
        self.assertEqual(minutes.signed_name, "Alice")
        minutes.action_sign()
        with self.assertRaises(UserError):
            minutes.action_sign()

    def test_nothing_is_signed_before_it_is_answered(self):
        minutes = self._send()
        with self.assertRaises(UserError):
            minutes._accept("Alice", "192.0.2.1", "x", PNG)

    def test_a_document_that_was_changed_is_not_signed_nor_given(self):
        minutes = self._answered()
        minutes.minutes_id.sudo().raw = b"other"
        with self.assertRaises(UserError):
            minutes._accept("Alice", "192.0.2.1", "x", PNG)
        with self.assertRaises(UserError):
            minutes._get_pdf("minutes")
        with self.assertRaisesRegex(UserError, "fingerprint"):
            minutes.action_print()

    def test_printed_again_it_is_the_same_to_the_byte(self):
        minutes = self._answered()
        minutes._accept("Alice", "192.0.2.1", "x", PNG)
        minutes.action_sign()
        content = minutes._get_pdf("signed")
        self.partner.name = "Other name"
        self.company.name = "Other company"
        self.assertEqual(minutes._get_pdf("signed"), content)
        self.assertIn(str(minutes.signed_id.id), minutes.action_print()["url"])

    def test_only_a_small_picture_is_a_signature(self):
        minutes = self._answered()
        for image in ("", "x", "PHN2Zz4=", PNG[:40] + "A" * 500_000):
            with self.subTest(image=image[:20]), self.assertRaises(UserError):
                minutes._accept("Alice", "192.0.2.1", "x", image)

    def test_paper_needs_a_document_and_a_day_that_can_be(self):
        minutes = self._answered()
        for name, day, scan in (
            ("Alice", 0, b""),
            ("Alice", 1, b"%PDF"),
            ("Alice", -1, b"%PDF"),
            ("", 0, b"%PDF"),
        ):
            with self.subTest(name=name, day=day), self.assertRaises(UserError):
                minutes._accept_paper(name, self._day(day), scan, "pv.pdf")

    # ------------------------------------------------------------------
    # PRESCRIPTION (C. civ. art. 2240)
    # ------------------------------------------------------------------

    def test_what_was_agreed_on_line_is_a_possible_acknowledgement(self):
        minutes = self._answered(**self.different)
        minutes._accept("Alice", "192.0.2.1", "x", PNG)
        event = minutes.prescription_event_id
        self.assertEqual(event.certainty, "possible")
        self.assertEqual(event.line_ids, self._items(self.first))
        minutes.action_sign()
        self.assertIn(minutes.signed_id, event.attachment_ids)

    def test_on_paper_it_is_certain_from_the_day_of_the_signature(self):
        with freeze_time(self.today - timedelta(days=5)):
            minutes = self._make_minutes()
            minutes.action_hand_over()
        minutes._agree_rest()
        minutes._submit("hand")
        minutes._accept_paper("Alice", self._day(-2), b"%PDF-1.4", "pv.pdf")
        event = minutes.prescription_event_id
        self.assertEqual((event.certainty, event.date), ("certain", self._day(-2)))
        self.assertEqual(len(event.line_ids), 3)

    def test_who_agrees_with_nothing_acknowledges_nothing(self):
        minutes = self._send()
        minutes._answer_items(
            {line.id: {"answer": "unknown"} for line in minutes.line_ids}
        )
        minutes._submit("portal")
        minutes._accept("Alice", "192.0.2.1", "x", PNG)
        self.assertFalse(minutes.prescription_event_id)
        self.assertNotIn("2240", minutes._get_pdf("minutes").decode())

    # ------------------------------------------------------------------
    # DIFFERENCES
    # ------------------------------------------------------------------

    def test_a_difference_becomes_a_dispute(self):
        minutes = self._answered(**self.different).with_user(self.collector)
        line = self._line(minutes, self.third)
        self._queued_mails().unlink()
        line.action_dispute()
        self.assertEqual(self._items(self.third).collection_status, "disputed")
        self.assertEqual((line.treatment, line.request_id.state), ("dispute", "done"))
        self.assertFalse(self._queued_mails())
        with self.assertRaises(UserError):
            line.action_correction()

    def test_a_payment_that_we_do_not_have_is_looked_for(self):
        minutes = self._answered(**self.different).with_user(self.collector)
        line = self._line(minutes, self.second)
        line.action_payment_check()
        request = line.request_id
        self.assertEqual((request.kind, request.state), ("payment_check", "new"))
        self.assertEqual((request.amount, request.payment_reference), (500, "VIR 7"))
        self.assertEqual(request.date_promised, self._day(-20))
        self.assertEqual(request.move_line_ids, self._items(self.second))

    def test_one_transfer_for_several_items_is_one_request(self):
        paid = {"answer": "paid", "answer_date": self._day(-9), "answer_reference": "V"}
        minutes = self._answered(first=paid, second=paid)
        lines = minutes.line_ids.filtered("is_difference")
        lines.action_payment_check()
        self.assertEqual(len(lines.request_id), 1)
        self.assertEqual(lines.request_id.amount, 1500)

    def test_an_invoice_that_is_unknown_is_sent_again(self):
        minutes = self._answered(third={"answer": "unknown"})
        self._queued_mails().unlink()
        self._line(minutes, self.third).action_duplicate()
        [mail] = self._queued_mails()
        self.assertTrue(mail.attachment_ids)
        self.assertEqual(self._line(minutes, self.third).treatment, "duplicate")

    def test_a_correction_is_an_activity_of_who_is_in_charge(self):
        minutes = self._answered(**self.different)
        minutes.activity_ids.unlink()
        self._line(minutes, self.third).action_correction()
        [activity] = minutes.activity_ids
        self.assertEqual(activity.user_id, minutes.user_id)
        self.assertIn(self.third.name, activity.note)

    def test_an_item_of_the_customer_is_looked_for_or_corrected(self):
        minutes = self._send()
        payment, invoice = self.env["recouvrement.reconciliation.extra"].create(
            [
                {
                    "reconciliation_id": minutes.id,
                    "kind": kind,
                    "name": f"{kind} <b>1</b>",
                    "amount": 30,
                }
                for kind in ("payment", "invoice")
            ]
        )
        minutes._agree_rest()
        minutes._submit("portal")
        payment.action_payment_check()
        self.assertEqual(payment.request_id.amount, 30)
        with self.assertRaises(UserError):
            invoice.action_payment_check()
        minutes.activity_ids.unlink()
        invoice.action_correction()
        self.assertIn("&lt;b&gt;", str(minutes.activity_ids.note))

    def test_a_difference_is_settled_with_a_word_and_may_be_opened_again(self):
        minutes = self._answered(**self.different)
        line = self._line(minutes, self.third)
        action = line.action_resolve()
        wizard = (
            self.env["recouvrement.reconciliation.decision"]
            .with_context(**action["context"])
            .create({})
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "Avoir AV/12"
        wizard.action_confirm()
        self.assertEqual((line.is_resolved, line.resolution), (True, "Avoir AV/12"))
        self.assertEqual(minutes.open_count, 1)
        line.action_reopen()
        self.assertEqual(minutes.open_count, 2)
        summaries = minutes.debtor_id.event_ids.mapped("summary")
        self.assertTrue(any("taken up again" in summary for summary in summaries))
        self._reopen_once_cancelled(minutes, line)

    def _reopen_once_cancelled(self, minutes, line):
        line.action_resolve("Avoir AV/12")
        minutes._cancel("Wrong customer")
        with self.assertRaises(UserError):
            line.action_reopen()
        self.assertTrue(line.is_resolved)

    def test_what_agrees_is_no_difference(self):
        minutes = self._answered(**self.different)
        with self.assertRaises(UserError):
            self._line(minutes, self.first).action_dispute()

    def test_minutes_are_cancelled_with_a_reason_and_kept(self):
        minutes = self._send()
        with self.assertRaises(UserError):
            minutes._cancel(" ")
        minutes._cancel("Error")
        self.assertEqual((minutes.state, minutes.close_reason), ("cancelled", "Error"))
        with self.assertRaises(UserError):
            minutes.unlink()
        draft = self._make_minutes()
        draft.unlink()
        self.assertFalse(draft.exists())

    # ------------------------------------------------------------------
    # VOLUME
    # ------------------------------------------------------------------

    def test_two_thousand_items_take_no_query_each(self):
        line = self._items(self.first)
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": self._day(-30),
                    "line_ids": [
                        *(
                            Command.create(
                                {
                                    "partner_id": self.partner.id,
                                    "account_id": line.account_id.id,
                                    "balance": 1,
                                    "name": f"Item {move}-{number}",
                                }
                            )
                            for number in range(100)
                        ),
                        Command.create(
                            {
                                "account_id": self.company_data[
                                    "default_account_revenue"
                                ].id,
                                "balance": -100,
                            }
                        ),
                    ],
                }
                for move in range(20)
            ]
        )
        moves.action_post()
        self.env.flush_all()
        reports = type(self.env["ir.actions.report"])
        start = self.env.cr.sql_log_count
        with patch.object(
            reports, "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF", "pdf")
        ):
            minutes = self._send()
            minutes._agree_rest()
            minutes._submit("portal")
            minutes._accept("Alice", "192.0.2.1", "x", PNG)
            minutes.action_sign()
        queries = self.env.cr.sql_log_count - start
        self.assertEqual(minutes.item_count, 2003)
        self.assertLess(queries, 400)
        document = minutes._get_document()
        self.assertEqual(sum(len(page) for page in document["pages"]), 2003)
        self.assertEqual(len(minutes.prescription_event_id.line_ids), 2003)
