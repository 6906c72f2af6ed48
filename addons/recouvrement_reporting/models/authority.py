from odoo import fields, models


class RecouvrementAuthority(models.Model):
    _inherit = "recouvrement.authority"

    subject = fields.Selection(
        selection_add=[("bonus", "Approve Collection Bonuses")],
        ondelete={"bonus": "cascade"},
    )
