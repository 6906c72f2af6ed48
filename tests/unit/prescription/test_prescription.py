"""Limit dates of practice, counted by hand."""

from datetime import date

import pytest

from recouvrement.tools.prescription import Event, Term, add_months, limit_dates

FIVE_YEARS = Term(5)
ONE_YEAR = Term(1)
PUBLIC = Term(4, start="next_january")


def codes(limits):
    return [step.code for step in limits.trail]


def safe(start, term, *events, **options):
    return limit_dates(start, term, events, **options).safe


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_months_end_on_the_same_day_else_on_the_last(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (FIVE_YEARS, date(2026, 3, 15)),  # C. com. art. L110-4, C. civ. art. 2224
        (Term(2), date(2023, 3, 15)),  # C. conso. art. L218-2
        (ONE_YEAR, date(2022, 3, 15)),  # CPCE-postes art. L34-2, C. com. art. L133-6
        (Term(14, "months"), date(2022, 5, 15)),
        (PUBLIC, date(2025, 12, 31)),  # loi 68-1250: four years from 1 January 2022
    ],
)
def test_without_events_the_delay_runs_from_the_start(term, expected):
    limits = limit_dates(date(2021, 3, 15), term)
    assert (limits.safe, limits.possible) == (expected, expected)
    assert codes(limits) == ["start"]
    assert not limits.ongoing


def test_a_claim_on_a_public_body_of_1_january_waits_for_the_next():
    assert safe(date(2022, 1, 1), PUBLIC) == date(2026, 12, 31)
    assert safe(date(2021, 12, 31), PUBLIC) == date(2025, 12, 31)


def test_an_acknowledgement_starts_the_same_delay_again():
    limits = limit_dates(date(2021, 3, 15), FIVE_YEARS, [Event(date(2023, 8, 31))])
    assert limits.safe == date(2028, 8, 31)
    assert codes(limits) == ["start", "interrupt"]
    assert limits.trail[1].limit == date(2028, 8, 31)


def test_an_event_on_the_last_day_is_in_time_and_the_day_after_too_late():
    start = date(2021, 3, 15)
    last = Event(date(2022, 3, 15), key="last")
    after = Event(date(2022, 3, 16), key="after")
    assert safe(start, ONE_YEAR, last) == date(2023, 3, 15)
    limits = limit_dates(start, ONE_YEAR, [after])
    assert limits.safe == date(2022, 3, 15)
    assert (limits.trail[1].code, limits.trail[1].key) == ("too_late", "after")


def test_proceedings_start_the_delay_from_their_end():
    suit = Event(date(2022, 1, 10), last=date(2024, 6, 30))
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [suit])
    assert limits.safe == date(2025, 6, 30)
    assert codes(limits) == ["start", "interrupt_end"]
    # An acknowledgement during the trial, long after the first delay, is in time.
    during = Event(date(2024, 2, 1))
    assert safe(date(2021, 3, 15), ONE_YEAR, suit, during) == date(2025, 6, 30)


def test_a_suit_that_goes_on_keeps_later_events_in_time():
    suit = Event(date(2022, 1, 10), ongoing=True)
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [suit])
    assert limits.ongoing
    assert limits.safe == date(2023, 1, 10)
    assert codes(limits) == ["start", "interrupt_ongoing"]
    later = limit_dates(
        date(2021, 3, 15), ONE_YEAR, [suit, Event(date(2024, 5, 1), "title")]
    )
    assert later.safe == date(2034, 5, 1)


def test_a_suit_withdrawn_has_no_effect():
    suit = Event(date(2022, 1, 10), last=date(2024, 6, 30), void=True)
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [suit])
    assert limits.safe == limits.possible == date(2022, 3, 15)
    assert codes(limits) == ["start", "void"]


def test_a_formal_notice_changes_nothing():
    limits = limit_dates(
        date(2021, 3, 15), ONE_YEAR, [Event(date(2021, 9, 1), "none", key=7)]
    )
    assert limits.safe == date(2022, 3, 15)
    assert limits.trail[-1] == ("none", date(2021, 9, 1), date(2022, 3, 15), 7)


def test_a_title_has_ten_years_and_enforcement_starts_ten_more():
    title = Event(date(2022, 2, 1), "title")
    seizure = Event(date(2030, 2, 1), uncapped=True)
    start = date(2021, 3, 15)
    assert safe(start, ONE_YEAR, title) == date(2032, 2, 1)
    assert safe(start, ONE_YEAR, title, seizure) == date(2040, 2, 1)
    assert codes(limit_dates(start, ONE_YEAR, [title])) == ["start", "title"]


def test_a_title_against_a_public_body_keeps_the_four_years():
    title = Event(date(2022, 2, 1), "title")
    assert safe(date(2021, 3, 15), PUBLIC, title) == date(2026, 12, 31)


def test_a_demand_to_a_public_body_counts_from_the_next_january():
    demand = Event(date(2025, 12, 31))
    assert safe(date(2021, 3, 15), PUBLIC, demand) == date(2029, 12, 31)
    again_in_the_year = limit_dates(
        date(2021, 3, 15), PUBLIC, [demand, Event(date(2025, 2, 1))]
    )
    assert again_in_the_year.safe == date(2029, 12, 31)
    assert codes(again_in_the_year) == ["start", "interrupt", "no_change"]


def test_a_suspension_adds_its_days():
    # 1 September to 1 December: 91 days do not run; 15 March 2022 + 91 = 14 June
    pause = Event(date(2021, 9, 1), "suspend", last=date(2021, 12, 1))
    assert safe(date(2021, 3, 15), ONE_YEAR, pause) == date(2022, 6, 14)


def test_at_least_six_months_are_left_after_a_mediation():
    # 20 days do not run: 15 March + 20 = 4 April; six months from 5 March are longer
    talks = Event(date(2022, 2, 13), "suspend", last=date(2022, 3, 5), floor_months=6)
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [talks])
    assert limits.safe == date(2022, 9, 5)
    assert codes(limits) == ["start", "suspend_floor"]
    early = Event(date(2021, 4, 1), "suspend", last=date(2021, 4, 11), floor_months=6)
    assert safe(date(2021, 3, 15), ONE_YEAR, early) == date(2022, 3, 25)


def test_days_suspended_twice_count_once():
    one = Event(date(2021, 9, 1), "suspend", last=date(2021, 10, 1))
    inside = Event(date(2021, 9, 10), "suspend", last=date(2021, 9, 20))
    across = Event(date(2021, 9, 21), "suspend", last=date(2021, 10, 11))
    start = date(2021, 3, 15)
    assert safe(start, ONE_YEAR, one) == date(2022, 4, 14)
    assert safe(start, ONE_YEAR, one, inside) == date(2022, 4, 14)
    assert safe(start, ONE_YEAR, one, across) == date(2022, 4, 24)
    # During a trial nothing runs that a suspension could stop.
    suit = Event(date(2021, 8, 1), last=date(2021, 12, 31))
    assert safe(start, ONE_YEAR, suit, one) == date(2022, 12, 31)


def test_an_acknowledgement_during_a_suspension_runs_from_its_end():
    # One year from 11 September 2021, and the 20 days still suspended
    pause = Event(date(2021, 9, 1), "suspend", last=date(2021, 10, 1))
    said = Event(date(2021, 9, 11))
    assert safe(date(2021, 3, 15), ONE_YEAR, pause, said) == date(2022, 10, 1)


def test_only_the_days_after_the_due_date_can_be_suspended():
    pause = Event(date(2021, 3, 1), "suspend", last=date(2021, 3, 25))
    assert safe(date(2021, 3, 15), ONE_YEAR, pause) == date(2022, 3, 25)


def test_a_suspension_that_goes_on_is_not_counted_yet():
    talks = Event(date(2021, 9, 1), "suspend", ongoing=True, floor_months=6)
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [talks])
    assert (limits.safe, limits.ongoing) == (date(2022, 3, 15), True)
    assert codes(limits) == ["start", "suspend_ongoing"]


def test_a_possible_event_shows_a_second_date_and_never_moves_the_safe_one():
    part = Event(date(2022, 1, 10), certain=False, key="payment")
    late = Event(date(2022, 9, 1), key="letter")
    limits = limit_dates(date(2021, 3, 15), ONE_YEAR, [part, late])
    assert limits.safe == date(2022, 3, 15)
    assert limits.possible == date(2023, 9, 1)
    assert codes(limits) == ["start", "possible", "too_late"]
    assert [step.code for step in limits.possible_trail] == [
        "start",
        "interrupt",
        "interrupt",
    ]


def test_twenty_years_are_the_end_except_for_claims_in_court():
    start = date(2000, 1, 10)
    said = [Event(date(2000 + 4 * n, 1, 10)) for n in range(1, 5)]
    limits = limit_dates(start, FIVE_YEARS, said)
    assert limits.safe == date(2020, 1, 10)
    assert codes(limits)[-1] == "ceiling"
    suit = Event(date(2019, 1, 10), last=date(2021, 5, 4), uncapped=True)
    assert safe(start, FIVE_YEARS, *said, suit) == date(2026, 5, 4)
    assert safe(start, FIVE_YEARS, *said, ceiling_years=30) == date(2021, 1, 10)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Term(0),
        lambda: Term(1, "weeks"),
        lambda: Term(1, start="tomorrow"),
        lambda: Event(date(2021, 1, 1), "reminder"),
        lambda: Event(date(2021, 1, 2), last=date(2021, 1, 1)),
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()
