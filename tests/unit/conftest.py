"""Unit tests import ``<addon>.tools`` without Odoo and without a database."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from hypothesis import settings  # noqa: E402

from devkit.paths import project_addons  # noqa: E402
from devkit.pure import import_pure  # noqa: E402

for _addon in project_addons():
    import_pure(_addon)

# How long an example takes is the machine's business, not the test's.
settings.register_profile("project", deadline=None)
# The gate judges a change by the same examples each time; whoever runs the tests by
# hand draws new ones.
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("RECOUVREMENT_GATE") else "project")
