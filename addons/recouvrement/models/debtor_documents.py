"""Documents for a customer, outside the campaigns: duplicates of invoices, statement
of account, list of the items."""

import io
import zipfile

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

DUPLICATE_TYPES = ("out_invoice", "out_refund", "out_receipt")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # ------------------------------------------------------------------
    # WHAT GOES ALONG
    # ------------------------------------------------------------------

    def _check_own_lines(self, lines):
        """Receivable items of this debtor and of nobody else.

        :raise ValidationError: when one is not; the user is not told whose it is.
        """
        self.ensure_one()
        lines = lines.sudo()
        strangers = lines.filtered(
            lambda line: (
                line.partner_id.commercial_partner_id != self.sudo().partner_id
                or line.company_id.root_id != self.sudo().company_id
                or line.account_id.account_type != "asset_receivable"
                or line.parent_state != "posted"
            )
        )
        if strangers:
            raise ValidationError(
                self.env._("Some of these items are no items of this debtor.")
            )
        return lines

    def _get_duplicable_moves(self, lines):
        """Invoices and credit notes behind items, the oldest first.

        :return: ``(moves, left)``: those whose copies go along, up to the company's
            limit, and those beyond it.
        """
        self.ensure_one()
        moves = self._check_own_lines(lines).move_id.filtered(
            lambda move: move.move_type in DUPLICATE_TYPES and move.state == "posted"
        )
        moves = moves.sorted(lambda move: (move.invoice_date or move.date, move.id))
        limit = self.sudo().company_id.recouvrement_invoice_copies
        return moves[:limit], moves[limit:]

    def _make_duplicates(self, lines):
        """Copies of the invoices behind items, and the list of all when there are
        too many: the PDF that was sent, else a new one.

        :return: ``ir.attachment`` records, in sudo.
        """
        moves, left = self._get_duplicable_moves(lines)
        attachments = self.env["ir.attachment"].sudo()
        for move in moves:
            attachments |= move.invoice_pdf_report_id or self._print_duplicate(move)
        if left:
            attachments |= self._make_item_list(lines)
        return attachments

    def _print_duplicate(self, move):
        content, kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("account.account_invoices", res_ids=move.ids)
        )
        return self._attach(
            move._get_invoice_report_filename(extension=kind), content, move
        )

    def _attach(self, name, content, owner=None):
        """A file on the debtor's thread, or on another record."""
        owner = owner if owner is not None else self
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name.replace("/", "-"),
                    "raw": content,
                    "res_model": owner._name,
                    "res_id": owner.id,
                }
            )
        )

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def _make_documents(self, duplicates=None, statement=False, lang=None):
        """Attachments of what is asked for.

        :param duplicates: items whose invoices are copied, or None.
        :param bool statement: add the statement of account.
        :raise UserError: when there is nothing to send.
        """
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()
        if statement:
            attachments |= self._make_statement(lang)
        if duplicates:
            attachments |= self._make_duplicates(duplicates)
        if not attachments:
            raise UserError(
                self.env._(
                    "There is no document to send: none of the chosen items is an "
                    "invoice or a credit note."
                )
            )
        return attachments

    def _describe_documents(self, duplicates=None, statement=False):
        """What the text that goes with documents must say of them."""
        left = bool(duplicates) and self._get_duplicable_moves(duplicates)[1]
        return {"with_statement": statement, "with_list": bool(left)}

    def _send_documents(self, partner, attachments, subject, body):
        """E-mail documents to a person of the customer, and trace it.

        :return: the e-mail.
        """
        self.ensure_one()
        mail = self._queue_mail(partner, subject, body, attachments)
        test = self.sudo().company_id.recouvrement_test_mode
        self._log_event(
            "document",
            self.env._(
                "%(number)s document(s) to %(contact)s%(test)s",
                number=len(attachments),
                contact=partner.display_name,
                test=self.env._(" (test)") if test else "",
            ),
            detail="\n".join(attachments.mapped("name")),
        )
        return mail

    def _render_document_mail(self, lang, **values):
        """Subject and body that go with documents, from the template.

        :return: ``(subject, body)``.
        """
        self.ensure_one()
        template = self.env.ref("recouvrement.template_documents").sudo()
        template = template.with_context(lang=lang)
        subject = template._render_field("subject", self.ids, add_context=values)
        body = template._render_field(
            "body_html",
            self.ids,
            add_context=values,
            options={"post_process": True},
        )
        return subject[self.id], body[self.id]

    def _zip(self, attachments):
        """One file with all the documents, for a download."""
        stream = io.BytesIO()
        names = set()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for attachment in attachments:
                name = attachment.name
                if name in names:
                    name = f"{attachment.id}-{name}"
                names.add(name)
                archive.writestr(name, attachment.raw)
        day = fields.Date.to_string(fields.Date.context_today(self))
        return self._attach(
            f"{self.sudo().partner_id.name} {day}.zip", stream.getvalue()
        )

    def action_send(self, line_ids=None):
        """Prepare duplicates of the invoices behind items, or the statement of account
        when none is chosen.

        :param list line_ids: ids of ``account.move.line``.
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Documents"),
            "res_model": "recouvrement.send.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                "default_move_line_ids": list(line_ids or []),
                "default_with_duplicates": bool(line_ids),
                "default_with_statement": not line_ids,
            },
        }
