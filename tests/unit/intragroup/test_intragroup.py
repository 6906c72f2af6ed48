"""Matching of what companies of a group claim and owe."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.intragroup import (
    AGREED,
    KINDS,
    Document,
    normalize,
    reconcile,
)

DAY = date(2026, 6, 30)
EURO, FRANC = 1, 2


def doc(key, amount, reference="", days=0, total=None, currency=EURO, **vals):
    amount = Decimal(str(amount))
    return Document(
        key=key,
        references=frozenset(filter(None, [normalize(reference)])),
        date=DAY - timedelta(days=days),
        currency=currency,
        amount=amount,
        total=Decimal(str(total)) if total is not None else amount,
        home=Decimal(str(vals.pop("home", amount))),
        **vals,
    )


def kinds(rows):
    return {row.key: row.kind for row in rows}


def test_a_reference_is_read_whatever_its_signs():
    assert normalize("inv/2026-0001") == normalize("INV 2026 0001") == "INV20260001"
    assert normalize("12") == normalize(None) == normalize("é-1") == ""


def test_the_same_reference_comes_before_the_same_amount():
    rows = reconcile(
        [doc("a", 100, "F-001"), doc("b", 100, "F-002")],
        [doc("x", 100, "F 002"), doc("y", 100, "F 001")],
    )
    assert {row.ours.key: row.theirs.key for row in rows} == {"a": "y", "b": "x"}
    assert {row.kind for row in rows} == {"matched"}


def test_the_same_amount_near_the_same_day_is_the_same_document():
    rows = reconcile(
        [doc("a", 100, days=0), doc("b", 100, days=20)],
        [doc("x", 100, days=21), doc("y", 100, days=1)],
    )
    assert {row.ours.key: row.theirs.key for row in rows} == {"a": "y", "b": "x"}


def test_the_same_amount_at_another_time_is_another_document():
    rows = reconcile([doc("a", 100, days=0)], [doc("x", 100, days=90)])
    assert kinds(rows) == {"a": "not_booked", "x": "unknown"}


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ({"amount": 100}, {"amount": 100}, "matched"),
        ({"amount": 100, "home": 90}, {"amount": 100, "home": 91}, "exchange"),
        ({"amount": 100}, {"amount": 120}, "amount"),
        ({"amount": 100}, {"amount": 40, "total": 100}, "in_transit"),
        ({"amount": 40, "total": 100}, {"amount": 100}, "not_received"),
        ({"amount": 100}, {"amount": 95, "currency": FRANC}, "currency"),
        ({"amount": -100}, {"amount": -40, "total": -100}, "in_transit"),
    ],
)
def test_a_pair_says_what_differs(ours, theirs, kind):
    rows = reconcile(
        [doc("a", reference="F-001", **ours)], [doc("x", reference="F-001", **theirs)]
    )
    assert [row.kind for row in rows] == [kind]


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "not_booked"),
        ({"F001": "settled"}, "in_transit"),
        ({"F001": "draft"}, "draft"),
        ({"F001": "later"}, "later"),
    ],
)
def test_what_the_debtor_does_not_have_open_is_explained(known, kind):
    rows = reconcile([doc("a", 100, "F-001")], [], known_theirs=known)
    assert [row.kind for row in rows] == [kind]


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "unknown"),
        ({"F001": "settled"}, "not_received"),
        ({"F001": "draft"}, "not_issued"),
        ({"F001": "later"}, "not_issued"),
    ],
)
def test_what_the_creditor_does_not_have_open_is_explained(known, kind):
    rows = reconcile([], [doc("x", 100, "F-001")], known_ours=known)
    assert [row.kind for row in rows] == [kind]


def test_money_without_a_document_is_to_be_allocated():
    rows = reconcile([doc("a", -50, is_document=False)], [])
    assert kinds(rows) == {"a": "unallocated"}


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from([-100, -40, 40, 100, 120]),
        st.sampled_from(["", "F-001", "F-002", "F-003"]),
        st.integers(0, 100),
        st.sampled_from([EURO, FRANC]),
        st.booleans(),
    ),
    max_size=8,
)


def build(prefix, drawn):
    return [
        doc(f"{prefix}{n}", amount, reference, days, 100, currency, is_document=is_doc)
        for n, (amount, reference, days, currency, is_doc) in enumerate(drawn)
    ]


@given(ours=DOCUMENTS, theirs=DOCUMENTS)
def test_every_document_is_in_one_row_and_the_rows_make_the_difference(ours, theirs):
    ours, theirs = build("a", ours), build("x", theirs)
    rows = reconcile(ours, theirs)
    assert sorted(row.ours.key for row in rows if row.ours) == sorted(
        one.key for one in ours
    )
    assert sorted(row.theirs.key for row in rows if row.theirs) == sorted(
        one.key for one in theirs
    )
    expected, found = defaultdict(Decimal), defaultdict(Decimal)
    for one in ours:
        expected[one.currency] += one.amount
    for one in theirs:
        expected[one.currency] -= one.amount
    for row in rows:
        assert row.kind in KINDS
        for currency, amount in row.differences.items():
            found[currency] += amount
        if row.kind in AGREED:
            assert not any(row.differences.values())
    assert {c: a for c, a in found.items() if a} == {
        c: a for c, a in expected.items() if a
    }


@given(ours=DOCUMENTS, theirs=DOCUMENTS)
def test_the_order_of_reading_changes_nothing(ours, theirs):
    ours, theirs = build("a", ours), build("x", theirs)
    assert reconcile(ours, theirs) == reconcile(ours[::-1], theirs[::-1])
