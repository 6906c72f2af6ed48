"""Command line of ``./dev``.

Imports are local to the commands: each loads only what it needs, so that
``./dev fec`` works where nothing is set up.
"""

import argparse
import os
import sys

from . import ui
from .errors import DevError
from .paths import CACHE

DESCRIPTION = """\
Recouvrement: set up, show, test, measure.

  ./dev demo    everything, then a French Odoo with a living company in it
  ./dev test    everything, then every test
"""


def main(argv=None):
    """Run one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("NODE_COMPILE_CACHE", str(CACHE / "node"))  # not in /tmp
    try:
        return _dispatch(arguments) or 0
    except DevError as error:
        ui.fail(error)
        return 2
    except KeyboardInterrupt:
        ui.say("\ndev: stopped")
        return 130


def _dispatch(arguments):
    if arguments and arguments[0] in PASS_THROUGH:
        return PASS_THROUGH[arguments[0]](arguments[1:])
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser():
    parser = argparse.ArgumentParser(
        prog="./dev",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text, declare, run in COMMANDS:
        command = commands.add_parser(name, help=help_text, description=help_text)
        declare(command)
        command.set_defaults(run=run)
    for name, help_text in PASS_THROUGH_HELP.items():
        commands.add_parser(name, help=help_text, add_help=False)
    return parser


def _no_options(_command):
    pass


# setup
def _setup_options(command):
    command.add_argument(
        "--no-tests",
        action="store_true",
        help="leave out what only lint and tests need (browser, linters)",
    )


def _setup(options):
    from . import setup

    setup.ensure(tests=not options.no_tests)


# demo, stop, clean
def _demo_options(command):
    command.add_argument("--port", type=int, help="port to listen on (8069)")
    command.add_argument(
        "--fresh", action="store_true", help="throw the demo database away first"
    )


def _demo(options):
    from . import demo

    demo.main(port=options.port, fresh=options.fresh)


def _stop(_options):
    from . import postgres, server

    stopped = [f"server of {name}" for name in server.stop_all()]
    stopped += [f"PostgreSQL {name}" for name in postgres.stop_all()]
    ui.say(f"Stopped: {', '.join(stopped) or 'nothing was running'}.")


def _clean_options(command):
    command.add_argument("--yes", action="store_true", help="do not ask")


def _clean(options):
    from . import clean

    clean.main(sure=options.yes)


# test, lint
def _test_options(command):
    command.add_argument(
        "--only", choices=("lint", "unit", "odoo", "e2e"), help="one stage"
    )
    command.add_argument(
        "--odoo", action="store_true", help="all of Odoo's own tests of account"
    )
    command.add_argument(
        "--keep", action="store_true", help="update the database of the last run"
    )
    command.add_argument("--db", help="database of the Odoo tests, kept")
    command.add_argument("--tags", help="Odoo test tags, e.g. /recouvrement:TestDebtor")
    command.add_argument(
        "pytest", nargs="*", help="after --: arguments for pytest, e.g. -- -k fec"
    )


def _test(options):
    from . import testing

    options.db_given = bool(options.db)
    options.db = options.db or "recouvrement_test"
    return testing.main(options)


def _lint_options(command):
    command.add_argument("--fix", action="store_true", help="repair first")


def _lint(options):
    from . import linting, setup, testing

    setup.ensure(tests=True)
    if options.fix:
        linting.fix()
    return testing.conclude(linting.check(), [])


# databases
def _newdb_options(command):
    command.add_argument("name")


def _newdb(options):
    from . import odoo

    odoo.on("test").new(options.name)
    ui.say(f"Database {options.name} is ready.")


def _shell_options(command):
    command.add_argument("database", nargs="?", default="recouvrement_demo")


def _shell(options):
    from . import odoo

    runner = odoo.holding(options.database)
    command = runner.command("shell", f"--database={options.database}", "--no-http")
    return odoo.replace_process(command, runner.environment())


def _i18n_options(command):
    command.add_argument("--db", default="recouvrement_test")
    command.add_argument("additions", nargs="*", help="JSON lines with translations")


def _i18n(options):
    from . import catalogues, odoo

    missing = catalogues.refresh(odoo.on("test"), options.db, options.additions)
    ui.say("\n".join([*missing, f"{len(missing)} terms have no translation."]))


# bench
def _bench_options(command):
    command.add_argument("name")
    command.add_argument("arguments", nargs=argparse.REMAINDER)


def _bench(options):
    from . import bench

    return bench.main(options.name, options.arguments)


# Commands whose arguments belong to another program
def _odoo(arguments):
    from . import odoo

    name = os.environ.get("DEV_CLUSTER", "test")
    runner = odoo.on(name)
    return odoo.replace_process(runner.command(*arguments), runner.environment())


def _psql(arguments):
    from . import odoo, postgres

    if arguments and not arguments[0].startswith("-"):
        runner = odoo.holding(arguments[0])
    else:
        runner = odoo.on((postgres.existing() or ["test"])[0])
        arguments = ["postgres", *arguments]
    command = [postgres.program("psql"), *arguments]
    return odoo.replace_process(command, runner.environment())


def _fec(arguments):
    from . import fec

    return fec.main(arguments)


COMMANDS = [
    ("setup", "fetch and prepare what everything else needs", _setup_options, _setup),
    ("demo", "the demo company: set up, create, start", _demo_options, _demo),
    ("test", "lint, unit, Odoo and browser tests", _test_options, _test),
    ("lint", "check style and formats", _lint_options, _lint),
    ("bench", "measure: ./dev bench dunning", _bench_options, _bench),
    ("shell", "Python prompt in a database", _shell_options, _shell),
    ("newdb", "make an empty database with account", _newdb_options, _newdb),
    ("i18n", "rewrite the catalogues of translations", _i18n_options, _i18n),
    ("stop", "stop servers and PostgreSQL", _no_options, _stop),
    ("clean", "remove everything ./dev made", _clean_options, _clean),
]
PASS_THROUGH = {"fec": _fec, "odoo": _odoo, "psql": _psql}
PASS_THROUGH_HELP = {
    "fec": "read FEC files and report, nothing needs to be set up",
    "psql": "SQL prompt in a database",
    "odoo": "pass arguments to Odoo",
}
