"""Earlier and later claims, the delay that applies, dividends shared to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools.insolvency import (
    LATER,
    PRIOR,
    Delay,
    Item,
    eve,
    pick,
    rank_dividend,
    split,
)

JUDGED = date(2026, 3, 10)
D = Decimal


def _split(**vals):
    values = {"key": 1, "dated": date(2026, 1, 5), "is_open": D(100), **vals}
    [part] = split([Item(**values)], JUDGED)
    return part


@pytest.mark.parametrize(
    ("vals", "side"),
    [
        ({"dated": date(2026, 3, 9)}, PRIOR),
        # The judgment counts from the first hour of its day.
        ({"dated": date(2026, 3, 10)}, LATER),
        ({"dated": date(2026, 3, 11)}, LATER),
        # Delivered before, invoiced after.
        ({"dated": date(2026, 3, 31), "delivered": date(2026, 3, 2)}, PRIOR),
        # Invoiced in advance, delivered after: the earlier day counts.
        ({"dated": date(2026, 3, 1), "delivered": date(2026, 4, 2)}, PRIOR),
        ({"dated": date(2026, 3, 31), "delivered": date(2026, 3, 10)}, LATER),
        # A credit note after the judgment for an invoice before it, and the reverse.
        ({"dated": date(2026, 4, 1), "corrected": date(2026, 2, 1)}, PRIOR),
        ({"dated": date(2026, 4, 1), "corrected": date(2026, 3, 20)}, LATER),
    ],
)
def test_a_claim_is_prior_when_it_was_born_before_the_day_of_the_judgment(vals, side):
    assert _split(**vals).side == side


def test_what_is_owed_is_what_was_owed_on_the_day_of_the_judgment():
    part = _split(is_open=D("60.10"), received_since=D("39.90"))
    assert part.owed == D("100.00")
    assert part.paid_since == D("39.90")


def test_a_credit_reduces_the_claims():
    assert _split(is_open=D(-40)).owed == D(-40)


def test_a_claim_that_falls_due_later_is_declared_as_to_come():
    assert _split(due=date(2026, 3, 10)).to_come
    assert not _split(due=date(2026, 3, 9)).to_come


def test_later_items_are_owed_in_the_normal_way():
    part = _split(dated=date(2026, 3, 12), received_since=D(10))
    assert (part.owed, part.paid_since, part.to_come) == (D(0), D(0), False)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_every_item_is_on_one_side_and_interest_ends_the_day_before(
    judged, dated, delivered
):
    [part] = split([Item(1, dated, D(10), delivered=delivered)], judged)
    assert (part.side == PRIOR) == (part.born <= eve(judged))
    assert part.born <= dated


DELAYS = [
    Delay("declaration", 2, "month", "metropole"),
    Delay("declaration", 4, "month", "overseas"),
    Delay("declaration", 4, "month", "abroad"),
    Delay("relief", 6, "month"),
    Delay("report", 12, "month", None, None, date(2023, 10, 23)),
    Delay("report", 6, "month", None, date(2023, 10, 24)),
]


@pytest.mark.parametrize(
    ("code", "place", "opened", "months"),
    [
        ("declaration", "metropole", JUDGED, 2),
        ("declaration", "overseas", JUDGED, 4),
        ("declaration", "abroad", JUDGED, 4),
        ("relief", "abroad", JUDGED, 6),
        ("report", "metropole", date(2023, 10, 23), 12),
        ("report", "metropole", date(2023, 10, 24), 6),
    ],
)
def test_the_delay_is_that_of_the_place_and_of_the_day(code, place, opened, months):
    assert pick(DELAYS, code, place, opened).count == months


def test_no_delay_is_invented():
    assert pick(DELAYS, "declaration", "elsewhere", JUDGED) is None
    assert pick(DELAYS, "unknown", "metropole", JUDGED) is None


amounts = st.decimals(0, 10_000_000, places=2)


@given(st.lists(amounts, min_size=1, max_size=30), st.integers(0, 100))
def test_a_dividend_is_shared_to_the_cent(admitted, percent):
    claims = dict(enumerate(admitted))
    total = (sum(admitted, D(0)) * percent / 100).quantize(D("0.01"))
    shares = rank_dividend(total, claims)
    whole = sum(admitted, D(0))
    assert sum(shares.values(), D(0)) == (total if whole else 0)
    for key, share in shares.items():
        exact = total * claims[key] / whole if whole else D(0)
        assert abs(share - exact) < D("0.01")
