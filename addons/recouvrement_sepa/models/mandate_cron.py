"""Every night: mandates that lapsed, that soon will, or that did not come back."""

from odoo import api, fields, models

from ..tools.mandate import WARN_MONTHS, warn_days

BATCH = 200


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    warned_months = fields.Integer(
        readonly=True,
        copy=False,
        help="Months without a collection that somebody was last told of.",
    )

    @api.model
    def _cron_nightly(self):
        today = fields.Date.context_today(self)
        self._expire(today)
        self._warn_lapse(today)
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        for company in companies:
            self._remind_late(company, today)

    @api.model
    def _remind_late(self, company, day):
        """Remind the mandates of a company that did not come back, batch by batch."""
        late = self.sudo()._get_to_remind(company, day)
        for start in range(0, len(late), BATCH):
            batch = late[start : start + BATCH].try_lock_for_update()
            for mandate in batch.filtered(lambda m: m.state == "sent"):
                mandate.with_company(company)._remind()
            self.env["ir.cron"]._commit_progress(len(batch))

    @api.model
    def _warn_lapse(self, day):
        """An activity at 33 and at 35 months without a collection, once each.

        :return: the mandates that somebody was told of.
        """
        live = self.sudo().search(
            [
                ("state", "in", ("active", "suspended")),
                ("date_expiry", ">=", day),
                ("date_expiry", "<=", fields.Date.add(day, months=4)),
            ]
        )
        told = self.browse()
        for mandate in live:
            passed = mandate._get_months_passed(day)
            if passed == mandate.warned_months:
                continue
            if passed > mandate.warned_months:
                mandate._schedule(
                    self.env._(
                        "%(mandate)s lapses on %(day)s: collect or have a new one "
                        "signed",
                        mandate=mandate.name,
                        day=mandate._format_day(mandate.date_expiry),
                    )
                )
                told |= mandate
            mandate.warned_months = passed
        return told

    def _get_months_passed(self, day):
        """Last of the warnings (33, 35 months) that is due; 0: none."""
        days = warn_days(self.date_signed, self.date_last_collection)
        return max(
            (
                months
                for months, due in zip(WARN_MONTHS, days, strict=False)
                if due <= day
            ),
            default=0,
        )
