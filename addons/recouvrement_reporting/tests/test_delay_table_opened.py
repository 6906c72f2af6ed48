"""Each figure of the payment-delay table opens what it is made of, purchases with the
sign of sales."""

import json
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command
from odoo.tests import tagged
from odoo.tools import json_default

from .common_rights import ReportingRights
from .delay_common import DelayCommon
from .test_delay_table import back


@tagged("post_install", "-at_install")
class TestDelayTableOpened(ReportingRights, DelayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        franc = cls.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        for way in ("in", "out"):
            paid = cls._bill(1000, back(40), f"{way}_invoice", tax=True)
            cls._settle(paid, back(20), 400)
            cls._bill(200, back(30), f"{way}_refund", tax=True)
            cls._bill(500, back(70), f"{way}_invoice", currency_id=franc.id)
            disputed = cls._bill(300, back(10), f"{way}_invoice", tax=True)
            if way == "in":
                disputed.payment_state = "blocked"
            else:
                disputed.line_ids.collection_status = "disputed"
        branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids |= branch
        cls.cr.precommit.run()
        bill = cls.env["account.move"].with_company(branch)
        expense = cls.company_data["default_account_expense"]
        line = {"name": "x", "price_unit": 70, "tax_ids": False}
        bill.create(
            {
                "move_type": "in_invoice",
                "company_id": branch.id,
                "partner_id": cls.supplier.id,
                "invoice_date": back(50),
                "date": back(50),
                "invoice_date_due": back(50),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({**line, "account_id": expense.id})
                ],
            }
        ).action_post()

    def test_each_figure_of_both_sides_opens_lines_that_add_up_to_it(self):
        for vals in (
            {"basis": "taxed"},
            {"basis": "untaxed"},
            {"basis": "untaxed", "denominator": "ledger"},
            {"part": "year", "basis": "taxed"},
            {"part": "year", "basis": "taxed", "credit_notes": "deducted"},
        ):
            table = self._table(**vals)
            self.assertGreater(table.purchases, 0)
            for role in ("accountant", "auditor", "manager"):
                with self.subTest(role=role, **vals):
                    self.assertGreater(self._check_opened(table, self.users[role]), 8)

    def test_a_purchase_is_positive_and_a_credit_note_is_not(self):
        table = self._table(basis="taxed")
        action = table.action_open_base("received")
        lines = self.env[action["res_model"]].search(action["domain"])
        by_type = lines.grouped("move_type")
        self.assertTrue(all(one.amount > 0 for one in by_type["in_invoice"]))
        self.assertTrue(all(one.amount < 0 for one in by_type["in_refund"]))
        self.assertEqual(sum(by_type["in_refund"].mapped("amount")), -240)

    def test_the_file_of_the_list_has_the_same_amounts(self):
        table = self._table(basis="taxed")
        for action in (
            table.action_open_base("received"),
            table.action_open_tie("received", "balance", "ledger"),
            table.action_open_tie("issued", "base", "taxes"),
        ):
            lines = self.env[action["res_model"]].search(action["domain"])
            stream = BytesIO()
            asked = {
                "model": action["res_model"],
                "domain": json.loads(
                    json.dumps(action["domain"], default=json_default)
                ),
                "view_id": action["views"][0][0],
            }
            export = self.env["recouvrement.line.export"]
            export.with_user(self.users["auditor"])._write(stream, "xlsx", asked)
            about, sheet = load_workbook(stream).worksheets
            heading = [cell.value for cell in sheet[1]]
            place = next(
                n for n, text in enumerate(heading) if text in ("Amount", "Montant")
            )
            rows = list(sheet.iter_rows(min_row=2, values_only=True))
            total = sum(row[place] for row in rows if row[place] is not None)
            with self.subTest(domain=action["domain"]):
                self.assertAlmostEqual(total, sum(lines.mapped("amount")), 2)
                self.assertEqual(len(rows), len(lines))
