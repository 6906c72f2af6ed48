"""What a factor bought for good is out of the exposure, and comes back with it."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestFactoringExposure(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor = cls._make_customer("Factor SA")
        cls.bank = cls.env["res.partner.bank"].create(
            {"partner_id": cls.factor.id, "acc_number": "FR7630006000011234567890189"}
        )
        cls.contract = cls._contract()
        cls.move = cls._make_invoice(cls.customer, 300, due=-10)
        cls.item = cls._items(cls.move)

    @classmethod
    def _contract(cls, **vals):
        return cls.env["recouvrement.factoring"].create(
            {
                "name": "F-1",
                "factor_id": cls.factor.id,
                "bank_id": cls.bank.id,
                "company_id": cls.company.id,
                "date_from": "2020-01-01",
                "with_recourse": False,
                **vals,
            }
        )

    def _amounts(self):
        return self.debtor.exposure_relieved, self.debtor.exposure_amount

    def test_without_recourse_the_items_are_out_and_come_back(self):
        self.assertEqual(self._amounts(), (0, 1100))
        lines = self.contract._assign(self.item, self.today)
        self.assertEqual(self._amounts(), (300, 800))
        self.assertEqual(self.debtor.open_amount, 1100)
        lines._take_back(self.today, "Contract ended")
        self.assertEqual(self._amounts(), (0, 1100))

    def test_with_recourse_they_stay(self):
        self.contract.with_recourse = True
        self.contract._assign(self.item, self.today)
        self.assertEqual(self._amounts(), (0, 1100))
        self.contract.with_recourse = False
        self.assertEqual(self._amounts(), (300, 800))
        self.contract.with_recourse = True
        self.assertEqual(self._amounts(), (0, 1100))

    def test_what_is_paid_of_them_is_off_both(self):
        lines = self.contract._assign(self.item, self.today)
        self._pay(self.move, 100)
        self.assertEqual(self._amounts(), (200, 800))
        self._pay(self.move)
        self.assertEqual(self._amounts(), (0, 800))
        lines._cron_nightly()
        self.assertEqual(self._amounts(), (0, 800))

    def test_the_item_of_an_address_counts_on_the_account_of_its_company(self):
        address = self.env["res.partner"].create(
            {"name": "Agency", "type": "invoice", "parent_id": self.customer.id}
        )
        move = self._make_invoice(address, 50, due=-10)
        self.contract._assign(self._items(move), self.today)
        self.assertEqual(self._amounts(), (50, 1100))

    def test_a_foreign_item_counts_in_company_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XFA",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4})],
            }
        )
        move = self._make_invoice(self.customer, 400, currency_id=currency.id)
        self.assertEqual(self._amounts(), (0, 1200))
        self.contract._assign(self._items(move), self.today)
        self.assertEqual(self._amounts(), (100, 1100))

    def test_another_legal_entity_keeps_its_own_exposure(self):
        other = self.setup_other_company(name="Autre Entité")["company"]
        other_move = self._make_invoice(
            self.customer.with_company(other), 70, company_id=other.id
        )
        account = self._debtor(self.customer, other)
        self.contract._assign(self.item, self.today)
        self.assertEqual(account.exposure_relieved, 0)
        contract = self._contract(name="F-2", company_id=other.id)
        contract._assign(self._items(other_move), self.today)
        self.assertEqual((account.exposure_relieved, account.exposure_amount), (70, 0))
        self.assertEqual(self._amounts(), (300, 800))

    def test_the_limit_of_the_customer_and_of_its_group_have_room_again(self):
        for for_group in (False, True):
            with self.subTest(for_group=for_group):
                limit = self._limit(1000, for_group=for_group)
                pair = self.debtor._get_pair()
                verdict = self.env["recouvrement.credit.verdict"]
                self.assertEqual(verdict._get_excesses({pair})[pair].amount, 100)
                lines = self.contract._assign(self.item, self.today)
                self.assertFalse(verdict._get_excesses({pair}))
                self._draft(200)
                self.assertFalse(verdict._get_excesses({pair}))
                lines._take_back(self.today, "Recourse")
                self.assertEqual(verdict._get_excesses({pair})[pair].amount, 300)
                self.env["account.move"].search(
                    [("state", "=", "draft"), ("partner_id", "=", self.customer.id)]
                ).unlink()
                limit.action_end()

    def test_an_assigned_item_with_too_long_a_term_is_left_out_once(self):
        long = self._make_invoice(
            self.customer, 400, due=200, invoice_date=self.today - timedelta(days=1)
        )
        self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_named").id,
                "provider_id": self.factor.id,
                "amount": 5000,
                "max_credit_days": 90,
            }
        )
        self.assertEqual(self.debtor.exposure_insured, 990)
        self.contract._assign(self._items(long), self.today)
        self.assertEqual(self._amounts(), (400, 1100))
        self.assertEqual(self.debtor.exposure_insured, 990)

    def test_the_figure_opens_the_items_and_the_page_tells_it(self):
        self.contract._assign(self.item, self.today)
        action = self.debtor.action_view_relieved()
        found = self.env["recouvrement.open.item"].search(action["domain"])
        self.assertEqual(found.move_line_id, self.item)
        for limited in (False, True):
            if limited:
                self._limit(1000)
            with self.subTest(limited=limited):
                exposure = self.debtor._get_exposure()
                self.assertEqual((exposure["relieved"], exposure["amount"]), (300, 800))

    def test_a_refresh_is_one_statement_for_any_number_of_accounts(self):
        others = self._make_customer("Deux"), self._make_customer("Trois")
        for partner in others:
            self._make_invoice(partner, 100)
        debtors = self.debtor.union(*map(self._debtor, others))
        moves = self.env["account.move"].search(
            [("partner_id", "in", [partner.id for partner in others])]
        )
        self.contract._assign(self._items(moves) | self.item, self.today)
        self.env.flush_all()
        debtors._process_dirty()
        counts = []
        for some in (debtors[:1], debtors):
            before = self.env.cr.sql_log_count
            some._refresh_totals()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(debtors.mapped("exposure_relieved"), [300, 100, 100])
