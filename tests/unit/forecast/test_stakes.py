"""Parts of an item: promised, agreed, under way, disputed, and the rest."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_curve import Curve
from recouvrement_reporting.tools.flows import Horizon
from recouvrement_reporting.tools.stakes import Agreement, Fact, Planner, share_out

CENT = Decimal("0.01")
SUNDAY = date(2026, 11, 22)
STEADY = Curve(-60, [0.04] * 300, 0.04)
PLANNER = Planner(Horizon(SUNDAY), {1: STEADY}, CENT, dispute_days=60)


def day(number):
    return SUNDAY + timedelta(days=number)


def fact(amount="1000", due=-10, **values):
    return Fact(7, 1, 3, day(due), Decimal(amount), **values)


def by_week(stakes, source=None):
    weeks = PLANNER.horizon.weeks
    return [
        sum(
            sum(one.cells[PLANNER.horizon.cells(week)])
            for one in stakes
            if source in (None, one.source)
        )
        for week in weeks
    ]


def test_an_item_without_anything_agreed_comes_in_as_usual():
    [stake] = PLANNER.stakes(fact())
    assert (stake.source, stake.amount) == ("delay", Decimal(1000))
    [chance] = STEADY.reached(10, [7])
    assert by_week([stake])[0] == pytest.approx(Decimal(1000 * chance), abs=CENT)


def test_a_promise_takes_its_part_and_the_rest_waits_for_it():
    promise = Agreement("promise", Decimal(600), day(10), 0.75)
    stakes = PLANNER.stakes(fact(agreements=(promise,)))
    assert [(one.source, one.amount) for one in stakes] == [
        ("promise", Decimal(600)),
        ("delay", Decimal(400)),
    ]
    assert stakes[0].date_expected == day(10)
    assert by_week(stakes)[0] == 0
    assert by_week(stakes, "promise")[1] >= Decimal(450)


def test_the_instalments_of_a_plan_come_on_their_days():
    plan = tuple(
        Agreement("plan", Decimal(250), day(7 * number), 1.0) for number in (1, 3, 5)
    )
    stakes = PLANNER.stakes(fact("750", agreements=plan))
    assert by_week(stakes)[:6] == [250, 0, 250, 0, 250, 0]


def test_an_instalment_that_is_late_comes_in_as_usual_but_stays_in_its_plan():
    late = Agreement("plan", Decimal(1000), day(-3), 0.9)
    [stake] = PLANNER.stakes(fact(agreements=(late,)))
    [usual] = PLANNER.stakes(fact())
    assert (stake.source, stake.cells) == ("plan", usual.cells)


def test_what_is_agreed_never_exceeds_the_item():
    twice = tuple(
        Agreement(source, Decimal(800), day(5), 1.0)
        for source in ("transit", "promise")
    )
    stakes = PLANNER.stakes(fact(agreements=twice))
    assert [one.amount for one in stakes] == [Decimal(800), Decimal(200)]


def test_a_disputed_item_is_expected_later():
    [disputed] = PLANNER.stakes(fact(status="disputed"))
    [usual] = PLANNER.stakes(fact())
    assert disputed.source == "dispute"
    assert sum(disputed.cells[:4]) < sum(usual.cells[:4]) / 3
    assert disputed.date_expected > usual.date_expected


@pytest.mark.parametrize("status", ["litigation", "insolvency"])
def test_what_is_in_court_is_not_counted_on(status):
    assert PLANNER.stakes(fact(status=status)) == []


def test_a_doubtful_item_brings_what_is_not_lost():
    [stake] = PLANNER.stakes(fact(loss=Decimal("0.35")))
    assert stake.amount == Decimal(650)
    assert PLANNER.stakes(fact(loss=Decimal(1))) == []


def test_a_hold_puts_off_what_is_overdue_and_nothing_else():
    hold = {"hold_until": day(20)}
    assert by_week(PLANNER.stakes(fact(**hold)))[:2] == [0, 0]
    coming = {"due": 5}
    assert by_week(PLANNER.stakes(fact(**coming, **hold))) == by_week(
        PLANNER.stakes(fact(**coming))
    )


@given(
    amount=st.decimals("0.01", "1000000", places=2),
    due=st.integers(-400, 90),
    loss=st.decimals("0", "1", places=2),
    parts=st.lists(
        st.tuples(
            st.sampled_from(("promise", "plan", "transit")),
            st.decimals("0.01", "500000", places=2),
            st.integers(-30, 120),
            st.floats(0, 1),
        ),
        max_size=4,
    ),
    status=st.sampled_from(("to_chase", "disputed", "promised", "plan", "excluded")),
)
def test_parts_add_up_to_what_is_not_lost(amount, due, loss, parts, status):
    agreements = tuple(
        Agreement(source, part, day(when), rate) for source, part, when, rate in parts
    )
    one = fact(amount, due, status=status, loss=loss, agreements=agreements)
    stakes = PLANNER.stakes(one)
    assert sum(stake.amount for stake in stakes) == (amount * (1 - loss)).quantize(CENT)
    for stake in stakes:
        assert all(cell >= 0 for cell in stake.cells)
        assert sum(stake.cells) <= stake.amount


@given(
    amounts=st.lists(st.decimals("0.01", "1000", places=2), min_size=1, max_size=5),
    items=st.lists(st.decimals("0.01", "1000", places=2), min_size=1, max_size=5),
)
def test_what_was_agreed_is_shared_among_the_items_oldest_first(amounts, items):
    agreements = [
        Agreement("plan", amount, day(number), 1.0)
        for number, amount in enumerate(amounts)
    ]
    shared = share_out(agreements, list(enumerate(items)))
    parts = {key: sum(one.amount for one in found) for key, found in shared.items()}
    assert sum(parts.values()) == min(sum(amounts), sum(items))
    filled = [parts.get(key, 0) == amount for key, amount in enumerate(items)]
    assert filled == sorted(filled, reverse=True)
