"""``./dev lint``: every hook of ``.pre-commit-config.yaml`` on every file."""

import os
import re
import subprocess

from . import node
from .errors import DevError
from .odoolog import Outcome
from .paths import CACHE, ROOT, VENV
from .ui import say

HOOK = re.compile(
    r"^(?P<name>\S.*?)\.{3,}(?:\(.*\))?(?P<result>Passed|Failed|Skipped)$"
)


def files():
    """Names of the project's files, also those not yet committed."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DevError(
            "Lint works on the files that git knows, and this is no git checkout.",
            f"{done.stderr.strip()}\nClone the project instead of copying it.",
        )
    names = sorted(set(filter(None, done.stdout.split("\0"))))
    return [name for name in names if (ROOT / name).is_file()]


def check():
    """Run the hooks; each is counted as one test."""
    process = subprocess.Popen(
        [VENV / "bin/pre-commit", "run", "--color=never", "--files", *files()],
        cwd=ROOT,
        env=os.environ
        | {
            "NO_COLOR": "1",
            "PRE_COMMIT_HOME": str(CACHE / "pre-commit"),
            "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', '')}",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        say(lines[-1])
    return read(lines, process.wait())


def read(lines, code):
    """Outcome of pre-commit's output."""
    outcome = Outcome()
    for line in lines:
        found = HOOK.match(line)
        if not found:
            continue
        if found["result"] == "Passed":
            outcome.passed += 1
        elif found["result"] == "Failed":
            outcome.failed += 1
            outcome.failures.append(found["name"])
        else:
            outcome.skipped.append(found["name"])
    if code and not outcome.failed:
        outcome.failed = 1
        outcome.failures.append(f"pre-commit stopped with exit code {code}")
    return outcome


def fix():
    """Repair what the tools can repair."""
    python = [name for name in files() if name.endswith(".py") or name == "dev"]
    ruff = VENV / "bin/ruff"
    for arguments in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        subprocess.run([ruff, *arguments, *python], cwd=ROOT, check=False)
    formatted = re.compile(r"^addons/.*\.(xml|js|css|scss)$")
    others = [name for name in files() if formatted.match(name)]
    if others:
        node.run_prettier(["--write", *others])
