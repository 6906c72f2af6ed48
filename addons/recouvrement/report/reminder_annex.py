"""The full list of the items of a reminder, as a spreadsheet."""

import io

from odoo import fields, models
from odoo.tools import SQL

from ..tools.spreadsheet import Column, TableWriter

FETCHED = 5000  # rows in memory at a time


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    annex_id = fields.Many2one(
        "ir.attachment",
        string="List of Items",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The full list of the items, as a spreadsheet.",
    )

    def _make_annexes(self):
        """The full list for each reminder whose message or statement leaves items
        out, on its debtor's thread.

        :return: ``{reminder id: [attachment id]}``.
        """
        made = {}
        for reminder in self.filtered(lambda r: r._needs_annex()):
            content = reminder._try_document(reminder._make_item_sheet)
            if content:
                reminder.annex_id = self.env["ir.attachment"].create(
                    reminder._prepare_annex_vals(content, reminder.debtor_id)
                )
                made[reminder.id] = reminder.annex_id.ids
        return made

    def _needs_annex(self):
        statement = self.with_context(reminder_document="statement")
        return bool(
            self.rest_count
            or (self.level_id.include_statement and statement.rest_count)
        )

    def _prepare_annex_vals(self, content, owner):
        name = self.with_context(lang=self.lang).env._(
            "List of documents %(reference)s.xlsx",
            reference=f"{self.company_id.name} R{self.id}",
        )
        return {
            "name": name.replace("/", "-"),
            "raw": content,
            "res_model": owner._name,
            "res_id": owner.id,
        }

    def action_download_items(self):
        """Open the full list of the items, as it left or as it is now.

        sudo: whoever reads the reminder may have its list, and a list made for an
        earlier download gives way.
        """
        self.ensure_one()
        self.check_access("read")
        reminder = self.sudo()
        if reminder.annex_id.res_model == self._name:
            reminder.annex_id.unlink()
        if not reminder.annex_id:
            reminder.annex_id = reminder.env["ir.attachment"].create(
                reminder._prepare_annex_vals(reminder._make_item_sheet(), self)
            )
        return self._get_download_action(reminder.annex_id)

    # ------------------------------------------------------------------
    # THE SPREADSHEET
    # ------------------------------------------------------------------

    def _make_item_sheet(self):
        """The list in the debtor's language, closed by the amount asked."""
        self.ensure_one()
        env = self.with_context(lang=self.lang).env
        columns = self._get_sheet_columns()
        stream = io.BytesIO()
        writer = TableWriter(
            stream,
            env._("Reminder %s", self._get_reference()),
            columns,
            self.currency_id.decimal_places,
        )
        for rows in self._fetch_sheet_rows():
            writer.write_rows(rows)
        blanks = [None] * (len(columns) - 2)
        total = self._get_listed_total()
        writer.write_totals([env._("Amount to pay"), *blanks, total])
        writer.close()
        return stream.getvalue()

    def _get_sheet_columns(self):
        """Headings and kinds of the columns; the last one is what is still due."""
        env = self.with_context(lang=self.lang).env
        currency = self.currency_id.name
        return [
            Column(env._("Document")),
            Column(env._("Nature")),
            Column(env._("Date"), "date"),
            Column(env._("Due date"), "date"),
            Column(env._("Days late"), "integer"),
            Column(env._("Amount (%s)", currency), "amount"),
            Column(env._("Still due (%s)", currency), "amount"),
        ]

    def _get_sheet_kinds(self):
        env = self.with_context(lang=self.lang).env
        return {
            "invoice": env._("Invoice"),
            "credit_note": env._("Credit note to deduct"),
            "payment": env._("Payment received, to allocate"),
            "credit": env._("Sum in your favour, deducted"),
            "other": env._("Other sum due"),
        }

    def _fetch_sheet_rows(self):
        """Rows of the spreadsheet, some thousands at a time, through a cursor of the
        database: a list of any length takes the same memory."""
        kinds = self._get_sheet_kinds()
        self.env["recouvrement.reminder.line"].flush_model()
        cr = self.env.cr
        cr.execute(
            SQL(
                "DECLARE recouvrement_items NO SCROLL CURSOR FOR %s",
                self._sheet_rows_sql(),
            )
        )
        rows = True
        while rows:
            cr.execute(SQL("FETCH %s FROM recouvrement_items", FETCHED))
            rows = [(row[0], kinds[row[1]], *row[2:]) for row in cr.fetchall()]
            yield rows
        cr.execute("CLOSE recouvrement_items")

    def _get_listed_total(self):
        """Sum of the items in the list, added up by the database, to the cent."""
        [[total]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(amount_residual), 0)
                  FROM recouvrement_reminder_line
                 WHERE reminder_id = %s AND role IN ('chase', 'recall', 'credit')
                """,
                self.id,
            )
        )
        return total

    def _sheet_rows_sql(self):
        return SQL(
            """
            SELECT COALESCE(rl.name, ''),
                   CASE WHEN rl.role = 'credit' AND rl.kind IN
                             ('credit_note', 'payment') THEN rl.kind
                        WHEN rl.role = 'credit' THEN 'credit'
                        WHEN rl.kind = 'invoice' THEN 'invoice'
                        ELSE 'other' END,
                   rl.document_date,
                   CASE WHEN rl.role <> 'credit' THEN rl.date_due END,
                   CASE WHEN rl.role <> 'credit' AND rl.days_overdue > 0
                        THEN rl.days_overdue END,
                   rl.amount, rl.amount_residual
              FROM recouvrement_reminder_line rl
             WHERE rl.reminder_id = %(id)s
               AND rl.role IN ('chase', 'recall', 'credit')
          ORDER BY %(order)s
            """,
            id=self.id,
            order=self._listing_order_sql(),
        )
