"""Contacts on the 360° page."""

from odoo import fields, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # OVERRIDES recouvrement: debtor_desk_tiles
    def _desk_last_contact(self):
        answered = self.date_answered
        days = [
            self.last_contact_date,
            answered and fields.Datetime.context_timestamp(self, answered).date(),
        ]
        return max(filter(None, days), default=False)
