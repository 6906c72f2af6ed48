"""Two users at once: one wins, the other is told; nothing is debited twice."""

import threading

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger

from .collection_common import CollectionCommon

TABLE = "recouvrement_sepa_collection_item"
COPY = "test_sepa_collection_item"


@tagged("post_install", "-at_install")
class TestCollectionTwice(CollectionCommon):
    """What the database refuses, whatever the code does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_told_invoice(cls.partner, 250.0, due=-5)

    def test_the_database_refuses_an_item_in_two_live_collections(self):
        item = self._propose_debits().line_ids.item_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            item.sudo().copy()
            self.env.flush_all()

    def test_the_database_lets_a_free_item_in_again(self):
        first = self._propose_debits()
        first._cancel("Test")
        first.line_ids.item_ids.sudo().copy({"live": True})
        self.env.flush_all()

    def test_whoever_comes_second_is_told(self):
        """As when another transaction took the items after this one had looked."""
        first = self._propose_debits()
        candidates = type(self.env["recouvrement.sepa.candidate"])
        original = candidates._candidate_sql

        def blind(model, *args):
            """The statement as it was before the other transaction."""
            sql = original(model, *args)
            return SQL(
                """SELECT c.id, c.name, c.move_line_id, c.installment_id, c.debtor_id,
                          c.company_id, c.currency_id, %s AS mandate_id, c.scheme,
                          c.date_due, 250 AS amount, c.notified_on,
                          'collect' AS reason FROM (%s) c""",
                self.mandate.id,
                sql,
            )

        self.patch(candidates, "_candidate_sql", blind)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "Somebody else"),
        ):
            self._propose_debits()
        self.assertEqual(first.count, 1)

    def test_a_debit_is_written_once(self):
        line = self._propose_debits().line_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            line.sudo().copy()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestItemRace(TransactionCase):
    """Two real transactions, on a copy of the table with the same constraints, so that
    their commits leave nothing behind."""

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

    def _insert(self, cr, item, installment=None, amount=10, live=True):
        cr.execute(
            SQL(
                """INSERT INTO %s (line_id, move_line_id, installment_id, amount, live)
                   VALUES (1, %s, %s, %s, %s)""",
                SQL.identifier(COPY),
                item,
                installment,
                amount,
                live,
            )
        )

    def _race(self, one, other):
        """Both write before either commits; what the second one got."""
        errors = []
        with self._cursor() as first:
            self._insert(first, **one)
            second = threading.Thread(target=self._second, args=(other, errors))
            second.start()
            second.join(0.5)
            waits = second.is_alive()
        second.join(10)
        self.assertFalse(second.is_alive())
        return waits, errors[0] if errors else None

    @mute_logger("odoo.sql_db")
    def _second(self, values, errors):
        try:
            with self._cursor() as cr:
                self._insert(cr, **values)
        except Exception as error:
            errors.append(type(error))

    def test_the_second_of_two_users_waits_and_is_refused(self):
        for installment in (None, 5):
            mine = {"item": 7, "installment": installment}
            self.assertEqual(self._race(mine, mine), (True, UniqueViolation))

    def test_other_items_instalments_and_credits_go_through(self):
        for one, other in (
            ({"item": 1}, {"item": 2}),
            ({"item": 3, "installment": 1}, {"item": 3, "installment": 2}),
            ({"item": 4, "live": False}, {"item": 4}),
            ({"item": 5, "amount": -3}, {"item": 5, "amount": -3}),
        ):
            with self.subTest(one=one, other=other):
                self.assertEqual(self._race(one, other), (False, None))
