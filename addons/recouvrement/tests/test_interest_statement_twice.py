"""Two users at the same moment: the database itself lets only one of them claim."""

import threading

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

TABLE = "recouvrement_interest_statement_line"
COPY = "test_interest_statement_line"


@tagged("post_install", "-at_install")
class TestClaimedTwice(TransactionCase):
    """On a copy of the table with the same constraints, so that real commits of two
    cursors leave nothing behind."""

    def setUp(self):
        super().setUp()
        with self._cursor() as cr:
            cr.execute(
                SQL(
                    "CREATE TABLE %s (LIKE %s INCLUDING ALL)",
                    SQL.identifier(COPY),
                    SQL.identifier(TABLE),
                )
            )
        self.addCleanup(self._drop)

    def _drop(self):
        with self._cursor() as cr:
            cr.execute(SQL("DROP TABLE %s", SQL.identifier(COPY)))

    def _cursor(self):
        return db_connect(get_db_name()).cursor()

    def _insert(self, cr, item, first=None, last=None, indemnity=0, **other):
        claimed = other.get("claimed", True)
        cr.execute(
            SQL(
                """INSERT INTO %s (statement_id, move_line_id, invoice_id, date_from,
                                   date_to, interest, indemnity, claimed)
                   VALUES (1, %s, %s, %s, %s, %s, %s, %s)""",
                SQL.identifier(COPY),
                item,
                other.get("invoice"),
                first,
                last,
                other.get("interest", 1 if first else 0),
                indemnity,
                claimed,
            )
        )

    def _race(self, *claims):
        """Two transactions that both wrote before either committed.

        :return: what the second got: None or the database's error.
        """
        errors = []
        with self._cursor() as first:
            self._insert(first, **claims[0])
            second = threading.Thread(target=self._second, args=(claims[1], errors))
            second.start()
            second.join(0.5)
            waits = second.is_alive()
        second.join(10)
        self.assertFalse(second.is_alive())
        return waits, errors[0] if errors else None

    @mute_logger("odoo.sql_db")
    def _second(self, claim, errors):
        try:
            with self._cursor() as cr:
                self._insert(cr, **claim)
        except Exception as error:
            errors.append(type(error))

    def test_overlapping_days_wait_and_are_refused(self):
        waits, error = self._race(
            {"item": 7, "first": "2026-07-01", "last": "2026-07-31"},
            {"item": 7, "first": "2026-07-31", "last": "2026-08-31"},
        )
        self.assertEqual((waits, error), (True, ExclusionViolation))

    def test_days_that_follow_and_other_items_are_let_through(self):
        for item, first in ((7, "2026-08-01"), (8, "2026-07-01")):
            with self.subTest(item=item):
                result = self._race(
                    {"item": 7, "first": "2026-07-01", "last": "2026-07-31"},
                    {"item": item, "first": first, "last": "2026-08-31"},
                )
                self.assertEqual(result, (False, None))
                with self._cursor() as cr:
                    cr.execute(SQL("DELETE FROM %s", SQL.identifier(COPY)))

    def test_a_second_indemnity_is_refused_for_the_item_and_for_the_invoice(self):
        for other in ({"item": 7}, {"item": 9, "invoice": 3}):
            with self.subTest(other=other):
                waits, error = self._race(
                    {"item": 7, "indemnity": 40, "invoice": 3},
                    {"indemnity": 40, **other},
                )
                self.assertEqual((waits, error), (True, UniqueViolation))
                with self._cursor() as cr:
                    cr.execute(SQL("DELETE FROM %s", SQL.identifier(COPY)))

    def test_what_is_not_claimed_forbids_nothing(self):
        days = {"item": 7, "first": "2026-07-01", "last": "2026-07-31"}
        self.assertEqual(self._race({**days, "claimed": False}, days), (False, None))

    @mute_logger("odoo.sql_db")
    def test_interest_needs_days_and_is_never_negative(self):
        for claim in (
            {"item": 7, "interest": 5},
            {"item": 7, "first": "2026-07-31", "last": "2026-07-01"},
            {"item": 7, "indemnity": -40},
        ):
            with self.subTest(claim=claim), self.assertRaises(CheckViolation):
                with self._cursor() as cr:
                    self._insert(cr, **claim)

    def test_the_messages_of_the_constraints_are_for_people(self):
        line = self.env["recouvrement.interest.statement.line"]
        for name in ("_days_excl", "_item_indemnity_uniq", "_invoice_indemnity_uniq"):
            constraint = line._table_objects[TABLE + name]
            with self.subTest(name=name):
                self.assertIn("already claimed or waived", constraint.message)
