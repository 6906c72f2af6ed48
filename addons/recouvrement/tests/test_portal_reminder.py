"""The link to the customer page in reminders, and from the desk."""

import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon

BLOCK = '<div><t t-call="recouvrement.reminder_payment"/></div>'


@tagged("post_install", "-at_install")
class TestPortalReminder(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.body_html = BLOCK
        cls.campaign.action_cancel()

    def _send_one(self, debtor, channel="email"):
        debtors = self.debtors | debtor
        for other in debtors - debtor:
            other._hold(self.today, "Not now")
        run = self._propose(collector_ids=[(5,)])
        reminder = self._reminders(debtor).filtered(lambda r: r.run_id == run)
        reminder.channel = channel
        self._send_run(run)
        return reminder

    def test_an_email_carries_the_link_of_its_addressee(self):
        reminder = self._send_one(self.own)
        link = reminder.portal_link_id
        self.assertEqual(link.partner_id, reminder.partner_id)
        self.assertEqual(link.debtor_id, self.own)
        self.assertEqual(link.date_expiry, self.today + timedelta(days=60))
        body = (
            self._queued_mails().filtered(lambda m: m.res_id == self.own.id).body_html
        )
        self.assertIn(link._get_url(), body)

    def test_a_letter_carries_a_code_to_scan(self):
        reminder = self._send_one(self.own, "letter")
        self.assertTrue(reminder.portal_link_id)
        self.assertIn("data:image/png;base64,", reminder._get_rendered_body())

    def test_looking_at_a_proposal_makes_no_link(self):
        run = self._propose(collector_ids=[(5,)])
        reminder = self._reminders(self.own).filtered(lambda r: r.run_id == run)
        body = reminder._get_rendered_body()
        self.assertIn("/recouvrement/portal/link", body)
        self.assertFalse(reminder.portal_link_id)

    def test_a_text_edited_before_it_left_gets_the_link(self):
        run = self._propose(collector_ids=[(5,)])
        reminder = self._reminders(self.own).filtered(lambda r: r.run_id == run)
        reminder.body = reminder._get_rendered_body()
        self._send_run(run)
        body = reminder._get_rendered_body()
        self.assertIn(reminder.portal_link_id._get_token(), body)
        self.assertFalse(re.search(r"portal/link\b", body))

    def test_a_company_that_wants_no_page_sends_no_link(self):
        self.company.recouvrement_portal_link = False
        reminder = self._send_one(self.own)
        self.assertFalse(reminder.portal_link_id)
        self.assertNotIn("/recouvrement/portal/", reminder._get_rendered_body())

    def test_links_of_a_batch_cost_the_same_for_two_and_for_forty(self):
        partners = [self._make_customer(f"Batch {n}") for n in range(40)]
        debtors = (
            self.env["recouvrement.debtor"]
            .sudo()
            .create(
                [{"partner_id": p.id, "company_id": self.company.id} for p in partners]
            )
        )
        pairs = [(debtor, debtor.partner_id) for debtor in debtors]
        links = self.env["recouvrement.access.link"]
        links._give_many("portal", pairs[:2], 60)
        self.env.flush_all()
        counts = []
        for some in (pairs[2:4], pairs[4:]):
            before = self.env.cr.sql_log_count
            given = links._give_many("portal", some + some, 60)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(given), len(some))
        self.assertEqual(counts[0], counts[1])
        again = links._give_many("portal", pairs, 60)
        self.assertEqual(
            again[pairs[5][0].id, pairs[5][1].id], given[pairs[5][0].id, pairs[5][1].id]
        )

    # ------------------------------------------------------------------
    # FROM THE DESK
    # ------------------------------------------------------------------

    def _open_wizard(self, debtor, role):
        action = self._as(debtor, role).action_portal_link()
        model = self.env[action["res_model"]].with_user(self.users[role])
        return model.browse(action["res_id"])

    def test_a_collector_copies_opens_and_withdraws_the_address(self):
        wizard = self._open_wizard(self.own, "collector")
        self.assertIn("/recouvrement/portal/", wizard.url)
        token = wizard.url.rpartition("/")[2]
        links = self.env["recouvrement.access.link"]
        self.assertEqual(links._open("portal", token).debtor_id, self.own)
        self.assertEqual(wizard.action_open()["url"], wizard.url)
        wizard.action_revoke()
        self.assertFalse(links._open("portal", token))
        self.assertFalse(wizard.url)
        wizard.action_give()
        self.assertNotEqual(wizard.url.rpartition("/")[2], token)

    def test_all_addresses_are_withdrawn_at_once(self):
        contact = self._make_customer(
            "Alice", parent_id=self.own.partner_id.id, is_company=False
        )
        links = self.env["recouvrement.access.link"]
        link = links._give("portal", self.own, contact, 30)
        wizard = self._open_wizard(self.own, "collector")
        self.assertIn(link, wizard.link_ids)
        wizard.action_revoke_all()
        self.assertFalse(links._open("portal", link._get_token()))
        self.assertFalse(wizard.link_ids)

    def test_the_address_is_given_to_people_of_the_customer_only(self):
        wizard = self._open_wizard(self.own, "collector")
        wizard.partner_id = self.nobodys.partner_id
        with self.assertRaises(UserError):
            wizard.action_give()

    def test_who_may_not_write_to_the_debtor_gets_no_address(self):
        for debtor, role in (
            (self.foreign, "collector"),
            (self.own, "salesperson"),
            (self.own, "auditor"),
            (self.elsewhere, "manager"),
        ):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(debtor, role).action_portal_link()
