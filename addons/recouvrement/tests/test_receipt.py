"""The receipts of a day: what came in, what it settled, what is left."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .access_common import ROLES, AccessCommon


@tagged("post_install", "-at_install")
class TestReceipt(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.own.partner_id
        cls.invoices = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)], order="date_due"
        )
        cls.invoices = cls.invoices.move_id
        cls.receipts = cls.env["recouvrement.receipt"]

    def _of(self, payments):
        return self.receipts.search([("move_id", "in", payments.move_id.ids)])

    def test_a_receipt_shows_what_it_settled_and_what_is_left(self):
        payment = self._make_receipt(self.partner, 1200, day=-1)
        lines = self._items(payment.move_id)
        (lines | self._items(self.invoices[0])).reconcile()
        receipt = self._of(payment)
        self.assertRecordValues(
            receipt,
            [
                {
                    "date": self._day(-1),
                    "debtor_id": self.own.id,
                    "customer_id": self.partner.id,
                    "collector_id": self.users["collector"].id,
                    "amount": 1200,
                    "settled_amount": 1000,
                    "unallocated_amount": 200,
                    "is_unallocated": True,
                    "item_count": 1,
                    "origin": "payment",
                    "payment_id": payment.id,
                    "journal_id": payment.journal_id.id,
                }
            ],
        )
        action = receipt.action_matches()
        matches = self.env[action["res_model"]].search(action["domain"])
        self.assertRecordValues(
            matches,
            [
                {
                    "move_id": self.invoices[0].id,
                    "amount": 1000,
                    "amount_residual": 0,
                    "days_late": 59,
                    "debtor_id": self.own.id,
                }
            ],
        )

    def test_totals_equal_the_ledger(self):
        self._pay(self.invoices, 1300, day=-1)
        self._make_receipt(self.partner, 77.7, day=-1)
        self._make_receipt(self.foreign.partner_id, 10, day=-1)
        self._make_credit_note(self.partner, 55)
        reversed_payment = self._make_receipt(self.partner, 999, day=-1)
        reversed_payment.action_draft()
        found = self.receipts.search(
            [("date", "=", self._day(-1)), ("company_id", "=", self.company.id)]
        )
        lines = self.env["account.move.line"].search(
            [
                ("date", "=", self._day(-1)),
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("balance", "<", 0),
                ("payment_id", "!=", False),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(found.move_line_id, lines)
        cents = round
        self.assertEqual(cents(sum(found.mapped("amount")), 2), 1387.7)
        for receipt, line in zip(found.sorted("id"), lines.sorted("id"), strict=True):
            self.assertEqual(receipt.amount, -line.balance)
            self.assertEqual(receipt.unallocated_amount, -line.amount_residual)
            matches = self.env["recouvrement.receipt.match"].search(
                [("receipt_id", "=", receipt.id)]
            )
            self.assertEqual(
                cents(receipt.settled_amount, 2),
                cents(sum(matches.mapped("amount")), 2),
            )
        self.assertEqual(cents(sum(found.mapped("unallocated_amount")), 2), 87.7)

    def test_a_receipt_that_is_unmatched_is_to_allocate_again(self):
        payment = self._pay(self.invoices[0])
        self.assertFalse(self._of(payment).is_unallocated)
        self._items(payment.move_id).remove_move_reconcile()
        receipt = self._of(payment)
        receipt.invalidate_recordset()
        self.assertTrue(receipt.is_unallocated)
        self.assertEqual((receipt.settled_amount, receipt.item_count), (0, 0))

    def test_a_foreign_currency_shows_in_both_currencies(self):
        franc = self.setup_other_currency("CHF", rates=[("2016-01-01", 2.0)])
        invoice = self._make_invoice(self.partner, 300, currency_id=franc.id)
        payment = self._pay(invoice, 120)
        receipt = self._of(payment)
        self.assertEqual(receipt.currency_id, franc)
        self.assertEqual(receipt.amount_currency, 120)
        self.assertEqual(receipt.amount, 60)
        self.assertEqual(receipt.unallocated_currency, 0)

    def test_days_and_filters(self):
        self._make_receipt(self.partner, 1, day=0)
        self._make_receipt(self.partner, 2, day=-1)
        self._make_receipt(self.partner, 3, day=-40)
        base = [("debtor_id", "=", self.own.id)]
        for domain, amounts in (
            ([("date", "=", "today")], [1]),
            ([("date", "=", "today -1d")], [2]),
            ([("date", ">=", "today -6d")], [1, 2]),
            ([("is_unallocated", "=", True)], [1, 2, 3]),
            ([("is_unallocated", "=", False)], []),
        ):
            with self.subTest(domain=domain):
                found = self.receipts.search(base + domain)
                self.assertEqual(sorted(found.mapped("amount")), amounts)
        groups = self.receipts._read_group(base, ["date:day"], ["amount:sum"])
        self.assertEqual(sorted(total for _day, total in groups), [1, 2, 3])

    def test_each_role_sees_the_receipts_of_its_portfolio(self):
        for debtor in self.debtors:
            self._make_receipt(debtor.partner_id, 5)
        names = {"salesperson": ["Own"], "collector": ["Own", "Nobody"]}
        for role in ROLES:
            found = self._as(self.receipts, role).search([("date", "=", self.today)])
            with self.subTest(role=role):
                self.assertEqual(
                    set(found.customer_id.mapped("name")),
                    set(names.get(role, ["Own", "Nobody", "Foreign"])),
                )
                matches = self._as(self.env["recouvrement.receipt.match"], role)
                matches.search([])
        with self.assertRaises(AccessError):
            self.receipts.with_user(self.portal).search([])

    def test_another_company_is_not_seen(self):
        payment = self._make_receipt(self.partner, 5)
        receipts = self.receipts.with_user(self.users["accountant"])
        self.assertTrue(receipts.search([("move_id", "=", payment.move_id.id)]))
        self.users["accountant"].write(
            {"company_ids": [(4, self.other.id)], "company_id": self.other.id}
        )
        receipts = receipts.with_context(allowed_company_ids=self.other.ids)
        self.assertFalse(receipts.search([("move_id", "=", payment.move_id.id)]))

    def test_a_page_of_receipts_costs_the_same_whatever_their_number(self):
        self._make_receipt(self.partner, 1)
        specification = {
            name: {}
            for name in ("date", "amount", "settled_amount", "item_count", "name")
        } | {"customer_id": {"fields": {"display_name": {}}}}

        def read():
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.receipts.web_search_read(
                [("debtor_id", "=", self.own.id)], specification, limit=80
            )
            return self.env.cr.sql_log_count - start

        read()
        few = read()
        for amount in range(2, 12):
            self._make_receipt(self.partner, amount)
        read()
        self.assertEqual(read(), few)
