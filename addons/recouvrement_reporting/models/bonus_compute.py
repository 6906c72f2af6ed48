"""The bonuses of a month are made from its frozen figures, all at once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.period import Period
from .bonus_statement import CANCELLED, DRAFT


class RecouvrementBonusStatement(models.Model):
    _inherit = "recouvrement.bonus.statement"

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    @api.model
    def _make(self, rule, day):
        """Work out the bonuses of the month of a day that are not worked out yet.

        :param rule: a ``recouvrement.bonus.rule``.
        :return: the new statements.
        :raise UserError: when the month is not over, not frozen, or not of the rule.
        """
        self.check_access("create")
        rule.ensure_one()
        rule.check_access("read")
        month = Period.month(day)
        self._check_month(rule, month)
        users = rule.sudo()._get_eligible_users() - self._get_done(rule, month)
        if not users:
            return self.browse()
        self._check_earlier(rule, users, month)
        targets = self.env["recouvrement.target"].sudo()
        codes = {measure for _scope, measure in rule._get_measures()}
        reached = targets._measure(rule.company_id, month, codes, frozen=True)
        if not reached:
            raise UserError(
                self.env._(
                    "The figures of %s are not frozen: freeze them first.",
                    format_date(self.env, month.start, date_format="LLLL y"),
                )
            )
        aims = targets._get_overlapping(rule.company_id, month)
        statements = self.browse()
        for user in users.sorted("name"):
            statements |= self._make_one(rule, user, month, reached, aims)
        return statements

    @api.model
    def _check_month(self, rule, month):
        if month.end >= fields.Date.context_today(self):
            raise UserError(self.env._("This month is not over."))
        if not rule._is_valid_for(month):
            raise UserError(self.env._("“%s” does not apply to this month.", rule.name))

    @api.model
    def _check_earlier(self, rule, users, month):
        """What is taken back and carried over goes from one month to the next."""
        waiting = self.sudo().search(
            [
                ("rule_id", "=", rule.id),
                ("user_id", "in", users.ids),
                ("state", "=", DRAFT),
                ("date_start", "<", month.start),
            ],
            limit=1,
        )
        if waiting:
            raise UserError(
                self.env._(
                    "Approve or cancel the earlier statement first: %s.",
                    waiting.display_name,
                )
            )

    @api.model
    def _get_done(self, rule, month):
        return (
            self.sudo()
            .search(
                [
                    ("rule_id", "=", rule.id),
                    ("date_start", "=", month.start),
                    ("state", "!=", CANCELLED),
                ]
            )
            .user_id
        )

    @api.model
    def _make_one(self, rule, user, month, reached, aims):
        team = (
            self.env["recouvrement.team"]
            ._get_by_member(rule.company_id)
            .get(user.id, self.env["recouvrement.team"])
        )
        statement = self.sudo().create(
            {
                "company_id": rule.company_id.id,
                "rule_id": rule.id,
                "user_id": user.id,
                "team_id": team.id,
                "date_start": month.start,
                "date_end": month.end,
                "rule_data": rule._to_data(),
                "facts": self._prepare_facts(rule, user, team, month, reached, aims),
                "computed_by_id": self.env.uid,
                "computed_on": fields.Datetime.now(),
            }
        )
        statement._explain_amounts()
        return statement

    @api.model
    def _prepare_facts(self, rule, user, team, month, reached, aims):
        """The frozen figures and targets of a collector, as plain data."""
        kpis = self.env["recouvrement.target"]._get_kpis(
            measure for _scope, measure in rule._get_measures()
        )
        facts = {}
        for scope, measure in rule._get_measures():
            owner = user if scope == "user" else team
            figure = reached.get((scope, owner.id), {}).get(measure)
            target = owner and aims._read_target(month, measure, **{scope: owner})
            facts[f"{scope}:{measure}"] = {
                "scope": scope,
                "measure": measure,
                "target": str(target) if target else None,
                "direction": kpis[measure].direction,
                "unit": kpis[measure].unit,
                "collectors": owner.ids if scope == "user" else team.member_ids.ids,
                **self._prepare_figure(figure),
            }
        return facts

    @api.model
    def _prepare_figure(self, figure):
        if not figure:
            return {"value": None, "measures": {}, "snapshots": []}
        return {
            "value": None if figure.value is None else str(figure.value),
            "measures": {name: str(part) for name, part in figure.measures.items()},
            "snapshots": list(figure.snapshots),
        }
