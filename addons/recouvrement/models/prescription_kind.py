from odoo import fields, models


class RecouvrementPrescriptionKind(models.Model):
    """What may move the limit date of a claim: data, with its article of law."""

    _name = "recouvrement.prescription.kind"
    _description = "Kind of Prescription Event"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    effect = fields.Selection(
        [
            ("interrupt", "Starts a new delay"),
            ("suspend", "Suspends the delay"),
            ("title", "Delay of an enforceable title"),
            ("none", "No effect"),
        ],
        required=True,
        default="interrupt",
    )
    certainty = fields.Selection(
        [("certain", "Certain"), ("possible", "Possible")],
        required=True,
        default="possible",
        help="A possible event shows a second date and never moves the safe one.",
    )
    has_end = fields.Boolean(
        string="Lasts",
        help="The effect goes on until an end: a trial, a mediation, insolvency.",
    )
    written_demand = fields.Boolean(
        help="Counts under the regimes where a written demand interrupts only."
    )
    term_years = fields.Integer(
        string="New Delay in Years",
        help="Delay that applies from the event on; 0: the delay of the claim.",
    )
    months_left = fields.Integer(
        string="Months Left at Least",
        help="Months that are left at least once a suspension ends.",
    )
    beyond_ceiling = fields.Boolean(
        string="Beyond Twenty Years",
        help="The ceiling of twenty years no longer applies after the event.",
    )
    source = fields.Char(help="Article of law.")
    note = fields.Text(string="What to Know", translate=True)

    _code_uniq = models.UniqueIndex("(code)", "The code of a kind must be unique.")
