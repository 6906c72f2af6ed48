from odoo import fields, models


class RecouvrementInterestWaiverReason(models.Model):
    _name = "recouvrement.interest.waiver.reason"
    _description = "Reason for Waiving Late Interest"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
