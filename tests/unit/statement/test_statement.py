"""Marks and balances of a statement of account."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.statement import (
    letters,
    mark_groups,
    partners_of,
    running_balances,
)


def test_letters_go_on_after_z():
    assert [letters(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
    with pytest.raises(ValueError, match="-1"):
        letters(-1)


@given(st.sets(st.integers(0, 20_000)))
def test_no_two_numbers_have_the_same_letters(numbers):
    assert len({letters(n) for n in numbers}) == len(numbers)


def test_what_is_matched_together_has_one_mark():
    marks = mark_groups([1, 2, 3, 4, 5], [(1, 3), (2, 4)], still_open={2})
    assert marks == {1: "A", 3: "A", 2: "b", 4: "b"}


def test_lines_that_are_not_shown_link_those_that_are():
    assert mark_groups([1, 2], [(1, 9), (2, 9)], set()) == {1: "A", 2: "A"}
    assert mark_groups([1, 2], [(1, 9), (2, 8)], {8}) == {1: "A", 2: "b"}


def test_an_open_line_that_was_never_matched_marks_nothing():
    assert mark_groups([1], [], {1}) == {}


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(31, 60)), max_size=60),
    st.sets(st.integers(0, 60)),
)
def test_marks_are_those_of_a_slow_walk(pairs, still_open):
    shown = list(range(61))
    marks = mark_groups(shown, pairs, still_open)
    neighbours = partners_of(pairs)
    for one in shown:
        reached, todo = {one}, [one]
        while todo:
            for other in neighbours.get(todo.pop(), ()):
                if other not in reached:
                    reached.add(other)
                    todo.append(other)
        if len(reached) == 1:
            assert one not in marks
            continue
        assert {marks[other] for other in reached} == {marks[one]}
        assert marks[one].islower() == bool(reached & still_open)
        outside = set(marks) - reached
        assert marks[one] not in {marks[other] for other in outside}


def test_partners_keep_their_order_and_come_once():
    assert partners_of([(1, 5), (1, 4), (1, 5)]) == {1: [5, 4], 5: [1], 4: [1]}


@given(st.decimals(-1000, 1000, places=2), st.lists(st.decimals(-99, 99, places=2)))
def test_the_last_balance_is_the_sum(opening, amounts):
    balances = running_balances(opening, amounts)
    assert len(balances) == len(amounts)
    if balances:
        assert balances[-1] == opening + sum(amounts, Decimal(0))
