from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # Reads back the items that were open at a past date.
    _recouvrement_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        (partials.debit_move_id | partials.credit_move_id)._mark_debtors_dirty()
        return partials

    def unlink(self):
        (self.debit_move_id | self.credit_move_id)._mark_debtors_dirty()
        return super().unlink()
