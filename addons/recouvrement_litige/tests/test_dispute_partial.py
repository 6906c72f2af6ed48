"""A part of an item is disputed: the rest goes on being chased."""

from odoo.tests import tagged

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputePartial(DisputeCommon):
    def test_the_rest_is_asked_for_and_the_item_keeps_its_status(self):
        self._open((self.big, 300))
        self.assertEqual(self.big.collection_status, "to_chase")
        self.assertEqual(
            self._asked(self.debtor), {self.big.id: 700, self.small.id: 500}
        )
        decision = self._decisions(self.debtor).filtered(lambda d: d.id == self.big.id)
        self.assertEqual(decision.amount_disputed, 300)
        self.assertEqual(self.debtor.open_amount, 1500)
        self.assertEqual(self.debtor.collect_amount, 1200)

    def test_the_open_items_show_the_disputed_part(self):
        self._open((self.big, 300))
        item = self.env["recouvrement.open.item"].browse(self.big.id)
        self.assertEqual(item.amount_disputed, 300)
        self.assertEqual(item.amount_residual_currency, 1000)

    def test_the_letter_asks_for_the_rest_and_says_so(self):
        self._open((self.big, 300))
        run = self._propose()
        reminder = run.reminder_ids.filtered(lambda r: r.debtor_id == self.debtor)
        self.assertEqual(reminder.amount_net, 1200)
        line = reminder.line_ids.filtered(lambda x: x.move_line_id == self.big)
        self.assertEqual((line.amount_residual, line.amount_disputed), (700, 300))
        html = self.env["ir.qweb"]._render(
            "recouvrement.reminder_items_table", {"object": reminder}
        )
        self.assertIn("not asked for here", html)

    def test_a_dispute_since_the_proposal_lowers_what_leaves(self):
        run = self._propose()
        reminder = run.reminder_ids.filtered(lambda r: r.debtor_id == self.debtor)
        self.assertEqual(reminder.amount_net, 1500)
        self._open((self.big, 300), (self.small, None))
        reminder._recheck()
        self.assertEqual(reminder.amount_net, 700)
        line = reminder.line_ids.filtered(lambda x: x.move_line_id == self.small)
        self.assertEqual((line.role, line.reason), ("out", "disputed"))

    def test_what_leaves_is_compared_with_the_minimum_without_the_disputed_part(self):
        self.levels[2].min_debtor_amount = 1300
        self._run_level_one()
        run = self._propose()
        reminder = run.reminder_ids.filtered(lambda r: r.debtor_id == self.debtor)
        self.assertTrue(reminder)
        self._open((self.big, 300))
        reminder._recheck()
        self.assertFalse(reminder._drop_below_minimum())

    def _run_level_one(self):
        """Both items have had the first level."""
        self.levels[1].min_days_since_contact = 0
        run = self._run_campaign()
        run.reminder_ids.filtered(lambda r: r.state != "sent")._confirm_sent()

    def test_a_category_may_stop_the_whole_item(self):
        category = self.env.ref("recouvrement_litige.dispute_category_price")
        category.keeps_chasing_rest = False
        dispute = self._open((self.big, 300))
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertEqual(self._asked(self.debtor), {self.small.id: 500})
        dispute.category_id = self.env.ref(
            "recouvrement_litige.dispute_category_quantity"
        )
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)
        dispute.category_id = category
        self.assertEqual(self.big.collection_status, "disputed")
        category.keeps_chasing_rest = True
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_two_parts_that_make_the_whole_stop_the_item(self):
        self._open((self.big, 300))
        second = self._open((self.big, 700), code="quantity")
        self.assertEqual(self.big.collection_status, "disputed")
        second._conclude("unfounded", "Delivered")
        self.assertEqual(self.big.collection_status, "to_chase")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_a_payment_goes_on_what_nobody_disputes(self):
        dispute = self._open((self.big, 300))
        self._pay(self.big.move_id, 600)
        self._process()
        self.assertEqual(self._asked(self.debtor)[self.big.id], 100)
        self._pay(self.big.move_id, 100)
        self._process()
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertNotIn(self.big.id, self._asked(self.debtor))
        self.assertEqual(dispute.amount_open_company, 300)

    def test_a_payment_that_bounced_is_chased_again(self):
        self._open((self.big, 300))
        self._pay(self.big.move_id, 700)
        self._process()
        self.assertEqual(self.big.collection_status, "disputed")
        self.big.remove_move_reconcile()
        self._process()
        self.assertEqual(self.big.collection_status, "to_chase")
        self.assertEqual(self._asked(self.debtor)[self.big.id], 700)

    def test_each_currency_is_asked_on_its_own(self):
        foreign = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        invoice = self._make_invoice(self.partner, 800, due=-20, currency_id=foreign.id)
        item = self._items(invoice)
        dispute = self._open((item, 200), (self.big, 300))
        asked = self._asked(self.debtor)
        self.assertEqual(asked[item.id], 600)
        self.assertEqual(asked[self.big.id], 700)
        self.assertEqual(dispute.amount_company, 400)
        self.assertEqual(self.debtor.collect_amount, 300 + 700 + 500)

    def test_the_desk_has_a_badge_and_the_portal_says_it(self):
        self._open((self.big, 300))
        desk = self.debtor.get_desk({})
        rows = {row["id"]: row for row in desk["items"]["rows"]}
        [badge] = rows[self.big.id]["badges"]
        self.assertIn("300", badge["label"])
        self.assertFalse(rows[self.small.id]["badges"])
        [block] = [one for one in desk["blocks"] if one["key"] == "disputes"]
        self.assertEqual(block["items"][0]["amount"], 300)
        shown, _count = self.debtor.sudo()._get_portal_items("open")
        disputed = {row["id"]: row["disputed"] for row in shown}
        self.assertEqual(disputed[self.big.id], 300)
        self.assertEqual(disputed[self.small.id], 0)

    def test_the_totals_still_equal_the_ledger(self):
        self._open((self.big, 300), (self.small, None))
        self._pay(self.big.move_id, 400)
        self._process()
        self.assertFalse(
            self.env["recouvrement.debtor"]._check_totals_against_ledger() & self.debtor
        )
