"""Roll rates worked out by hand, and the provision of an item."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recouvrement.tools.impairment import Snapshot, provision, roll_rates

D = Decimal


def month(number, *amounts, **more):
    """Month-end of the ``number``-th month after December 2024."""
    year, index = divmod(number, 12)
    return Snapshot(date(2025 + year, index + 1, 28), tuple(map(D, amounts)), **more)


def steady(count, *amounts, lost="0", collected="0"):
    return [
        month(number, *amounts, lost=D(lost), collected=D(collected))
        for number in range(count)
    ]


def test_a_steady_year_gives_the_product_of_its_rolls():
    # 200/1000 = 20 %, 50/200 = 25 %; of what left the last bucket 6/20 = 30 % lost
    # losses: 30 %, 25 % × 30 % = 7,5 %, 20 % × 7,5 % = 1,5 %
    rates = roll_rates(steady(13, "1000", "200", "50", lost="6", collected="14"))
    assert rates.rolls == (D("20.0000"), D("25.0000"), D("30.0000"))
    assert rates.losses == (D("1.5000"), D("7.5000"), D("30.0000"))
    assert rates.months == 12


def test_big_months_weigh_more():
    # (100 + 900) / (1000 + 1000) = 50 %
    history = [
        month(0, "1000", "0"),
        month(1, "1000", "100"),
        month(2, "0", "900", lost=D(1)),
    ]
    rates = roll_rates(history, enough_months=2)
    assert rates.rolls == (D("50.0000"), D("100.0000"))


def test_invoices_overdue_within_the_month_never_roll_more_than_all():
    rates = roll_rates(steady(13, "100", "300", lost="1", collected="1"))
    assert rates.rolls[0] == D("100.0000")


def test_less_than_a_year_says_nothing():
    rates = roll_rates(steady(12, "1000", "200", "50", lost="6", collected="14"))
    assert rates.losses == rates.rolls == (None, None, None)
    assert rates.months == 11
    assert roll_rates([]).losses == ()


def test_an_empty_bucket_has_no_rate_nor_have_the_younger_ones():
    rates = roll_rates(steady(13, "1000", "0", "50", lost="6", collected="14"))
    assert rates.rolls == (D("0.0000"), None, D("30.0000"))
    assert rates.losses == (None, None, D("30.0000"))


def test_nothing_ever_settled_in_the_last_bucket_says_nothing():
    rates = roll_rates(steady(13, "1000", "200", "50"))
    assert rates.rolls[:2] == (D("20.0000"), D("25.0000"))
    assert rates.losses == (None, None, None)


def test_all_collected_is_a_rate_of_zero_not_an_unknown():
    rates = roll_rates(steady(13, "1000", "200", "50", collected="14"))
    assert rates.losses == (D("0.0000"),) * 3


def test_a_missing_month_breaks_the_chain_there_only():
    history = steady(14, "1000", "200", lost="1", collected="1")
    del history[7]
    assert roll_rates(history).months == 11
    assert roll_rates(history).losses == (None, None)
    assert roll_rates(history, enough_months=11).losses[1] == D("50.0000")


def test_what_happened_in_the_first_month_of_all_is_not_compared():
    history = steady(13, "1000", "200", lost="1", collected="1")
    history[0] = history[0]._replace(lost=D(1000))
    assert roll_rates(history).rolls[1] == D("50.0000")


def test_the_order_of_snapshots_is_nothing_and_a_month_comes_once():
    history = steady(13, "1000", "200", lost="1", collected="1")
    assert roll_rates(reversed(history)) == roll_rates(history)
    with pytest.raises(ValueError, match="2025-01"):
        roll_rates([*history, history[0]])


def test_credit_balances_do_not_lower_a_rate():
    history = steady(13, "1000", "200", lost="1", collected="1")
    history[3] = month(3, "-400", "200", lost=D(1), collected=D(1))
    # after: 12 × 200; before: 11 × 1000, the negative month counts nothing
    assert roll_rates(history).rolls[0] == D("21.8182")


def test_snapshots_with_other_buckets_are_refused():
    with pytest.raises(ValueError, match="buckets"):
        roll_rates([month(0, "1", "2"), month(1, "1")])
    with pytest.raises(ValueError, match="buckets"):
        roll_rates([month(0)])


@pytest.mark.parametrize(
    ("base", "cover", "rate", "expected"),
    [
        ("1000", "0", "50", "500.00"),
        ("1000", "900", "50", "50.00"),  # a quotity of 90 % is not provided for
        ("1000", "1200", "50", "0.00"),
        ("-1000", "0", "50", "0.00"),
        ("0.01", "0", "50", "0.01"),  # half up
        ("833.33", "0", "33.3333", "277.78"),  # 277,7764
        ("1000", "0", "0", "0.00"),
        ("1000", "0", "100", "1000.00"),
    ],
)
def test_the_provision_of_an_item(base, cover, rate, expected):
    assert provision(D(base), D(cover), D(rate)) == D(expected)


def test_a_provision_has_the_digits_of_its_currency():
    assert str(provision(D("999"), D(0), D("50"), digits=0)) == "500"


@pytest.mark.parametrize(("cover", "rate"), [("0", "-1"), ("0", "100.01"), ("-1", "5")])
def test_nonsense_is_refused(cover, rate):
    with pytest.raises(ValueError):
        provision(D(100), D(cover), D(rate))


amounts = st.integers(-10_000, 1_000_000).map(lambda cents: D(cents) / 100)
months = st.lists(
    st.tuples(st.lists(amounts, min_size=4, max_size=4), amounts, amounts),
    min_size=2,
    max_size=30,
)


@settings(deadline=None, max_examples=150)
@given(months)
def test_rates_are_percentages_and_older_never_lose_less(rows):
    history = [
        month(number, *bucket, lost=lost, collected=collected)
        for number, (bucket, lost, collected) in enumerate(rows)
    ]
    rates = roll_rates(history, enough_months=1)
    known = [loss for loss in rates.losses if loss is not None]
    assert all(0 <= loss <= 100 for loss in known)
    assert known == sorted(known)
    assert all(loss is None for loss in rates.losses[: 4 - len(known)])


@settings(deadline=None, max_examples=150)
@given(amounts, amounts.map(abs), st.decimals(0, 100, places=4))
def test_a_provision_is_never_below_zero_nor_above_the_risk(base, cover, rate):
    amount = provision(base, cover, rate)
    assert 0 <= amount <= max(base - cover, 0)
