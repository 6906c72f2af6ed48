"""The lines of a bonus: what was earned, what is taken back, what is carried over."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import fields, models

from ..tools import bonus
from ..tools.kpi import Facts, evaluate
from ..tools.period import Period
from .bonus_statement import APPROVED, CANCELLED
from .target import COLLECTED

ZERO = Decimal(0)
# Measure of each figure that a reversed receipt makes smaller.
SHRINKING = {COLLECTED: "collected", "recovery_month": "recovered"}


@dataclass
class TakenBack:
    """What one earlier statement gives back.

    :ivar added: ``{key of a fact: amount}`` that the figures of this month count as
        negative, and that the earlier month bears instead.
    """

    values: dict | None
    added: dict


class RecouvrementBonusStatement(models.Model):
    _inherit = "recouvrement.bonus.statement"

    def _explain_amounts(self):
        """Write the lines and the amounts of a new statement."""
        self.ensure_one()
        month = Period(self.date_start, self.date_end)
        taken = [self._take_back(origin, month) for origin in self._find_origins()]
        self._add_back([one.added for one in taken])
        result = bonus.compute(self._get_rule(), self._get_facts())
        values = [self._prepare_line(line) for line in result.lines]
        values += [one.values for one in taken if one.values]
        values += self._take_carried()
        balance = sum((vals["amount"] for vals in values), ZERO)
        carried = max(-balance, ZERO)
        if carried:
            values.append(self._prepare_carry(carried))
        for number, vals in enumerate(values, 1):
            vals.update(
                statement_id=self.id, sequence=number, amount=float(vals["amount"])
            )
        self.env["recouvrement.bonus.line"].create(values)
        self.write(
            {
                "earned_amount": float(result.total),
                "taken_back_amount": float(result.total - balance),
                "carried_amount": float(carried),
                "total": float(balance + carried),
            }
        )

    # ------------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------------

    def _get_rule(self):
        return self.env["recouvrement.bonus.rule"]._from_data(self.rule_data)

    def _get_facts(self):
        """The frozen facts as the computation takes them."""
        return {
            key: bonus.Fact(
                _number(fact["value"], fact.get("added", 0)),
                _number(fact["target"]),
                fact["direction"],
            )
            for key, fact in self.facts.items()
        }

    def _add_back(self, parts):
        """A payment that came back this month is borne by the month whose bonus it
        takes back, not by both."""
        added = defaultdict(Decimal)
        for part in parts:
            for key, amount in part.items():
                added[key] += amount
        if any(added.values()):
            self.facts = {
                key: {**fact, "added": str(added.get(key, ZERO))}
                for key, fact in self.facts.items()
            }

    # ------------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------------

    def _find_origins(self):
        """Approved statements whose receipts may still take something back."""
        months = self.rule_id.clawback_months
        if not months:
            return self.browse()
        return self.search(
            [
                ("rule_id", "=", self.rule_id.id),
                ("user_id", "=", self.user_id.id),
                ("state", "=", APPROVED),
                ("date_start", "<", self.date_start),
                (
                    "date_start",
                    ">=",
                    fields.Date.subtract(self.date_start, months=months),
                ),
            ],
            order="date_start",
        )

    def _take_back(self, origin, month):
        """What a statement gives back for the receipts that did not hold since."""
        keys = [k for k, fact in origin.facts.items() if fact["measure"] in SHRINKING]
        collectors = {user for key in keys for user in origin.facts[key]["collectors"]}
        found = self.env["recouvrement.bonus.receipt"]._find_reversed(
            origin.company_id, origin.date_start, collectors, month
        )
        new = self._record_reversals(origin, found)
        added = {
            key: _sum(found, "returned", origin.facts[key]["collectors"])
            for key in keys
            if origin.facts[key]["measure"] == COLLECTED and key in self.facts
        }
        changes = {key: origin._restate(key, found, month) for key in keys}
        already = origin._get_taken_back()
        after, back = bonus.take_back(
            origin._get_rule(), origin._get_facts(), changes, already
        )
        if not new and not back:
            return TakenBack(None, added)
        return TakenBack(self._prepare_clawback(origin, new, after, back), added)

    def _restate(self, key, found, month):
        """A figure without the receipts that did not hold."""
        fact = self.facts[key]
        gone = _sum(found, "amount", fact["collectors"])
        value = _number(fact["value"], fact.get("added", 0))
        if value is None:
            return None
        if fact["measure"] == COLLECTED:
            return value - gone
        measures = {name: Decimal(part) for name, part in fact["measures"].items()}
        shrinking = SHRINKING[fact["measure"]]
        measures[shrinking] = max(measures.get(shrinking, ZERO) - gone, ZERO)
        period = Period(self.date_start, self.date_end)
        return evaluate(fact["measure"], Facts(period, measures)).value

    def _record_reversals(self, origin, found):
        """Keep what was reversed since the last time; its sum."""
        reversals = self.env["recouvrement.bonus.reversal"]
        known = {
            receipt.id: Decimal(str(amount))
            for receipt, amount in reversals._read_group(
                [("origin_id", "=", origin.id), ("statement_id", "!=", self.id)],
                ["receipt_id"],
                ["amount:sum"],
            )
        }
        values = []
        for row in found:
            new = Decimal(row["amount"]) - known.get(row["receipt_id"], ZERO)
            if new > 0:
                values.append(
                    {
                        "statement_id": self.id,
                        "origin_id": origin.id,
                        "receipt_id": row["receipt_id"],
                        "amount": float(new),
                    }
                )
        reversals.create(values)
        return sum((Decimal(str(vals["amount"])) for vals in values), ZERO)

    def _get_taken_back(self):
        """What later statements took back from this one already."""
        lines = self.env["recouvrement.bonus.line"].search(
            [
                ("origin_id", "=", self.id),
                ("kind", "=", "clawback"),
                ("statement_id.state", "!=", CANCELLED),
            ]
        )
        return -sum((Decimal(str(line.amount)) for line in lines), ZERO)

    # ------------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------------

    def _prepare_line(self, line):
        part = self._get_part(line)
        fact = self.facts.get(part.get("fact"), {})
        own = line.fact or bonus.Fact(None)
        return {
            "kind": line.kind,
            "name": part.get("name") or self._name_kind(line.kind),
            "outcome": line.outcome,
            "measure": part.get("measure", False),
            "scope": part.get("scope", False),
            "amount": line.amount,
            "detail": {
                "unit": fact.get("unit"),
                "value": _text(own.value),
                "added": fact.get("added"),
                "target": _text(own.target),
                "achievement": self._get_achievement(part, own),
                "position": _text(line.position),
                "bound": _text(line.bound),
                "reward": _text(line.reward),
                "basis": part.get("basis"),
                "comparison": part.get("comparison"),
                "reward_kind": part.get("reward"),
                "method": part.get("method"),
                "steps": part.get("steps"),
                "cap": part.get("cap"),
                "snapshots": fact.get("snapshots", []),
            },
        }

    def _get_achievement(self, part, fact):
        """Percent of the target, where the rule looks at it."""
        if part.get("basis") != bonus.ACHIEVEMENT:
            return None
        return _text(fact.achievement)

    def _get_part(self, line):
        parts = self.rule_data.get(f"{line.kind}s", [])
        return next((part for part in parts if part["key"] == line.key), {})

    def _name_kind(self, kind):
        field = self.env["recouvrement.bonus.line"]._fields["kind"]
        return dict(field._description_selection(self.env))[kind]

    def _prepare_clawback(self, origin, reversed_amount, after, back):
        return {
            "kind": "clawback",
            "name": origin.display_name,
            "outcome": "taken_back",
            "origin_id": origin.id,
            "amount": -back,
            "detail": {
                "reversed": str(reversed_amount),
                "before": str(Decimal(str(origin.earned_amount))),
                "after": str(after.total),
            },
        }

    def _take_carried(self):
        """What earlier statements could not take back from what was earned."""
        waiting = self.search(
            [
                ("rule_id", "=", self.rule_id.id),
                ("user_id", "=", self.user_id.id),
                ("state", "=", APPROVED),
                ("date_start", "<", self.date_start),
                ("carried_amount", ">", 0),
                ("carried_to_id", "=", False),
            ]
        )
        waiting.carried_to_id = self
        return [
            {
                "kind": "carry",
                "name": statement.display_name,
                "outcome": "carried",
                "origin_id": statement.id,
                "amount": -Decimal(str(statement.carried_amount)),
            }
            for statement in waiting
        ]

    def _prepare_carry(self, carried):
        return {
            "kind": "carry",
            "name": self._name_kind("carry"),
            "outcome": "carried",
            "amount": carried,
        }


def _number(text, added=0):
    return None if text is None else Decimal(text) + Decimal(added)


def _text(number):
    return None if number is None else str(number)


def _sum(found, name, collectors):
    rows = (row for row in found if row["collector_id"] in collectors)
    return sum((Decimal(row[name]) for row in rows), ZERO)
