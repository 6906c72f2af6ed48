"""How promises are proposed and judged."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_promise_tolerance_days = fields.Integer(
        string="Days of Tolerance",
        default=2,
        help="A promise paid up to this many days after the promised day is kept.",
    )
    recouvrement_promise_tolerance_amount = fields.Float(
        string="Shortfall Tolerated",
        default=1.0,
        digits=(16, 2),
        help="A promise paid but for this amount, in the currency of the company, is "
        "kept. Promises of no more than this must be paid whole.",
    )
    recouvrement_promise_default_days = fields.Integer(
        string="Days Proposed",
        default=7,
        help="Day proposed for a new promise, counted from today.",
    )
    recouvrement_promise_max_days = fields.Integer(
        string="Longest Promise",
        default=30,
        help="Beyond this many days only a credit manager takes a promise: agree on "
        "a payment plan instead.",
    )

    _recouvrement_promise_limits = models.Constraint(
        "CHECK (recouvrement_promise_tolerance_days >= 0 "
        "AND recouvrement_promise_tolerance_amount >= 0 "
        "AND recouvrement_promise_default_days >= 0 "
        "AND recouvrement_promise_max_days >= recouvrement_promise_default_days)",
        "The settings of promises cannot be negative, and the longest promise cannot "
        "be shorter than the one proposed.",
    )
