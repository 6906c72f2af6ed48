"""Deadlines are written by the records they come from."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestDeadline(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor()
        cls.deadlines = cls.env["recouvrement.deadline"]

    def _put(self, days, **vals):
        day = self.today + timedelta(days=days)
        vals = {"name": "Serve", "debtor_id": self.debtor.id, "date_due": day, **vals}
        return self.deadlines._put(self.debtor, "serve", vals)

    def test_a_deadline_is_written_once_and_follows_its_record(self):
        first = self._put(10)
        self.assertEqual(first.state, "todo")
        self.assertEqual(self._put(-1), first)
        self.assertEqual(first.state, "late")
        self._put(-1, date_done=self.today)
        self.assertEqual(first.state, "done")
        self._put(-1)
        self.assertEqual((first.state, first.date_done), ("late", False))
        self._put(-1, state="void")
        self.assertEqual(first.state, "void")

    def test_what_may_be_done_from_a_day_on_is_not_late(self):
        self.assertEqual(self._put(-5, timing="earliest").state, "todo")

    def test_a_day_that_moves_is_told_again(self):
        deadline = self._put(10)
        deadline.sudo().write({"alerted_on": self.today, "escalated_on": self.today})
        self._put(10, name="Serve the order")
        self.assertEqual(deadline.alerted_on, self.today)
        self._put(12)
        self.assertFalse(deadline.alerted_on or deadline.escalated_on)

    def test_a_deadline_without_a_day_is_no_deadline(self):
        deadline = self._put(10)
        self.deadlines._put(self.debtor, "serve", {"date_due": False})
        self.assertFalse(deadline.exists())
        self.deadlines._drop(self.debtor, "serve")

    def test_nobody_enters_a_deadline_by_hand(self):
        deadline = self._put(10)
        with self.assertRaises(AccessError):
            deadline.with_user(self.env.user).write({"date_due": self.today})
