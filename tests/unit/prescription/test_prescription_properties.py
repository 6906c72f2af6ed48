"""What must hold whatever happened to a claim."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.tools.prescription import Event, Term, limit_dates

ANY_SPEED = settings(deadline=None, max_examples=150)
starts = st.dates(date(2000, 1, 1), date(2026, 12, 31))
terms = st.builds(
    Term,
    st.integers(1, 5),
    st.just("years"),
    st.sampled_from(("due", "document", "next_january")),
) | st.builds(Term, st.integers(1, 14), st.just("months"))


@st.composite
def events_of(draw):
    day = draw(st.dates(date(2000, 1, 1), date(2035, 12, 31)))
    length = draw(st.none() | st.integers(0, 900))
    return Event(
        day,
        draw(st.sampled_from(("interrupt", "interrupt", "suspend", "title", "none"))),
        certain=draw(st.booleans()),
        last=None if length is None else day + timedelta(days=length),
        ongoing=draw(st.integers(0, 9)) == 0,
        void=draw(st.integers(0, 4)) == 0,
        floor_months=draw(st.sampled_from((0, 0, 6))),
        uncapped=draw(st.booleans()),
        key=draw(st.integers(0, 99)),
    )


facts = st.lists(events_of(), max_size=6)


@ANY_SPEED
@given(starts, terms, facts)
def test_the_safe_date_is_never_after_the_possible_one(start, term, events):
    limits = limit_dates(start, term, events)
    assert term.after(start) <= limits.safe <= limits.possible
    assert limits.trail[-1].limit == limits.safe
    assert limits.possible_trail[-1].limit == limits.possible


@ANY_SPEED
@given(starts, terms, facts, st.data())
def test_the_order_in_which_facts_are_told_is_nothing(start, term, events, data):
    mixed = data.draw(st.permutations(events))
    one, other = limit_dates(start, term, events), limit_dates(start, term, mixed)
    assert (one.safe, one.possible, one.ongoing) == (
        other.safe,
        other.possible,
        other.ongoing,
    )


@ANY_SPEED
@given(starts, terms, facts)
def test_only_certain_facts_move_the_safe_date(start, term, events):
    certain = [event for event in events if event.certain]
    assert limit_dates(start, term, events).safe == limit_dates(start, term, certain)[0]


@ANY_SPEED
@given(starts, terms, facts, events_of())
def test_a_void_fact_is_as_if_it_had_not_been(start, term, events, event):
    without = limit_dates(start, term, events)
    void = limit_dates(start, term, [*events, replace(event, void=True)])
    assert (void.safe, void.possible) == (without.safe, without.possible)


@ANY_SPEED
@given(starts, terms, facts, st.integers(1, 4000))
def test_what_comes_after_the_limit_revives_nothing(start, term, events, days):
    before = limit_dates(start, term, events)
    possible = limit_dates(start, term, [replace(one, certain=True) for one in events])
    if possible.ongoing:
        return
    late = Event(before.possible + timedelta(days=days))
    after = limit_dates(start, term, [*events, late])
    assert (after.safe, after.possible) == (before.safe, before.possible)
    assert "too_late" in {step.code for step in after.trail}


@ANY_SPEED
@given(starts, terms, facts)
def test_the_trail_tells_each_fact_once_and_only_moves_later(start, term, events):
    for trail in limit_dates(start, term, events)[3:]:
        assert trail[0].code == "start"
        assert sorted(str(step.key) for step in trail[1:]) == sorted(
            str(event.key) for event in events
        )
        limits = [step.limit for step in trail]
        assert limits == sorted(limits)
        silent = {"too_late", "void", "possible", "none", "no_change"}
        for step, previous in zip(trail[1:], trail, strict=False):
            if step.code in silent:
                assert step.limit == previous.limit


@ANY_SPEED
@given(starts, terms, facts)
def test_nothing_but_courts_goes_beyond_twenty_years(start, term, events):
    capped = [replace(one, uncapped=False) for one in events if one.kind != "title"]
    limits = limit_dates(start, term, capped)
    end = date(start.year + 20, start.month, min(start.day, 28)) + timedelta(days=3)
    assert limits.possible <= max(end, term.after(start))
