"""Two real transactions at one step: the second one waits, is refused by the database
and started again by Odoo, so that it sees what the first one did.

On tables of a schema of their own, because what a second transaction sees is committed:
nothing stays behind.
"""

import threading

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

SCHEMA = "test_sepa_race"
# Model, its step, and what the first one writes after it.
STEPS = {
    "recouvrement.sepa.collection": (
        lambda env: env["recouvrement.sepa.collection"].browse(1)._lock(),
        "generated",
    ),
    "recouvrement.sepa.mandate": (
        lambda env: env["recouvrement.sepa.mandate"].browse(1)._lock(),
        "signed",
    ),
    "recouvrement.sepa.collection.line": (
        lambda env: env["recouvrement.sepa.return"]._lock_lines([1]),
        None,  # a message that only announces leaves the debit as it is
    ),
}


@tagged("post_install", "-at_install")
class TestLockRace(TransactionCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self._drop)
        with self._cursor() as cr:
            cr.execute(SQL("CREATE SCHEMA %s", SQL.identifier(SCHEMA)))
            for name in STEPS:
                table = self.env[name]._table
                cr.execute(
                    SQL(
                        "CREATE TABLE %s AS SELECT * FROM %s LIMIT 0",
                        SQL.identifier(SCHEMA, table),
                        SQL.identifier("public", table),
                    )
                )
                cr.execute(
                    SQL(
                        "INSERT INTO %s (id, state) VALUES (1, 'before')",
                        SQL.identifier(SCHEMA, table),
                    )
                )

    def _drop(self):
        with self._cursor() as cr:
            cr.execute(SQL("DROP SCHEMA IF EXISTS %s CASCADE", SQL.identifier(SCHEMA)))

    def _cursor(self):
        return db_connect(get_db_name()).cursor()

    def _begin(self, cr):
        """An environment whose statements find the copies first."""
        cr.execute(SQL("SET LOCAL search_path = %s, public", SQL.identifier(SCHEMA)))
        return api.Environment(cr, SUPERUSER_ID, {})

    def test_the_second_of_two_waits_and_starts_again(self):
        for name, (step, state) in STEPS.items():
            with self.subTest(model=name):
                waited, error = self._race(name, step, state)
                self.assertTrue(waited, "the second one waits for the first")
                self.assertIs(error, SerializationFailure)

    @mute_logger("odoo.sql_db")
    def _race(self, name, step, state):
        """Whether the second one waited, and what it got."""
        errors = []
        with self._cursor() as one, self._cursor() as other:
            first, second = self._begin(one), self._begin(other)
            other.execute("SELECT FROM recouvrement_sepa_collection")  # it has begun
            step(first)
            thread = threading.Thread(target=self._try, args=(step, second, errors))
            thread.start()
            thread.join(0.5)
            waited = thread.is_alive()
            if state:
                table = SQL.identifier(first[name]._table)
                one.execute(SQL("UPDATE %s SET state = %s", table, state))
            one.commit()
            thread.join(10)
            self.assertFalse(thread.is_alive())
            other.rollback()
        return waited, errors[0] if errors else None

    @staticmethod
    def _try(step, env, errors):
        try:
            step(env)
        except Exception as error:
            errors.append(type(error))
