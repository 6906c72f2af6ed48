"""Provisions: what is provided for, at which rate, and the entry that ties to it."""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .closing_common import ClosingCommon


@tagged("post_install", "-at_install")
class TestImpairment(ClosingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer()
        cls.invoice = cls._invoice(cls.partner, (1000.0, cls.vat), due=-100)
        cls.debtor = cls._debtor(cls.partner)

    def _line(self, run, move=None):
        items = self._items(move or self.invoice)
        return run.line_ids.filtered(lambda line: line.move_line_id in items)

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def test_a_doubtful_item_is_provided_for_net_of_its_vat(self):
        self._doubt(self._items(self.invoice), rate=40)
        line = self._line(self._run())
        self.assertRecordValues(
            line,
            [
                {
                    "residual": 1200,
                    "net_base": 1000,
                    "rate": 40,
                    "provision": 400,
                    "booked": 0,
                    "delta": 400,
                    "method": "individual",
                    "note": "Liquidation opened",
                }
            ],
        )

    def test_two_vat_rates_and_a_part_payment_keep_the_share_of_the_invoice(self):
        invoice = self._invoice(
            self.partner, (100.0, self.vat), (200.0, self.reduced), due=-100
        )
        # 120 + 211 = 331 with VAT, 300 net; 100 paid: 231 × 300/331 = 209.37
        self._pay(invoice, 100, day=-50)
        self._doubt(self._items(invoice), rate=100)
        line = self._line(self._run(), invoice)
        self.assertEqual(line.residual, 231)
        self.assertEqual(line.net_base, 209.37)
        self.assertEqual(line.provision, 209.37)

    def test_an_opening_balance_carries_the_standard_vat(self):
        opening = self._make_opening(self.partner, 1200, due=-100)
        self._doubt(opening, rate=50)
        line = self._line(self._run(), opening.move_id)
        self.assertEqual(line.net_base, 1000)
        self.assertEqual(line.provision, 500)

    def test_an_opening_balance_of_a_foreign_customer_has_no_vat(self):
        partner = self._make_customer("Berlin", country_id=self.env.ref("base.de").id)
        opening = self._make_opening(partner, 1200, due=-100)
        self._doubt(opening, rate=50)
        self.assertEqual(self._line(self._run(), opening.move_id).net_base, 1200)

    def test_an_unknown_vat_rate_is_an_error_that_names_it(self):
        self.company.recouvrement_vat_rate_code = "no_such_rate"
        self._doubt(self.debtor)
        with self.assertRaisesRegex(UserError, "no_such_rate"):
            self._run()

    def test_the_mark_of_the_item_wins_over_that_of_the_debtor(self):
        other = self._invoice(self.partner, (500.0, self.vat), due=-5)
        self._doubt(self.debtor, rate=30)
        self._doubt(self._items(other), rate=80)
        run = self._run()
        self.assertEqual(self._line(run).provision, 300)
        self.assertEqual(self._line(run, other).provision, 400)

    def test_a_doubt_that_arose_after_the_closing_does_not_count(self):
        self._doubt(self.debtor, day=-2)
        self.assertFalse(self._run(day=-3).line_ids)
        self.assertTrue(self._run(day=-2).line_ids)

    def test_the_cover_of_a_debtor_goes_to_its_oldest_items_up_to_the_limit(self):
        second = self._invoice(self.partner, (1000.0, self.vat), due=-50)
        third = self._invoice(self.partner, (1000.0, self.vat), due=-20)
        self.debtor.write({"insured_share": 90, "insured_ceiling": 1500})
        self._doubt(self.debtor, rate=100)
        run = self._run()
        covers = [self._line(run, move).cover for move in (self.invoice, second, third)]
        self.assertEqual(covers, [900, 600, 0])
        self.assertEqual(run.amount_provision, 1500)

    def test_the_matrix_gives_the_rate_of_the_segment_before_the_common_one(self):
        self._matrix("91_180", 10)
        self.assertEqual(self._line(self._run()).provision, 100)
        self._matrix("91_180", 25, segment=self.debtor.segment_id)
        run = self._run(day=-1)
        self.assertEqual(self._line(run).rate, 25)
        self.assertEqual(self._line(run).method, "matrix")

    def test_without_the_matrix_only_doubtful_items_are_provided_for(self):
        self._matrix("91_180", 10)
        self.assertFalse(self._run(statistical=False).line_ids)

    def test_credits_are_never_provided_for(self):
        self._make_credit_note(self.partner, 5000)
        self._doubt(self.debtor, rate=100)
        run = self._run()
        self.assertEqual(run.line_ids.move_line_id, self._items(self.invoice))

    def test_items_are_read_as_they_were_at_the_closing(self):
        self._doubt(self.debtor, rate=100, day=-30)
        self._pay(self.invoice, day=-5)
        self.assertEqual(self._line(self._run(day=-10)).residual, 1200)
        self.assertFalse(self._line(self._run(day=-4)))

    def test_foreign_currency_is_converted_at_the_rate_of_the_closing(self):
        dollar = self.setup_other_currency(
            "USD", rates=[("1900-01-01", 2.0), (str(self._day(-20)), 4.0)]
        )
        invoice = self._invoice(
            self.partner, (1000.0, self.vat), due=-100, currency_id=dollar.id
        )
        self._doubt(self._items(invoice), rate=100, day=-40)
        before, after = self._run(day=-30), self._run(day=-10)
        self.assertEqual(self._line(before, invoice).residual, 600)
        self.assertEqual(self._line(after, invoice).residual, 300)
        self.assertEqual(self._line(after, invoice).provision, 250)

    def test_sql_and_orm_compute_the_same_provision(self):
        for net in (0.01, 33.33, 99.99, 1234.56, 0.15):
            self._invoice(self.partner, (net, self.vat), due=-40)
        self._doubt(self.debtor, rate=33.33)
        self.debtor.insured_share = 12.5
        run = self._run().sudo()
        before = [(line.provision, line.delta) for line in run.line_ids]
        run.line_ids._compute_provision()
        after = [(line.provision, line.delta) for line in run.line_ids]
        self.assertEqual(len(before), 6)
        self.assertEqual(before, after)

    # ------------------------------------------------------------------
    # THE ENTRY
    # ------------------------------------------------------------------

    def test_the_entry_ties_to_the_lines_and_the_next_one_books_the_difference(self):
        other = self._invoice(self.partner, (500.0, self.vat), due=-90)
        self._doubt(self.debtor, rate=50, day=-60)
        first = self._run(day=-30, post=True)
        self.assertEqual(
            self._entry(first.move_id), {"681740": 750.0, "491000": -750.0}
        )
        self.assertEqual(first.move_id.date, self._day(-30))
        self._pay(other, day=-20)
        self._doubt(self._items(self.invoice), rate=80, day=-15)
        second = self._run(post=True)
        self.assertEqual(
            self._entry(second.move_id),
            {"681740": 300.0, "491000": -50.0, "781740": -250.0},
        )
        self.assertEqual(self._line(second, other).method, "closed")
        self.assertEqual(-self._balance("491"), 800)
        self.assertEqual(second.amount_provision, 800)
        self.assertEqual(second.ledger_balance, 800)
        self.assertEqual(second.ledger_difference, 0)

    def test_per_debtor_the_entry_has_a_pair_of_lines_each(self):
        other = self._make_debtor("Second", items=((100, -100),))
        self._doubt(self.debtor | other, rate=50)
        run = self._run(per_debtor=True, post=True)
        provided = {
            line.partner_id: -line.balance
            for line in run.move_id.line_ids
            if line.account_id.code == "491000"
        }
        self.assertEqual(provided, {self.partner: 500, other.partner_id: 50})

    def test_nothing_to_book_makes_no_entry(self):
        self._doubt(self.debtor)
        self._run(day=-1, post=True)
        again = self._run(post=True)
        self.assertEqual(again.state, "posted")
        self.assertFalse(again.move_id)
        self.assertEqual(again.ledger_balance, 500)

    def test_open_items_matching_and_status_are_the_same_before_and_after(self):
        self._pay(self.invoice, 100)
        before = self._snapshot(self.debtor)
        self._doubt(self.debtor)
        self._doubt(self._items(self.invoice))
        run = self._run(post=True)
        self.assertEqual(self._snapshot(self.debtor), before)
        run.action_cancel()
        self.assertEqual(self._snapshot(self.debtor), before)

    def test_running_again_replaces_the_draft_and_keeps_what_was_edited(self):
        other = self._invoice(self.partner, (500.0, self.vat), due=-90)
        self._doubt(self.debtor, rate=50)
        run = self._run()
        line = self._line(run).with_user(self.accountant)
        line.write({"rate": 75, "note": "Dividend of a quarter promised"})
        self.assertEqual(line.provision, 750)
        self._pay(other)
        run.action_compute()
        self.assertEqual(len(run.line_ids), 1)
        line = self._line(run)
        self.assertTrue(line.edited)
        self.assertEqual(line.provision, 750)
        self.assertEqual(line.note, "Dividend of a quarter promised")

    def test_a_ledger_that_changed_since_is_not_posted(self):
        self._doubt(self.debtor)
        run = self._run()
        self._pay(self.invoice, 10)
        with self.assertRaisesRegex(UserError, "changed"):
            run.action_post()

    def test_cancelling_restores_what_was_booked_before(self):
        self._doubt(self.debtor, rate=50, day=-9)
        self._run(day=-2, post=True)
        self._doubt(self.debtor, rate=90, day=-9)
        last = self._run(day=0, post=True)
        self.assertEqual(-self._balance("491"), 900)
        last.action_cancel()
        self.assertEqual(-self._balance("491"), 500)
        self.assertEqual(last.reversal_move_id.date, last.date)
        self.assertEqual(self._line(self._run()).booked, 500)
        self.assertEqual(last.ledger_difference, 0)

    def test_only_the_last_run_is_cancelled_and_none_is_posted_before_it(self):
        self._doubt(self.debtor, day=-9)
        first = self._run(day=-2, post=True)
        self._run(day=-1, post=True)
        with self.assertRaisesRegex(UserError, "last run"):
            first.action_cancel()
        with self.assertRaisesRegex(UserError, "earlier"):
            self._run(day=-3, post=True)

    def test_the_database_keeps_one_posted_run_per_company_and_day(self):
        self._doubt(self.debtor)
        self._run(post=True)
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self._run(post=True)

    def test_a_provision_is_never_negative_nor_above_the_claim(self):
        self._doubt(self.debtor)
        line = self._line(self._run())
        for vals in ({"cover": 1000.01}, {"cover": -1}, {"rate": 101}, {"rate": -1}):
            with (
                self.subTest(vals=vals),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                line.write(vals)
                line.flush_recordset()

    def test_a_closed_period_refuses_to_cancel(self):
        self._doubt(self.debtor, day=-60)
        run = self._run(day=-40, post=True)
        self.company.fiscalyear_lock_date = self._day(-35)
        with self.assertRaisesRegex(UserError, "closed"):
            run.action_cancel()

    def test_a_deleted_item_gives_its_provision_back(self):
        opening = self._make_opening(self.partner, 1200, due=-100)
        self._doubt(opening, rate=50)
        self._run(day=-1, post=True)
        opening.move_id.button_draft()
        opening.move_id.unlink()
        run = self._run(post=True)
        self.assertEqual(run.line_ids.delta, -500)
        self.assertEqual(self._balance("491"), 0)

    def test_branches_are_part_of_the_run_of_their_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.env.cr.precommit.run()
        invoice = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "partner_id": self.partner.id,
                    "invoice_date": self._day(-100),
                    "invoice_date_due": self._day(-100),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 300, "tax_ids": False})
                    ],
                }
            )
        )
        invoice.action_post()
        self._doubt(self.debtor, rate=100)
        run = self._run(post=True)
        self.assertEqual(self._line(run, invoice).provision, 300)
        self.assertEqual(-self._balance("491"), 1300)
        self.assertEqual(run.move_id.company_id, self.company)

    def test_another_company_is_not_touched(self):
        other = self.setup_other_company()["company"]
        self._doubt(self.debtor, rate=100)
        run = self._run(company=other)
        self.assertFalse(run.line_ids)

    def test_a_chart_without_the_accounts_says_which_are_missing(self):
        self._doubt(self.debtor)
        run = self._run()
        self.company.chart_template = "generic_coa"
        with self.assertRaisesRegex(UserError, "Allowance.*Reversal"):
            run.action_post()
        accounts = self._account("68"), self._account("49"), self._account("78")
        names = self.company._get_closing_account_fields()
        kinds = ("impairment_expense", "impairment", "impairment_income")
        for kind, account in zip(kinds, accounts, strict=True):
            self.company[names[kind]] = account
        run.action_post()
        self.assertEqual(run.account_id, accounts[1])

    def test_the_run_reads_with_a_constant_number_of_queries(self):
        self._doubt(self.debtor)
        run = self._run()

        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            run.action_compute()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count()
        for _index in range(8):
            self._invoice(self.partner, (10.0, self.vat), due=-70)
        count()
        self.assertLessEqual(count(), few + 2)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_managers_prepare_and_accountants_post(self):
        self._doubt(self.debtor)
        run = self.env["recouvrement.impairment"].with_user(self.manager).create({})
        run.action_compute()
        with self.assertRaises(AccessError):
            run.action_post()
        run.with_user(self.accountant).action_post()
        self.assertEqual(run.state, "posted")
        with self.assertRaises(AccessError):
            run.action_cancel()
        run.with_user(self.accountant).action_cancel()

    def test_what_is_read_only_on_screen_is_read_only_for_calls(self):
        self._doubt(self.debtor)
        run = self._run().with_user(self.accountant)
        with self.assertRaises(AccessError):
            run.write({"state": "posted"})
        with self.assertRaises(UserError):
            run.line_ids.write({"booked": 5})
        run.action_post()
        with self.assertRaises(UserError):
            run.line_ids.write({"rate": 5})
        with self.assertRaises(UserError):
            run.write({"date": self._day(-1)})
        with self.assertRaises(UserError):
            run.unlink()

    def test_collectors_and_other_companies_see_no_run(self):
        self._doubt(self.debtor)
        run = self._run(post=True)
        with self.assertRaises(AccessError):
            run.with_user(self.collector).read(["date"])
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "closing_stranger",
            groups="base.group_user,recouvrement.group_accountant",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for record in (run, run.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["company_id"])


@tagged("post_install", "-at_install")
class TestDoubtful(ClosingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000, -40), (500, -10)))

    def _wizard(self, records, user=None, **vals):
        model = (
            "recouvrement.debtor"
            if records._name == "recouvrement.debtor"
            else "recouvrement.open.item"
        )
        return (
            self.env["recouvrement.doubtful.wizard"]
            .with_user(user or self.env.user)
            .with_context(active_model=model, active_ids=records.ids)
            .create({"note": "Three letters without answer", **vals})
        )

    def test_the_wizard_marks_debtors_with_the_rate_of_the_reason(self):
        wizard = self._wizard(self.debtor, reason_id=self.reason.id)
        self.assertEqual(wizard.rate, 100)
        wizard.action_confirm()
        self.assertEqual(self.debtor.doubtful_reason_id, self.reason)
        self.assertEqual(self.debtor.doubtful_date, self.today)
        event = self.debtor.event_ids.filtered(lambda one: one.kind == "doubtful")
        self.assertIn("100", event.summary)
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual(items.doubtful_reason_id, self.reason)

    def test_an_item_is_marked_alone_and_unmarked(self):
        item = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id)], limit=1
        )
        self._wizard(item, reason_id=self.reason.id, rate=30).action_confirm()
        found = item.search([("doubtful_reason_id", "=", self.reason.id)])
        self.assertEqual(found, item)
        self._wizard(item, clear=True).action_confirm()
        self.assertFalse(item.search([("doubtful_reason_id", "!=", False)]) & item)
        kinds = self.debtor.event_ids.mapped("kind")
        self.assertEqual(kinds.count("doubtful"), 2)

    def test_a_mark_needs_reason_facts_and_a_sensible_rate(self):
        for vals in (
            {},
            {"reason_id": self.reason.id, "note": " "},
            {"reason_id": self.reason.id, "rate": 120},
            {"reason_id": self.reason.id, "date": self._day(1)},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._wizard(self.debtor, **vals).action_confirm()

    def test_collectors_mark_their_debtors_only(self):
        wizard = self._wizard(self.debtor, self.collector, reason_id=self.reason.id)
        wizard.action_confirm()
        self.assertEqual(self.debtor.event_ids[:1].user_id, self.collector)
        self.debtor.collector_id = self.manager
        with self.assertRaises(AccessError):
            self._wizard(
                self.debtor, self.collector, reason_id=self.reason.id
            ).action_confirm()

    def test_the_mark_is_not_entered_by_hand(self):
        with self.assertRaises(AccessError):
            self.debtor.with_user(self.manager).write(
                {"doubtful_reason_id": self.reason.id}
            )
