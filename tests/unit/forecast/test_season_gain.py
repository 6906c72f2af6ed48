"""What the season of sales gains, measured: ledgers made by chance, with a season or
without, forecast as of past days with what was known then."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

import pytest
from recouvrement_reporting.tools.delay_curve import Delays, pooled
from recouvrement_reporting.tools.new_sales import arrivals
from recouvrement_reporting.tools.season import Season, seasons
from recouvrement_reporting.tools.wape import HORIZONS, Outcome, best_method, wape

START = date(2022, 1, 1)
DAYS = 4 * 365 + 1
WEEKS = HORIZONS[-1]
ENDS = [7 * week for week in range(1, WEEKS + 1)]
CUTS = [date(2025, 1, 5) + timedelta(weeks=4 * number) for number in range(9)]
# Sales of each month of the year over those of a usual one.
SHAPES = {
    "none": [1.0] * 12,
    "slight": [0.95, 1.0, 1.05] * 4,
    "summer": [0.8, 0.8, 0.9, 1.0, 1.1, 1.3, 1.5, 1.4, 1.1, 0.9, 0.6, 0.6],
    "christmas": [0.5, 0.6, 0.8, 0.8, 0.9, 0.8, 0.6, 0.5, 1.0, 1.4, 2.0, 2.1],
}


def make_ledger(shape, seed):
    """Invoices as ``(day, amount, day paid)``, paid 20 to 75 days after their date."""
    random = Random(seed)
    ledger = []
    for number in range(DAYS):
        day = START + timedelta(days=number)
        if day.weekday() > 4:
            continue
        for _invoice in range(4):
            amount = random.lognormvariate(7, 0.7) * SHAPES[shape][day.month - 1]
            lag = min(max(int(random.gauss(45, 12)), 20), 75)
            ledger.append((day, amount, day + timedelta(days=lag)))
    return ledger


def make_curve(ledger, cut):
    """Days from the invoice to its payment, of what was known at a day."""
    delays = Delays()
    for day, _amount, paid in ledger:
        if cut - timedelta(days=730) < day <= cut:
            delays.add(0, entered=1)
            if paid <= cut:
                delays.add((paid - day).days, paid=1)
            else:
                delays.add((cut - day).days, left=1)
    return pooled(delays)


def known_season(ledger, cut):
    sums = defaultdict(float)
    for day, amount, _paid in ledger:
        if day < cut.replace(day=1):
            sums[day.replace(day=1)] += amount
    months = [
        (
            first.month,
            amount / ((first + timedelta(days=31)).replace(day=1) - first).days,
        )
        for first, amount in sorted(sums.items())
    ]
    return Season(seasons(months), cut)


def outcomes_of(ledger):
    """Both methods at each cut-off, against what came in."""
    found = []
    for cut in CUTS:
        curve = make_curve(ledger, cut)
        sales, actual, still = [0.0] * 13, [0.0] * WEEKS, [0.0] * WEEKS
        for day, amount, paid in ledger:
            back = (cut - day).days
            if 0 <= back < 91:
                sales[back // 7] += amount
            week = (paid - cut).days
            if 0 < week <= ENDS[-1]:
                actual[(week - 1) // 7] += amount
            if day <= cut < paid:
                low = 0.0
                for place, high in enumerate(curve.reached(back, ENDS)):
                    still[place] += amount * (high - low)
                    low = high
        for method, season in (("even", None), ("season", known_season(ledger, cut))):
            new, _variance = arrivals(sales, curve, ENDS, season)
            whole = tuple(map(sum, zip(still, new, strict=True)))
            found.append(Outcome(cut, method, whole, tuple(actual)))
    return found


def errors_of(shape, seeds=range(3)):
    """``{method: WAPE at each horizon}`` over several ledgers."""
    outcomes = [one for seed in seeds for one in outcomes_of(make_ledger(shape, seed))]
    return {
        method: [
            wape([one for one in outcomes if one.method == method], weeks)
            for weeks in HORIZONS
        ]
        for method in ("even", "season")
    }


@pytest.mark.parametrize("shape, share", [("summer", 0.95), ("christmas", 0.7)])
def test_a_real_season_makes_the_forecast_clearly_less_wrong(shape, share):
    found = errors_of(shape)
    assert found["season"][-1] < share * found["even"][-1]
    assert found["season"][1] < found["even"][1]


@pytest.mark.parametrize("shape", ["none", "slight"])
def test_sales_without_one_are_forecast_as_they_were(shape):
    found = errors_of(shape)
    assert found["season"] == found["even"]


@pytest.mark.parametrize(
    "shape, chosen", [("none", "even"), ("slight", "even"), ("christmas", "season")]
)
def test_the_past_errors_choose(shape, chosen):
    outcomes = outcomes_of(make_ledger(shape, 7))
    assert best_method(outcomes, ("even", "season"), CUTS[-1], "even") == chosen
