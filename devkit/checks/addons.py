"""Runs pylint-odoo over every addon of the project."""

import os
import subprocess
import sys

from ..paths import ADDONS, CACHE, ROOT, VENV, project_addons


def main():
    """Exit code of pylint; 0 when there is no addon."""
    addons = [str(ADDONS / name) for name in project_addons()]
    if not addons:
        return 0
    command = [str(VENV / "bin" / "pylint"), f"--rcfile={ROOT / '.pylintrc'}", *addons]
    environment = os.environ | {"PYLINTHOME": str(CACHE / "pylint")}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
