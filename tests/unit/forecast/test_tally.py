"""What stakes add up to does not depend on keeping them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.delay_curve import Curve
from recouvrement_reporting.tools.flows import ITEM_SOURCES, Horizon
from recouvrement_reporting.tools.likely import payments
from recouvrement_reporting.tools.stakes import Agreement, Fact, Planner
from recouvrement_reporting.tools.tally import Tally

SUNDAY = date(2026, 11, 22)
HORIZON = Horizon(SUNDAY)
SPANS = [HORIZON.cells(one) for one in HORIZON.weeks + HORIZON.months]
CURVE = Curve(-60, [0.04] * 300, 0.04)
PLANNER = Planner(HORIZON, dict.fromkeys(range(4), CURVE), Decimal("0.01"), 60)
AMOUNT = st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100)
DAY = st.integers(-90, 120).map(lambda number: SUNDAY + timedelta(days=number))
AGREEMENT = st.builds(
    Agreement,
    source=st.sampled_from(["promise", "plan", "transit"]),
    amount=AMOUNT,
    day=DAY,
    rate=st.sampled_from([0.3, 0.8, 1.0]),
)
FACT = st.builds(
    Fact,
    line_id=st.integers(1, 99),
    customer=st.integers(0, 3),
    debtor_id=st.none(),
    date_due=DAY,
    amount=AMOUNT,
    status=st.sampled_from(["to_chase", "disputed", "litigation"]),
    agreements=st.lists(AGREEMENT, max_size=2).map(tuple),
)


@given(facts=st.lists(FACT, max_size=12))
def test_a_tally_says_what_all_stakes_together_say(facts):
    facts.sort(key=lambda fact: fact.customer)
    stakes = [stake for fact in facts for stake in PLANNER.stakes(fact)]
    tally = Tally(SPANS)
    for _customer, group in groupby(stakes, lambda one: one.customer):
        tally.add(list(group))
    assert tally.counted == sum(one.amount for one in stakes)
    assert tally.coming == sum(sum(one.cells) for one in stakes)
    for span, paid in zip(SPANS, tally.paid, strict=True):
        assert paid == payments(stake_in(span, one) for one in stakes)
        for source in ITEM_SOURCES:
            assert tally.amounts(span).get(source, 0) == sum(
                sum(one.cells[span]) for one in stakes if one.source == source
            )


def stake_in(span, stake):
    low = stake.chances[span.start - 1] if span.start else 0.0
    return stake.customer, float(stake.amount), low, stake.chances[span.stop - 1]
