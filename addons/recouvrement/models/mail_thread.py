from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # EXTENDS 'mail'
    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A reminder that bounces was no reminder, even when it was thought sent."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message and message.model == "recouvrement.debtor":
            self.env["recouvrement.reminder"]._of_messages(message)._mark_failed(
                self.env._(
                    "The e-mail to %s bounced.",
                    message_dict.get("bounced_email") or self.env._("the customer"),
                )
            )
        return result
