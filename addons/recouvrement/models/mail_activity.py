from odoo import models
from odoo.tools import html2plaintext


class MailActivity(models.Model):
    """A call or a relay is proven by its activity being done."""

    _inherit = "mail.activity"

    # EXTENDS 'mail'
    def _action_done(self, feedback=False, attachment_ids=None):
        reminders = self.env["recouvrement.reminder"]._of_activities(self)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        reminders._confirm_sent(outcome=html2plaintext(feedback) if feedback else False)
        return result

    # EXTENDS 'mail'
    def unlink(self):
        """An activity cancelled before it was done was no reminder."""
        self.env["recouvrement.reminder"]._of_activities(
            self.filtered("active")
        )._mark_failed(self.env._("The activity was cancelled."))
        return super().unlink()
