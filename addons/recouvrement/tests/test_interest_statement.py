"""Late interest invoiced, waived or mentioned; each day and each indemnity once."""

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import RecouvrementCommon

DUE = date(2026, 6, 30)
SEPTEMBER = date(2026, 9, 30)
OCTOBER = date(2026, 10, 31)
# 1,000 € from 1 July: ECB rate of 2026-S2, 2.40 %, and ten points, over 365 days.
JULY_TO_SEPTEMBER = 31.25  # 1000 × 12.40 % × 92 / 365 = 31.2548
JULY_TO_OCTOBER = 41.79  # 1000 × 12.40 % × 123 / 365 = 41.7863


class InterestStatementCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": "income_other"}
                for name, code in (("Interest", "763199"), ("Indemnities", "758199"))
            ]
        )
        cls.journal = cls.env["account.journal"].create(
            {"name": "Penalties", "code": "PEN", "type": "sale"}
        )
        cls.company.write(
            {
                "recouvrement_penalty_interest_account_id": accounts[0].id,
                "recouvrement_penalty_indemnity_account_id": accounts[1].id,
                "recouvrement_penalty_journal_id": cls.journal.id,
            }
        )
        cls.interest_account, cls.indemnity_account = accounts
        cls.goodwill = cls.env.ref("recouvrement.waiver_reason_goodwill")
        cls.debtor = cls._make_debtor("Boulangerie Dubois", items=((1000.0, DUE),))
        cls.invoice = cls._items_of(cls.debtor).move_id

    @classmethod
    def _items_of(cls, debtor):
        return cls.env["account.move.line"].search(
            [
                ("partner_id", "=", debtor.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("balance", ">", 0),
                ("move_id.penalty_statement_id", "=", False),
            ]
        )

    @classmethod
    def _wizard(cls, debtors=None, until=SEPTEMBER, user=None, **vals):
        model = cls.env["recouvrement.claim.wizard"]
        return model.with_user(user or cls.env.user).create(
            {
                "debtor_ids": [Command.set((debtors or cls.debtor).ids)],
                "date_until": until,
                **vals,
            }
        )

    @classmethod
    def _claim(cls, debtors=None, until=SEPTEMBER, outcome="invoiced", **vals):
        """Statements that the wizard makes."""
        statements = cls.env["recouvrement.interest.statement"]
        known = statements.search([])
        cls._wizard(debtors, until, outcome=outcome, **vals).action_confirm()
        return statements.search([]) - known

    @classmethod
    def _waive(cls, debtors=None, until=SEPTEMBER, **vals):
        return cls._claim(
            debtors,
            until,
            outcome="waived",
            reason_id=cls.goodwill.id,
            reason="Agreed on the phone",
            **vals,
        )

    @classmethod
    def _invoiced(cls, **vals):
        """A statement whose invoice is posted."""
        return cls._claim(post=True, **vals)

    def _claimable(self, debtor=None, until=SEPTEMBER):
        """Interest and indemnities that the next claim would contain."""
        claims = self.env["recouvrement.interest.statement"]._get_claims(
            debtor or self.debtor, until
        )
        lines = [vals for _item, lines in claims for vals in lines]
        return tuple(
            round(sum(vals[part] for vals in lines), 2)
            for part in ("interest", "indemnity")
        )

    def _events(self, debtor, kind):
        return debtor.event_ids.filtered(lambda event: event.kind == kind)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10")
class TestInterestStatement(InterestStatementCommon):
    # ------------------------------------------------------------------
    # INVOICED
    # ------------------------------------------------------------------

    def test_the_penalty_invoice_says_what_is_owed_and_why(self):
        statement = self._claim()
        self.assertRecordValues(
            statement,
            [
                {
                    "state": "done",
                    "outcome": "invoiced",
                    "interest": JULY_TO_SEPTEMBER,
                    "indemnity": 40.0,
                    "total": 71.25,
                    "company_total": 71.25,
                    "user_id": self.env.uid,
                }
            ],
        )
        self.assertRecordValues(
            statement.move_id,
            [
                {
                    "move_type": "out_invoice",
                    "state": "draft",
                    "journal_id": self.journal.id,
                    "amount_untaxed": 71.25,
                    "amount_tax": 0.0,
                    "invoice_date": self.today,
                    "invoice_date_due": self.today,
                    "penalty_statement_id": statement.id,
                }
            ],
        )
        lines = statement.move_id.invoice_line_ids
        self.assertRecordValues(
            lines,
            [
                {
                    "account_id": self.interest_account.id,
                    "price_subtotal": JULY_TO_SEPTEMBER,
                    "penalty_part": "interest",
                },
                {
                    "account_id": self.indemnity_account.id,
                    "price_subtotal": 40.0,
                    "penalty_part": "indemnity",
                },
            ],
        )
        for text in (self.invoice.name, "06/30/2026", "92 days at 12.40 %"):
            self.assertIn(text, lines[0].name)
        self.assertIn("L441-10", str(statement.move_id.narration))
        self.assertIn("VAT", str(statement.move_id.narration))
        self.assertEqual(len(self._events(self.debtor, "penalty")), 1)

    def test_a_claim_over_two_half_years_has_the_rate_of_each(self):
        """1,000 € due on 30 April: 61 days at 12.15 %, then 92 at 12.40 %."""
        debtor = self._make_debtor("Two", items=((1000.0, date(2026, 4, 30)),))
        line = self._claim(debtor).line_ids
        # 1000 × 12.15 % × 61 / 365 = 20.3055; with 31.2548: 51.5603
        self.assertEqual(line.interest, 51.56)
        self.assertEqual([s["rate"] for s in line.breakdown], ["12.15", "12.4"])
        self.assertEqual([s["days"] for s in line.breakdown], [61, 92])
        self.assertEqual(
            (line.date_from, line.date_to, line.days),
            (date(2026, 5, 1), SEPTEMBER, 153),
        )

    def test_the_next_claim_takes_the_days_that_follow(self):
        first = self._claim()
        second = self._claim(until=OCTOBER)
        self.assertEqual(second.line_ids.date_from, date(2026, 10, 1))
        self.assertEqual(second.indemnity, 0)
        self.assertAlmostEqual(first.interest + second.interest, JULY_TO_OCTOBER)

    def test_the_same_days_are_never_claimed_twice(self):
        self._claim()
        self.assertEqual(self._claimable(), (0, 0))
        with self.assertRaisesRegex(UserError, "Nothing can be claimed"):
            self._claim()

    def test_days_and_indemnity_may_be_claimed_apart(self):
        interest = self._claim(include_indemnity=False)
        self.assertEqual((interest.interest, interest.indemnity), (31.25, 0))
        indemnity = self._claim(include_interest=False)
        self.assertEqual((indemnity.interest, indemnity.indemnity), (0, 40))
        self.assertFalse(indemnity.line_ids.date_from)
        self.assertEqual(self._claimable(until=OCTOBER), (10.54, 0))

    def test_a_payment_that_pays_interest_first_leaves_principal_that_bears_more(self):
        """C. civ. art. 1343-1: of 500 €, 21.06 € pay the interest to that day; then
        521.06 × 12.40 % × 30 / 365 = 5.31, and × 31 / 365 = 5.49. The ledger took the
        500 € off the invoice: with what is open there, 500 + 26.37 is what the law
        gives, 521.06 + 5.31."""
        self.company.recouvrement_interest_imputation = "interest_first"
        self._pay(self.invoice, 500, day=date(2026, 8, 31))
        first = self._claim()
        self.assertEqual(first.interest, 26.37)
        self.assertEqual(first.difference, 0)
        self.assertEqual(self._claim(until=OCTOBER).interest, 5.49)

    def test_interest_of_days_to_come_is_refused(self):
        with self.assertRaisesRegex(UserError, "days to come"):
            self._claim(until=date(2026, 12, 1))

    def test_an_invoice_paid_late_and_settled_is_still_claimed(self):
        self._pay(self.invoice, day=SEPTEMBER)
        self.assertEqual(self._claimable(until=OCTOBER), (JULY_TO_SEPTEMBER, 40))

    def test_an_invoice_paid_on_time_owes_nothing(self):
        self._pay(self.invoice, day=DUE)
        self.assertEqual(self._claimable(), (0, 0))

    def test_penalties_bear_no_penalties(self):
        statement = self._invoiced(until=date(2026, 8, 1))
        items = self._items(statement.move_id)
        self.assertNotIn(
            items.id,
            [
                item.line_id
                for item, _lines in statement._get_claims(self.debtor, OCTOBER)
            ],
        )

    def test_penalties_are_open_items_of_their_own(self):
        statement = self._invoiced()
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id)], order="id"
        )
        self.assertEqual(items.mapped("is_penalty"), [False, True])
        self.assertEqual(items.mapped("amount_residual"), [1000, 71.25])
        self.assertEqual(items[1].move_id, statement.move_id)
        self.assertEqual(self.debtor.open_amount, 1071.25)

    def test_a_draft_that_was_changed_is_not_posted(self):
        move = self._claim().move_id
        move.invoice_line_ids[0].price_unit = 500
        with self.assertRaisesRegex(UserError, "does not agree"):
            move.action_post()

    def test_a_tax_or_another_line_is_not_posted(self):
        tax = self.company_data["default_tax_sale"]
        move = self._claim().move_id
        move.invoice_line_ids[0].tax_ids = tax
        with self.assertRaisesRegex(UserError, "no tax"):
            move.action_post()
        move.invoice_line_ids[0].tax_ids = False
        line = {"name": "Postage", "price_unit": 5, "tax_ids": False}
        move.invoice_line_ids = [Command.create(line)]
        with self.assertRaisesRegex(UserError, "no other lines"):
            move.action_post()

    def test_a_copy_of_the_invoice_is_no_penalty(self):
        copy = self._invoiced().move_id.copy()
        self.assertFalse(copy.penalty_statement_id)
        self.assertFalse(copy.invoice_line_ids.penalty_line_id)

    # ------------------------------------------------------------------
    # ACCOUNTS
    # ------------------------------------------------------------------

    def test_the_statement_of_claim_is_printed_for_the_same_items_and_day(self):
        other = self._make_invoice(self.debtor.partner_id, 500, DUE)
        statement = self._claim(move_line_ids=[Command.set(self._items(other).ids)])
        action = statement.action_print_account()
        detail = self.env["recouvrement.interest.detail"].browse(
            action["context"]["active_ids"]
        )
        self.assertRecordValues(
            detail,
            [
                {
                    "debtor_id": self.debtor.id,
                    "date": SEPTEMBER,
                    "chosen_ids": self._items(other).ids,
                }
            ],
        )

    def test_without_accounts_the_message_names_what_to_choose(self):
        self.company.recouvrement_penalty_indemnity_account_id = False
        with self.assertRaisesRegex(UserError, "Account of Fixed Indemnities"):
            self._claim()

    def test_without_a_parameter_the_first_sales_journal_is_used(self):
        self.company.recouvrement_penalty_journal_id = False
        self.assertEqual(
            self._claim().move_id.journal_id, self.company_data["default_journal_sale"]
        )

    # ------------------------------------------------------------------
    # INDEMNITY
    # ------------------------------------------------------------------

    def test_one_indemnity_for_an_invoice_of_two_instalments(self):
        half = {"value": "percent", "value_amount": 50}
        term = self.env["account.payment.term"].create(
            {
                "name": "Two instalments",
                "line_ids": [
                    Command.create({**half, "nb_days": days}) for days in (10, 40)
                ],
            }
        )
        partner = self._make_customer("Instalments")
        move = self._make_invoice(
            partner, 1000, date(2026, 5, 1), post=False, invoice_date_due=False
        )
        move.invoice_payment_term_id = term
        move.action_post()
        self.assertEqual(len(self._items(move)), 2)
        statement = self._claim(self._debtor(partner))
        self.assertEqual(statement.indemnity, 40)
        self.assertEqual(len(statement.line_ids), 2)
        first, second = statement.line_ids.sorted("indemnity")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            first.sudo().indemnity = 40
            first.flush_recordset()
        self.assertEqual(second.indemnity, 40)

    def test_insolvency_forbids_the_indemnity_of_what_fell_due_after(self):
        partner = self._make_customer("Insolvent")
        self._make_invoice(partner, 1000, DUE, invoice_date=date(2026, 6, 1))
        debtor = self._debtor(partner)
        self.assertEqual(self._claimable(debtor), (JULY_TO_SEPTEMBER, 40))
        self.env["recouvrement.interest.pause"].create(
            {
                "debtor_id": debtor.id,
                "kind": "insolvency",
                "date_from": date(2026, 6, 25),
                "reason": "Judgment of 25 June",
            }
        )
        self.assertEqual(self._claimable(debtor), (0, 0))

    def test_a_consumer_never_owes_the_indemnity(self):
        """Nor interest without a formal notice."""
        debtor = self._under_regime("Private person", "regime_fr_consumer")
        self.assertEqual(debtor.regime_id.kind, "fr_consumer")
        self.assertEqual(self._claimable(debtor), (0, 0))

    def _under_regime(self, name, xmlid):
        """A debtor whose invoice of 1,000 € was posted under a regime."""
        debtor = self._make_debtor(name, items=((1.0, self.today),))
        debtor.forced_regime_id = self.env.ref(f"recouvrement.{xmlid}")
        self.env["recouvrement.debtor"]._process_dirty()
        self._make_invoice(debtor.partner_id, 1000, DUE)
        return debtor

    # ------------------------------------------------------------------
    # CANCELLED
    # ------------------------------------------------------------------

    def test_deleting_the_draft_frees_the_days(self):
        statement = self._claim()
        statement.move_id.unlink()
        self.assertEqual(statement.state, "cancelled")
        self.assertEqual(self._claimable(), (JULY_TO_SEPTEMBER, 40))
        self.assertEqual(len(self._events(self.debtor, "penalty")), 2)

    def test_cancelling_the_invoice_frees_the_days(self):
        statement = self._invoiced()
        statement.move_id.button_cancel()
        self.assertEqual(statement.state, "cancelled")
        self.assertFalse(statement.line_ids.claimed)
        self.assertEqual(self._claimable(), (JULY_TO_SEPTEMBER, 40))

    def test_a_credit_note_of_all_frees_the_days(self):
        statement = self._invoiced()
        refund = statement.move_id._reverse_moves(cancel=True)
        self.assertEqual(refund.penalty_statement_id, statement)
        self.assertEqual(statement.state, "cancelled")
        self.assertEqual(self._claimable(), (JULY_TO_SEPTEMBER, 40))
        self.assertEqual(statement.move_id.payment_state, "reversed")

    def test_a_credit_note_of_one_part_leaves_the_other(self):
        statement = self._invoiced()
        refund = statement.move_id._reverse_moves()
        refund.invoice_line_ids.filtered(
            lambda line: line.penalty_part == "interest"
        ).unlink()
        refund.invoice_date = self.today
        refund.action_post()
        self.assertEqual(statement.state, "done")
        self.assertEqual((statement.interest, statement.indemnity), (31.25, 0))
        self.assertEqual(self._claimable(), (0, 40))

    def test_no_more_is_credited_than_was_claimed(self):
        statement = self._invoiced()
        refund = statement.move_id._reverse_moves()
        refund.invoice_line_ids[0].price_unit = 100
        refund.invoice_date = self.today
        with self.assertRaisesRegex(UserError, "does not agree"):
            refund.action_post()

    def test_a_cancelled_invoice_lives_again_only_if_its_days_are_free(self):
        statement = self._invoiced()
        statement.move_id.button_cancel()
        statement.move_id.button_draft()
        self.assertEqual(statement.state, "done")
        statement.move_id.button_cancel()
        other = self._claim()
        with self.assertRaisesRegex(UserError, other.name), self.cr.savepoint():
            statement.move_id.button_draft()

    def test_a_hole_left_by_a_cancelled_claim_is_claimed_later(self):
        """The sum over the pieces is the interest of the whole, to the cent."""
        first = self._claim(until=date(2026, 7, 17))
        second = self._claim(until=date(2026, 8, 23))
        first.move_id.unlink()
        third = self._claim()
        self.assertEqual(
            [(line.date_from, line.date_to) for line in third.line_ids],
            [
                (date(2026, 7, 1), date(2026, 7, 17)),
                (date(2026, 8, 24), SEPTEMBER),
            ],
        )
        self.assertAlmostEqual(second.interest + third.interest, JULY_TO_SEPTEMBER)
        self.assertEqual(second.indemnity + third.indemnity, 40)

    def test_a_statement_with_an_invoice_is_not_cancelled_by_itself(self):
        statement = self._claim()
        with self.assertRaisesRegex(UserError, "the statement follows"):
            statement.action_cancel()
        with self.assertRaisesRegex(UserError, "is a record"):
            statement.sudo().unlink()

    # ------------------------------------------------------------------
    # FACTS THAT CHANGED
    # ------------------------------------------------------------------

    def test_a_payment_found_later_shows_what_was_claimed_too_much(self):
        statement = self._invoiced()
        self.assertFalse(statement.over_claimed)
        self._pay(self.invoice, day=date(2026, 8, 31))
        self.env.invalidate_all()
        # 1000 × 12.40 % × 62 / 365 = 21.0630: 31.25 - 21.06 too much
        self.assertEqual(statement.difference, -10.19)
        self.assertTrue(statement.over_claimed)
        found = statement.search([("over_claimed", "=", True)])
        self.assertEqual(found, statement)
        self.assertEqual(statement.interest, JULY_TO_SEPTEMBER, "claimed days stay")
        self.assertEqual(self._claimable(until=OCTOBER), (0, 0))

    def test_the_credit_note_of_the_difference_settles_it(self):
        statement = self._invoiced()
        self._pay(self.invoice, day=date(2026, 8, 31))
        action = statement.action_credit_difference()
        refund = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((refund.amount_total, refund.state), (10.19, "draft"))
        with self.assertRaisesRegex(UserError, "waits already"):
            statement.action_credit_difference()
        refund.action_post()
        statement.invalidate_recordset()
        self.assertEqual(statement.interest, 21.06)
        self.assertEqual(statement.state, "done")
        self.assertFalse(statement.over_claimed)
        self.assertFalse(statement.search([("over_claimed", "=", True)]))

    def test_a_payment_that_was_on_time_gives_the_indemnity_back_too(self):
        statement = self._invoiced()
        self._pay(self.invoice, day=DUE)
        statement.invalidate_recordset()
        self.assertEqual(statement.difference, -71.25)
        action = statement.action_credit_difference()
        self.env["account.move"].browse(action["res_id"]).action_post()
        self.assertEqual(statement.state, "cancelled")

    def test_an_unreconciled_payment_shows_as_claimed_too_little(self):
        payment = self._pay(self.invoice, day=date(2026, 8, 31))
        statement = self._invoiced()
        self.assertEqual(statement.interest, 21.06)
        self._items(payment.move_id).remove_move_reconcile()
        statement.invalidate_recordset()
        self.assertEqual(statement.difference, 10.19)
        self.assertFalse(statement.over_claimed)
        self.assertEqual(self._claimable(), (0, 0))

    # ------------------------------------------------------------------
    # WAIVED AND MENTIONED
    # ------------------------------------------------------------------

    def test_a_waiver_consumes_the_days(self):
        statement = self._waive()
        self.assertEqual(statement.state, "done")
        self.assertFalse(statement.move_id)
        self.assertEqual(self._claimable(), (0, 0))
        event = self._events(self.debtor, "waiver")
        self.assertEqual(event.amount, 71.25)
        self.assertIn("Goodwill", event.detail)
        self.assertIn("Agreed on the phone", event.detail)

    def test_a_waiver_needs_a_reason_and_an_explanation(self):
        for vals in ({}, {"reason_id": self.goodwill.id}, {"reason": "Because"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "reason"):
                self._claim(outcome="waived", **vals)

    def test_a_waiver_taken_back_frees_the_days(self):
        statement = self._waive()
        statement.action_cancel()
        self.assertEqual(self._claimable(), (JULY_TO_SEPTEMBER, 40))

    def test_a_mention_consumes_nothing(self):
        statement = self._claim(outcome="mentioned")
        self.assertEqual(statement.state, "done")
        self.assertEqual(self._claimable(), (JULY_TO_SEPTEMBER, 40))
        self.assertEqual(len(self._events(self.debtor, "interest")), 1)
        self._claim(outcome="mentioned")

    def test_a_public_buyer_is_told_apart_in_a_waiver(self):
        debtor = self._under_regime("Town", "regime_fr_public")
        wizard = self._wizard(debtor, outcome="waived")
        self.assertTrue(wizard.public_warning)
        wizard.outcome = "invoiced"
        self.assertFalse(wizard.public_warning)

    # ------------------------------------------------------------------
    # MANY
    # ------------------------------------------------------------------

    def test_one_statement_per_debtor_and_currency(self):
        currency = self.setup_other_currency("CAD", rates=[("2016-01-01", 2.0)])
        other = self._make_debtor("Other", items=((500.0, DUE), (700.0, DUE)))
        self._make_invoice(other.partner_id, 1000, DUE, currency_id=currency.id)
        statements = self._claim(self.debtor | other)
        self.assertEqual(len(statements), 3)
        foreign = statements.filtered(lambda s: s.currency_id == currency)
        # The indemnity of 40 € at 2 CAD for 1 unit of the company's currency.
        self.assertEqual(foreign.interest, JULY_TO_SEPTEMBER)
        self.assertEqual(foreign.move_id.currency_id, currency)
        self.assertEqual(
            foreign.company_total,
            currency._convert(
                foreign.total, self.company.currency_id, self.company, self.today
            ),
        )
        self.assertEqual(len(statements.move_id), 3)

    def test_chosen_items_only(self):
        other = self._make_invoice(self.debtor.partner_id, 500, DUE)
        self.assertEqual(len(self._items_of(self.debtor)), 2)
        wizard = (
            self.env["recouvrement.claim.wizard"]
            .with_context(active_model="account.move", active_ids=other.ids)
            .create({"date_until": SEPTEMBER})
        )
        self.assertEqual(wizard.debtor_ids, self.debtor)
        wizard.action_confirm()
        line = self.env["recouvrement.interest.statement.line"].search(
            [("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual(line.move_line_id.move_id, other)
        self.assertEqual(line.interest, 15.63)

    def test_the_preview_follows_the_choices(self):
        form = Form(
            self.env["recouvrement.claim.wizard"].with_context(
                active_model="recouvrement.debtor", active_ids=self.debtor.ids
            )
        )
        form.date_until = SEPTEMBER
        self.assertIn("31.25", form.preview)
        self.assertIn("71.25", form.preview)
        form.include_indemnity = False
        self.assertNotIn("71.25", form.preview)
        form.date_until = date(2026, 6, 1)
        self.assertIn("Nothing to claim", form.preview)

    def test_a_claim_takes_about_the_same_queries_for_many(self):
        """Waivers, so that Odoo's own cost of an invoice does not count."""
        few = [self._make_debtor(f"Few {i}", items=((1000.0, DUE),)) for i in range(2)]
        many = [self._make_debtor(f"M {i}", items=((1000.0, DUE),)) for i in range(12)]
        self._waive()
        counts = []
        for debtors in (few, many):
            batch = self.env["recouvrement.debtor"].union(*debtors)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._waive(batch)
            counts.append(self.cr.sql_log_count - before)
        # One more each: the number of the statement.
        self.assertLessEqual(counts[1] - counts[0], len(many) - len(few) + 5, counts)

    # ------------------------------------------------------------------
    # PROPOSED
    # ------------------------------------------------------------------

    def test_a_proposal_that_changed_is_shown_before_it_is_confirmed(self):
        collector = self._make_user("collector")
        statement = self._propose_as(collector)
        self._pay(self.invoice, day=date(2026, 8, 31))
        notice = statement.action_confirm()
        self.assertEqual(notice["tag"], "display_notification")
        self.assertEqual((statement.state, statement.interest), ("draft", 21.06))
        statement.action_confirm()
        self.assertEqual(statement.state, "done")
        self.assertEqual(statement.move_id.amount_total, 61.06)

    def _propose_as(self, user):
        self.debtor.collector_id = user
        self._wizard(user=user, outcome="invoiced").action_confirm()
        return self.env["recouvrement.interest.statement"].search(
            [("debtor_id", "=", self.debtor.id)], limit=1
        )

    def test_a_proposal_with_nothing_left_is_cancelled_not_confirmed(self):
        statement = self._propose_as(self._make_user("collector"))
        self._claim()
        self.assertEqual(statement.action_confirm()["tag"], "display_notification")
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            statement.action_confirm()
        statement.action_cancel()
        self.assertEqual(statement.state, "cancelled")

    def test_values_of_a_statement_are_not_entered_by_hand(self):
        statement = self._claim().with_user(self._make_user("manager"))
        for vals in ({"state": "cancelled"}, {"date_until": OCTOBER}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                statement.write(vals)


@tagged("post_install", "-at_install")
@freeze_time("2026-11-10")
class TestInterestStatementRoles(InterestStatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._make_user(role)
            for role in ("salesperson", "collector", "accountant", "auditor", "manager")
        }
        cls.debtor.collector_id = cls.users["collector"]
        cls.debtor.salesperson_id = cls.users["salesperson"]
        cls.foreign = cls._make_debtor("Foreign", items=((1000.0, DUE),))
        cls.foreign.collector_id = cls._make_user("collector", login="other_collector")

    def _claim_as(self, role, outcome, debtor=None, **vals):
        if outcome == "waived":
            vals = {"reason_id": self.goodwill.id, "reason": "Agreed", **vals}
        statements = self.env["recouvrement.interest.statement"]
        known = statements.search([])
        self._wizard(
            debtor, user=self.users[role], outcome=outcome, **vals
        ).action_confirm()
        return (statements.search([]) - known).with_user(self.users[role])

    def test_a_collector_proposes_and_an_accountant_invoices(self):
        statement = self._claim_as("collector", "invoiced")
        self.assertEqual((statement.state, statement.move_id.id), ("draft", False))
        with self.assertRaises(AccessError):
            statement.action_post_invoice()
        as_accountant = statement.with_user(self.users["accountant"])
        as_accountant.action_confirm()
        self.assertEqual(as_accountant.state, "done")
        as_accountant.action_post_invoice()
        self.assertEqual(as_accountant.move_state, "posted")

    def test_accountants_and_managers_invoice_at_once(self):
        for role, debtor in (("accountant", self.debtor), ("manager", self.foreign)):
            statement = self._claim_as(role, "invoiced", debtor, post=True)
            with self.subTest(role=role):
                self.assertEqual(statement.move_state, "posted")
                self.assertEqual(statement.user_id, self.users[role])

    def test_a_collector_confirming_does_not_invoice(self):
        statement = self._claim_as("collector", "invoiced")
        statement.action_confirm()
        self.assertEqual(statement.state, "draft")
        self.assertFalse(statement.move_id)

    def test_a_collector_waives_within_the_limit(self):
        statement = self._claim_as("collector", "waived")
        self.assertEqual((statement.total, statement.state), (71.25, "done"))

    def test_above_the_limit_a_manager_approves(self):
        self._make_invoice(self.debtor.partner_id, 2000, DUE)
        wizard = self._wizard(user=self.users["collector"], outcome="waived")
        self.assertEqual(wizard.above_limit_count, 1)
        statement = self._claim_as("collector", "waived")
        self.assertEqual(statement.state, "to_approve")
        self.assertTrue(self._claimable()[0], "waits: nothing is consumed yet")
        with self.assertRaisesRegex(UserError, "Ask a credit manager"):
            statement.action_confirm()
        as_manager = statement.with_user(self.users["manager"])
        as_manager.action_confirm()
        self.assertRecordValues(
            as_manager,
            [
                {
                    "state": "done",
                    "user_id": self.users["collector"].id,
                    "approver_id": self.users["manager"].id,
                }
            ],
        )
        self.assertEqual(self._claimable(), (0, 0))
        events = self._events(self.debtor, "waiver")
        self.assertEqual(
            events.user_id, self.users["collector"] | self.users["manager"]
        )

    def test_an_accountant_waives_nothing_alone(self):
        self.assertEqual(self._claim_as("accountant", "waived").state, "to_approve")

    def test_a_collector_does_not_take_a_waiver_back(self):
        statement = self._claim_as("collector", "waived")
        with self.assertRaises(AccessError):
            statement.action_cancel()
        statement.with_user(self.users["manager"]).action_cancel()
        self.assertEqual(statement.state, "cancelled")

    def test_a_collector_does_not_claim_from_a_foreign_debtor(self):
        with self.assertRaises(AccessError):
            self._claim_as("collector", "mentioned", self.foreign)

    def test_auditor_and_salesperson_only_read(self):
        own = self._claim_as("manager", "invoiced", self.debtor | self.foreign)
        self.assertEqual(len(own), 2)
        seen = {
            role: self.env["recouvrement.interest.statement"]
            .with_user(self.users[role])
            .search([("id", "in", own.ids)])
            for role in ("auditor", "salesperson")
        }
        self.assertEqual(len(seen["auditor"]), 2)
        self.assertEqual(seen["salesperson"].debtor_id.ids, self.debtor.ids)
        for role, statements in seen.items():
            statements.read(["total", "over_claimed", "move_state", "line_ids"])
            statements.line_ids.read(["detail", "interest_difference"])
            for method in ("action_confirm", "action_cancel", "action_post_invoice"):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        getattr(statements, method)()

    def test_another_company_is_invisible(self):
        statement = self._claim_as("manager", "mentioned")
        other = self.setup_other_company()["company"]
        user = self._make_user("manager", login="elsewhere")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(statement.with_user(user).search([("id", "=", statement.id)]))
