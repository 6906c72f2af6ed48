"""What a campaign decides on each item, and why (N1.4, N1.8, N4.3, N4.8)."""

from odoo import Command, fields
from odoo.tests import tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestDecision(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Decision SARL")
        cls.policy.tolerance = 5

    def _mark_sent(self, reminders, day=None):
        reminders.action_approve()
        reminders._confirm_sent(day)

    def _add_preventive_level(self):
        self.policy.level_ids = [
            Command.create(
                {
                    "name": "Preventive",
                    "rank": 0,
                    "delay_days": -10,
                    "channel": "email",
                    "template_id": self.template.id,
                    "use_zone_threshold": True,
                }
            )
        ]

    def _decisions_by_move(self, partner=None, day=None, **context):
        """``{document name: decision}`` of a customer's items."""
        partner = partner or self.partner
        decisions = (
            self.env["recouvrement.dunning.decision"]
            .with_context(dunning_date=day and fields.Date.to_string(day), **context)
            .search([("debtor_id.partner_id", "=", partner.id)])
        )
        return {decision.move_line_id.move_id: decision for decision in decisions}

    def _assert_decision(self, move, role, reason, **context):
        decision = self._decisions_by_move(
            move.partner_id.commercial_partner_id, **context
        )[move]
        self.assertEqual((decision.role, decision.reason), (role, reason))
        return decision

    # == Levels ==

    def test_an_item_before_its_first_delay_waits(self):
        move = self._make_invoice(self.partner, 500, due=-4)
        self._assert_decision(move, "out", "level_not_reached")

    def test_an_item_climbs_one_level_at_a_time(self):
        move = self._make_invoice(self.partner, 500, due=-40)
        decision = self._assert_decision(move, "chase", "chase")
        self.assertEqual(decision.rank, 1)

    def test_an_item_skips_to_the_level_it_deserves_when_the_policy_says_so(self):
        self.policy.skip_levels = True
        move = self._make_invoice(self.partner, 500, due=-40)
        self.assertEqual(self._assert_decision(move, "chase", "chase").rank, 3)

    def test_the_same_level_is_never_proposed_twice(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        run = self._propose()
        self.assertEqual(run.reminder_ids.line_ids.mapped("rank"), [1])
        self._assert_decision(move, "out", "other_run")
        self._mark_sent(run.reminder_ids)
        self._assert_decision(move, "out", "level_not_reached")
        self.assertFalse(self._propose().reminder_ids)

    def test_the_next_level_follows_after_the_minimum_days(self):
        """Delays count from the proven sending, not from the run."""
        move = self._make_invoice(self.partner, 500, due=-20)
        run = self._propose()
        self.levels[2].min_days_since_contact = 7
        self._mark_sent(run.reminder_ids, day=self._day(-6))
        self._assert_decision(move, "out", "too_soon")
        run.reminder_ids.sudo().date_sent = self._day(-7)
        self._debtor(self.partner)._refresh_totals()
        self.assertEqual(self._assert_decision(move, "chase", "chase").rank, 2)

    def test_the_last_level_is_not_repeated(self):
        move = self._make_invoice(self.partner, 500, due=-200)
        for _rank in range(1, 5):
            run = self._propose()
            self._mark_sent(run.reminder_ids, day=self._day(-60))
        self._assert_decision(move, "out", "already_reminded")

    def test_a_failed_reminder_gives_its_level_back(self):
        """A failed message is no reminder and never escalates."""
        move = self._make_invoice(self.partner, 500, due=-20)
        run = self._propose()
        run.reminder_ids.action_approve()
        run.reminder_ids._mark_failed("mailbox full")
        self.assertEqual(self._assert_decision(move, "chase", "chase").rank, 1)
        self.assertFalse(self._debtor(self.partner).last_reminder_date)

    def test_a_past_day_is_simulated_as_it_was(self):
        move = self._make_invoice(self.partner, 500, due=-20)
        run = self._propose()
        self._mark_sent(run.reminder_ids)
        day = self._day(-10)
        decision = self._assert_decision(move, "chase", "chase", day=day)
        self.assertEqual((decision.rank, decision.days_overdue), (1, 10))

    def test_a_future_day_is_simulated(self):
        move = self._make_invoice(self.partner, 500, due=-1)
        self._assert_decision(move, "out", "level_not_reached")
        decision = self._assert_decision(move, "chase", "chase", day=self._day(9))
        self.assertEqual(decision.days_overdue, 10)

    def test_a_paid_item_is_seen_open_on_the_day_before_its_payment(self):
        move = self._make_invoice(self.partner, 500, due=-30)
        self._assert_decision(move, "chase", "chase")
        self._pay(move, 500)
        self.assertNotIn(move, self._decisions_by_move())
        self._assert_decision(move, "chase", "chase", day=self._day(-1))

    def test_a_campaign_explains_its_own_items(self):
        """« Why » on a proposed campaign tells why its items are in."""
        move = self._make_invoice(self.partner, 500, due=-10)
        run = self._propose()
        context = run.action_simulate()["context"]
        self._assert_decision(
            move, "chase", "chase", dunning_run_id=context["dunning_run_id"]
        )
        self._assert_decision(move, "out", "other_run")

    # == Preventive ==

    def test_preventive_reminder_depends_on_the_place(self):
        """N1.8: above 10 000 € in Île-de-France, 5 000 € elsewhere."""
        self._add_preventive_level()
        nice = self._make_customer("Nice SARL", zip="06000", city="Nice")
        paris = self._make_customer("Paris SARL", zip="75011", city="Paris")
        cases = [
            (nice, 5000, "below_item_minimum"),
            (nice, 5000.01, "chase"),
            (paris, 10000, "below_item_minimum"),
            (paris, 10000.01, "chase"),
        ]
        for partner, amount, reason in cases:
            with self.subTest(place=partner.zip, amount=amount):
                move = self._make_invoice(partner, amount, due=5)
                decision = self._decisions_by_move(partner)[move]
                self.assertEqual(decision.reason, reason)

    def test_preventive_level_is_gone_once_overdue(self):
        self._add_preventive_level()
        move = self._make_invoice(self.partner, 20000, due=-1)
        self._assert_decision(move, "out", "level_not_reached")

    def test_preventive_and_overdue_items_are_two_demands(self):
        self._add_preventive_level()
        self._make_invoice(self.partner, 20000, due=5)
        self._make_invoice(self.partner, 300, due=-10)
        reminders = self._propose().reminder_ids.sorted("rank")
        self.assertRecordValues(
            reminders,
            [
                {"preventive": True, "rank": 0, "amount_net": 20000},
                {"preventive": False, "rank": 1, "amount_net": 300},
            ],
        )

    # == Net position ==

    def test_credits_are_counted(self):
        """The faults of the known modules: what is asked is the net position."""
        self._make_invoice(self.partner, 900, due=-10)
        credit = self._make_invoice(self.partner, 300, due=0, move_type="out_refund")
        self._assert_decision(credit, "credit", "credit")
        reminder = self._propose().reminder_ids
        self.assertRecordValues(
            reminder, [{"amount_due": 900, "amount_credit": 300, "amount_net": 600}]
        )

    def test_a_debtor_covered_by_credits_is_not_asked(self):
        move = self._make_invoice(self.partner, 900, due=-10)
        self._make_invoice(self.partner, 1000, due=0, move_type="out_refund")
        self._assert_decision(move, "out", "covered_by_credits")
        self.assertFalse(self._propose().reminder_ids)

    def test_an_unallocated_receipt_is_a_credit(self):
        move = self._make_invoice(self.partner, 900, due=-10)
        self._make_receipt(self.partner, 899)
        self._assert_decision(move, "out", "covered_by_credits")  # tolerance 5

    def test_other_overdue_items_are_recalled(self):
        """An item below its own level is listed and asked, but climbs nothing."""
        self._make_invoice(self.partner, 500, due=-10)
        young = self._make_invoice(self.partner, 200, due=-2)
        future = self._make_invoice(self.partner, 100, due=30)
        self._assert_decision(young, "recall", "level_not_reached")
        self._assert_decision(future, "out", "not_due")
        reminder = self._propose().reminder_ids
        self.assertEqual(reminder.amount_net, 700)
        self.assertEqual(
            reminder.line_ids.filtered("claimed").move_line_id.move_id.amount_total, 500
        )

    # == Set aside ==

    def test_statuses_keep_an_item_out(self):
        for status in ("promised", "disputed", "litigation", "insolvency", "excluded"):
            with self.subTest(status=status):
                move = self._make_invoice(self.partner, 500, due=-10)
                self._items(move)._set_collection_status(status, "because")
                self._assert_decision(move, "out", status)

    def test_a_status_lapses_after_its_last_day(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        self._items(move)._set_collection_status(
            "promised", "on the phone", until=self._day(0)
        )
        self._assert_decision(move, "out", "promised")
        self._assert_decision(move, "chase", "chase", day=self._day(1))

    def test_odoo_no_followup_and_blocked_are_obeyed(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        move.no_followup = True
        self._assert_decision(move, "out", "excluded")
        move.no_followup = False
        move.action_toggle_block_payment()
        self._assert_decision(move, "out", "excluded")

    def test_a_hold_ends_after_its_last_day(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        self._debtor(self.partner)._hold(self._day(3), "waiting for the manager")
        self._assert_decision(move, "out", "held")
        self._assert_decision(move, "out", "held", day=self._day(3))
        self._assert_decision(move, "chase", "chase", day=self._day(4))

    def test_a_stopped_policy_says_why(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        self.policy.write({"state": "stopped", "stop_reason": "year-end truce"})
        self._assert_decision(move, "out", "policy_stopped")
        self.assertIn("year-end truce", self.policy.why_nobody)
        run = self._propose(policy_ids=self.policy.ids)
        self.assertIn("year-end truce", run.nobody_reason)

    def test_minimum_amounts(self):
        level = self.levels[1]
        level.write({"min_item_amount": 100, "min_debtor_amount": 250})
        small = self._make_invoice(self.partner, 99.99, due=-10)
        big = self._make_invoice(self.partner, 100, due=-10)
        self._assert_decision(small, "out", "below_item_minimum")
        self._assert_decision(big, "out", "below_debtor_minimum")
        self._make_invoice(self.partner, 60, due=-10)
        self._assert_decision(big, "chase", "chase")
        self._assert_decision(small, "recall", "below_item_minimum")

    def test_without_address_the_reason_is_shown(self):
        mute = self._make_customer("Mute SARL", email=False)
        move = self._make_invoice(mute, 500, due=-10)
        self._assert_decision(move, "out", "contact_missing")

    def test_the_fallback_channel_is_used(self):
        mute = self._make_customer("Letter SARL", email=False)
        level = self.levels[1]
        level.fallback_channel = "letter"
        move = self._make_invoice(mute, 500, due=-10)
        self.assertEqual(
            self._assert_decision(move, "chase", "chase").channel, "letter"
        )

    def test_the_preferred_channel_replaces_the_email(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        self._debtor(self.partner).preferred_channel = "letter"
        self.assertEqual(
            self._assert_decision(move, "chase", "chase").channel, "letter"
        )

    # == Instalments, currencies, companies ==

    def test_instalments_are_chased_each_at_its_own_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 60}
                    ),
                ],
            }
        )
        move = self._make_invoice(
            self.partner,
            1000,
            due=-30,
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        decisions = self.env["recouvrement.dunning.decision"].search(
            [("move_line_id.move_id", "=", move.id)], order="date_due"
        )
        self.assertEqual(decisions.mapped("role"), ["chase", "out"])
        self.assertEqual(decisions.mapped("reason"), ["chase", "not_due"])
        self.assertEqual(self._propose().reminder_ids.amount_net, 500)

    def test_one_demand_per_currency(self):
        usd = self.setup_other_currency("EUR")
        self._make_invoice(self.partner, 100, due=-10)
        self._make_invoice(self.partner, 60, due=-10, currency_id=usd.id)
        reminders = self._propose().reminder_ids
        self.assertEqual(
            sorted((r.currency_id.name, r.amount_net) for r in reminders),
            sorted([(self.company.currency_id.name, 100), ("EUR", 60)]),
        )

    def test_the_tolerance_is_in_company_currency(self):
        """60 EUR are 30 in company currency: above a tolerance of 25, not of 35."""
        usd = self.setup_other_currency("EUR")
        self.policy.tolerance = 25
        move = self._make_invoice(self.partner, 60, due=-10, currency_id=usd.id)
        self._assert_decision(move, "chase", "chase")
        self.policy.tolerance = 35
        self._assert_decision(move, "out", "below_debtor_minimum")

    def test_another_company_changes_nothing(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        other = self.setup_other_company()["company"]
        run = self._propose(company_ids=other.ids)
        self.assertFalse(run.reminder_ids)
        self._assert_decision(move, "chase", "chase")

    def test_an_opening_balance_is_chased(self):
        """Odoo sets no_followup on miscellaneous entries by default."""
        item = self._make_opening(self.partner, 750, due=-10)
        self.assertFalse(item.no_followup)
        self._assert_decision(item.move_id, "chase", "chase")

    def test_intragroup_debtors_have_no_policy(self):
        move = self._make_invoice(self.partner, 500, due=-10)
        self._debtor(self.partner).segment_id = self.env.ref(
            "recouvrement.segment_intragroup"
        )
        self._assert_decision(move, "out", "no_policy")

    # == Proposal ==

    def test_the_demand_is_at_the_level_of_the_oldest_item(self):
        old = self._make_invoice(self.partner, 500, due=-25)
        self._mark_sent(self._propose().reminder_ids, day=self._day(-20))
        new = self._make_invoice(self.partner, 300, due=-6)
        reminder = self._propose().reminder_ids
        self.assertRecordValues(reminder, [{"rank": 2, "amount_net": 800}])
        ranks = {line.move_line_id.move_id: line.rank for line in reminder.line_ids}
        self.assertEqual(ranks, {old: 2, new: 1})

    def test_what_a_run_writes_is_what_the_simulation_said(self):
        for index in range(12):
            partner = self._make_customer(f"Mixed {index}")
            self._make_invoice(partner, 100 + index, due=-5 * index)
            self._make_invoice(partner, 10 * index + 1, due=0, move_type="out_refund")
        simulated = {
            decision.move_line_id.id: (decision.role, decision.reason, decision.rank)
            for decision in self.env["recouvrement.dunning.decision"].search([])
            if decision.role != "out"
        }
        lines = self._propose().reminder_ids.line_ids.filtered(
            lambda line: line.role != "out"
        )
        self.assertEqual(
            {
                line.move_line_id.id: (line.role, line.reason, line.rank)
                for line in lines
            },
            simulated,
        )
        for reminder in lines.reminder_id:
            listed = sum(reminder.line_ids.mapped("amount_residual"))
            self.assertEqual(
                reminder.currency_id.compare_amounts(reminder.amount_net, listed), 0
            )

    def test_the_number_of_queries_does_not_grow_with_the_debtors(self):
        def propose(count, tag):
            for index in range(count):
                partner = self._make_customer(f"{tag} {index}")
                self._make_invoice(partner, 100, due=-10)
            self.env["recouvrement.debtor"]._refresh_totals()
            run = self._make_run()
            run.action_propose()
            run.flush_recordset()
            before = self.env.cr.sql_log_count
            run.sudo()._propose_batch()
            return self.env.cr.sql_log_count - before

        propose(1, "warm up")
        few, many = propose(3, "few"), propose(30, "many")
        self.assertEqual(few, many)
