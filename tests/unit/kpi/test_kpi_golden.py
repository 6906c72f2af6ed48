"""The golden data set: sales of January to March 90 000, 84 000 and 93 000, taxes
included; 180 000 receivable on 31 March, 120 000 of them not due; 170 000 on 28
February. Every result was worked out apart from the code."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from recouvrement_reporting.tools.kpi import Facts, evaluate, sales_months, window
from recouvrement_reporting.tools.period import Period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
SALES = {
    date(2026, 1, 1): Decimal(90000),
    date(2026, 2, 1): Decimal(84000),
    date(2026, 3, 1): Decimal(93000),
}
LATE = ((20000, 10), (15000, 45), (15000, 75), (10000, 120))


def facts(period=MARCH, **values):
    months = tuple(
        (month, SALES.get(month.start, Decimal(0))) for month in sales_months(period)
    )
    return Facts(period, {k: Decimal(v) for k, v in values.items()}, months)


def golden(**more):
    return facts(
        receivables=180000,
        not_due=120000,
        overdue=60000,
        over_90=10000,
        overdue_weighted=sum(amount * days for amount, days in LATE),
        receivables_start=170000,
        sales=93000,
        sales_quarter=sum(SALES.values()),
        **more,
    )


def figure(code, known=None, digits=2):
    value = evaluate(code, known or golden()).value
    return value.quantize(Decimal(10) ** -digits, ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("dso_simple", "60.67"),
        ("dso_countback", "60.03"),
        ("dso_best", "40.45"),
        ("dso_best_countback", "40.00"),
        ("add", "20.22"),
        ("add_countback", "20.03"),
        ("weighted_age", "53.33"),
        ("cei", "58.04"),
        ("overdue_pct", "33.33"),
        ("over_90_pct", "5.56"),
    ],
)
def test_figures_of_the_balance(code, expected):
    assert figure(code) == Decimal(expected)


def test_the_countback_shows_the_months_that_it_used():
    measures = evaluate("dso_countback", golden()).measures
    assert measures == {
        "receivables": 180000,
        "sales:2026-03-01": 93000,
        "sales:2026-02-01": 84000,
        "sales:2026-01-01": 90000,
    }
    assert list(evaluate("dso_best_countback", golden()).measures) == [
        "not_due",
        "sales:2026-03-01",
        "sales:2026-02-01",
    ]


def test_bad_debt():
    known = facts(losses_year=5400, sales_net_year=1080000)
    assert figure("bad_debt_ratio", known) == Decimal("0.50")


def test_disputes():
    known = golden(disputed=9000, disputed_overdue=7500)
    assert figure("dispute_ratio", known) == Decimal("5.00")
    assert figure("dispute_overdue_ratio", known) == Decimal("12.50")
    assert figure("dispute_days", facts(dispute_days=84, disputes_closed=6)) == Decimal(
        14
    )


def test_promises():
    known = facts(
        promises_kept=26,
        promises_due=40,
        promised_paid=50000 + 9600,
        promised_amount=80000,
    )
    assert figure("promise_kept_count", known) == Decimal("65.00")
    assert figure("promise_kept_amount", known) == Decimal("74.50")


def test_progress_of_the_worklist():
    known = facts(promised_new=300, due_start=1000)
    assert figure("collection_progress", known) == Decimal("30.00")


def test_recovery_of_the_month():
    known = facts(recovered=80, due_start=50, falling_due=70, new_due=5)
    assert figure("recovery_month", known) == Decimal("64.00")


def test_matching_rate():
    known = facts(receipts=1250, receipts_auto=900, receipts_matched=1120)
    assert figure("matching_rate_auto", known) == Decimal("72.00")
    assert figure("matching_rate", known) == Decimal("89.60")


def test_recovery_by_level():
    known = facts(
        level_1_reached=100,
        level_1_recovered=55,
        level_2_reached=45,
        level_2_recovered=18,
        level_3_reached=27,
        level_3_recovered="8.1",
        levels_recovered="81.1",
    )
    found = [figure(f"recovery_level_{level}", known, 1) for level in (1, 2, 3)]
    assert found == [Decimal("55.0"), Decimal("40.0"), Decimal("30.0")]
    assert figure("recovery_levels", known, 1) == Decimal("81.1")


def test_roll_rates_multiply_to_the_loss():
    known = facts(
        bucket_0_start=1000,
        bucket_1=200,
        bucket_1_start=500,
        bucket_2=200,
        bucket_2_start=100,
        bucket_3=50,
        bucket_3_start=50,
        bucket_91_120=30,
        bucket_4_start=40,
        written_off=20,
    )
    rates = [figure(f"roll_rate_{n}", known, 0) for n in range(5)]
    assert rates == [20, 40, 50, 60, 50]
    assert figure("roll_rates", known, 1) == Decimal("1.2")


def test_nothing_rolls_in_a_part_of_a_month():
    part = Period(date(2026, 3, 1), date(2026, 3, 20))
    assert evaluate("roll_rates", facts(part, bucket_0_start=10)).value is None


def test_days_beyond_terms_may_be_negative():
    known = facts(paid_days_year=-5000, paid_year=1000)
    assert figure("days_beyond_terms", known) == Decimal(-5)


def test_what_has_no_base_has_no_figure():
    empty = facts()
    for code in (
        "dso_simple",
        "cei",
        "overdue_pct",
        "weighted_age",
        "promise_kept_count",
        "recovery_month",
        "matching_rate",
        "cost_per_action",
        "contacts_per_collector",
        "at_risk_rate",
        "roll_rates",
    ):
        assert evaluate(code, empty).value is None, code
    assert evaluate("receivables", empty).value == 0
    assert evaluate("dso_countback", empty).value == 0


def test_sales_that_do_not_cover_the_receivables_give_no_countback():
    assert evaluate("dso_countback", facts(receivables=10**9)).value is None


def test_a_month_of_credit_notes_adds_to_what_is_left_to_cover():
    known = facts(receivables=100)
    february, january = Decimal(-50), Decimal(300)
    known.months = (
        (Period.month(date(2026, 2, 1)), february),
        (Period.month(date(2026, 1, 1)), january),
    )
    # 100 + 50 are left for January: half of its 31 days, after February's 28.
    assert figure("dso_countback", known) == Decimal("43.50")


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (date(2026, 3, 31), date(2026, 1, 1)),
        (date(2026, 4, 30), date(2026, 2, 1)),
        (date(2026, 2, 28), date(2025, 12, 1)),
        (date(2024, 2, 29), date(2023, 12, 1)),
        (date(2026, 5, 20), date(2026, 2, 21)),
        (date(2026, 5, 30), date(2026, 3, 1)),
    ],
)
def test_the_last_three_months(end, start):
    assert window(end, 3) == Period(start, end)
