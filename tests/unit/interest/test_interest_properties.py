"""What must hold of the interest of any claim."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from interest_books import MRO, half_year_rate, slow_interest, table

from recouvrement.tools.interest import (
    Claim,
    FixedRate,
    HalfYearRate,
    Movement,
    Pause,
    Terms,
    accrue,
)

FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
TABLE = table()
ANY_SPEED = settings(deadline=None, max_examples=60)

days = st.dates(FIRST, LAST)
amounts = st.integers(1, 5_000_000).map(lambda cents: Decimal(cents) / 100)
kinds = st.sampled_from(("payment", "payment", "credit", "interest"))
bases = st.sampled_from(("365", "actual"))
imputations = st.sampled_from(("principal_first", "interest_first"))
percents = st.decimals(0, 30, places=2, allow_nan=False)


@st.composite
def movements_near(draw, due, signs=(1,), kinds=kinds):
    chosen = draw(
        st.lists(
            st.tuples(st.integers(-40, 900), amounts, st.sampled_from(signs), kinds),
            max_size=5,
        )
    )
    return tuple(
        Movement(max(due + timedelta(days=n), FIRST), amount * sign, kind)
        for n, amount, sign, kind in chosen
    )


@st.composite
def pauses_near(draw, due):
    chosen = draw(
        st.lists(
            st.tuples(st.integers(-30, 700), st.integers(0, 400), st.booleans()),
            max_size=2,
        )
    )
    return tuple(
        Pause(
            due + timedelta(days=first),
            None if for_ever else due + timedelta(days=first + length),
        )
        for first, length, for_ever in chosen
    )


@st.composite
def claims(draw, signs=(1,), kinds=kinds):
    due = draw(st.dates(FIRST, date(2025, 6, 30)))
    begin = draw(st.none() | st.integers(-10, 500))
    return Claim(
        principal=draw(amounts),
        due=due,
        movements=draw(movements_near(due, signs, kinds)),
        begin=None if begin is None else due + timedelta(days=begin),
        pauses=draw(pauses_near(due)),
    )


terms_of_law = st.builds(
    lambda frozen, basis, imputation, capitalise: Terms(
        HalfYearRate(TABLE, Decimal(10), frozen), basis, imputation, capitalise
    ),
    st.booleans(),
    bases,
    imputations,
    st.booleans(),
)


@settings(deadline=None, max_examples=200)
@given(claims(signs=(1, 1, 1, -1)), terms_of_law, days)
def test_the_engine_equals_a_count_day_by_day(claim, terms, until):
    rate_on = half_year_rate(MRO, Decimal(10), terms.rate.frozen)
    interest_first = terms.imputation == "interest_first"
    expected = slow_interest(
        claim, until, rate_on, terms.basis, interest_first, terms.capitalise
    )
    accrual = accrue(claim, terms, until)
    assert (accrual.total, accrual.balance, accrual.interest_paid) == expected


@ANY_SPEED
@given(claims(signs=(1, 1, -1)), percents, bases, days)
def test_a_fixed_rate_equals_a_count_day_by_day(claim, percent, basis, until):
    rate = Fraction(percent) / 100
    expected = slow_interest(claim, until, lambda *_days: rate, basis, False, False)
    accrual = accrue(claim, Terms(FixedRate(percent), basis), until)
    assert accrual.total == expected[0]


@ANY_SPEED
@given(claims(signs=(1, 1, -1)), terms_of_law, days, days, days)
def test_cutting_a_period_neither_loses_nor_invents_a_cent(claim, terms, a, b, c):
    first, cut, last = sorted((a, b, c))
    one = timedelta(days=1)
    whole = accrue(claim, terms, last)
    assert (
        accrue(claim, terms, cut).total
        + accrue(claim, terms, last, since=cut + one).total
        == whole.total
    )
    assert (
        accrue(claim, terms, cut, since=first).total
        + accrue(claim, terms, last, since=cut + one).total
        == accrue(claim, terms, last, since=first).total
    )
    later = accrue(claim, terms, last, since=cut + one)
    assert later[2:] == whole[2:]


@ANY_SPEED
@given(claims(signs=(1, 1, -1)), terms_of_law, days, st.none() | days)
def test_the_segments_are_the_whole_explanation(claim, terms, until, since):
    accrual = accrue(claim, terms, until, since)
    assert sum(one.amount for one in accrual.segments) == accrual.total
    start = max(claim.due + timedelta(days=1), claim.begin or FIRST, since or FIRST)
    previous = start - timedelta(days=1)
    for one in accrual.segments:
        assert previous < one.first <= one.last <= until
        assert one.days == (one.last - one.first).days + 1
        assert one.base > 0 and one.amount >= 0
        exact = one.base * one.days * one.rate / 100 / one.year_days
        assert abs(one.amount - exact) < Decimal("0.01")
        assert (one.reason == "pause") == _in_pause(claim, one.first)
        assert _in_pause(claim, one.first) == _in_pause(claim, one.last)
        previous = one.last


def _in_pause(claim, day):
    return any(one.first <= day <= (one.last or LAST) for one in claim.pauses)


@ANY_SPEED
@given(claims(signs=(1, -1)), terms_of_law, days, days)
def test_interest_never_goes_down_with_time(claim, terms, one_day, other_day):
    early, late = sorted((one_day, other_day))
    assert accrue(claim, terms, early).total <= accrue(claim, terms, late).total


@ANY_SPEED
@given(claims(), amounts, bases, days)
def test_more_principal_never_bears_less(claim, more, basis, until):
    terms = Terms(HalfYearRate(TABLE, Decimal(10)), basis)
    bigger = claim._replace(principal=claim.principal + more)
    assert accrue(claim, terms, until).total <= accrue(bigger, terms, until).total


@ANY_SPEED
@given(claims(), percents, percents, bases, days)
def test_a_higher_rate_never_bears_less(claim, one, other, basis, until):
    low, high = (
        accrue(claim, Terms(FixedRate(percent), basis), until).total
        for percent in sorted((one, other))
    )
    assert low <= high


@ANY_SPEED
@given(claims(), percents, days)
def test_a_later_payment_never_bears_less(claim, percent, until):
    assume(claim.movements)
    terms = Terms(FixedRate(percent))
    week = timedelta(days=7)
    later = claim._replace(
        movements=tuple(one._replace(day=one.day + week) for one in claim.movements)
    )
    assert accrue(claim, terms, until).total <= accrue(later, terms, until).total


@ANY_SPEED
@given(claims(signs=(1, -1)), terms_of_law, days, st.data())
def test_the_order_of_what_happened_on_a_day_is_nothing(claim, terms, until, data):
    same_day = tuple(
        one._replace(day=claim.movements[0].day) for one in claim.movements
    )
    claim = claim._replace(movements=same_day)
    mixed = data.draw(st.permutations(same_day))
    shuffled = claim._replace(movements=tuple(mixed), pauses=claim.pauses[::-1])
    assert accrue(claim, terms, until) == accrue(shuffled, terms, until)


@ANY_SPEED
@given(claims(), percents, bases, st.integers(0, 400), st.integers(0, 200))
def test_a_pause_removes_exactly_its_days(claim, percent, basis, after, length):
    claim = claim._replace(pauses=(), begin=None)
    terms = Terms(FixedRate(percent), basis)
    first = claim.due + timedelta(days=1 + after)
    last = first + timedelta(days=length)
    paused = claim._replace(pauses=(Pause(first, last),))
    before = accrue(claim, terms, first - timedelta(days=1))
    assert accrue(paused, terms, last).total == before.total
    rest = sum(
        one.days
        for one in accrue(paused, terms, LAST).segments
        if one.reason != "pause"
    )
    stopped = sum(one.days for one in accrue(claim, terms, last, since=first).segments)
    assert rest + stopped == sum(
        one.days for one in accrue(claim, terms, LAST).segments
    )


@ANY_SPEED
@given(claims(), terms_of_law, days)
def test_nothing_is_borne_by_nothing(claim, terms, until):
    for principal in (Decimal(0), Decimal(-5)):
        accrual = accrue(claim._replace(principal=principal), terms, until)
        assert accrual.total == 0 and not accrual.segments
    before = min(until, claim.due)
    assert accrue(claim, terms, before).total == 0
    paid = (Movement(claim.due, claim.principal, "credit"),)
    assert accrue(claim._replace(movements=paid), terms, until).total == 0


@ANY_SPEED
@given(claims(), bases, days)
def test_a_frozen_rate_differs_only_when_the_figures_move(claim, basis, until):
    flat = table({year: ("2.00", "2.00") for year in MRO}, "flat")
    frozen, moving = (
        accrue(claim, Terms(HalfYearRate(flat, Decimal(8), frozen), basis), until)
        for frozen in (True, False)
    )
    assert frozen.total == moving.total
    assert {one.rate for one in frozen.segments if one.reason != "pause"} <= {10}


@ANY_SPEED
@given(claims(), terms_of_law, days, st.integers(0, 3))
def test_the_smallest_unit_of_the_currency_is_kept(claim, terms, until, digits):
    accrual = accrue(claim._replace(digits=digits), terms, until)
    assert accrual.total.as_tuple().exponent == -digits
    assert sum(one.amount for one in accrual.segments) == accrual.total


@ANY_SPEED
@given(claims(kinds=st.just("payment")), bases, days)
def test_no_payment_is_lost_between_principal_and_interest(claim, basis, until):
    terms = Terms(HalfYearRate(TABLE, Decimal(10)), basis, "interest_first")
    accrual = accrue(claim, terms, until)
    received = sum(one.amount for one in claim.movements if one.day <= until)
    assert claim.principal - accrual.balance + accrual.interest_paid == received
    assert 0 <= accrual.interest_paid <= accrual.total
    if accrual.balance < claim.principal:
        gross = accrue(claim, terms, until).total
        assert (
            gross
            >= accrue(claim, Terms(terms.rate, basis, "principal_first"), until).total
        )
