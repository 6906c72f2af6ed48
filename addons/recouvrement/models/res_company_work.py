"""What the worklist of a company asks for."""

from odoo import fields, models

WORK_SETTINGS = {
    "recouvrement_star_points",
    "recouvrement_call_amount",
    "recouvrement_call_anyway_amount",
    "recouvrement_silence_days",
    "recouvrement_retry_days",
    "recouvrement_limit_days",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_star_points = fields.Integer(
        string="Points per Star",
        default=20,
        help="Priority points for each of the three stars; 0: no stars.",
    )
    recouvrement_call_amount = fields.Monetary(
        string="Smallest Amount to Call",
        default=300.0,
        help="A debtor with less to collect is left to the reminders: overdue items "
        "that are not promised, in a plan or disputed, less the credits to allocate.",
    )
    recouvrement_call_anyway_amount = fields.Monetary(
        string="Amount to Call in Any Case",
        default=5000.0,
        help="From this amount to collect on, a reminder does not replace a call: only "
        "a conversation counts against the days of silence. 0: never.",
    )
    recouvrement_silence_days = fields.Integer(
        string="Days of Silence",
        default=10,
        help="A debtor is to be called when neither a reminder nor a contact took "
        "place for so many days.",
    )
    recouvrement_retry_days = fields.Integer(
        string="Days Before Trying Again",
        default=2,
        help="A debtor that nobody answered for comes back after so many days.",
    )
    recouvrement_limit_days = fields.Integer(
        string="Days Before a Limit Date",
        default=60,
        help="A debtor comes on the worklist so many days before a claim lapses.",
    )
    recouvrement_work_day = fields.Date(
        readonly=True, help="Day for which the worklist was computed."
    )

    _recouvrement_work_positive = models.Constraint(
        "CHECK (recouvrement_star_points >= 0 AND recouvrement_call_amount >= 0 "
        "AND recouvrement_call_anyway_amount >= 0 "
        "AND recouvrement_silence_days >= 0 AND recouvrement_retry_days >= 0 "
        "AND recouvrement_limit_days >= 0)",
        "Points, amounts and days of the worklist cannot be negative.",
    )

    def write(self, vals):
        result = super().write(vals)
        if WORK_SETTINGS & vals.keys():
            self.env["recouvrement.debtor"]._mark_work_dirty()
        return result
