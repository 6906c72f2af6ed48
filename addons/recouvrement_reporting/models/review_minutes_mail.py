"""The e-mail that brings the minutes to a participant."""

from odoo import models
from odoo.fields import Command

TEMPLATE = "recouvrement_reporting.template_review_minutes"


class RecouvrementReviewMinutes(models.Model):
    _inherit = "recouvrement.review.minutes"

    def _send(self):
        """Queue the e-mails, with the very document that is kept; in test mode to the
        test address only. Called in sudo."""
        if not self:
            return
        for minutes in self:
            mail = self.env["mail.mail"].create(minutes._prepare_mail_vals())
            minutes.write(
                {
                    "mail_message_id": mail.mail_message_id.id,
                    "email": mail.email_to or minutes.partner_id.email,
                }
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_mail_vals(self):
        review, company = self.review_id, self.company_id
        template = self.env.ref(TEMPLATE).with_context(lang=self._get_lang())
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
        sender = review.user_id if review.user_id.email else company
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
            "attachment_ids": [Command.set(self.attachment_id.ids)],
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }

    def _get_lang(self):
        """Language of the participant, if installed, else of the review."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = self.partner_id.lang
        return lang if lang in installed else self.review_id.lang

    def _get_own_decisions(self):
        """Decisions that the participant carries out."""
        users = self.partner_id._get_internal_users()
        return self.review_id.decision_ids.filtered(
            lambda one: one.owner_id in users and one.state == "open"
        )
