"""A customer with 200,000 open documents goes through a whole campaign.

The ledger is cloned from one real invoice by set-based statements: entries are
balanced and posted like any other.
"""

import io
import logging
import re
import resource
import time
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from lxml import etree
from openpyxl import load_workbook

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import SQL

from .common import RecouvrementCommon

_logger = logging.getLogger(__name__)

ITEMS = 200_000
PARTS = 10  # instalments of an invoice
# Generous: other work may share the machine. What matters is that nothing is
# quadratic and that nothing loads the items one by one.
SECONDS = {"refresh": 60, "propose": 180, "send": 300, "read": 60}
MEGABYTES = 400
MOVE_AMOUNTS = {
    "amount_untaxed",
    "amount_total",
    "amount_residual",
    "amount_untaxed_signed",
    "amount_untaxed_in_currency_signed",
    "amount_total_signed",
    "amount_total_in_currency_signed",
    "amount_residual_signed",
}
LINE_AMOUNTS = {
    "debit",
    "credit",
    "balance",
    "amount_currency",
    "amount_residual",
    "amount_residual_currency",
    "price_unit",
    "price_subtotal",
    "price_total",
}
VACUUMED = (
    "account_move, account_move_line, recouvrement_reminder, "
    "recouvrement_reminder_line, recouvrement_debtor"
)


def megabytes():
    """Most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@tagged("post_install", "-at_install")
class TestVolume(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        # Before anything else: cleanups run in reverse, this one after the roll-back.
        cls.addClassCleanup(cls._forget_dead_rows)
        super().setUpClass()
        cls.levels[1].write({"include_statement": True, "include_invoices": True})
        cls.levels[1].template_id = cls.env.ref("recouvrement.template_l1_email")
        cls.levels[1].letter_template_id = cls.env.ref(
            "recouvrement.template_l1_letter"
        )
        cls.company.write(
            {"recouvrement_statement_items": 300, "recouvrement_invoice_copies": 2}
        )
        cls.debtor = cls._make_debtor("Grand Compte", [(1.0, -30)])
        cls.invoice = cls.debtor.partner_id.invoice_ids
        cls._make_credit_note(cls.debtor.partner_id, 250.25)
        cls._make_receipt(cls.debtor.partner_id, 99.99)
        cls.env.flush_all()
        cls._clone_invoice(ITEMS - 1)
        cls.env.invalidate_all()

    @classmethod
    def _forget_dead_rows(cls):
        """After the roll-back: later tests do not read through what is gone."""
        cr = db_connect(cls.registry.db_name).cursor()
        try:
            cr._cnx.autocommit = True
            cr.execute("SET lock_timeout = '20s'")
            cr.execute(f"VACUUM (ANALYZE) {VACUUMED}")
        finally:
            cr.close()

    @classmethod
    def _clone_invoice(cls, count):
        """Clone the invoice into invoices of ten instalments: 1.00 to 400.99 each,
        1 to 300 days overdue."""
        seconds = time.monotonic()
        cr = cls.env.cr
        cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE volume_item ON COMMIT DROP AS
                SELECT (n - 1) / %(parts)s AS number,
                       1 + n %% 400 + (n %% 100) / 100.0 AS amount,
                       %(today)s::date - (1 + n %% 300) AS day
                  FROM GENERATE_SERIES(1, %(count)s) n;
                CREATE TEMPORARY TABLE volume_move ON COMMIT DROP AS
                SELECT number, NEXTVAL('account_move_id_seq') AS id,
                       SUM(amount) AS amount, MIN(day) AS day
                  FROM volume_item GROUP BY number
                """,
                parts=PARTS,
                today=cls.today,
                count=count,
            )
        )
        entry = {
            "id": "v.id",
            "name": "'VOL/' || v.number",
            "sequence_prefix": "'VOL/'",
            "sequence_number": "v.number",
            "payment_reference": "'VOL/' || v.number",
            **dict.fromkeys(("date", "invoice_date", "invoice_date_due"), "v.day"),
        }
        line = {
            "id": "NEXTVAL('account_move_line_id_seq')",
            "move_id": "v.id",
            "move_name": "'VOL/' || v.number",
            "date": "v.day",
            "invoice_date": "v.day",
        }
        items = "volume_item i JOIN volume_move v USING (number)"
        cls._clone_rows("account_move", "id", "volume_move v", entry, MOVE_AMOUNTS)
        cls._clone_rows(
            "account_move_line",
            "display_type = 'product' AND t.move_id",
            "volume_move v",
            line,
            LINE_AMOUNTS,
        )
        cls._clone_rows(
            "account_move_line",
            "display_type = 'payment_term' AND t.move_id",
            items,
            {**line, "date_maturity": "i.day"},
            LINE_AMOUNTS,
            amount="i.amount",
        )
        cr.execute("ANALYZE account_move, account_move_line")
        _logger.info("%-22s %7.1f s", "clone", time.monotonic() - seconds)

    @classmethod
    def _clone_rows(cls, table, source, copies, values, amounts, amount="v.amount"):
        """Insert a copy of the invoice's rows for each row of ``copies``; amounts of
        the source are 1.00 or nothing."""
        cls.env.cr.execute(
            """SELECT column_name FROM information_schema.columns
                WHERE table_name = %s AND is_generated = 'NEVER'""",
            [table],
        )
        columns = [name for [name] in cls.env.cr.fetchall()]
        chosen = [
            values.get(name)
            or (f"t.{name} * {amount}" if name in amounts else f't."{name}"')
            for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        cls.env.cr.execute(
            f"""INSERT INTO {table} ({names}) SELECT {", ".join(chosen)}
                  FROM {table} t, {copies} WHERE t.{source} = %s""",
            [cls.invoice.id],
        )

    def _ledger(self):
        """What the ledger says: Decimals ``due`` and ``credit``."""
        self.env.cr.execute(
            """SELECT (SUM(amount_residual) FILTER (WHERE amount_residual > 0))::text,
                      (-SUM(amount_residual) FILTER (WHERE amount_residual < 0))::text,
                      COUNT(*)
                 FROM account_move_line l
                 JOIN account_account a ON a.id = l.account_id
                WHERE partner_id = %s AND account_type = 'asset_receivable'
                  AND parent_state = 'posted' AND NOT reconciled""",
            [self.debtor.partner_id.id],
        )
        due, credit, count = self.env.cr.fetchone()
        return Decimal(due), Decimal(credit), count

    @contextmanager
    def _measured(self, what, limit, queries):
        """Bound the seconds and the queries of a step, and print them."""
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.monotonic()
        yield
        self.env.flush_all()
        seconds = time.monotonic() - start
        count = self.env.cr.sql_log_count - before
        _logger.info(
            "%-22s %7.1f s %5d queries %5d MB", what, seconds, count, megabytes()
        )
        with self.subTest(step=what):
            self.assertLess(seconds, SECONDS[limit])
            self.assertLessEqual(count, queries)

    def assertAmount(self, value, expected):
        self.assertEqual(Decimal(str(value)).quantize(Decimal("0.01")), expected)

    def test_a_campaign_over_a_very_long_account(self):
        memory = megabytes()
        due, credit, count = self._ledger()
        self.assertEqual(count, ITEMS + 2)

        with self._measured("refresh totals", "refresh", 25):
            self.env["recouvrement.debtor"]._refresh_totals()
        self.assertEqual(self.debtor.open_item_count, count)
        self.assertAmount(self.debtor.open_amount, due - credit)
        self.assertAmount(self.debtor.overdue_amount, due)
        self._check_screens()

        with self._measured("simulate", "propose", 25):
            groups = self.env["recouvrement.dunning.decision"]._read_group(
                [("debtor_id", "=", self.debtor.id)],
                ["role", "reason"],
                ["__count", "amount_residual_currency:sum"],
            )
        self.assertEqual(sum(group[2] for group in groups), count)
        self.assertAmount(sum(group[3] for group in groups), due - credit)

        with self._measured("propose", "propose", 120):
            run = self._propose()
        reminder = self._reminders(self.debtor)
        self._check_amounts(reminder, due, credit)
        self._check_reminder_form(reminder)

        with self._measured("approve", "read", 25):
            reminder.action_approve()
        with self._measured("recheck", "propose", 40):
            self.assertEqual(reminder._recheck(), reminder)
        self._check_amounts(reminder, due, credit)

        with self._measured("render the message", "read", 60):
            html = reminder.rendered_body
        self._check_text(html, 50, due - credit)
        with self._measured("render the letter", "read", 60):
            letter = self._print(reminder, "letter")
        self.assertLess(letter.count("<tr"), 60)
        with self._measured("render the statement", "read", 60):
            statement = self._print(reminder, "statement")
        self._check_text(statement, 300, due - credit)

        with self._measured("send", "send", 300), self._fake_prints():
            run.action_send()
            run._process_all()
        self.assertEqual(reminder.state, "queued", reminder.failure_reason)
        # Before the spreadsheet is read back, which takes more than writing it.
        self.assertLess(megabytes() - memory, MEGABYTES)
        self._check_message(reminder, due - credit)
        with self._measured("deliver", "read", 120):
            self._deliver()
        self.assertEqual(reminder.state, "sent")
        self._check_history(reminder)
        self._check_screens()

        with self._measured("bounce", "read", 60):
            reminder._mark_failed("Bounced")
        self.env.cr.execute(
            """SELECT COUNT(*) FROM recouvrement_reminder_line
                WHERE claimed AND reminder_id = %s""",
            reminder.ids,
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def _check_amounts(self, reminder, due, credit):
        self.assertEqual(len(reminder), 1)
        self.assertAmount(reminder.amount_due, due)
        self.assertAmount(reminder.amount_credit, credit)
        self.assertAmount(reminder.amount_net, due - credit)

    def _check_screens(self):
        """The list of debtors, the debtor's form and its open items."""
        with self._measured("debtor list", "read", 30):
            self.env["recouvrement.debtor"].web_search_read(
                [], {"display_name": {}, "open_amount": {}, "policy_id": {}}, limit=80
            )
        with self._measured("debtor form", "read", 120):
            self.debtor.web_read(self._get_form_specification(self.debtor))
        items = self.env["recouvrement.open.item"]
        with self._measured("open items", "read", 30):
            page = items.web_search_read(
                [("debtor_id", "=", self.debtor.id)],
                {"name": {}, "date_due": {}, "amount_residual": {}},
                limit=80,
                count_limit=10001,
            )
        self.assertEqual(len(page["records"]), 80)

    def _get_form_specification(self, record):
        """What the web client reads for a form: one page of each list."""
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        names = set(arch.xpath("//field[not(ancestor::field)]/@name"))
        page = {"fields": {"display_name": {}}, "limit": 80}
        return {
            name: page if record._fields[name].type.endswith("2many") else {}
            for name in names
        }

    def _check_reminder_form(self, reminder):
        specification = self._get_form_specification(reminder)
        specification["line_ids"] = {
            "fields": {"name": {}, "amount_residual": {}},
            "limit": 80,
        }
        with self._measured("reminder form", "read", 60):
            [read] = reminder.web_read(specification)
        self.assertEqual(len(read["line_ids"]), ITEMS + 2)
        self.assertIn("name", read["line_ids"][0])
        self.assertNotIn("name", read["line_ids"][80])

    def _check_text(self, html, size, net):
        """The list is short, and adds up to the amount asked."""
        rows = re.findall(r"<tr.*?</tr>", html, re.S)
        cells = [
            [
                re.sub(r"<[^>]*>|\s|\xa0|\u202f", "", cell)
                for cell in re.findall(r"<td.*?</td>", row, re.S)
            ]
            for row in rows
        ]
        items = [row for row in cells if len(row) == 6]
        self.assertEqual(len(items), size)
        amounts = [Decimal(re.sub(r"[^\d.-]", "", row[-1])) for row in items]
        [rest] = [row for row in cells if row and "otherdocuments" in row[0]]
        self.assertIn(f"{ITEMS + 2 - size:,}", rest[0])
        total = sum(amounts) + Decimal(re.sub(r"[^\d.-]", "", rest[-1]))
        self.assertEqual(total, net)
        self.assertIn(f"{net:,.2f}", html)

    def _check_message(self, reminder, net):
        message = reminder.mail_message_id
        self.assertLess(len(message.body), 100_000)
        self.assertEqual(len(message.attachment_ids), 4)
        self.assertIn(reminder.annex_id, message.attachment_ids)
        sheet = load_workbook(io.BytesIO(reminder.annex_id.raw), read_only=True).active
        count, total, last = 0, Decimal(0), None
        for row in sheet.iter_rows(min_row=2, values_only=True):
            if last is not None:
                count += 1
                total += Decimal(str(last[-1]))
            last = row
        self.assertEqual(count, ITEMS + 2)
        self.assertEqual(total, net)
        self.assertAmount(last[-1], net)

    def _check_history(self, reminder):
        event = self.env["recouvrement.event"].search(
            [("reminder_id", "=", reminder.id), ("kind", "=", "reminder")]
        )
        self.assertIn(f"50 of {ITEMS + 2}", event.detail)
        self.assertIn(f"2 of {ITEMS // PARTS + 1}", event.detail)

    # ------------------------------------------------------------------
    # PRINTING
    # ------------------------------------------------------------------

    def _print(self, reminder, document):
        """The document as the engine receives it."""
        report = f"recouvrement.report_reminder_{document}"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, reminder.ids
        )
        return html.decode()

    def _fake_prints(self):
        """The PDF engine and the invoice are not what is measured here."""
        return patch.object(
            type(self.env["ir.actions.report"]),
            "_run_wkhtmltopdf",
            return_value=b"%PDF-1.4 fake",
        )
