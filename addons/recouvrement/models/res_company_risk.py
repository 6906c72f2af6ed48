from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_risk_days = fields.Integer(
        string="Days of the Risk Agenda",
        default=30,
        required=True,
        help="What ends within so many days, and ratings that fell since so many days.",
    )
    recouvrement_limit_near = fields.Integer(
        string="Limit Almost Reached (%)",
        default=90,
        required=True,
        help="From this share of its credit limit a customer is on the risk agenda.",
    )
    recouvrement_big_amount = fields.Float(
        string="Big Exposure",
        digits=(16, 2),
        default=10000,
        required=True,
        help="From this exposure, in the currency of the company, silence and missing "
        "pieces are on the risk agenda.",
    )
    recouvrement_silent_days = fields.Integer(
        string="Days Without News",
        default=90,
        required=True,
        help="Neither a contact nor a payment for so many days: a silent debtor.",
    )
    recouvrement_default_days = fields.Integer(
        string="Days of a Lasting Default",
        default=90,
        required=True,
        help="An item that is overdue for longer is a lasting default.",
    )
    recouvrement_key_rank = fields.Integer(
        string="Last Level Sent to Key Accounts",
        default=0,
        required=True,
        help="Reminders to key accounts above this level wait for a person, even where "
        "the policy sends by itself. 0: only the reminder before the due date leaves.",
    )

    _recouvrement_risk_positive = models.Constraint(
        "CHECK (LEAST(recouvrement_risk_days, recouvrement_limit_near, "
        "recouvrement_silent_days, recouvrement_default_days) >= 0 "
        "AND recouvrement_big_amount >= 0)",
        "The parameters of the risk agenda are counted from zero.",
    )
