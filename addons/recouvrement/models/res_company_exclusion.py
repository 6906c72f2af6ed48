from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_exclusion_days = fields.Integer(
        string="Days to React",
        default=15,
        help="A customer who was told that credit will be refused may object or pay "
        "for so many days.",
    )
    recouvrement_exclusion_years = fields.Integer(
        string="Years on the List",
        default=3,
        help="A refusal of credit is erased after so many years even when nothing was "
        "paid; your data protection officer knows how long is right for you.",
    )

    _recouvrement_exclusion_positive = models.Constraint(
        "CHECK (recouvrement_exclusion_days >= 1 AND recouvrement_exclusion_years "
        "BETWEEN 1 AND 5)",
        "A customer has at least one day to react; a refusal of credit lasts from one "
        "to five years.",
    )
