"""The e-mail that brings the minutes to a participant."""

from odoo import models

TEMPLATE = "recouvrement_reporting.template_review_minutes"


class RecouvrementReviewMinutes(models.Model):
    _inherit = "recouvrement.review.minutes"

    def _get_template(self):
        return self.env.ref(TEMPLATE)

    def _get_sender(self):
        return self.review_id.user_id

    def _get_files(self):
        return self.attachment_id

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
