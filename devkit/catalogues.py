"""Catalogues of translations, brought in step with what the addons say now.

What is gone leaves them, what is new comes in with an empty translation: French takes
every term; the other languages only those that customers read (``CUSTOMER_TEXTS`` of
the addon's ``tests/test_translations.py``).
"""

import json

from .paths import ADDONS, DEVKIT, LOGS, project_addons
from .shell import run

SHELL = ("shell", "--no-http", "--shell-interface=python", "--log-level=error")


def refresh(odoo, database, additions=()):
    """Rewrite the catalogues from a database where all our addons are installed.

    :param additions: files of JSON lines ``{"msgid": …, "fr": …, "nl": …, "de": …}``
        with translations to take in where there is none: one word means another thing
        in another addon. With ``"in": addon``, they take the place of the one there.
    :return: lines ``addon language "term"`` of what has no translation.
    """
    folders = {addon: str(ADDONS / addon) for addon in project_addons()}
    paths = [str(path) for path in additions]
    task = json.dumps({"folders": folders, "additions": paths})
    with (DEVKIT / "_catalogues.py").open() as script:
        output = run(
            odoo.command(*SHELL, "-d", database),
            env=odoo.environment() | {"RECOUVREMENT_CATALOGUES": task},
            what="refreshing the catalogues",
            log=LOGS / "catalogues.log",
            stdin=script,
        )
    lines = output.splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith("MISSING ")]
