"""The spreadsheet, the PDF and the list of old items."""

import io
import json
from datetime import datetime

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from .common import AgedBalanceCommon


@tagged("post_install", "-at_install")
class TestAgedBalanceFiles(AgedBalanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._make_customer("=HYPERLINK(1)")
        cls.beta = cls._make_customer("Beta")
        for amount, due in ((100, 10), (200, -10), (800, -400)):
            cls._make_invoice(cls.alpha, amount, due)
        cls._make_invoice(cls.beta, 1000, -250)
        cls._make_credit_note(cls.beta, 150)

    def _book(self, **options):
        stream = io.BytesIO()
        name = self.balance._write_workbook(stream, options)
        self.assertTrue(name.endswith(".xlsx"))
        stream.seek(0)
        return load_workbook(stream)

    def _values(self, sheet):
        return [list(row) for row in sheet.iter_rows(values_only=True)]

    def test_the_sheet_of_the_balance_has_real_numbers_and_dates(self):
        book = self._book(sort="name", descending=False)
        [heading, beta, alpha, total] = self._values(book["Balance"])
        rows = {row[0]: row for row in (beta, alpha)}
        self.assertEqual(heading[0], "Customer")
        self.assertEqual(rows["Beta"][-3:-1], [850, 2])
        self.assertEqual(rows["=HYPERLINK(1)"][-3], 1100)
        self.assertIsInstance(rows["Beta"][-1], datetime)
        self.assertEqual(total[-3], 1950)
        self.assertEqual(book["Balance"].freeze_panes, "B2")

    def test_no_name_becomes_a_formula(self):
        book = self._book()
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    self.assertNotEqual(cell.data_type, "f")
                    self.assertIsNone(cell.hyperlink)

    def test_items_are_grouped_and_add_up(self):
        for options in ({}, {"group_by": "country"}, {"group_by": "level"}):
            rows = self._values(self._book(**options)["Items"])[1:]
            subtotals = [row for row in rows if row[2] is None]
            items = [row for row in rows if row[2] is not None]
            with self.subTest(**options):
                self.assertEqual(len(items), 5)
                self.assertEqual(sum(row[10] for row in items), 1950)
                self.assertEqual(sum(row[10] for row in subtotals), 1950)
                groups = [row[0] for row in items]
                self.assertEqual(groups, sorted(groups, key=groups.index))

    def test_an_item_has_the_date_printed_on_its_document(self):
        """Not that of its entry, which may be later."""
        invoice = self._make_invoice(self.beta, 77, -20, post=False)
        invoice.invoice_date = self._day(-60)
        invoice.date = self._day(-50)
        invoice.action_post()
        self.assertEqual(
            (invoice.invoice_date, invoice.date), (self._day(-60), self._day(-50))
        )
        heading, *rows = self._values(self._book()["Items"])
        [row] = [row for row in rows if row[2] == invoice.name]
        [place] = [n for n, name in enumerate(heading) if name == "Document date"]
        self.assertEqual(row[place].date(), self._day(-60))

    def test_how_it_was_made_and_the_ledger_are_in_it(self):
        book = self._book(group_by="country", search="beta")
        parameters = dict(self._values(book["Parameters"])[1:])
        self.assertEqual(parameters["Rows"], "Country")
        self.assertEqual(parameters["Search"], "beta")
        tie_out = self._values(book["Tie-out"])
        self.assertEqual(tie_out[-1][2:6], [1950, 0, 1950, 0])

    def test_a_file_says_the_same_as_the_screen(self):
        options = {
            "apart": True,
            "compare": str(self._day(-30)),
            "unit": "months",
            "bounds": [1, 6],
        }
        data = self._read(**options)
        rows = self._values(self._book(**options)["Balance"])
        by_name = {row[0]: row for row in rows}
        width = len(data["columns"])
        for row in data["rows"]:
            found = by_name[row["label"]]
            self.assertEqual(found[1 : width + 1], row["amounts"])
            self.assertEqual(
                found[width + 1 : width + 4],
                [row["total"], row["other"], row["total"] - row["other"]],
            )

    def test_old_items_carry_their_analysis(self):
        item = self.env["recouvrement.open.item"].search(
            [("commercial_partner_id", "=", self.beta.id), ("amount_residual", ">", 0)]
        )
        item.move_line_id._set_collection_status("disputed", "Wrong price")
        debtor = self._debtor(self.beta)
        debtor.write({"next_action": "Call", "next_action_date": self.today})
        action = self.env["recouvrement.open.item"].action_old_items(str(self.today))
        items = self.env["recouvrement.open.item"].with_context(**action["context"])
        found = items.search([("days_overdue", ">", 180), ("amount_residual", ">", 0)])
        self.assertEqual(len(found), 2)
        old = found.filtered(lambda one: one.id == item.id)
        self.assertEqual(old.cause, "Disputed: Wrong price")
        self.assertEqual(old.dispute, "Disputed")
        self.assertFalse(old.litigation)
        self.assertIn("Call", old.next_action)
        self.assertTrue(old.last_action)
        stream = io.BytesIO()
        self.env["recouvrement.open.item"]._write_old_items(stream, str(self.today))
        stream.seek(0)
        rows = self._values(load_workbook(stream)["Items"])
        self.assertEqual(rows[-1][4], 1800)
        self.assertIn("Disputed: Wrong price", [row[5] for row in rows])

    def test_the_printed_balance_has_its_figures_and_the_ledger(self):
        values = self.balance._get_print_values({"as_of": str(self.today)})
        self.assertEqual(values["totals"][0]["total"], 1950)
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "recouvrement_reporting.aged_balance_report",
            self.company.ids,
            data={"as_of": str(self.today), "compare": str(self._day(-30))},
        )
        text = html.decode()
        self.assertIn("=HYPERLINK(1)", text)
        self.assertIn("1,950.00", text)
        self.assertIn("ties to the general ledger", text)

    def test_reading_old_items_costs_the_same_for_any_number(self):
        items = self.env["recouvrement.open.item"]

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = items.search([("days_overdue", ">", 180)])
            found.mapped("cause"), found.mapped("last_action")
            found.mapped("next_action")
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(8):
            self._make_invoice(self._make_customer(f"More {number}"), 10, -300)
        count()
        self.assertEqual(count(), few)


@tagged("post_install", "-at_install")
class TestAgedBalanceDownloads(AgedBalanceCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self._make_debtor(items=((1000, -300),))
        self.user = self._make_user("manager")

    def _get(self, path, **params):
        return self.url_open(
            f"/recouvrement/{path}", params=params, allow_redirects=False
        )

    def test_files_are_for_who_is_logged_in_and_has_a_role(self):
        self.assertEqual(self._get("aged-balance.xlsx").status_code, 303)
        self.authenticate(self.user.login, self.user.login)
        reply = self._get("aged-balance.xlsx", options=json.dumps({}))
        self.assertEqual(reply.status_code, 200)
        book = load_workbook(io.BytesIO(reply.content))
        self.assertEqual(book["Balance"]["A2"].value, "Boulangerie Dubois")
        self.assertEqual(self._get("aged-balance.xlsx", options="[").status_code, 404)
        other = self.setup_other_company()["company"]
        for companies in (f"{self.company.id}", f"{other.id}", "x", ""):
            reply = self._get("aged-balance.xlsx", companies=companies)
            values = load_workbook(io.BytesIO(reply.content))["Parameters"].values
            # A company that is not the user's opens nothing more.
            self.assertEqual(dict(values)["Companies"], self.company.name)
        reply = self._get("old-items.xlsx", as_of=str(self.today))
        self.assertEqual(reply.status_code, 200)
