"""What makes the rating of a debtor: factors, their weights and their ladders, edited
by the credit manager."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.score import Factor, Step


class RecouvrementScoreModel(models.Model):
    """How the debtors of a company, or of some of its segments, are scored. The first
    model in order that fits a debtor counts."""

    _name = "recouvrement.score.model"
    _description = "Score Model"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain="[('parent_id', '=', False)]",
        help="Empty: every company.",
    )
    segment_ids = fields.Many2many(
        "recouvrement.segment", string="Segments", help="Empty: every segment."
    )
    least_known = fields.Float(
        string="Least Known (%)",
        default=40.0,
        digits=(5, 1),
        aggregator=None,
        help="Share of the weights that must be known for a debtor to be rated.",
    )
    shrink_weight = fields.Float(
        string="Weight of the Segment",
        default=5.0,
        aggregator=None,
        help="The share of late invoices of a debtor is drawn towards that of its "
        "segment, which counts for so many invoices.",
    )
    factor_ids = fields.One2many("recouvrement.score.factor", "model_id", copy=True)

    _check_known = models.Constraint(
        "CHECK (least_known BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )
    _check_shrink = models.Constraint(
        "CHECK (shrink_weight >= 0)", "A weight cannot be negative."
    )

    def _get_factors(self):
        """The factors as ``tools.score`` takes them."""
        self.ensure_one()
        return [factor._to_tool() for factor in self.factor_ids]

    @api.model
    def _get_models(self, company):
        """Models that may score the debtors of a legal entity, in order, in sudo."""
        return self.sudo().search([("company_id", "in", [False, company.id])])

    def _pick(self, segment_id):
        """The first of these models that fits a segment; empty when none does."""
        for model in self:
            if not model.segment_ids or segment_id in model.segment_ids.ids:
                return model
        return self.browse()


class RecouvrementScoreFactor(models.Model):
    _name = "recouvrement.score.factor"
    _description = "Score Factor"
    _order = "weight desc, id"
    _rec_name = "code"

    model_id = fields.Many2one(
        "recouvrement.score.model", required=True, index=True, ondelete="cascade"
    )
    code = fields.Selection(
        selection=lambda self: self._selection_code(), string="Factor", required=True
    )
    definition = fields.Char(compute="_compute_definition")
    weight = fields.Float(
        required=True, default=10.0, digits=(6, 2), help="Against that of the others."
    )
    if_unknown = fields.Selection(
        [("left_out", "Left Out"), ("assumed", "Assumed")],
        required=True,
        default="left_out",
    )
    assumed_points = fields.Float(digits=(5, 1), default=50.0, aggregator=None)
    is_knockout = fields.Boolean(
        string="Alone Decides",
        help="A measure of 1 or more gives the worst grade, whatever the rest.",
    )
    step_ids = fields.One2many("recouvrement.score.step", "factor_id", copy=True)
    ladder = fields.Char(compute="_compute_ladder")

    _code_uniq = models.UniqueIndex(
        "(model_id, code)", "This factor is in the model already."
    )
    _check_weight = models.Constraint(
        "CHECK (weight > 0)", "A weight is above zero: take the factor out instead."
    )
    _check_assumed = models.Constraint(
        "CHECK (assumed_points BETWEEN 0 AND 100)", "Points lie between 0 and 100."
    )

    @api.model
    def _selection_code(self):
        measures = self.env["recouvrement.rating.facts"]._get_measures()
        return [(code, measure["label"]) for code, measure in measures.items()]

    @api.depends("code")
    def _compute_definition(self):
        measures = self.env["recouvrement.rating.facts"]._get_measures()
        for factor in self:
            factor.definition = measures.get(factor.code, {}).get("definition")

    @api.depends("step_ids.floor", "step_ids.points")
    def _compute_ladder(self):
        for factor in self:
            steps = factor.step_ids.sorted("floor")
            factor.ladder = " · ".join(
                f"≥ {step.floor:g}: {step.points:g}" for step in steps
            )

    @api.constrains("step_ids")
    def _check_steps(self):
        for factor in self:
            if not factor.step_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” needs at least one step: from which measure on it is "
                        "worth how many points.",
                        factor.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        factors = super().create(vals_list)
        factors._check_steps()
        return factors

    def _to_tool(self):
        self.ensure_one()
        return Factor(
            self.code,
            Decimal(str(self.weight)),
            tuple(
                Step(Decimal(str(step.floor)), Decimal(str(step.points)))
                for step in self.step_ids
            ),
            Decimal(str(self.assumed_points)) if self.if_unknown == "assumed" else None,
        )


class RecouvrementScoreStep(models.Model):
    _name = "recouvrement.score.step"
    _description = "Step of a Score Factor"
    _order = "floor, id"
    _rec_name = "floor"

    factor_id = fields.Many2one(
        "recouvrement.score.factor", required=True, index=True, ondelete="cascade"
    )
    floor = fields.Float(
        string="From",
        digits=(16, 2),
        aggregator=None,
        help="The step counts from this measure on; the lowest step counts below too.",
    )
    points = fields.Float(
        digits=(5, 1),
        aggregator=None,
        help="0 is the worst, 100 the best.",
    )

    _floor_uniq = models.UniqueIndex(
        "(factor_id, floor)", "Two steps of a factor cannot begin at the same measure."
    )
    _check_points = models.Constraint(
        "CHECK (points BETWEEN 0 AND 100)", "Points lie between 0 and 100."
    )
