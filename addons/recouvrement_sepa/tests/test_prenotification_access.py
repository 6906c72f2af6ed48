"""Who sees what customers were told; who books collections."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import READ

from .common_rights import SepaRights
from .ledger_common import LedgerCommon

RIGHTS = {
    "recouvrement.sepa.prenotification": dict.fromkeys(ROLES, READ),
    "recouvrement.sepa.prenotification.line": dict.fromkeys(ROLES, READ),
}
MENUS = {"sepa_prenotifications": ROLES}


@tagged("post_install", "-at_install")
class TestPrenotificationAccess(SepaRights, LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notices = cls.env["recouvrement.sepa.prenotification"]
        cls.told = {}
        for debtor in (cls.own, cls.foreign):
            mandate = cls._make_mandate(debtor, date_signed=cls._day(-30))
            item = cls._items(cls._make_invoice(debtor.partner_id, 100.0, due=5))
            cls.told[debtor] = cls.notices.sudo()._announce(
                [
                    {
                        "company_id": cls.company.id,
                        "debtor_id": debtor.id,
                        "mandate_id": mandate.id,
                        "move_line_id": item.id,
                        "installment_id": False,
                        "name": item.move_id.name,
                        "amount": 100.0,
                        "due_on": mandate._get_debit_day(item.date_maturity),
                    }
                ],
                "email",
            )

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_a_collector_sees_those_of_the_own_portfolio(self):
        found = self._as(self.notices, "collector").search([])
        self.assertIn(self.told[self.own], found)
        self.assertNotIn(self.told[self.foreign], found)

    def test_accountants_auditors_and_managers_see_all(self):
        for role in ("accountant", "auditor", "manager"):
            with self.subTest(role=role):
                found = self._as(self.notices, role).search([])
                self.assertIn(self.told[self.own], found)
                self.assertIn(self.told[self.foreign], found)

    def test_another_company_sees_nothing(self):
        user = self._make_user("accountant", login="test_notice_elsewhere")
        user.write(
            {"company_ids": [(6, 0, self.other.ids)], "company_id": self.other.id}
        )
        self.assertFalse(self._as(self.notices, user).search([]))

    def test_nobody_writes_a_notice_by_hand(self):
        notice = self._as(self.told[self.own], "manager")
        with self.assertRaises(AccessError):
            notice.write({"sent_on": self.today})

    def test_who_only_reads_sends_nothing_again(self):
        for role in ("collector", "auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(self.told[self.own], role).action_retry()

    def test_only_accountants_and_managers_book(self):
        invoice = self._make_invoice(self.own.partner_id, 50.0)
        collection = self._collect([invoice])
        for role in ("collector", "auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(collection, role).action_book()
        self._as(collection, "accountant").action_book()
        self.assertEqual(collection.state, "booked")
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_every_role_reads_what_became_of_the_invoice(self):
        invoice = self._make_invoice(self.own.partner_id, 50.0)
        self._collect([invoice], day=3)
        for role in ("accountant", "auditor", "manager"):
            with self.subTest(role=role):
                seen = self._as(invoice, role)
                seen.invalidate_recordset()
                self.assertEqual(seen.sepa_debit_state, "under_way")
