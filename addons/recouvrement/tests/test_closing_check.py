"""Month-end check list: each count is the list it opens, as of the closing."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon
from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestClosing(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_user("accountant")
        cls.customer = cls._make_customer()

    def _close(self, day=0):
        return (
            self.env["recouvrement.closing"]
            .with_user(self.user)
            .create({"date": self._day(day), "company_id": self.company.id})
        )

    def _line(self, closing, code):
        return closing.line_ids.filtered(lambda line: line.code == code)

    def _opened(self, line):
        """Records and total of the list that a click on a check opens."""
        action = line.action_open()
        records = (
            self.env[action["res_model"]]
            .with_user(self.user)
            .with_context(**action["context"])
            .search(action["domain"])
        )
        return records

    def assertFinds(self, closing, code, count, amount=None):
        line = self._line(closing, code)
        self.assertEqual(line.count, count)
        opened = self._opened(line)
        if amount is not None:
            self.assertAlmostEqual(line.amount, amount, places=2)
            field = (
                "amount_total_signed"
                if opened._name == "account.move"
                else "amount_residual"
            )
            self.assertAlmostEqual(sum(opened.mapped(field)), amount, places=2)
        self.assertEqual(line.state, "to_look_at" if count else "ok")

    def test_an_empty_ledger_has_nothing_to_look_at(self):
        closing = self._close(-400)
        clean = closing.line_ids.filtered(lambda line: line.code != "missing_rates")
        self.assertEqual(set(clean.mapped("state")), {"ok"})
        self.assertEqual(
            set(closing.line_ids.mapped("code")),
            set(self.env["recouvrement.closing.check"]._get_checks()),
        )

    def test_receipts_not_allocated(self):
        self._make_receipt(self.customer, 150.0, day=-5)
        self._make_receipt(self.customer, 70.0, day=-1)
        self.assertFinds(self._close(-3), "unallocated", 1, -150.0)
        self.assertFinds(self._close(), "unallocated", 2, -220.0)

    def test_a_receipt_allocated_after_the_closing_was_open_then(self):
        invoice = self._make_invoice(self.customer, 150.0, due=-20)
        payment = self._make_receipt(self.customer, 150.0, day=-10)
        later = self._make_invoice(self.customer, 150.0, due=-1)
        lines = self._items(later | payment.move_id)
        lines.reconcile()
        self.assertTrue(invoice)
        self.assertFinds(self._close(-5), "unallocated", 1, -150.0)
        self.assertFinds(self._close(), "unallocated", 0)

    def test_debtors_with_a_credit_balance(self):
        self._make_invoice(self.customer, 100.0)
        self._make_credit_note(self.customer, 250.0)
        owing = self._make_customer("Owing")
        self._make_invoice(owing, 300.0)
        self._make_credit_note(owing, 50.0)
        closing = self._close()
        line = self._line(closing, "credit_balance")
        self.assertEqual(line.count, 1)
        self.assertAlmostEqual(line.amount, -150.0)
        opened = self._opened(line)
        self.assertEqual(opened.debtor_id.partner_id, self.customer)
        self.assertAlmostEqual(sum(opened.mapped("amount_residual")), -150.0)

    def test_items_without_a_due_date_or_a_customer(self):
        item = self._make_opening(self.customer, 300.0, due=-50)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id = %s",
            [item.id],
        )
        item.invalidate_recordset()
        closing = self._close()
        self.assertFinds(closing, "no_due_date", 1, 300.0)
        nobody = self._make_opening(self.env["res.partner"], 80.0, due=-50)
        self.assertTrue(nobody)
        closing.action_check()
        self.assertFinds(closing, "no_partner", 1, 80.0)

    def test_drafts_of_the_month(self):
        self._make_invoice(self.customer, 120.0, due=-40, post=False)
        self._make_invoice(self.customer, 500.0, due=20, post=False)
        self.assertFinds(self._close(-30), "drafts", 1, 120.0)

    def test_limit_date_passed(self):
        self._make_invoice(self.customer, 90.0, due=-365 * 5 - 10)
        self._make_invoice(self.customer, 900.0, due=-30)
        self.assertFinds(self._close(), "limit_passed", 1, 90.0)

    def test_doubtful_items_that_no_provision_covers(self):
        reason = self.env["recouvrement.doubtful.reason"].search(
            [("active", "=", True)], limit=1
        )
        self._make_invoice(self.customer, 600.0, due=-90)
        other = self._make_customer("Other")
        self._make_invoice(other, 100.0, due=-90)
        self._debtor(self.customer)._set_doubtful(
            reason, self._day(-20), 50.0, "No answer to the formal notice"
        )
        self.assertFinds(self._close(), "no_provision", 1, 600.0)
        self.assertFinds(self._close(-40), "no_provision", 0)

    def test_a_missing_half_year_is_named(self):
        rates = self.env["recouvrement.rate"].search([("code", "=", "ecb_mro")])
        current = rates.filtered(lambda rate: rate.date_from <= self.today)
        current.sorted("date_from")[-1:].unlink()
        line = self._line(self._close(), "missing_rates")
        self.assertEqual(line.count, 1)
        self.assertEqual(self._opened(line).code, "ecb_mro")

    # ------------------------------------------------------------------
    # SIGNATURES
    # ------------------------------------------------------------------

    def test_what_is_left_is_signed_with_a_reason(self):
        self._make_receipt(self.customer, 150.0, day=-5)
        line = self._line(self._close(), "unallocated")
        with self.assertRaisesRegex(UserError, "why what is left"):
            line.action_sign()
        line.comment = "Customer unknown, asked the bank"
        line.action_sign()
        self.assertEqual(line.state, "signed")
        self.assertEqual(line.signed_user_id, self.user)

    def test_a_signature_falls_when_the_figures_change(self):
        self._make_receipt(self.customer, 150.0, day=-5)
        closing = self._close()
        line = self._line(closing, "unallocated")
        line.comment = "Asked the bank"
        line.action_sign()
        closing.action_check()
        self.assertEqual(line.state, "signed")
        self._make_receipt(self.customer, 20.0, day=-2)
        closing.action_check()
        self.assertEqual(line.state, "to_look_at")

    def test_figures_are_not_entered_by_hand(self):
        closing = self._close()
        with self.assertRaises(AccessError):
            closing.line_ids[0].write({"count": 7})

    def test_the_report_prints_every_check(self):
        closing = self._close()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "recouvrement.closing_report", closing.ids
        )
        for label in self.env["recouvrement.closing.check"]._get_checks().values():
            self.assertIn(label, html.decode())

    def test_the_number_of_statements_does_not_grow_with_the_ledger(self):
        closing = self._close()
        counts = []
        for size in (2, 15):
            for number in range(size):
                customer = self._make_customer(f"Customer {size} {number}")
                self._make_invoice(customer, 100.0)
                self._make_receipt(customer, 300.0)
            self._count_queries(closing)
            counts.append(self._count_queries(closing))
        # Two more when a figure changed in the last decimal: the dates of writing.
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _count_queries(self, closing):
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        closing.action_check()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestClosingAccess(AccessCommon):
    def test_another_companys_closings_stay_there(self):
        other = (
            self.env["recouvrement.closing"]
            .sudo()
            .create({"company_id": self.other.id, "date": self._day(-30)})
        )
        for role in ("accountant", "auditor", "manager"):
            with self.subTest(role=role):
                found = self._as(other.browse(), role).search([("id", "=", other.id)])
                self.assertFalse(found)

    def test_auditors_sign_nothing(self):
        closing = self.env["recouvrement.closing"].create(
            {"company_id": self.company.id, "date": self._day(-30)}
        )
        with self.assertRaises(AccessError):
            self._as(closing.line_ids, "auditor").action_sign()
        with self.assertRaises(AccessError):
            self._as(closing, "auditor").action_check()
