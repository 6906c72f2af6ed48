"""Where the pieces of a court file are found."""

import unicodedata

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.recouvrement.models.debtor_documents import DUPLICATE_TYPES

# Attachments that are no pieces: what programs exchange.
LEFT_OUT = ("application/xml", "text/xml", "application/json")
MESSAGES_MAX = 200
EXTENSION = 5  # characters
SHORT = 4  # words up to so many letters are not taken for the beginning of others


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    # ------------------------------------------------------------------
    # SOURCES
    # ------------------------------------------------------------------

    def _list_pieces(self, kinds):
        """Values of all pieces that can be collected: a hook for other sources.

        :param dict kinds: kinds by code.
        """
        litigation = self.with_context(lang=self._get_court_lang())
        moves = litigation._get_piece_moves()
        return [
            *litigation._list_invoices(kinds, moves),
            *litigation._list_attachments(kinds, moves),
            *litigation._list_computed(kinds),
            *litigation._list_reminders(kinds),
            *litigation._list_messages(kinds),
            *litigation._list_agreements(kinds),
            *litigation._list_documents(kinds),
        ]

    def _prepare_piece(self, kind, key, name, **vals):
        return {
            "litigation_id": self.id,
            "kind_id": kind.id if kind else False,
            "source_key": key,
            "name": name,
            "date": False,
            "state": "present",
            **vals,
        }

    def _get_piece_moves(self):
        """Documents of the items and the credit notes that were matched with them."""
        lines = self.line_ids.move_line_id
        matched = lines.matched_credit_ids.credit_move_id.move_id
        return lines.move_id | matched.filtered(
            lambda move: move.move_type == "out_refund"
        )

    def _list_invoices(self, kinds, moves):
        found = []
        for move in moves.filtered(lambda move: move.move_type in DUPLICATE_TYPES):
            is_credit = move.move_type == "out_refund"
            label = self.env._("Credit note") if is_credit else self.env._("Invoice")
            found.append(
                self._prepare_piece(
                    kinds.get("credit_note" if is_credit else "invoice"),
                    f"move:{move.id}",
                    f"{label} {move.name}",
                    date=move.invoice_date,
                    source="ledger",
                    render="invoice",
                    res_model=move._name,
                    res_id=move.id,
                    attachment_id=move.invoice_pdf_report_id.id,
                )
            )
        return found

    def _list_attachments(self, kinds, moves):
        """What is attached to the entries, the debtor, the customer and the file."""
        partner = self.debtor_id.partner_id
        owners = Domain.OR(
            [
                Domain("res_model", "=", model) & Domain("res_id", "in", ids)
                for model, ids in (
                    ("account.move", moves.ids),
                    ("recouvrement.litigation", self.ids),
                    ("recouvrement.debtor", self.debtor_id.ids),
                    ("res.partner", partner.ids),
                )
            ]
        )
        printed = set(moves.invoice_pdf_report_id.ids)
        found = []
        for attachment in self.env["ir.attachment"].search(
            owners & Domain("res_field", "=", False) & Domain("type", "=", "binary"),
            order="id",
        ):
            if attachment.id in printed or attachment.mimetype in LEFT_OUT:
                continue
            kind = self._guess_kind(attachment, kinds)
            if kind:
                found.append(
                    self._prepare_piece(
                        kind,
                        f"attachment:{attachment.id}",
                        _without_extension(attachment.name),
                        date=attachment.create_date.date(),
                        source="attachment",
                        res_model=attachment.res_model,
                        res_id=attachment.res_id,
                        attachment_id=attachment.id,
                    )
                )
        return found

    def _guess_kind(self, attachment, kinds):
        """Kind that the name of a file tells. What is attached to an invoice is a
        piece whatever it is called; elsewhere only what is recognised. What looks
        internal is internal, whatever else its name says."""
        name = _plain(attachment.name)
        for kind in sorted(
            kinds.values(), key=lambda kind: (not kind.is_internal, kind.sequence)
        ):
            for word in kind._get_words():
                plain = _plain(word).rstrip()
                if f"{plain} " in name or (len(plain) > SHORT and plain in name):
                    return kind
        if attachment.res_model == "account.move":
            return kinds.get("other")
        return None

    def _list_computed(self, kinds):
        return [
            self._prepare_piece(
                kinds.get("statement"),
                "statement",
                self.env._("Statement of account"),
                source="computed",
                render="statement",
            ),
            self._prepare_piece(
                kinds.get("computation"),
                "claim",
                self.env._("Statement of claim"),
                source="computed",
                render="claim",
            ),
        ]

    def _list_reminders(self, kinds):
        """Reminders that left for these items, and the proofs of registered ones."""
        lines = self.env["recouvrement.reminder.line"].search(
            Domain("move_line_id", "in", self.line_ids.move_line_id.ids)
            & Domain("role", "in", ("chase", "recall"))
            & Domain("reminder_id.state", "=", "sent")
            & Domain("reminder_id.is_test", "=", False)
        )
        found = []
        for reminder in lines.reminder_id.sorted("date_sent"):
            code = "formal_notice" if reminder.is_formal_notice else "reminder"
            if reminder._is_written():
                found.append(
                    self._prepare_piece(
                        kinds.get(code),
                        f"reminder:{reminder.id}",
                        reminder.level_id.name,
                        date=reminder.date_sent,
                        source="reminder",
                        render="reminder",
                        res_model=reminder._name,
                        res_id=reminder.id,
                    )
                )
            for proof in reminder.proof_ids:
                found.append(
                    self._prepare_piece(
                        kinds.get("notice_proof"),
                        f"proof:{proof.id}",
                        self._name_proof(reminder),
                        date=reminder.date_received or reminder.date_sent,
                        source="reminder",
                        res_model=reminder._name,
                        res_id=reminder.id,
                        attachment_id=proof.id,
                    )
                )
        return found

    def _name_proof(self, reminder):
        number = reminder.tracking_number
        name = self.env._("Receipt of the registered letter")
        return f"{name} {number}" if number else name

    def _list_messages(self, kinds):
        """E-mails that the customer sent since the oldest item: an exchange may
        acknowledge the debt."""
        days = [line.document_date for line in self.line_ids if line.document_date]
        since = min(days, default=self.date_open)
        messages = self.env["mail.message"].search(
            Domain("model", "=", "recouvrement.debtor")
            & Domain("res_id", "=", self.debtor_id.id)
            & Domain("message_type", "=", "email")
            & Domain("date", ">=", fields.Datetime.to_datetime(since)),
            order="date",
            limit=MESSAGES_MAX,
        )
        return [
            self._prepare_piece(
                kinds.get("exchange"),
                f"message:{message.id}",
                message.subject or self.env._("Message of the customer"),
                date=message.date.date(),
                source="message",
                render="message",
                res_model=message._name,
                res_id=message.id,
            )
            for message in messages
        ]

    def _list_agreements(self, kinds):
        """Instalment plans that the customer signed: they acknowledge the debt."""
        plans = self.env["recouvrement.payment.plan"].search(
            Domain("debtor_id", "=", self.debtor_id.id)
            & Domain("signed_id", "!=", False)
            & Domain("line_ids.move_line_id", "in", self.line_ids.move_line_id.ids)
        )
        return [
            self._prepare_piece(
                kinds.get("exchange"),
                f"plan:{plan.id}",
                self.env._("Instalment plan %s, signed", plan.name),
                date=plan.signed_on and plan.signed_on.date(),
                source="attachment",
                res_model=plan._name,
                res_id=plan.id,
                attachment_id=plan.signed_id.id,
            )
            for plan in plans
        ]

    def _list_documents(self, kinds):
        """Formal notices written in the file."""
        return [
            self._prepare_piece(
                kinds.get("formal_notice"),
                f"document:{document.id}",
                document.name,
                date=document.date,
                source="computed",
                res_model=document._name,
                res_id=document.id,
                attachment_id=document.pdf_id.id,
            )
            for document in self.document_ids
            if document.kind == "formal_notice" and document.pdf_id
        ]


def _without_extension(name):
    stem, _dot, extension = name.rpartition(".")
    return stem if stem and len(extension) <= EXTENSION else name


def _plain(text):
    """Words without accents, each after a space and the last before one."""
    letters = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in letters).split()
    return f" {' '.join(words)} "
