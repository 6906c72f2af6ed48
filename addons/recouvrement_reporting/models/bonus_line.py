from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools import bonus
from .open_item import KNOWN_AT
from .target import COLLECTED

OUTCOMES = [
    (bonus.PAID, "Earned"),
    (bonus.CAPPED, "Capped"),
    (bonus.BELOW_MINIMUM, "Below the Minimum"),
    (bonus.NO_STEP, "Below the First Step"),
    (bonus.NO_VALUE, "No Figure"),
    (bonus.NO_TARGET, "No Target"),
    (bonus.MET, "Condition Met"),
    (bonus.NOT_MET, "Condition Not Met"),
    (bonus.REFUSED, "Nothing Paid"),
    ("taken_back", "Taken Back"),
    ("carried", "Carried Over"),
]


class RecouvrementBonusLine(models.Model):
    """One line of a bonus: which figure, which step, which amount, and why."""

    _name = "recouvrement.bonus.line"
    _inherit = ["recouvrement.guarded"]
    _description = "Line of a Bonus Statement"
    _order = "statement_id, sequence, id"

    statement_id = fields.Many2one(
        "recouvrement.bonus.statement",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    user_id = fields.Many2one(related="statement_id.user_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("condition", "Condition"),
            ("component", "Component"),
            ("refusal", "Conditions Not Met"),
            ("cap", "Cap"),
            ("clawback", "Reversed Receipts"),
            ("carry", "Carried Over"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="Line", required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    measure = fields.Char(readonly=True)
    scope = fields.Char(readonly=True)
    detail = fields.Json(readonly=True)
    origin_id = fields.Many2one(
        "recouvrement.bonus.statement",
        string="Statement Concerned",
        readonly=True,
        index="btree_not_null",
    )
    amount = fields.Monetary(readonly=True)
    value_text = fields.Char(string="Key Figure", compute="_compute_texts")
    target_text = fields.Char(string="Target", compute="_compute_texts")
    achievement_text = fields.Char(string="Achieved", compute="_compute_texts")
    explanation = fields.Char(compute="_compute_texts")

    _clawback_uniq = models.UniqueIndex(
        "(statement_id, origin_id, kind) WHERE origin_id IS NOT NULL",
        "A statement takes back from another once.",
    )

    @api.depends("detail", "outcome", "kind", "amount")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            detail = line.detail or {}
            unit = detail.get("unit")
            line.value_text = line._format(detail.get("value"), unit)
            line.target_text = line._format(detail.get("target"), unit)
            line.achievement_text = line._format(detail.get("achievement"), "percent")
            line.explanation = line._explain(detail)

    def _format(self, number, unit, digits=2):
        """A number of the detail, with its unit, in the language of the reader."""
        if number is None:
            return ""
        number = Decimal(number)
        if unit == "amount":
            return formatLang(self.env, float(number), currency_obj=self.currency_id)
        text = formatLang(self.env, float(round(number, digits)), digits=digits)
        if unit == "percent":
            return f"{text} %"
        return self.env._("%s days", text) if unit == "days" else text

    # ------------------------------------------------------------------
    # EXPLANATIONS
    # ------------------------------------------------------------------

    def _explain(self, detail):
        """Why the amount is what it is, in words."""
        self.ensure_one()
        if self.kind == "condition":
            return self._explain_condition(detail)
        if self.kind == "component":
            return self._explain_component(detail)
        if self.kind == "clawback":
            return self._explain_clawback(detail)
        return {
            bonus.REFUSED: self.env._("A condition is not met: nothing is paid."),
            bonus.CAPPED: self.env._(
                "The rule pays %s a month at most.",
                self._format(detail.get("bound"), "amount"),
            ),
            "carried": self.env._(
                "What goes beyond what was earned waits for the next statement."
            ),
        }.get(self.outcome, "")

    def _position_unit(self, detail):
        return "percent" if detail.get("basis") == "achievement" else detail.get("unit")

    def _explain_condition(self, detail):
        unit = self._position_unit(detail)
        position = self._format(detail.get("position"), unit) or self.env._("unknown")
        limit = self._format(detail.get("bound"), unit)
        if detail.get("comparison") == bonus.AT_MOST:
            return self.env._(
                "%(position)s, at most %(limit)s", position=position, limit=limit
            )
        return self.env._(
            "%(position)s, at least %(limit)s", position=position, limit=limit
        )

    def _explain_component(self, detail):
        unit = self._position_unit(detail)
        bound = self._format(detail.get("bound"), unit)
        position = self._format(detail.get("position"), unit)
        missing = {
            bonus.NO_VALUE: self.env._("There is no figure for this month."),
            bonus.NO_TARGET: self.env._("No target was set for this month."),
            bonus.BELOW_MINIMUM: self.env._(
                "%(position)s does not reach the minimum of %(bound)s.",
                position=position,
                bound=bound,
            ),
            bonus.NO_STEP: self.env._(
                "%(position)s does not reach the first step, %(bound)s.",
                position=position,
                bound=bound,
            ),
        }
        if self.outcome in missing:
            return missing[self.outcome]
        text = self._explain_reward(detail, position, bound)
        if self.outcome == bonus.CAPPED:
            cap = self._format(detail.get("cap"), "amount")
            text = self.env._("%(text)s Capped at %(cap)s.", text=text, cap=cap)
        return text

    def _explain_reward(self, detail, position, bound):
        values = {"position": position, "bound": bound}
        if detail.get("reward_kind") == bonus.AMOUNT:
            return self.env._(
                "%(position)s reaches the step %(bound)s: %(reward)s.",
                reward=self._format(detail.get("reward"), "amount"),
                **values,
            )
        if detail.get("method") == bonus.SLICES:
            return self.env._(
                "%(position)s: each slice at its own rate, from %(first)s on.",
                first=self._format(detail["steps"][0][0], self._position_unit(detail)),
                **values,
            )
        if detail.get("reward_kind") == bonus.RATE:
            return self.env._(
                "%(position)s reaches the step %(bound)s: %(rate)s of %(value)s.",
                rate=self._format(detail.get("reward"), "percent"),
                value=self._format(detail.get("value"), detail.get("unit")),
                **values,
            )
        return self.env._(
            "%(position)s, past %(bound)s: %(reward)s per point.",
            reward=self._format(detail.get("reward"), "amount"),
            **values,
        )

    def _explain_clawback(self, detail):
        return self.env._(
            "%(amount)s of receipts were reversed: the bonus of that month becomes "
            "%(after)s instead of %(before)s.",
            amount=self._format(detail.get("reversed"), "amount"),
            before=self._format(detail.get("before"), "amount"),
            after=self._format(detail.get("after"), "amount"),
        )

    # ------------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------------

    def action_open_lines(self):
        """What is behind the figure: the receipts that were credited, as frozen, or
        reversed; of other figures, the lines of the ledger that were known then."""
        self.ensure_one()
        self.check_access("read")
        if self.kind == "clawback":
            return self._action_open_reversals()
        statement, frozen = self.statement_id, self._get_snapshots()
        if self.measure == COLLECTED:
            collectors = frozen.mapped("key_id") or statement.user_id.ids
            return statement._action_open_receipts(collectors)
        owner = statement.user_id if self.scope == "user" else statement.team_id
        return self._action_open_frozen(owner, frozen)

    def _get_snapshots(self):
        """The frozen figures that the line was worked out from."""
        ids = (self.detail or {}).get("snapshots") or []
        return self.env["recouvrement.kpi.snapshot"].sudo().browse(ids).exists()

    def _action_open_frozen(self, owner, frozen):
        """The lines of the figure without what was posted or matched since it was
        frozen."""
        targets, statement = self.env["recouvrement.target"], self.statement_id
        if frozen:
            # ``to_string`` of the ORM cuts the second.
            moment = max(frozen.mapped("frozen_on")).isoformat(" ")
            targets = targets.with_context(**{KNOWN_AT: moment})
        action = targets._action_open_figure(
            owner, self.measure, statement.date_start, statement.date_end
        )
        if frozen:
            action["context"] = {**action["context"], KNOWN_AT: moment}
        return action

    def _action_open_reversals(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_bonus_reversal_action"
        )
        action["domain"] = [
            ("statement_id", "=", self.statement_id.id),
            ("origin_id", "=", self.origin_id.id),
        ]
        return action
