"""Schedules, and what the ledger makes of them."""

from datetime import date
from decimal import Decimal as D

import pytest

from recouvrement.tools.matches import Settled
from recouvrement.tools.plan import (
    Item,
    PlanError,
    add_months,
    allocate,
    due_days,
    late_amount,
    months_of,
    next_day,
    schedule,
    standing,
    totals,
)

START = date(2026, 1, 31)


def amounts(plan):
    return [one.amount for one in plan]


def test_the_last_instalment_takes_the_rounding():
    plan = schedule(D("1000.00"), START, number=3)
    assert amounts(plan) == [D("333.33"), D("333.33"), D("333.34")]


def test_month_ends_are_kept():
    plan = schedule(D("400.00"), START, number=4)
    assert [one.day for one in plan] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


@pytest.mark.parametrize(("interval", "days"), [("week", 7), ("fortnight", 14)])
def test_weeks_and_fortnights(interval, days):
    first, second, third = due_days(START, 3, interval)
    assert (second - first).days == (third - second).days == days


def test_a_first_payment_of_its_own():
    plan = schedule(D("1000.00"), START, number=4, first=D("400.00"))
    assert amounts(plan) == [D("400.00"), D("200.00"), D("200.00"), D("200.00")]


def test_an_amount_per_instalment_gives_their_number():
    plan = schedule(D("1000.00"), START, each=D("300.00"))
    assert amounts(plan) == [D("300.00")] * 3 + [D("100.00")]
    plan = schedule(D("1000.00"), START, each=D("300.00"), first=D("400.00"))
    assert amounts(plan) == [D("400.00"), D("300.00"), D("300.00")]


def test_an_amount_that_divides_the_total_leaves_no_crumb():
    assert amounts(schedule(D("900.00"), START, each=D("300.00"))) == [D("300.00")] * 3
    assert amounts(schedule(D("200.00"), START, each=D("500.00"))) == [D("200.00")]


def test_a_currency_without_cents():
    plan = schedule(D(1000), START, number=3, quantum=D(1))
    assert amounts(plan) == [D(333), D(333), D(334)]


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("nothing_owed", {"total": D(0), "number": 2}),
        ("too_few", {"total": D(10), "number": 0}),
        ("too_few", {"total": D(10), "number": 1, "first": D(4)}),
        ("first_above_total", {"total": D(10), "number": 2, "first": D(11)}),
        ("first_above_total", {"total": D(10), "each": D(2), "first": D(11)}),
        ("too_many", {"total": D("0.02"), "number": 3}),
        ("too_many", {"total": D(10), "number": 121}),
        ("too_many", {"total": D(10), "each": D("0.01")}),
        ("too_many", {"total": D(10), "number": 2, "first": D(10)}),
        ("no_amount", {"total": D(10), "each": D(0)}),
        ("no_amount", {"total": D(10), "number": 2, "first": D(0)}),
    ],
)
def test_what_cannot_be_a_plan(code, arguments):
    total = arguments.pop("total")
    with pytest.raises(PlanError) as error:
        schedule(total, START, **arguments)
    assert error.value.code == code


def test_months_that_were_begun_count():
    assert months_of([date(2026, 3, 31)], START) == 2
    assert months_of([date(2026, 4, 1)], START) == 3
    assert months_of([START], START) == 1
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def judge(received, remaining, today, grace=0, number=3):
    plan = schedule(D("300.00"), START, number=number)
    return allocate(plan, D(received), D(remaining), today, grace)


def test_receipts_pay_the_oldest_instalment_first():
    judged = judge("150", "150", START)
    assert [(one.paid, one.state) for one in judged] == [
        (D(100), "paid"),
        (D(50), "partly"),
        (D(0), "due"),
    ]
    assert next_day(judged) == date(2026, 2, 28)


def test_credit_notes_shorten_the_plan_from_its_end():
    judged = judge("0", "150", START)
    assert [(one.amount, one.state) for one in judged] == [
        (D(100), "due"),
        (D(50), "due"),
        (D(0), "void"),
    ]


def test_an_instalment_is_late_after_its_days_of_grace():
    assert standing(judge("0", "300", date(2026, 2, 5), grace=5)) == "accepted"
    judged = judge("40", "260", date(2026, 2, 6), grace=5)
    assert standing(judged) == "late"
    assert late_amount(judged) == D(60)


def test_everything_paid_or_credited_is_done():
    assert standing(judge("300", "0", START)) == "done"
    assert standing(judge("100", "0", START)) == "done"
    assert standing(judge("0", "0", START)) == "done"


def item(now, owed="100", base=("0", "0"), left=None):
    now = Settled(*map(D, now))
    base = Settled(*map(D, base))
    full = D(owed) + base.received + base.otherwise
    ledger = full - now.received - now.otherwise
    return Item(D(owed), base, now, ledger if left is None else D(left))


def test_what_was_paid_before_the_plan_is_not_counted_again():
    one = item(("70", "0"), base=("50", "0"))
    assert (one.received, one.remaining) == (D(20), D(80))


def test_a_payment_undone_from_before_the_plan_does_not_raise_it():
    one = item(("0", "0"), base=("50", "0"))
    assert (one.received, one.remaining) == (D(0), D(100))


def test_a_credit_note_replaced_by_a_payment_asks_nothing_more():
    one = item(("150", "0"), base=("0", "50"))
    assert (one.received, one.remaining) == (D(100), D(0))


def test_the_plan_follows_an_item_that_the_ledger_no_longer_owes():
    assert item(("0", "0"), left="0").remaining == D(0)
    assert totals([item(("30", "10")), item(("0", "0"))]) == (D(30), D(160))
