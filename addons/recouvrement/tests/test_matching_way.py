"""How a matching was made is noted by what makes it, once; no call tells it."""

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..models.account_partial_reconcile import (
    BY_MACHINE,
    BY_SUGGESTION,
    BY_TAKEOVER,
    WAY_KEY,
)
from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestMatchingWay(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Matched")

    def _pair(self):
        invoice = self._make_invoice(self.partner, 100.0, due=-10)
        receipt = self._make_receipt(self.partner, 100.0, -1)
        return self._items(invoice) + self._items(receipt.move_id)

    def _way(self, lines):
        return lines.matched_credit_ids.matching_way

    def test_a_person_who_matches_matches_by_hand(self):
        lines = self._pair()
        lines.reconcile()
        self.assertEqual(self._way(lines), "hand")
        invoice = self._make_invoice(self.partner, 50.0, due=-10)
        self._pay(invoice)
        self.assertEqual(self._way(self._items(invoice)), "hand")

    def test_jobs_and_customers_on_line_are_the_machine(self):
        portal = new_test_user(self.env, "way_portal", groups="base.group_portal")
        for user in (self.env.ref("base.user_root"), portal):
            lines = self._pair()
            lines.with_user(user).sudo().reconcile()
            with self.subTest(user=user.name):
                self.assertEqual(self._way(lines), "machine")

    def test_code_says_what_it_does(self):
        for context, way in (
            (BY_MACHINE, "machine"),
            (BY_SUGGESTION, "suggested"),
            (BY_TAKEOVER, "takeover"),
        ):
            lines = self._pair()
            lines.with_context(**context).reconcile()
            with self.subTest(way=way):
                self.assertEqual(self._way(lines), way)

    def test_a_call_cannot_pass_for_the_machine(self):
        lines = self._pair()
        user = self._make_user("manager")
        user.group_ids = [Command.link(self.env.ref("account.group_account_user").id)]
        model = lines.with_user(user).browse()
        call_kw(model, "reconcile", [lines.ids], {"context": {WAY_KEY: "machine"}})
        self.assertEqual(self._way(lines), "hand")
        partial = lines.matched_credit_ids
        partial.write({WAY_KEY: "machine"})
        self.assertEqual(partial.matching_way, "hand")
