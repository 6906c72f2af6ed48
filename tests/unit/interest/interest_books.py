"""Published rates, and a slow computation of interest to compare the engine with.

``slow_interest`` shares nothing with the engine: it looks at every day alone, in
fractions of a cent, and follows the words of the law.
"""

from calendar import isleap
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from recouvrement.tools.interest import RateTable

DAY = timedelta(days=1)
MRO = {  # ECB main refinancing rate on 1 January and 1 July
    2014: ("0.25", "0.15"),
    2015: ("0.05", "0.05"),
    2016: ("0.05", "0.00"),
    2017: ("0.00", "0.00"),
    2018: ("0.00", "0.00"),
    2019: ("0.00", "0.00"),
    2020: ("0.00", "0.00"),
    2021: ("0.00", "0.00"),
    2022: ("0.00", "0.00"),
    2023: ("2.50", "4.00"),
    2024: ("4.50", "4.25"),
    2025: ("3.15", "2.15"),
    2026: ("2.15", "2.40"),
}
LEGAL_PRO = {  # legal interest, creditor a professional
    2022: ("0.76", "0.77"),
    2023: ("2.06", "4.22"),
    2024: ("5.07", "4.92"),
    2025: ("3.71", "2.76"),
    2026: ("2.62", "2.75"),
}


def rows_of(figures):
    """Rows of a rate table, one for each half-year."""
    rows = []
    for year, (first, second) in figures.items():
        rows.append((date(year, 1, 1), date(year, 6, 30), Decimal(first)))
        rows.append((date(year, 7, 1), date(year, 12, 31), Decimal(second)))
    return rows


def table(figures=MRO, code="ecb_mro"):
    return RateTable(code, "Test", rows_of(figures))


def slow_interest(claim, until, rate_on, basis, interest_first, capitalise):
    """Total interest, principal left, interest paid: one day after the other.

    :param rate_on: part of one a year, by the day and the day interest began.
    """
    start = max(claim.due + DAY, claim.begin or date.min)
    began = start
    while _paused(claim, began) and began <= until:
        began += DAY
    principal, lent = _cents(claim.principal), Counter()
    paid = principal_paid = grown = resting = 0
    years, birthday = 1, _birthday(start, 1)
    happened = {movement.day for movement in claim.movements}
    day = min([start, *happened])
    while day <= until:
        if day >= start:
            if capitalise and day == birthday + resting * DAY:
                grown, years = _rounded(lent), years + 1
                birthday = _birthday(start, years)
            base = principal + max(grown - max(paid, 0), 0)
            if _paused(claim, day):
                resting += 1
            elif base > 0:
                length = 366 if basis == "actual" and isleap(day.year) else 365
                lent[rate_on(day, began), length] += base
        if day in happened:
            principal -= _sum_of(claim, day, "credit")
            paid += _sum_of(claim, day, "interest")
            payment, on_interest = _sum_of(claim, day, "payment"), 0
            if interest_first and payment > 0:
                on_interest = min(payment, max(_rounded(lent) - paid, 0))
            elif interest_first and payment < 0:
                on_interest = -min(max(-payment - principal_paid, 0), max(paid, 0))
            paid += on_interest
            principal -= payment - on_interest
            principal_paid = max(principal_paid + payment - on_interest, 0)
        day += DAY
    return tuple(Decimal(n) / 100 for n in (_rounded(lent), principal, paid))


def _cents(amount):
    return int(amount * 100)


def _rounded(lent):
    """Interest of the cents lent for a day at a rate; half up, never below zero."""
    exact = sum(cents * rate / length for (rate, length), cents in lent.items())
    return int(exact + Fraction(1, 2))


def _sum_of(claim, day, kind):
    return sum(
        _cents(movement.amount)
        for movement in claim.movements
        if movement.day == day and movement.kind == kind
    )


def _paused(claim, day):
    return any(pause.first <= day <= (pause.last or date.max) for pause in claim.pauses)


def _birthday(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def half_year_rate(figures, margin, frozen):
    """The law's rate of a day as a part of one, from the figures alone."""
    parts = {
        (year, half): Fraction(Decimal(percent) + margin) / 100
        for year, pair in figures.items()
        for half, percent in enumerate(pair)
    }

    def rate_on(day, began):
        chosen = began if frozen else day
        return parts[chosen.year, chosen.month > 6]

    return rate_on
