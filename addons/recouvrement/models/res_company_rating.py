from odoo import fields, models

from .credit_limit import CONTROLS


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_rating_alert = fields.Integer(
        string="Grades Lost That Are Told",
        default=1,
        help="A debtor whose computed rating falls by so many grades gives its "
        "collector something to do; 0: never.",
    )
    recouvrement_rating_day = fields.Date(readonly=True)
    recouvrement_rating_means = fields.Json(
        readonly=True, help="Share of invoices paid late by segment, of the last run."
    )

    recouvrement_credit_control = fields.Selection(
        CONTROLS,
        string="Above the Limit, Invoices",
        required=True,
        default="warn",
        help="What happens when an invoice of a customer above its credit limit is "
        "posted: nothing, a note in the history, or it is refused until released.",
    )

    _recouvrement_rating_alert_positive = models.Constraint(
        "CHECK (recouvrement_rating_alert >= 0)", "Grades are counted from zero."
    )
