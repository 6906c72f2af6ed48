"""Errors of forecasts, and what goes on as it went."""

from datetime import date, timedelta
from random import Random

import pytest
from recouvrement_reporting.tools.delay_curve import Curve, Delays, own, pooled
from recouvrement_reporting.tools.new_sales import arrivals, run_rate
from recouvrement_reporting.tools.wape import HORIZONS, Outcome, best_method, wape

START = date(2026, 1, 4)


def outcome(method="curve", expected=(10,) * 12, actual=(10,) * 12, cut=START):
    return Outcome(cut, method, tuple(expected), tuple(actual))


def test_the_error_is_the_sum_of_the_weekly_errors_over_what_came_in():
    """Too much in one week does not make up for too little in another."""
    one = outcome(expected=(20, 0) * 6, actual=(10, 10) * 6)
    assert wape([one], 4) == 1.0
    other = outcome(actual=(10,) * 12, expected=(10, 10, 10, 14, *(10,) * 8))
    assert wape([other], 4) == pytest.approx(0.1)
    assert wape([one, other], 4) == pytest.approx(44 / 80)


def test_without_receipts_there_is_no_error_to_speak_of():
    assert wape([outcome(actual=(0,) * 12)], 12) is None
    assert wape([], 4) is None


def test_the_method_that_was_least_wrong_is_chosen_from_what_was_known():
    good, bad = (10,) * 12, (30,) * 12
    known = [
        outcome(method, expected, cut=START + timedelta(weeks=4 * number))
        for number in range(4)
        for method, expected in (("usual", bad), ("better", good))
    ]
    methods = ["usual", "better"]
    after = START + timedelta(weeks=52)
    assert best_method(known, methods, after, "usual") == "better"
    # Only two of them had come true by then.
    early = START + timedelta(weeks=4)
    assert best_method(known, methods, early, "usual") == "usual"


def test_the_usual_method_is_kept_unless_another_is_clearly_better():
    """4 % less wrong is luck, 6 % is not."""
    for other, chosen in ((24.4, "usual"), (23.6, "other")):
        known = [
            outcome(method, (expected,) * 12, cut=START + timedelta(weeks=number))
            for number in range(3)
            for method, expected in (("other", other), ("usual", 25.0))
        ]
        assert best_method(known, ["other", "usual"], date.max, "usual") == chosen


def test_invoices_to_come_are_paid_after_their_delay():
    """70 a week, paid after three weeks: nothing for three weeks, then 70 a week."""
    lags = Curve(0, [0.0] * 20 + [0.95] * 20, 0.95)
    means, variance = arrivals([70.0] * 13, lags, [7 * week for week in range(1, 14)])
    assert means[:2] == [0.0, 0.0]
    assert sum(means[:3]) == pytest.approx(0.0, abs=10)
    assert means[6] == pytest.approx(70.0, abs=0.5)
    assert variance(slice(0, 13)) == 0.0


def test_invoices_to_come_are_as_uncertain_as_sales_were():
    lags = Curve(0, [0.95] * 10, 0.95)
    ends = [7 * week for week in range(1, 14)]
    _means, variance = arrivals([0.0, 140.0] * 6, lags, ends)
    assert variance(slice(5, 6)) == pytest.approx(70**2, rel=0.2)


def test_the_run_rate_goes_on_with_its_own_spread():
    means, variance = run_rate([100.0, 300.0], [7, 14, 30])
    assert means == [
        pytest.approx(200),
        pytest.approx(200),
        pytest.approx(16 / 7 * 200),
    ]
    assert variance(slice(0, 1)) == pytest.approx(10_000)
    assert run_rate([], [7])[0] == [0.0]


# ----------------------------------------------------------------------
# THE WHOLE METHOD, ON A GENERATED HISTORY
# ----------------------------------------------------------------------


def history(seed, slow):
    """Invoices ``(customer, made, due, paid, amount)``: customers with a habit each,
    some of whom are ``slow``."""
    rng = Random(seed)
    rows = []
    for customer in range(60):
        habit = rng.choice(slow)
        for _number in range(rng.randint(15, 40)):
            made = START + timedelta(days=rng.randint(0, 700))
            due = made + timedelta(days=30)
            late = max(-29, round(rng.gauss(habit, 6 + habit / 4)))
            amount = rng.lognormvariate(6, 0.8)
            rows.append((customer, made, due, due + timedelta(days=late), amount))
    return rows


def outcomes_of(rows, cut, weights=(10, 30, 100)):
    """Outcomes at a cut-off, from what was known then."""
    pool, mine, items = Delays(), {}, []
    for customer, made, due, paid, amount in rows:
        if made > cut:
            continue
        delays = mine.setdefault(customer, Delays())
        for one in (pool, delays):
            one.add((made - due).days, entered=1)
            seen = (min(paid, cut) - due).days
            one.add(seen, paid=paid <= cut, left=paid > cut)
        if paid > cut:
            items.append((customer, (cut - due).days, (paid - cut).days, amount))
    ends = [7 * week for week in range(1, HORIZONS[-1] + 1)]
    actual, due_weeks = [0.0] * 12, [0.0] * 12
    for _customer, age, days, amount in items:
        for weeks, week in (
            (actual, (days - 1) // 7),
            (due_weeks, max(-age - 1, 0) // 7),
        ):
            if week < 12:
                weeks[week] += amount
    found = [Outcome(cut, "due", tuple(due_weeks), tuple(actual))]
    curve_of_all = pooled(pool)
    ages = [age for _customer, age, *_rest in items]
    for weight in (*weights, None):
        expected = [0.0] * 12
        for customer, age, _days, amount in items:
            curve = curve_of_all
            if weight:
                last = max(ages) + 84
                curve = own(curve_of_all, mine[customer], weight, min(ages), last)
            reached = [0.0, *curve.reached(age, ends)]
            for week in range(12):
                expected[week] += amount * (reached[week + 1] - reached[week])
        found.append(Outcome(cut, weight, tuple(expected), tuple(actual)))
    return found


@pytest.mark.parametrize("slow", [(0, 5, 60), (5,), (-10, 20, 45)])
def test_the_method_beats_the_due_date_on_every_kind_of_customers(slow):
    rows = history(3, slow)
    cuts = [START + timedelta(days=300 + 28 * number) for number in range(9)]
    found = [one for cut in cuts for one in outcomes_of(rows, cut)]
    for weeks in HORIZONS:
        errors = {
            method: wape([one for one in found if one.method == method], weeks)
            for method in ("due", 10, 30, 100, None)
        }
        assert errors[30] < 0.75 * errors["due"], (weeks, errors)


def test_customers_with_habits_of_their_own_are_told_apart():
    """Where two of three pay at once and the others after two months, the chance of
    an item to be paid within four weeks is better known from its own customer."""
    rows = history(5, (0, 0, 60))
    cut = START + timedelta(days=500)
    pool, mine = Delays(), {}
    seen = [row for row in rows if row[1] <= cut]
    for customer, made, due, paid, _amount in seen:
        for one in (pool, mine.setdefault(customer, Delays())):
            one.add((made - due).days, entered=1)
            is_paid = paid <= cut
            one.add((min(paid, cut) - due).days, paid=is_paid, left=not is_paid)
    together, apart, curve = 0.0, 0.0, pooled(pool)
    for customer, _made, due, paid, _amount in seen:
        if paid > cut:
            age, is_soon = (cut - due).days, (paid - cut).days <= 28
            habit = own(curve, mine[customer], 10, -30, 200)
            together += (curve.reached(age, [28])[0] - is_soon) ** 2
            apart += (habit.reached(age, [28])[0] - is_soon) ** 2
    assert apart < 0.75 * together
