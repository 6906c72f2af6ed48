"""``./dev demo``: a French Odoo with a living company in it."""

import csv
import hashlib
import time

from . import odoo as odoo_runner
from . import postgres, server, setup, stamp
from .errors import DevError
from .paths import ADDONS, project_addons
from .ui import Steps, bold, say

DATABASE = "recouvrement_demo"
PORT = 8069
LANGUAGE = odoo_runner.LANGUAGE
# Those that the texts for customers are written in.
LANGUAGES = (LANGUAGE, "nl_NL", "de_DE", "en_GB")
FRENCH_FOR_EVERYONE = f"""
    UPDATE res_partner SET lang = '{LANGUAGE}'
     WHERE id IN (SELECT partner_id FROM res_users)
        OR id IN (SELECT partner_id FROM res_company)
"""


def main(*, port=None, fresh=False):
    """Set up, create the database unless it is there, start, tell how to log in."""
    began = time.monotonic()
    setup.ensure()
    odoo = odoo_runner.on("demo")
    if fresh:
        server.stop(DATABASE)
        odoo.drop(DATABASE)
    running = _current(odoo, port)
    if running is None:
        running = _prepare_and_start(odoo, port)
    _tell(running, time.monotonic() - began)


def build(odoo, database):
    """Create a database with every addon of the project and its demo company."""
    if not project_addons():
        raise DevError("There is no addon in addons/.", "Is the checkout complete?")
    building = f"{database}_building"
    odoo.drop(building)
    modules = [*project_addons(), "l10n_fr_account"]
    languages = f"--load-language={','.join(LANGUAGES)}"
    odoo.create(building, modules, "--with-demo", languages)
    postgres.query(odoo.server, building, FRENCH_FOR_EVERYONE)
    odoo.run("db", "rename", building, database)


def _current(odoo, port):
    """The running server when nothing changed since it started."""
    running = server.find(DATABASE)
    if running is None or not stamp.is_current("demo", addons_digest()):
        return None
    return running if port in (None, running.port) and odoo.exists(DATABASE) else None


def _prepare_and_start(odoo, port):
    server.stop(DATABASE)
    steps = Steps(2)
    if not odoo.exists(DATABASE):
        steps.run("Demo database (about two minutes)", build, odoo, DATABASE)
    else:
        steps.run("Demo database", _update, odoo)
    stamp.write("demo", addons_digest())
    chosen = server.free_port(port or PORT)
    if port and chosen != port:
        say(f"      note: port {port} is in use, taking {chosen}.")
    return steps.run("Server", server.start, odoo, DATABASE, chosen)


def _update(odoo):
    """Bring an existing database to the present state of the addons."""
    if stamp.is_current("demo", addons_digest()):
        return "kept as it was"
    present = odoo.installed(DATABASE)
    new = [name for name in project_addons() if name not in present]
    old = [name for name in project_addons() if name in present]
    arguments = [f"--database={DATABASE}", "--stop-after-init", "--no-http"]
    arguments += [f"--init={','.join(new)}"] if new else []
    arguments += [f"--update={','.join(old)}"] if old else []
    odoo.run(*arguments, what="updating the demo database", hint="./dev demo --fresh")
    return "updated to the present addons"


def addons_digest():
    """Digest of all that an installation reads from the addons."""
    digest = hashlib.sha256()
    for path in sorted(ADDONS.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(ADDONS)).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()


def logins():
    """Rows of who may log in: login, password, role in English and French."""
    rows = [["admin", "admin", "Administrator", "Administrateur"]]
    for path in sorted(ADDONS.glob("*/demo/logins.csv")):
        with open(path, encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                rows.append(
                    [row["login"], row["password"], row["role_en"], row["role_fr"]]
                )
    return rows


def table(rows, header):
    """Rows as aligned lines of text."""
    rows = [header, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _tell(running, seconds):
    say()
    say(bold(f"Recouvrement: {running.url}/odoo   (ready in {seconds:.0f} s)"))
    say()
    for line in table(logins(), ["login", "password", "role", "rôle"]):
        say(f"  {line.rstrip()}")
    say()
    say("Stop it with ./dev stop; remove everything with ./dev clean.")
