"""Forecasts that were frozen on past Mondays, the one of today, and measured errors."""

from datetime import timedelta

PAST = (12, 8, 4, 1)


def build(world):
    """Forecasts of every company; those of the past are made from the ledger as it was
    then."""
    forecasts = world.env["recouvrement.forecast"]
    errors = world.env["recouvrement.forecast.error"]
    sunday = world.today - timedelta(days=world.today.weekday() + 1)
    for company in world.companies.values():
        errors._measure(company, world.today)
        for weeks in PAST:
            day = sunday - timedelta(weeks=weeks)
            forecasts._make_forecast(company, day, frozen=True)
        forecasts._make_forecast(company, world.today)
