from odoo import fields, models

INTEREST_BASES = [
    ("365", "365 days in every year"),
    ("actual", "Days of the calendar year (365 or 366)"),
]
INTEREST_IMPUTATIONS = [
    ("principal_first", "The principal first"),
    ("interest_first", "Interest first (C. civ. art. 1343-1)"),
]
# Prescription of late interest between traders (C. civ. art. 2224): how far to look.
LOOKBACK_MONTHS = 60


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_interest_basis = fields.Selection(
        INTEREST_BASES,
        string="Days in a Year of Interest",
        default="365",
    )
    recouvrement_interest_imputation = fields.Selection(
        INTEREST_IMPUTATIONS,
        string="Partial Payments Pay",
        default="principal_first",
    )
    recouvrement_interest_capitalise = fields.Boolean(
        string="Interest of a Full Year Bears Interest",
        help="C. civ. art. 1343-2: only when the contract or a judge says so.",
    )
    recouvrement_interest_lookback = fields.Integer(
        string="Months Looked Back",
        default=LOOKBACK_MONTHS,
        help="Interest on items settled late is shown for this many months after "
        "their payment.",
    )

    _recouvrement_interest_lookback_positive = models.Constraint(
        "CHECK (recouvrement_interest_lookback >= 0)",
        "The number of months cannot be negative.",
    )
