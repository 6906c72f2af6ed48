"""Procedural delays against cases worked by hand on the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools import procedural_calendar as cal

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
REGION = st.sampled_from(cal.REGIONS)

# Easter Sundays as published (Institut de mécanique céleste).
EASTER = {
    2000: (4, 23),
    2008: (3, 23),
    2011: (4, 24),
    2019: (4, 21),
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2028: (4, 16),
    2038: (4, 25),
}
HOLIDAYS_2026 = [
    (1, 1),
    (4, 6),
    (5, 1),
    (5, 8),
    (5, 14),
    (5, 25),
    (7, 14),
    (8, 15),
    (11, 1),
    (11, 11),
    (12, 25),
]


@pytest.mark.parametrize("year", EASTER)
def test_easter_is_on_the_day_published(year):
    assert cal.easter_sunday(year) == date(year, *EASTER[year])


def test_there_are_eleven_legal_holidays():
    assert sorted(cal.holidays(2026)) == [date(2026, *day) for day in HOLIDAYS_2026]


@pytest.mark.parametrize(
    ("region", "extra"),
    [
        ("alsace_moselle", [(4, 3), (12, 26)]),
        ("mayotte", [(4, 27)]),
        ("martinique", [(5, 22)]),
        ("guadeloupe", [(5, 27)]),
        ("saint_martin", [(5, 28)]),
        ("guyane", [(6, 10)]),
        ("saint_barthelemy", [(10, 9)]),
        ("reunion", [(12, 20)]),
        ("overseas", []),
        ("nouvelle_caledonie", []),
    ],
)
def test_some_regions_have_days_of_their_own(region, extra):
    days = set(cal.holidays(2026, region)) - set(cal.holidays(2026))
    assert days == {date(2026, *day) for day in extra}


def test_an_unknown_region_is_refused():
    with pytest.raises(ValueError, match="unknown region"):
        cal.holidays(2026, "atlantis")


# start, count, unit, region, frank, end
WORKED = [
    # Days: the day of the act is not counted (641).
    ("2026-09-01", 8, "day", "metropole", False, "2026-09-09"),
    ("2026-09-04", 8, "day", "metropole", False, "2026-09-14"),  # Sat 12 -> Mon 14
    ("2026-09-05", 8, "day", "metropole", False, "2026-09-14"),  # Sun 13 -> Mon 14
    ("2026-11-03", 8, "day", "metropole", False, "2026-11-12"),  # Wed 11 Nov
    ("2026-04-29", 2, "day", "metropole", False, "2026-05-04"),  # Fri 1 May, week-end
    ("2026-05-06", 8, "day", "metropole", False, "2026-05-15"),  # Ascension
    ("2026-03-26", 8, "day", "metropole", False, "2026-04-03"),  # Good Friday worked
    ("2026-03-26", 8, "day", "alsace_moselle", False, "2026-04-07"),  # to Tuesday
    ("2025-12-10", 15, "day", "metropole", False, "2025-12-26"),  # Christmas
    ("2025-12-10", 15, "day", "alsace_moselle", False, "2025-12-29"),  # 26, week-end
    ("2027-12-13", 7, "day", "reunion", False, "2027-12-21"),  # Mon 20 December
    ("2027-12-13", 7, "day", "metropole", False, "2027-12-20"),
    ("2026-05-14", 8, "day", "martinique", False, "2026-05-26"),  # 22, W-E, Whit Mon
    ("2026-06-02", 8, "day", "guyane", False, "2026-06-11"),
    # Months: same day of the month, else the last day (641).
    ("2026-10-14", 1, "month", "metropole", False, "2026-11-16"),  # Sat 14
    ("2026-10-15", 1, "month", "metropole", False, "2026-11-16"),  # Sun 15
    ("2026-10-16", 1, "month", "metropole", False, "2026-11-16"),
    ("2026-10-31", 1, "month", "metropole", False, "2026-11-30"),
    ("2026-01-31", 1, "month", "metropole", False, "2026-03-02"),  # Sat 28 February
    ("2024-01-31", 1, "month", "metropole", False, "2024-02-29"),  # leap year
    ("2024-01-29", 1, "month", "metropole", False, "2024-02-29"),
    ("2025-01-29", 1, "month", "metropole", False, "2025-02-28"),
    ("2024-02-29", 12, "month", "metropole", False, "2025-02-28"),
    ("2024-02-29", 1, "year", "metropole", False, "2025-02-28"),
    ("2024-02-29", 4, "year", "metropole", False, "2028-02-29"),
    ("2026-08-31", 6, "month", "metropole", False, "2027-03-01"),  # Sun 28 February
    ("2026-09-01", 3, "month", "metropole", False, "2026-12-01"),
    ("2026-08-31", 3, "month", "metropole", False, "2026-11-30"),
    ("2026-11-30", 3, "month", "metropole", False, "2027-03-01"),  # Sun 28 February
    ("2026-10-01", 1, "month", "metropole", False, "2026-11-02"),  # Sun 1 November
    ("2026-12-01", 1, "month", "metropole", False, "2027-01-04"),  # Fri 1 January
    ("2026-03-25", 2, "month", "metropole", False, "2026-05-26"),  # Whit Monday
    ("2016-09-15", 10, "year", "metropole", False, "2026-09-15"),
    ("2016-11-01", 10, "year", "metropole", False, "2026-11-02"),
    # Clear delay: the last day is not counted either.
    ("2026-09-01", 8, "day", "metropole", True, "2026-09-10"),
    ("2026-09-03", 8, "day", "metropole", True, "2026-09-14"),
    # Back from a hearing: on a working day, never after.
    ("2026-11-26", -15, "day", "metropole", False, "2026-11-10"),  # Wed 11 -> Tue 10
    ("2026-09-30", -15, "day", "metropole", False, "2026-09-15"),
    ("2026-05-31", -1, "month", "metropole", False, "2026-04-30"),
    ("2026-09-30", -15, "day", "metropole", True, "2026-09-14"),
]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: " ".join(map(str, case[:5])))
def test_a_delay_ends_on_the_day_worked_by_hand(case):
    start, count, unit, region, frank, end = case
    assert cal.deadline(
        date.fromisoformat(start), count, unit, region, frank
    ) == date.fromisoformat(end)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        cal.deadline(date(2026, 1, 1), 1, "fortnight")


@pytest.mark.parametrize(
    ("country", "zip_code", "region"),
    [
        ("FR", "75011", "metropole"),
        ("", "", "metropole"),
        ("fr", "67 000", "alsace_moselle"),
        ("FR", "68100", "alsace_moselle"),
        ("FR", "57000", "alsace_moselle"),
        ("FR", "97110", "guadeloupe"),
        ("FR", "97150", "saint_martin"),
        ("FR", "97133", "saint_barthelemy"),
        ("FR", "97400", "reunion"),
        ("RE", "", "reunion"),
        ("YT", "97600", "mayotte"),
        ("PF", "98714", "polynesie"),
        ("BE", "1000", "abroad"),
    ],
)
def test_the_region_of_an_address(country, zip_code, region):
    assert cal.place_of(country, zip_code) == region


@pytest.mark.parametrize(
    ("court", "person", "months"),
    [
        ("metropole", "metropole", 0),
        ("metropole", "alsace_moselle", 0),
        ("alsace_moselle", "metropole", 0),
        ("metropole", "reunion", 1),
        ("metropole", "overseas", 1),
        ("reunion", "reunion", 0),
        ("reunion", "metropole", 1),
        ("reunion", "mayotte", 1),
        ("metropole", "abroad", 2),
        ("guyane", "abroad", 2),
        ("abroad", "abroad", 0),
    ],
)
def test_months_of_distance(court, person, months):
    assert cal.distance(court, person) == months


def test_distance_is_added_to_the_last_day():
    last = cal.deadline(date(2026, 9, 10), 1, "month")
    assert last == date(2026, 10, 12)
    assert cal.extend(date(2026, 10, 10), 2) == date(2026, 12, 10)
    assert cal.extend(date(2026, 10, 31), 1) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-10", 1, "2026-11-12"),
        ("2026-11-06", 2, "2026-11-10"),
        ("2026-12-24", 5, "2027-01-04"),
        ("2026-09-01", 0, "2026-09-01"),
    ],
)
def test_working_days_are_counted_one_by_one(start, count, end):
    assert cal.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(
        end
    )


@given(DAYS, st.integers(1, 400), st.sampled_from(cal.UNITS[:2]), REGION)
def test_a_delay_ends_on_a_working_day_and_not_too_late(start, count, unit, region):
    end = cal.deadline(start, count, unit, region)
    raw = (
        start + timedelta(days=count) if unit == "day" else cal.add_months(start, count)
    )
    assert cal.is_working(end, region)
    assert raw <= end
    skipped = (raw + timedelta(days=n) for n in range((end - raw).days))
    assert not any(cal.is_working(day, region) for day in skipped)


@given(DAYS, st.integers(1, 60), REGION)
def test_a_day_later_never_ends_earlier(start, count, region):
    later = start + timedelta(days=1)
    for unit in ("day", "month"):
        assert cal.deadline(start, count, unit, region) <= cal.deadline(
            later, count, unit, region
        )


@given(DAYS, st.integers(-120, -1), REGION)
def test_going_back_never_leaves_less_time_than_the_delay(hearing, count, region):
    last = cal.deadline(hearing, count, "day", region)
    assert cal.is_working(last, region)
    assert (hearing - last).days >= -count


@given(DAYS, st.integers(-48, 480))
def test_months_keep_the_day_or_take_the_last_one(day, count):
    end = cal.add_months(day, count)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == count
    following = end + timedelta(days=1)
    assert end.day == day.day or (following.day == 1 and end.day < day.day)
