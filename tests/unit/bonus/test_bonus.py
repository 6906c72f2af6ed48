"""The collection bonus, to the cent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.bonus import (
    ACHIEVEMENT,
    AMOUNT,
    AT_MOST,
    BELOW_MINIMUM,
    CAPPED,
    LOWER,
    NO_STEP,
    NO_TARGET,
    NO_VALUE,
    PAID,
    POINT,
    RATE,
    REFUSED,
    SLICES,
    VALUE,
    BonusRuleError,
    Component,
    Condition,
    Fact,
    Rule,
    Step,
    compute,
    take_back,
)

D = Decimal
AMOUNTS = st.decimals(0, 10_000_000, places=2)


def steps(*pairs):
    return tuple(Step(D(bound), D(reward)) for bound, reward in pairs)


def one(component, value, target=None, **fact):
    target = None if target is None else D(target)
    value = None if value is None else D(value)
    facts = {component.measure: Fact(value, target, **fact)}
    return compute(Rule((component,)), facts).lines[0]


COLLECTED = Component("a", "collected", steps((90, 100), (100, 250), (110, 400)))


@pytest.mark.parametrize(
    ("value", "amount", "bound", "outcome"),
    [
        ("89999.99", 0, 90, NO_STEP),
        ("90000", 100, 90, PAID),
        ("99999.99", 100, 90, PAID),
        ("100000", 250, 100, PAID),
        ("250000", 400, 110, PAID),
    ],
)
def test_the_highest_step_reached_gives_its_amount(value, amount, bound, outcome):
    line = one(COLLECTED, value, 100_000)
    assert (line.amount, line.bound, line.outcome) == (amount, bound, outcome)


def test_a_rate_by_slices_pays_each_slice_at_its_rate():
    component = Component(
        "a",
        "collected",
        steps((80_000, "0.5"), (100_000, 1), (120_000, 2)),
        basis=VALUE,
        reward=RATE,
        method=SLICES,
    )
    # 20 000 x 0.5 % + 20 000 x 1 % + 5 000 x 2 %
    assert one(component, 125_000).amount == D("400.00")
    assert one(component, 80_000).amount == 0


def test_slices_of_the_target_are_slices_of_the_amount():
    component = Component(
        "a", "collected", steps((80, 1), (100, 2)), reward=RATE, method=SLICES
    )
    # Target 50 000: from 40 000 to 50 000 at 1 %, the 5 000 above at 2 %.
    assert one(component, 55_000, 50_000).amount == D("200.00")


def test_a_rate_on_the_whole_takes_the_step_that_was_reached():
    component = Component(
        "a", "collected", steps((0, "0.1"), (100, "0.25")), reward=RATE
    )
    assert one(component, 99_999, 100_000).amount == D("100.00")
    assert one(component, 100_000, 100_000).amount == D("250.00")


def test_points_past_the_bound_are_paid_one_by_one():
    component = Component(
        "a", "recovery_month", steps((60, 10)), basis=VALUE, reward=POINT
    )
    assert one(component, "64.25").amount == D("42.50")


def test_less_is_better_for_days_and_costs():
    component = Component(
        "a",
        "days_beyond_terms",
        steps((15, 50), (10, 120)),
        basis=VALUE,
        minimum=D(20),
    )
    days = {"direction": LOWER}
    assert one(component, "15.1", **days).amount == 0
    assert one(component, 15, **days).amount == 50
    assert one(component, 8, **days).amount == 120
    assert one(component, -3, **days).amount == 120
    assert one(component, 21, **days).outcome == BELOW_MINIMUM
    assert Fact(D(5), D(10), LOWER).achievement == 150
    assert Fact(D(20), D(10), LOWER).achievement == 0
    points = replace(component, reward=POINT, steps=steps((15, 10)), minimum=None)
    assert one(points, "12.5", **days).amount == 25


def test_what_is_missing_earns_nothing_and_says_what():
    assert one(COLLECTED, None, 10).outcome == NO_VALUE
    assert one(COLLECTED, 10).outcome == NO_TARGET
    assert one(COLLECTED, 10, 0).outcome == NO_TARGET
    assert compute(Rule((COLLECTED,)), {}).total == 0


def test_caps_of_a_component_and_of_the_rule():
    capped = replace(COLLECTED, cap=D(300))
    line = one(capped, 120, 100)
    assert (line.amount, line.outcome) == (300, CAPPED)
    rule = Rule((capped, replace(COLLECTED, key="b")), cap=D(500))
    result = compute(rule, {"collected": Fact(D(120), D(100))})
    assert [line.amount for line in result.lines] == [300, 400, -200]
    assert result.total == 500


def test_a_condition_that_fails_refuses_the_whole():
    condition = Condition("c", "overdue_pct", D(30), comparison=AT_MOST)
    rule = Rule((COLLECTED,), (condition,))
    facts = {"collected": Fact(D(120), D(100)), "overdue_pct": Fact(D(30))}
    assert compute(rule, facts).total == 400
    facts["overdue_pct"] = Fact(D("30.01"))
    result = compute(rule, facts)
    assert result.total == 0
    assert (result.lines[-1].outcome, result.lines[-1].amount) == (REFUSED, -400)
    # What is not known does not hold.
    del facts["overdue_pct"]
    assert compute(rule, facts).total == 0


@pytest.mark.parametrize(
    ("change", "direction", "field"),
    [
        ({"steps": ()}, "higher", "steps"),
        ({"steps": steps((1, 2), (1, 3))}, "higher", "bound"),
        ({"steps": steps((1, -2))}, "higher", "reward"),
        ({"method": SLICES}, "higher", "method"),
        ({"reward": RATE}, LOWER, "reward_kind"),
    ],
)
def test_a_rule_that_cannot_be_applied_says_where(change, direction, field):
    with pytest.raises(BonusRuleError, match=field):
        replace(COLLECTED, **change).check(direction)


def test_what_was_reversed_is_taken_back_once():
    rule = Rule((COLLECTED,))
    facts = {"collected": Fact(D(105_000), D(100_000))}
    after, back = take_back(rule, facts, {"collected": D(99_000)})
    assert (after.total, back) == (100, 150)
    _after, more = take_back(rule, facts, {"collected": D(80_000)}, already=D(150))
    assert more == 100
    _after, none = take_back(rule, facts, {"collected": D(101_000)})
    assert none == 0


@given(AMOUNTS, st.integers(1, 1_000_000))
def test_lines_add_up_and_stay_under_the_cap(value, target):
    by_slice = Component(
        "a",
        "collected",
        steps((50, "0.37"), (100, "1.13")),
        ACHIEVEMENT,
        RATE,
        SLICES,
        cap=D(900),
    )
    rule = Rule((by_slice, replace(COLLECTED, key="b", reward=AMOUNT)), cap=D(1000))
    result = compute(rule, {"collected": Fact(value, D(target))})
    assert result.total == sum(line.amount for line in result.lines)
    assert 0 <= result.total <= 1000
    assert result.total == result.total.quantize(D("0.01"))


@given(AMOUNTS, AMOUNTS)
def test_who_collects_more_does_not_earn_less(low, high):
    low, high = sorted((low, high))
    for component in (
        COLLECTED,
        Component("a", "collected", steps((80, 1), (100, 2)), ACHIEVEMENT, RATE),
        Component(
            "a", "collected", steps((80, 1), (100, 2)), ACHIEVEMENT, RATE, SLICES
        ),
    ):
        earned = [one(component, value, 50_000).amount for value in (low, high)]
        assert earned[0] <= earned[1]


@given(AMOUNTS, AMOUNTS, st.decimals(0, 500, places=2))
def test_never_more_is_taken_back_than_was_paid(value, reversed_amount, already):
    facts = {"collected": Fact(value, D(50_000))}
    changes = {"collected": value - reversed_amount}
    rule = Rule((COLLECTED,))
    _after, back = take_back(rule, facts, changes, already)
    assert 0 <= back <= max(compute(rule, facts).total - already, 0)
