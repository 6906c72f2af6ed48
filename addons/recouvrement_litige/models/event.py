from odoo import fields, models


class RecouvrementEvent(models.Model):
    _inherit = "recouvrement.event"

    kind = fields.Selection(
        selection_add=[
            ("dispute", "Dispute"),
            ("mutation", "Change of Manager"),
            ("litigation", "Litigation"),
            ("insolvency", "Insolvency"),
            ("insurance", "Credit Insurance"),
        ],
        ondelete={
            "dispute": "cascade",
            "mutation": "cascade",
            "litigation": "cascade",
            "insolvency": "cascade",
            "insurance": "cascade",
        },
    )
