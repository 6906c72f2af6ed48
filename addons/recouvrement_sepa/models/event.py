from odoo import fields, models


class RecouvrementEvent(models.Model):
    _inherit = "recouvrement.event"

    kind = fields.Selection(
        selection_add=[
            ("mandate", "Direct Debit Mandate"),
            ("debit", "Direct Debit"),
        ],
        ondelete={"mandate": "cascade", "debit": "cascade"},
    )
