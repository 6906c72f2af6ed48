"""The statement of account of a period: what it says, and that it is the ledger's."""

import io
from datetime import timedelta
from decimal import Decimal

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from ..tools.period import Period


@tagged("post_install", "-at_install")
class TestPeriodStatement(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Fournil Bernard", ref="C042", lang="en_US")
        cls.old = cls._make_invoice(cls.partner, 1000.0, due=-90)
        cls.invoice = cls._make_invoice(cls.partner, 500.0, due=-40)
        cls.debtor = cls._debtor(cls.partner)
        cls.period = Period(cls._day(-60), cls._day(-10))

    def _block(self, period=None, debtor=None):
        [block] = (debtor or self.debtor)._get_period_statement(period or self.period)
        return block

    def _ledger(self, day, partner=None):
        """The balance of the customer in the ledger, added up by hand."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", (partner or self.partner).id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ]
        )
        return sum((Decimal(f"{line.balance:.2f}") for line in lines), Decimal(0))

    # ------------------------------------------------------------------
    # BALANCES
    # ------------------------------------------------------------------

    def test_it_goes_from_the_opening_to_the_closing_balance(self):
        self._pay(self.old, amount=400.0, day=-30)
        self._make_credit_note(self.partner, 50.0, invoice_date=self._day(-20))
        block = self._block()
        self.assertEqual(block["opening"], 1000)
        self.assertEqual(
            [(row["kind"], row["amount"], row["balance"]) for row in block["rows"]],
            [
                ("invoice", 500, 1500),
                ("payment", -400, 1100),
                ("credit_note", -50, 1050),
            ],
        )
        self.assertEqual((block["debit"], block["credit"]), (500, 450))
        self.assertEqual(block["closing"], 1050)
        self.assertEqual(block["closing_company"], self._ledger(self.period.end))
        self.assertTrue(block["is_tied"])
        self.assertEqual((block["overdue"], block["to_allocate"]), (1100, -50))

    def test_what_came_after_the_period_is_not_on_it(self):
        self._pay(self.old | self.invoice, day=-5)
        self._make_invoice(self.partner, 70.0, due=-3)
        block = self._block()
        self.assertEqual((block["opening"], block["closing"]), (1000, 1500))
        self.assertTrue(block["is_tied"])
        self.assertEqual({row["mark"] for row in block["rows"]}, {""})

    def test_each_period_opens_as_the_one_before_closed(self):
        self._pay(self.old, amount=250.5, day=-45)
        self._pay(self.invoice, day=-12)
        closing = Decimal(0)
        for start in range(-100, 0, 17):
            end = min(start + 16, 0)
            blocks = self.debtor._get_period_statement(
                Period(self._day(start), self._day(end))
            )
            block = blocks[0] if blocks else {"opening": 0, "closing": 0}
            self.assertEqual(block["opening"], closing)
            closing = block["closing"]
        self.assertEqual(closing, self._ledger(self.today))

    def test_a_period_that_is_not_over_is_refused(self):
        with self.assertRaises(UserError):
            self.debtor._get_period_statement(Period(self.today, self._day(1)))

    def test_a_customer_without_movement_nor_balance_has_an_empty_statement(self):
        self._pay(self.old | self.invoice, day=-30)
        self.assertFalse(
            self.debtor._get_period_statement(Period(self._day(-9), self.today))
        )
        name, content = self.debtor._get_period_statement_pdf(
            Period(self._day(-9), self.today)
        )
        self.assertIn(b"Nothing moved on your account", content)

    def test_the_contacts_of_the_customer_are_on_it_and_others_are_not(self):
        contact = self.env["res.partner"].create(
            {"name": "Site", "parent_id": self.partner.id, "type": "invoice"}
        )
        self._make_invoice(contact, 30.0, due=-25)
        self._make_invoice(self._make_customer("Stranger"), 9.0, due=-25)
        self.assertEqual(self._block()["closing"], 1530)

    def test_entries_in_the_ledger_without_an_invoice_count(self):
        self._make_opening(self.partner, 200.0, due=-20)
        block = self._block()
        self.assertEqual(block["rows"][-1]["name"], "Opening balance")
        self.assertEqual(block["closing"], self._ledger(self.period.end))

    def test_branches_of_the_company_are_together_and_other_companies_apart(self):
        branch = self.env["res.company"].create(
            {"name": "Branch Lyon", "parent_id": self.company.id}
        )
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= branch | other
        self.cr.precommit.run()
        for company in (branch, other):
            move = (
                self.env["account.move"]
                .with_company(company)
                .create(
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
                )
            )
            move.action_post()
        block = self._block()
        self.assertEqual(block["closing"], 1570)
        self.assertEqual(block["rows"][-1]["branch"], "Branch Lyon")
        theirs = self._debtor(self.partner, other)
        self.assertEqual(self._block(debtor=theirs)["closing"], 70)

    # ------------------------------------------------------------------
    # CURRENCIES
    # ------------------------------------------------------------------

    def test_currencies_have_a_block_each_the_company_s_first(self):
        gbp = self.setup_other_currency("GBP", rates=[("2000-01-01", 2.0)])
        self._make_invoice(self.partner, 300.0, due=-30, currency_id=gbp.id)
        mine, theirs = self.debtor._get_period_statement(self.period)
        self.assertEqual(mine["currency"], self.company.currency_id)
        self.assertEqual(mine["closing"], 1500)
        self.assertEqual(theirs["currency"], gbp)
        self.assertEqual((theirs["closing"], theirs["closing_company"]), (300, 150))
        self.assertTrue(mine["is_tied"] and theirs["is_tied"])

    def test_an_invoice_settled_in_another_currency_leaves_nothing_on_either_side(self):
        gbp = self.setup_other_currency("GBP", rates=[("2000-01-01", 2.0)])
        invoice = self._make_invoice(self.partner, 300.0, due=-30, currency_id=gbp.id)
        receipt = self._make_receipt(self.partner, 150.0, day=-20)
        (self._items(invoice) | self._items(receipt.move_id)).reconcile()
        mine, theirs = self.debtor._get_period_statement(self.period)
        self.assertEqual((mine["closing"], theirs["closing"]), (1500, 0))
        self.assertTrue(mine["is_tied"] and theirs["is_tied"])
        self.assertEqual(
            [row["kind"] for row in theirs["rows"]], ["invoice", "exchange"]
        )
        after = self.debtor._get_period_statement(Period(self._day(-9), self.today))
        self.assertEqual([(b["opening"], b["closing"]) for b in after], [(1500, 1500)])

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def test_what_was_matched_has_the_same_letters_and_says_what_it_settled(self):
        third = self._make_invoice(self.partner, 80.0, due=-35)
        self._pay(self.invoice, day=-30)
        self._pay(third, amount=20.0, day=-25)
        rows = {(row["kind"], row["amount"]): row for row in self._block()["rows"]}
        self.assertEqual(rows["invoice", 500]["mark"], "A")
        self.assertEqual(rows["payment", -500]["mark"], "A")
        self.assertEqual(rows["payment", -500]["settles"], [self.invoice.name])
        self.assertEqual(rows["invoice", 80]["mark"], "b")
        self.assertEqual(rows["payment", -20]["mark"], "b")

    def test_a_payment_of_an_older_invoice_names_it(self):
        self._pay(self.old, day=-30)
        row = self._block()["rows"][-1]
        self.assertEqual((row["settles"], row["mark"]), ([self.old.name], "A"))

    # ------------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------------

    def test_the_document_says_the_balances_in_the_language_asked_for(self):
        name, content = self.debtor._get_period_statement_pdf(self.period)
        text = content.decode()
        self.assertIn("Fournil Bernard", name)
        for part in ("Opening balance", "1,000.00", "Closing balance", "1,500.00"):
            self.assertIn(part, text)

    def test_the_spreadsheet_has_numbers_and_no_formula(self):
        self.invoice.ref = "=1+1"
        self.partner.name = "=cmd|' /C calc'!A0"
        _name, content = self.debtor._get_period_workbook(self.period)
        book = load_workbook(io.BytesIO(content))
        sheet = book[self.company.currency_id.name]
        self.assertEqual(sheet.cell(2, 8).value, 1000)
        self.assertEqual(sheet.cell(4, 8).value, 1500)
        for row in sheet.iter_rows():
            self.assertFalse([cell for cell in row if cell.data_type == "f"])

    def test_rows_beyond_the_limit_are_in_the_spreadsheet_that_goes_along(self):
        self.company.recouvrement_statement_items = 1
        self._make_invoice(self.partner, 10.0, due=-30)
        self._make_invoice(self.partner, 15.0, due=-30)
        files = self.debtor._make_period_statement(self.period)
        self.assertEqual(
            sorted(name.rpartition(".")[2] for name in files.mapped("name")),
            ["html", "xlsx"],
        )
        html = files.filtered(lambda f: f.name.endswith("html")).raw.decode()
        self.assertIn("Other movements, in the attached spreadsheet", html)
        self.assertIn("1,525.00", html)

    def test_two_thousand_movements_take_as_many_queries_as_two(self):
        self.debtor._get_period_statement(self.period)
        self.env.flush_all()
        with _Count(self) as few:
            self.debtor._get_period_statement(self.period)
        line = self._items(self.invoice)
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": self._day(-30),
                    "line_ids": [
                        Command.create(
                            {
                                "partner_id": self.partner.id,
                                "account_id": line.account_id.id,
                                "balance": 1,
                                "name": f"Item {move}-{number}",
                            }
                        )
                        for number in range(100)
                    ]
                    + [
                        Command.create(
                            {
                                "account_id": self.company_data[
                                    "default_account_revenue"
                                ].id,
                                "balance": -100,
                            }
                        )
                    ],
                }
                for move in range(20)
            ]
        )
        moves.action_post()
        self.env.flush_all()
        with _Count(self) as many:
            block = self._block()
        self.assertEqual(len(block["rows"]), 2001)
        self.assertEqual(block["closing"], 3500)
        self.assertEqual(many.count, few.count)

    # ------------------------------------------------------------------
    # BY E-MAIL
    # ------------------------------------------------------------------

    def test_the_wizard_sends_the_period_with_the_other_documents(self):
        wizard = self.env["recouvrement.send.wizard"].create(
            {
                "debtor_id": self.debtor.id,
                "with_period_statement": True,
                "period_start": self.period.start,
                "period_end": self.period.end,
                "with_workbook": True,
            }
        )
        self.assertIn("statement of your account", wizard.body)
        wizard.action_send()
        [mail] = self._queued_mails()
        self.assertEqual(len(mail.attachment_ids), 2)
        self.assertEqual(mail.recipient_ids, self.debtor.contact_id)
        event = self.debtor.event_ids.filtered(lambda e: e.kind == "document")
        self.assertEqual(len(event), 1)

    def test_the_wizard_sends_what_it_sent_before_when_no_period_is_wanted(self):
        wizard = self.env["recouvrement.send.wizard"].create(
            {"debtor_id": self.debtor.id, "with_statement": True}
        )
        wizard.action_send()
        [mail] = self._queued_mails()
        self.assertIn(str(self.today), mail.attachment_ids.name)

    def test_the_wizard_refuses_a_period_that_ends_before_it_begins(self):
        wizard = self.env["recouvrement.send.wizard"].create(
            {
                "debtor_id": self.debtor.id,
                "with_period_statement": True,
                "period_start": self.period.end,
                "period_end": self.period.start - timedelta(days=1),
            }
        )
        with self.assertRaises(UserError):
            wizard.action_send()


class _Count:
    """Number of queries of a block."""

    def __init__(self, case):
        self.cr = case.env.cr

    def __enter__(self):
        self.start = self.cr.sql_log_count
        return self

    def __exit__(self, *_error):
        self.count = self.cr.sql_log_count - self.start
