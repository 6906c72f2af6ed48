"""A reminder tells the collector that its customer may be netted."""

from odoo import fields, models


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    netting_allowed = fields.Boolean(related="debtor_id.netting_allowed")
    netting_currency_id = fields.Many2one(related="debtor_id.currency_id")
    exposure_netted = fields.Monetary(
        related="debtor_id.exposure_netted", currency_field="netting_currency_id"
    )
