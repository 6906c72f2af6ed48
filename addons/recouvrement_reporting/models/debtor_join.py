from odoo import models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _prepare_join(self, kept):
        """The portfolio of the account that stays is the one that counts, for its past
        as well; what was frozen of collectors stays frozen."""
        # Last, because what is flushed before may note who has the account.
        result = super()._prepare_join(kept)
        assignments = self.env["recouvrement.assignment"].sudo()
        assignments.search([("debtor_id", "=", self.id)]).unlink()
        self.env.flush_all()
        return result
