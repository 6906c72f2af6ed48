"""Days of the steps of a procedure, worked by hand."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools import procedural_calendar as cal
from recouvrement_litige.tools.timeline import PLANNED, START, Fact, Rule, due_days
from recouvrement_litige.tools.timeline import state as state_of

ORDER = [
    Rule("file", START, 15),
    Rule("order"),
    Rule("serve", "order", 3, "month"),
    Rule("opposition", "serve", 1, "month", distance=True),
    Rule("enforceable", "serve", 2, "month"),
    Rule("objection"),
    Rule("lawyer", "objection", 15),
]
OLD = [
    Rule("order"),
    Rule("serve", "order", 6, "month"),
    Rule("enforceable", "serve", 1, "month", distance=True),
]
SUMMONS = [
    Rule("summons"),
    Rule("hearing"),
    Rule("placing", "hearing", -15, anchor=PLANNED),
    Rule("appeal", "served", 1, "month", distance=True),
    Rule("served"),
]
TODAY = date(2026, 11, 22)


def _days(rules, facts, start=date(2026, 9, 1), **options):
    return due_days(rules, facts, start, **options)


def test_what_waits_for_another_step_has_no_day():
    days = _days(ORDER, {})
    assert days["file"] == date(2026, 9, 16)
    assert {days[key] for key in ("order", "serve", "opposition")} == {None}


def test_the_order_of_the_new_regime_is_served_within_three_months():
    days = _days(ORDER, {"order": Fact(done=date(2026, 9, 1))})
    assert days["serve"] == date(2026, 12, 1)
    days = _days(OLD, {"order": Fact(done=date(2026, 8, 31))})
    assert days["serve"] == date(2027, 3, 1)


def test_opposition_and_enforcement_run_from_the_service():
    served = {"serve": Fact(done=date(2026, 10, 15))}
    days = _days(ORDER, served)
    assert days["opposition"] == date(2026, 11, 16)
    assert days["enforceable"] == date(2026, 12, 15)
    assert _days(OLD, served)["enforceable"] == date(2026, 11, 16)


def test_distance_prolongs_what_the_debtor_may_do():
    served = {"serve": Fact(done=date(2026, 10, 15))}
    assert _days(ORDER, served, distance=2)["opposition"] == date(2027, 1, 15)
    assert _days(ORDER, served, distance=1)["opposition"] == date(2026, 12, 15)
    assert _days(ORDER, served, distance=1)["enforceable"] == date(2026, 12, 15)


def test_months_of_distance_are_not_cut_twice_at_the_end_of_a_month():
    rule = [Rule("serve"), Rule("opposition", "serve", 1, "month", distance=True)]
    served = {"serve": Fact(done=date(2026, 12, 31))}
    assert _days(rule, served, distance=2)["opposition"] == date(2027, 3, 31)


def test_before_a_hearing_one_counts_back():
    hearing = {"hearing": Fact(fixed=date(2026, 11, 26))}
    assert _days(SUMMONS, hearing)["placing"] == date(2026, 11, 10)
    assert _days(SUMMONS, hearing)["hearing"] == date(2026, 11, 26)


def test_a_day_fixed_by_the_court_wins():
    facts = {
        "order": Fact(done=date(2026, 9, 1)),
        "serve": Fact(fixed=date(2026, 10, 1)),
    }
    assert _days(ORDER, facts)["serve"] == date(2026, 10, 1)


def test_nothing_runs_from_a_step_without_object():
    facts = {"serve": Fact(done=date(2026, 10, 15), void=True)}
    assert _days(ORDER, facts)["opposition"] is None


def test_what_follows_a_term_has_a_day_before_the_term_is_over():
    rules = [
        Rule("send"),
        Rule("term", "send", 8),
        Rule("next", "term", 8, anchor=PLANNED),
        Rule("loop", "pool", 1, anchor=PLANNED),
        Rule("pool", "loop", 1, anchor=PLANNED),
        Rule("stray", "nowhere", 1),
    ]
    days = _days(rules, {"send": Fact(done=date(2026, 9, 1))})
    assert (days["term"], days["next"]) == (date(2026, 9, 9), date(2026, 9, 17))
    assert {days["loop"], days["pool"], days["stray"]} == {None}


def test_the_calendar_is_that_of_the_court():
    served = {"objection": Fact(done=date(2025, 12, 11))}
    assert _days(ORDER, served)["lawyer"] == date(2025, 12, 26)
    days = _days(ORDER, served, region="alsace_moselle")
    assert days["lawyer"] == date(2025, 12, 29)


def test_the_state_of_a_step():
    before = TODAY - timedelta(days=1)
    assert state_of(Fact(), None, TODAY) == "todo"
    assert state_of(Fact(), TODAY, TODAY) == "todo"
    assert state_of(Fact(), before, TODAY) == "late"
    assert state_of(Fact(), before, TODAY, "earliest") == "todo"
    assert state_of(Fact(done=TODAY), before, TODAY) == "done"
    assert state_of(Fact(void=True), before, TODAY) == "void"


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 2),
    st.sampled_from(cal.REGIONS),
)
def test_more_distance_or_a_later_service_never_ends_earlier(served, distance, region):
    def opposition(day, months):
        facts = {"serve": Fact(done=day)}
        options = {"region": region, "distance": months}
        return _days(ORDER, facts, **options)["opposition"]

    assert opposition(served, distance) <= opposition(served, distance + 1)
    later = served + timedelta(days=1)
    assert opposition(served, distance) <= opposition(later, distance)
