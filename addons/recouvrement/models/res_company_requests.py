from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_request_days = fields.Integer(
        string="Days to Answer a Customer",
        default=3,
        help="A customer request that waits longer is late.",
    )
    recouvrement_verify_days = fields.Integer(
        string="Days to Verify a Payment",
        default=5,
        help="Items that a customer says to have paid are not reminded for so many "
        "days, while the payment is looked for; then they are again.",
    )

    _recouvrement_request_days_limits = models.Constraint(
        "CHECK (recouvrement_request_days >= 0 AND recouvrement_verify_days >= 0)",
        "A number of days cannot be negative.",
    )
