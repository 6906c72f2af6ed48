"""Work on campaigns in a process of its own, which may kill itself in the middle.

Run by ``test_run_faults.py``: ``python faults.py SETTINGS``, where SETTINGS is JSON:
``options`` (of Odoo), ``database``, ``batch`` (debtors per proposal batch), and either
``kill_in`` (model, method) with ``kill_at`` (which call of it, from 1), or
``wait_for`` (how many such processes start together).
"""

import json
import os
import signal
import sys
import time
from importlib import import_module

from psycopg2 import Error

ATTEMPTS = 20
START_LOCK = 706411


def kill_in(model, method, at):
    """Kill this process right after a call of a method, before it is committed."""
    calls = []
    original = getattr(model, method)

    def killing(*args, **kwargs):
        result = original(*args, **kwargs)
        calls.append(1)
        if len(calls) == at:
            args[0].env.flush_all()
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(model, method, killing)


def wait_for_others(cr, count):
    """Return when as many processes hold the start lock: they begin together."""
    cr.execute("SELECT pg_advisory_lock_shared(%s)", [START_LOCK])
    for _attempt in range(600):
        cr.execute(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [START_LOCK],
        )
        if cr.fetchone()[0] >= count:
            # Leave the lock to the others until they have seen it too.
            time.sleep(0.2)
            return
        time.sleep(0.05)
    raise TimeoutError("the other processes did not start")


def work(registry, environment):
    """Process the campaigns, starting over when the transaction is lost."""
    for _attempt in range(ATTEMPTS):
        try:
            with registry.cursor() as cr:
                environment(cr)["recouvrement.dunning.run"]._cron_process()
            return
        except Error as error:
            if error.pgcode not in ("40001", "23505", "55P03"):
                raise
    raise TimeoutError("no attempt succeeded")


def main(settings):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(settings["options"], setup_logging=False)
    proposal = import_module("odoo.addons.recouvrement.models.dunning_run_proposal")

    def environment(cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    proposal.PROPOSAL_BATCH = settings["batch"]
    registry = Registry(settings["database"])
    if "kill_in" in settings:
        model, method = settings["kill_in"]
        kill_in(registry[model], method, settings["kill_at"])
        work(registry, environment)
        return
    with registry.cursor() as cr:
        wait_for_others(cr, settings["wait_for"])
        work(registry, environment)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
