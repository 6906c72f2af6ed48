"""``./dev setup``: everything that the other commands need."""

import os
from concurrent.futures import ThreadPoolExecutor

from . import node, owner, programs, source, venv
from .lock import exclusive
from .ui import Steps


def ensure(*, tests=False):
    """Set up what is missing; quick when nothing is.

    :param tests: also the tools of lint and tests, browser included
    """
    owner.claim()
    if os.environ.get("ODOO_HOME"):
        source.locate()  # a wrong one is said before anything is fetched
    jobs = [
        ("Python packages", _python, tests),
        ("Odoo 19", source.ensure),
        ("wkhtmltopdf and fonts" + ", Chromium" * tests, _programs, tests),
    ]
    with exclusive("setup"):
        steps = Steps(len(jobs))
        with ThreadPoolExecutor(len(jobs)) as pool:
            running = [pool.submit(steps.run, *job) for job in jobs]
            for job in running:
                job.result()


def _python(tests):
    if not tests:
        return venv.ensure("runtime")
    return _join(venv.ensure("runtime", "tests"), node.ensure())


def _programs(tests):
    if not tests:
        return programs.ensure_pdf()
    return _join(programs.ensure_pdf(), programs.ensure_browser())


def _join(*words):
    return ", ".join(dict.fromkeys(words))
