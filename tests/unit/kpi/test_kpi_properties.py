"""What holds of the figures whatever the ledger."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from recouvrement_reporting.tools.kpi import (
    KPIS,
    MEASURES,
    Facts,
    countback,
    evaluate,
    needed_measures,
    needs_months,
    sales_months,
    span_of,
    window,
)
from recouvrement_reporting.tools.period import Period

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 1))
CENTS = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)
SPANS = ("end", "eve", "period", "quarter", "year", "months")
MONTHS = st.lists(st.tuples(st.integers(28, 31), CENTS), max_size=12)
PERIODS = DAYS.map(Period.month)


@st.composite
def ledgers(draw):
    period = draw(PERIODS)
    values = {name: draw(CENTS) for name in MEASURES}
    parts = ("not_due", "overdue")
    values["receivables"] = sum(values[name] for name in parts)
    values["disputed"] = min(values["disputed"], values["receivables"])
    values["over_90"] = min(values["over_90"], values["overdue"])
    months = tuple((month, draw(CENTS)) for month in sales_months(period)[:4])
    return Facts(period, values, months)


@given(facts=ledgers())
def test_every_figure_is_a_decimal_or_nothing_and_shows_its_measures(facts):
    for code, kpi in KPIS.items():
        found = evaluate(code, facts)
        assert found.value is None or isinstance(found.value, Decimal), code
        assert set(kpi.measures) <= set(found.measures), code
        for name in kpi.measures:
            assert found.measures[name] == facts[name], code


@given(facts=ledgers())
def test_the_delay_is_what_lies_between_the_dso_and_the_best_one(facts):
    for suffix in ("", "_countback"):
        dso = evaluate(f"dso_simple{suffix}" if not suffix else "dso_countback", facts)
        best = evaluate(f"dso_best{suffix}", facts)
        add = evaluate(f"add{suffix}", facts)
        if add.value is not None:
            assert add.value == dso.value - best.value
            assert add.value >= 0


@given(facts=ledgers())
def test_shares_of_the_receivables_are_between_nothing_and_all(facts):
    for code in ("overdue_pct", "over_90_pct", "dispute_ratio"):
        value = evaluate(code, facts).value
        assert value is None or 0 <= value <= 100


@given(receivables=CENTS, months=MONTHS)
def test_a_countback_is_within_the_months_it_used(receivables, months):
    days, used = countback(receivables, months)
    if days is None:
        assert sum(sales for _length, sales in months) < receivables
        return
    lengths = [length for length, _sales in months]
    assert sum(lengths[: max(used - 1, 0)]) <= days <= sum(lengths[:used])


@given(one=CENTS, more=CENTS, months=MONTHS)
def test_more_receivables_are_more_days(one, more, months):
    few, _used = countback(one, months)
    many, _used = countback(one + more, months)
    assert many is None or few <= many


@given(sales=st.integers(1, 10**6), share=st.integers(1, 30))
def test_with_even_sales_both_methods_agree(sales, share):
    """Receivables of some days of a single month."""
    receivables = Decimal(sales) * share / 30
    days, _used = countback(receivables, [(30, Decimal(sales))])
    assert abs(days - receivables * 30 / sales) < Decimal("1e-20")


@given(end=DAYS, months=st.integers(1, 24))
def test_windows_end_on_their_day_and_touch_each_other_at_month_ends(end, months):
    found = window(end, months)
    assert found.end == end
    assert months * 28 <= found.days <= months * 31
    month = Period.month(end)
    whole = window(month.end, months)
    assert whole.start.day == 1
    assert len(whole.months()) == months
    assert window(whole.eve, months).end == whole.eve


@given(day=DAYS)
def test_months_of_sales_follow_each_other_up_to_the_last_day(day):
    months = sales_months(Period(day, day))
    assert months[0].end == day
    for newer, older in zip(months, months[1:], strict=False):
        assert newer.eve == older.end
    assert span_of("months", Period(day, day)) == Period(months[-1].start, day)


@given(facts=ledgers(), factor=st.integers(2, 1000))
def test_figures_other_than_amounts_do_not_depend_on_the_unit_of_money(facts, factor):
    """Euros or cents: the rates are the same."""
    scaled = {
        name: value if MEASURES[name].unit == "count" else value * factor
        for name, value in facts.values.items()
    }
    months = tuple((month, sales * factor) for month, sales in facts.months)
    other = replace(facts, values=scaled, months=months)
    for code in ("dso_simple", "dso_countback", "cei", "roll_rates", "recovery_month"):
        one, two = evaluate(code, facts).value, evaluate(code, other).value
        assert (one is None) == (two is None), code
        assert one is None or abs(one - two) <= abs(one) * Decimal("1e-20"), code


def test_the_registry_names_only_measures_that_are_read():
    for code, kpi in KPIS.items():
        assert set(kpi.measures) <= set(MEASURES), code
        assert kpi.countback is None or kpi.countback in MEASURES, code
    assert set(needed_measures(KPIS)) <= set(MEASURES)
    assert needs_months(["dso_countback"])
    assert not needs_months(["dso_simple"])
    assert {measure.span for measure in MEASURES.values()} <= set(SPANS)
