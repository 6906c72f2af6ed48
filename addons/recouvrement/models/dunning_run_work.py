"""The background work of campaigns, in committed batches that can be resumed."""

from odoo import api, fields, models
from odoo.tools import format_date


class RecouvrementDunningRun(models.Model):
    _name = "recouvrement.dunning.run"
    _inherit = ["recouvrement.dunning.run", "recouvrement.batched"]

    @api.model
    def _cron_process(self):
        """Go on with the campaigns under way, one committed batch at a time."""
        self._process_waiting([("state", "in", ("proposing", "sending"))])

    def _process_batch(self):
        """One batch of the step under way.

        :return: whether the step is finished.
        """
        run = self.ensure_one().sudo()
        lang = self.env.lang or run.company_ids[:1].partner_id.lang
        run = run.with_context(lang=lang)  # Scheduled work has no language of its own.
        if run.state == "proposing":
            return run._propose_batch()
        return run._send_batch()

    def _process_all(self):
        """Run the step under way to its end within the transaction (scripts)."""
        while self.state in ("proposing", "sending"):
            self._process_batch()

    # == Sending ==

    def _send_batch(self):
        """Send one batch of approved reminders.

        Each reminder is locked first: two workers never take the same one.
        """
        size = max(min(self.company_ids.mapped("recouvrement_mail_batch")), 1)
        approved = self.env["recouvrement.reminder"].search(
            [("run_id", "=", self.id), ("state", "=", "approved")],
            order="channel, id",
            limit=size,
        )
        taken = approved.try_lock_for_update().filtered(lambda r: r.state == "approved")
        taken._send()
        if len(approved) < size:
            self.state = "done" if not self.proposed_count else "proposed"
            return True
        return False

    # == Nightly ==

    @api.model
    def _cron_nightly(self):
        """Refresh every debtor account, then propose today's campaign per company.

        The unique index on company and day keeps a second scheduler from making
        another one.
        """
        self.env["recouvrement.debtor"]._refresh_totals()
        today = fields.Date.context_today(self)
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        existing = self.search([("nightly", "=", True), ("date", "=", today)])
        missing = roots - existing.nightly_company_id
        self._supersede_nightly(missing)
        for company in missing:
            localized = self.with_context(lang=company.partner_id.lang or self.env.lang)
            localized.create(
                {
                    "name": localized.env._(
                        "Nightly campaign of %(day)s, %(company)s",
                        day=format_date(localized.env, today),
                        company=company.name,
                    ),
                    "date": today,
                    "company_ids": company.ids,
                    "nightly": True,
                    "nightly_company_id": company.id,
                    "state": "proposing",
                }
            )
        self.env["ir.cron"]._commit_progress(1)
        self._trigger()

    @api.model
    def _supersede_nightly(self, companies):
        """Yesterday's untouched proposals make room for today's."""
        self.env["recouvrement.reminder"].search(
            [
                ("run_id.nightly", "=", True),
                ("run_id.nightly_company_id", "in", companies.ids),
                ("state", "=", "proposed"),
                ("subject", "=", False),
                ("body", "=", False),
            ]
        )._cancel(self.env._("Replaced by a newer nightly campaign"))
