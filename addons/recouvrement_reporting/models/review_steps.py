"""The steps of a review: held, cancelled."""

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    def _check_organiser(self):
        """Refuse to run somebody else's review to who may not see all of it.

        :raise UserError: naming the organiser.
        """
        self.check_access("write")
        for review in self.filtered(lambda review: not review.may_organise):
            raise UserError(
                self.env._(
                    "%(review)s is organised by %(organiser)s: ask this person, or a "
                    "credit manager.",
                    review=review.name,
                    organiser=review.user_id.sudo().name,
                )
            )

    def action_held(self):
        """The meeting took place: its decisions become activities of their owners."""
        self._check_organiser()
        self._check_state("prepared")
        self.sudo()._close_meeting()
        return True

    def _close_meeting(self, as_of=None):
        """Freeze how things stand, hand the decisions over, tell the debtors' history.
        Called in sudo.

        :param date as_of: past day whose ledger is read; default: now.
        """
        self.write({"state": "held", "held_on": fields.Datetime.now()})
        for review in self:
            review.item_ids._freeze_held(as_of)
        self.decision_ids._create_activities()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.item_ids._log_history()

    def action_cancel(self, reason=None):
        """Cancel a review whose minutes did not leave, with what it decided; asks for
        the reason when there is none."""
        if not (reason or "").strip():
            return self._get_cancel_action()
        self._check_organiser()
        self._check_state("draft", "prepared", "held")
        reviews = self.sudo()
        reviews.decision_ids._drop(self.env._("Review cancelled"))
        reviews.activity_unlink(["mail.mail_activity_data_todo"])
        reviews.write({"state": "cancelled", "cancel_reason": reason.strip()})
        return True

    def _get_cancel_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Review"),
            "res_model": "recouvrement.review.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_review_ids": self.ids},
        }
