"""Receipts that no open item announces: of invoices still to be made, or, when delays
are not known, of customers as a whole."""

from itertools import pairwise
from statistics import fmean, pvariance

WEEK = 7


def arrivals(sales, lags, ends, season=None):
    """Receipts of invoices to come, when they go on as in the last weeks.

    :param list sales: amounts invoiced per week, newest first.
    :param Curve lags: days from the invoice to its payment.
    :param list ends: last day of each cell, from now.
    :param Season season: how busy the past weeks were and the coming days are; none:
        all alike.
    :return: amount of each cell, and a function giving the variance of a slice of
        cells.
    """
    if season:
        past = [season.week(back) for back in range(len(sales))]
        coming = [season.on(day) for day in range(1, ends[-1] + 1)]
    else:
        past, coming = [1.0] * len(sales), [1.0] * ends[-1]
    # What a week of the factor 1 sells.
    level = sum(sales) / sum(past) if sum(past) > 0 else 0.0
    daily = max(level, 0.0) / WEEK
    noise = _noise(sales, past, level) / WEEK
    paid = [1.0 - lags.survival(day) for day in range(ends[-1] + 1)]
    bounds = [0, *ends]
    sums = [
        daily * sum(coming[day - 1] * paid[end - day] for day in range(1, end + 1))
        for end in bounds
    ]

    def variance(cells):
        first, last = bounds[cells.start], bounds[cells.stop]
        return noise * sum(
            (
                coming[day - 1]
                * (paid[last - day] - (paid[first - day] if day <= first else 0.0))
            )
            ** 2
            for day in range(1, last + 1)
        )

    return [after - before for before, after in pairwise(sums)], variance


def _noise(sales, past, level):
    """Variance of a week of the factor 1."""
    if len(sales) < 2:
        return 0.0
    return fmean(
        ((amount - level * factor) / factor) ** 2 if factor > 0 else 0.0
        for amount, factor in zip(sales, past, strict=True)
    )


def run_rate(receipts, ends):
    """What came in per week goes on, with the variance it had; as ``arrivals``."""
    daily = max(fmean(receipts), 0.0) / WEEK if receipts else 0.0
    noise = pvariance(receipts) / WEEK if len(receipts) > 1 else 0.0
    bounds = [0, *ends]

    def variance(cells):
        return noise * (bounds[cells.stop] - bounds[cells.start])

    means = [daily * (after - before) for before, after in pairwise(bounds)]
    return means, variance
