"""Mandates follow the contact that stays."""

from odoo.tests import tagged

from .mandate_common import MandateCommon


@tagged("post_install", "-at_install")
class TestMandateMerge(MandateCommon):
    def test_a_mandate_and_its_rights_follow_the_contact(self):
        mandate = self._make_mandate()
        gone = mandate.debtor_id
        kept = self._make_debtor("Boulangerie Dubois et fils")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept.partner_id | gone.partner_id).ids, kept.partner_id
        )
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.invalidate_all()
        self.assertEqual(mandate.debtor_id, kept)
        self.assertEqual(mandate.state, "active")
        self.assertTrue(mandate.can_collect)
