"""The databases of a measurement, and the settings of a desk at work."""

import argparse
import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import _ledger
from _measure import measured

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

from devkit import postgres, ui


def copy_of_ledger(runner, lines, work, fresh=False):
    """Make ``work`` a copy of the ledger of so many lines, built once; its name."""
    ledger = f"bench_ledger_{lines}"
    if fresh:
        runner.drop(ledger)
    if not runner.exists(ledger):
        _build(runner, ledger, lines)
    _copy(runner, ledger, work)
    return ledger


def read_options(name, parts=()):
    """Options of a measurement that keeps its working copy.

    :param parts: names of its parts, of which one can be measured alone.
    """
    parser = argparse.ArgumentParser(prog=f"./dev bench {name}")
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="the copy of the last run")
    if parts:
        parser.add_argument("--part", choices=parts, help="measure this one only")
    return parser.parse_args()


def working_copy(runner, options, name, modules, fill=None):
    """A copy of the ledger with addons installed, or that of the last run; its name.

    :param fill: called with the environment before the totals are computed.
    """
    work = f"bench_{name}_{options.lines}"
    if options.keep and runner.exists(work):
        return work
    copy_of_ledger(runner, options.lines, work)
    Registry.new(work, update_module=True, install_modules=modules)
    with cursor(work) as env:
        prepare(env)
        _ledger.check(env, date.today())
        if fill:
            fill(env)
            env.cr.commit()
        env["recouvrement.debtor"]._refresh_totals()
    with vacuuming(work) as cr:
        cr.execute("VACUUM ANALYZE")
    return work


def _build(runner, database, lines):
    building = f"{database}_building"
    runner.drop(building)
    runner.new(building)
    ui.say(f"Building a ledger of {lines:,} receivable lines, once ...")
    with measured() as sample, cursor(building) as env:
        for step, rows in _ledger.build(env, lines):
            ui.say(f"  {step}: {rows:,}")
    with vacuuming(building) as cr:
        cr.execute("VACUUM ANALYZE")
    with cursor(building) as env:
        _ledger.check(env, date.today())
    ui.say(f"Built in {sample.seconds:.0f} s, checked.")
    forget(building)
    runner.run("db", "rename", building, database, what="naming the ledger")


def _copy(runner, ledger, work):
    """A copy by files, the fastest way."""
    runner.drop(work)
    postgres.query(
        runner.server,
        "postgres",
        f"CREATE DATABASE {work} TEMPLATE {ledger} STRATEGY FILE_COPY",
    )
    files = config.filestore(ledger)
    shutil.rmtree(config.filestore(work), ignore_errors=True)
    if Path(files).is_dir():
        shutil.copytree(files, config.filestore(work))


@contextmanager
def cursor(database, user=SUPERUSER_ID):
    """Environment on a cursor of its own, committed at the end."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, user, {})


@contextmanager
def vacuuming(database):
    """A raw cursor outside any transaction."""
    with sql_db.db_connect(database).cursor() as cr:
        cr.rollback()
        cr._cnx.autocommit = True
        yield cr
        cr._cnx.autocommit = False


def forget(database):
    Registry.delete(database)
    sql_db.close_db(database)


def prepare(env):
    """Segments, collectors and settings of a desk at work."""
    companies = env["res.company"].search([("name", "in", _ledger.COMPANIES)])
    collectors = env["res.users"].create(
        [
            {
                "name": f"Chargée {number}",
                "login": f"collector{number}",
                "email": f"collector{number}@bench.example",
                "company_ids": companies.ids,
                "company_id": companies[0].id,
            }
            for number in range(5)
        ]
    )
    companies.write({"recouvrement_test_mode": False})
    for tag, remainder in (
        ("key_account", 1),
        ("public_body", 7),
        ("property_manager", 9),
    ):
        env.cr.execute(
            """INSERT INTO res_partner_res_partner_category_rel
                      (partner_id, category_id)
               SELECT id, %s FROM res_partner
                WHERE ref LIKE 'C______' AND id %% 40 = %s""",
            [env.ref(f"recouvrement.tag_{tag}").id, remainder],
        )
    env.invalidate_all()
    debtors = env["recouvrement.debtor"].search([])
    debtors._classify()
    env.cr.execute(
        "UPDATE recouvrement_debtor SET collector_id = %s + MOD(id, 5)",
        [collectors[0].id],
    )
    env.invalidate_all()
    env.cr.commit()
