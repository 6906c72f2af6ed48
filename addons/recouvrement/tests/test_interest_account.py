"""The statement of a claim as a document."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import tagged

from .interest_common import DUE, UNTIL, InterestCommon


@tagged("post_install", "-at_install")
class TestInterestAccount(InterestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"vat": "FR44732829320"})
        cls.customer.write({"vat": "FR44732829320", "ref": "C042"})
        cls.invoice = cls._make_invoice(
            cls.customer, 1000, due=DUE, invoice_date=date(2026, 1, 2)
        )
        cls.debtor = cls._debtor(cls.customer)

    def _detail(self, **vals):
        return self.env["recouvrement.interest.detail"].create(
            {"debtor_id": self.debtor.id, "date": UNTIL, **vals}
        )

    def _render(self, details):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recouvrement.report_interest_account", details.ids
        )
        return " ".join(html.decode().replace("\xa0", " ").split())

    def test_the_statement_says_who_what_and_why(self):
        self._pay(self.invoice, 400, date(2026, 2, 28))
        text = self._render(self._detail())
        for expected in (
            "Statement of claim",
            "732 829 320",
            "C042",
            self.invoice.name,
            "01/02/2026" if self.env.user.lang == "fr_FR" else "02/01/2026",
            "12.15 %",
            "15.51",
            "600.00",
            "655.51",
            "L. 441-10",
            "D. 441-5",
            "365 days",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, text)

    def test_a_consumer_reads_another_law(self):
        consumer = self._make_customer("Madame Petit", is_company=False)
        debtor = self._impose(consumer, "fr_consumer")
        invoice = self._make_invoice(consumer, 1000, due=DUE)
        self._items(invoice).sudo().formal_notice_date = date(2026, 2, 28)
        text = self._render(self._detail(debtor_id=debtor.id))
        self.assertIn("1231-6", text)
        for absent in ("441-10", "indemnit", "2192"):
            self.assertNotIn(absent, text)

    def test_credits_that_are_not_allocated_are_deducted(self):
        self._make_receipt(self.customer, 100, date(2026, 3, 1))
        text = self._render(self._detail())
        self.assertIn("not yet allocated", text)
        self.assertIn("959.64", text)
        chosen = self._detail(chosen_ids=self._items(self.invoice).ids)
        self.assertIn("1,059.64", self._render(chosen))

    def test_one_section_per_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self._make_invoice(self.customer, 500, due=DUE, currency_id=dollar.id)
        document = self._detail()._get_document()
        self.assertEqual(
            {section["currency"].name for section in document["sections"]},
            {"EUR", "USD"},
        )
        text = self._render(self._detail())
        self.assertIn("Amounts in", text)

    def test_what_is_settled_and_asks_nothing_is_left_out(self):
        paid = self._make_invoice(self.customer, 500, due=DUE)
        self._pay(paid, day=DUE)
        self.assertNotIn(paid.name, self._render(self._detail()))

    def test_two_debtors_in_one_file(self):
        other = self._make_customer("Garage Martin")
        self._make_invoice(other, 500, due=DUE)
        details = self._detail() | self._detail(debtor_id=self._debtor(other).id)
        text = self._render(details)
        self.assertEqual(text.count("Statement of claim</h2>"), 2)
        self.assertEqual(text.count("page-break-before"), 1)

    def test_pages_hold_every_row_once_and_not_too_many(self):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": DUE - timedelta(days=60),
                    "invoice_date_due": DUE - timedelta(days=number),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 100, "tax_ids": False}
                        )
                    ],
                }
                for number in range(60)
            ]
        )
        moves.action_post()
        document = self._detail()._get_document()
        pages = document["pages"]
        rows = [row for page in pages for row in page]
        self.assertEqual(sum(row["kind"] == "item" for row in rows), 61)
        self.assertEqual(sum(row["kind"] == "sum" for row in rows), 61)
        self.assertGreater(len(pages), 4)
        self.assertLessEqual(max(map(len, pages)), 62)
        self.assertLessEqual(len(pages[0]), 33)
        for page in filter(None, pages):  # the closing may have a page of its own
            self.assertEqual(page[0]["kind"], "item", "items of few rows are whole")
            self.assertEqual(page[-1]["kind"], "sum")

    def test_the_name_of_the_file(self):
        name = self._detail()._get_file_name()
        self.assertIn(self.customer.name, name)
        self.assertIn("2026-03-31", name)

    def test_printing_needs_a_debtor_one_may_read(self):
        action = self._detail().action_print()
        self.assertEqual(action["report_name"], "recouvrement.report_interest_account")
