"""``./dev clean``: stops what runs and removes ``.dev``."""

import os
import shutil
import sys

from . import postgres, server
from .errors import DevError
from .paths import DEV
from .ui import say


def main(*, sure=False):
    """Remove all that ``./dev`` made, databases included."""
    if not DEV.exists():
        say("Nothing to remove.")
        return
    if not sure and not _confirmed():
        say("Nothing was removed.")
        return
    server.stop_all()
    postgres.stop_all()
    shutil.rmtree(DEV)
    say(f"Removed {DEV}.")


def _confirmed():
    if not (sys.stdin and sys.stdin.isatty()) or os.environ.get("CI"):
        raise DevError(
            f"This removes {DEV} with its databases.", "Say so: ./dev clean --yes"
        )
    return input(f"Remove {DEV} with all its databases? [y/N] ").lower() in ("y", "yes")
