"""E-mails and activities of relays: what becomes of them becomes of the relay."""

from odoo import models
from odoo.tools import html2plaintext


class MailMail(models.Model):
    _inherit = "mail.mail"

    # EXTENDS 'mail'
    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """A question that did not leave comes back to the collector."""
        refused = self.filtered(
            lambda mail: mail.state != "sent" and mail.model == "recouvrement.debtor"
        )
        if refused:
            self.env["recouvrement.relay"]._of_messages(
                refused.mail_message_id
            )._return_undelivered(
                failure_reason or self.env._("The mail server did not take the e-mail.")
            )
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # EXTENDS 'mail'
    def _action_done(self, feedback=False, attachment_ids=None):
        """Marking the activity as done answers the relay, and handles what came
        back."""
        relays = self.env["recouvrement.relay"]._of_activities(self)
        notices = relays._of_notices(self)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for relay in relays:
            text = html2plaintext(feedback) if feedback else False
            relay._answer("passed_on", text)
        notices.filtered(lambda relay: not relay.is_handled)._set_handled()
        return result

    # EXTENDS 'mail'
    def unlink(self):
        """An activity cancelled before it was done brought no answer."""
        self.env["recouvrement.relay"]._of_activities(self.filtered("active"))._return(
            self.env._("The activity was cancelled.")
        )
        return super().unlink()


class RecouvrementRelay(models.Model):
    _inherit = "recouvrement.relay"

    def _of_activities(self, activities):
        """Relays that wait for one of these activities."""
        if not activities:
            return self.browse()
        return self.sudo().search(
            [
                ("activity_id", "in", activities.ids),
                ("state", "in", ("asked", "returned")),
            ]
        )

    def _of_notices(self, activities):
        """Relays whose collector is told by one of these activities."""
        if not activities:
            return self.browse()
        return self.sudo().search([("notice_activity_id", "in", activities.ids)])

    def _of_messages(self, messages):
        """Relays asked by one of these messages."""
        if not messages:
            return self.browse()
        return self.sudo().search([("mail_message_id", "in", messages.ids)])

    def _return_undelivered(self, reason):
        """What never arrived is no reminder either."""
        self._return(reason)
        self.reminder_id.filtered(lambda r: r.state in ("queued", "sent"))._mark_failed(
            reason
        )
