"""Runs tests inside Odoo: those of our addons, and a choice of Odoo's own."""

import ast
import os
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from . import odoolog, server
from .errors import DevError
from .odoolog import Outcome
from .paths import ADDONS, DEVKIT, LOGS, project_addons
from .shell import stream
from .ui import Ticker, bold, red, say

OWN_DATABASE = "recouvrement_own"
MOST_WORKERS = 4  # each takes half a gigabyte and a core
PARTS_PER_WORKER = 3  # so that who is done early takes another
CLASS_WEIGHT = 2  # what setting up a class costs, in tests
# Tag of tests that need a module of Odoo beside ours, on a database of their own.
BESIDE = re.compile(r"beside_(\w+)")


# What there is to run
def own_tags():
    """The chosen subset of Odoo's own tests, as test tags."""
    chosen = tomllib.loads((DEVKIT / "odoo_tests.toml").read_text("utf-8"))
    return [f"/{module}:{name}" for module in chosen for name in chosen[module]]


def class_weights(folder=ADDONS):
    """``{test tag of a class: about what it costs}`` of all test classes of ours.

    A class without a test of its own may inherit some: it is listed too.
    """
    weights = {}
    for addon, node in _test_classes(folder):
        if not _module_beside(node):
            tests = sum(
                getattr(item, "name", "").startswith("test") for item in node.body
            )
            weights[f"/{addon}:{node.name}"] = CLASS_WEIGHT + tests
    return weights


def tags_beside(folder=ADDONS):
    """``{module of Odoo: test tags of the classes of ours that need it}``."""
    tags = {}
    for addon, node in _test_classes(folder):
        if module := _module_beside(node):
            tags.setdefault(module, []).append(f"beside_{module}/{addon}:{node.name}")
    return tags


def _test_classes(folder):
    for path in sorted(folder.glob("*/tests/**/*.py")):
        addon = path.relative_to(folder).parts[0]
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield addon, node


def _module_beside(node):
    texts = [
        argument.value
        for decorator in node.decorator_list
        for argument in getattr(decorator, "args", [])
        if isinstance(argument, ast.Constant)
    ]
    found = [match[1] for text in texts if (match := BESIDE.fullmatch(text))]
    return found[0] if found else None


def cut(weights, count):
    """Cut weighted tags into at most ``count`` parts of about the same weight.

    :return: lists of tags, none empty, the heaviest part first.
    """
    parts = [[0, []] for _ in range(count)]
    for tag, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        lightest = min(parts, key=lambda part: part[0])
        lightest[0] += weight
        lightest[1].append(tag)
    parts.sort(key=lambda part: -part[0])
    return [tags for weight, tags in parts if tags]


# Running
def run_side_by_side(odoo, database, *, keep=False):
    """All our tests and the chosen ones of Odoo, on as many databases as cores.

    :param str database: made anew with the addons, then copied for each worker.
    :param bool keep: update it instead.
    :return: list of ``(name of the part, outcome)``.
    """
    if not keep:
        odoo.drop(database)
    _install(odoo, database, update=keep)
    count = min(os.cpu_count() or 1, MOST_WORKERS)
    parts = cut(class_weights(), count * PARTS_PER_WORKER)
    named = [(f"odoo-{number}", tags) for number, tags in enumerate(parts, 1)]
    named.insert(0, ("odoo-own", own_tags()))
    named[:0] = [(f"odoo-{name}", tags) for name, tags in tags_beside().items()]
    beside = {f"odoo-{name}": name for name in tags_beside()}
    copies = SimpleQueue()
    for number in range(1, count + 1):
        copy = f"{database}_{number}"
        odoo.drop(copy)
        odoo.duplicate(database, copy)
        copies.put(copy)

    def run_part(name, tags):
        copy = copies.get()
        try:
            if name in beside:
                return name, _run_beside(odoo, database, beside[name], tags, name)
            return name, _run_tests(odoo, copy, tags, [], name)
        finally:
            copies.put(copy)

    say(f"{len(named)} parts on {count} databases ...")
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run_part, *zip(*named, strict=True)))


def _run_beside(odoo, origin, module, tags, name):
    """Tests that need a module of Odoo, on a copy that has it: the other tests go on
    saying what is true without it."""
    database = f"{origin}_{module}"
    odoo.drop(database)
    odoo.duplicate(origin, database)
    odoo.run(
        f"--database={database}",
        f"--init={module}",
        "--stop-after-init",
        "--no-http",
        what=f"installing {module}",
        log=LOGS / f"create-{database}.log",
    )
    return _run_tests(odoo, database, tags, [], name)


def run_every_own(odoo):
    """All of Odoo's `account` tests, on a new database: some of them make codes of
    their ids, which collide where earlier tests used up the small ones."""
    odoo.drop(OWN_DATABASE)
    _install(odoo, OWN_DATABASE)
    return _run_tests(odoo, OWN_DATABASE, ["/account"], [], f"own-{OWN_DATABASE}")


def run_ours(odoo, database, tags):
    """Install or update our addons in a database, run tests, return the outcome.

    :param tags: Odoo test tags, comma separated; those of our addons by default
    """
    wanted = [tags] if tags else [f"/{name}" for name in _our_addons()]
    changes = _changes(odoo, database, beside=set(BESIDE.findall(tags or "")))
    return _run_tests(odoo, database, wanted, changes, f"test-{database}")


def _our_addons():
    modules = project_addons()
    if not modules:
        raise DevError("There is no addon in addons/.", "Nothing to test yet.")
    return modules


def _changes(odoo, database, update=True, beside=()):
    """Options that bring our addons into a database, which is made if need be, and
    modules of Odoo beside them."""
    modules = [*sorted(beside), *_our_addons()]
    if not odoo.exists(database):
        odoo.new(database)
    present = odoo.installed(database)
    updated = [name for name in modules if name in present and name not in beside]
    return [
        *_choice("--init", [name for name in modules if name not in present]),
        *_choice("--update", updated if update else []),
    ]


def _choice(option, names):
    return [f"{option}={','.join(names)}"] if names else []


def _install(odoo, database, update=False):
    changes = _changes(odoo, database, update)
    if changes:
        odoo.run(
            f"--database={database}",
            *changes,
            "--stop-after-init",
            "--no-http",
            what="installing the addons",
        )
    odoo.analyze(database)


def _run_tests(odoo, database, tags, arguments, name):
    command = odoo.command(
        f"--database={database}",
        *arguments,
        f"--test-tags={','.join(tags)}",
        "--stop-after-init",
        f"--http-port={server.free_port()}",
    )
    log = LOGS / f"{name}.log"
    ticker = Ticker(r"Starting (\S+) \.\.\.|Loading module (\S+)")
    code, output = stream(command, env=odoo.environment(), log=log, watch=ticker)
    ticker.done()
    if code and not odoolog.TOTAL.search(output):
        say("\n".join(output.splitlines()[-40:]))
    outcome = odoolog.parse(output.splitlines())
    if code and not outcome.failed:
        outcome += Outcome(failed=1, failures=[f"Odoo stopped, exit code {code}"])
    _report(outcome, log)
    return outcome


def _report(outcome, log):
    """Print failures in full, skipped tests by name."""
    for text in outcome.failures:
        say(red("\n" + "-" * 70))
        say(text)
    if outcome.skipped:
        say(bold(f"\n{len(outcome.skipped)} skipped:"))
        for text in outcome.skipped:
            say(f"  {text}")
    say(f"{outcome.line().replace(',', ' and')}; whole log: {log}")
