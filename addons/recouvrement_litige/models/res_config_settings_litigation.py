from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recouvrement_litigation_manager_id = fields.Many2one(
        related="company_id.recouvrement_litigation_manager_id", readonly=False
    )
