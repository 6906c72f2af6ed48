"""Lines as files: all of them, by the rights of the user, safe to open."""

import csv
import io
import json
import tracemalloc
from datetime import datetime

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from odoo.addons.recouvrement.tests.access_common import ROLES, AccessCommon

ITEMS = "recouvrement.open.item"
MANY = 100_000


class ExportCommon(AccessCommon):
    def _file(self, kind, role=None, **asked):
        exports = self.env["recouvrement.line.export"]
        exports = self._as(exports, role) if role else exports
        stream = io.BytesIO()
        self.name = exports._write(stream, kind, {"model": ITEMS, **asked})
        return stream.getvalue()

    def _csv(self, role=None, **asked):
        text = self._file("csv", role, **asked).decode("utf-8-sig")
        heading, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        return [dict(zip(heading, row, strict=True)) for row in rows]

    def _book(self, role=None, **asked):
        book = load_workbook(io.BytesIO(self._file("xlsx", role, **asked)))
        heading, *rows = book["Lines"].iter_rows(values_only=True)
        about = list(book["About"].iter_rows(values_only=True))[1:]
        return [dict(zip(heading, row, strict=True)) for row in rows], dict(about)


@tagged("post_install", "-at_install")
class TestLineExport(ExportCommon):
    def test_each_role_exports_just_the_lines_it_sees(self):
        allow = self.env.ref("base.group_allow_export")
        self.users["salesperson"].group_ids |= allow
        for role in ROLES:
            seen = self._as(self.env[ITEMS], role).search([("id", "!=", False)])
            rows = self._csv(role)
            with self.subTest(role=role):
                self.assertTrue(seen)
                self.assertEqual(len(rows), len(seen))

    def test_a_salesperson_needs_the_right_to_export_and_the_portal_has_none(self):
        with self.assertRaises(AccessError):
            self._file("csv", "salesperson")
        with self.assertRaises(AccessError):
            self._file("csv", self.portal)
        with self.assertRaises(AccessError):
            self._file("csv", "salesperson", model="recouvrement.kpi.line")

    def test_the_workbook_holds_numbers_days_and_how_it_was_made(self):
        self.own.partner_id.name = '=HYPERLINK("http://x")'
        domain = [("debtor_id", "=", self.own.id), ("amount_residual", ">", 600)]
        rows, about = self._book(domain=domain, title="Open / Items", context={})
        [row] = rows
        self.assertIsInstance(row["Due Date"], datetime)
        self.assertEqual(row["Open Amount (Company Currency)"], 1000)
        self.assertEqual(about["Number of lines"], "1")
        self.assertEqual(about["Made by"], self.env.user.name)
        self.assertIn("> 600", about["Filter"])
        self.assertIn("HYPERLINK", about["Filter"])
        total = about["Total: Open Amount (Company Currency)"]
        self.assertEqual(total, f"1000.0 {self.company.currency_id.name}")
        self.assertTrue(self.name.startswith("Open - Items"))
        self.assertTrue(self.name.endswith(".xlsx"))

    def test_no_text_of_a_csv_is_a_formula_and_numbers_stay_numbers(self):
        for text in ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", 'a";=1'):
            self.own.partner_id.name = text
            self.env.flush_all()
            [row, *_rest] = self._csv(
                domain=[("debtor_id", "=", self.own.id)], view_id=False
            )
            with self.subTest(text=text):
                for value in row.values():
                    self.assertFalse(value.startswith(("=", "+", "@", "\t", "\r")))
        self._make_credit_note(self.own.partner_id, 5)
        rows = self._csv(domain=[("amount_residual", "<", 0)])
        self.assertEqual(
            [row["Open Amount (Company Currency)"] for row in rows], ["-5.00"]
        )

    def test_a_french_user_gets_what_a_french_spreadsheet_reads(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.user.lang = "fr_FR"
        self._make_invoice(self.own.partner_id, 12.5, -3)
        content = self._file("csv", domain=[("amount_residual", "=", 12.5)])
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        text = content.decode("utf-8-sig")
        self.assertIn(";12,50;", text)
        self.assertIn(self._day(-3).strftime("%d/%m/%Y"), text)

    def test_groups_and_order_of_the_list_are_kept(self):
        rows = self._csv(
            domain=[("debtor_id", "in", self.debtors.ids)],
            group_by=["collection_status", "date_due:month"],
            order=[{"name": "amount_residual", "asc": False}],
        )
        amounts = [float(row["Open Amount (Company Currency)"]) for row in rows]
        dues = {row["Due Date"][-4:] + row["Due Date"][:2] for row in rows}
        self.assertEqual(len(rows), 4)
        self.assertEqual(sum(amounts), 6500)
        self.assertTrue(dues)

    def test_what_was_known_on_a_day_is_exported_as_it_was(self):
        day = str(self._day(-10))
        past = {"open_items_as_of": day, "at_end_of_day": True}
        known = {**past, "known_at": f"{self._day(-5)} 00:00:00"}
        late = self._make_invoice(self.own.partner_id, 77, -40)
        domain = [("move_id", "=", late.id)]
        self.assertEqual(len(self._csv(domain=domain, context=past)), 1)
        self.assertEqual(self._csv(domain=domain, context=known), [])
        _rows, about = self._book(context=known)
        self.assertIn("As frozen on", about)
        with self.assertRaises(UserError):
            self._csv(context={**past, "known_at": "yesterday"})

    def test_the_week_of_a_forecast_is_exported_as_the_week_that_it_is(self):
        forecast = self.env["recouvrement.forecast"]._make_forecast(self.company)
        weeks = forecast.period_ids.filtered(lambda one: one.kind == "week")
        for first, last in ((weeks[1], weeks[1]), (weeks[0], weeks[3])):
            action = forecast.action_open_figure("expected", first.id, last.id)
            shares = self.env[action["res_model"]].with_context(**action["context"])
            found = shares.search(action["domain"])
            rows, about = self._book(
                model=action["res_model"],
                domain=action["domain"],
                context=action["context"],
            )
            self.assertEqual(len(rows), len(found))
            shown = sum(row["Expected"] for row in rows)
            self.assertAlmostEqual(shown, sum(found.mapped("expected")), places=2)

    def test_the_past_and_the_measure_on_screen_are_exported(self):
        invoice = self._make_invoice(self.own.partner_id, 77, -40)
        self._pay(invoice, day=-5)
        past = {"open_items_as_of": str(self._day(-10)), "at_end_of_day": True}
        domain = [("move_id", "=", invoice.id)]
        self.assertEqual(len(self._csv(domain=domain, context=past)), 1)
        self.assertEqual(self._csv(domain=domain), [])
        today = str(self.today)
        context = {
            "kpi_lines": {"measure": "receivables", "start": today, "end": today}
        }
        rows, about = self._book(model="recouvrement.kpi.line", context=context)
        kpis = self.env["recouvrement.kpi.line"].with_context(**context)
        self.assertEqual(len(rows), kpis.search_count([]))
        self.assertEqual(about["Measure"], "receivables")

    def test_hostile_requests_are_refused(self):
        for asked in (
            {"model": "res.users"},
            {"model": "account.move.line"},
            {"model": None},
            {"domain": [("debtor_id.partner_id.user_ids.password", "!=", False)]},
            {"domain": [("debtor_id.company_id.name", "=", "x")]},
            {"domain": [("move_id", "any", [("name", "=", "x")])]},
            {"domain": [("nothing", "=", 1)]},
            {"domain": [("id", "any!", [("id", "=", 1)])]},
            {"domain": "[]"},
            {"domain": [["debtor_id", "in", {"a": 1}]]},
            {"domain": [("id", "=", 1)] * 500},
            {"domain": ["&", ("id", "=", 1)]},
            {"group_by": ["date_due:xx"]},
            {"group_by": ["id; DROP TABLE x"]},
            {"order": [{"name": "id; SELECT 1", "asc": True}]},
            {"order": ["id"]},
            {"context": [1]},
        ):
            with self.subTest(asked=asked), self.assertRaises(UserError):
                self._file("csv", "auditor", **asked)
        with self.assertRaises(UserError):
            self._file("exe", "auditor")

    def test_a_view_of_another_model_gives_no_other_columns(self):
        view = self.env.ref("base.view_users_tree")
        rows = self._csv(view_id=view.id, domain=[("debtor_id", "=", self.own.id)])
        self.assertNotIn("Login", rows[0])

    def test_every_list_that_may_be_exported_is_for_every_reader(self):
        for name in self.env["recouvrement.line.export"]._get_models():
            with self.subTest(model=name):
                self.assertTrue(self._file("csv", "auditor", model=name))
                self._book("manager", model=name)

    def test_the_filter_is_said_in_words(self):
        exports = self.env["recouvrement.line.export"]
        domain = [
            "|",
            ("debtor_id", "=", self.own.id),
            "&",
            ("kind", "=", "invoice"),
            "!",
            ("date_due", "<", str(self.today)),
        ]
        text = exports._describe_domain(self.env[ITEMS], domain)
        self.assertIn(" or (", text)
        self.assertIn("not (Due Date <", text)
        self.assertIn("Kind = Invoice", text)


class Counter(io.RawIOBase):
    """A file that only counts its lines."""

    lines = 0

    def writable(self):
        return True

    def write(self, content):  # pylint: disable=method-required-super
        self.lines += content.count(b"\r\n")
        return len(content)


@tagged("post_install", "-at_install")
class TestLineExportVolume(ExportCommon):
    def test_a_hundred_thousand_lines_take_bounded_memory_and_queries(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_event
                       (debtor_id, company_id, user_id, kind, summary, date)
                SELECT %s, %s, %s, 'note', '=cmd ' || n, NOW()
                  FROM generate_series(1, %s) n
                """,
                self.own.id,
                self.company.id,
                self.env.uid,
                MANY,
            )
        )
        exports = self._as(self.env["recouvrement.line.export"], "auditor")
        asked = {
            "model": "recouvrement.event",
            "domain": [("debtor_id", "=", self.own.id)],
        }

        counter = Counter()
        before = self.env.cr.sql_log_count
        tracemalloc.start()
        exports._write(counter, "csv", asked)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        queries = self.env.cr.sql_log_count - before
        self.assertGreaterEqual(counter.lines, MANY)
        self.assertLess(peak / 2**20, 80, "MB for 100,000 lines")
        self.assertLess(queries, MANY / 2000 * 8 + 50)


@tagged("post_install", "-at_install")
class TestLineExportAddress(HttpCase, ExportCommon):
    def _post(self, role, kind="csv", **asked):
        self.users[role].password = f"{role}-password-1"
        self.authenticate(self.users[role].login, f"{role}-password-1")
        data = {
            "asked": json.dumps({"model": ITEMS, "domain": [], **asked}),
            "companies": str(self.company.id),
            "csrf_token": Request.csrf_token(self),
        }
        return self.url_open(f"/recouvrement/lines.{kind}", data=data)

    def test_the_address_answers_to_readers_and_refuses_the_rest(self):
        answer = self._post("auditor", domain=[["debtor_id", "=", self.own.id]])
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content.count(b"\r\n"), 3)
        self.assertNotEqual(self._post("auditor", model="res.users").status_code, 200)
        self.assertEqual(self._post("auditor", kind="pdf").status_code, 404)
        self.assertNotEqual(self._post("salesperson").status_code, 200)

    def test_the_session_names_the_lists(self):
        self.users["auditor"].password = "auditor-password-1"
        self.authenticate(self.users["auditor"].login, "auditor-password-1")
        answer = self.url_open(
            "/web/session/get_session_info",
            data="{}",
            headers={"Content-Type": "application/json"},
        )
        self.assertIn(ITEMS, answer.json()["result"]["recouvrement_line_models"])
