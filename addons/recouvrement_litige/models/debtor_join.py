from odoo import api, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_same_facts(self):
        """Notices that name both contacts, and deadlines that both have."""
        return (
            *super()._get_same_facts(),
            "recouvrement.bodacc.notice",
            "recouvrement.insurance.event",
        )
