from odoo import models
from odoo.exceptions import UserError


class MailMail(models.Model):
    """What becomes of an e-mail becomes of its reminder."""

    _inherit = "mail.mail"

    # EXTENDS 'mail'
    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """The mail server took the message, or refused it: read before the mails are
        deleted."""
        sent = self.filtered(lambda mail: mail.state == "sent")
        self._report_to_reminders(sent, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _report_to_reminders(self, sent, failure_reason, failure_type):
        reminders = self._get_reminders()
        if not reminders:
            return
        delivered = reminders.filtered(
            lambda r: r.mail_message_id in sent.mail_message_id
        )
        delivered._confirm_sent()
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        for mail in self - sent:
            (reminders - delivered).filtered(
                lambda r, message=mail.mail_message_id: r.mail_message_id == message
            )._mark_failed(
                failure_reason
                or mail.failure_reason
                or labels.get(failure_type or mail.failure_type)
                or self.env._("The mail server did not take the e-mail.")
            )

    def _get_reminders(self):
        """Reminders that left, or are leaving, with these e-mails."""
        return self.env["recouvrement.reminder"]._of_messages(
            self.mail_message_id.filtered(lambda m: m.model == "recouvrement.debtor")
        )

    # EXTENDS 'mail'
    def write(self, vals):
        """A cancelled e-mail never leaves."""
        result = super().write(vals)
        if vals.get("state") == "cancel":
            self._fail_queued_reminders(self.env._("The e-mail was cancelled."))
        return result

    # EXTENDS 'mail'
    def unlink(self):
        """A deleted e-mail never leaves, unless it had left."""
        self.filtered(lambda mail: mail.state != "sent")._fail_queued_reminders(
            self.env._("The e-mail was deleted before it left.")
        )
        return super().unlink()

    def _fail_queued_reminders(self, reason):
        self._get_reminders().filtered(lambda r: r.state == "queued")._mark_failed(
            reason
        )

    # EXTENDS 'mail'
    def mark_outgoing(self):
        """The e-mail of a failed reminder may ask for what is paid by now, and its
        level may be another reminder's: it does not leave a second time."""
        dead = self._get_reminders().filtered(
            lambda r: r.state in ("failed", "cancelled")
        )
        alive = self.filtered(
            lambda mail: mail.mail_message_id not in dead.mail_message_id
        )
        if dead and not alive:
            raise UserError(
                self.env._(
                    "These e-mails belong to reminders that failed. Use “Retry” on the "
                    "reminders: it reads the ledger again."
                )
            )
        return super(MailMail, alive).mark_outgoing()
