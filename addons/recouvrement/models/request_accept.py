"""What accepting a request does: one method ``_accept_<kind>`` for each kind.

Another addon adds a kind with ``selection_add`` and such a method. It closes the
request, or leaves it open and returns the action that goes on with it.
"""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    def _get_debtor(self):
        """The debtor account, which the user may write to."""
        self.ensure_one()
        self.debtor_id.check_access("write")
        return self.debtor_id

    def _get_lines(self):
        """Items of the request, in sudo: the right on the debtor was checked."""
        self.ensure_one()
        return self.sudo().move_line_ids

    def _get_open_lines(self):
        """Items of the request that are still open.

        :raise UserError: when none is left.
        """
        lines = self._get_lines().filtered(lambda line: not line.reconciled)
        if not lines:
            raise UserError(
                self.env._("Choose the items that %s is about.", self.name or "")
                if not self._get_lines()
                else self.env._("The items of %s are settled: refuse it.", self.name)
            )
        return lines

    # ------------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------------

    def _accept_duplicate(self):
        lines = self._get_lines()
        if not lines:
            raise UserError(
                self.env._("Choose the items that %s is about.", self.name or "")
            )
        self._send_asked_documents(duplicates=lines)

    def _accept_statement(self):
        self._send_asked_documents(statement=True)

    def _send_asked_documents(self, **what):
        """The e-mail with the documents is the answer."""
        debtor = self._get_debtor()
        partner = self._get_addressee()
        lang = debtor._get_mail_lang(partner)
        attachments = debtor._make_documents(lang=lang, **what)
        subject, body = debtor._render_document_mail(
            lang, answer=self.answer or "", **debtor._describe_documents(**what)
        )
        debtor._send_documents(partner, attachments, subject, body)
        self._close("done", answered=True)

    # ------------------------------------------------------------------
    # DEBT
    # ------------------------------------------------------------------

    def _accept_promise(self):
        debtor = self._get_debtor()
        lines = self._get_lines() and self._get_open_lines()
        debtor._make_promise(
            self.amount,
            self.date_promised,
            lines=lines or None,
            partner=self.sudo().partner_id,
            source=self.source,
        )
        self._close("done")

    def _accept_dispute(self):
        """Proceedings go on, whatever the customer says of the items meanwhile."""
        self._get_debtor()
        lines = self._get_open_lines().filtered(
            lambda line: line.collection_mark not in ("litigation", "insolvency")
        )
        if not lines:
            raise UserError(
                self.env._(
                    "All these items are in litigation or insolvency: refuse the "
                    "request, or change their status first."
                )
            )
        action = self.debtor_id._dispute(
            lines,
            self.text or self.env._("Dispute %s", self.name),
            source=self.source,
            request=self,
        )
        self._close("done")
        return action

    def _accept_plan(self):
        debtor = self._get_debtor()
        action = debtor.action_plan(self._get_open_lines().ids)
        self._close("done")
        return action

    # ------------------------------------------------------------------
    # FILE OF THE CUSTOMER
    # ------------------------------------------------------------------

    def _accept_contact_change(self):
        """Write the new contact for invoices or reminders under the customer. The
        address of somebody who logs in opens a login: it is not changed here.

        sudo: a collector has no right to create contacts in general.
        """
        debtor = self._get_debtor()
        values = self._prepare_contact_vals()
        contact = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("parent_id", "=", debtor.sudo().partner_id.id),
                    ("type", "=", self.contact_type),
                    ("name", "=", values["name"]),
                    ("user_ids", "=", False),
                ],
                limit=1,
            )
        )
        if contact:
            contact.write(values)
        else:
            contact = contact.create(values)
        self._log(self.env._("contact written"), detail=contact.display_name)
        self._close("done")

    def _prepare_contact_vals(self):
        """Values of the contact: a hook.

        :raise UserError: without a name, or with an address that is none.
        """
        self.ensure_one()
        if not (self.contact_name or "").strip():
            raise UserError(self.env._("Write the name of the new contact."))
        email = self.contact_email and email_normalize(self.contact_email)
        if self.contact_email and not email:
            raise UserError(
                self.env._("“%s” is no e-mail address.", self.contact_email)
            )
        partner = self.sudo().debtor_id.partner_id
        return {
            "parent_id": partner.id,
            "type": self.contact_type or "invoice",
            "name": self.contact_name.strip(),
            "lang": self.sudo().partner_id.lang or partner.lang,
            "street": partner.street,
            "street2": partner.street2,
            "zip": partner.zip,
            "city": partner.city,
            "state_id": partner.state_id.id,
            "country_id": partner.country_id.id,
            **({"email": email} if email else {}),
            **({"phone": self.contact_phone} if self.contact_phone else {}),
        }

    # ------------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------------

    def _accept_message(self):
        """Put a message on the debtor's thread, where it waits to be read as an
        answer; a message of a known customer is there already."""
        if not self.debtor_id:
            raise UserError(
                self.env._("Choose the debtor account that this message belongs to.")
            )
        debtor = self._get_debtor().sudo()
        attachments = self.sudo().attachment_ids
        debtor.message_post(
            body=plaintext2html(self.text or ""),
            subject=self.name,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.sudo().partner_id.id or False,
            email_from=self.email_from or self.sudo().partner_id.email_formatted,
            attachments=[(file.name, file.raw) for file in attachments],
        )
        self._close("done", answered=True)
