"""``./dev test``: lint, unit, Odoo and browser tests, one line at the end."""

import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree

from . import demo, linting, node, odoo_tests, odoolog, programs, server, setup, stamp
from . import odoo as odoo_runner
from .odoolog import Outcome
from .paths import CACHE, LOGS, ROOT, TESTS, VENV_PYTHON
from .ui import bold, red, say

STAGES = ("lint", "unit", "odoo", "e2e")
E2E_DATABASE = "recouvrement_e2e"
E2E_ORIGIN = "recouvrement_e2e_origin"


def main(options):
    """Run what the options ask; returns the exit code."""
    setup.ensure(tests=True)
    if options.odoo:
        stages = {"odoo's own": _odoo_own}
    else:
        every = {"lint": _lint, "unit": _unit, "odoo": _odoo, "e2e": _e2e}
        stages = {options.only: every[options.only]} if options.only else every
    total = Outcome()
    lines = []
    for name, stage in stages.items():
        say(bold(f"\n== {name}"))
        began = time.monotonic()
        outcome = judged(stage(options), name)
        lines.append(f"{name}: {outcome.line()} in {time.monotonic() - began:.0f} s")
        total += outcome
    return conclude(total, lines)


def judged(outcome, name):
    """A stage that ran nothing, or could not open its browser, has failed."""
    blind = [text for text in outcome.skipped if odoolog.NO_BROWSER.search(text)]
    if blind:
        outcome += Outcome(failed=len(blind), failures=blind)
        say(red(f"{len(blind)} tests of the stage {name} found no browser"))
    if not outcome.total:
        say(red(f"The stage {name} ran no test."))
        outcome += Outcome(failed=1, failures=[f"{name} ran no test"])
    return outcome


def conclude(total, lines):
    """Print the summary and the closing line; returns the exit code."""
    say()
    for text in total.failures:
        say(red(f"failed: {text.partition(chr(10))[0]}"))
    for line in lines:
        say(line.replace(" passed, ", " passed and "))
    if total.skipped:
        say(f"{len(total.skipped)} skipped, named above")
    say(total.line())
    return 1 if total.failed or not total.total else 0


# Stages
def _lint(_options):
    return linting.check()


def _unit(options):
    return run_pytest(TESTS / "unit", options.pytest)


def _odoo(options):
    odoo = odoo_runner.on("test")
    if options.tags or options.db_given:
        return odoo_tests.run_ours(odoo, options.db, options.tags)
    outcomes = odoo_tests.run_side_by_side(odoo, options.db, keep=options.keep)
    return sum((judged(part, name) for name, part in outcomes), Outcome())


def _odoo_own(_options):
    return odoo_tests.run_every_own(odoo_runner.on("test"))


def _e2e(options):
    odoo = odoo_runner.on("test")
    server.stop(E2E_DATABASE)
    odoo.drop(E2E_DATABASE)
    odoo.duplicate(_demo_origin(odoo), E2E_DATABASE)
    running = server.start(odoo, E2E_DATABASE, server.free_port())
    try:
        return run_pytest(TESTS / "e2e", options.pytest, e2e_environment(running))
    finally:
        server.stop(E2E_DATABASE)


def _demo_origin(odoo):
    """The demo company as just installed, built once for each state of the addons."""
    if not stamp.is_current("e2e", demo.addons_digest()):
        odoo.drop(E2E_ORIGIN)
    if not odoo.exists(E2E_ORIGIN):
        say("Creating the demo database ...")
        demo.build(odoo, E2E_ORIGIN)
        stamp.write("e2e", demo.addons_digest())
    return E2E_ORIGIN


def e2e_environment(running):
    """What browser tests need to know, as environment variables."""
    return {
        "RECOUVREMENT_URL": running.url,
        "RECOUVREMENT_DB": running.database,
        "RECOUVREMENT_CHROMIUM": programs.browser() or "",
        # Playwright's own Node wants libatomic, which a bare system lacks
        "PLAYWRIGHT_NODEJS_PATH": str(node.binary()),
        "RECOUVREMENT_SHOTS": str(LOGS / "e2e"),
    }


def run_pytest(folder, arguments=(), environment=None):
    """Run a folder of tests with pytest, return the outcome."""
    results = LOGS / f"pytest-{folder.name}.xml"
    results.unlink(missing_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [VENV_PYTHON, "-m", "pytest", folder, "-q", f"--junit-xml={results}"]
        + [f"--basetemp={CACHE / 'pytest-files'}", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
        }
        | (environment or {}),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if not results.exists():
        return Outcome(failed=1, failures=[f"pytest {folder.name} did not run"])
    return read_junit(results.read_text("utf-8"))


def read_junit(text):
    """Outcome of pytest's JUnit file."""
    outcome = Outcome()
    for case in ElementTree.fromstring(text).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
            outcome.failures.append(name)
        elif (skipped := case.find("skipped")) is not None:
            outcome.skipped.append(f"{name}: {skipped.get('message')}")
        else:
            outcome.passed += 1
    return outcome
