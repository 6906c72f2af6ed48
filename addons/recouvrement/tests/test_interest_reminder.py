"""What reminders say about late interest, by regime and level."""

from datetime import date

from odoo.tests import tagged

from .interest_common import DUE, UNTIL, InterestCommon


@tagged("post_install", "-at_install")
class TestInterestReminder(InterestCommon):
    def _remind(self, regime, include=True, **vals):
        """A reminder of 31 March 2026 of one invoice of 1000 due on 31 January."""
        debtor = self._impose(self.customer, regime)
        invoice = self._make_invoice(self.customer, 1000, due=DUE)
        level = self.levels[3]
        level.include_interest = include
        return self._make_reminder(debtor, self._items(invoice), level, **vals)

    def _make_reminder(self, debtor, lines, level, **vals):
        common = {
            "debtor_id": debtor.id,
            "company_id": self.company.id,
            "currency_id": self.euro.id,
        }
        reminder = (
            self.env["recouvrement.reminder"]
            .sudo()
            .create(
                {
                    **common,
                    "partner_id": self.customer.id,
                    "level_id": level.id,
                    "channel": "letter",
                    "date_proposed": UNTIL,
                    **vals,
                }
            )
        )
        self.env["recouvrement.reminder.line"].sudo().create(
            [
                {
                    **common,
                    "reminder_id": reminder.id,
                    "move_line_id": line.id,
                    "role": "chase",
                    "rank": level.rank,
                    "name": line.move_id.name,
                    "amount_residual": line.amount_residual,
                    "date_due": line.date_maturity,
                }
                for line in lines
            ]
        )
        return reminder

    def _law(self, reminder, stage=3):
        return self.env["ir.qweb"]._render(
            "recouvrement.reminder_law", {"object": reminder, "stage": stage}
        )

    def test_a_business_reads_the_rate_and_the_amounts_to_this_day(self):
        values = self._remind("fr_b2b")._get_legal_values()
        self.assertIn("12.15", values["penalty_rate"])
        self.assertIn("19.64", values["interest"])
        self.assertIn("40.00", values["indemnity_total"])
        self.assertIn("59.64", values["interest_total"])
        self.assertEqual(values["indemnity_count"], 1)

    def test_many_reminders_are_computed_together(self):
        """The statements of a batch do not grow with its reminders."""
        many = self.env["recouvrement.reminder"]
        for number in range(12):
            customer = self._make_customer(f"Customer {number}")
            invoice = self._make_invoice(customer, 1000, due=DUE)
            debtor = self._impose(customer, "fr_b2b")
            level = self.levels[3]
            level.include_interest = True
            many |= self._make_reminder(debtor, self._items(invoice), level)
        counts = []
        for reminders in (many, many[:3], many):
            self.env["recouvrement.debtor"]._process_dirty()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            texts = [r._get_legal_values()["interest"] for r in reminders]
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all("19.64" in text for text in texts))
        self.assertEqual(counts[1], counts[2])

    def test_a_level_that_does_not_include_interest_shows_no_amount(self):
        values = self._remind("fr_b2b", include=False)._get_legal_values()
        self.assertIn("12.15", values["penalty_rate"])
        self.assertFalse(values["interest"])
        self.assertFalse(values["indemnity_total"])

    def test_a_consumer_reads_neither_interest_nor_costs(self):
        reminder = self._remind("fr_consumer")
        values = reminder._get_legal_values()
        self.assertFalse(values["penalty_rate"])
        self.assertFalse(values["fixed_indemnity"])
        self.assertFalse(values["interest"] or values["indemnity_total"])
        for stage in (2, 3, 4):
            self.assertNotIn("40", self._law(reminder, stage))

    def test_costs_are_never_asked_from_a_consumer_whatever_the_regime_says(self):
        reminder = self._remind("fr_consumer")
        reminder.line_ids.move_line_id.formal_notice_date = date(2026, 2, 28)
        regime = self._regime("fr_consumer")
        regime.sudo().write({"mention_interest": True, "indemnity_amount": 40})
        values = reminder._get_legal_values()
        self.assertIn("2.23", values["interest"])
        self.assertFalse(values["indemnity_total"])

    def test_a_public_body_reads_the_amounts_of_its_own_rate(self):
        values = self._remind("fr_public")._get_legal_values()
        # 59 days at 2.15 + 8: 1000 × 10.15 % × 59 / 365 = 16.4068
        self.assertIn("16.41", values["interest"])
        self.assertIn("40.00", values["indemnity_total"])
        self.assertFalse(values["penalty_rate"], "each delay has its own frozen rate")

    def test_different_rates_leave_the_sentence_on_the_rate_out(self):
        reminder = self._remind("fr_b2b")
        reminder.debtor_id.contractual_rate = 15
        other = self._make_invoice(self.customer, 500, due=DUE)
        self.assertEqual(other.contractual_rate, 15)
        both = self._make_reminder(
            reminder.debtor_id,
            reminder.line_ids.move_line_id | self._items(other),
            self.levels[3],
        )
        self.assertFalse(both._get_legal_values()["penalty_rate"])
        alone = self._make_reminder(
            reminder.debtor_id, self._items(other), self.levels[3]
        )
        self.assertIn("15.00", alone._get_legal_values()["penalty_rate"])

    def test_a_missing_rate_leaves_the_amounts_out(self):
        reminder = self._remind("fr_b2b", date_proposed=date(2027, 2, 1))
        values = reminder._get_legal_values()
        self.assertFalse(values["penalty_rate"])
        self.assertFalse(values["interest"])
        self._law(reminder)

    def test_the_sum_asked_stays_the_principal(self):
        reminder = self._remind("fr_b2b", amount_net=1000, amount_due=1000)
        text = self._law(reminder)
        self.assertIn("19.64", text)
        self.assertIn("40.00", text)
        self.assertEqual(reminder.amount_net, 1000)
        self.assertNotIn("19.64", self._law(reminder, 2), "only pressing texts")
