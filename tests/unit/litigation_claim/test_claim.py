"""Decomposition of a claim and imputation of what is paid on it."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools.claim import (
    HEADS,
    ORDERS,
    Bearing,
    ClaimError,
    Debt,
    Payment,
    group_bearings,
    impute,
    sum_by_half_year,
)

JAN, MARCH, JULY = date(2026, 1, 31), date(2026, 3, 31), date(2026, 7, 1)


def debt(key, due=JAN, principal="1000", interest="50", indemnity="40", weight="0"):
    heads = {
        "principal": D(principal),
        "interest": D(interest),
        "indemnity": D(indemnity),
    }
    return Debt(key, due, heads, D(weight))


def bearing(first, last, rate, amount, label="", base="1000"):
    days = (last - first).days + 1
    return Bearing(first, last, days, D(rate), D(base), D(amount), label)


def test_days_of_the_same_half_year_rate_and_base_are_one_row():
    rows = group_bearings(
        [
            bearing(date(2026, 1, 1), date(2026, 2, 28), "12.15", "19.64", "2026-S1"),
            bearing(date(2026, 3, 1), date(2026, 3, 31), "0", "0", "grace"),
            bearing(date(2026, 4, 1), date(2026, 6, 30), "12.15", "30.29", "2026-S1"),
            bearing(date(2026, 7, 1), date(2026, 7, 31), "12.40", "10.53", "2026-S2"),
        ]
    )
    assert [(row.label, row.days, row.amount) for row in rows] == [
        ("2026-S1", 150, D("49.93")),
        ("2026-S2", 31, D("10.53")),
    ]
    assert (rows[0].first, rows[0].last) == (date(2026, 1, 1), date(2026, 6, 30))


def test_a_partial_payment_makes_two_rows_of_a_half_year():
    rows = group_bearings(
        [
            bearing(date(2026, 1, 1), date(2026, 2, 28), "12.15", "19.64", "2026-S1"),
            bearing(
                date(2026, 3, 1), date(2026, 6, 30), "12.15", "20.30", "2026-S1", "500"
            ),
        ]
    )
    assert [row.base for row in rows] == [D(1000), D(500)]


def test_half_years_of_many_items_are_summed_by_rate():
    rows = sum_by_half_year(
        [
            bearing(date(2026, 7, 1), date(2026, 7, 31), "12.40", "5", "2026-S2"),
            bearing(date(2026, 2, 1), date(2026, 6, 30), "12.15", "10", "2026-S1"),
            bearing(date(2026, 3, 1), date(2026, 6, 30), "12.15", "7", "2026-S1"),
            bearing(date(2026, 3, 1), date(2026, 7, 31), "15", "3"),
        ]
    )
    assert rows == [
        ("2026-S1", D("12.15"), date(2026, 2, 1), date(2026, 6, 30), D(17)),
        ("", D(15), date(2026, 3, 1), date(2026, 7, 31), D(3)),
        ("2026-S2", D("12.40"), date(2026, 7, 1), date(2026, 7, 31), D(5)),
    ]


def test_interest_is_paid_before_principal_under_art_1343_1():
    found = impute([debt("a")], [Payment(JULY, D(300))])
    assert found.left["a"] == {
        "principal": D(750),
        "interest": D(0),
        "indemnity": D(40),
    }
    assert found.by_head() == {
        "principal": (D(250), D(750)),
        "interest": (D(50), D(0)),
        "indemnity": (D(0), D(40)),
    }


def test_the_parties_may_agree_on_principal_first():
    found = impute([debt("a")], [Payment(JULY, D(300))], "principal_first")
    assert found.left["a"]["principal"] == D(700)
    assert found.left["a"]["interest"] == D(50)


def test_a_payment_goes_to_the_debt_that_it_names():
    debts = [debt("old", date(2025, 1, 1)), debt("new")]
    found = impute(debts, [Payment(JULY, D(1090), "new")])
    assert sum(found.left["new"].values()) == 0
    assert sum(found.left["old"].values()) == D(1090)


def test_what_a_named_debt_does_not_need_goes_to_the_others():
    found = impute([debt("a"), debt("b")], [Payment(JULY, D(1100), "b")])
    assert sum(found.left["a"].values()) == D(1080)


def test_the_debt_that_weighs_most_goes_before_the_oldest():
    debts = [debt("old", date(2025, 1, 1)), debt("dear", weight="12.4")]
    found = impute(debts, [Payment(JULY, D(1090))])
    assert sum(found.left["dear"].values()) == 0


def test_a_debt_not_due_waits_for_those_that_are():
    debts = [debt("later", date(2026, 12, 31), weight="15"), debt("due")]
    found = impute(debts, [Payment(JULY, D(1090))])
    assert sum(found.left["due"].values()) == 0
    assert sum(found.left["later"].values()) == D(1090)


def test_debts_alike_are_paid_in_proportion():
    debts = [
        debt("a", principal="100", interest="0", indemnity="0"),
        debt("b", principal="200", interest="0", indemnity="0"),
    ]
    found = impute(debts, [Payment(JULY, D("100.00"))])
    assert found.left["a"]["principal"] == D("66.66")
    assert found.left["b"]["principal"] == D("133.34")


def test_a_credit_note_lowers_the_principal_only():
    found = impute([debt("a")], [Payment(MARCH, D(1010), "a", ("principal",))])
    assert found.left["a"]["principal"] == 0
    assert found.left["a"]["interest"] == D(50)
    assert found.unused == D(10)


def test_payments_count_in_the_order_of_their_days():
    debts = [debt("later", JULY, weight="9"), debt("due")]
    found = impute(
        debts,
        [Payment(date(2026, 8, 1), D(1090)), Payment(MARCH, D(1090))],
    )
    assert [one.payment for one in found.applied if one.key == "due"] == [1, 1, 1]
    assert found.remaining == 0


@pytest.mark.parametrize("amount", [D(0), D(-5)])
def test_a_payment_of_nothing_is_refused(amount):
    with pytest.raises(ClaimError):
        impute([debt("a")], [Payment(JULY, amount)])


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ClaimError):
        impute([debt("a"), debt("a")], [])
    with pytest.raises(ClaimError):
        impute([debt("a")], [], "whatever")
    with pytest.raises(ClaimError):
        debt("a", principal="-1")
    with pytest.raises(ClaimError):
        Debt("a", JAN, {"fine": D(1)})


cents = st.integers(0, 500_000).map(lambda n: D(n) / 100)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
debt_lists = st.lists(
    st.tuples(days, cents, cents, cents, st.sampled_from([D(0), D("12.15")])),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        Debt(
            place,
            due,
            {"principal": principal, "interest": interest, "indemnity": indemnity},
            weight,
        )
        for place, (due, principal, interest, indemnity, weight) in enumerate(rows)
    ]
)
payment_lists = st.lists(
    st.builds(
        Payment,
        days,
        cents.filter(bool),
        st.one_of(st.none(), st.integers(0, 7)),
        st.sampled_from([(), ("principal",)]),
    ),
    max_size=8,
)


@given(debt_lists, payment_lists, st.sampled_from(sorted(ORDERS)))
def test_every_cent_goes_somewhere_and_nothing_is_paid_twice(debts, payments, order):
    found = impute(debts, payments, order)
    applied = sum((one.amount for one in found.applied), D(0))
    assert applied + found.unused == sum((one.amount for one in payments), D(0))
    assert applied + found.remaining == sum((one.total for one in debts), D(0))
    for place, payment in enumerate(payments):
        used = sum((one.amount for one in found.applied if one.payment == place), D(0))
        assert used <= payment.amount
    for heads in found.left.values():
        assert all(amount >= 0 for amount in heads.values())
        assert set(heads) <= set(HEADS)
    assert all(one.amount > 0 for one in found.applied)


@given(debt_lists, payment_lists)
def test_principal_is_touched_only_when_the_interest_of_a_debt_is_paid(debts, payments):
    payments = [one for one in payments if not one.heads]
    found = impute(debts, payments, "interest_first")
    for debt_ in debts:
        left = found.left[debt_.key]
        if left["principal"] < debt_.heads["principal"]:
            assert left["interest"] == 0


@given(debt_lists, payment_lists)
def test_money_is_left_over_only_when_nothing_is_owed(debts, payments):
    payments = [one for one in payments if not one.heads]
    found = impute(debts, payments)
    assert not found.unused or not found.remaining
