"""Odoo's merge of contacts, as far as it concerns debtor accounts."""

from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Accounts of the contacts that go are joined with those of the one that
        stays, in each legal entity."""
        # sudo: the merge is Odoo's right, and concerns the accounts of all companies.
        accounts = (
            self.env["recouvrement.debtor"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        stay = accounts.browse()
        for entity in accounts.grouped("company_id").values():
            kept = entity.filtered(lambda one: one.partner_id == dst_partner)
            kept = kept or entity[0]
            if others := entity - kept:
                kept._join(others)
            stay |= kept
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Once more: the entries of the contacts that go were only moved now.
        stay._mark_dirty_debtors(stay.ids)
        return result
