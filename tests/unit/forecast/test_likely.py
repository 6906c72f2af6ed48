"""The amount reached with a chance of 80 %, against all outcomes written out."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recouvrement_reporting.tools.likely import (
    GRID,
    Total,
    calibrated,
    payments,
    variance,
)

FEW = st.lists(
    st.tuples(st.floats(0.05, 0.95), st.integers(1, 1000).map(float)),
    min_size=1,
    max_size=7,
)


def outcomes(paid):
    """Every total with its chance."""
    found = []
    for luck in product((0, 1), repeat=len(paid)):
        chance = total = 0.0
        chance = 1.0
        for happens, (one, amount) in zip(luck, paid, strict=True):
            chance *= one if happens else 1 - one
            total += amount * happens
        found.append((total, chance))
    return found


@given(paid=FEW, wanted=st.floats(0.05, 0.95))
def test_the_amount_is_reached_with_the_chance_asked_for(paid, wanted):
    """No more than a step of the grid from the exact answer."""
    amount = Total(paid).reached_with(wanted)
    step = sum(one for _chance, one in paid) / GRID * len(paid)
    law = outcomes(paid)
    reached = sum(chance for total, chance in law if total >= amount - step - 1e-6)
    beyond = sum(chance for total, chance in law if total >= amount + step + 1e-6)
    assert reached >= wanted - 1e-6
    assert beyond < wanted + 1e-6


@given(paid=FEW)
def test_what_is_surer_is_less(paid):
    total = Total(paid)
    amounts = [total.reached_with(chance) for chance in (0.95, 0.8, 0.5, 0.2)]
    assert amounts == sorted(amounts)
    assert 0 <= amounts[0]
    assert amounts[-1] <= sum(amount for _chance, amount in paid) * (1 + 1e-6)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_many_small_payments_agree_with_a_simulation(seed):
    rng = Random(seed)
    paid = [(rng.random(), rng.lognormvariate(6, 1.2)) for _number in range(300)]
    total = Total(paid, mean=500.0, spread=900.0)
    drawn = sorted(
        500
        + rng.gauss(0, 30)
        + sum(amount for chance, amount in paid if rng.random() < chance)
        for _draw in range(2000)
    )
    deviation = total.variance**0.5
    assert total.reached_with(0.8) == pytest.approx(drawn[400], abs=0.12 * deviation)
    assert total.reached_with(0.5) == pytest.approx(drawn[1000], abs=0.12 * deviation)


def test_items_of_one_customer_come_together():
    """Two items of 100, each with one half, of one customer are one payment of 200;
    of two customers they are two."""
    [together] = payments([("a", 100.0, 0.0, 0.5), ("a", 100.0, 0.0, 0.5)])
    assert together == (pytest.approx(0.5), pytest.approx(200.0))
    apart = payments([("a", 100.0, 0.0, 0.5), ("b", 100.0, 0.0, 0.5)])
    assert len(apart) == 2
    assert variance([together]) == pytest.approx(2 * variance(apart))


def test_a_customer_keeps_the_mean_and_variance_of_its_items():
    """Items that are paid in turn: 100 when the luck is below .2, 300 up to .5."""
    [(chance, amount)] = payments([("a", 100.0, 0.0, 0.2), ("a", 300.0, 0.2, 0.5)])
    assert chance * amount == pytest.approx(0.2 * 100 + 0.3 * 300)
    assert chance * amount**2 == pytest.approx(0.2 * 100**2 + 0.3 * 300**2)


def test_what_brings_nothing_is_no_payment():
    assert payments([("a", 0.0, 0.0, 1.0), ("b", 10.0, 0.4, 0.4)]) == []
    assert Total([]).reached_with(0.8) == 0.0


def test_what_is_sure_is_reached_for_sure():
    total = Total([(1.0, 250.0), (1.0, 100.0)])
    assert total.reached_with(0.8) == pytest.approx(350.0)


def test_past_errors_widen_the_range():
    total = Total([(0.5, 10.0)] * 200)
    narrow = calibrated(total, 0.8, 1.0)
    wide = calibrated(total, 0.8, 4.0)
    assert total.mean - wide == pytest.approx(2 * (total.mean - narrow))
    assert calibrated(total, 0.999, 1e6) == 0.0
