"""Write-offs: the loss, the VAT that the ground lets recover, and what comes later."""

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestWriteOff(ClosingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer()
        cls.invoice = cls._invoice(cls.partner, (1000.0, cls.vat), due=-20)
        cls.debtor = cls._debtor(cls.partner)
        # A fiscal year that began 60 days ago, whatever the day of the test.
        start = cls._day(-60)
        end = cls._day(-61)
        cls.company.write(
            {
                "fiscalyear_last_month": str(end.month),
                "fiscalyear_last_day": end.day,
            }
        )
        cls.year_start = start

    def _tag_totals(self, moves):
        """Balance per tax tag over the posted lines of entries."""
        result = {}
        for line in moves.line_ids:
            for tag in line.tax_tag_ids:
                result[tag] = round(result.get(tag, 0) + line.balance, 2)
        return result

    # ------------------------------------------------------------------
    # THE ENTRY
    # ------------------------------------------------------------------

    def test_a_ground_that_allows_it_recovers_the_vat(self):
        write_off = self._write_off(self.invoice)
        self.assertEqual(
            self._entry(write_off.move_id),
            {"654100": 1000.0, "445710": 200.0, "411100": -1200.0},
        )
        self.assertTrue(self._items(self.invoice).reconciled)
        self.assertRecordValues(
            write_off,
            [{"amount": 1200, "amount_vat": 200, "amount_loss": 1000}],
        )

    def test_a_ground_that_does_not_leaves_the_vat_in_the_loss(self):
        write_off = self._write_off(self.invoice, ground="small")
        self.assertEqual(
            self._entry(write_off.move_id), {"654100": 1200.0, "411100": -1200.0}
        )
        self.assertFalse(write_off.move_id.line_ids.tax_tag_ids)
        with self.assertRaisesRegex(UserError, "does not let"):
            other = self._invoice(self.partner, (10.0, self.vat))
            self._write_off(other, ground="small", recover_vat=True)

    def test_claims_of_earlier_years_go_to_their_own_account(self):
        old = self._invoice(self.partner, (100.0, self.vat), due=-70)
        write_off = self._write_off(old)
        self.assertIn("654400", self._entry(write_off.move_id))

    def test_the_vat_report_sees_what_a_credit_note_would_show(self):
        write_off = self._write_off(self.invoice)
        twin = self._invoice(self.partner, (1000.0, self.vat))
        reversal = twin._reverse_moves([{"date": self.today}])
        reversal.action_post()
        self.assertEqual(
            self._tag_totals(write_off.move_id), self._tag_totals(reversal)
        )
        self.assertTrue(self._tag_totals(reversal))

    def test_several_taxes_and_untaxed_lines_each_in_proportion(self):
        invoice = self._invoice(
            self.partner, (100.0, self.vat), (200.0, self.reduced), (50.0, None)
        )
        # 120 + 211 + 50 = 381; half of it: 190.50 = 10 + 5.50 VAT, 175 net
        write_off = self._write_off(invoice, amounts={invoice.id: 190.5})
        lines = write_off.move_id.line_ids
        vat = lines.filtered("tax_repartition_line_id")
        self.assertEqual(sorted(vat.mapped("balance")), [5.5, 10.0])
        loss = lines.filtered(lambda line: line.account_id.code == "654100")
        self.assertEqual(
            {line.tax_ids: line.balance for line in loss},
            {
                self.vat: 50.0,
                self.reduced: 100.0,
                self.vat.browse(): 25.0,
            },
        )
        self.assertEqual(self._items(invoice).amount_residual, 190.5)

    def test_after_a_part_payment_the_vat_is_that_of_the_rest(self):
        self._pay(self.invoice, 600)
        write_off = self._write_off(self.invoice)
        self.assertEqual(
            self._entry(write_off.move_id),
            {"654100": 500.0, "445710": 100.0, "411100": -600.0},
        )

    def test_an_opening_balance_recovers_the_vat_told(self):
        opening = self._make_opening(self.partner, 1200, due=-30)
        write_off = self._write_off(opening.move_id)
        self.assertEqual(
            self._entry(write_off.move_id),
            {"654100": 1000.0, "445710": 200.0, "411100": -1200.0},
        )
        self.assertEqual(write_off.line_ids.vat_paid, 200)

    def test_vat_due_on_payment_clears_the_pending_account_only(self):
        self.company.tax_exigibility = True
        pending = self._account("44574")
        tax = self.vat.copy(
            {
                "name": "20% on payment",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": pending.id,
            }
        )
        invoice = self._invoice(self.partner, (1000.0, tax))
        self._pay(invoice, 300)
        self.assertEqual(self._balance("44574"), -150)
        moves = self.env["account.move"].search([])
        write_off = self._write_off(invoice, ground="small")
        self.assertEqual(
            self._entry(write_off.move_id),
            {"654100": 750.0, "445740": 150.0, "411100": -900.0},
        )
        self.assertEqual(self.env["account.move"].search([]) - moves, write_off.move_id)
        self.assertEqual(self._balance("44574"), 0)
        self.assertFalse(write_off.move_id.line_ids.tax_tag_ids)
        tax_line = invoice.line_ids.filtered("tax_repartition_line_id")
        self.assertTrue(tax_line.reconciled)
        self.assertFalse(write_off.duplicate_due)
        # Nothing was due: a receipt makes it due.
        before = self._balance("44571")
        self._recover(write_off, 450)
        self.assertEqual(self._balance("44571") - before, -75)

    def test_foreign_currency_leaves_no_exchange_difference(self):
        dollar = self.setup_other_currency("USD", rates=[("1900-01-01", 3.0)])
        invoice = self._invoice(self.partner, (1000.0, self.vat), currency_id=dollar.id)
        write_off = self._write_off(invoice, amounts={invoice.id: 500})
        self.assertEqual(
            self._entry(write_off.move_id),
            {"654100": 138.89, "445710": 27.78, "411100": -166.67},
        )
        self.assertEqual(self._items(invoice).amount_residual_currency, 700)
        self._write_off(invoice)
        item = self._items(invoice)
        self.assertTrue(item.reconciled)
        self.assertEqual(item.amount_residual, 0)

    def test_an_item_of_a_branch_is_written_off_in_the_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env.cr.precommit.run()
        companies = (self.company | branch).ids
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": companies}
        )
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": branch.id,
                "partner_id": self.partner.id,
                "invoice_date": self._day(-20),
                "invoice_date_due": self._day(-20),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "price_unit": 100,
                            "tax_ids": [Command.set(self.vat.ids)],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        own = self.invoice.with_env(self.env)
        write_offs = self._write_off(invoice | own)
        self.assertEqual(write_offs.company_id, self.company | branch)
        mine = write_offs.filtered(lambda one: one.company_id == branch)
        self.assertEqual(mine.root_company_id, self.company)
        self.assertEqual(mine.move_id.company_id, branch)
        self.assertEqual(
            self._entry(mine.move_id),
            {"654100": 100.0, "445710": 20.0, "411100": -120.0},
        )
        self.assertTrue(self._items(invoice).reconciled)

    def test_many_customers_get_one_write_off_each(self):
        other = self._make_debtor("Second", items=((80, -30), (20, -10)))
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "in", (self.debtor | other).ids)]
        )
        write_offs = self._write_off(items.move_id, ground="small")
        self.assertEqual(len(write_offs), 2)
        self.assertEqual(set(write_offs.mapped("amount")), {1200, 100})
        self.assertEqual(len(set(write_offs.mapped("name"))), 2)

    def test_the_provision_goes_with_the_claim(self):
        other = self._invoice(self.partner, (500.0, self.vat), due=-15)
        self._doubt(self.debtor, rate=60, day=-10)
        run = self._run(day=-5, post=True)
        self.assertEqual(-self._balance("491"), 900)
        part = self._write_off(self.invoice, amounts={self.invoice.id: 300})
        self.assertEqual(part.amount_released, 150)
        self.assertEqual(-self._balance("491"), 750)
        write_off = self._write_off(self.invoice)
        self.assertEqual(write_off.amount_released, 450)
        self.assertEqual(-self._balance("491"), 300)
        self.assertEqual(run.ledger_difference, 0)
        later = self._run()
        self.assertEqual(later.line_ids.move_line_id, self._items(other))
        self.assertEqual(later.line_ids.delta, 0)
        with self.assertRaisesRegex(UserError, "undo them first"):
            run.action_cancel()

    def test_a_write_off_is_not_dated_before_the_provision_it_releases(self):
        self._doubt(self.debtor, rate=60, day=-10)
        self._run(day=-5, post=True)
        with self.assertRaisesRegex(UserError, "provided for"):
            self._write_off(self.invoice, date=self._day(-5))

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def test_bad_amounts_and_missing_evidence_are_refused(self):
        for amount in (0, -5, 1200.01):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._write_off(self.invoice, amounts={self.invoice.id: amount})
        with self.assertRaisesRegex(UserError, "Attach"):
            self._write_off(self.invoice, attachment_ids=False)
        with self.assertRaisesRegex(UserError, "future"):
            self._write_off(self.invoice, date=self._day(1))
        credit = self._make_credit_note(self.partner, 50)
        with self.assertRaises(UserError):
            self._write_off(credit)

    def test_an_item_paid_since_the_proposal_is_not_booked(self):
        write_off = self._write_off(self.invoice, post=False)
        self._pay(self.invoice, 1)
        with self.assertRaisesRegex(UserError, "not open for"):
            write_off.action_post()

    def test_an_item_waits_in_one_proposal_only(self):
        self._write_off(self.invoice, post=False)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self._write_off(self.invoice, post=False)

    def test_a_write_off_is_booked_once(self):
        write_off = self._write_off(self.invoice)
        with self.assertRaises(UserError):
            write_off.action_post()
        with self.assertRaises(UserError):
            write_off.unlink()

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def test_undoing_opens_the_item_and_restores_vat_and_provision(self):
        self._doubt(self.debtor, rate=60, day=-10)
        run = self._run(day=-5, post=True)
        before = self._snapshot(self.debtor)
        write_off = self._write_off(self.invoice)
        write_off.action_cancel()
        self.assertEqual(self._snapshot(self.debtor), before)
        moves = write_off.move_id | write_off.reversal_move_id
        self.assertFalse(any(self._entry(moves).values()))
        self.assertFalse(any(self._tag_totals(moves).values()))
        self.assertEqual(-self._balance("491"), 600)
        self.assertEqual(run.ledger_difference, 0)
        again = self._write_off(self.invoice)
        self.assertEqual(again.amount_released, 600)

    def test_a_closed_period_refuses_to_undo(self):
        write_off = self._write_off(self.invoice, date=self._day(-10))
        self.company.fiscalyear_lock_date = self._day(-5)
        with self.assertRaisesRegex(UserError, "closed"):
            write_off.action_cancel()

    # ------------------------------------------------------------------
    # LATER RECEIPTS
    # ------------------------------------------------------------------

    def _recover(self, write_off, amount, receipt=None, user=None):
        receipt = receipt or self._make_receipt(self.partner, amount)
        item = self.env["recouvrement.open.item"].search(
            [("id", "in", self._items(receipt.move_id).ids)]
        )
        wizard = (
            self.env["recouvrement.recovery.wizard"]
            .with_user(user or self.env.user)
            .create(
                {
                    "write_off_id": write_off.id,
                    "receipt_id": item.id,
                    "amount": amount,
                }
            )
        )
        wizard.action_confirm()
        return write_off.recovery_ids.sorted("id")[-1:]

    def test_a_later_receipt_is_income_and_its_vat_is_due_again(self):
        write_off = self._write_off(self.invoice)
        receipt = self._make_receipt(self.partner, 400)
        recovery = self._recover(write_off, 300, receipt)
        self.assertEqual(
            self._entry(recovery.move_id),
            {"758300": -250.0, "445710": -50.0, "411100": 300.0},
        )
        self.assertEqual(self._items(receipt.move_id).amount_residual, -100)
        self.assertRecordValues(recovery, [{"amount": 300, "vat": 50, "income": 250}])
        self.assertEqual(write_off.amount_recovered, 300)

    def test_receipts_of_the_whole_bring_back_exactly_what_was_booked(self):
        invoice = self._invoice(
            self.partner, (33.33, self.vat), (66.67, self.reduced), (0.05, self.vat)
        )
        write_off = self._write_off(invoice)
        total, vat = write_off.amount, write_off.amount_vat
        for amount in (37.01, 0.01, 29.99):
            self._recover(write_off, amount)
        self._recover(write_off, round(total - 67.01, 2))
        recoveries = write_off.recovery_ids
        self.assertEqual(round(sum(recoveries.mapped("vat")), 2), vat)
        self.assertEqual(write_off.amount_recovered, total)
        moves = write_off.move_id | recoveries.move_id
        balances = self._entry(moves)
        self.assertEqual(balances["445710"], 0)
        self.assertEqual(balances["654100"], -balances["758300"])

    def test_without_recovered_vat_the_receipt_is_all_income(self):
        write_off = self._write_off(self.invoice, ground="other")
        recovery = self._recover(write_off, 300)
        self.assertEqual(
            self._entry(recovery.move_id), {"758300": -300.0, "411100": 300.0}
        )

    def test_never_more_than_was_written_off_nor_than_the_receipt(self):
        write_off = self._write_off(self.invoice)
        self._recover(write_off, 1000)
        receipt = self._make_receipt(self.partner, 500)
        with self.assertRaisesRegex(UserError, "Only"):
            self._recover(write_off, 300, receipt)
        small = self._make_receipt(self.partner, 50)
        with self.assertRaisesRegex(UserError, "leaves"):
            self._recover(write_off, 60, small)
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.env["recouvrement.recovery"].sudo().create(
                {
                    "write_off_id": write_off.id,
                    "company_id": self.company.id,
                    "receipt_line_id": self._items(receipt.move_id).id,
                    "date": self.today,
                    "amount": 201,
                }
            )
            self.env.flush_all()

    def test_the_wizard_opens_from_the_receipt_with_what_is_left(self):
        write_off = self._write_off(self.invoice)
        receipt = self._items(self._make_receipt(self.partner, 1500).move_id)
        wizard = (
            self.env["recouvrement.recovery.wizard"]
            .with_context(
                active_model="recouvrement.open.item",
                active_id=receipt.id,
                active_ids=receipt.ids,
            )
            .create({"write_off_id": write_off.id})
        )
        self.assertEqual(wizard.receipt_id.id, receipt.id)
        self.assertEqual(wizard.receipt_debtor_id, self.debtor)
        self.assertEqual(wizard.available, 1500)
        self.assertEqual(wizard.amount, 1200)

    def test_a_receipt_of_another_customer_is_refused(self):
        write_off = self._write_off(self.invoice)
        stranger = self._make_customer("Stranger")
        with self.assertRaisesRegex(UserError, "another"):
            self._recover(write_off, 10, self._make_receipt(stranger, 10))

    def test_undoing_a_receipt_frees_it_and_then_the_write_off(self):
        write_off = self._write_off(self.invoice)
        receipt = self._make_receipt(self.partner, 300)
        recovery = self._recover(write_off, 300, receipt)
        with self.assertRaisesRegex(UserError, "later receipt"):
            write_off.action_cancel()
        recovery.action_cancel()
        self.assertEqual(self._items(receipt.move_id).amount_residual, -300)
        self.assertEqual(write_off.amount_recovered, 0)
        write_off.action_cancel()
        self.assertEqual(self._items(self.invoice).amount_residual, 1200)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_collectors_propose_and_accountants_book_within_their_limit(self):
        write_off = self._write_off(self.invoice, post=False, user=self.collector)
        self.assertEqual(write_off.user_id, self.collector)
        self.assertEqual(write_off.state, "draft")
        with self.assertRaises(AccessError):
            write_off.with_user(self.collector).action_post()
        with self.assertRaises(AccessError):
            write_off.with_user(self.collector).action_approve()
        with self.assertRaisesRegex(UserError, "Ask a credit manager"):
            write_off.with_user(self.accountant).action_post()
        write_off.with_user(self.manager).action_approve()
        self.assertEqual(write_off.approved_by_id, self.manager)
        write_off.with_user(self.accountant).action_post()
        self.assertEqual(write_off.state, "posted")
        self.assertEqual(write_off.move_id.create_uid, self.accountant)
        kinds = self.debtor.event_ids.mapped("kind")
        self.assertEqual(kinds.count("write_off"), 2)

    def test_accountants_undo_and_recover_with_their_own_rights(self):
        write_off = self._write_off(self.invoice, post=False)
        write_off.action_approve()
        mine = write_off.with_user(self.accountant)
        mine.action_post()
        recovery = self._recover(mine, 120, user=self.accountant)
        recovery.with_user(self.accountant).action_cancel()
        mine.action_cancel()
        self.assertEqual(write_off.state, "cancelled")
        other = self._make_receipt(self.partner, 10)
        again = self._write_off(self.invoice)
        with self.assertRaises(AccessError):
            self._recover(again, 10, other, user=self.manager)

    def test_a_collector_proposes_nothing_on_a_foreign_debtor(self):
        self.debtor.collector_id = self.manager
        with self.assertRaises(UserError):
            self._write_off(self.invoice, post=False, user=self.collector)
        write_off = self._write_off(self.invoice, post=False)
        with self.assertRaises(AccessError):
            write_off.with_user(self.collector).read(["amount"])

    def test_what_is_read_only_on_screen_is_read_only_for_calls(self):
        write_off = self._write_off(self.invoice, post=False)
        with self.assertRaises(AccessError):
            write_off.with_user(self.accountant).write({"approved_by_id": 1})
        with self.assertRaises(AccessError):
            write_off.line_ids.with_user(self.accountant).write({"amount_currency": 1})


@tagged("post_install", "-at_install")
class TestWriteOffDuplicate(ClosingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.partner = cls._make_customer(lang="fr_FR")
        cls.first = cls._invoice(cls.partner, (1000.0, cls.vat), due=-20)
        cls.second = cls._invoice(cls.partner, (234.56, cls.vat), due=-20)
        cls.debtor = cls._debtor(cls.partner)

    def _render(self, write_off):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recouvrement.report_write_off_duplicate", write_off.ids
        )
        text = html.decode() if isinstance(html, bytes) else str(html)
        return text.replace("\xa0", " ").replace("\u202f", " ")

    MENTION = (
        "Facture demeurée impayée pour la somme de 1 000,00 € (prix net) et pour la "
        "somme de 200,00 € (TVA correspondante) qui ne peut faire l'objet d'une "
        "déduction (CGI art. 272)"
    )

    def test_each_duplicate_bears_the_mention_of_the_law(self):
        write_off = self._write_off(self.first | self.second)
        text = self._render(write_off).replace("&#39;", "'")
        self.assertIn(self.MENTION, text)
        self.assertIn("234,56 € (prix net)", text)
        self.assertIn(self.first.name, text)
        self.assertEqual(text.count("qui ne peut faire"), 2)

    def test_the_mention_stays_french_for_any_customer(self):
        self.partner.lang = "en_US"
        write_off = self._write_off(self.first)
        self.assertIn(self.MENTION, self._render(write_off).replace("&#39;", "'"))

    def test_one_statement_may_stand_for_all_the_duplicates(self):
        write_off = self._write_off(self.first | self.second)
        write_off.with_user(self.accountant).duplicate_as = "statement"
        text = self._render(write_off)
        self.assertEqual(text.count("qui ne peut faire"), 1)
        self.assertIn("1 234,56 €", text)
        self.assertIn("246,91 €", text)

    def test_no_duplicate_when_the_ground_recovers_no_vat(self):
        write_off = self._write_off(self.first, ground="small")
        for method in (
            "action_print_duplicate",
            "action_send_duplicate",
            "action_duplicate_posted",
        ):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(write_off, method)()

    def test_the_duplicate_goes_to_the_contact_of_the_debtor(self):
        write_off = self._write_off(self.first)
        self.assertTrue(write_off.duplicate_due)
        found = write_off.search([("duplicate_due", "=", True)])
        self.assertIn(write_off, found)
        write_off.with_user(self.accountant).action_send_duplicate()
        self.assertEqual(write_off.date_duplicate, self.today)
        self.assertFalse(write_off.duplicate_due)
        mail = self._queued_mails()
        self.assertEqual(mail.recipient_ids, self.debtor.contact_id)
        self.assertEqual(mail.res_id, self.debtor.id)
        self.assertEqual(len(mail.attachment_ids), 1)
        [sent] = self._deliver(mail)
        self.assertIn(self.partner.email, sent["email_to"][0])

    def test_in_test_mode_nothing_reaches_the_customer(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "test@example.com",
            }
        )
        write_off = self._write_off(self.first)
        write_off.action_send_duplicate()
        mail = self._queued_mails()
        self.assertFalse(mail.recipient_ids)
        self.assertEqual(mail.email_to, "test@example.com")
        self.assertIn("[TEST", mail.subject)
        self.assertFalse(write_off.date_duplicate)
        [sent] = self._deliver(mail)
        self.assertEqual(sent["email_to"], ["test@example.com"])

    def test_without_an_address_the_reason_is_told(self):
        self.partner.email = False
        write_off = self._write_off(self.first)
        with self.assertRaisesRegex(UserError, "e-mail address"):
            write_off.action_send_duplicate()
        write_off.action_duplicate_posted()
        self.assertEqual(write_off.date_duplicate, self.today)


@tagged("post_install", "-at_install")
class TestClosingSettings(ClosingCommon):
    def test_the_accounts_of_a_french_chart_are_found(self):
        wizard = self.env["recouvrement.closing.settings"].create({})
        self.assertEqual(wizard.recouvrement_loss_account_id.code, "654100")
        self.assertEqual(wizard.recouvrement_vat_account_id.code, "445710")

    def test_accountants_choose_others_and_collectors_do_not(self):
        account = self._account("654400")
        model = self.env["recouvrement.closing.settings"]
        wizard = model.with_user(self.accountant).create(
            {"recouvrement_loss_account_id": account.id}
        )
        wizard.action_confirm()
        self.assertEqual(self.company.recouvrement_loss_account_id, account)
        with self.assertRaises(AccessError):
            model.with_user(self.collector).create({})

    def test_codes_of_any_length_are_found(self):
        self._account("654100").code = "65410000"
        found = self.company._get_closing_accounts("loss")["loss"]
        self.assertEqual(found.code, "65410000")

    def test_a_rate_may_be_proposed_from_the_past_only_with_enough_of_it(self):
        debtor = self._make_debtor(items=((100, -40),))
        matrix = self.env["recouvrement.impairment.matrix"]
        action = matrix.action_propose()
        self.assertIn("Nothing is proposed", action["params"]["message"])
        self.assertFalse(matrix.search([("company_id", "=", self.company.id)]))
        self.assertTrue(debtor)

    def test_rates_are_proposed_from_month_ends(self):
        """Each month 100 falls due; half is paid within the month, the rest after
        seven months is written off: what stays open to the end is lost."""
        partner = self._make_customer("Regular")
        matrix = self.env["recouvrement.impairment.matrix"]
        for month in range(17):
            day = -30 * month - 45
            for amount, paid in ((100, True), (100, False)):
                invoice = self._make_invoice(partner, amount, due=day)
                if paid:
                    self._pay(invoice, day=day + 5)
                elif month >= 9:
                    self._write_off(invoice, ground="other", date=self._day(day + 240))
        action = matrix.action_propose()
        self.assertEqual(action["params"]["type"], "success")
        rows = matrix.search(
            [("company_id", "=", self.company.id), ("segment_id", "=", False)]
        )
        rates = {row.age_bucket: row.proposed_rate for row in rows}
        self.assertEqual(rates["over_180"], 100)
        self.assertGreater(rates["31_60"], 80)
        self.assertTrue(all(row.rate == 0 for row in rows))
        rows.action_use_proposal()
        self.assertEqual(rows.mapped("rate"), rows.mapped("proposed_rate"))
        before = len(matrix.search([]))
        matrix.action_propose()
        self.assertEqual(len(matrix.search([])), before)
