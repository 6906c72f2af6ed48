"""Paying from the customer page, from the ticked items to the ledger."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPay(PortalCommon):
    def test_without_a_provider_the_bank_details_are_shown(self):
        self.env["payment.provider"].search([]).state = "disabled"
        self.company.partner_id.bank_ids = [
            Command.create({"acc_number": "FR7630006000011234567890189"})
        ]
        text = self._text(self._page("/pay", items=self._line(self.late).id))
        self.assertIn("FR76 3000 6000 0112 3456 7890 189", text)
        self.assertIn(self.late.payment_reference, text)
        self.assertIn("300.50", text)
        self.assertIn("On-line payment is not available", text)

    def test_without_a_tick_all_that_is_overdue_is_paid(self):
        text = self._text(self._page("/pay"))
        self.assertIn("1,500.50", text)
        self.assertIn("C042", text, "several documents: the number of the customer")

    def test_two_currencies_are_not_added_up(self):
        other = self.setup_other_currency("EUR")
        euros = self._make_invoice(self.customer, 60.0, due=-3, currency_id=other.id)
        items = [self._line(euros).id, self._line(self.late).id]
        self.assertIn("several currencies", self._text(self._page("/pay", items=items)))

    def test_nothing_to_pay_leads_back(self):
        foreign = self._items(self.stranger.partner_id.invoice_ids)
        response = self._get("/pay", items=foreign.id)
        self.assertEqual(response.status_code, 303)


@tagged("post_install", "-at_install")
class TestPortalPayOnline(PortalCommon, AccountPaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.write({"is_published": True, "company_id": cls.company.id})
        journal = cls.company_data["default_journal_bank"]
        cls.provider.journal_id = journal
        cls.outstanding = cls.env["account.account"].create(
            {
                "name": "Outstanding",
                "code": "511900",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls._book_payments(cls.outstanding)
        cls.method = cls.payment_method

    @classmethod
    def _book_payments(cls, account):
        """Whether payments are written at once, or with the bank statement."""
        methods = cls.provider.journal_id.inbound_payment_method_line_ids
        methods.filtered(
            lambda m: m.payment_provider_id == cls.provider
        ).payment_account_id = account

    def _start(self, moves, amount, **vals):
        lines = "-".join(str(self._line(move).id) for move in moves)
        return self._call(lines, amount, **vals)

    def _call(self, ticked, amount, **vals):
        self.env.flush_all()
        return self.opener.post(
            f"{self.base_url()}{self.base}/transaction/{ticked}",
            json={
                "jsonrpc": "2.0",
                "params": {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "token_id": None,
                    "amount": amount,
                    "flow": "redirect",
                    "tokenization_requested": True,
                    "landing_route": "https://evil.example.com/",
                    "is_validation": False,
                    "access_token": "",
                    "csrf_token": "x",
                    **vals,
                },
            },
            timeout=60,
        ).json()

    def _transactions(self):
        return self.env["payment.transaction"].search(
            [("partner_id", "=", self.customer.id)], order="id desc"
        )

    def test_the_form_of_odoo_is_shown_for_the_exact_amount(self):
        tree = self._page("/pay", items=self._line(self.late).id)
        [form] = tree.xpath("//form[@id='o_payment_form']")
        self.assertEqual(float(form.get("data-amount")), 300.5)
        self.assertIn("/transaction/", form.get("data-transaction-route"))

    def test_the_payment_settles_the_ticked_items_and_nothing_else(self):
        answer = self._start(self.overdue | self.late, 1500.5)
        self.assertIn("result", answer, answer)
        tx = self._transactions()[:1]
        self.assertEqual(tx.amount, 1500.5)
        self.assertEqual(tx.invoice_ids, self.overdue | self.late)
        self.assertFalse(tx.tokenize, "no card is kept behind a link")
        self.assertTrue(tx.landing_route.startswith(self.base))
        tx._set_done()
        tx._post_process()
        self.assertEqual(self._line(self.overdue).amount_residual, 0)
        self.assertEqual(self._line(self.late).amount_residual, 0)
        self.assertEqual(self._line(self.coming).amount_residual, 99.99)
        settled = self._line(self.overdue) | self._line(self.late)
        ways = settled.matched_credit_ids.mapped("matching_way")
        self.assertEqual(set(ways), {"machine"})

    def test_a_payment_that_waits_for_the_bank_shows_as_under_way(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s",
            [self.late.id],
        )
        self.env.invalidate_all()
        self.assertIn("Payment under way", self._text(self._page(tab="overdue")))

    def test_an_opening_entry_is_paid_without_its_neighbours(self):
        receivable = self.company_data["default_account_receivable"]
        owed = {self.customer: 80.0, self.stranger.partner_id: 55.0}
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": partner.id,
                            "balance": balance,
                        }
                    )
                    for partner, balance in owed.items()
                ]
                + [
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "balance": -135.0,
                        }
                    )
                ],
            }
        )
        move.action_post()
        mine, other = self._items(move).sorted("balance", reverse=True)
        self.assertIn("result", self._call(str(mine.id), 80.0))
        tx = self._transactions()[:1]
        tx._set_done()
        tx._post_process()
        self.assertEqual((mine.amount_residual, other.amount_residual), (0, 55))

    def test_the_ticked_instalment_is_paid_not_the_oldest(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                ],
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self.today,
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Service", "price_unit": 400.0, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        first, second = self._items(move).sorted("date_maturity")
        self.assertIn("result", self._call(str(second.id), 200.0))
        tx = self._transactions()[:1]
        tx._set_done()
        tx._post_process()
        self.assertEqual((first.amount_residual, second.amount_residual), (200, 0))

    def test_an_amount_that_is_not_what_is_due_starts_nothing(self):
        foreign = self._items(self.stranger.partner_id.invoice_ids)
        late = self._line(self.late).id
        for ticked, amount in (
            (str(late), 1.0),
            (str(late), 300.51),
            (str(foreign.id), 777.77),
            (f"{late}-{foreign.id}", 1078.27),
            (f"{late}-x", 300.5),
        ):
            with self.subTest(ticked=ticked, amount=amount):
                self.assertNotIn("result", self._call(ticked, amount))
        self.assertFalse(self._transactions())

    def test_other_values_of_the_browser_are_refused(self):
        for vals in (
            {"flow": "token"},
            {"provider_id": 999999},
            {"payment_method_id": 999999},
            {"partner_id": self.stranger.partner_id.id},
            {"custom_create_values": {}},
        ):
            with self.subTest(vals=vals):
                self.assertNotIn("result", self._start(self.late, 300.5, **vals))
        self.assertFalse(self._transactions())

    def test_what_is_paid_already_is_told_before_paying_twice(self):
        self._start(self.late, 300.5)
        self._transactions()._set_pending()
        text = self._text(self._page("/pay", items=self._line(self.late).id))
        self.assertIn("already under way", text)

    def test_what_the_provider_has_not_decided_is_not_chased(self):
        self._start(self.late, 300.5)
        tx = self._transactions()
        self.assertEqual(self._reason(self.late), "chase", "only started")
        tx._set_pending()
        self.assertEqual(self._reason(self.late), "under_payment")
        self.assertEqual(self._reason(self.overdue), "chase")
        self.assertIn("Payment under way", self._text(self._page()))
        self.company.recouvrement_verify_days = 3
        tx.last_state_change = fields.Datetime.now() - timedelta(days=3, minutes=1)
        self.assertEqual(self._reason(self.late), "chase", "for some days only")
        self.assertNotIn("Payment under way", self._text(self._page()))

    def test_a_payment_that_failed_is_chased(self):
        self._start(self.late, 300.5)
        tx = self._transactions()
        tx._set_pending()
        tx._set_error("No funds")
        self.assertEqual(self._reason(self.late), "chase")

    def test_what_the_provider_took_is_not_chased_before_it_is_booked(self):
        self._start(self.late, 300.5)
        tx = self._transactions()
        tx._set_done()
        tx.last_state_change = fields.Datetime.now() - timedelta(days=30)
        self.assertEqual(self._reason(self.late), "under_payment")

    def test_a_transfer_that_is_only_announced_is_chased(self):
        self._start(self.late, 300.5)
        self._transactions()._set_pending()
        self.provider.flush_recordset()
        self.env.cr.execute(
            "UPDATE payment_provider SET code = 'custom' WHERE id = %s",
            [self.provider.id],
        )
        self.assertEqual(self._reason(self.late), "chase")

    def test_an_invoice_paid_from_the_page_of_odoo_is_not_chased(self):
        self._start(self.late, 300.5)
        tx = self._transactions()
        tx.collection_line_ids = False
        tx._set_pending()
        self.assertEqual(self._reason(self.late), "under_payment")
        self.assertEqual(self._reason(self.overdue), "chase")

    def test_who_comes_back_is_told_how_the_payment_ended(self):
        self._start(self.late, 300.5)
        tx = self._transactions()
        tx._set_pending()
        self.assertIn("being processed", self._text(self._page(paid=1)))
        tx._set_error("No funds")
        text = self._text(self._page(paid=1))
        self.assertIn("did not go through", text)
        self.assertNotIn("Thank you", text)

    def test_who_paid_is_told_that_it_is_confirmed(self):
        self._start(self.late, 300.5)
        self._transactions()._set_done()
        self.assertIn("is confirmed", self._text(self._page(paid=1)))

    def _reason(self, move):
        """What a campaign of today says of a document."""
        decisions = self.env["recouvrement.dunning.decision"].search(
            [("move_line_id", "=", self._line(move).id)]
        )
        return decisions.reason
