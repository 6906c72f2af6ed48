"""Chances of a late payment, and the figures that say what they are worth."""

from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.late_probability import auc, brier, calibration, fit


def world(number, seed=1):
    """Invoices whose chance is known: ``(features, chance, late)``."""
    random = Random(seed)
    made = []
    for _invoice in range(number):
        row = (random.gauss(10, 4), random.random(), 3.0)
        chance = 1 / (1 + exp(-(-4 + 0.3 * row[0] + 2 * row[1])))
        made.append((row, chance, random.random() < chance))
    return made


def test_it_finds_the_chances_it_was_shown():
    learnt, fresh = world(4000), world(2000, seed=2)
    model = fit([row for row, _chance, _late in learnt], [one[2] for one in learnt])
    errors = [abs(model.probability(row) - chance) for row, chance, _late in fresh]
    assert sum(errors) / len(errors) < 0.02
    said = [model.probability(row) for row, _chance, _late in fresh]
    late = [one[2] for one in fresh]
    best = brier([chance for _row, chance, _late in fresh], late)
    assert brier(said, late) < best + 0.002
    for group in calibration(said, late):
        assert abs(group.said - group.came) < 0.08


def test_one_outcome_alone_is_learnt_without_an_error():
    rows = [(float(n), 1.0) for n in range(20)]
    model = fit(rows, [True] * 20)
    assert model.probability(rows[0]) > 0.9
    assert auc([0.5] * 20, [True] * 20) is None


def test_features_that_say_it_perfectly_do_not_run_away():
    rows = [(float(n),) for n in range(-20, 20)]
    model = fit(rows, [n >= 0 for n in range(-20, 20)])
    assert all(abs(weight) < 50 for weight in model.weights)
    assert model.probability((15.0,)) > 0.9 > 0.1 > model.probability((-15.0,))


def test_nothing_to_learn_from_is_refused():
    for rows, late in (([], []), ([(1.0,)], []), ([(1.0,), (1.0, 2.0)], [True, False])):
        with pytest.raises(ValueError):
            fit(rows, late)


pairs = st.lists(st.tuples(st.sampled_from((0.1, 0.2, 0.5, 0.9)), st.booleans()))


@given(pairs)
def test_the_area_is_the_share_of_pairs_in_order(given_pairs):
    chances = [chance for chance, _late in given_pairs]
    late = [was for _chance, was in given_pairs]
    ups = [chance for chance, was in given_pairs if was]
    downs = [chance for chance, was in given_pairs if not was]
    found = auc(chances, late)
    if not ups or not downs:
        assert found is None
        return
    slow = sum((u > d) + 0.5 * (u == d) for u in ups for d in downs)
    assert found == pytest.approx(slow / (len(ups) * len(downs)))


@given(pairs.filter(bool), st.integers(1, 8))
def test_groups_of_the_calibration_hold_every_invoice(given_pairs, bins):
    chances = [chance for chance, _late in given_pairs]
    late = [was for _chance, was in given_pairs]
    groups = calibration(chances, late, bins)
    assert sum(group.number for group in groups) == len(given_pairs)
    assert sum(g.number * g.came for g in groups) == pytest.approx(sum(late))
    assert sum(g.number * g.said for g in groups) == pytest.approx(sum(chances))
