"""Without Odoo's Sales nothing changes: no order counts."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestOrderAbsent(CreditCommon):
    def setUp(self):
        super().setUp()
        service = type(self.env["recouvrement.order"])
        self.startPatcher(patch.object(service, "_has_orders", lambda _self: False))
        self._limit(1000)

    def test_no_order_counts_and_none_is_opened(self):
        self.debtor._refresh_totals()
        self.debtor.invalidate_recordset()
        self.assertEqual(
            (self.debtor.exposure_order, self.debtor.exposure_amount), (0, 800)
        )
        with self.assertRaises(UserError):
            self.debtor.action_view_orders()

    def test_no_release_of_an_order_is_asked_for(self):
        wizard = self.env["recouvrement.credit.release.wizard"].create(
            {"order_id": 1, "reason": "x"}
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_the_release_of_an_order_of_the_past_is_still_told(self):
        releases = self.env["recouvrement.credit.release"]
        release = releases.sudo().create(
            {
                "debtor_id": self.debtor.id,
                "order_id": 7,
                "order_name": "S00007",
                "reason": "x",
                "confirms_order": True,
            }
        )
        self.assertEqual(release.display_name, "S00007")
        with self.assertRaises(UserError):
            release.action_open_document()
        release.sudo(False).action_release()
        self.assertEqual(release.state, "released")

    def test_what_would_be_owed_is_judged_and_nothing_is_kept(self):
        pair = self.customer.id, self.company.id
        verdict = self.env["recouvrement.credit.verdict"]
        for more, excess in ((200, None), (201, 1), (-800, None)):
            found = verdict._get_excesses_with({pair: more}, {pair}).get(pair)
            self.assertEqual(found and found.amount, excess)
        self._draft(300)
        self.assertFalse(verdict._get_excesses_with({pair: -100}, {pair}))
        self.assertEqual(verdict._get_excesses({pair})[pair].amount, 100)
        self.assertEqual(self.debtor.exposure_amount, 1100)
