"""Delay curves: what is still open counts as « not yet », few items say little."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_curve import (
    Curve,
    Delays,
    Histories,
    own,
    pooled,
)

TERM = 30
HISTORY = st.lists(
    st.tuples(st.integers(-TERM, 200), st.booleans()), min_size=1, max_size=60
)


def delays_of(items, times=1):
    """Items ``(last day seen, paid then?)``, each entered 30 days before due."""
    found = Delays()
    for day, is_paid in items:
        found.add(-TERM, entered=times)
        found.add(day, paid=times * is_paid, left=times * (not is_paid))
    return found


def product_limit(items, day):
    """Kaplan and Meier's estimate, written as in the textbook."""
    share = 1.0
    for one in sorted({seen for seen, is_paid in items if is_paid and seen <= day}):
        at_risk = sum(seen >= one for seen, _paid in items)
        share *= 1 - sum(seen == one and paid for seen, paid in items) / at_risk
    return share


def test_without_open_items_the_curve_is_the_share_of_the_items():
    items = [(day, True) for day in range(100)]
    curve = pooled(delays_of(items, times=10_000))
    for day in (0, 10, 50, 79):
        assert curve.survival(day) == pytest.approx(1 - (day + 1) / 100, abs=1e-4)


def test_open_items_make_the_curve_slower_than_the_paid_ones_alone():
    """Half was paid after 10 days, half is open since 40: a median of paid invoices
    would say 10 days for all."""
    items = [(10, True)] * 50 + [(40, False)] * 50
    curve = pooled(delays_of(items, times=10_000))
    assert curve.survival(10) == pytest.approx(0.5, abs=1e-4)
    assert curve.survival(39) == pytest.approx(0.5, abs=1e-4)
    assert curve.reached(10, [20]) == [pytest.approx(0.0, abs=1e-4)]


@given(items=HISTORY)
def test_the_pool_is_the_product_limit_where_enough_items_are_at_risk(items):
    curve = pooled(delays_of(items, times=100_000))
    for day in range(-TERM, max(seen for seen, _paid in items)):
        expected = product_limit(items, day)
        assert curve.survival(day) == pytest.approx(expected, abs=1e-2)


def test_an_item_that_enters_late_is_not_at_risk_before():
    """Terms of 60 days next to terms of 30: the first pay at -40, when the others did
    not exist yet, and none of these is taken for a slow payer."""
    delays = Delays()
    delays.add(-60, entered=10_000)
    delays.add(-40, paid=10_000)
    delays.add(-30, entered=10_000)
    delays.add(5, paid=10_000)
    curve = pooled(delays)
    assert curve.reached(-30, [34, 35]) == [
        pytest.approx(0.0, abs=0.001),
        pytest.approx(0.95, abs=0.01),
    ]


def test_after_the_last_delay_seen_the_chance_stays_what_it_was():
    delays = delays_of([(day, True) for day in range(60)] + [(60, False)] * 40)
    curve = pooled(delays)
    chances = curve.reached(400, [30, 60])
    assert 0 < chances[0] < chances[1] < 1


def test_without_any_history_a_month_after_the_due_date_is_assumed():
    curve = pooled(Delays())
    assert curve.reached(-30, [30]) == [0.0]
    assert curve.reached(0, [23])[0] == pytest.approx(0.5, abs=0.02)
    assert curve.reached(400, [23])[0] == pytest.approx(0.5, abs=0.02)


def test_a_short_history_that_knows_no_payment_yet_does_not_expect_none():
    """Thirty invoices of the last days, none paid."""
    curve = pooled(delays_of([(5, False)] * 30))
    assert curve.reached(5, [60])[0] > 0.3


@given(
    items=HISTORY,
    mine=HISTORY,
    age=st.integers(-30, 300),
    weight=st.sampled_from((1, 10, 100)),
)
def test_chances_grow_with_time_and_stay_between_none_and_all(items, mine, age, weight):
    pool = pooled(delays_of(items))
    curve = own(pool, delays_of(mine), weight, -30, 300)
    for one in (pool, curve):
        chances = one.reached(age, [0, 1, 7, 30, 90, 365])
        assert chances[0] == pytest.approx(0.0, abs=1e-12)
        assert all(0 <= chance <= 1 for chance in chances)
        assert chances == sorted(chances)


@given(items=HISTORY, age=st.integers(-30, 100), cut=st.integers(1, 60))
def test_waiting_a_while_and_asking_again_gives_the_same_chance(items, age, cut):
    """P(unpaid for 90 days) = P(unpaid until the cut) × P(unpaid from then on)."""
    curve = pooled(delays_of(items))
    [whole] = curve.reached(age, [90])
    [before] = curve.reached(age, [cut])
    [after] = curve.reached(age + cut, [90 - cut])
    assert 1 - whole == pytest.approx((1 - before) * (1 - after))


def test_a_customer_leaves_the_pool_as_its_own_history_grows():
    """The pool pays on day 0, this customer on day 30."""
    pool = pooled(delays_of([(0, True)] * 500 + [(1, False)] * 30))
    before = 1.0
    for count in (1, 10, 100):
        mine = delays_of([(30, True)] * count)
        curve = own(pool, mine, 10, -30, 100)
        [soon] = curve.reached(-1, [5])
        assert soon < before
        share = 10 * (1 - pool.survival(4)) / (10 + count)
        assert soon == pytest.approx(share, abs=0.02)
        before = soon


def test_a_customer_without_items_of_its_own_follows_the_pool():
    pool = pooled(delays_of([(3, True)] * 50))
    assert own(pool, Delays(), 10, -30, 100) is pool


def test_delays_that_are_too_far_are_kept_at_the_ends():
    delays = Delays()
    delays.add(99_999, entered=1)
    delays.add(-99_999, entered=1)
    assert delays.at_risk(1095, 1095) == [2.0]


# ----------------------------------------------------------------------
# The same, said day by day
# ----------------------------------------------------------------------
COUNTS = st.lists(
    st.tuples(
        st.integers(-60, 150),
        st.integers(0, 3),
        st.floats(0, 2).map(lambda one: round(one, 3)),
        st.floats(0, 2).map(lambda one: round(one, 3)),
    ),
    max_size=40,
)
SPAN = st.tuples(st.integers(-90, 120), st.integers(0, 150)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


def of_counts(counts):
    found = Delays()
    for one in counts:
        found.add(*one)
    return found


def at_risk_day_by_day(delays, first, last):
    """Every day looks at its own counts, none is skipped."""
    risk = sum(n for day, n in delays.entered.items() if day < first)
    risk -= sum(n for day, n in delays.paid.items() if day < first)
    risk -= sum(n for day, n in delays.left.items() if day < first)
    found = []
    for day in range(first, last + 1):
        risk += delays.entered.get(day, 0.0)
        found.append(max(risk, 0.0))
        risk -= delays.paid.get(day, 0.0) + delays.left.get(day, 0.0)
    return found


@given(counts=COUNTS, span=SPAN)
def test_items_at_risk_are_those_of_each_day(counts, span):
    delays = of_counts(counts)
    assert delays.at_risk(*span) == at_risk_day_by_day(delays, *span)


@given(counts=COUNTS, others=COUNTS, span=SPAN, weight=st.sampled_from([0, 10, 100]))
def test_the_curve_of_a_customer_adds_the_pool_day_by_day(counts, others, span, weight):
    delays, pool = of_counts(counts), pooled(of_counts(others))
    curve = own(pool, delays, weight, *span)
    risks = at_risk_day_by_day(delays, *span)
    if not any(risks):
        assert curve is pool
        return
    for day, risk in enumerate(risks, span[0]):
        prior, rate = weight * pool.survival(day - 1), pool.hazard(day)
        if risk + prior > 1e-6:
            rate = (delays.paid.get(day, 0.0) + prior * rate) / (risk + prior)
        assert curve.hazard(day) == rate


@given(
    hazards=st.lists(st.floats(0, 0.5), max_size=50),
    age=st.integers(-90, 90),
    days=st.lists(st.integers(0, 150), max_size=10),
)
def test_what_is_reached_follows_from_what_is_still_unpaid(hazards, age, days):
    curve = Curve(-30, hazards, 0.02)
    assert curve.reached(age, days) == [
        1.0 - exp(curve.cumulated(age) - curve.cumulated(age + one)) for one in days
    ]


@given(counts=COUNTS)
def test_a_histogram_made_of_its_numbers_is_the_one_that_was_counted(counts):
    counted = of_counts(counts)
    days = sorted(counted.entered)
    columns = [days, *([side[day] for day in days] for side in sides(counted))]
    histories = Histories({7: columns})
    assert sides(histories[7]) == sides(counted)
    assert 8 not in histories and histories.get(8) is None
    assert list(histories) == [7] and len(histories) == 1


def sides(delays):
    return [delays.entered, delays.paid, delays.left]
