"""Days on which somebody is at work."""

from datetime import date, timedelta

import pytest

from recouvrement.tools.workdays import after_weekend

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(("ahead", "expected"), [(0, 0), (1, 3), (2, 3), (3, 3)])
def test_a_week_end_moves_on_to_monday(ahead, expected):
    day = FRIDAY + timedelta(days=ahead)
    assert after_weekend(day) == FRIDAY + timedelta(days=expected)
