"""What is to be loaded or reviewed: asked in time and once."""

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

NOTICE_DAYS = 14


class RecouvrementRate(models.Model):
    _inherit = "recouvrement.rate"

    reminded_for = fields.Char(
        readonly=True,
        copy=False,
        help="Last period whose value or review was asked for.",
    )

    # ------------------------------------------------------------------
    # WHAT IS MISSING
    # ------------------------------------------------------------------

    @api.model
    def _get_latest(self, review_months):
        """Latest value of each figure that is published at this pace."""
        latest = {rate.code: rate for rate in reversed(self.search(Domain.TRUE))}
        found = [r.id for r in latest.values() if r.review_months == review_months]
        return self.browse(found)

    @api.model
    def _get_missing(self, today=None):
        """Half-yearly figures that are missing now or will be within two weeks.

        :return: list of ``(latest value, half-year, first day)``, the oldest first.
        """
        today = today or fields.Date.context_today(self)
        starts = {
            self._get_half_year(day)[0]
            for day in (today, today + timedelta(days=NOTICE_DAYS))
        }
        return [
            (rate, self._get_label(start), start)
            for start in sorted(starts)
            for rate in self._get_latest("6")
            if self._get_value(rate.code, start) is False
        ]

    @api.model
    def get_missing_texts(self):
        """Sentences for the banner above the list of figures."""
        self.check_access("read")
        return [
            self._explain_missing(rate.code, label)
            for rate, label, _start in self._get_missing()
        ]

    # ------------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Ask a credit manager once for each figure to load or to review."""
        today = fields.Date.context_today(self)
        user = self._get_reminded_user()
        if not user:
            return
        for rate, label, start in self._get_missing(today):
            rate._remind(user, label, start)
        year = (today + timedelta(days=NOTICE_DAYS)).year
        for rate in self._get_latest("12"):
            rate._remind(user, str(year), date(year, 1, 1))

    @api.model
    def _get_reminded_user(self):
        """Credit manager who loads the figures; an administrator when alone."""
        managers = self.env.ref("recouvrement.group_manager").sudo().all_user_ids
        admins = self.env.ref("base.user_admin") | self.env.ref("base.user_root")
        managers = managers.filtered(lambda user: user.active and not user.share)
        return managers.sorted(lambda user: (user in admins, user.id))[:1]

    def _remind(self, user, label, deadline):
        """One activity for a period, never a second one for the same."""
        self.ensure_one()
        if (self.reminded_for or "") >= label:
            return
        self.reminded_for = label
        self.activity_schedule(
            "recouvrement.mail_activity_type_rate",
            date_deadline=deadline,
            summary=self.with_context(lang=user.lang)._get_summary(label),
            user_id=user.id,
            recouvrement_period=label,
        )

    def _get_summary(self, label):
        if self.review_months == "6":
            return self.env._(
                "Load “%(name)s” for %(period)s", name=self.name, period=label
            )
        return self.env._(
            "Check that “%(name)s” still holds in %(period)s",
            name=self.name,
            period=label,
        )

    def _close_reminders(self):
        """Remove the activities that asked for what is loaded now."""
        kind = self.env.ref(
            "recouvrement.mail_activity_type_rate", raise_if_not_found=False
        )
        if not kind or not self:
            return
        figures = self.search(Domain("code", "in", self.mapped("code")))
        activities = figures.sudo().activity_ids.filtered_domain(
            [("activity_type_id", "=", kind.id)]
        )
        activities.filtered(self._is_answered).unlink()

    def _is_answered(self, activity):
        rate, label = self.browse(activity.res_id), activity.recouvrement_period or ""
        if rate.review_months == "6":
            start = self._get_start(label)
            return bool(start) and self._get_value(rate.code, start) is not False
        newer = Domain("code", "=", rate.code) & Domain(
            "date_from", ">", rate.date_from
        )
        return bool(self.search_count(newer, limit=1))

    @api.model
    def _get_start(self, label):
        """First day of a half-year named ``2027-S1``; None of anything else."""
        year, separator, half = label.partition("-S")
        return date(int(year), 1 if half == "1" else 7, 1) if separator else None
