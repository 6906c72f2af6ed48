"""What is learnt from a company's past, and when it keeps silent."""

from math import isclose, log1p
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.late_reading import (
    FEATURES,
    LEAST_TESTED,
    Average,
    Invoice,
    examine,
    features,
    learn,
    too_little,
    unconvincing,
)


def ledger(number, seed, telling=True):
    """Invoices of quick and slow customers; ``telling``: their past says which."""
    random = Random(seed)
    invoices, late = [], []
    for _invoice in range(number):
        slow = random.random() < 0.4
        shown = slow if telling else random.random() < 0.4
        known = random.randrange(0, 30)
        was = sum(random.random() < (0.8 if shown else 0.1) for _one in range(known))
        days = sum(random.randrange(5, 40) if shown else -3 for _one in range(known))
        invoices.append(
            Invoice(known, was, known, days, int(shown), 30, 100 * random.random())
        )
        late.append(random.random() < (0.8 if slow else 0.1))
    return invoices, late


def test_the_past_of_customers_tells_late_from_early():
    learnt = learn(*ledger(3000, seed=1))
    test = examine(learnt, *ledger(1500, seed=2))
    assert test.number == 1500
    assert test.auc > 0.8
    assert test.brier < test.plain
    assert not unconvincing(test)
    assert sum(group.number for group in test.groups) == 1500
    for group in test.groups:
        assert abs(group.said - group.came) < 0.1
    assert set(learnt.weights()) == set(FEATURES)
    assert learnt.weights()["late_share"] > 0


def test_a_past_that_tells_nothing_is_not_shown():
    learnt = learn(*ledger(2000, seed=3, telling=False))
    test = examine(learnt, *ledger(1000, seed=4, telling=False))
    assert unconvincing(test)


def test_a_stranger_looks_like_the_average_customer():
    mean = Average(0.3, 4.0)
    share, days, known, overdue, term, amount = features(
        Invoice(0, 0, 0, 0, 0, 30, 99.0), mean
    )
    assert isclose(share, 0.3)
    assert isclose(days, 4.0)
    assert (known, overdue, term) == (0, 0, 30)
    assert isclose(amount, log1p(99.0))


def test_extremes_are_held():
    row = features(Invoice(3, 3, 3, 3000, 50, 400, -5.0), Average(0.5, 0.0))
    assert row[1] == 90
    assert row[3:] == (10.0, 120.0, 0.0)


@pytest.mark.parametrize(
    ("late", "least", "reason"),
    [
        ([], 0, "few"),
        ([True] * 59, 0, "few"),
        ([True] * 100, 0, "one_outcome"),
        ([True] * 29 + [False] * 100, 0, "one_outcome"),
        ([True] * 30 + [False] * 30, 0, ""),
        ([True] * 30 + [False] * 30, LEAST_TESTED, "few"),
    ],
)
def test_too_few_outcomes_are_said(late, least, reason):
    assert too_little(late, least) == reason


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError):
        learn([], [])


@given(
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(-9999, 9999),
    st.floats(0, 1),
    st.floats(-30, 90),
)
def test_a_share_stays_a_share(known, late, days, share, mean_days):
    late = min(known, late)
    row = features(
        Invoice(known, late, known, days, 0, 30, 1.0), Average(share, mean_days)
    )
    assert 0 <= row[0] <= 1
    assert -30 <= row[1] <= 90
