"""Disputes that are late, lawsuits and proceedings are on the risk agenda."""

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from .dispute_common import DisputeCommon
from .insolvency_common import InsolvencyVerbs

OURS = ("dispute", "litigation", "insolvency")


class Agenda:
    def _found(self, debtor):
        self.env.flush_all()
        items = self.env["recouvrement.risk.item"].search(
            [("debtor_id", "=", debtor.id), ("kind", "in", OURS)]
        )
        self.assertEqual(items.browse(items.ids).exists(), items)
        return items


@tagged("post_install", "-at_install")
class TestRiskAgendaDisputes(Agenda, DisputeCommon):
    def test_a_dispute_is_told_from_the_day_after_its_deadline(self):
        dispute = self._open((self.big, None))
        dispute.date_due = self.today
        self.assertFalse(self._found(self.debtor))
        dispute.date_due = self._day(-1)
        item = self._found(self.debtor)
        self.assertEqual((item.kind, item.date), ("dispute", self._day(-1)))
        self.assertEqual(item.action_open()["res_id"], dispute.id)

    def test_a_lawsuit_is_told_until_it_is_closed(self):
        file = self.env["recouvrement.litigation"].sudo()
        file = file.create({"debtor_id": self.debtor.id, "date_open": self.today})
        self.assertEqual(self._found(self.debtor).kind, "litigation")
        file.state = "closed"
        self.assertFalse(self._found(self.debtor))


@tagged("post_install", "-at_install")
class TestRiskAgendaProceedings(Agenda, InsolvencyVerbs, RecouvrementCommon):
    def test_proceedings_are_told_while_they_run(self):
        debtor = self._make_debtor("Failing", [(1000, -20)])
        proceedings = self._open(debtor, judged=-3)
        self.assertEqual(self._found(debtor).kind, "insolvency")
        proceedings.sudo().state = "closed"
        self.assertFalse(self._found(debtor))
