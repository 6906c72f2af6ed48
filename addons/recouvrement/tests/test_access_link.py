"""Signed links: what they open, and when they open nothing any more."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAccessLink(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.links = cls.env["recouvrement.access.link"]
        cls.link = cls.links._give("portal", cls.own, cls.own.partner_id, days=30)

    def test_a_token_opens_its_debtor_and_the_use_is_counted(self):
        token = self.link._get_token()
        opened = self.links.with_user(self.env.ref("base.public_user"))._open(
            "portal", token
        )
        self.assertEqual(opened.debtor_id, self.own)
        self.assertEqual(self.link.use_count, 1)
        self.assertTrue(self.link.date_last_use)

    def test_a_changed_token_opens_nothing(self):
        token = self.link._get_token()
        number, signature = token.split("-")
        wrong = [
            "",
            None,
            "x",
            number,
            f"{number}-",
            f"{int(number) + 1}-{signature}",
            f"{number}-{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
            f" {token}",
            f"{token}\n",
            f"{'9' * 10}-{signature}",
        ]
        for candidate in wrong:
            with self.subTest(token=candidate):
                self.assertFalse(self.links._open("portal", candidate))

    def test_a_link_opens_for_its_purpose_only(self):
        self.assertFalse(self.links._open("relay", self.link._get_token()))

    def test_a_link_expires_at_the_end_of_its_last_day(self):
        token = self.link._get_token()
        with freeze_time(self.today + timedelta(days=30)):
            self.assertTrue(self.links._open("portal", token))
        with freeze_time(self.today + timedelta(days=31)):
            self.assertFalse(self.links._open("portal", token))

    def test_whose_a_dead_link_was_is_known_by_its_signature_only(self):
        token = self.link._get_token()
        number, signature = token.split("-")
        self._as(self.link, "collector").action_revoke()
        used = self.link.use_count
        self.assertEqual(self.links._find_signed("portal", token), self.link)
        self.assertEqual(self.link.use_count, used)
        self.assertFalse(self.links._find_signed("relay", token))
        self.assertFalse(self.links._find_signed("portal", f"{number}-{'0' * 64}"))
        self.assertFalse(self.links._find_signed("portal", f"{number}-{signature[1:]}"))

    def test_a_longer_life_written_in_the_row_breaks_the_signature(self):
        token = self.link._get_token()
        self.link.sudo().date_expiry = self.today + timedelta(days=3000)
        self.assertFalse(self.links._open("portal", token))

    def test_revoking_closes_at_once_and_is_traced(self):
        token = self.link._get_token()
        self._as(self.link, "collector").action_revoke()
        self.assertFalse(self.links._open("portal", token))
        self.assertEqual(self.link.revoked_by_id, self.users["collector"])
        self.assertIn("Access withdrawn", self.own.event_ids[:1].summary)

    def test_nobody_revokes_links_of_debtors_of_others(self):
        link = self.links._give("portal", self.foreign, self.foreign.partner_id, 30)
        with self.assertRaises(AccessError):
            self._as(link, "collector").action_revoke()

    def test_the_same_person_gets_the_same_link_while_it_lasts(self):
        again = self.links._give("portal", self.own, self.own.partner_id, days=30)
        self.assertEqual(again, self.link)
        with freeze_time(self.today + timedelta(days=20)):
            later = self.links._give("portal", self.own, self.own.partner_id, days=30)
        self.assertNotEqual(later, self.link)

    def test_the_address_is_that_of_the_company(self):
        self.assertEqual(
            self.link._get_url(),
            f"{self.company.get_base_url()}/recouvrement/portal/"
            f"{self.link._get_token()}",
        )
