from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # Reads back the items that were open at a past date.
    _recouvrement_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        lines = partials.debit_move_id | partials.credit_move_id
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        return partials

    def unlink(self):
        lines = self.debit_move_id | self.credit_move_id
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        result = super().unlink()
        # Again: what was marked may have been read while the matching was still there.
        lines = lines.exists()
        lines._mark_debtors_dirty()
        self.env["recouvrement.debtor"]._mark_matched(lines.ids)
        # Items that were paid before the addon came have no status: ``hooks.py``.
        reopened = lines.filtered(lambda line: not line.collection_status)
        self.env.add_to_compute(lines._fields["collection_status"], reopened)
        return result
