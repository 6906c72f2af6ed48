"""What credit notes and payments leave in dispute."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools.dispute_parts import Claim, open_parts

AMOUNTS = st.decimals(0, 100_000, places=2)
CLAIMS = st.lists(
    st.tuples(st.none() | AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=5
).map(
    lambda rows: [
        Claim(key, amount, base, own)
        for key, (amount, base, own) in enumerate(rows, start=1)
    ]
)


def D(text):
    return Decimal(text)


@pytest.mark.parametrize(
    ("residual", "credited", "claims", "expected"),
    [
        # residual, credited without a dispute, claims (amount, base, own), parts
        ("1000", "0", [("300", "0", "0")], ["300"]),
        ("1000", "0", [(None, "0", "0")], ["1000"]),
        ("400", "0", [(None, "0", "0")], ["400"]),  # paid in part: still whole
        ("200", "0", [("300", "0", "0")], ["200"]),  # paid beyond the rest
        ("0", "0", [("300", "0", "0")], ["0"]),
        ("700", "300", [("300", "0", "0")], ["0"]),  # credited
        ("900", "100", [("300", "0", "0")], ["200"]),
        ("700", "300", [("300", "300", "0")], ["300"]),  # credited before it
        ("700", "0", [("300", "0", "300")], ["0"]),  # by its own credit note
        ("700", "0", [("300", "0", "0"), ("200", "0", "200")], ["300", "0"]),
        ("700", "350", [("300", "0", "0"), ("200", "0", "0")], ["0", "150"]),
        ("400", "0", [("300", "0", "0"), ("200", "0", "0")], ["300", "100"]),
        ("-5", "0", [("300", "0", "0")], ["0"]),
    ],
)
def test_worked_cases(residual, credited, claims, expected):
    made = [
        Claim(key, None if amount is None else D(amount), D(base), D(own))
        for key, (amount, base, own) in enumerate(claims, start=1)
    ]
    parts = open_parts(D(residual), D(credited), made)
    assert [parts[claim.key] for claim in made] == [D(one) for one in expected]


@given(AMOUNTS, AMOUNTS, CLAIMS)
def test_together_they_never_hold_more_than_is_open(residual, credited, claims):
    parts = open_parts(residual, credited, claims)
    assert all(part >= 0 for part in parts.values())
    assert sum(parts.values()) <= residual
    for claim in claims:
        if claim.amount is not None:
            assert parts[claim.key] <= max(claim.amount - claim.own, 0)


@given(AMOUNTS, AMOUNTS, AMOUNTS, CLAIMS)
def test_a_credit_note_never_adds_to_what_is_in_dispute(
    residual, credited, more, claims
):
    before = open_parts(residual, credited, claims)
    after = open_parts(residual, credited + more, claims)
    partial = [claim.key for claim in claims if claim.amount is not None]
    if len(partial) == len(claims):
        assert sum(after.values()) <= sum(before.values())


@given(AMOUNTS, AMOUNTS, CLAIMS)
def test_the_order_in_which_they_are_read_does_not_matter(residual, credited, claims):
    assert open_parts(residual, credited, claims) == open_parts(
        residual, credited, claims[::-1]
    )
