"""``./dev bench interest``: the late interest of every item of a large ledger, to this
day, beside the bare reading of the same rows.

The ledger is the one of ``./dev bench dunning``, built once and kept. Exit code 1 when
a target is missed.
"""

import argparse
import sys
from datetime import date
from decimal import Decimal
from time import process_time

import _ledger
import _screens
from _desk import copy_of_ledger, cursor, prepare, vacuuming
from _measure import Report, measured, repeated

from odoo.modules.registry import Registry
from odoo.tools import config

from devkit import odoo as odoo_runner

RATIO = 6  # to the bare reading
PEAK = 400  # MB
BATCHES = (500, 2000)
SAMPLE = 50_000  # claims computed alone, without a database
FETCH = 2000

# What nobody can do without: the terms and amounts of each item paid late or overdue,
# then each of their matched credits with its day, brought to Python.
BARE_ITEMS = """
    SELECT l.id, l.amount_currency::text, l.date_maturity, l.currency_id, l.move_id,
           m.name, m.invoice_date, m.legal_regime_id, d.regime_id
      FROM account_move_line l
      JOIN account_move m ON m.id = l.move_id
      JOIN recouvrement_debtor d
        ON d.partner_id = l.partner_id AND d.company_id = l.company_id
     WHERE l.id = ANY(%(ids)s)
"""
BARE_MOVEMENTS = """
    SELECT pr.debit_move_id, COALESCE(cm.invoice_date, cl.date),
           pr.debit_amount_currency::text
      FROM account_partial_reconcile pr
      JOIN account_move_line cl ON cl.id = pr.credit_move_id
      JOIN account_move cm ON cm.id = cl.move_id
     WHERE pr.debit_move_id = ANY(%(ids)s)
"""


def main():
    """Run the whole measurement; returns the exit code."""
    options = _options()
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = f"bench_interest_{options.lines}"
    if not (options.keep and runner.exists(work)):
        copy_of_ledger(runner, options.lines, work)
        _install(work)
    bench = Bench(work, options, Report())
    bench.everything()
    bench.batches()
    bench.engine()
    bench.screens()
    return bench.report.conclude()


def _options():
    parser = argparse.ArgumentParser(prog="./dev bench interest")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=1, help="runs of which a median")
    parser.add_argument("--keep", action="store_true", help="the copy of the last run")
    return parser.parse_args()


def _install(database):
    Registry.new(database, update_module=True, install_modules=["recouvrement"])
    with cursor(database) as env:
        prepare(env)
        _ledger.check(env, date.today())
    with vacuuming(database) as cr:
        cr.execute("VACUUM ANALYZE")


class Bench:
    """One database, what was measured in it, and the measurements."""

    def __init__(self, work, options, report):
        self.work = work
        self.options = options
        self.report = report
        self.ids = []

    def cursor(self):
        """Environment of the superuser."""
        return cursor(self.work)

    def everything(self):
        """Every item that is overdue or was settled late, in batches."""
        self.report.head("Late interest of all items, to this day")
        with self.cursor() as env:
            counts = _Counts()
            feed = env["recouvrement.interest"]
            feed._find_ids()
            finding = self._median(env, feed._find_ids)
            began = process_time()
            sample = self._median(env, lambda: counts.take(feed._iter_items()))
            seconds = (process_time() - began) / self.options.times
            self.ids = counts.ids
            bare = self._median(env, lambda: _read_bare(env.cr, self.ids))
        count = len(counts.ids)
        self.report.row("finding the items", finding)
        self.report.row(f"interest of {count:,} items", sample, bare, RATIO)
        self.report.note(
            "bare: the items and their matched credits read in as many batches"
        )
        self.report.note(
            f"{seconds:.1f} s of processor in Python, the rest PostgreSQL and waiting"
        )
        self.report.note(str(counts))
        target = f"<= {PEAK} MB"
        self.report.judge(
            f"{sample.memory:.0f} MB at the peak", sample.memory <= PEAK, target
        )
        self.report.judge("every item has its interest", not counts.errors, "no error")

    def _median(self, env, work):
        def around():
            env.invalidate_all()
            return _Nothing()

        return repeated(self.options.times, work, around)

    def batches(self):
        """Queries of one batch, for two sizes."""
        queries = set()
        with self.cursor() as env:
            feed = env["recouvrement.interest"]
            middle = len(self.ids) // 2
            for size in BATCHES:
                ids = self.ids[middle : middle + size]
                feed._get_items(ids)
                with measured() as sample:
                    feed._get_items(ids)
                queries.add(sample.queries)
                self.report.row(f"one batch of {size} items", sample)
        self.report.judge(
            "queries per batch do not grow", len(queries) == 1, "constant"
        )

    def engine(self):
        """The computation alone, on claims already in memory."""
        from odoo.addons.recouvrement.tools.interest import accrue

        with self.cursor() as env:
            items = env["recouvrement.interest"]._get_items(self.ids[:SAMPLE])
        claims = [item for item in items.values() if item.accrual]
        began = process_time()
        for item in claims:
            accrue(item.claim, item.terms, item.until)
        seconds = process_time() - began
        self.report.note(
            f"the computation alone: {seconds / len(claims) * 1e6:.1f} µs of processor "
            "a claim, as many seconds a million"
        )

    def screens(self):
        """The columns a user may show, on a page of each list."""
        self.report.head("Lists of 80 with the interest to this day")
        with self.cursor() as env:
            companies = env["res.company"].search([])
            user = env.ref("base.user_admin")
            user.company_ids = companies
            context = {"allowed_company_ids": companies.ids}
            env = env(user=user, context=context)
            env.flush_all()
            for model in ("recouvrement.open.item", "recouvrement.debtor"):
                with_it, without = (
                    _screens.measure(env, _page(env, model, fields))
                    for fields in (("late_interest", "late_indemnity"), ())
                )
                self.report.row(f"{model}, interest shown", with_it)
                self.report.row(f"{model}, without", without)


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


class _Counts:
    """What a pass over the items saw; keeps the ids only."""

    def __init__(self):
        self.ids = []

    def take(self, items):
        self.ids = []
        self.errors = self.segments = self.movements = self.bearing = 0
        self.interest = Decimal(0)
        for item in items:
            self.ids.append(item.line_id)
            self.errors += bool(item.error)
            self.movements += len(item.movements)
            if item.accrual:
                self.bearing += 1
                self.segments += len(item.accrual.segments)
                self.interest += item.due

    def __str__(self):
        return (
            f"{self.bearing:,} bear interest in {self.segments:,} segments after "
            f"{self.movements:,} movements, {self.errors:,} errors, "
            f"{self.interest:,.2f} in all currencies together"
        )


def _read_bare(cr, ids):
    for start in range(0, len(ids), FETCH):
        values = {"ids": ids[start : start + FETCH]}
        for statement in (BARE_ITEMS, BARE_MOVEMENTS):
            cr.execute(statement, values)
            cr.fetchall()


def _page(env, model, fields):
    specification = {name: {} for name in ("display_name", *fields)}

    def work():
        env[model].web_search_read([], specification, limit=_screens.PAGE)

    return work


if __name__ == "__main__":
    sys.exit(main())
