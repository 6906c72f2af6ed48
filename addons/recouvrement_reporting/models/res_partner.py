from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_internal_users(self):
        """Users of the staff behind a contact."""
        return self.sudo().user_ids.filtered(lambda user: not user.share)
