"""A kept document as one person received it by e-mail."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize


class RecouvrementDelivery(models.AbstractModel):
    """What the records of a document that was sent share: the e-mail is queued with the
    very files that are kept, in test mode to the test address only."""

    _name = "recouvrement.delivery"
    _description = "Document Sent to One Person"
    _inherit = ["recouvrement.guarded", "mail.thread"]

    email = fields.Char(string="E-mail", readonly=True, help="Where it was sent.")
    is_test = fields.Boolean(string="Test", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_template(self):
        """The ``mail.template`` of these records."""
        raise NotImplementedError

    def _get_lang(self):
        """Language of the e-mail."""
        raise NotImplementedError

    def _get_sender(self):
        """Who sends: a user, or nobody."""
        raise NotImplementedError

    def _get_files(self):
        """The attachments that are kept."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    @api.model
    def _check_recipients(self, company, partners):
        """:raise UserError: without a valid address, or without the test address when
        the company is in test mode."""
        if company.recouvrement_test_mode:
            if not company.recouvrement_test_email:
                raise UserError(
                    self.env._(
                        "Test mode is on for %s, but no test address is set.",
                        company.name,
                    )
                )
            return
        without = partners.filtered(
            lambda partner: not email_normalize(partner.email, strict=False)
        )
        if without:
            raise UserError(
                self.env._(
                    "These recipients have no valid e-mail address: %s",
                    ", ".join(without.mapped("display_name")),
                )
            )

    def _send(self):
        """Queue the e-mails. Called in sudo."""
        if not self:
            return
        for delivery in self:
            mail = self.env["mail.mail"].create(delivery._prepare_mail_vals())
            delivery.write(
                {
                    "mail_message_id": mail.mail_message_id.id,
                    "email": mail.email_to or delivery.partner_id.email,
                }
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_mail_vals(self):
        company = self.company_id
        template = self._get_template().with_context(lang=self._get_lang())
        subject = template._render_field("subject", self.ids)[self.id]
        body = template._render_field("body_html", self.ids)[self.id]
        recipients = {"recipient_ids": [Command.set(self.partner_id.ids)]}
        if self.is_test:
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=self.partner_id.display_name,
                subject=subject,
            )
        sender = self._get_sender()
        sender = sender if sender.email else company
        return {
            "model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "record_company_id": company.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "subject": " ".join((subject or "").split()),
            "body": body,
            "body_html": body,
            "author_id": sender.partner_id.id,
            "email_from": sender.email and sender.email_formatted,
            "reply_to": sender.email and sender.email_formatted,
            "attachment_ids": [Command.set(self._get_files().ids)],
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }
