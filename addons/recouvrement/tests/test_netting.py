"""Netting agreements: what we owe a customer is out of its exposure meanwhile."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestNetting(CreditCommon):
    def _agree(self, **vals):
        return self.env["recouvrement.netting"].create(
            {"debtor_id": self.debtor.id, "date_from": self._day(-9), **vals}
        )

    def _bill(self, amount, partner=None, **vals):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Bought", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **vals,
            }
        )
        bill.action_post()
        return bill

    def _amounts(self):
        debtor = self.debtor
        return debtor.payable_amount, debtor.exposure_netted, debtor.exposure_amount

    def test_nothing_is_netted_without_an_agreement_in_force(self):
        self._bill(300)
        self.assertEqual(self._amounts(), (0, 0, 800))
        agreement = self._agree()
        self.assertEqual(self._amounts(), (300, 300, 500))
        self.assertTrue(self.debtor.netting_allowed)
        agreement.date_to = self.today
        self.assertEqual(self._amounts(), (300, 300, 500))
        agreement.date_to = self._day(-1)
        self.assertEqual(self._amounts(), (0, 0, 800))
        self.assertFalse(self.debtor.netting_allowed or agreement.is_valid)
        agreement.write({"date_from": self._day(1), "date_to": False})
        self.assertEqual(self._amounts(), (0, 0, 800))
        agreement.date_from = self.today
        self.assertEqual(self._amounts(), (300, 300, 500))
        agreement.unlink()
        self.assertEqual(self._amounts(), (0, 0, 800))

    def test_a_second_agreement_counts_nothing_twice(self):
        self._bill(300)
        self._agree()
        self._agree(reference="Renewed")
        self.assertEqual(self._amounts(), (300, 300, 500))

    def test_never_more_than_is_open(self):
        self._agree()
        self._bill(2000)
        self.assertEqual(self._amounts(), (2000, 800, 0))
        self._draft(100)
        self.assertEqual(self._amounts(), (2000, 800, 100))
        self._make_receipt(self.customer, 900)
        self.assertEqual(self._amounts(), (2000, 0, 0))

    def test_bills_move_the_exposure_as_they_are_posted_and_paid(self):
        self._agree()
        bill = self._bill(300)
        self.assertEqual(self._amounts(), (300, 300, 500))
        self._pay(bill, 100)
        self.assertEqual(self._amounts(), (200, 200, 600))
        self._pay(bill)
        self.assertEqual(self._amounts(), (0, 0, 800))
        bill = self._bill(70)
        self.assertEqual(self._amounts(), (70, 70, 730))
        bill.button_draft()
        self.assertEqual(self._amounts(), (0, 0, 800))
        bill.unlink()
        self._bill(500, move_type="in_refund")
        self.assertEqual(self._amounts(), (0, 0, 800))

    def test_a_bill_of_an_address_counts_on_its_company(self):
        self._agree()
        address = self.env["res.partner"].create(
            {"name": "Agency", "type": "other", "parent_id": self.customer.id}
        )
        self._bill(40, address)
        self.assertEqual(self._amounts(), (40, 40, 760))

    def test_a_supplier_does_not_become_a_debtor(self):
        self._agree()
        supplier = self._make_customer("Supplier")
        self._bill(40, supplier)
        self.assertFalse(self._debtor(supplier))
        self.assertEqual(self._amounts(), (0, 0, 800))

    def test_a_foreign_bill_counts_in_company_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XNE",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4})],
            }
        )
        self._agree()
        self._bill(400, currency_id=currency.id)
        self.assertEqual(self._amounts(), (100, 100, 700))

    def test_the_bills_of_another_legal_entity_are_not_netted(self):
        other = self.setup_other_company(name="Autre Entité")["company"]
        self._agree()
        self._bill(300, self.customer.with_company(other), company_id=other.id)
        self.assertEqual(self._amounts(), (0, 0, 800))

    def test_there_is_room_again_under_the_limit(self):
        self._limit(700)
        pair = self.debtor._get_pair()
        verdict = self.env["recouvrement.credit.verdict"]
        self.assertEqual(verdict._get_excesses({pair})[pair].amount, 100)
        self._agree()
        self._bill(150)
        self.assertFalse(verdict._get_excesses({pair}))

    def test_page_and_reminder_tell_it_and_the_figure_opens_the_bills(self):
        self._agree()
        bill = self._bill(300)
        for limited in (False, True):
            if limited:
                self._limit(1000)
            with self.subTest(limited=limited):
                found = self.debtor._get_exposure()
                self.assertEqual(
                    (found["netting_allowed"], found["netted"], found["amount"]),
                    (True, 300, 500),
                )
        action = self.debtor.action_view_payables()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(lines.move_id, bill)
        self._make_invoice(self.customer, 100, due=-10)
        reminder = self._run_campaign().reminder_ids.filtered(
            lambda one: one.debtor_id == self.debtor
        )
        self.assertEqual(
            (reminder.netting_allowed, reminder.exposure_netted), (True, 300)
        )

    def test_a_collector_reads_and_does_not_enter(self):
        collector = self._user("collector")
        self.debtor.collector_id = collector
        self._bill(300)
        agreement = self._agree().with_user(collector)
        self.assertEqual(agreement.exposure_netted, 300)
        with self.assertRaises(AccessError):
            agreement.date_to = self.today
