from decimal import Decimal

from odoo import fields, models

from .target import MEASURES

OWN = "user"
SCOPES = [(OWN, "Own Figure"), ("team", "Figure of the Team")]
BASES = [("achievement", "Percent of the Target"), ("value", "The Figure Itself")]


def exact_text(number, digits):
    """An exact number, as text that JSON keeps."""
    return str(Decimal(str(round(number, digits))))


class RecouvrementBonusPart(models.AbstractModel):
    """What a condition and a component share: the figure they look at."""

    _name = "recouvrement.bonus.part"
    _description = "Part of a Bonus Rule"

    rule_id = fields.Many2one(
        "recouvrement.bonus.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    measure = fields.Selection(MEASURES, required=True, default="collected")
    scope = fields.Selection(SCOPES, required=True, default=OWN)
    basis = fields.Selection(BASES, required=True, default="achievement")

    def _get_fact_key(self):
        """Name of the figure among the facts of a statement."""
        return f"{self.scope}:{self.measure}"

    def _to_data(self):
        return {
            "key": str(self.id),
            "name": self.name,
            "measure": self.measure,
            "scope": self.scope,
            "fact": self._get_fact_key(),
            "basis": self.basis,
        }
