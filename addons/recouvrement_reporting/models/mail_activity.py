from odoo import models
from odoo.tools import html2plaintext


class MailActivity(models.Model):
    """The decision of a review is done when its activity is."""

    _inherit = "mail.activity"

    # EXTENDS 'mail'
    def _action_done(self, feedback=False, attachment_ids=None):
        decisions = self.env["recouvrement.review.decision"].sudo()
        decisions = decisions.search(
            [("activity_id", "in", self.ids), ("state", "=", "open")]
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        decisions._set_closed("done", feedback and html2plaintext(feedback))
        return result
