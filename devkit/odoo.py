"""Runs Odoo: configuration file, environment, databases, server."""

import os
import re
import subprocess
from dataclasses import dataclass

from . import postgres, source, stamp
from .errors import DevError
from .lock import exclusive
from .paths import ADDONS, BIN, CONF, DATA, LOGS, RUN, VENV, VENV_PYTHON, project_addons
from .shell import run
from .ui import Ticker

TEMPLATE_MODULES = ["account", "l10n_fr_account", "mail", "portal"]
LANGUAGE = "fr_FR"
CONFIGURATION = """\
[options]
addons_path = {addons}
data_dir = {data}
{database}
db_maxconn = 32
http_interface = 127.0.0.1
screenshots = {logs}/screenshots
limit_time_cpu = 3600
limit_time_real = 7200
limit_memory_hard = 0
limit_memory_soft = 0
"""


@dataclass(frozen=True)
class Odoo:
    """Odoo on one PostgreSQL cluster.

    :ivar cluster: ``test`` or ``demo``
    """

    cluster: str
    server: postgres.Server

    @property
    def configuration(self):
        """Path of the configuration file."""
        return CONF / f"{self.cluster}.conf"

    def environment(self):
        """Environment of every Odoo process."""
        values = dict(os.environ)
        values.pop("PGDATABASE", None)
        return (
            values
            | self.server.environment()
            | {
                "ODOO_RC": str(self.configuration),
                "PYTHONPATH": str(source.locate().python_path),
                "PATH": f"{BIN}:{VENV / 'bin'}:{os.environ.get('PATH', '')}",
                "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", "ignore"),
                "VIRTUAL_ENV": str(VENV),
            }
        )

    def command(self, *arguments):
        """``python -m odoo …``; ``server`` is assumed without a command."""
        if not arguments or arguments[0].startswith("-"):
            arguments = ("server", *arguments)
        return [str(VENV_PYTHON), "-m", "odoo", *map(str, arguments)]

    def run(self, *arguments, what="odoo", log=None, hint=""):
        """Run to the end; its output goes to a log that an error names."""
        ticker = Ticker(r"Loading module (\S+) (\(\d+/\d+\))")
        try:
            return run(
                self.command(*arguments),
                env=self.environment(),
                what=what,
                log=log or LOGS / "odoo.log",
                hint=hint,
                watch=ticker,
            )
        finally:
            ticker.done()

    def write_configuration(self):
        """Write the configuration file that ``ODOO_RC`` points to."""
        addons = [str(path) for path in source.locate().addons]
        if project_addons():
            addons.append(str(ADDONS))
        CONF.mkdir(parents=True, exist_ok=True)
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(
            CONFIGURATION.format(
                addons=",".join(addons),
                data=DATA / ("external" if postgres.external() else self.cluster),
                database="\n".join(self._database_options()),
                logs=LOGS,
            ),
            "utf-8",
        )

    def _database_options(self):
        values = {
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "db_password": self.server.password,
        }
        return [f"{key} = {value}" for key, value in values.items() if value]

    # Databases
    def exists(self, database):
        """True when the database is there."""
        return postgres.exists(self.server, database)

    def drop(self, database):
        """Remove a database with its files, if it is there."""
        if self.exists(database):
            self.run("db", "drop", database, what=f"dropping {database}")

    def duplicate(self, origin, database):
        """Copy a database with its files."""
        self.run("db", "duplicate", origin, database, what=f"making {database}")
        self.analyze(database)

    def analyze(self, database):
        """Refresh the planner's statistics, which a copy does not bring."""
        postgres.query(self.server, database, "ANALYZE")

    def installed(self, database):
        """Names of the installed modules of a database."""
        sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        return {name for (name,) in postgres.query(self.server, database, sql)}

    def create(self, database, modules, *options):
        """Create a database with modules installed."""
        self.run(
            f"--database={database}",
            f"--init={','.join(modules)}",
            "--stop-after-init",
            "--no-http",
            *options,
            what=f"creating the database {database}",
            log=LOGS / f"create-{database}.log",
        )
        self.analyze(database)

    def template(self):
        """Name of the cached database that new ones are copied from.

        French is loaded, English stays the language of its users: Odoo's own
        tests and ours compare English texts.
        """
        release = (source.locate().python_path / "odoo/release.py").read_text("utf-8")
        recipe = [release, TEMPLATE_MODULES, LANGUAGE]
        name = f"template_{stamp.fingerprint(recipe)[:8]}"
        with exclusive(f"template-{self.cluster}"):
            if not self.exists(name):
                building = f"{name}_building"
                self.drop(building)
                self.create(building, TEMPLATE_MODULES)
                self.run("i18n", "loadlang", "-d", building, "-l", LANGUAGE)
                self.run("db", "rename", building, name)
        return name

    def new(self, database):
        """A fresh database from the template."""
        check_name(database)
        if self.exists(database):
            raise DevError(
                f"The database {database} is there already.",
                f"Choose another name, or remove it: ./dev odoo db drop {database}",
            )
        template = self.template()
        with exclusive(f"template-{self.cluster}"):
            self.duplicate(template, database)


def on(cluster):
    """Odoo on a running cluster, configuration written."""
    if not VENV_PYTHON.exists():
        raise DevError("Nothing is set up yet.", "Run first: ./dev setup")
    odoo = Odoo(cluster, postgres.ensure(cluster))
    odoo.write_configuration()
    return odoo


def holding(database):
    """Odoo on the cluster that holds a database.

    :raise DevError: when none does
    """
    for name in postgres.existing():
        odoo = on(name)
        if odoo.exists(database):
            return odoo
    raise DevError(
        f"There is no database {database}.",
        "Make the demo with ./dev demo, or an empty one with ./dev newdb NAME.",
    )


def check_name(database):
    """Refuse names that PostgreSQL, Odoo or a shell would stumble on."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", database):
        raise DevError(
            f"{database!r} cannot be the name of a database.",
            "Use lower-case letters, digits and _, starting with a letter.",
        )


def replace_process(command, environment):
    """Become another program, so that keys and exit code pass through."""
    RUN.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([*map(str, command)], env=environment, check=False)
    return done.returncode
