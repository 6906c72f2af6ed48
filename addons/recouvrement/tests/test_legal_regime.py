"""Legal regimes: which one applies, what invoices keep, what is flagged."""

from datetime import date
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..tools.interest import Claim, accrue
from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestLegalRegime(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regimes = cls.env["recouvrement.legal.regime"]
        cls.germany = cls.env.ref("base.de")

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"recouvrement.regime_{name}")

    def _customer_of(self, segment, name="Customer", **vals):
        """A debtor of one of the delivered segments."""
        debtor = self._make_debtor(name, **vals)
        debtor.segment_id = self.env.ref(f"recouvrement.segment_{segment}")
        return debtor

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    def test_the_segment_gives_the_regime(self):
        for segment, regime in (
            ("company", "fr_b2b"),
            ("public", "fr_public"),
            ("consumer", "fr_consumer"),
            ("property_manager", "fr_non_professional"),
            ("intragroup", "intragroup"),
        ):
            debtor = self._customer_of(segment, segment)
            with self.subTest(segment=segment):
                self.assertEqual(debtor.regime_id, self._ref(regime))

    def test_the_activity_of_the_company_changes_the_period_of_all(self):
        business = self._customer_of("company", "Business")
        consumer = self._customer_of("consumer", "Consumer")
        self.company.recouvrement_activity = "telecom"
        self.assertEqual(business.regime_id, self._ref("fr_b2b_telecom"))
        self.assertEqual(consumer.regime_id, self._ref("fr_consumer_telecom"))
        self.assertEqual(business.regime_id.term_count, 1)
        self.company.recouvrement_activity = "goods_transport"
        self.assertEqual(business.regime_id, self._ref("fr_b2b_transport"))
        self.company.recouvrement_activity = False
        self.assertEqual(business.regime_id, self._ref("fr_b2b"))

    def test_a_foreign_customer_has_no_french_wording(self):
        debtor = self._customer_of("company")
        debtor.partner_id.country_id = self.germany
        self.assertEqual(debtor.regime_id, self._ref("other"))
        self.assertEqual(debtor.regime_id.kind, "other")
        debtor.partner_id.country_id = self.env.ref("base.re")
        self.assertEqual(debtor.regime_id, self._ref("fr_b2b"))

    def test_a_customer_without_a_country_is_in_that_of_the_company(self):
        debtor = self._customer_of("company")
        debtor.partner_id.country_id = False
        self.assertEqual(debtor.regime_id, self._ref("fr_b2b"))
        self.company.country_id = self.company.account_fiscal_country_id = self.germany
        self.assertEqual(debtor.regime_id, self._ref("other"))

    def test_a_change_of_the_segment_changes_its_debtors(self):
        debtor = self._customer_of("company")
        debtor.segment_id.regime = "public"
        self.assertEqual(debtor.regime_id, self._ref("fr_public"))

    def test_an_imposed_regime_wins_and_stays(self):
        debtor = self._customer_of("company")
        debtor.forced_regime_id = self._ref("fr_consumer")
        self.assertEqual(debtor.regime_id, self._ref("fr_consumer"))
        debtor.segment_id = self.env.ref("recouvrement.segment_public")
        self.assertEqual(debtor.regime_id, self._ref("fr_consumer"))
        debtor.forced_regime_id = False
        self.assertEqual(debtor.regime_id, self._ref("fr_public"))

    def test_a_copy_placed_first_applies_to_its_company_only(self):
        debtor = self._customer_of("company")
        own = self._ref("fr_b2b").copy({"company_id": self.company.id, "sequence": 1})
        self.assertEqual(debtor.regime_id, own)
        other = self.setup_other_company()["company"]
        country = self.env.ref("base.fr").id
        self.assertNotEqual(self.regimes._pick(other, "b2b", country), own.id)
        own.active = False
        self.assertEqual(debtor.regime_id, self._ref("fr_b2b"))

    def test_partners_with_and_without_an_account_get_the_same(self):
        debtor = self._customer_of("public", "Town Hall")
        debtor.partner_id.category_id = self.env.ref("recouvrement.tag_public_body")
        fresh = self._make_customer(
            "Other Town Hall",
            category_id=[Command.link(self.env.ref("recouvrement.tag_public_body").id)],
        )
        found = self.regimes._get_for_partners(debtor.partner_id | fresh, self.company)
        self.assertEqual(found[debtor.partner_id.id], self._ref("fr_public"))
        self.assertEqual(found[fresh.id], self._ref("fr_public"))

    def test_the_terms_of_a_debtor_are_traced(self):
        debtor = self._customer_of("company")
        debtor.write(
            {"contractual_rate": 9, "forced_regime_id": self._ref("fr_public").id}
        )
        debtor.contractual_rate = 9
        events = debtor.event_ids.filtered(lambda event: event.kind == "regime")
        self.assertEqual(
            events.mapped("summary"),
            [
                "Legal terms: as the rules say, contractual rate 0.00 % → "
                "Public Body (France), contractual rate 9.00 %"
            ],
        )

    def test_the_regime_of_another_company_is_not_imposed(self):
        debtor = self._customer_of("company")
        other = self.setup_other_company()["company"]
        regime = self._ref("fr_b2b").copy({"company_id": other.id})
        with self.assertRaises(ValidationError):
            debtor.forced_regime_id = regime

    def test_reordering_regimes_costs_one_refresh(self):
        self._customer_of("company")
        debtors = self.env["recouvrement.debtor"]
        debtors._process_dirty()
        calls = []
        assign = type(debtors)._assign_regimes
        self.patch(
            type(debtors),
            "_assign_regimes",
            lambda model, condition: calls.append(1) or assign(model, condition),
        )
        for number, regime in enumerate(self.regimes.search([])):
            regime.sequence = 100 - number
        self.assertEqual(len(calls), 0)
        debtors.search([], limit=1).mapped("regime_id")
        self.assertEqual(len(calls), 1)

    def test_accounts_get_their_regime_at_a_constant_cost(self):
        countries = self.env["res.country"].search([], limit=40)
        partners = self.env["res.partner"].create(
            [{"name": country.name, "country_id": country.id} for country in countries]
        )
        debtors = self.env["recouvrement.debtor"].sudo()
        accounts = debtors.create(
            [
                {"partner_id": partner.id, "company_id": self.company.id}
                for partner in partners
            ]
        )
        accounts[:2]._refresh_totals()
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            few = accounts[:5]
            debtors._assign_regimes(self._condition(few))
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            debtors._assign_regimes(self._condition(accounts))
        self.assertTrue(all(account.regime_id for account in accounts))

    def _condition(self, accounts):
        return SQL("d.id = ANY(%s)", accounts.ids)

    def test_the_nightly_refresh_repairs_what_drifted(self):
        debtor = self._customer_of("company")
        self.env.flush_all()
        self.env.cr.execute("UPDATE recouvrement_debtor SET regime_id = NULL")
        self.env.invalidate_all()
        self.env["recouvrement.debtor"]._refresh_totals()
        self.assertEqual(debtor.regime_id, self._ref("fr_b2b"))

    # ------------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------------

    def _interest(self, regime, principal, due, until, contractual=0.0):
        terms = regime._get_terms(contractual, self.company)
        return accrue(Claim(Decimal(principal), due), terms, until).total

    def test_business_rate_changes_with_the_half_year(self):
        """1 000 € due 30/11/2025: 31 days of 2025-S2 at 12,15 %, 31 days of 2026-S1
        at 12,15 %: 2 × 1000 × 31 × 12,15 / 36500 = 20,64."""
        found = self._interest(
            self._ref("fr_b2b"), "1000", date(2025, 11, 30), date(2026, 1, 31)
        )
        self.assertEqual(found, Decimal("20.64"))

    def test_public_rate_is_frozen(self):
        """1 000 € due 30/06/2023: first day of interest 01/07/2023, so 4 + 8 = 12 % to
        the end: 366 days to 30/06/2024, 1000 × 366 × 12 / 36500 = 120,33."""
        regime = self._ref("fr_public")
        due, until = date(2023, 6, 30), date(2024, 6, 30)
        self.assertEqual(self._interest(regime, "1000", due, until), Decimal("120.33"))
        self.assertEqual(
            self._interest(regime, "1000", due, until, contractual=1.0),
            Decimal("120.33"),
            "a public buyer owes the legal rate whatever was agreed",
        )

    def test_a_contractual_rate_is_taken_as_it_is(self):
        """5 %, under the floor, is not lifted: 1000 × 365 × 5 / 36500 = 50."""
        found = self._interest(
            self._ref("fr_b2b"), "1000", date(2024, 12, 31), date(2025, 12, 31), 5.0
        )
        self.assertEqual(found, Decimal("50.00"))

    def test_consumer_rate_is_the_creditor_s_column(self):
        """2,62 % for a professional creditor in 2026-S1, not 6,67 %:
        1000 × 100 × 2,62 / 36500 = 7,18."""
        found = self._interest(
            self._ref("fr_consumer"), "1000", date(2026, 1, 10), date(2026, 4, 20)
        )
        self.assertEqual(found, Decimal("7.18"))

    def test_intragroup_bears_nothing(self):
        self.assertIsNone(self._ref("intragroup")._get_terms(8.0, self.company))

    def test_indemnity_by_regime(self):
        day = date(2026, 3, 1)
        for name in ("fr_b2b", "fr_public", "fr_b2b_telecom"):
            amount, currency = self._ref(name)._get_indemnity(day)
            with self.subTest(regime=name):
                self.assertEqual((amount, currency.name), (Decimal(40), "EUR"))
        for name in ("fr_consumer", "fr_non_professional", "intragroup", "other"):
            with self.subTest(regime=name):
                self.assertEqual(
                    self._ref(name)._get_indemnity(day), (Decimal(0), None)
                )
        other = self._ref("other")
        other.write(
            {"indemnity_amount": 25, "currency_id": self.env.ref("base.GBP").id}
        )
        amount, currency = other._get_indemnity(day)
        self.assertEqual((amount, currency.name), (Decimal(25), "GBP"))

    def test_the_sentence_says_what_is_due(self):
        text = self._ref("fr_b2b").summary
        self.assertIn("From the day after the due date", text)
        self.assertIn("ECB main refinancing rate of each half-year", text)
        self.assertIn("plus 10 points", text)
        self.assertIn("40.00", text)
        text = self._ref("fr_consumer").summary
        self.assertIn("From the day after the formal notice", text)
        self.assertIn("No fixed fee", text)

    def test_a_regime_is_checked(self):
        regime = self._ref("fr_b2b")
        for vals in ({"rate_code": False}, {"alert_months": "6;x"}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                regime.write(vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                regime.margin = -1
                self.env.flush_all()

    # ------------------------------------------------------------------
    # INVOICES
    # ------------------------------------------------------------------

    def test_an_invoice_keeps_the_regime_of_its_posting(self):
        debtor = self._customer_of("company")
        debtor.contractual_rate = 12
        invoice = self._make_invoice(debtor.partner_id, 100)
        self.assertEqual(invoice.legal_regime_id, self._ref("fr_b2b"))
        self.assertEqual(invoice.contractual_rate, 12)
        debtor.segment_id = self.env.ref("recouvrement.segment_public")
        debtor.contractual_rate = 0
        self.env.invalidate_all()
        self.assertEqual(invoice.legal_regime_id, self._ref("fr_b2b"))
        self.assertEqual(invoice.contractual_rate, 12)
        self.assertEqual(
            self._make_invoice(debtor.partner_id, 100).legal_regime_id,
            self._ref("fr_public"),
        )

    def test_the_first_invoice_of_a_customer_keeps_a_regime_too(self):
        invoice = self._make_invoice(self._make_customer("New"), 100)
        self.assertEqual(invoice.legal_regime_id, self._ref("fr_b2b"))

    def test_who_has_no_role_in_the_desk_invoices_as_before(self):
        debtor = self._customer_of("public")
        debtor.contractual_rate = 3
        clerk = new_test_user(
            self.env,
            "test_clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        draft = self._make_invoice(debtor.partner_id, 100, post=False)
        invoice = draft.with_user(clerk).copy(
            {"invoice_date": self.today, "invoice_date_due": self.today}
        )
        invoice.action_post()
        self.assertEqual(invoice.contractual_rate, 3)
        self.assertEqual(invoice.sudo().legal_regime_id, self._ref("fr_public"))

    def test_an_invoice_of_a_branch_has_the_regime_of_the_legal_entity(self):
        debtor = self._customer_of("company")
        own = self._ref("fr_b2b").copy({"company_id": self.company.id, "sequence": 1})
        self.assertEqual(debtor.regime_id, own)
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.cr.precommit.run()
        self.env.user.company_ids |= branch
        model = self.env["account.move"].with_company(branch)
        invoice = model.create(
            {
                "move_type": "out_invoice",
                "company_id": branch.id,
                "partner_id": debtor.partner_id.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 10, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        self.assertEqual(invoice.company_id, branch)
        self.assertEqual(invoice.legal_regime_id, own)

    def test_a_draft_has_the_rate_of_the_debtor_unless_told_otherwise(self):
        debtor = self._customer_of("company")
        debtor.contractual_rate = 12
        draft = self._make_invoice(debtor.partner_id, 100, post=False)
        self.assertEqual(draft.contractual_rate, 12)
        self.assertFalse(draft.legal_regime_id)
        draft.write(
            {"contractual_rate": 15, "legal_regime_id": self._ref("fr_consumer").id}
        )
        draft.action_post()
        self.assertEqual(draft.contractual_rate, 15)
        self.assertEqual(draft.legal_regime_id, self._ref("fr_consumer"))
        copy = draft.copy()
        self.assertEqual(copy.contractual_rate, 12)
        self.assertFalse(copy.legal_regime_id)

    def test_a_credit_note_and_a_bill_keep_none(self):
        partner = self._customer_of("company").partner_id
        self.assertFalse(self._make_credit_note(partner, 50).legal_regime_id)
        bill = self._make_invoice(partner, 50, move_type="in_invoice")
        self.assertFalse(bill.legal_regime_id)
        self.assertEqual(bill.contractual_rate, 0)

    def test_an_opening_entry_of_one_customer_keeps_its_regime(self):
        debtor = self._customer_of("public")
        debtor.contractual_rate = 4
        line = self._make_opening(debtor.partner_id, 100)
        self.assertEqual(line.move_id.legal_regime_id, self._ref("fr_public"))
        self.assertEqual(line.move_id.contractual_rate, 4)

    def test_posting_many_costs_the_same_statements(self):
        partners = [self._make_customer(f"Customer {i}") for i in range(12)]
        drafts = self.env["account.move"].union(
            *(self._make_invoice(partner, 100, post=False) for partner in partners)
        )
        self.env.flush_all()
        counts = []
        for moves in (drafts[:2], drafts):
            self.env.flush_all()
            self.env.invalidate_all()
            moves.mapped("commercial_partner_id.country_id")
            moves.mapped("legal_regime_id")
            before = self.env.cr.sql_log_count
            moves._freeze_terms()
            counts.append(self.env.cr.sql_log_count - before)
            self.env.cr.execute("UPDATE account_move SET legal_regime_id = NULL")
            self.env.invalidate_all()
        self.assertLessEqual(counts[1], counts[0])

    def test_the_customer_of_a_reset_draft_changes_its_terms(self):
        debtor = self._customer_of("public")
        other = self._customer_of("company", "Other")
        other.contractual_rate = 9
        invoice = self._make_invoice(debtor.partner_id, 100)
        invoice.button_draft()
        invoice.partner_id = other.partner_id
        self.assertEqual(invoice.contractual_rate, 9)
        invoice.action_post()
        self.assertEqual(invoice.legal_regime_id, self._ref("fr_b2b"))

    # ------------------------------------------------------------------
    # FLOOR
    # ------------------------------------------------------------------

    def test_a_rate_under_the_floor_is_flagged_not_lifted(self):
        """2024-S1: 3 × 5,07 = 15,21 %, above the default of 14,50 %."""
        debtor = self._customer_of("company")
        invoices = {
            rate: self._make_invoice(
                debtor.partner_id, 100, due=date(2024, 3, 31), contractual_rate=rate
            )
            for rate in (15.20, 15.21, 14.5, 0)
        }
        under = {rate: move.rate_under_floor for rate, move in invoices.items()}
        self.assertEqual(under, {15.20: True, 15.21: False, 14.5: True, 0: False})
        self.assertIn("15.21", invoices[14.5].regime_warning)
        self.assertIn("2024-S1", invoices[14.5].regime_warning)
        self.assertEqual(invoices[14.5].contractual_rate, 14.5)
        moves = self.env["account.move"].union(*invoices.values())
        found = moves.search([("id", "in", moves.ids), ("rate_under_floor", "=", True)])
        self.assertEqual(found, invoices[15.20] | invoices[14.5])
        fine = moves.search([("id", "in", moves.ids), ("rate_under_floor", "=", False)])
        self.assertEqual(fine, invoices[15.21] | invoices[0])

    def test_an_unknown_half_year_is_said_not_guessed(self):
        debtor = self._customer_of("company")
        invoice = self._make_invoice(
            debtor.partner_id, 100, due=date(2031, 3, 31), contractual_rate=1
        )
        self.assertFalse(invoice.rate_under_floor)
        self.assertIn("2031-S1", invoice.regime_warning)
        self.assertIn("Legal interest rate", invoice.regime_warning)

    def test_the_floor_does_not_concern_public_bodies(self):
        debtor = self._customer_of("public")
        invoice = self._make_invoice(debtor.partner_id, 100, contractual_rate=1)
        self.assertFalse(invoice.rate_under_floor)
        self.assertIn("does not apply", invoice.regime_warning)
