"""Points of priority: which rule counts for a measure."""

from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.priority import Rule, bands, rules_of, score

AMOUNTS = [
    Rule("amount", 500, 3),
    Rule("amount", 10000, 12),
    Rule("amount", 2000, 6),
]
LIMITS = [Rule("limit", 30, 25), Rule("limit", 90, 10)]


def points(rules, value, falling=()):
    return score({"amount": value, "limit": value}, bands(rules, 1, falling=falling))


def test_the_highest_threshold_reached_counts_alone():
    expected = {0: {}, 499.99: {}, 500: 3, 1999: 3, 2000: 6, 10000: 12, 1e9: 12}
    for value, wanted in expected.items():
        wanted = wanted and {"amount": wanted}
        assert points(AMOUNTS, value) == wanted


def test_a_falling_criterion_counts_up_to_its_threshold():
    for value, wanted in ((91, {}), (90, 10), (31, 10), (30, 25), (0, 25)):
        wanted = wanted and {"limit": wanted}
        assert points(LIMITS, value, falling=("limit",)) == wanted


def test_a_measure_that_is_unknown_counts_for_nothing():
    assert points(AMOUNTS, None) == {}


def test_own_rules_of_a_company_replace_the_common_ones_of_the_criterion():
    own = Rule("amount", 100, 99, company_id=1)
    found = rules_of([*AMOUNTS, *LIMITS, own], 1)
    assert found["amount"] == [own]
    assert len(found["limit"]) == 2
    assert len(rules_of([*AMOUNTS, own], 2)["amount"]) == 3


def test_no_rule_gives_no_band():
    assert bands([], 1) == []


THRESHOLDS = st.lists(
    st.tuples(st.integers(-50, 200), st.integers(-20, 50)),
    unique_by=lambda pair: pair[0],
    max_size=8,
)


@given(THRESHOLDS, st.integers(-100, 300), st.booleans())
def test_bands_say_what_the_rules_say(pairs, value, falls):
    """A slow reading of the sentence in the help of the rules."""
    rules = [Rule("amount", threshold, worth) for threshold, worth in pairs]
    reached = [
        pair for pair in pairs if (value <= pair[0] if falls else value >= pair[0])
    ]
    found = points(rules, value, falling=("amount",) if falls else ())
    if not reached:
        assert found == {}
    else:
        best = (min if falls else max)(reached)
        assert found == {"amount": best[1]}


@given(THRESHOLDS, st.booleans())
def test_bands_of_a_criterion_never_overlap(pairs, falls):
    rules = [Rule("amount", threshold, worth) for threshold, worth in pairs]
    found = sorted(
        bands(rules, 1, falling=("amount",) if falls else ()), key=lambda b: b.low
    )
    assert len(found) == len(rules)
    for one, following in zip(found, found[1:], strict=False):
        assert one.high <= following.low
