"""What an answer to an item says of its amount."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.reconciliation import (
    AnswerError,
    check_answer,
    customer_amount,
    extra_amount,
)

DAY = date(2026, 11, 22)
AMOUNTS = st.decimals(-10_000, 10_000, places=2)


@pytest.mark.parametrize(
    ("answer", "amount", "expected"),
    [
        ("agreed", None, "100.00"),
        ("unknown", None, "0"),
        ("differs", "80.00", "80.00"),
        ("paid", None, "0"),
        ("paid", "30.00", "70.00"),
    ],
)
def test_each_answer_gives_the_customer_s_amount(answer, amount, expected):
    amount = Decimal(amount) if amount else None
    assert customer_amount(answer, Decimal("100.00"), amount) == Decimal(expected)


def test_no_answer_gives_none():
    assert customer_amount(None, Decimal(1)) is None
    assert customer_amount(False, Decimal(1)) is None


@pytest.mark.parametrize(
    ("answer", "values", "code"),
    [
        ("maybe", {}, "answer"),
        ("", {}, "answer"),
        ("differs", {}, "amount"),
        ("differs", {"amount": Decimal(100)}, "amount"),
        ("paid", {}, "date"),
        ("paid", {"day": DAY + timedelta(days=1)}, "date"),
        ("paid", {"day": DAY, "residual": Decimal(-5)}, "answer"),
        ("paid", {"day": DAY, "amount": Decimal(0)}, "amount"),
        ("paid", {"day": DAY, "amount": Decimal(-3)}, "amount"),
    ],
)
def test_what_is_missing_is_told(answer, values, code):
    with pytest.raises(AnswerError) as error:
        check_answer(answer, **{"today": DAY, "residual": Decimal(100), **values})
    assert error.value.code == code


def test_complete_answers_pass():
    check_answer("agreed")
    check_answer("unknown")
    check_answer("differs", Decimal(0), residual=Decimal(5))
    check_answer("paid", None, DAY, DAY, Decimal(5))
    check_answer("paid", Decimal(5), DAY, DAY, Decimal(5))


@given(AMOUNTS, AMOUNTS)
def test_differences_add_up_to_the_difference_of_the_balances(residual, theirs):
    balances = residual - customer_amount("differs", residual, theirs)
    assert balances == residual - theirs


def test_what_the_customer_holds_adds_or_takes():
    assert extra_amount("invoice", Decimal(5)) == 5
    assert extra_amount("other_debit", Decimal(5)) == 5
    for kind in ("payment", "credit_note", "other_credit"):
        assert extra_amount(kind, Decimal(5)) == -5
