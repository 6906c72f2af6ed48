"""Key figures and forecast on the large ledger, as their screens ask for them."""

from datetime import date, timedelta

from _measure import fresh, repeated

RUNS = 3
WEEKS_BACK = 8


def run(env, report):
    """Seconds and queries; queries must not follow the number of debtors."""
    _key_figures(env, report)
    _forecast(env, report)


def _key_figures(env, report):
    # Odoo knows where the addons are once it was configured.
    from odoo.addons.recouvrement_reporting.tools.period import Period

    kpis = env["recouvrement.kpi"]
    codes = kpis.search([]).mapped("code")
    last = date.today().replace(day=1) - timedelta(days=1)
    month = Period(last.replace(day=1), last)
    report.head(f"Key figures: all {len(codes)} of last month")
    for by in (None, "segment", "collector", "salesperson", "company"):
        sample = _sample(env, lambda by=by: kpis._compute_kpis(codes, month, by))
        report.row(f"by {by}" if by else "of all", sample)
    for code in ("dso_countback", "add", "roll_rates", "recovery_levels"):
        sample = _sample(env, lambda code=code: kpis._compute_kpis([code], month))
        report.row(f"{code} alone", sample)
    report.row("the screen, one request", _sample(env, kpis.get_figures))
    frozen = {"frozen_only": True}
    report.row(
        "its trends, no month frozen", _sample(env, lambda: kpis.get_trend(frozen))
    )
    report.row(
        "a month of them, when somebody asks",
        _sample(env, lambda: kpis.get_trend_month(str(last.replace(day=1)))),
    )
    few = env["res.company"].browse(env.companies[1:].ids)
    queries = [
        _sample(
            env, lambda c=companies: kpis._compute_kpis(codes, month, companies=c)
        ).queries
        for companies in (env.companies, few)
    ]
    report.judge(
        f"queries of two companies and of one, {queries[0]} and {queries[1]}",
        abs(queries[0] - queries[1]) <= 2,
        "do not follow the debtors",
    )


def _forecast(env, report):
    forecasts = env["recouvrement.forecast"].sudo()
    report.head("Forecast of receipts, 13 weeks")
    for back in (0, WEEKS_BACK):
        day = date.today() - timedelta(weeks=back)
        sample = _sample(
            env, lambda day=day: forecasts._make_forecast(env.company, day), 1
        )
        report.row(f"made {back} weeks ago" if back else "of today", sample)


def _sample(env, work, times=RUNS):
    return repeated(times, work, lambda: fresh(env))
