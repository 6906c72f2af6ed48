"""What becomes of the message becomes of the notice: proof of the day it left."""

from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    # EXTENDS 'mail'
    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        notices = self._get_prenotifications()
        if notices:
            sent = self.filtered(lambda mail: mail.state == "sent").mail_message_id
            told = notices.filtered(lambda notice: notice.mail_message_id in sent)
            told._confirm_sent()
            (notices - told)._mark_failed(
                failure_reason or self.env._("The mail server did not take the e-mail.")
            )
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _get_prenotifications(self):
        return self.env["recouvrement.sepa.prenotification"]._of_messages(
            self.mail_message_id.filtered(
                lambda m: m.model in ("recouvrement.debtor", "account.move")
            )
        )

    # EXTENDS 'mail'
    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self._get_prenotifications()._mark_failed(
                self.env._("The e-mail was cancelled.")
            )
        return result

    # EXTENDS 'mail'
    def unlink(self):
        left = self.filtered(lambda mail: mail.state != "sent")
        left._get_prenotifications().filtered(
            lambda notice: notice.state == "queued"
        )._mark_failed(self.env._("The e-mail was deleted before it left."))
        return super().unlink()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # EXTENDS 'mail'
    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message:
            self.env["recouvrement.sepa.prenotification"]._of_messages(
                message
            )._mark_failed(
                self.env._(
                    "The e-mail to %s bounced.",
                    message_dict.get("bounced_email") or self.env._("the customer"),
                )
            )
        return result
