"""Promises judged by hand, and against a day-by-day model on random ledgers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recouvrement.tools.matches import Match, Settled, settled
from recouvrement.tools.promise import Item, Terms, judge, snapshot

D = Decimal
MADE = date(2026, 3, 2)
DEADLINE = MADE + timedelta(days=10)
LATE = DEADLINE + timedelta(days=1)


def day(number):
    return MADE + timedelta(days=number)


def paid(number, amount):
    return Match(day(number), D(amount), True)


def credited(number, amount):
    return Match(day(number), D(amount), False)


def terms(amount=100, tolerance=0):
    return Terms(D(amount), MADE, DEADLINE, D(tolerance))


def verdict(*matches, amount=100, owed=100, tolerance=0, today=MADE):
    item = Item(D(owed), matches=matches)
    return judge(terms(amount, tolerance), [item], today)


# == By hand ==


@pytest.mark.parametrize(
    ("matches", "today", "state", "reason"),
    [
        ((), MADE, "open", "waiting"),
        ((), DEADLINE, "open", "waiting"),
        ((), LATE, "broken", "not_paid"),
        ((paid(0, 100),), MADE, "kept", "paid"),
        ((paid(10, 100),), LATE, "kept", "paid"),
        ((paid(11, 100),), LATE, "broken", "paid_late"),
        ((paid(3, 40),), DEADLINE, "open", "part_received"),
        ((paid(3, 40),), LATE, "partly", "paid_less"),
        ((paid(3, 40), paid(12, 60)), day(12), "partly", "paid_late"),
        ((credited(3, 100),), MADE, "void", "settled_otherwise"),
        ((credited(3, 40), paid(4, 60)), LATE, "kept", "paid_rest"),
        ((credited(3, 40), paid(4, 50)), LATE, "partly", "paid_less"),
        ((credited(11, 100),), LATE, "broken", "not_paid"),
    ],
)
def test_states_and_reasons(matches, today, state, reason):
    found = verdict(*matches, today=today)
    assert (found.state, found.reason) == (state, reason)


def test_figures_of_a_promise_paid_in_part_in_time_and_in_part_late():
    found = verdict(paid(3, 40), credited(4, 10), paid(12, 50), today=day(20))
    assert found.required == 90
    assert found.paid_in_time == 40
    assert found.paid == 90
    assert found.missing == 0
    assert found.decided_on == LATE


def test_an_open_promise_tells_what_is_missing():
    assert verdict(paid(3, 40), credited(4, 10), today=day(5)).missing == 50


def test_a_promise_of_a_part_is_not_lowered_by_a_credit_on_the_rest():
    assert verdict(credited(2, 100), amount=100, owed=200).required == 100
    assert verdict(credited(2, 150), amount=100, owed=200).required == 50


def test_the_day_of_decision_is_the_first_that_suffices():
    found = verdict(paid(2, 60), credited(5, 40), today=day(30))
    assert (found.state, found.decided_on) == ("kept", day(5))
    assert verdict(paid(-4, 100)).decided_on == MADE


def test_a_tolerance_forgives_a_shortfall_up_to_itself():
    assert verdict(paid(1, "99.00"), tolerance=1).state == "kept"
    assert verdict(paid(1, "98.99"), tolerance=1).state == "open"
    assert verdict(paid(1, "0.80"), tolerance=1, today=LATE).state == "broken"


def test_a_tolerance_does_not_swallow_a_small_promise():
    assert verdict(amount="0.80", tolerance=1, today=LATE).state == "broken"
    assert verdict(paid(1, "0.80"), amount="0.80", tolerance=1).state == "kept"


def test_what_was_matched_before_is_not_counted_nor_counted_twice():
    before = [paid(-5, 30), credited(-4, 20), paid(40, 10)]
    base, later = snapshot(before, DEADLINE)
    assert (base, later) == (Settled(D(30), D(20)), 10)

    def state(*matches):
        item = Item(D(40), base, later, matches)
        return judge(terms(40), [item], DEADLINE)

    assert state(*before).state == "open"
    assert state(*before).paid == 0
    assert state(*before[1:]).paid_in_time == 0  # an old payment came back
    assert state(*before, paid(3, 40)).state == "kept"


def test_items_of_a_promise_are_taken_together():
    items = [
        Item(D(60), matches=(paid(1, 60),)),
        Item(D(60), matches=(paid(2, 40),)),
    ]
    assert judge(terms(100), items, MADE).state == "kept"


# == Properties ==

amounts = st.integers(1, 6).map(lambda n: D(n * 10))
matches = st.lists(
    st.builds(Match, st.integers(-6, 18).map(day), amounts, st.booleans()), max_size=6
)


@st.composite
def cases(draw):
    """A promise on up to three items, with what was matched before and since."""
    items, owed = [], D(0)
    for _number in range(draw(st.integers(1, 3))):
        before = draw(matches)
        since = draw(matches)
        base, later = snapshot(before, DEADLINE)
        residual = draw(amounts)
        kept = before if draw(st.booleans()) else before[1:]
        items.append(Item(residual, base, later, tuple(kept + since)))
        owed += residual
    amount = draw(st.integers(1, int(owed)).map(D))
    tolerance = draw(st.sampled_from((D(0), D(1), D(10))))
    today = day(draw(st.integers(0, 20)))
    return Terms(amount, MADE, DEADLINE, tolerance), items, today


def simulate(promise, items, today):
    """The same question answered by living through the days, one after the other.

    Written from the rules of the documentation, not from the code: counters that grow
    day by day, looked at every evening up to the deadline.
    """
    forgiven = promise.tolerance if promise.amount > promise.tolerance else D(0)
    first_day = min([MADE, *(m.day for i in items for m in i.matches)])
    received = {i: D(0) for i in range(len(items))}
    otherwise = dict(received)
    decided = None
    evening = first_day
    while evening <= promise.deadline:
        for index, item in enumerate(items):
            for match in item.matches:
                if match.day == evening:
                    counter = received if match.is_receipt else otherwise
                    counter[index] += match.amount
        money = sum(max(D(0), received[i] - items[i].base.received) for i in received)
        rest = sum(i.residual for i in items) - sum(
            max(D(0), otherwise[i] - items[i].base.otherwise) for i in otherwise
        )
        asked = max(D(0), min(promise.amount, rest))
        done = asked <= forgiven or money >= asked - forgiven
        if done and decided is None:
            decided = max(evening, promise.made)
        evening += timedelta(days=1)
    if asked <= forgiven:
        return "void", asked, money, decided
    if money >= asked - forgiven:
        return "kept", asked, money, decided
    if today <= promise.deadline:
        return "open", asked, money, None
    state = "partly" if money > forgiven else "broken"
    return state, asked, money, promise.deadline + timedelta(days=1)


@settings(deadline=None, max_examples=600)
@given(cases())
def test_the_judgement_equals_living_through_the_days(case):
    promise, items, today = case
    found = judge(promise, items, today)
    expected = simulate(promise, items, today)
    assert (
        found.state,
        found.required,
        found.paid_in_time,
        found.decided_on,
    ) == expected


@settings(deadline=None, max_examples=200)
@given(cases(), st.integers(0, 9999))
def test_the_order_of_items_and_matches_does_not_matter(case, seed):
    promise, items, today = case
    random = Random(seed)
    mixed = [
        replace(item, matches=tuple(random.sample(item.matches, len(item.matches))))
        for item in random.sample(items, len(items))
    ]
    assert judge(promise, mixed, today) == judge(promise, items, today)


@settings(deadline=None, max_examples=200)
@given(cases())
def test_figures_are_coherent(case):
    promise, items, today = case
    found = judge(promise, items, today)
    assert D(0) <= found.required <= promise.amount
    assert D(0) <= found.paid_in_time <= found.paid
    assert (found.decided_on is None) == (found.state == "open")
    assert (found.missing > 0) <= (found.state == "open")
    if found.state in ("kept", "void"):
        assert found.decided_on <= promise.deadline
    elif found.state != "open":
        assert today > promise.deadline


@settings(deadline=None, max_examples=200)
@given(cases())
def test_a_decision_of_the_ledger_does_not_change_as_time_passes(case):
    promise, items, today = case
    found = judge(promise, items, today)
    assume(found.state != "open")
    assert judge(promise, items, day(400)) == found


@settings(deadline=None, max_examples=200)
@given(cases(), amounts, st.integers(-6, 10))
def test_more_money_in_time_never_hurts(case, more, when):
    promise, items, today = case
    rank = {"broken": 0, "open": 1, "partly": 1, "kept": 2, "void": 2}
    before = judge(promise, items, today)
    richer = replace(items[0], matches=(*items[0].matches, paid(when, more)))
    after = judge(promise, [richer, *items[1:]], today)
    assert rank[after.state] >= rank[before.state]
    assert after.required == before.required


@settings(deadline=None, max_examples=200)
@given(cases(), amounts, st.integers(11, 30))
def test_what_comes_after_the_deadline_decides_nothing(case, more, when):
    promise, items, today = case
    before = judge(promise, items, today)
    late = (*items[0].matches, paid(when, more), credited(when, more))
    after = judge(promise, [replace(items[0], matches=late), *items[1:]], today)
    assert after.state == before.state
    assert after.paid_in_time == before.paid_in_time
    assert after.paid >= before.paid


@settings(deadline=None, max_examples=200)
@given(cases())
def test_undoing_everything_and_doing_it_again_changes_nothing(case):
    promise, items, today = case
    found = judge(promise, items, today)
    undone = [replace(item, matches=()) for item in items]
    nothing = judge(promise, undone, today)
    assert nothing.paid == 0
    assert nothing.state in ("open", "broken")
    again = [
        replace(u, matches=tuple(reversed(i.matches)))
        for u, i in zip(undone, items, strict=True)
    ]
    assert judge(promise, again, today) == found


def test_the_base_of_an_item_is_its_matching_up_to_the_deadline():
    found = [paid(-1, 10), credited(2, 20), paid(11, 40)]
    assert snapshot(found, DEADLINE)[0] == settled(found, DEADLINE)
