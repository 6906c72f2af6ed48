"""The files that go with an e-mail: the statement, copies of the invoices, and the full
list of the items when the text has only the oldest."""

import io
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.pdf import PdfReader, PdfWriter

_logger = logging.getLogger(__name__)

STATEMENTS_PER_RUN = 100


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    invoice_copy_ids = fields.Many2many(
        "account.move",
        string="Invoices Copied",
        compute="_compute_invoice_copies",
        help="Invoices whose copies go along, the oldest first.",
    )
    reminded_invoice_count = fields.Integer(
        string="Invoices Reminded", compute="_compute_invoice_copies"
    )
    contents_note = fields.Char(
        readonly=True,
        copy=False,
        help="What the reminder lists and carries, when it is not everything.",
    )

    def _note_contents(self):
        """Write down what leaves only in part, for the history."""
        for reminder in self.filtered(lambda r: r._is_written()):
            note = reminder._describe_contents()
            if reminder.contents_note != note:
                reminder.contents_note = note

    def _describe_contents(self):
        """What the text lists and the message carries, or False when it is all."""
        listed, copied = len(self.listed_line_ids), len(self.invoice_copy_ids)
        parts = []
        if self.rest_count:
            parts.append(
                self.env._(
                    "Documents listed in the text: %(listed)s of %(all)s.",
                    listed=listed,
                    all=listed + self.rest_count,
                )
            )
        if self._get_copies_left_out():
            parts.append(
                self.env._(
                    "Copies of invoices attached: %(copied)s of %(all)s.",
                    copied=copied,
                    all=self.reminded_invoice_count,
                )
            )
        return " ".join(parts) or False

    def _make_email_documents(self):
        """Attachments each e-mail carries, as its level says. A reminder whose
        documents cannot be made fails.

        :return: ``{reminder id: [attachment ids]}``.
        """
        statements = self.filtered("level_id.include_statement")._make_statements()
        annexes = self._make_annexes()
        copies = self.filtered("level_id.include_invoices")._make_invoice_copies()
        return {
            reminder.id: [
                attachment_id
                for made in (statements, annexes, copies)
                for attachment_id in made.get(reminder.id, [])
            ]
            for reminder in self
        }

    # ------------------------------------------------------------------
    # STATEMENTS
    # ------------------------------------------------------------------

    def _make_statements(self):
        """One statement of the items per reminder, on its debtor's thread."""
        contents = {}
        for start in range(0, len(self), STATEMENTS_PER_RUN):
            chunk = self[start : start + STATEMENTS_PER_RUN]
            contents.update(chunk._render_statements())
        reminders = self.filtered(lambda r: r.id in contents)
        attachments = self.env["ir.attachment"].create(
            [
                reminder._prepare_statement_vals(*contents[reminder.id])
                for reminder in reminders
            ]
        )
        return {
            reminder.id: attachment.ids
            for reminder, attachment in zip(reminders, attachments, strict=True)
        }

    def _prepare_statement_vals(self, content, kind):
        name = self.with_context(lang=self.lang).env._(
            "Statement %(reference)s.%(kind)s",
            reference=f"{self.company_id.name} R{self.id}",
            kind=kind,
        )
        return {
            "name": name.replace("/", "-"),
            "raw": content,
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
        }

    def _render_statements(self):
        """Print the statements in one run of the engine, which takes a second to
        start, and cut the file; when that fails, one by one.

        :return: ``{reminder id: (content, kind)}``.
        """
        if not self:
            return {}
        if len(self) > 1:
            try:
                with self.env.cr.savepoint():
                    content, kind = self._print_statements()
                pieces = kind == "pdf" and self._cut_statements(content)
            except (OperationalError, MemoryError):
                raise
            except Exception:
                _logger.info("Statements %s fail together", self.ids, exc_info=True)
                pieces = None
            if pieces:
                return {key: (piece, "pdf") for key, piece in pieces.items()}
        printed = {}
        for reminder in self:
            document = reminder._try_document(reminder._print_statements)
            if document:
                printed[reminder.id] = document
        return printed

    def _print_statements(self):
        return self.env["ir.actions.report"]._render_qweb_pdf(
            "recouvrement.report_reminder_statement", res_ids=self.ids
        )

    def _get_statement_mark(self):
        """What the first page of a statement, and no other page, carries."""
        return f"R-{self.id:09d}"

    def _cut_statements(self, content):
        """Cut a file of statements where the marks of their first pages are.

        :return: ``{reminder id: PDF}``, or None when a mark is not where it should be.
        """
        pages = PdfReader(io.BytesIO(content)).pages
        texts = ["".join(page.extract_text().split()) for page in pages]
        starts = [
            [
                i
                for i, text in enumerate(texts)
                if reminder._get_statement_mark() in text
            ]
            for reminder in self
        ]
        firsts = [found[0] for found in starts if len(found) == 1]
        if len(firsts) != len(self) or firsts[:1] != [0] or sorted(firsts) != firsts:
            _logger.info("Statements %s cannot be told apart", self.ids)
            return None
        pieces = {}
        for reminder, first, end in zip(
            self, firsts, [*firsts[1:], len(pages)], strict=True
        ):
            writer = PdfWriter()
            for page in pages[first:end]:
                writer.add_page(page)
            stream = io.BytesIO()
            writer.write(stream)
            pieces[reminder.id] = stream.getvalue()
        return pieces

    # ------------------------------------------------------------------
    # INVOICES
    # ------------------------------------------------------------------

    @api.depends("line_ids.role", "level_id.include_invoices", "channel")
    def _compute_invoice_copies(self):
        """One statement for all reminders; no invoice that is not copied is loaded."""
        copied = self.filtered(
            lambda r: r.channel == "email" and r.level_id.include_invoices
        )
        found = {}
        if copied:
            rows = self.env.execute_query(copied._invoice_copies_sql())
            found = {reminder_id: (ids, count) for reminder_id, ids, count in rows}
        for reminder in self:
            ids, count = found.get(reminder._origin.id, (None, 0))
            reminder.invoice_copy_ids = ids
            reminder.reminded_invoice_count = count

    def _invoice_copies_sql(self):
        self.env["recouvrement.reminder.line"].flush_model()
        self.env["res.company"].flush_model(["recouvrement_invoice_copies"])
        return SQL(
            """
            SELECT reminder_id,
                   ARRAY_AGG(move_id ORDER BY place) FILTER (WHERE place <= size),
                   COUNT(*)
              FROM (SELECT rl.reminder_id, m.id AS move_id,
                           COALESCE(c.recouvrement_invoice_copies, 0) AS size,
                           ROW_NUMBER() OVER (
                               PARTITION BY rl.reminder_id
                               ORDER BY MIN(rl.date_due), m.id) AS place
                      FROM recouvrement_reminder_line rl
                      JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                      JOIN res_company c ON c.id = r.company_id
                      JOIN account_move_line l ON l.id = rl.move_line_id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE rl.reminder_id = ANY(%(ids)s)
                       AND rl.role IN ('chase', 'recall')
                       AND m.move_type = ANY(%(types)s)
                  GROUP BY rl.reminder_id, m.id, c.recouvrement_invoice_copies) invoice
          GROUP BY reminder_id
            """,
            ids=self._origin.ids,
            types=self.env["account.move"].get_sale_types(),
        )

    def _get_copies_left_out(self):
        """Number of reminded invoices whose copy does not go along because there are
        too many."""
        return self.reminded_invoice_count - len(self.invoice_copy_ids)

    def _make_invoice_copies(self):
        """The PDF of each reminded invoice, up to the company's limit: the one that
        was sent, else a new one."""
        copies = {}
        for reminder in self:
            invoices = reminder.invoice_copy_ids
            missing = invoices.filtered(lambda move: not move.invoice_pdf_report_id)
            printed = [reminder._print_invoice(move) for move in missing]
            if all(printed):
                copies[reminder.id] = invoices.invoice_pdf_report_id.ids + [
                    attachment.id for attachment in printed
                ]
        return copies

    def _print_invoice(self, move):
        document = self._try_document(
            lambda: self.env["ir.actions.report"]._render_qweb_pdf(
                "account.account_invoices", res_ids=move.ids
            )
        )
        if not document:
            return None
        content, kind = document
        return self.env["ir.attachment"].create(
            {
                "name": move._get_invoice_report_filename(extension=kind),
                "raw": content,
                "res_model": move._name,
                "res_id": move.id,
            }
        )

    def _try_document(self, render):
        """Render a document of one reminder, or fail the reminder and return None."""
        try:
            with self.env.cr.savepoint():
                return render()
        except (OperationalError, MemoryError):
            raise
        except Exception as error:
            _logger.exception("A document of reminder %s cannot be made", self.id)
            self._mark_failed(self.env._("A document cannot be made: %s", error))
            return None

    # ------------------------------------------------------------------
    # DOWNLOAD
    # ------------------------------------------------------------------

    def _get_download_action(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",
        }
