"""Options of a client: what is followed, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.ageing import AgeingError
from recouvrement_reporting.tools.options import columns_of, read_options

TODAY = date(2026, 11, 22)


def test_nothing_asked_is_today_by_customer():
    options = read_options({}, TODAY)
    assert (options.as_of, options.compare) == (TODAY, None)
    assert options.group_by == "debtor"
    assert options.plan.bounds == (0, 30, 60, 90, 180)
    assert columns_of(options) == ["0", "1", "2", "3", "4", "5", "credit"]


def test_columns_follow_what_is_shown():
    options = read_options({"apart": True, "credits": "bucket", "bounds": [30]}, TODAY)
    assert columns_of(options, unknown=True) == [
        "0",
        "1",
        "2",
        "unknown",
        "disputed",
        "doubtful",
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"as_of": "2026-11-23"},
        {"compare": "2027-01-01"},
        {"as_of": "22/11/2026"},
        {"as_of": 20261122},
        {"group_by": "id"},
        {"currency": "EUR"},
        {"currency": True},
        {"currency": -1},
        {"rate": "best"},
        {"credits": "hidden"},
        {"sort": "total; DROP"},
        {"sort": "-1"},
        {"limit": -1},
        {"offset": "5"},
        {"filters": {"nothing": [1]}},
        {"filters": {"partner": "1"}},
        {"filters": {"partner": ["1"]}},
        {"filters": {"partner": [True]}},
        {"filters": {"status": [1]}},
    ],
)
def test_what_is_not_known_is_refused(values):
    with pytest.raises(AgeingError):
        read_options(values, TODAY)


ASKED = st.fixed_dictionaries(
    {},
    optional={
        "as_of": st.dates(date(2000, 1, 1), TODAY).map(str),
        "compare": st.none() | st.dates(date(2000, 1, 1), TODAY).map(str),
        "bounds": st.lists(st.integers(0, 100), min_size=1, max_size=8),
        "unit": st.sampled_from(["days", "months"]),
        "base": st.sampled_from(["due", "document"]),
        "group_by": st.sampled_from(["debtor", "level", "status", "parent"]),
        "currency": st.sampled_from(["company", "transaction", 3]),
        "rate": st.sampled_from(["document", "as_of"]),
        "credits": st.sampled_from(["column", "bucket"]),
        "apart": st.booleans(),
        "filters": st.dictionaries(
            st.sampled_from(["partner", "collector"]),
            st.lists(st.integers(1, 9) | st.just(False), max_size=3),
        ),
        "search": st.text(max_size=20),
        "sort": st.sampled_from(["name", "total", "change", "3"]),
        "descending": st.booleans(),
        "limit": st.integers(1, 900),
    },
)


@given(ASKED)
def test_options_read_again_are_the_same(values):
    options = read_options(values, TODAY)
    assert read_options(options.to_dict(), TODAY) == options
