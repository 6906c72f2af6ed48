"""Where things are. All that ``./dev`` makes lives under ``.dev``."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
DEVKIT = ROOT / "devkit"

DEV = ROOT / ".dev"
APT = DEV / "apt"
BIN = DEV / "bin"
CACHE = DEV / "cache"
CONF = DEV / "conf"
DATA = DEV / "data"
LOGS = DEV / "logs"
POSTGRES = DEV / "pg"
RUN = DEV / "run"
STAMPS = DEV / "stamps"
SYSROOT = DEV / "sysroot"
VENV = DEV / "venv"

VENV_PYTHON = VENV / "bin" / "python"


def project_addons():
    """Names of the addons of this project, sorted."""
    return sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
