"""``./dev bench NAME``: runs one measurement of ``tests/bench``."""

from . import odoo as odoo_runner
from . import setup
from .errors import DevError
from .paths import ROOT, TESTS, VENV_PYTHON

FOLDER = TESTS / "bench"


def names():
    """Measurements there are: scripts whose name is not private."""
    return sorted(
        path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")
    )


def main(name, arguments):
    """Run a measurement; returns its exit code."""
    if name not in names():
        raise DevError(
            f"There is no measurement {name!r}.",
            f"Choose one of: {', '.join(names()) or 'none yet'}",
        )
    setup.ensure()
    odoo = odoo_runner.on("bench")
    environment = odoo.environment()
    environment["PYTHONPATH"] += f":{ROOT}"
    command = [VENV_PYTHON, FOLDER / f"{name}.py", *arguments]
    return odoo_runner.replace_process(command, environment)
