"""Why a customer disputes, as the form of its page asks."""

from odoo import api, models


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    @api.model
    def _get_dispute_reasons(self, reasons):
        """Reasons to choose from, in the language of the visitor: a hook.

        :param dict reasons: ``{code: label}`` of the page.
        """
        return reasons
