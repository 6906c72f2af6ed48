"""Parts of an amount add up to it, whatever the weights."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.forecast_share import shared_by

CENT = Decimal("0.01")
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
KEYS = st.one_of(st.none(), st.integers(1, 9))
SIGNED = st.integers(-(10**7), 10**7).map(Decimal)


@given(amount=CENTS, weights=st.dictionaries(KEYS, SIGNED, max_size=8))
def test_the_parts_add_up_to_the_amount_and_none_is_below_zero(amount, weights):
    parts = shared_by(amount, weights, CENT)
    assert sum(parts.values()) == amount
    assert all(part >= 0 and part % CENT == 0 for part in parts.values())
    if any(weight > 0 for weight in weights.values()):
        assert all(weights[key] > 0 for key in parts)


def test_a_part_follows_its_weight_and_the_largest_takes_the_rest():
    parts = shared_by(Decimal(100), {1: Decimal(2), 2: Decimal(1), None: 0}, CENT)
    assert parts == {1: Decimal("66.67"), 2: Decimal("33.33")}


def test_without_any_weight_it_is_nobody_s():
    assert shared_by(Decimal(5), {1: Decimal(-3)}, CENT) == {None: Decimal(5)}
    assert shared_by(Decimal(0), {}, CENT) == {}
