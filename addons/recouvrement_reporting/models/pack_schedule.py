"""The pack that is prepared and sent by itself each month."""

import logging

from psycopg2.errors import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    @api.model
    def _cron_monthly(self):
        """Prepare and send the packs of the last month that are due; what failed is
        tried again the next day, and its responsible is told once."""
        packs = self.sudo()
        companies = packs._get_scheduled()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            packs._run_schedule(company)
            if not cron._commit_progress(1):
                break

    @api.model
    def _get_scheduled(self):
        """Legal entities whose day has come, and that were not sent their pack."""
        today, month = fields.Date.context_today(self), self._default_month()
        companies = self.env["res.company"].search(
            [
                ("parent_id", "=", False),
                ("recouvrement_pack_scheduled", "=", True),
                ("recouvrement_pack_day", "<=", today.day),
            ]
        )
        sent = self.search(
            [
                ("company_id", "in", companies.ids),
                ("date_start", "=", month),
                ("state", "=", "sent"),
            ]
        )
        return companies - sent.company_id

    @api.model
    def _run_schedule(self, company):
        """One company; a failure leaves the others alone."""
        pack = self._get_due_pack(company)
        try:
            with self.env.cr.savepoint():
                if pack.state == "draft":
                    pack._prepare(self.env.user)
                if not pack.recipient_ids:
                    pack.recipient_ids = company.recouvrement_pack_recipient_ids
                pack._send(self.env.user)
        except (UserError, DatabaseError, ValueError, KeyError) as error:
            _logger.exception("The pack of %s failed", pack.display_name)
            self.env.invalidate_all()
            pack._tell_failure(error)
        else:
            pack.activity_feedback(["mail.mail_activity_data_warning"])

    @api.model
    def _get_due_pack(self, company):
        month = self._default_month()
        pack = self._find(company, month)
        return pack or self.create(
            {
                "company_id": company.id,
                "date_start": month,
                "is_scheduled": True,
                "recipient_ids": [(6, 0, company.recouvrement_pack_recipient_ids.ids)],
            }
        )

    def _tell_failure(self, error):
        """Keep why, and give its responsible an activity, once."""
        self.failure = str(error) or type(error).__name__
        users = self._get_responsibles()
        known = self.activity_ids.filtered(
            lambda one: one.summary and one.automated
        ).user_id
        for user in users - known:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.with_context(lang=user.lang).env._(
                    "The monthly pack was not sent"
                ),
                note=self.failure,
                user_id=user.id,
            )

    def _get_responsibles(self):
        """Who is told: the responsible of the company, else its credit managers."""
        company = self.company_id
        if company.recouvrement_pack_user_id:
            return company.recouvrement_pack_user_id
        managers = self.env.ref("recouvrement.group_manager").all_user_ids
        return managers.filtered(
            lambda user: company in user.company_ids and user.active
        )
