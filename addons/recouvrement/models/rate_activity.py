from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    recouvrement_period = fields.Char(
        readonly=True, help="Period whose legal figure is to be loaded or reviewed."
    )
