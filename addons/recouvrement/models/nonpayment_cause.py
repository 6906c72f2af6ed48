from odoo import fields, models


class RecouvrementNonpaymentCause(models.Model):
    _name = "recouvrement.nonpayment.cause"
    _description = "Cause of Non-payment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, copy=False, help="Name of the cause in figures and in code."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "The code of a cause is unique.")
