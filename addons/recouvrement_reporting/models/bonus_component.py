from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.bonus import BonusRuleError
from .bonus_part import exact_text


class RecouvrementBonusComponent(models.Model):
    """What one figure earns, by steps."""

    _name = "recouvrement.bonus.component"
    _inherit = ["recouvrement.bonus.part"]
    _description = "Component of a Bonus"
    _order = "rule_id, sequence, id"

    reward = fields.Selection(
        [
            ("amount", "Amount of the Step"),
            ("rate", "Percent of the Figure"),
            ("point", "Amount per Point"),
        ],
        required=True,
        default="amount",
        help="Amount: each step pays its amount. Percent: of the amount collected. Per "
        "point: an amount for each point, day or euro past the step.",
    )
    method = fields.Selection(
        [
            ("reached", "The Step Reached Rules All"),
            ("slices", "Each Step Rules Its Slice"),
        ],
        required=True,
        default="reached",
    )
    minimum = fields.Float(
        digits=(16, 2),
        help="Below (above for a delay, a cost or a share overdue) nothing is paid. 0: "
        "no minimum.",
    )
    cap = fields.Monetary(help="Highest amount of this component. 0: no cap.")
    step_ids = fields.One2many("recouvrement.bonus.step", "component_id", copy=True)
    steps_text = fields.Char(string="Steps", compute="_compute_steps_text")

    _cap_positive = models.Constraint("CHECK (cap >= 0)", "A cap cannot be negative.")

    @api.depends("step_ids.bound", "step_ids.reward")
    def _compute_steps_text(self):
        for component in self:
            component.steps_text = " · ".join(
                f"{step.bound:g} → {step.reward:g}" for step in component.step_ids
            )

    @api.constrains("step_ids", "measure", "basis", "reward", "method")
    def _check_steps(self):
        """
        :raise ValidationError: for what cannot be applied.
        """
        kpis = self.env["recouvrement.target"]._get_kpis(self.mapped("measure"))
        rules = self.env["recouvrement.bonus.rule"]
        for component in self:
            if component.reward == "rate" and component.measure != "collected":
                raise ValidationError(
                    self.env._("A percentage is paid on the amount collected only.")
                )
            try:
                pure = rules._component_from(component._to_data())
                pure.check(kpis[component.measure].direction)
            except BonusRuleError as error:
                raise ValidationError(component._explain(str(error))) from error

    def _explain(self, what):
        texts = {
            "steps": self.env._("“%s” has no step.", self.name),
            "bound": self.env._("“%s” has two steps at the same place.", self.name),
            "reward": self.env._("A step of “%s” is negative.", self.name),
            "method": self.env._(
                "“%s” pays amounts: only the step reached can rule.", self.name
            ),
        }
        return texts.get(what, self.name)

    # EXTENDS recouvrement.bonus.part
    def _to_data(self):
        return {
            **super()._to_data(),
            "reward": self.reward,
            "method": self.method,
            "minimum": exact_text(self.minimum, 2) if self.minimum else None,
            "cap": exact_text(self.cap, 6) if self.cap else None,
            "steps": [
                [exact_text(step.bound, 2), exact_text(step.reward, 4)]
                for step in self.step_ids
            ],
        }
