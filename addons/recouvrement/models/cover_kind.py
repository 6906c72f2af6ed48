from odoo import fields, models

EFFECTS = [
    ("insurance", "Insurance: a share, up to the amount"),
    ("guarantee", "Guarantee: in full, up to the amount"),
    ("none", "Nothing"),
]


class RecouvrementCoverKind(models.Model):
    _name = "recouvrement.cover.kind"
    _description = "Kind of Cover"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="As files name the kind.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    effect = fields.Selection(
        EFFECTS, string="Takes From the Exposure", required=True, default="guarantee"
    )
    share = fields.Float(
        string="Usual Share (%)", digits=(5, 2), default=100.0, aggregator=None
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE active", "Another active kind has this code."
    )
    _check_share = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )

    def write(self, vals):
        result = super().write(vals)
        if "effect" in vals:
            covers = self.env["recouvrement.cover"].sudo()
            covers.search([("kind_id", "in", self.ids)])._mark()
        return result
