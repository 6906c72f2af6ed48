"""The collection bonus of one collector: conditions, components by steps, caps.

Exact: Decimals in, Decimals out, each line rounded half up to the cent of the currency,
the total the sum of the lines.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

ZERO, HUNDRED = Decimal(0), Decimal(100)

VALUE, ACHIEVEMENT = "value", "achievement"
HIGHER, LOWER = "higher", "lower"
REACHED, SLICES = "reached", "slices"
AMOUNT, RATE, POINT = "amount", "rate", "point"
AT_LEAST, AT_MOST = "at_least", "at_most"

PAID = "paid"
NO_VALUE = "no_value"
NO_TARGET = "no_target"
BELOW_MINIMUM = "below_minimum"
NO_STEP = "no_step"
MET = "met"
NOT_MET = "not_met"
CAPPED = "capped"
REFUSED = "refused"


class BonusRuleError(ValueError):
    """A rule that cannot be applied; the message names the field."""


@dataclass(frozen=True)
class Fact:
    """One frozen measure of a collector, and its target."""

    value: Decimal | None
    target: Decimal | None = None
    direction: str = HIGHER

    @property
    def achievement(self):
        """Percent of the target; None when either is missing or the target is not
        positive. When less is better, half the target is 150 % and twice is 0 %."""
        if self.value is None or self.target is None or self.target <= 0:
            return None
        share = HUNDRED * self.value / self.target
        return 2 * HUNDRED - share if self.direction == LOWER else share

    def position(self, basis):
        return self.value if basis == VALUE else self.achievement


@dataclass(frozen=True)
class Step:
    """From ``bound`` on (down from it when less is better) ``reward`` is earned: an
    amount, a percentage, or an amount per point."""

    bound: Decimal
    reward: Decimal


@dataclass(frozen=True)
class Component:
    """What one measure earns.

    :ivar basis: the value itself, or the percentage of the target.
    :ivar reward: what a step gives: ``amount``, ``rate`` (percent of the measure) or
        ``point`` (amount per point past the bound).
    :ivar method: ``reached``: the highest step reached rules the whole; ``slices``:
        each step rules what lies between its bound and the next.
    :ivar minimum: position under which nothing is earned.
    :ivar cap: highest amount of this component.
    """

    key: str
    measure: str
    steps: tuple
    basis: str = ACHIEVEMENT
    reward: str = AMOUNT
    method: str = REACHED
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def check(self, direction=HIGHER):
        """
        :raise BonusRuleError: naming what cannot be combined.
        """
        if not self.steps:
            raise BonusRuleError("steps")
        bounds = [step.bound for step in self.steps]
        if len(set(bounds)) != len(bounds):
            raise BonusRuleError("bound")
        if any(step.reward < 0 for step in self.steps):
            raise BonusRuleError("reward")
        if self.reward == AMOUNT and self.method == SLICES:
            raise BonusRuleError("method")
        if self.reward == RATE and direction == LOWER:
            raise BonusRuleError("reward_kind")


@dataclass(frozen=True)
class Condition:
    """What must hold for anything to be paid."""

    key: str
    measure: str
    limit: Decimal
    basis: str = VALUE
    comparison: str = AT_LEAST

    def holds(self, fact):
        position = fact.position(self.basis)
        if position is None:
            return False
        if self.comparison == AT_LEAST:
            return position >= self.limit
        return position <= self.limit


@dataclass(frozen=True)
class Rule:
    components: tuple
    conditions: tuple = ()
    cap: Decimal | None = None
    cent: Decimal = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One line of the explanation.

    :ivar kind: ``condition``, ``component``, ``cap`` or ``refusal``.
    :ivar outcome: why the amount is what it is, one of the words above.
    :ivar position: what was compared with the steps.
    :ivar bound: of the step that ruled; of a condition, its limit.
    :ivar reward: of that step.
    """

    kind: str
    key: str
    outcome: str
    measure: str = ""
    fact: Fact | None = None
    position: Decimal | None = None
    bound: Decimal | None = None
    reward: Decimal | None = None
    amount: Decimal = ZERO


@dataclass(frozen=True)
class Result:
    lines: tuple
    total: Decimal


def compute(rule, facts):
    """What a collector earns.

    :param dict facts: ``{measure: Fact}``; a measure that is missing earns nothing.
    """
    conditions = [_judge(one, facts) for one in rule.conditions]
    components = [_earn(one, facts, rule.cent) for one in rule.components]
    lines = conditions + components
    earned = sum((line.amount for line in components), ZERO)
    if any(line.outcome == NOT_MET for line in conditions):
        lines.append(Line("refusal", "", REFUSED, amount=-earned))
    elif rule.cap is not None and earned > rule.cap:
        over = _round(earned - rule.cap, rule.cent)
        lines.append(Line("cap", "", CAPPED, bound=rule.cap, amount=-over))
    return Result(tuple(lines), sum((line.amount for line in lines), ZERO))


def take_back(rule, facts, changes, already=ZERO):
    """What must be given back because measures turned out lower than they were frozen.

    :param dict changes: ``{measure: value}`` as they are after the reversals.
    :param Decimal already: taken back before for the same statement.
    :return: the :class:`Result` with the changed measures, and the amount, never
        negative: a reversal earns nothing.
    """
    before = compute(rule, facts).total
    restated = dict(facts)
    for measure, value in changes.items():
        if measure in restated:
            restated[measure] = replace(restated[measure], value=value)
    after = compute(rule, restated)
    return after, max(before - after.total - already, ZERO)


def _round(amount, cent):
    return amount.quantize(cent, rounding=ROUND_HALF_UP)


def _judge(condition, facts):
    fact = facts.get(condition.measure) or Fact(None)
    return Line(
        "condition",
        condition.key,
        MET if condition.holds(fact) else NOT_MET,
        condition.measure,
        fact,
        fact.position(condition.basis),
        condition.limit,
    )


def _earn(component, facts, cent):
    fact = facts.get(component.measure) or Fact(None)
    component.check(fact.direction)
    position = fact.position(component.basis)
    line = Line("component", component.key, PAID, component.measure, fact, position)
    if position is None:
        missing = NO_VALUE if fact.value is None else NO_TARGET
        return replace(line, outcome=missing)
    sign = _sign(component, fact)
    minimum = component.minimum
    if minimum is not None and sign * position < sign * minimum:
        return replace(line, outcome=BELOW_MINIMUM, bound=minimum)
    steps = sorted(component.steps, key=lambda step: sign * step.bound)
    reached = [step for step in steps if sign * step.bound <= sign * position]
    if not reached:
        return replace(line, outcome=NO_STEP, bound=steps[0].bound)
    earned = _round(_reward(component, fact, position, reached, sign), cent)
    outcome = PAID
    if component.cap is not None and earned > component.cap:
        earned, outcome = _round(component.cap, cent), CAPPED
    top = reached[-1]
    return replace(
        line, outcome=outcome, bound=top.bound, reward=top.reward, amount=earned
    )


def _sign(component, fact):
    """-1 when steps go down: the plain value of a measure of which less is better."""
    return -1 if component.basis == VALUE and fact.direction == LOWER else 1


def _reward(component, fact, position, reached, sign):
    top = reached[-1]
    if component.reward == AMOUNT:
        return top.reward
    if component.method == REACHED:
        if component.reward == RATE:
            return max(fact.value, ZERO) * top.reward / HUNDRED
        return sign * (position - top.bound) * top.reward
    earned = ZERO
    ends = [step.bound for step in reached[1:]] + [position]
    for step, end in zip(reached, ends, strict=True):
        width = sign * (end - step.bound)
        if component.reward == RATE:
            width = _in_measure(component, fact, width) / HUNDRED
        earned += width * step.reward
    return max(earned, ZERO)


def _in_measure(component, fact, width):
    """A width of the steps, in the unit of the measure."""
    if component.basis == VALUE:
        return width
    return width * fact.target / HUNDRED
