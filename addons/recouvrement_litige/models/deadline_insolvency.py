from odoo import fields, models


class RecouvrementDeadline(models.Model):
    _inherit = "recouvrement.deadline"

    insolvency_id = fields.Many2one(
        "recouvrement.insolvency",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
