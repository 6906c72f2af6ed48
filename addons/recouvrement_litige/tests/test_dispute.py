from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.recouvrement_litige.tools.procedural_calendar import is_working

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    def test_a_dispute_has_an_owner_a_number_and_a_working_day_to_be_settled(self):
        salesperson = self._make_user("salesperson")
        self.debtor.salesperson_id = salesperson
        dispute = self._open((self.big, None))
        self.assertRegex(dispute.name, r"^LIT/\d{4}/\d{5}$")
        self.assertEqual(dispute.user_id, salesperson)
        self.assertGreater(dispute.date_due, self.today)
        self.assertTrue(is_working(dispute.date_due))
        self.assertEqual(dispute.activity_ids.user_id, salesperson)
        self.assertEqual(dispute.activity_ids.date_deadline, dispute.date_due)
        self.assertEqual(dispute.stage_id.code, "new")

    def test_the_first_rule_that_fits_names_the_owner(self):
        quality = self._make_user("collector", login="quality")
        rules = self.env["recouvrement.dispute.rule"]
        category = self.env.ref("recouvrement_litige.dispute_category_technical")
        rules.create({"category_id": category.id, "user_id": quality.id})
        self.assertEqual(
            self._open((self.big, None), code="technical").user_id, quality
        )
        other = self._open((self.small, None), code="price")
        self.assertNotEqual(other.user_id, quality)

    def test_a_rule_whose_user_left_is_passed_over(self):
        gone = self._make_user("collector", login="gone", active=False)
        collector = self._make_user("collector")
        self.debtor.collector_id = collector
        self.env["recouvrement.dispute.rule"].create({"user_id": gone.id})
        self.assertEqual(self._open((self.big, None)).user_id, collector)

    def test_a_whole_item_has_the_mark_and_stays_in_the_receivables(self):
        before = self.debtor.open_amount
        self._open((self.big, None))
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertEqual(self.small.collection_status, "to_chase")
        self.assertEqual(self.debtor.open_amount, before)
        self.assertEqual(self.debtor.collect_amount, 500)
        self.assertEqual(self._asked(self.debtor), {self.small.id: 500})

    def test_an_item_is_not_disputed_twice_beyond_what_it_owes(self):
        self._open((self.big, 300))
        self._open((self.big, 600))
        with self.assertRaisesRegex(UserError, "between 0 and"):
            self._open((self.big, 101))
        self._open((self.big, None))
        with self.assertRaisesRegex(UserError, "as a whole already"):
            self._open((self.big, None))

    def test_wrong_parts_are_refused(self):
        for amount in (0, -1, 1000.01):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._open((self.big, amount))

    def test_what_is_settled_is_not_disputed(self):
        self._pay(self.big.move_id)
        with self.assertRaisesRegex(UserError, "settled"):
            self._open((self.big, None))

    def test_a_card_moved_to_the_closed_column_comes_back(self):
        dispute = self._open((self.big, None))
        closed = self.env.ref("recouvrement_litige.dispute_stage_closed")
        with self.assertRaisesRegex(UserError, "Say how the dispute ends"):
            dispute.stage_id = closed
        dispute.stage_id = self.env.ref("recouvrement_litige.dispute_stage_examined")

    def test_handing_over_keeps_both_owners_as_followers(self):
        technician = self._make_user("collector", login="technician")
        quality = self._make_user("collector", login="quality")
        dispute = self._open((self.big, None), code="technical", user_id=technician.id)
        with self.assertRaisesRegex(UserError, "Say why"):
            dispute._transfer("quality", quality, " ")
        dispute.with_user(technician)._transfer("quality", quality, "Beyond my tools")
        self.assertEqual(dispute.role, "quality")
        self.assertEqual(dispute.user_id, quality)
        self.assertEqual(dispute.transfer_count, 1)
        followers = dispute.message_partner_ids
        self.assertLessEqual(technician.partner_id | quality.partner_id, followers)
        self.assertEqual(dispute.activity_ids.user_id, quality)
        self.assertIn("Beyond my tools", dispute.message_ids[0].body)

    def test_a_late_dispute_is_told_to_a_manager_once(self):
        manager = self._make_user("manager")
        dispute = self._open((self.big, None))
        dispute.date_due = fields.Date.subtract(self.today, days=1)
        self.assertTrue(dispute.is_late)
        disputes = self.env["recouvrement.dispute"]
        self.assertIn(dispute, disputes.search([("is_late", "=", True)]))
        with self.enter_registry_test_mode():
            self.env.ref("recouvrement_litige.cron_disputes").method_direct_trigger()
            self.env.ref("recouvrement_litige.cron_disputes").method_direct_trigger()
        self.assertEqual(dispute.escalated_on, self.today)
        told = dispute.activity_ids.filtered(
            lambda activity: activity.user_id == dispute.escalated_to_id
        )
        self.assertEqual(len(told), 1)
        self.assertTrue(dispute.escalated_to_id.has_group("recouvrement.group_manager"))
        self.assertTrue(manager)

    def test_marks_set_by_hand_get_a_dispute(self):
        self.big._set_collection_status("disputed", "Says the driver broke it")
        self.small._set_collection_status("disputed", "Says the driver broke it")
        disputes = self.env["recouvrement.dispute"].sudo()
        found = disputes._take_over_marks().filtered(
            lambda d: d.debtor_id == self.debtor
        )
        self.assertEqual(len(found), 1)
        self.assertEqual(found.line_ids.move_line_id, self.big | self.small)
        self.assertEqual(found.amount_company, 1500)
        self.assertEqual(found.text, "Says the driver broke it")
        self.assertFalse(
            disputes._take_over_marks().filtered(lambda d: d.debtor_id == self.debtor)
        )
        found._conclude("unfounded", "No")
        self.assertEqual(self.big.collection_status, "to_chase")

    def test_the_history_of_the_debtor_tells_it(self):
        dispute = self._open((self.big, None), text="Nothing came")
        dispute._conclude("unfounded", "Signed for by the customer")
        events = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "dispute")]
        )
        self.assertEqual(len(events), 2)
        self.assertIn(dispute.name, events[0].summary)
        self.assertEqual(events[0].detail, "Signed for by the customer")
