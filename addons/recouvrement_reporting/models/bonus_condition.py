from odoo import fields, models

from .bonus_part import exact_text


class RecouvrementBonusCondition(models.Model):
    """What must hold for anything to be paid."""

    _name = "recouvrement.bonus.condition"
    _inherit = ["recouvrement.bonus.part"]
    _description = "Condition of a Bonus"
    _order = "rule_id, sequence, id"

    comparison = fields.Selection(
        [("at_least", "At Least"), ("at_most", "At Most")],
        required=True,
        default="at_least",
    )
    limit = fields.Float(digits=(16, 2), required=True)

    # EXTENDS recouvrement.bonus.part
    def _to_data(self):
        return {
            **super()._to_data(),
            "comparison": self.comparison,
            "limit": exact_text(self.limit, 2),
        }
