"""Disputes follow the contact that stays."""

from odoo.tests import tagged

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeMerge(DisputeCommon):
    def test_an_open_dispute_follows_the_contact_and_still_stops_reminders(self):
        dispute = self._open((self.big, 400))
        kept = self._make_debtor("Roy Menuiserie", items=((300, -10),))
        asked = self._asked(self.debtor)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept.partner_id | self.partner).ids, kept.partner_id
        )
        self._process()
        self.env.invalidate_all()
        self.assertEqual(dispute.debtor_id, kept)
        found = self._asked(kept)
        self.assertEqual({key: found[key] for key in asked}, asked)
        self.assertEqual(kept.open_amount, 1800)
