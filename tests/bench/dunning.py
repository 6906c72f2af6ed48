"""``./dev bench dunning``: dunning on a large ledger beside what no program can beat.

The ledger is built once and kept; each run works on a copy of it, so that runs are
alike and the installation of the addon is measured too. Exit code 1 when a target is
missed.
"""

import argparse
import sys
from contextlib import contextmanager, nullcontext
from datetime import date
from unittest.mock import patch

import _bare
import _ledger
import _screens
import _sending
from _desk import copy_of_ledger, cursor, forget, prepare, vacuuming
from _measure import Report, measured, repeated

from odoo.modules.registry import Registry
from odoo.tools import SQL, config

from devkit import odoo as odoo_runner

PROPOSAL_SIZES = ((500, 20), (2000, 5))  # debtors, at most this part of all
POSTING_QUERIES = 12
PAST_DAYS = (0, 90, 365)
HISTORY_DAYS = 20  # an earlier campaign left that many days ago
ROWS_OF_RUN = {
    "recouvrement_reminder": "run_id = %(run)s",
    "recouvrement_reminder_line": "reminder_id IN (SELECT id FROM"
    " recouvrement_reminder WHERE run_id = %(run)s)",
}


def main():
    """Run the whole measurement; returns the exit code."""
    options = _options()
    runner = odoo_runner.on("bench")
    config.parse_config(["--no-http", "--log-level=critical"])
    work = f"bench_dunning_{options.lines}"
    ledger = copy_of_ledger(runner, options.lines, work, options.fresh)
    report = Report()
    bench = Bench(runner, ledger, work, options, report)
    bench.install()
    bench.refresh()
    bench.past()
    bench.propose()
    bench.sizes()
    bench.posting()
    _screens.run(bench)
    if options.mails or options.letters:
        _sending.run(bench)
    return report.conclude()


def _options():
    parser = argparse.ArgumentParser(prog="./dev bench dunning")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--fresh", action="store_true", help="build the ledger again")
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--letters", type=int, default=500)
    parser.add_argument("--times", type=int, default=3, help="runs of which a median")
    return parser.parse_args()


class Bench:
    """The databases, what was measured, and the measurements on the ledger."""

    def __init__(self, runner, ledger, work, options, report):
        self.runner = runner
        self.ledger = ledger
        self.work = work
        self.options = options
        self.report = report
        self.run_id = None

    def cursor(self):
        """Environment of the superuser on the working copy."""
        return cursor(self.work)

    def vacuum(self):
        """Statistics and visibility as they are on a server that runs for a day."""
        with vacuuming(self.work) as cr:
            cr.execute("VACUUM ANALYZE")

    @contextmanager
    def rolled_back(self, env):
        """Undo what happens inside."""
        env.flush_all()
        env.cr.execute("SAVEPOINT bench")
        try:
            yield
        finally:
            env.invalidate_all(flush=False)
            env.cr.precommit.clear()
            env.cr.execute("ROLLBACK TO SAVEPOINT bench")

    # == Installing ==

    def install(self):
        """The addon on a ledger that is there, as its first user installs it."""
        with measured() as sample:
            Registry.new(
                self.work, update_module=True, install_modules=["recouvrement"]
            )
        self.vacuum()
        self.report.head("Installing on the ledger as it is")
        self.report.row("install (hooks and debtor accounts included)", sample)
        with self.cursor() as env:
            prepare(env)
            counts = _ledger.check(env, date.today())
            env.cr.execute("SELECT COUNT(*) FROM recouvrement_debtor")
            counts["debtor_accounts"] = env.cr.fetchone()[0]
        text = ", ".join(f"{key.replace('_', ' ')} {n:,}" for key, n in counts.items())
        self.report.note(text)

    # == Refreshing ==

    def refresh(self):
        """All the debtors, once when every row changes and once when none does."""
        self.report.head("Refreshing all debtor accounts")
        with self.cursor() as env:
            values = {"day": date.today(), "accounts": _bare.accounts(env.cr)}
            debtors = env["recouvrement.debtor"]
            none_changes = self._repeated(env, debtors._refresh_totals)
            _spoil_totals(env)
            totals, everything = (
                self._repeated(env, lambda sql=sql: env.cr.execute(sql, values))
                for sql in (_bare.REFRESH, _bare.REFRESH_ALL)
            )
            all_change = self._repeated(env, debtors._refresh_totals)
            debtors._refresh_totals()
            wrong = debtors._check_totals_against_ledger()
        self.report.row("refresh, every account changes", all_change, everything, 2)
        self.report.note("bare: one statement that writes the same columns of all rows")
        self.report.row("refresh, every account changes", all_change, totals)
        self.report.note("bare: totals only, without receipt, addressee and levels")
        self.report.row("refresh, none changes (as every night)", none_changes, totals)
        self.report.judge("cached totals equal the ledger", not wrong, "no difference")

    def past(self):
        """Totals per debtor as they were, back from today's open items."""
        self.report.head("Totals per debtor on a day")
        with self.cursor() as env:
            debtors = env["recouvrement.debtor"]
            for days in PAST_DAYS:
                day = date.fromordinal(date.today().toordinal() - days)
                statement = debtors._totals_sql(SQL("TRUE"), day)
                sample = self._repeated(env, lambda sql=statement: env.cr.execute(sql))
                self.report.row(f"{days} days back", sample)

    def _repeated(self, env, work, prepare=None):
        @contextmanager
        def around():
            with self.rolled_back(env):
                if prepare:
                    prepare(env)
                yield

        return repeated(self.options.times, work, around)

    # == Proposing ==

    def propose(self):
        """A first campaign leaves in the past; today's is measured."""
        self._leave_history()
        self.report.head("Proposing the campaign, in committed batches")
        with self.cursor() as env:
            run = env["recouvrement.dunning.run"].create(self._run_values(env))
            run.state = "proposing"
            env.cr.commit()
            with measured() as sample:
                batches = self._process(run)
            self.run_id = run.id
            count = run.reminder_count
            lines = env["recouvrement.reminder.line"].search_count(
                [("reminder_id.run_id", "=", run.id)]
            )
        bare = self._bare_proposal()
        self.report.row(f"propose, {batches} batches", sample, bare, 4)
        self.report.note(
            "bare: one aggregated read of the open items and the insertion of the same"
            f" {count:,} reminders and {lines:,} items; ours also refreshes all debtors"
        )

    @staticmethod
    def _process(run):
        batches = 0
        finished = False
        while not finished:
            finished = run._process_batch()
            run.env.cr.commit()
            batches += 1
        return batches

    @staticmethod
    def _run_values(env):
        return {
            "name": "Bench",
            "company_ids": env["res.company"].search([("parent_id", "=", False)]).ids,
        }

    def _leave_history(self):
        """Claims and sendings of an earlier campaign, as a desk at work has them."""
        with self.cursor() as env:
            day = date.fromordinal(date.today().toordinal() - HISTORY_DAYS)
            values = self._run_values(env) | {"date": day}
            run = env["recouvrement.dunning.run"].create(values)
            run.state = "proposing"
            self._process(run)
            env.cr.execute(
                """UPDATE recouvrement_reminder SET state = 'sent', date_sent = %s
                    WHERE run_id = %s AND id %% 10 < 6""",
                [day, run.id],
            )
            env.cr.execute(
                """UPDATE recouvrement_reminder_line SET claimed = FALSE
                     FROM recouvrement_reminder r
                    WHERE r.id = reminder_id AND r.run_id = %s AND r.state <> 'sent'""",
                [run.id],
            )
            env.cr.execute(
                """UPDATE recouvrement_reminder SET state = 'cancelled'
                    WHERE run_id = %s AND state <> 'sent'""",
                [run.id],
            )
            env.invalidate_all(flush=False)
        self.vacuum()

    def _bare_proposal(self):
        """The items read, and the same rows written again to vacuumed tables."""
        with self.cursor() as env:
            _bare.stash(env.cr, ROWS_OF_RUN, {"run": self.run_id})
            env.cr.execute(
                "DELETE FROM recouvrement_reminder WHERE run_id = %s", [self.run_id]
            )
        self.vacuum()
        with self.cursor() as env:
            values = {"accounts": _bare.accounts(env.cr)}
            with measured() as sample:
                env.cr.execute(_bare.READ_ITEMS, values)
                _bare.insert_again(env.cr, ROWS_OF_RUN)
                env.cr.commit()
        return sample

    def sizes(self):
        """Queries of one batch in the middle of a campaign, for two sizes."""
        module = "odoo.addons.recouvrement.models.dunning_run_proposal.PROPOSAL_BATCH"
        counts = {}
        accounts = self.options.lines // 50
        for size in (min(size, accounts // share) for size, share in PROPOSAL_SIZES):
            with self.cursor() as env, self.rolled_back(env), patch(module, size):
                env.cr.execute(
                    "DELETE FROM recouvrement_reminder WHERE state <> 'sent'"
                )
                run = env["recouvrement.dunning.run"].create(self._run_values(env))
                run.state = "proposing"
                run._process_batch()
                env.flush_all()
                with measured() as sample:
                    run._process_batch()
                    env.flush_all()
                counts[size] = sample
                self.report.row(f"one later batch of {size} debtors", sample)
        queries = {sample.queries for sample in counts.values()}
        self.report.judge(
            "queries per batch do not grow", len(queries) == 1, "constant"
        )

    # == Posting ==

    def posting(self):
        """What the addon adds to posting an invoice."""
        self.report.head("Posting one invoice, up to the commit")
        samples = {}
        for label, database in (("without", self.ledger), ("with", self.work)):
            with cursor(database) as env:
                samples[label] = repeated(5, _Posting(env), nullcontext)
                env.cr.rollback()
            if database == self.ledger:
                forget(database)
        self.report.row("with the addon", samples["with"], samples["without"])
        more = samples["with"].queries - samples["without"].queries
        self.report.note("bare: Odoo without the addon")
        self.report.judge(
            f"{more} queries more", more <= POSTING_QUERIES, f"<= {POSTING_QUERIES}"
        )


class _Posting:
    """Posts one of the invoices it drafted, each time another one."""

    def __init__(self, env):
        self.env = env
        company = env["res.company"].search([("name", "=", _ledger.COMPANIES[0])])
        partner = env["res.partner"].search([("ref", "=", "C000001")])
        values = {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [(0, 0, {"name": "Bench", "price_unit": 100.0})],
        }
        moves = env["account.move"].with_company(company)
        self.moves = list(moves.create([dict(values) for _number in range(5)]))
        env.flush_all()
        env.cr.precommit.run()

    def __call__(self):
        self.env.invalidate_all()
        self.moves.pop().action_post()
        self.env.flush_all()
        self.env.cr.precommit.run()


def _spoil_totals(env):
    """Make every cached row wrong, so that all of them are written; committed, so
    that the foreign keys need no second look."""
    env.cr.execute(
        """UPDATE recouvrement_debtor
              SET open_amount = -1, overdue_amount = -1, open_item_count = -1,
                  priority_score = -1"""
    )
    env.cr.commit()


if __name__ == "__main__":
    sys.exit(main())
