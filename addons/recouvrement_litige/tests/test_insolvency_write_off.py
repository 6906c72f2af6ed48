"""The end of a liquidation: dividends, then the write-off with its VAT."""

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.closing_common import ClosingCommon

from .insolvency_common import InsolvencyVerbs


@tagged("post_install", "-at_install")
class TestInsolvencyWriteOff(InsolvencyVerbs, ClosingCommon):
    def test_what_dividends_left_is_written_off_with_its_vat(self):
        partner = self._make_customer("Menuiserie Perrin")
        move = self._invoice(partner, (1000, self.vat), due=-60)
        debtor = self._debtor(partner)
        one = self._open(debtor, judged=-30, with_interest=False)
        self.assertEqual(one.amount_prior, 1200)
        self._declared(one)
        self._decide(one, "admit", line_ids=self._amounts(one, move, 1200))
        self._pay(move, 120, day=-1)
        self._settle()
        self.assertEqual((one.amount_received, one.amount_open), (120, 1080))
        certificate = self.env["ir.attachment"].create(
            {"name": "certificate.pdf", "raw": b"%PDF-1.4 x"}
        )
        self._decide(
            one,
            "close",
            outcome="irrecoverable",
            reason="Certificate of the liquidator",
            attachment_ids=certificate.ids,
        )
        self.assertEqual(one.certificate_id, certificate)
        action = one.action_write_off()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.ground_id.code, "liquidation")
        self.assertTrue(wizard.recover_vat)
        self.assertIn(one.name, wizard.note)
        self.assertIn(certificate, wizard.attachment_ids)
        [line] = wizard.line_ids
        self.assertEqual((line.amount, line.vat), (1080, 180))
        wizard.action_post()
        self._settle()
        self.assertTrue(self._items(move).reconciled)
        self.assertEqual((one.amount_open, one.amount_received), (0, 120))
        write_off = self.env["recouvrement.write.off"].search(
            [("debtor_id", "=", debtor.id)]
        )
        self.assertEqual((write_off.amount, write_off.amount_vat), (1080, 180))
