"""The project's virtual environment and its pinned packages."""

import os
import sys

from . import apt, stamp
from .errors import DevError
from .paths import CACHE, DEV, LOGS, VENV, VENV_PYTHON
from .shell import run
from .versions import requirements

PIP_ENVIRONMENT = {
    "PIP_CACHE_DIR": str(CACHE / "pip"),
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
}
SUPPORTED = ((3, 11), (3, 13))
NETWORK_HINT = (
    "Python packages come from PyPI. Check the network, the proxy or pip's\n"
    "configuration (pip config list), then run the same command again."
)


def check_interpreter(version=sys.version_info):
    """Refuse Pythons that Odoo or the pinned packages were not tested with."""
    lowest, highest = SUPPORTED
    if not lowest <= tuple(version[:2]) <= highest:
        raise DevError(
            f"Python {version[0]}.{version[1]} is not supported.",
            "Run with Python 3.11, 3.12 or 3.13, for instance: python3.12 ./dev ...",
        )


def ensure(*groups):
    """Create the environment and install groups of pinned packages.

    :param groups: tables under ``[python]`` in ``versions.toml``
    """
    check_interpreter()
    _ensure_environment()
    missing = [name for name in groups if not _has(name)]
    if not missing:
        return "up to date"
    wanted = [line for name in missing for line in requirements(name)]
    listing = VENV / "requirements.txt"
    listing.write_text("\n".join(wanted) + "\n", "utf-8")
    run(
        [VENV_PYTHON, "-m", "pip", "install", "--prefer-binary", "-r", listing],
        what="pip install",
        log=LOGS / "pip.log",
        hint=NETWORK_HINT,
        env=os.environ | PIP_ENVIRONMENT,
    )
    for name in missing:
        stamp.write(f"venv-{name}", requirements(name))
    return f"{len(wanted)} packages"


def _has(group):
    return stamp.is_current(f"venv-{group}", requirements(group))


def _ensure_environment():
    identity = [sys.version_info[:2], str(VENV)]
    if VENV_PYTHON.exists() and stamp.is_current("venv", identity):
        return
    forget_groups()
    run(
        [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV],
        what="python -m venv",
        hint="The Python in use lacks its standard module venv.",
    )
    if not _bundled_pip():
        _pip_from_debian()
    stamp.write("venv", identity)


def forget_groups():
    """Drop what was remembered of the environment's packages."""
    for path in stamp.STAMPS.glob("venv*"):
        path.unlink()


def _bundled_pip():
    """Pip from the interpreter itself; Debian keeps it in python3-venv."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    try:
        run([VENV_PYTHON, "-m", "ensurepip", "--default-pip"])
    except DevError:
        return False
    return True


def _pip_from_debian():
    """Pip's own wheel out of Debian's package, so that no root is needed."""
    suite = apt.odoo_suite("pip")
    suite.prepare()
    root = DEV / "pip"
    apt.unpack(suite.download(["python3-pip-whl"]), root)
    wheel = max((root / "usr/share/python-wheels").glob("pip-*.whl"))
    run(
        [VENV_PYTHON, f"{wheel}/pip", "install", "--no-index", wheel],
        what="installing pip",
    )
