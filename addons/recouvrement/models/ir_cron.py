from pytz import country_timezones

from odoo import models


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Our jobs count days where the company is: at half past midnight in Paris it
        is still the day before in UTC, which is what OdooBot would go by."""
        job = self
        action = self.env["ir.actions.server"].browse(server_action_id)
        if (action.model_name or "").startswith("recouvrement."):
            job = self.with_context(tz=self._get_zone())
        return super(IrCron, job)._callback(cron_name, server_action_id)

    def _get_zone(self):
        """Time zone of the job: of its user, else of the company, else of its country
        when that has one only."""
        company = self.env.company.partner_id
        places = country_timezones.get(self.env.company.country_id.code or "", [])
        only = places[0] if len(places) == 1 else "UTC"
        return self.env.user.tz or company.tz or only
