from odoo import models

STATUS_FIELDS = {"collection_mark", "collection_until", "no_followup"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _recouvrement_aside_idx = models.Index(
        "(partner_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE "
        "AND collection_status <> 'to_chase'"
    )

    def write(self, vals):
        """What is set aside or chased again changes what is to collect."""
        result = super().write(vals)
        if STATUS_FIELDS & vals.keys():
            self._mark_debtors_dirty()
        return result
