"""A reminder under way or sent gives the customer time: the debtor is judged again."""

from odoo import api, models


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    @api.model_create_multi
    def create(self, vals_list):
        reminders = super().create(vals_list)
        self.env["recouvrement.debtor"]._mark_work_dirty(reminders.debtor_id.ids)
        return reminders

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["recouvrement.debtor"]._mark_work_dirty(self.debtor_id.ids)
        return result


class RecouvrementDunningRun(models.Model):
    _inherit = "recouvrement.dunning.run"

    def _insert_reminders(self, debtor_ids):
        result = super()._insert_reminders(debtor_ids)
        self.env["recouvrement.debtor"]._mark_work_dirty(debtor_ids)
        return result
