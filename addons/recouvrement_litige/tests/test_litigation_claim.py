"""The claim of a litigation file: its rows, what is frozen, what payments leave."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.interest_common import DUE, UNTIL, InterestCommon

from .court_file_common import CourtFileCommon


@tagged("post_install", "-at_install")
class TestLitigationClaim(CourtFileCommon, InterestCommon):
    """An invoice of 1,000 due on 31 January 2026, under French law between merchants:
    12.15 % in the first half of 2026, 12.40 % in the second.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._impose(cls.customer, "fr_b2b")
        cls.invoice = cls._make_invoice(cls.customer, 1000.0, due=DUE)
        cls.file = cls._make_file(cls.debtor, date_open=UNTIL)

    def _claim(self, day=UNTIL, file=None, **vals):
        return (file or self.file)._compute_claim(day, **vals)

    def _settle(self):
        """What happens at commit: the ledger tells the files."""
        self.cr.precommit.run()
        self.file.invalidate_recordset()

    def _amounts(self, claim):
        claim.invalidate_recordset()
        return {
            name: claim[f"amount_{name}"]
            for name in ("principal", "interest", "indemnity", "credits", "total")
            if claim[f"amount_{name}"]
        }

    def _heads(self, claim):
        [section] = claim._get_remains()
        return {
            head: (float(paid), float(left))
            for head, (_claimed, paid, left) in section["heads"].items()
        }

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def test_a_claim_has_principal_interest_and_indemnity(self):
        # 59 days × 1 000 × 12.15 % / 365 = 19.64
        claim = self._claim()
        self.assertEqual(
            self._amounts(claim),
            {"principal": 1000, "interest": 19.64, "indemnity": 40, "total": 1059.64},
        )
        self.assertRecordValues(
            claim.row_ids,
            [
                {"head": "principal", "half_year": False, "days": 0, "amount": 1000},
                {
                    "head": "interest",
                    "half_year": "2026-S1",
                    "days": 59,
                    "amount": 19.64,
                },
                {"head": "indemnity", "half_year": False, "days": 0, "amount": 40},
            ],
        )

    def test_interest_is_told_by_half_year_and_rate(self):
        # S1: 150 days × 12.15 % = 49.93; both: 81.1863 = 81.19, so S2 is 31.26
        claim = self._claim(date(2026, 9, 30))
        rows = claim.row_ids.filtered(lambda row: row.head == "interest")
        self.assertEqual(
            [
                (row.half_year, row.rate, row.days, row.date_to, row.amount)
                for row in rows
            ],
            [
                ("2026-S1", 12.15, 150, date(2026, 6, 30), 49.93),
                ("2026-S2", 12.4, 92, date(2026, 9, 30), 31.26),
            ],
        )
        self.assertEqual(
            [(one["label"], float(one["amount"])) for one in claim._sum_interest()],
            [("2026-S1", 49.93), ("2026-S2", 31.26)],
        )

    def test_a_partial_payment_pays_interest_first_unless_agreed_otherwise(self):
        # 28 days to the payment: 9.32 of interest, paid first; 31 days on 609.32.
        self._pay(self.invoice, 400.0, day=date(2026, 2, 28))
        claim = self._claim()
        principal = 1000 - (400 - 9.32)
        self.assertAlmostEqual(claim.amount_principal, principal, 2)
        self.assertAlmostEqual(claim.amount_interest, 6.29, 2)
        other = self._claim(imputation="principal_first")
        self.assertEqual(other, claim)
        self.assertAlmostEqual(claim.amount_principal, 600, 2)
        # 9.32 + 31 days × 600 × 12.15 % / 365 = 6.19
        self.assertAlmostEqual(claim.amount_interest, 15.51, 2)
        self.assertEqual(
            claim.row_ids.filtered(lambda row: row.head == "principal").settled, 400
        )

    def test_a_credit_note_lowers_the_principal(self):
        self._credit(self.invoice, 250.0, date(2026, 2, 28))
        claim = self._claim()
        self.assertEqual(claim.amount_principal, 750)

    def test_credits_that_are_not_allocated_are_deducted_unless_told_not_to(self):
        self._make_receipt(self.customer, 300.0, day=date(2026, 3, 1))
        claim = self._claim()
        self.assertEqual(claim.amount_credits, -300)
        self.assertAlmostEqual(claim.amount_total, 759.64, 2)
        claim.with_credits = False
        self.assertEqual(claim.amount_credits, 0)
        self.assertAlmostEqual(claim.amount_total, 1059.64, 2)

    def test_a_credit_of_after_the_day_is_not_deducted(self):
        self._make_receipt(self.customer, 300.0, day=date(2026, 4, 1))
        self.assertEqual(self._claim().amount_credits, 0)

    def test_a_clause_costs_and_article_700_are_added(self):
        self.env["recouvrement.litigation.cost"].create(
            [
                {
                    "litigation_id": self.file.id,
                    "name": "Greffe",
                    "kind": "court",
                    "date": UNTIL,
                    "currency_id": self.euro.id,
                    "amount": 33.47,
                    "vat": 0,
                    "is_recoverable": True,
                },
                {
                    "litigation_id": self.file.id,
                    "name": "Agency",
                    "kind": "agency",
                    "date": UNTIL,
                    "currency_id": self.euro.id,
                    "amount": 100,
                    "vat": 20,
                },
            ]
        )
        claim = self._claim(clause_rate=10, article_700=500)
        self.assertEqual(claim.amount_clause, 100)
        self.assertEqual(claim.amount_costs, 33.47)
        self.assertEqual(claim.amount_700, 500)
        self.assertAlmostEqual(claim.amount_total, 1693.11, 2)
        claim.write({"clause_minimum": 150, "with_costs": False})
        self.assertEqual((claim.amount_clause, claim.amount_costs), (150, 0))
        self._settle()
        self.assertEqual(
            (self.file.cost_total, self.file.cost_recoverable), (133.47, 33.47)
        )

    def test_items_in_another_currency_are_claimed_in_it_and_valued(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 1.25,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        foreign = self._make_invoice(
            self.customer, 500.0, due=DUE, currency_id=dollar.id
        )
        file = self._make_file(self.debtor, foreign, date_open=UNTIL)
        claim = self._claim(file=file, with_indemnity=False)
        principal = claim.row_ids.filtered(lambda row: row.head == "principal")
        self.assertEqual((principal.currency_id, principal.amount), (dollar, 500))
        self.assertEqual(claim.amount_principal, 400)
        # 59 days × 500 × 12.15 % / 365 = 9.82 USD = 7.86 EUR
        self.assertAlmostEqual(claim.amount_interest, 7.86, 2)
        self.assertTrue(claim._get_document()["several"])

    def test_rates_are_printed_as_they_were_set(self):
        claim = self._claim(date(2026, 9, 30))
        write = claim._get_document()["rate"]
        rates = claim.row_ids.filtered("rate").sorted("date_from").mapped("rate")
        figures = [write(rate).replace(",", ".").split()[0] for rate in rates]
        self.assertEqual(figures, ["12.15", "12.40"])

    def test_a_setting_of_a_draft_computes_it_again(self):
        claim = self._claim()
        claim.date = date(2026, 4, 30)
        self.assertAlmostEqual(claim.amount_interest, 29.63, 2)
        claim.with_indemnity = False
        self.assertEqual(claim.amount_indemnity, 0)

    def test_an_empty_file_has_no_claim(self):
        file = (
            self.env["recouvrement.litigation"]
            .sudo()
            .create({"debtor_id": self.debtor.id})
        )
        with self.assertRaises(UserError):
            file._compute_claim()

    # ------------------------------------------------------------------
    # FILED
    # ------------------------------------------------------------------

    def test_a_filed_claim_is_kept_as_it_was_filed(self):
        claim = self._claim()
        claim.action_file()
        self.assertEqual(claim.state, "filed")
        content = claim._get_kept("pdf")
        self._pay(self.invoice, 400.0, day=date(2026, 2, 28))
        with self.assertRaises(UserError):
            claim.date = date(2026, 4, 30)
        with self.assertRaises(UserError):
            claim.action_compute()
        with self.assertRaises(UserError):
            claim.sudo().unlink()
        self.assertEqual(claim._get_kept("pdf"), content)
        again = self._claim()
        self.assertNotEqual(again, claim)
        self.assertLess(again.amount_total, claim.amount_total)
        self._settle()
        self.assertEqual(self.file.claim_id, claim)
        again.action_file()
        self.assertEqual(claim.state, "replaced")
        self._settle()
        self.assertEqual(self.file.claim_id, again)

    def test_nobody_writes_the_figures_of_a_claim(self):
        claim = self._claim()
        manager = self._make_user("manager")
        for vals in ({"amount_total": 1}, {"state": "filed"}, {"remark": "x"}):
            with self.assertRaises(AccessError):
                claim.with_user(manager).write(vals)

    # ------------------------------------------------------------------
    # WHAT REMAINS
    # ------------------------------------------------------------------

    def test_payments_since_the_claim_pay_interest_then_principal(self):
        claim = self._claim()
        self._pay(self.invoice, 100.0, day=date(2026, 4, 15))
        self.assertEqual(
            self._heads(claim),
            {
                "interest": (19.64, 0),
                "principal": (80.36, 919.64),
                "indemnity": (0, 40),
            },
        )
        self._settle()
        self.assertAlmostEqual(self.file.amount_remaining, 959.64, 2)
        self.assertEqual(self.file.amount_recovered, 100)

    def test_a_payment_of_before_that_is_entered_later_counts(self):
        claim = self._claim()
        self._pay(self.invoice, 100.0, day=date(2026, 3, 15))
        self.assertEqual(self._heads(claim)["interest"], (19.64, 0))
        self._settle()
        self.assertAlmostEqual(self.file.amount_remaining, 959.64, 2)
        # Received before the transfer: the lawsuit did not bring it.
        self.assertEqual(self.file.amount_recovered, 0)

    def test_a_credit_note_since_the_claim_lowers_the_principal_only(self):
        claim = self._claim()
        self._credit(self.invoice, 200.0, date(2026, 4, 15))
        self.assertEqual(self._heads(claim)["principal"], (200, 800))
        self.assertEqual(self._heads(claim)["interest"], (0, 19.64))
        self._settle()
        self.assertEqual(self.file.amount_recovered, 0)
        self.assertEqual(self.file.amount_credited, 200)

    def test_a_deducted_credit_that_is_allocated_later_counts_once(self):
        receipt = self._make_receipt(self.customer, 300.0, day=date(2026, 3, 1))
        claim = self._claim()
        before = claim.amount_total
        item = receipt.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        (item | self._items(self.invoice)).reconcile()
        [section] = claim._get_remains()
        self.assertEqual(section["paid"], 0)
        self.assertAlmostEqual(float(section["left"]), before, 2)
        self._settle()
        self.assertAlmostEqual(self.file.amount_remaining, before, 2)

    def test_a_payment_that_comes_back_is_told(self):
        payment = self._pay(self.invoice, 400.0, day=date(2026, 2, 28))
        claim = self._claim()
        self.assertFalse(claim.has_undone)
        payment.move_id.line_ids.remove_move_reconcile()
        claim.invalidate_recordset()
        self.assertTrue(claim.has_undone)
        self.assertIn("came back", claim.remains)

    def test_the_amounts_follow_the_ledger_by_themselves(self):
        self._claim()
        self._pay(self.invoice, 1000.0, day=date(2026, 4, 15))
        self._settle()
        self.assertEqual(self.file.amount_recovered, 1000)
        self.assertAlmostEqual(self.file.amount_remaining, 59.64, 2)
        self.assertAlmostEqual(self.file.amount_net, 1000, 2)

    def test_without_a_claim_what_is_open_remains(self):
        self.file.sudo()._refresh_amounts()
        self.assertEqual(self.file.amount_remaining, 1000)
        self.assertEqual(self.file.amount_claimed, 0)

    # ------------------------------------------------------------------
    # SPEED
    # ------------------------------------------------------------------

    def test_queries_do_not_grow_with_the_items_and_files(self):
        lines = [Command.create({"name": "x", "price_unit": 10, "tax_ids": False})]
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": DUE,
                    "invoice_date_due": DUE,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": lines,
                }
                for _number in range(40)
            ]
        )
        moves.action_post()
        small = self._make_file(self.debtor, moves[:2], date_open=UNTIL)
        large = self._make_file(self.debtor, moves[2:], date_open=UNTIL)
        self._claim(file=small)
        large.line_ids.move_line_id.mapped("move_id.name")
        counts = []
        for file in (small, large):
            file._compute_claim(date(2026, 4, 1))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            file._compute_claim(date(2026, 4, 2))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)
        files = (small | large | self.file).sudo()
        self.env.flush_all()
        start = self.cr.sql_log_count
        files._refresh_amounts()
        self.assertLessEqual(self.cr.sql_log_count - start, 3)
