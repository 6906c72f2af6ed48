"""Reminders to key accounts do not leave by themselves above a level."""

from odoo import fields, models


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    is_key_account = fields.Boolean(related="debtor_id.is_key_account")

    def _filtered_automatic(self):
        """Those that the night may send without anybody."""
        return self.filtered(
            lambda one: (
                one.policy_id.automatic
                and one.level_id.approval == "none"
                and not (
                    one.is_key_account
                    and one.rank > one.company_id.recouvrement_key_rank
                )
            )
        )
