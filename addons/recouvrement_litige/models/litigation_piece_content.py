"""The content of pieces that are printed here, one at a time."""

import io
import logging

from psycopg2 import OperationalError

from odoo import models
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfReader, PdfWriter

from .litigation_piece import VOLATILE

_logger = logging.getLogger(__name__)


class RecouvrementLitigationPiece(models.Model):
    _inherit = "recouvrement.litigation.piece"

    def _is_to_make(self, bundle):
        """Whether the content has to be printed for a court file."""
        self.ensure_one()
        if self.state != "present" or not self.render:
            return False
        if self.render in VOLATILE:
            return self.made_for_id != bundle
        return not self.attachment_id and self.made_for_id != bundle

    def _make_content(self, bundle=None):
        """Print one piece; a failure is told on the piece and stops nothing.

        Called in sudo: the right to read the file was checked.
        """
        self.ensure_one()
        vals = {"problem": False, "made_for_id": bundle and bundle.id}
        try:
            with self.env.cr.savepoint():
                made = getattr(self, f"_make_{self.render}")()
                if isinstance(made, tuple):
                    self._set_file(*made)
                elif made:
                    self.attachment_id = made
        except (OperationalError, MemoryError):
            raise
        except Exception as error:
            _logger.exception("Piece %s cannot be made", self.id)
            vals["problem"] = self.env._("It cannot be made: %s", error)
        self.write(vals)

    # ------------------------------------------------------------------
    # BY KIND
    # ------------------------------------------------------------------

    def _make_invoice(self):
        """The PDF that was sent, else the invoice as it prints."""
        move = self.env["account.move"].browse(self.res_id)
        return move.invoice_pdf_report_id or self.debtor_id._print_duplicate(move)

    def _make_statement(self):
        return self.debtor_id._get_statement_pdf(self.litigation_id._get_court_lang())

    def _make_claim(self):
        """The claim that was filed, else as it is computed."""
        litigation = self.litigation_id
        claim = litigation.claim_id or litigation._compute_claim()
        return claim._get_file_name(), claim._get_content()

    def _make_reminder(self):
        """The pages of the letter as it was printed, the e-mail as it was sent; what
        was not kept is printed again, and says so."""
        reminder = self.env["recouvrement.reminder"].browse(self.res_id)
        name = f"{self.name} R{reminder.id}.pdf"
        message = reminder.mail_message_id
        if message:
            return name, self._print_message(message)
        content = reminder.document_id and self._cut_letter(reminder)
        if not content:
            content = self._print("recouvrement.report_reminder_letter", reminder)
            self.note = self.env._("Printed again from the reminder.")
        return name, content

    def _cut_letter(self, reminder):
        """The pages of one letter in the file that it was printed in.

        :return: bytes, or None when its pages cannot be told from the others.
        """
        others = reminder.search([("document_id", "=", reminder.document_id.id)])
        pages = PdfReader(io.BytesIO(reminder.document_id.raw)).pages
        if others == reminder:
            return reminder.document_id.raw
        marks = {one.id: "".join(one._get_reference().split()) for one in others}
        starts = {}
        for place, page in enumerate(pages):
            text = "".join(page.extract_text().split())
            for one_id, mark in marks.items():
                if mark in text:
                    starts.setdefault(one_id, []).append(place)
        firsts = {one_id: found[0] for one_id, found in starts.items()}
        if len(firsts) != len(others) or len(set(firsts.values())) != len(firsts):
            return None
        first = firsts[reminder.id]
        end = min((one for one in firsts.values() if one > first), default=len(pages))
        writer = PdfWriter()
        for page in pages[first:end]:
            writer.add_page(page)
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def _make_message(self):
        message = self.env["mail.message"].browse(self.res_id)
        return f"{self.name}.pdf", self._print_message(message)

    def _print_message(self, message):
        """A message with who wrote it, to whom and when."""
        return self._print("recouvrement_litige.report_message", message)

    def _print(self, report, record):
        self.env.flush_all()
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(lang=self.litigation_id._get_court_lang())
            ._render_qweb_pdf(report, res_ids=record.ids)
        )
        return content


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _get_printed(self):
        """What is printed of a message: text only, so that nothing is fetched."""
        self.ensure_one()
        recipients = self.notified_partner_ids | self.partner_ids
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", self.id)])
        text = html2plaintext(self.body or "", include_references=False)
        return {
            "author": self.email_from or self.author_id.display_name or "",
            "to": ", ".join(
                filter(
                    None,
                    (
                        *recipients.mapped(
                            lambda partner: partner.email or partner.display_name
                        ),
                        *mails.mapped("email_to"),
                    ),
                )
            ),
            "subject": self.subject or "",
            "lines": text.splitlines(),
            "files": self.attachment_ids.mapped("name"),
        }
