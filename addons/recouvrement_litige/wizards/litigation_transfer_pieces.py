"""What a court file of the chosen items would lack, told before the transfer."""

from odoo import models
from odoo.fields import Domain


class RecouvrementLitigationTransfer(models.TransientModel):
    _inherit = "recouvrement.litigation.transfer"

    # EXTENDS 'recouvrement_litige'
    def _get_missing(self):
        """Kinds of pieces that are expected and that nothing here is, in a constant
        number of queries."""
        files = self.env["recouvrement.litigation"].sudo()
        kinds = (
            self.env["recouvrement.litigation.piece.kind"].sudo().search(Domain.TRUE)
        )
        found = files._find_piece_kinds(self.move_line_ids.sudo(), kinds)
        missing = [
            kind.name
            for kind in kinds
            if kind.is_required
            and not kind.procedure_ids
            and kind not in found
            and kind.replaced_by_id not in found
        ]
        return [*super()._get_missing(), *missing]


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    def _find_piece_kinds(self, lines, kinds):
        """Kinds of pieces that items have already, or that are made for any file."""
        by_code = {kind.code: kind for kind in kinds}
        codes = {"invoice", "statement", "computation"}
        moves = lines.move_id
        partners = lines.partner_id.commercial_partner_id
        attachments = self.env["ir.attachment"].search(
            Domain("res_field", "=", False)
            & Domain.OR(
                [
                    Domain("res_model", "=", "account.move")
                    & Domain("res_id", "in", moves.ids),
                    Domain("res_model", "=", "res.partner")
                    & Domain("res_id", "in", partners.ids),
                ]
            )
        )
        for attachment in attachments - moves.invoice_pdf_report_id:
            kind = self._guess_kind(attachment, by_code)
            codes.add(kind.code if kind else "")
        reminders = (
            self.env["recouvrement.reminder.line"]
            .search(
                Domain("move_line_id", "in", lines.ids)
                & Domain("reminder_id.state", "=", "sent")
                & Domain("reminder_id.is_test", "=", False)
            )
            .reminder_id
        )
        notices = reminders.filtered("is_formal_notice")
        codes |= {"reminder"} if reminders else set()
        codes |= {"formal_notice"} if notices else set()
        codes |= {"notice_proof"} if reminders.proof_ids else set()
        return kinds.filtered(lambda kind: kind.code in codes)
