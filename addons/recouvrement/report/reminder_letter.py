from odoo import api, models


class ReportReminderLetter(models.AbstractModel):
    """Letters of many reminders, as one document in the order of the post."""

    _name = "report.recouvrement.report_reminder_letter"
    _description = "Reminder Letters"

    @api.model
    def _get_report_values(self, docids, data=None):
        reminders = self.env["recouvrement.reminder"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": reminders._name,
            "docs": reminders.sorted(self._get_postal_key),
        }

    @api.model
    def _get_postal_key(self, reminder):
        """Home country first, then country, postcode and name: a hook."""
        partner = reminder.partner_id
        home = reminder.company_id.country_id
        return (
            partner.country_id not in (home, partner.country_id.browse()),
            partner.country_id.code or "",
            partner.zip or "",
            partner.display_name or "",
            reminder.id,
        )
