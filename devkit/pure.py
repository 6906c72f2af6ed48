"""Imports the Odoo-free parts of an addon without Odoo.

``addons/<addon>/tools`` is plain Python, but the addon's own ``__init__``
imports models. A stand-in parent package lets ``<addon>.tools`` be imported
alone, in scripts and unit tests.
"""

import sys
import types

from .errors import DevError
from .paths import ADDONS


def import_pure(addon, folder=ADDONS):
    """Make ``<addon>.tools…`` importable; returns the stand-in package."""
    home = folder / addon
    if not home.is_dir():
        raise DevError(f"There is no addon {addon} in {folder}.")
    known = sys.modules.get(addon)
    if known is not None and str(home) in getattr(known, "__path__", ()):
        return known
    package = types.ModuleType(addon, f"Stand-in for the addon {addon}.")
    package.__path__ = [str(home)]
    sys.modules[addon] = package
    return package
