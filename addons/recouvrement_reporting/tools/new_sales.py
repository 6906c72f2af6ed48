"""Receipts that no open item announces: of invoices still to be made, or, when delays
are not known, of customers as a whole."""

from itertools import pairwise
from statistics import fmean, pvariance

WEEK = 7


def arrivals(sales, lags, ends):
    """Receipts of invoices to come, when they go on as in the last weeks.

    :param list sales: amounts invoiced per week.
    :param Curve lags: days from the invoice to its payment.
    :param list ends: last day of each cell, from now.
    :return: amount of each cell, and a function giving the variance of a slice of
        cells.
    """
    daily = max(fmean(sales), 0.0) / WEEK if sales else 0.0
    noise = pvariance(sales) / WEEK if len(sales) > 1 else 0.0
    paid = [1.0 - lags.survival(day) for day in range(ends[-1] + 1)]
    total, sums = 0.0, [0.0]
    for chance in paid[:-1]:
        total += daily * chance
        sums.append(total)
    bounds = [0, *ends]

    def variance(cells):
        first, last = bounds[cells.start], bounds[cells.stop]
        return noise * sum(
            (paid[last - day] - (paid[first - day] if day <= first else 0.0)) ** 2
            for day in range(1, last + 1)
        )

    return [sums[after] - sums[before] for before, after in pairwise(bounds)], variance


def run_rate(receipts, ends):
    """What came in per week goes on, with the variance it had; as ``arrivals``."""
    daily = max(fmean(receipts), 0.0) / WEEK if receipts else 0.0
    noise = pvariance(receipts) / WEEK if len(receipts) > 1 else 0.0
    bounds = [0, *ends]

    def variance(cells):
        return noise * (bounds[cells.stop] - bounds[cells.start])

    means = [daily * (after - before) for before, after in pairwise(bounds)]
    return means, variance
