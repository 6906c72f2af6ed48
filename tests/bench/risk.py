"""``./dev bench risk``: exposure, limits and ratings of 20,000 debtors.

Each night computes what is at risk with every debtor and rates it; lists and filters
read what is kept. Measured beside two statements that only read (``_bare_risk``) and
whose figures must be the same. The ledger is the one of ``./dev bench dunning``, with
limits, covers, invoices in draft and customer files. Exit code 1 when a target is
missed.
"""

import sys
from contextlib import nullcontext
from datetime import date, timedelta

import _bare_risk
import _screens
from _copies import copy
from _desk import cursor, read_options, vacuuming, working_copy
from _measure import Report, Sample, measured, repeated

from odoo.fields import Date
from odoo.tools import SQL, config

from devkit import odoo as odoo_runner

RATIO = 4.0  # times the two bare statements
FILTER_SECONDS = 0.1
SCREEN_SECONDS = 0.3
TIMES = 3
FEW = 200  # debtors whose queries are compared with those of all
DRAFTS = 5_000
HUNDREDTH = 0.0051  # rounding of an explanation, half of it
TODAY = date.today()


def main():
    """Run the whole measurement; returns the exit code."""
    options = read_options("risk")
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = working_copy(runner, options, "risk", ["recouvrement"], _fill)
    report = Report()
    with cursor(work) as env:
        _measure_night(env, report)
        env.cr.commit()
    with vacuuming(work) as cr:
        cr.execute("VACUUM ANALYZE")
    with cursor(work) as env:
        _measure_screens(_as_manager(env), report)
        env.cr.rollback()
    return report.conclude()


def _as_manager(env):
    user, companies = env.ref("base.user_admin"), env["res.company"].search([])
    user.write(
        {
            "company_ids": [(6, 0, companies.ids)],
            "group_ids": [(4, env.ref("recouvrement.group_manager").id)],
        }
    )
    env.flush_all()
    return env(user=user, context={"allowed_company_ids": companies.ids})


# ----------------------------------------------------------------------
# RECORDS
# ----------------------------------------------------------------------


def _fill(env):
    """A limit for nine debtors of ten, guarantees, insurance, drafts and files."""
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE bench_debtor AS
        SELECT ROW_NUMBER() OVER (ORDER BY id) AS place, id, partner_id, company_id
          FROM recouvrement_debtor ORDER BY id
        """
    )
    debtor = env["recouvrement.debtor"].search([], order="id", limit=1)
    account = {"debtor_id": SQL("i.id"), "company_id": SQL("i.company_id")}
    limit = env["recouvrement.credit.limit"].create(
        {"debtor_id": debtor.id, "amount": 1, "reason": "Bench"}
    )
    _keep(env, limit, account | {"amount": SQL("1000 + MOD(i.id * 7919, 60000)")}, 10)
    covers = env["recouvrement.cover"]
    for kind, each in (("bank", 7), ("named", 3)):
        cover = covers.create(
            {
                "debtor_id": debtor.id,
                "kind_id": env.ref(f"recouvrement.cover_kind_{kind}").id,
                "provider_id": env.company.partner_id.id,
                "amount": 1,
            }
        )
        values = account | {
            "amount": SQL("500 + MOD(i.id * 104729, 20000)"),
            "date_to": SQL("CURRENT_DATE + (MOD(i.place, 400))::int"),
        }
        _keep(env, cover, values, -each)
    file = env["recouvrement.credit.file"].create({"debtor_id": debtor.id})
    days = {
        "date_review": SQL("CURRENT_DATE + (MOD(i.place, 400) - 20)::int"),
        "missing_count": SQL("MOD(i.place, 5)::int"),
    }
    _keep(env, file, account | days, -4)
    _draft(env)
    env.cr.execute("ANALYZE")
    env.invalidate_all(flush=False)


def _keep(env, record, changes, each):
    """Copies for one debtor of so many, or for all but one of so many; the model goes.

    :param int each: negative: one debtor of so many has a record.
    """
    env.flush_all()
    test = SQL("MOD(place, %s) %s 0", abs(each), SQL("=" if each < 0 else "<>"))
    env.cr.execute("DROP TABLE IF EXISTS bench_some")
    env.cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE bench_some AS SELECT * FROM bench_debtor WHERE %s",
            test,
        )
    )
    copy(env, record, "bench_some", changes)
    env.cr.execute(
        SQL(
            "DELETE FROM %s WHERE id = ANY(%s)",
            SQL.identifier(record._table),
            record.ids,
        )
    )
    env.invalidate_all(flush=False)


def _draft(env):
    """Invoices not posted yet, of the first customers."""
    invoice = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=1
    )
    copy(
        env,
        invoice,
        "bench_debtor",
        {
            "state": SQL("'draft'"),
            "name": SQL("NULL"),
            "sequence_number": SQL("0"),
            "partner_id": SQL("i.partner_id"),
            "commercial_partner_id": SQL("i.partner_id"),
            "company_id": SQL("i.company_id"),
            "amount_total_signed": SQL("100 + MOD(i.id, 900)"),
            "payment_reference": SQL("NULL"),
        },
        DRAFTS,
    )


# ----------------------------------------------------------------------
# THE NIGHT
# ----------------------------------------------------------------------


def _measure_night(env, report):
    debtors = env["recouvrement.debtor"].search([])
    report.head(f"Exposure and rating of {len(debtors):,} debtors (median of {TIMES})")
    params = _bare_params(env)
    exposure = repeated(
        TIMES, lambda: _bare_risk.read_exposure(env.cr, params), nullcontext
    )
    payments = repeated(
        TIMES, lambda: _bare_risk.read_payments(env.cr, params), nullcontext
    )
    bare = _sum([exposure, payments])
    figures = repeated(TIMES, lambda: _refresh(env), lambda: _forget_figures(env))
    report.row("totals, exposure, limits, policies: all new", figures, exposure)
    _compare_exposure(env, report, params)
    ratings = repeated(TIMES, lambda: _rate(env), lambda: _forget_ratings(env))
    report.row("ratings: all new, explained, kept", ratings, payments)
    _compare_ratings(env, report, params)
    report.row("exposure and rating in one run", _sum([figures, ratings]), bare, RATIO)
    again = _sum(
        [
            repeated(TIMES, lambda: _refresh(env), nullcontext),
            repeated(TIMES, lambda: _rate(env), nullcontext),
        ]
    )
    report.row("the same the next night, nothing moved", again, bare, RATIO)
    _compare_queries(env, report, debtors)


def _sum(samples):
    return Sample(
        sum(sample.seconds for sample in samples),
        sum(sample.queries for sample in samples),
        max(sample.memory for sample in samples),
    )


def _refresh(env):
    env["recouvrement.debtor"]._refresh(SQL("TRUE"))


def _rate(env):
    for company in env["res.company"].search([("parent_id", "=", False)]):
        env["recouvrement.rating"]._compute_company(company)
    env.flush_all()


def _forget_figures(env):
    """As if nothing had ever been computed; outside the clock."""
    env.cr.execute(
        """UPDATE recouvrement_debtor
              SET open_amount = 0, exposure_amount = 0, credit_limit = 0,
                  credit_limited = FALSE, limit_excess = 0, exposure_draft = 0,
                  exposure_own = 0, exposure_insured = 0, exposure_guaranteed = 0"""
    )
    env.cr.commit()
    _tidy(env)
    return nullcontext()


def _forget_ratings(env):
    env.cr.execute(
        """UPDATE recouvrement_debtor
              SET rating_grade_id = NULL, rating_score = 0"""
    )
    env.cr.execute("DELETE FROM recouvrement_rating")
    env.cr.commit()
    _tidy(env)
    return nullcontext()


def _tidy(env):
    """What the night finds: a table that autovacuum has passed."""
    env.invalidate_all(flush=False)
    with vacuuming(env.cr.dbname) as cr:
        cr.execute("VACUUM ANALYZE recouvrement_debtor, recouvrement_rating")


def _bare_params(env):
    accounts = env["account.account"].search(
        [("account_type", "=", "asset_receivable")]
    )
    return {
        "accounts": accounts.ids,
        "today": TODAY,
        "year": Date.subtract(TODAY, years=1),
        "two_years": Date.subtract(TODAY, years=2),
        "old": TODAY - timedelta(days=90),
    }


def _compare_exposure(env, report, params):
    env.cr.execute(
        "SELECT id, exposure_amount, limit_excess, credit_limited "
        "FROM recouvrement_debtor"
    )
    ours = {
        debtor: (exposure, excess if limited else None)
        for debtor, exposure, excess, limited in env.cr.fetchall()
    }
    bare = _bare_risk.read_exposure(env.cr, params)
    exceeded = sum(1 for _exposure, excess in ours.values() if (excess or 0) > 0)
    report.judge(
        f"  exposure and excess of each debtor are the bare ones; {exceeded:,} exceed",
        ours == bare and exceeded > 0,
        "equal",
    )


def _compare_ratings(env, report, params):
    """Days late, to the hundredth that an explanation tells."""
    env.cr.execute(
        """SELECT r.debtor_id, x.part ->> 'value'
             FROM recouvrement_rating r
       CROSS JOIN LATERAL jsonb_array_elements(r.parts) AS x(part)
            WHERE r.is_current AND x.part ->> 'code' = 'days_late'
              AND x.part ->> 'value' IS NOT NULL"""
    )
    ours = dict(env.cr.fetchall())
    bare = _bare_risk.read_payments(env.cr, params)
    same = all(
        abs(float(bare[id_]) - float(days)) < 0.0051 for id_, days in ours.items()
    )
    report.judge(
        f"  days late of {len(ours):,} rated debtors are the bare ones",
        bool(ours) and same,
        "equal",
    )


def _compare_queries(env, report, debtors):
    ratings = env["recouvrement.rating"]
    some = debtors.filtered(lambda d: d.company_id == debtors[0].company_id)
    counts = []
    for chosen in (some[:FEW], some):
        env.invalidate_all()
        with measured() as sample:
            ratings._compute_debtors(chosen)
        counts.append(sample.queries)
    report.judge(
        f"  {counts[1]} queries to rate {len(some):,} debtors, {counts[0]} for {FEW}",
        counts[1] <= counts[0] + 2,
        "do not follow the debtors",
    )


# ----------------------------------------------------------------------
# SCREENS
# ----------------------------------------------------------------------


def _measure_screens(env, report):
    report.head("Screens (median, new cache each time)")
    debtors = env["recouvrement.debtor"]
    action = env.ref("recouvrement.recouvrement_debtor_action_exceeded")
    exceeded = [("credit_limited", "=", True), ("limit_excess", ">", 0)]
    _explain(env, report, exceeded)
    count = debtors.search_count(exceeded)
    filtered = _screens.measure(env, lambda: debtors.search(exceeded, limit=80))
    report.row(f"filter “limit exceeded”, {count:,} debtors", filtered)
    report.judge(
        "  filter", filtered.seconds <= FILTER_SECONDS, f"<= {FILTER_SECONDS} s"
    )
    for label, model, domain, view in (
        ("limits exceeded, list", debtors, exceeded, action.view_id.id),
        ("risk agenda, list", env["recouvrement.risk.item"], [], False),
        ("concentration, list", env["recouvrement.risk.concentration"], [], False),
    ):
        _judge_screen(env, report, label, _list(model, domain, view))
    items = env["recouvrement.risk.item"]
    _judge_screen(
        env,
        report,
        "risk agenda, by kind",
        lambda: items.web_read_group([], ["kind"], ["__count"]),
    )


def _list(model, domain, view):
    specification = _screens.fields_of_view(model, "list", view)
    return lambda: model.web_search_read(
        domain, specification, limit=_screens.PAGE, count_limit=10001
    )


def _judge_screen(env, report, label, work):
    sample = _screens.measure(env, work)
    report.row(label, sample)
    target = f"<= {SCREEN_SECONDS} s"
    report.judge(f"  {label}", sample.seconds <= SCREEN_SECONDS, target)


def _explain(env, report, domain):
    """The filter is answered by its index."""
    query = env["recouvrement.debtor"]._search(domain, limit=80)
    env.cr.execute(SQL("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) %s", query.select()))
    plan = [line for [line] in env.cr.fetchall()]
    indexed = any("recouvrement_debtor_exceeded_idx" in line for line in plan)
    if not indexed:
        for line in plan:
            report.note(line)
    report.judge("  filter: read by its index", indexed, "exceeded_idx")


if __name__ == "__main__":
    sys.exit(main())
