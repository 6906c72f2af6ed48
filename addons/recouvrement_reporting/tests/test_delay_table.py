"""The payment-delay table: what each choice does, the tie-out, what is frozen."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import ReportingRights
from .delay_common import CLOSING, DelayCommon

READERS = dict.fromkeys(("accountant", "auditor", "manager"), READ)
RIGHTS = {
    "recouvrement.delay.table": {
        "accountant": EDIT,
        "auditor": READ,
        "manager": EDIT,
    },
    "recouvrement.delay.table.line": READERS,
    "recouvrement.delay.entry": READERS,
}
MENUS = {"delay_table": ("accountant", "auditor", "manager")}


def back(days):
    return CLOSING - timedelta(days=days)


@tagged("post_install", "-at_install")
class TestDelayTable(DelayCommon):
    def test_each_delay_is_in_its_column(self):
        for days in (-1, 0, 1, 30, 31, 60, 61, 90, 91, 400):
            day = min(back(days), CLOSING)
            values = {"invoice_date": day, "date": day, "tax": True}
            self._bill(100 + days, back(days), **values)
            self._bill(1000 + days, back(days), "out_invoice", **values)
        table = self._table()
        for side, base in (("received", 100), ("issued", 1000)):
            expected = {
                1: (2, 2 * base + 31),
                2: (2, 2 * base + 91),
                3: (2, 2 * base + 151),
                4: (2, 2 * base + 491),
                None: (8, 8 * base + 764),
            }
            for bucket, figure in expected.items():
                with self.subTest(side=side, bucket=bucket):
                    self.assertEqual(self._cell(table, side, "late", bucket), figure)
            self.assertEqual(self._cell(table, side, "zero"), (1, base))
        taxed = self._table(basis="taxed")
        self.assertEqual(
            self._cell(taxed, "received", "late", 2), (2, Decimal("349.2"))
        )
        wide = self._table(zero_day="not_due")
        self.assertEqual(self._cell(wide, "received", "zero"), (2, 199))
        two = self._table(bounds="60")
        self.assertEqual(self._cell(two, "received", "late", 1), (4, 522))
        self.assertEqual(self._cell(two, "received", "late", 2), (4, 1042))

    def test_an_invoice_in_instalments_counts_once(self):
        bill = self._bill(1000, back(75), terms=self.thirds, invoice_date=back(75))
        table = self._table()
        # 300 due 75 days ago, 300 due 45 days ago, 400 due 15 days ago.
        self.assertEqual(self._cell(table, "received", "late", 3), (1, 300))
        self.assertEqual(self._cell(table, "received", "late", 2), (1, 300))
        self.assertEqual(self._cell(table, "received", "late", 1), (1, 400))
        self.assertEqual(self._cell(table, "received", "late"), (1, 1000))
        self._settle(bill, back(10), 350)
        table.action_compute()
        self.assertEqual(self._cell(table, "received", "late"), (1, 650))

    def test_only_what_was_open_at_closing_counts_whatever_came_later(self):
        early = self._bill(500, back(40), "out_invoice")
        self._settle(early, back(5), 200)
        table = self._table()
        self.assertEqual(self._cell(table, "issued", "late"), (1, 300))
        self._settle(early, CLOSING + timedelta(days=3))
        bill = self._bill(700, back(10))
        self._settle(bill, CLOSING + timedelta(days=1))
        table.action_compute()
        self.assertEqual(self._cell(table, "issued", "late"), (1, 300))
        self.assertEqual(self._cell(table, "received", "late"), (1, 700))
        # A matching undone and a term put off later change nothing either.
        bill.line_ids.remove_move_reconcile()
        late = self._bill(90, back(20))
        payables = late.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        payables.date_maturity = CLOSING + timedelta(days=90)
        changes = self.env["recouvrement.due.date.change"]
        self.assertEqual(
            changes.search([("move_line_id", "in", payables.ids)]).date_old, back(20)
        )
        table.action_compute()
        self.assertEqual(self._cell(table, "received", "late"), (2, 790))

    def test_credit_notes_are_apart_or_deducted(self):
        self._bill(500, back(40))
        self._bill(120, back(40), "in_refund")
        table = self._table()
        self.assertEqual(self._cell(table, "received", "late"), (1, 500))
        rows = {
            row["key"]: Decimal(row["amount"])
            for row in table.tie_out["received"]["balance"]["rows"]
        }
        self.assertEqual(rows, {"late": 500, "credit_note": -120})
        table = self._table(credit_notes="deducted")
        self.assertEqual(self._cell(table, "received", "late"), (1, 380))
        self.assertEqual(table.purchases, 380)

    def test_disputed_documents_are_excluded_and_told(self):
        disputed = self._bill(500, back(40), "out_invoice")
        self._items(disputed).write(
            {"collection_mark": "disputed", "collection_reason": "Quantity"}
        )
        blocked = self._bill(300, back(40))
        blocked.action_toggle_block_payment()
        chosen = self._bill(200, back(40))
        table = self._table(excluded_move_ids=chosen.ids)
        self.assertEqual(self._cell(table, "issued", "disputed"), (1, 500))
        self.assertEqual(self._cell(table, "received", "disputed"), (2, 500))
        self.assertEqual(self._cell(table, "received", "late"), (0, 0))
        self.assertTrue(table.is_tied)
        table = self._table(exclude_disputed=False)
        self.assertEqual(self._cell(table, "issued", "late"), (1, 500))
        self.assertEqual(self._cell(table, "received", "late"), (2, 500))

    def test_what_was_not_booked_is_told(self):
        self._bill(100, back(40), post=False, tax=True)
        self._bill(200, back(40), date=CLOSING + timedelta(days=12), tax=True)
        self._bill(400, back(-5), date=CLOSING + timedelta(days=12))
        table = self._table()
        self.assertEqual(self._cell(table, "received", "unbooked"), (2, 300))
        self.assertEqual(self._cell(table, "received", "late"), (0, 0))
        self.assertEqual(table.purchases, 0)

    def test_the_reference_may_be_the_legal_delay(self):
        self._bill(100, back(50))
        self._bill(200, back(50), invoice_date=back(95))
        contractual = self._table()
        self.assertEqual(self._cell(contractual, "received", "late", 2), (2, 300))
        legal = self._table(reference_received="legal")
        self.assertEqual(self._cell(legal, "received", "late", 1), (1, 100))
        self.assertEqual(self._cell(legal, "received", "late", 3), (1, 200))
        mixed = self._table(reference_received="mixed", legal_days_received=45)
        self.assertEqual(self._cell(mixed, "received", "late", 1), (1, 100))
        self.assertEqual(self._cell(mixed, "received", "late", 2), (1, 200))
        self.assertIn("45", mixed.figures["sides"][0]["reference"])

    def test_the_percentages_are_of_purchases_and_turnover(self):
        self._bill(1000, back(40), tax=True)
        self._bill(3000, back(200), tax=True)
        self._settle(self._bill(500, back(300), tax=True), back(290))
        self._bill(900, back(500), tax=True)  # the year before
        table = self._table()
        self.assertEqual(table.purchases, 4500)
        side = table.figures["sides"][0]
        total = side["columns"][-1]
        self.assertEqual((total["amount"], total["share"]), (4900, 108.89))
        self.assertEqual(side["base"]["number"], 3)
        taxed = self._table(basis="taxed")
        self.assertEqual(taxed.purchases, 5400)
        with self.assertRaises(ValidationError):
            self._table(basis="taxed", denominator="ledger")

    def test_the_turnover_ties_to_its_accounts_with_each_difference(self):
        income = self.company_data["default_account_revenue"]
        other = income.copy({"name": "Other", "account_type": "income_other"})
        invoice = self._bill(1000, back(40), "out_invoice", tax=True, post=False)
        invoice.invoice_line_ids.copy(
            {"move_id": invoice.id, "price_unit": 50, "account_id": other.id}
        )
        invoice.action_post()
        self._bill(100, back(30), "out_refund", tax=True)
        entry = self.env["account.move"].create(
            {
                "date": CLOSING,
                "line_ids": [
                    (0, 0, {"account_id": income.id, "credit": 70}),
                    (0, 0, {"account_id": other.id, "debit": 70}),
                ],
            }
        )
        entry.action_post()
        table = self._table(denominator="ledger", turnover_prefixes=False)
        self.assertTrue(table.is_tied)
        self.assertEqual(table.turnover, 970, table.tie_out["issued"])
        rows = {
            row["key"]: Decimal(row["amount"])
            for row in table.tie_out["issued"]["base"]["rows"]
        }
        self.assertEqual(
            rows,
            {
                "invoices": 1260,
                "credit_notes": -120,
                "taxes": -190,
                "elsewhere": -50,
                "entries": 70,
            },
        )
        self._check_opened(table)

    def test_the_accounts_are_told_by_their_first_digits(self):
        income = self.company_data["default_account_revenue"]
        self._bill(1000, back(40), "out_invoice")
        found = self._table(denominator="ledger", turnover_prefixes=income.code[:3])
        self.assertEqual(found.turnover, 1000)
        none = self._table(denominator="ledger", turnover_prefixes="999")
        self.assertEqual(none.turnover, 0)
        self.assertIsNone(none.figures["sides"][1]["columns"][-1]["share"])
        self.assertTrue(none.is_tied)

    def test_table_two_tells_what_was_paid_late_in_the_year(self):
        on_time = self._bill(100, back(200))
        late = self._bill(1000, back(150), tax=True)
        self._settle(on_time, back(200))
        self._settle(late, back(100), 600)
        self._settle(late, back(30), 300)
        self._settle(late, CLOSING + timedelta(days=4))
        other_year = self._bill(70, back(500))
        self._settle(other_year, back(450))
        table = self._table(part="year", basis="taxed")
        self.assertEqual(self._cell(table, "received", "late", 2), (1, 600))
        self.assertEqual(self._cell(table, "received", "late", 4), (1, 300))
        self.assertEqual(self._cell(table, "received", "late"), (1, 900))
        self.assertEqual(self._cell(table, "received", "zero"), (1, 100))
        total = table.figures["sides"][0]["columns"][-1]
        self.assertEqual((total["share"], total["number_share"]), (69.23, 50.0))
        untaxed = self._table(part="year")
        self.assertEqual(self._cell(untaxed, "received", "late"), (1, 750))
        both = self._table(part="year", with_unpaid=True, basis="taxed")
        self.assertEqual(self._cell(both, "received", "late"), (1, 1200))
        self.assertIn("II", table.heading_received)

    def test_a_credit_note_is_no_payment(self):
        bill = self._bill(1000, back(150))
        refund = self._bill(1000, back(20), "in_refund")
        (bill | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        ).reconcile()
        table = self._table(part="year")
        self.assertEqual(self._cell(table, "received", "late"), (0, 0))

    def test_foreign_currencies_count_at_the_rate_of_the_books(self):
        franc = self.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        bill = self._bill(1000, back(40), currency_id=franc.id)
        self._settle(bill, back(5), 400)
        table = self._table(basis="taxed")
        self.assertEqual(self._cell(table, "received", "late"), (1, 300))
        self.assertTrue(table.is_tied)
        self.assertEqual(table.line_ids.amount_currency, 600)

    def test_branches_count_with_their_company_and_others_do_not(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.cr.precommit.run()
        other = self.setup_other_company()["company"]
        self._bill(100, back(40))
        for company in (branch, other):
            account = self.env["account.account"].with_company(company)
            expense = account.search(
                [
                    ("company_ids", "parent_of", company.id),
                    ("account_type", "=", "expense"),
                ],
                limit=1,
            )
            tables = self.env["account.move"].with_company(company)
            move = tables.create(
                {
                    "move_type": "in_invoice",
                    "company_id": company.id,
                    "partner_id": self.supplier.id,
                    "invoice_date": back(40),
                    "date": back(40),
                    "invoice_date_due": back(40),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "x",
                                "price_unit": 40,
                                "tax_ids": False,
                                "account_id": expense.id,
                            },
                        )
                    ],
                }
            )
            move.action_post()
        table = self._table()
        self.assertEqual(self._cell(table, "received", "late"), (2, 140))
        elsewhere = self.tables.create({"company_id": other.id, "date_to": CLOSING})
        elsewhere.action_compute()
        self.assertEqual(self._cell(elsewhere, "received", "late"), (1, 40))

    def test_the_year_is_the_fiscal_year_of_the_company(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        table = self.tables.create({"date_to": date(2025, 6, 30)})
        self.assertEqual(table.date_from, date(2024, 7, 1))
        self.assertIn(
            self.tables.create({}).date_to,
            (date(self.today.year, 6, 30), date(self.today.year - 1, 6, 30)),
        )

    def test_bounds_that_make_no_table_are_refused(self):
        for bounds in ("", "60 30", "x"):
            with self.subTest(bounds=bounds), self.assertRaises(ValidationError):
                self.tables.create({"bounds": bounds})

    def test_computing_takes_the_same_queries_for_any_number_of_documents(self):
        self._bill(100, back(40))
        self._bill(100, back(40), "out_invoice")
        table = self._table()
        counts = []
        for _round in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            table.action_compute()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            for number in range(15):
                self._bill(10, back(number))
                self._bill(10, back(number), "out_invoice")
        # What is read of users and companies varies by a query or two.
        self.assertLess(counts[1], counts[0] + 5)


@tagged("post_install", "-at_install")
class TestDelayTableFrozen(ReportingRights, DelayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._bill(100, back(40), tax=True)
        cls._bill(200, back(10), "out_invoice", tax=True)

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_a_frozen_table_is_printed_again_as_it_was(self):
        table = self._table().with_context(force_report_rendering=True)
        table = table.with_user(self.users["accountant"])
        table.action_freeze()
        self.assertEqual(table.state, "frozen")
        self.assertEqual(table.frozen_by_id, self.users["accountant"])
        first = {kind: table._get_file(kind)[0] for kind in ("pdf", "xlsx")}
        self._bill(999, back(50))
        self.assertEqual(
            {kind: table._get_file(kind)[0] for kind in ("pdf", "xlsx")}, first
        )
        for kind, content in first.items():
            self.assertEqual(
                hashlib.sha256(content).hexdigest(), table[f"{kind}_sha256"]
            )
        self.assertTrue(first["pdf"].startswith(b"%PDF"))
        self.assertEqual(self._cell(table, "received", "late"), (1, 100))
        for change in (
            lambda: table.action_compute(),
            lambda: table.write({"note": "x"}),
            lambda: table.unlink(),
            lambda: table.action_freeze(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_a_file_that_was_changed_is_not_given_out(self):
        table = self._table()
        table.action_freeze()
        table.sudo().xlsx_id.raw = b"other"
        with self.assertRaises(UserError):
            table._get_file("xlsx")

    def test_a_frozen_table_is_replaced_by_another(self):
        table = self._table()
        table.action_freeze()
        self._bill(999, back(50))
        action = table.action_replace()
        self.assertEqual(table.action_replace()["res_id"], action["res_id"])
        again = self.tables.browse(action["res_id"])
        self.assertEqual(self._cell(again, "received", "late"), (2, 1099))
        self.assertEqual((table.state, again.state), ("frozen", "draft"))
        # As a request of its own does it, with nothing in the cache.
        self.env.flush_all()
        self.env.invalidate_all()
        again.action_freeze()
        self.assertEqual((table.state, again.state), ("replaced", "frozen"))
        self.assertTrue(table._get_file("pdf")[0])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._table().action_freeze()

    def test_a_table_that_does_not_tie_says_why_before_it_is_frozen(self):
        table = self._table()
        table.sudo().is_tied = False
        with self.assertRaises(UserError):
            table.action_freeze()
        table.note = "An entry of the former software."
        table.action_freeze()

    def test_the_workbook_has_the_figures_and_their_lines(self):
        table = self._table()
        content, name = table._get_file("xlsx")
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(BytesIO(content))
        cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
        self.assertIn(100, cells)
        self.assertIn(200, cells)
        items = list(book.worksheets[2].iter_rows(values_only=True))
        self.assertEqual(len(items) - 1, len(table.line_ids))

    def test_what_is_computed_is_not_entered(self):
        table = self._table().with_user(self.users["accountant"])
        for name, value in (
            ("cells", {}),
            ("state", "frozen"),
            ("pdf_sha256", "x"),
            ("is_tied", True),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                table.write({name: value})
        with self.assertRaises(AccessError):
            self.tables.with_user(self.users["accountant"]).create(
                {"state": "frozen", "date_to": CLOSING}
            )

    def test_who_only_reads_reads_all_of_it(self):
        table = self._table().with_user(self.users["auditor"])
        self.assertEqual(self._cell(table, "issued", "late"), (1, 200))
        table._get_file("xlsx")
        table.action_open_tie("issued", "base", "ledger")
        for method in ("action_compute", "action_freeze"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("auditor", table, method)
        for role in ("salesperson", "collector"):
            other = table.with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(AccessError):
                other._get_file("xlsx")
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, table, "action_open_cell", "issued", "late")

    def test_a_company_does_not_see_the_table_of_another(self):
        elsewhere = self.tables.sudo().create(
            {"company_id": self.other.id, "date_to": CLOSING}
        )
        for role in set(ROLES) - {"salesperson", "collector"}:
            tables = self._as(self.tables, role)
            self.assertNotIn(elsewhere, tables.search([]))
            with self.assertRaises(AccessError):
                self._rpc(role, elsewhere, "action_open_lines")
            with self.assertRaises(AccessError):
                tables.create({"company_id": self.other.id, "date_to": CLOSING})
