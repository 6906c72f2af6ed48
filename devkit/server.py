"""An Odoo server in the background: start, wait until it answers, stop."""

import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass

from . import postgres
from .errors import DevError
from .paths import LOGS, RUN

HOST = "127.0.0.1"
START_TIMEOUT = 120


@dataclass(frozen=True)
class Running:
    """A server that was started.

    :ivar pid: its process, which leads a session of its own
    """

    database: str
    port: int
    pid: int

    @property
    def url(self):
        """Address to open in a browser."""
        return f"http://{HOST}:{self.port}"

    def is_alive(self):
        """True when the process is still the server that was started."""
        try:
            with open(f"/proc/{self.pid}/cmdline", "rb") as handle:
                words = handle.read().split(b"\0")
        except OSError:
            return False
        return f"--database={self.database}".encode() in words

    def answers(self):
        """True when the web server replies."""
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as reply:
                return reply.status == 200
        except (OSError, urllib.error.URLError):
            return False


def free_port(wanted=None):
    """A TCP port that nobody listens on; the wanted one, or else the next ones."""
    candidates = range(wanted, wanted + 50) if wanted else [0]
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise DevError(
        f"The ports {wanted} to {wanted + 49} are all in use.",
        "Name another one: --port 9000",
    )


def start(odoo, database, port, *options):
    """Start a server and wait until it answers."""
    set_addresses(odoo, database, port)
    log = LOGS / f"server-{database}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(
            odoo.command(
                f"--database={database}",
                f"--db-filter=^{database}$",
                f"--http-port={port}",
                *options,
            ),
            env=odoo.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(database, port, process.pid)
    _file(database).write_text(json.dumps(asdict(running)), "utf-8")
    ready = postgres.wait_until(
        lambda: process.poll() is not None or running.answers(), START_TIMEOUT
    )
    if not ready or process.poll() is not None:
        stop(database)
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
        raise DevError(f"The server did not start.\n{tail}", f"Whole log: {log}")
    return running


def set_addresses(odoo, database, port):
    """Tell the database its address: wkhtmltopdf fetches its styles there."""
    rows = ", ".join(
        f"('{key}', 'http://{HOST}:{port}', now(), now(), 1, 1)"
        for key in ("web.base.url", "report.url")
    )
    postgres.query(
        odoo.server,
        database,
        "INSERT INTO ir_config_parameter"
        " (key, value, create_date, write_date, create_uid, write_uid)"
        f" VALUES {rows} ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
    )


def find(database):
    """The server of a database that was started and still runs, or None."""
    path = _file(database)
    if not path.exists():
        return None
    running = Running(**json.loads(path.read_text("utf-8")))
    return running if running.is_alive() else None


def stop(database):
    """Stop the server of a database; True when it ran."""
    running = find(database)
    _file(database).unlink(missing_ok=True)
    if running is None:
        return False
    os.killpg(running.pid, signal.SIGTERM)
    if not postgres.wait_until(lambda: _gone(running), 20):
        os.killpg(running.pid, signal.SIGKILL)
    return True


def stop_all():
    """Stop every server of this checkout; returns their databases."""
    names = [path.stem.removeprefix("server-") for path in RUN.glob("server-*.json")]
    return [name for name in names if stop(name)]


def _gone(running):
    try:
        os.waitpid(running.pid, os.WNOHANG)
    except ChildProcessError:
        pass
    return not running.is_alive()


def _file(database):
    RUN.mkdir(parents=True, exist_ok=True)
    return RUN / f"server-{database}.json"
