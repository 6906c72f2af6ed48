from odoo import fields, models

from .deadline import CONFIDENCES

FAMILIES = [
    ("collective", "Collective Proceedings"),
    ("over_indebtedness", "Over-indebtedness"),
    ("co_ownership", "Owners' Association in Difficulty"),
]


class RecouvrementInsolvencyKind(models.Model):
    """A kind of proceedings and what it does: data, with its source."""

    _name = "recouvrement.insolvency.kind"
    _description = "Kind of Insolvency Proceedings"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    family = fields.Selection(FAMILIES, required=True, default="collective")
    pauses = fields.Selection(
        [
            ("insolvency", "As in Insolvency"),
            ("over_indebtedness", "As in Over-indebtedness"),
        ],
        string="Late Interest Stops",
        help="Empty: late interest goes on.",
    )
    declares = fields.Boolean(
        string="Claims Are Declared",
        default=True,
        help="The creditor declares its claims within a delay.",
    )
    ends_actions = fields.Boolean(
        string="No Action Once Closed",
        help="Once the proceedings are closed, what was not paid is not chased again.",
    )
    addressee = fields.Char(
        string="Declared To", translate=True, help="Who takes the declaration."
    )
    ground_id = fields.Many2one(
        "recouvrement.write.off.ground",
        string="Ground of the Write-off",
        ondelete="restrict",
    )
    source = fields.Char(help="Article of law.")
    confidence = fields.Selection(CONFIDENCES, required=True, default="NV")
    note = fields.Text(string="What to Know", translate=True)

    _code_uniq = models.UniqueIndex("(code)", "The code of a kind must be unique.")
