from odoo import fields, models

FOLLOW_UPS = [
    ("promise", "Promise"),
    ("plan", "Payment Plan"),
    ("dispute", "Dispute"),
    ("send", "Duplicate or Statement"),
    ("relay", "Insider Relay"),
]


class RecouvrementInteractionOutcome(models.Model):
    """What a contact with a customer brings, and what follows from it."""

    _name = "recouvrement.interaction.outcome"
    _description = "Outcome of a Contact"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, copy=False, help="Name of the outcome in figures and in code."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    reached = fields.Boolean(
        default=True, help="Somebody of the customer was spoken to."
    )
    proves_call = fields.Boolean(
        string="Counts as the Call",
        default=True,
        help="A call of the dunning policy that is waiting for this debtor is done.",
    )
    is_wrong_number = fields.Boolean(
        string="Wrong Number",
        help="The number of the person called is marked as wrong: the file of the "
        "debtor has a defect until it is changed.",
    )
    follow_up = fields.Selection(
        FOLLOW_UPS, help="Dialog that usually follows: its button stands out."
    )
    next_action = fields.Char(
        translate=True, help="Next step proposed when this outcome is chosen."
    )
    next_days = fields.Integer(
        string="Next Step After",
        help="Days until the next step proposed; 0: no date is proposed.",
    )

    _code_uniq = models.UniqueIndex("(code)", "The code of an outcome is unique.")
