"""Late interest on screens: amounts to this day, breakdown, who sees what."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..models import debtor_interest
from .access_common import ROLES, AccessCommon
from .interest_common import DUE, UNTIL, InterestCommon


@tagged("post_install", "-at_install")
class TestInterestScreens(InterestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._make_invoice(cls.customer, 1000, due=DUE)
        cls.debtor = cls._debtor(cls.customer)
        cls.item = cls._interest(cls.invoice, cls.today)

    def test_invoice_item_and_debtor_show_the_same_amounts(self):
        open_item = self.env["recouvrement.open.item"].browse(self.item.line_id)
        for record in (self.invoice, open_item, self.debtor):
            with self.subTest(model=record._name):
                self.assertEqual(record.late_interest, float(self.item.due))
                self.assertEqual(record.late_indemnity, 40)
                self.assertFalse(record.late_interest_error)
        self.assertGreater(self.item.due, 0)

    def test_an_account_with_very_many_items_opens_without_computing_them(self):
        with patch(f"{debtor_interest.__name__}.AT_ONCE", 0):
            self.assertTrue(self.debtor.late_interest_on_demand)
            self.assertFalse(self.debtor.late_interest)
        self.env.invalidate_all()
        self.assertFalse(self.debtor.late_interest_on_demand)
        self.assertTrue(self.debtor.late_interest)

    def test_open_items_of_a_past_day_show_the_interest_of_that_day(self):
        items = self.env["recouvrement.open.item"].with_context(
            open_items_as_of="2026-03-31"
        )
        open_item = items.search([("id", "=", self.item.line_id)])
        self.assertEqual(open_item.late_interest, 19.64)

    def test_amounts_follow_a_payment_at_once(self):
        before = self.debtor.late_interest
        self._pay(self.invoice, 400, date(2026, 2, 28))
        self.env.invalidate_all()
        self.assertLess(self.invoice.late_interest, float(self.item.due))
        self.assertLess(self.debtor.late_interest, before)
        self.assertEqual(self.debtor.late_interest, self.invoice.late_interest)

    def test_drafts_and_credit_notes_show_nothing(self):
        draft = self._make_invoice(self.customer, 1000, due=DUE, post=False)
        note = self._make_credit_note(self.customer, 100)
        self.assertEqual((draft | note).mapped("late_interest"), [0, 0])

    def test_the_debtor_adds_currencies_up_in_its_own(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": date(2025, 1, 1),
                "rate": 2,
            }
        )
        foreign = self._make_invoice(
            self.customer, 1000, due=DUE, currency_id=dollar.id
        )
        self.assertEqual(foreign.late_interest, float(self.item.due))
        self.assertEqual(foreign.late_indemnity, 80)
        expected = float(self.item.due) + float(self.item.due) / 2
        self.assertAlmostEqual(self.debtor.late_interest, expected, delta=0.006)
        self.assertEqual(self.debtor.late_indemnity, 80)

    # ------------------------------------------------------------------
    # BREAKDOWN
    # ------------------------------------------------------------------

    def _open(self, record):
        action = record.action_late_interest()
        self.assertEqual(action["res_model"], "recouvrement.interest.detail")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_the_breakdown_of_a_chosen_day(self):
        detail = self._open(self.invoice)
        with Form(detail) as form:
            form.date = UNTIL
        text = detail.breakdown
        for expected in ("12.15", "59", "2026-S1", "19.64", "L441-10", "1,059.64"):
            self.assertIn(expected, text)

    def test_the_breakdown_of_an_invoice_leaves_the_others_out(self):
        other = self._make_invoice(self.customer, 500, due=DUE)
        self.assertNotIn(other.name, self._open(self.invoice).breakdown)
        self.assertIn(other.name, self._open(self.debtor).breakdown)
        item = self.env["recouvrement.open.item"].browse(self._items(other).id)
        self.assertNotIn(self.invoice.name, self._open(item).breakdown)

    def test_the_breakdown_tells_why_nothing_runs(self):
        consumer = self._make_customer("Madame Petit", is_company=False)
        self._impose(consumer, "fr_consumer")
        invoice = self._make_invoice(consumer, 1000, due=DUE)
        self.assertIn("formal notice", self._open(invoice).breakdown)

    def test_a_long_breakdown_shows_the_first_items_and_all_the_totals(self):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": DUE,
                    "invoice_date_due": DUE,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 10, "tax_ids": False}
                        )
                    ],
                }
                for _number in range(55)
            ]
        )
        moves.action_post()
        text = self._open(self.debtor).breakdown
        self.assertIn("56", text)
        self.assertEqual(text.count("Interest due"), 50)
        self.assertIn("1,550.00", text)  # 1000 + 55 × 10

    # ------------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------------

    def test_a_claim_is_made_of_its_parts(self):
        claim = self.debtor._get_claim(day=UNTIL)[self.euro]
        self.assertEqual(
            [str(claim[part]) for part in ("principal", "interest", "total")],
            ["1000.00", "19.64", "1059.64"],
        )
        self.assertEqual(
            (claim["indemnity"], claim["count"], claim["costs"]), (40, 1, 0)
        )

    def test_a_claim_deducts_what_is_not_allocated(self):
        self._make_receipt(self.customer, 250, date(2026, 3, 1))
        claim = self.debtor._get_claim(day=UNTIL)[self.euro]
        self.assertEqual(float(claim["credits"]), 250)
        self.assertEqual(float(claim["total"]), 809.64)

    def test_a_claim_of_chosen_items(self):
        other = self._make_invoice(self.customer, 500, due=DUE)
        claim = self.debtor._get_claim(self._items(other), UNTIL)[self.euro]
        # 500 × 12.15 % × 59 / 365 = 9.8199
        self.assertEqual(
            [float(claim[part]) for part in ("principal", "interest", "indemnity")],
            [500, 9.82, 40],
        )

    def test_an_invoice_not_yet_due_may_be_chosen(self):
        later = self._make_invoice(self.customer, 500, due=30)
        claim = self.debtor._get_claim(self._items(later))[self.euro]
        self.assertEqual((claim["principal"], claim["interest"]), (500, 0))


@tagged("post_install", "-at_install")
class TestInterestAccess(AccessCommon):
    def test_each_role_reads_the_interest_of_its_debtors(self):
        expected = self.own.late_interest
        for role in ROLES:
            debtor = self._as(self.own, role)
            items = self._as(self.env["recouvrement.open.item"], role).search(
                [("debtor_id", "=", self.own.id)]
            )
            with self.subTest(role=role):
                self.assertTrue(expected)
                self.assertEqual(debtor.late_interest, expected)
                total = sum(items.mapped("late_interest"))
                self.assertAlmostEqual(total, expected, places=2)
                result = self._rpc(role, self.own, "action_late_interest")
                detail = self._as(
                    self.env["recouvrement.interest.detail"], role
                ).browse(result["res_id"])
                self.assertIn(items[0].name, detail.breakdown)

    def test_nobody_looks_into_the_debtors_of_others(self):
        for role in ("salesperson", "collector"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, self.foreign, "action_late_interest")
            details = self._as(self.env["recouvrement.interest.detail"], role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                detail = details.create({"debtor_id": self.foreign.id})
                detail.read(["breakdown"])

    def test_ids_of_other_items_open_nothing(self):
        """The list of chosen items comes from the client."""
        lines = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.foreign.id)]
        )
        detail = self._as(self.env["recouvrement.interest.detail"], "collector").create(
            {"debtor_id": self.own.id, "chosen_ids": lines.ids}
        )
        self.assertNotIn(lines[0].name, detail.breakdown)
