"""What holds whatever is paid, credited, undone, and on whatever day."""

from datetime import date, timedelta
from decimal import Decimal as D

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recouvrement.tools.matches import Settled
from recouvrement.tools.plan import (
    Item,
    PlanError,
    allocate,
    due_days,
    late_amount,
    next_day,
    schedule,
    standing,
    totals,
)

ANY_SPEED = settings(deadline=None, max_examples=200)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
cents = st.decimals(D("0.01"), D("100000"), places=2)
shares = st.decimals(D(0), D(1), places=4)
intervals = st.sampled_from(("month", "week", "fortnight"))


@st.composite
def plans(draw):
    total = draw(st.decimals(D("10.00"), D("50000"), places=2))
    first = draw(st.none() | st.decimals(D("1.00"), D("9.00"), places=2))
    least = 2 if first is not None else 1
    return schedule(
        total,
        draw(days),
        number=draw(st.integers(least, 36)),
        first=first,
        interval=draw(intervals),
    )


@st.composite
def items(draw):
    """An item with matches before the plan and other ones today, as a ledger has
    them: never more than the item."""
    amount = draw(st.decimals(D(1), D(9000), places=2))
    parts = []
    for _moment in ("then", "now"):
        received = (amount * draw(shares)).quantize(D("0.01"))
        otherwise = ((amount - received) * draw(shares)).quantize(D("0.01"))
        parts.append(Settled(received, otherwise))
    base, now = parts
    owed = amount - base.received - base.otherwise
    assume(owed > 0)
    return Item(owed, base, now, amount - now.received - now.otherwise)


@ANY_SPEED
@given(cents, days, st.integers(1, 60), intervals)
def test_a_schedule_adds_up_and_moves_on(total, first_day, number, interval):
    try:
        plan = schedule(total, first_day, number=number, interval=interval)
    except PlanError:
        assert total < D("0.01") * number
        return
    assert sum(one.amount for one in plan) == total
    assert len(plan) == number and plan[0].day == first_day
    moments = [one.day for one in plan]
    assert moments == sorted(set(moments))
    each, last = plan[0].amount, plan[-1].amount
    assert each <= last < each + D("0.01") * number


@ANY_SPEED
@given(cents, cents, st.none() | cents, days)
def test_an_amount_per_instalment_is_never_exceeded(total, each, first, first_day):
    try:
        plan = schedule(total, first_day, each=each, first=first)
    except PlanError as error:
        assert error.code in ("too_many", "first_above_total")
        return
    assert sum(one.amount for one in plan) == total
    others = plan if first is None else plan[1:]
    assert all(0 < one.amount <= each for one in others)


@ANY_SPEED
@given(days, st.integers(1, 120))
def test_monthly_instalments_fall_in_each_month_once(first_day, number):
    months = [(day.year, day.month) for day in due_days(first_day, number)]
    assert len(set(months)) == number
    assert all(day.day <= first_day.day for day in due_days(first_day, number))


@ANY_SPEED
@given(items())
def test_an_item_is_never_asked_more_than_the_ledger_owes(item):
    assert 0 <= item.remaining <= item.open
    assert 0 <= item.received <= item.owed
    assert item.received + item.remaining <= item.owed


@ANY_SPEED
@given(st.lists(items(), min_size=1, max_size=5), st.integers(1, 12), days, days)
def test_nothing_is_lost_or_invented(found, number, first_day, today):
    total = sum(item.owed for item in found)
    assume(total >= D("0.01") * number)
    plan = schedule(total, first_day, number=number)
    received, remaining = totals(found)
    judged = allocate(plan, received, remaining, today)
    assert sum(one.paid for one in judged) == received
    assert sum(one.missing for one in judged) == remaining
    assert all(0 <= one.paid <= one.amount <= one.instalment.amount for one in judged)
    full = [one.paid == one.amount for one in judged if one.amount]
    assert full == sorted(full, reverse=True)
    kept = [one.amount == one.instalment.amount for one in judged]
    assert kept == sorted(kept, reverse=True)


@ANY_SPEED
@given(plans(), shares, shares, days, st.integers(0, 30))
def test_the_state_says_what_the_instalments_say(plan, share, credit, today, grace):
    total = sum(one.amount for one in plan)
    received = (total * share).quantize(D("0.01"))
    credited = ((total - received) * credit).quantize(D("0.01"))
    judged = allocate(plan, received, total - received - credited, today, grace)
    state = standing(judged)
    late = {
        one.instalment.number
        for one in judged
        if one.missing and one.instalment.day + timedelta(days=grace) < today
    }
    assert {one.instalment.number for one in judged if one.state == "late"} == late
    assert (state == "done") == (received + credited == total)
    assert (state == "late") == bool(late)
    assert (late_amount(judged) > 0) == bool(late)
    assert (next_day(judged) is None) == (state == "done")


@ANY_SPEED
@given(plans(), shares, shares, days)
def test_money_never_makes_a_plan_worse(plan, less, more, today):
    total = sum(one.amount for one in plan)
    low, high = sorted((total * share).quantize(D("0.01")) for share in (less, more))
    before = allocate(plan, low, total - low, today)
    after = allocate(plan, high, total - high, today)
    rank = {"late": 0, "accepted": 1, "done": 2}
    assert rank[standing(before)] <= rank[standing(after)]
    assert late_amount(after) <= late_amount(before)
