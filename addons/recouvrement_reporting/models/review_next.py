"""From one review to the next: by a button, or every month by itself."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.recouvrement.tools.workdays import after_weekend

_logger = logging.getLogger(__name__)

NOTICE_DAYS = 7  # days before its day that the next review is prepared
ENDED = ("held", "sent", "cancelled")


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    def action_next(self):
        """Prepare the next review from this one; opens it if it is there already."""
        self.ensure_one()
        following = self.next_ids or self._make_next()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
        }

    def _make_next(self):
        """The next review: same people, same sections, same salespeople.

        :raise UserError: when this one is not over.
        """
        self.ensure_one()
        self._check_organiser()
        if self.state not in ENDED:
            raise UserError(
                self.env._("Hold %s first: the next one starts from it.", self.name)
            )
        # sudo: who may run this review makes the next one for its organiser.
        following = self.sudo().create(self._prepare_next_vals()).sudo(self.env.su)
        following.sudo().previous_id = self
        following._prepare()
        return following

    def _prepare_next_vals(self):
        """Values of the next review: a hook."""
        today = fields.Date.context_today(self)
        day = self._get_next_date() or today
        return {
            "kind": self.kind,
            "company_id": self.company_id.id,
            "date": after_weekend(max(day, today)),
            "user_id": self.user_id.id,
            "participant_ids": [Command.set(self.participant_ids.ids)],
            "salesperson_ids": [Command.set(self.salesperson_ids.ids)],
            "section_ids": [Command.set(self.section_ids.filtered("active").ids)],
            "interval_months": self.interval_months,
            "lang": self.lang,
        }

    # ------------------------------------------------------------------
    # EVERY MONTH
    # ------------------------------------------------------------------

    @api.model
    def _cron_propose(self):
        """Prepare the reviews whose day comes within a week, each once, as their
        organisers would."""
        limit = fields.Date.add(fields.Date.context_today(self), days=NOTICE_DAYS)
        ended = self.search(
            Domain("state", "in", ENDED)
            & Domain("interval_months", ">", 0)
            & Domain("next_ids", "=", False)
            & Domain("user_id.active", "=", True)
        ).filtered(lambda review: review._get_next_date() <= limit)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ended))
        for review in ended:
            review = review.try_lock_for_update()
            if review and not review.next_ids:
                review._try_propose()
            if not cron._commit_progress(1):
                break

    def _try_propose(self):
        """Propose the next review; an organiser who may no longer hold one keeps the
        others from nothing."""
        try:
            with self.env.cr.savepoint():
                self._propose_next()
        except UserError as error:
            _logger.warning("Review after %s (%s): %s", self.name, self.id, error)

    def _propose_next(self):
        organiser = self.user_id
        review = (
            self.with_user(organiser)
            .with_context(allowed_company_ids=self.company_id.ids, lang=organiser.lang)
            ._make_next()
        )
        review.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=review.date,
            summary=review.env._("Check the agenda and invite the participants"),
            user_id=organiser.id,
        )
