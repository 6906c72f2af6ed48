from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.bonus import Component, Condition, Rule, Step


class RecouvrementBonusRule(models.Model):
    """How a monthly bonus is worked out: data that a manager edits, no code.

    A statement keeps a copy of the rule that made it: changing the rule changes
    nothing that was computed.
    """

    _name = "recouvrement.bonus.rule"
    _description = "Collection Bonus Rule"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", help="Months that start before do not count."
    )
    date_to = fields.Date(string="Until", help="Months that start later do not count.")
    team_ids = fields.Many2many(
        "recouvrement.team",
        "recouvrement_bonus_rule_team_rel",
        "rule_id",
        "team_id",
        string="Teams",
        domain="[('company_id', '=', company_id)]",
        help="Whose members may earn it. Empty: the members of every team.",
    )
    condition_ids = fields.One2many(
        "recouvrement.bonus.condition", "rule_id", copy=True
    )
    component_ids = fields.One2many(
        "recouvrement.bonus.component", "rule_id", copy=True
    )
    cap = fields.Monetary(
        string="Monthly Cap", help="Highest bonus of a month. 0: no cap."
    )
    clawback_months = fields.Integer(
        string="Take Back Within (Months)",
        default=3,
        help="A receipt that is reversed within this time after its month gives its "
        "bonus back. 0: never.",
    )
    note = fields.Text(string="Text on the Statement")
    statement_ids = fields.One2many("recouvrement.bonus.statement", "rule_id")
    statement_count = fields.Integer(compute="_compute_statement_count")

    _amounts_positive = models.Constraint(
        "CHECK (cap >= 0 AND clawback_months >= 0)", "A cap cannot be negative."
    )
    _dates_rise = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A rule ends after it starts.",
    )

    def _compute_statement_count(self):
        counts = dict(
            self.env["recouvrement.bonus.statement"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.statement_count = counts.get(rule, 0)

    @api.constrains("component_ids", "condition_ids")
    def _check_components(self):
        for rule in self:
            if not rule.component_ids:
                raise ValidationError(
                    self.env._("Say what “%s” pays: add a component.", rule.name)
                )

    @api.constrains("company_id")
    def _check_root_company(self):
        if any(rule.company_id.parent_id for rule in self):
            raise ValidationError(
                self.env._("Bonus rules belong to the legal entity, not to a branch.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.sudo().statement_ids:
            raise ValidationError(
                self.env._("This rule has made statements: archive it.")
            )

    # ------------------------------------------------------------------
    # THE PURE RULE
    # ------------------------------------------------------------------

    def _get_measures(self):
        """``(scope, measure)`` that the rule reads."""
        parts = [*self.component_ids, *self.condition_ids]
        return sorted({(part.scope, part.measure) for part in parts})

    def _get_eligible_users(self):
        """Members of the teams, who may earn the bonus."""
        self.ensure_one()
        teams = self.team_ids or self.env["recouvrement.team"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return teams.sudo().member_ids.filtered("active")

    def _is_valid_for(self, period):
        self.ensure_one()
        return (not self.date_from or self.date_from <= period.start) and (
            not self.date_to or period.start <= self.date_to
        )

    def _to_data(self):
        """The rule as plain data, kept with each statement; amounts are exact text."""
        self.ensure_one()
        return {
            "name": self.name,
            "cap": str(Decimal(str(self.cap))) if self.cap else None,
            "cent": str(Decimal(1).scaleb(-self.currency_id.decimal_places)),
            "conditions": [one._to_data() for one in self.condition_ids],
            "components": [one._to_data() for one in self.component_ids],
        }

    @api.model
    def _from_data(self, data):
        """The pure rule from the data of ``_to_data``."""
        return Rule(
            tuple(self._component_from(one) for one in data["components"]),
            tuple(
                Condition(
                    one["key"],
                    one["fact"],
                    Decimal(one["limit"]),
                    one["basis"],
                    one["comparison"],
                )
                for one in data["conditions"]
            ),
            data["cap"] and Decimal(data["cap"]),
            Decimal(data["cent"]),
        )

    @api.model
    def _component_from(self, one):
        return Component(
            one["key"],
            one["fact"],
            tuple(Step(Decimal(b), Decimal(r)) for b, r in one["steps"]),
            one["basis"],
            one["reward"],
            one["method"],
            one["minimum"] and Decimal(one["minimum"]),
            one["cap"] and Decimal(one["cap"]),
        )
