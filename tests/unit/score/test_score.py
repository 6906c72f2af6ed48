"""The score of a debtor: what it is made of adds up, and the unknown is not held
against anybody."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.score import Factor, Step, grade, score, shrunk_share

DELAY = Factor(
    "delay", D(30), (Step(D(0), D(100)), Step(D(15), D(60)), Step(D(45), D(0)))
)
BROKEN = Factor("broken", D(10), (Step(D(0), D(100)), Step(D(3), D(0))))
SCALE = ((D(80), "A"), (D(60), "B"), (D(40), "C"), (D(20), "D"), (D(0), "E"))

numbers = st.decimals(-1000, 1000, places=2)
points = st.decimals(0, 100, places=1)
factors = st.lists(
    st.builds(
        Factor,
        st.sampled_from("abcdefgh"),
        st.decimals("0.01", 100, places=2),
        st.lists(st.builds(Step, numbers, points), min_size=1, max_size=5).map(tuple),
        st.none() | points,
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda factor: factor.code,
)
measures = st.dictionaries(st.sampled_from("abcdefgh"), st.none() | numbers)


def test_a_measure_gets_the_points_of_the_highest_floor_it_reaches():
    for value, wanted in ((-3, 100), (0, 100), (14, 100), (15, 60), (44, 60), (90, 0)):
        assert DELAY.points_of(D(value)) == wanted


def test_weights_share_the_total():
    found = score({"delay": D(20), "broken": D(0)}, [DELAY, BROKEN])
    assert [part.contribution for part in found.parts] == [D("45.0"), D("25.0")]
    assert found.total == D("70.0")


def test_what_is_unknown_is_left_out_and_the_others_make_up_for_it():
    found = score({"delay": D(20)}, [DELAY, BROKEN])
    assert found.total == D("60.0")
    assert [part.code for part in found.parts] == ["delay"]
    assert found.known == D("0.75")


def test_what_the_model_assumes_counts_but_is_not_known():
    assumed = Factor("broken", D(10), BROKEN.steps, assumed=D(50))
    found = score({"delay": D(20)}, [DELAY, assumed])
    assert found.total == D("57.5")
    assert [part.known for part in found.parts] == [True, False]


def test_too_little_known_gives_no_score():
    assert score({"broken": D(0)}, [DELAY, BROKEN], D("0.5")).total is None
    assert (
        score({}, [Factor("x", D(1), (Step(D(0), D(1)),), assumed=D(5))]).total is None
    )
    assert score({}, []).total is None


@given(measures, factors)
def test_contributions_add_up_to_the_total_within_the_scale(values, model):
    found = score(values, model)
    if found.total is None:
        return
    assert sum(part.contribution for part in found.parts) == found.total
    slack = D("0.05") * len(found.parts)
    assert -slack <= found.total <= 100 + slack
    assert abs(sum(part.share for part in found.parts) - 1) < D("1e-20")


@given(factors, st.sampled_from("abcdefgh"), numbers, numbers)
def test_a_better_measure_never_lowers_the_score(model, code, low, high):
    """On ladders that rise."""
    model = [
        Factor(
            f.code,
            f.weight,
            tuple(Step(s.floor, (s.floor + 1000) / 20) for s in f.steps),
        )
        for f in model
    ]
    low, high = sorted((low, high))
    before, after = (score({code: value}, model).total for value in (low, high))
    assert before is None or before <= after


def test_grades_by_the_scale():
    for total, wanted in ((100, "A"), (80, "A"), (79.9, "B"), (0, "E"), (-1, "E")):
        assert grade(D(str(total)), SCALE) == wanted
    assert grade(None, SCALE) is None


@pytest.mark.parametrize(
    "kwargs",
    [{"weight": D(0)}, {"steps": ()}, {"steps": (Step(D(0), D(101)),)}],
)
def test_a_model_that_makes_no_sense_is_refused(kwargs):
    with pytest.raises(ValueError):
        Factor(**{"code": "x", "weight": D(1), "steps": (Step(D(0), D(1)),), **kwargs})


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0, 1))
def test_few_invoices_say_little(late, paid, mean):
    share = shrunk_share(late, late + paid, mean)
    assert 0 <= share <= 1
    if late + paid:
        own = late / (late + paid)
        assert min(own, mean) - 1e-9 <= share <= max(own, mean) + 1e-9
    else:
        assert share == pytest.approx(mean)
