"""Reads go to a streaming replica of PostgreSQL when Odoo has one.

A primary server, a replica that follows it, and an Odoo that knows both. While the
replica is held back, what is read is what the replica has, not what was written since:
so it was the replica that answered.
"""

import os
import subprocess

import pytest
from rpc import Rpc

from devkit import odoo as odoo_runner
from devkit import postgres, server
from devkit.paths import LOGS

DATABASE = "recouvrement_replicated"
AMOUNT = 1234.56
READS = (
    ("recouvrement.aged.balance", "get_balance", {}),
    ("recouvrement.aged.balance", "get_balance", {"group_by": "collector"}),
    ("recouvrement.aged.balance", "get_tie_out", {}),
    ("recouvrement.aged.balance", "get_history", {}),
)
PATIENCE = 60  # seconds


class Pair:
    """Both servers, and Odoo on them."""

    def __init__(self):
        self.primary = postgres.Cluster("primary")
        self.replica = postgres.Cluster("replica")
        self.running = None

    def start(self, origin, database):
        """Fill the primary with a copy of a database, and let the replica follow."""
        self.primary.create()
        self.primary.start()
        _copy(origin, database, self.primary.server())
        self.replica.follow(self.primary)
        self.replica.start()
        odoo = odoo_runner.Odoo("primary", self.primary.server())
        odoo.write_configuration()
        copied = self.replica.server()
        self.running = server.start(
            odoo,
            DATABASE,
            server.free_port(),
            f"--db_replica_host={copied.host}",
            f"--db_replica_port={copied.port}",
        )

    def stop(self):
        """Leave nothing behind."""
        server.stop(DATABASE)
        self.replica.remove()
        self.primary.remove()

    def hold(self):
        """The replica goes on answering, and learns nothing new."""
        self._ask("SELECT pg_wal_replay_pause()")

    def let_go(self):
        """The replica learns all that the primary knows now."""
        [[position]] = postgres.query(
            self.primary.server(), "postgres", "SELECT pg_current_wal_lsn()"
        )
        self._ask("SELECT pg_wal_replay_resume()")
        assert postgres.wait_until(
            lambda: (
                self._ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") == "t"
            ),
            PATIENCE,
        )

    def is_replica(self):
        return self._ask("SELECT pg_is_in_recovery()") == "t"

    def _ask(self, sql):
        [[value]] = postgres.query(self.replica.server(), "postgres", sql)
        return value


def _copy(origin, database, target):
    """Dump a database of a server into a new one of another."""
    postgres.query(target, "postgres", f"CREATE DATABASE {DATABASE}")
    dump = subprocess.Popen(
        [postgres.program("pg_dump"), "--no-owner", database],
        env=os.environ | origin.environment(),
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [postgres.program("psql"), "-Xq", "--set=ON_ERROR_STOP=1", DATABASE],
        env=os.environ | target.environment(),
        stdin=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    dump.stdout.close()
    assert dump.wait() == 0
    postgres.query(target, DATABASE, "ANALYZE")


@pytest.fixture(scope="module")
def pair():
    if postgres.external():
        pytest.skip("The servers of PostgreSQL are not the project's own.")
    pair = Pair()
    try:
        origin = odoo_runner.on("test").server
        pair.start(origin, os.environ["RECOUVREMENT_DB"])
        yield pair
    finally:
        pair.stop()


@pytest.fixture(scope="module")
def accountant(pair):
    return Rpc(pair.running.url, DATABASE, "accountant")


def _read_all(session):
    return [session.call(model, name, values) for model, name, values in READS]


def _post_invoice(session):
    [customer] = session.search_read(
        "res.partner", [("customer_rank", ">", 0)], ["id"], limit=1
    )
    line = {"name": "Maintenance", "price_unit": AMOUNT, "tax_ids": False}
    values = {
        "move_type": "out_invoice",
        "partner_id": customer["id"],
        "invoice_line_ids": [(0, 0, line)],
    }
    move_id = session.call("account.move", "create", values)
    session.call("account.move", "action_post", [move_id])


def _total(balance):
    return round(sum(total["total"] for total in balance["totals"]), 2)


def test_the_aged_balance_is_read_from_the_replica(pair, accountant):
    assert pair.is_replica()
    pair.let_go()
    before = _read_all(accountant)
    pair.hold()
    _post_invoice(accountant)
    assert _read_all(accountant) == before, "the primary answered"
    pair.let_go()
    after = _read_all(accountant)
    assert _total(after[0]) == round(_total(before[0]) + AMOUNT, 2)
    assert after[2]["is_tied"]
    # None of these requests had to begin again on the primary because it wrote.
    log = (LOGS / f"server-{DATABASE}.log").read_text("utf-8")
    assert "retrying with a read/write cursor" not in log


def test_the_primary_answers_when_the_replica_is_gone(pair, accountant):
    before = _read_all(accountant)
    pair.replica.stop()
    assert _read_all(accountant) == before
