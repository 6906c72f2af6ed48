from odoo import fields, models


class RecouvrementDoubtfulReason(models.Model):
    """Why a claim is thought doubtful. The rate is what a new mark proposes."""

    _name = "recouvrement.doubtful.reason"
    _description = "Reason of Doubt"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    rate = fields.Float(
        string="Usual Loss (%)",
        digits=(5, 2),
        help="Proposed when an item is marked; the loss itself is judged case by case.",
    )

    _code_uniq = models.UniqueIndex("(code)", "The code must be unique.")
    _rate_range = models.Constraint(
        "CHECK (rate BETWEEN 0 AND 100)", "A rate lies between 0 and 100 %."
    )
