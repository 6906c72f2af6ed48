from odoo import fields, models
from odoo.tools import SQL

from .selections import ACTIVITIES


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_activity = fields.Selection(
        ACTIVITIES,
        string="Activity",
        help="Some activities have a limitation period of their own. Empty: none of "
        "them.",
    )

    def write(self, vals):
        result = super().write(vals)
        watched = {"recouvrement_activity", "account_fiscal_country_id", "country_id"}
        if watched & vals.keys() and self.ids:
            self.env["recouvrement.debtor"].sudo()._assign_regimes(
                SQL("d.company_id = ANY(%s)", self.ids)
            )
        return result
