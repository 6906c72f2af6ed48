"""Sales of the year as they come and go: how much busier a month is than the year that
it is in, as far as the past tells it from chance."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import fmean

YEAR = 12
YEARS = 2  # fewer whole years tell no season from chance
FACTORS = (0.25, 4.0)
# Less than this on average is as likely the growth of the ledger as its season, and
# moves the receipts less than the rest of their error.
LEAST = 0.1


@dataclass(frozen=True)
class Season:
    """Factors of the months around a day.

    :param dict factors: per month, from 1 to 12.
    :param date as_of: the last day known.
    """

    factors: dict
    as_of: date

    def on(self, day):
        """Factor of a day, in days from now; 0 is the last day known."""
        return self.factors[(self.as_of + timedelta(days=day)).month]

    def week(self, back):
        """Mean factor of the week of seven days that ended so many weeks ago."""
        return fmean(self.on(-7 * back - day) for day in range(7))


def seasons(sales):
    """Factor of each month of the year, 1.0 on average.

    Each month is compared with the mean of its year, less the growth between the
    years. The factors are drawn to 1.0 by the share of their differences that the
    years' disagreement alone would make (James and Stein, 1961): sales without a
    season, or with another one each year, have none.

    :param list sales: ``(month, amount per day)`` of months that are over, without a
        gap, oldest first; month is a number from 1 to 12.
    :return: ``{month: factor}``; all 1.0 with less than two whole years, with a year
        that sold nothing, or when they differ by less than ``LEAST``.
    """
    ratios = _ratios(sales)
    if not ratios:
        return dict.fromkeys(range(1, YEAR + 1), 1.0)
    means = {month: fmean(found) for month, found in ratios.items()}
    kept = _kept(ratios, means)
    low, high = FACTORS
    factors = {
        month: min(max(1.0 + kept * (mean - 1.0), low), high)
        for month, mean in means.items()
    }
    usual = fmean(factors.values())
    if sqrt(fmean((one / usual - 1.0) ** 2 for one in factors.values())) < LEAST:
        return dict.fromkeys(factors, 1.0)
    return {month: factor / usual for month, factor in factors.items()}


def _ratios(sales):
    """Per month of the year, what it was of the mean of each year."""
    years = [sales[end - YEAR : end] for end in range(len(sales), YEAR - 1, -YEAR)]
    means = [fmean(amount for _month, amount in year) for year in years]
    if len(years) < YEARS or min(means) <= 0:
        return {}
    # Newest first: growth of a month, on average over the years.
    growth = (means[0] / means[-1]) ** (1 / (YEAR * (len(years) - 1)))
    trend = [growth ** (place - (YEAR - 1) / 2) for place in range(YEAR)]
    found = {}
    for year, mean in zip(years, means, strict=True):
        for (month, amount), level in zip(year, trend, strict=True):
            found.setdefault(month, []).append(amount / mean / level)
    return found


def _kept(ratios, means):
    """Share of the variance between the months that is not chance."""
    count = min(map(len, ratios.values()))
    noise = fmean(
        sum((one - means[month]) ** 2 for one in found) / (len(found) - 1)
        for month, found in ratios.items()
    )
    usual = fmean(means.values())
    between = sum((mean - usual) ** 2 for mean in means.values()) / (YEAR - 1)
    return max(1.0 - noise / count / between, 0.0) if between > 0 else 0.0
