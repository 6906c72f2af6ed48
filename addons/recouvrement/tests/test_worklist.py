"""What each debtor needs today, in which order, and why (N0.10)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestWorklist(RecouvrementCommon):
    """Settings: 300 to call, 10 days of silence, limit dates 60 days before; the
    first level of the policy is due after 5 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "recouvrement_call_amount": 300,
                "recouvrement_call_anyway_amount": 0,
                "recouvrement_silence_days": 10,
                "recouvrement_retry_days": 2,
                "recouvrement_limit_days": 60,
                "recouvrement_star_points": 20,
                "recouvrement_default_collector_id": cls.env.uid,
            }
        )
        cls.env["recouvrement.debtor"]._refresh_totals()

    def _debtor_with(self, *items, name="Work SARL", **vals):
        return self._make_debtor(name, items=items, **vals)

    def _assert_work(self, debtor, kind, codes=None):
        self.assertEqual(debtor.work_kind, kind)
        expected = codes if codes is not None else [] if kind == "none" else [kind]
        self.assertEqual((debtor.work_codes or "").split(), expected)
        self.assertEqual(debtor.to_work, kind != "none")
        badges = [badge["code"] for badge in debtor.work_badges or []]
        self.assertEqual(badges, expected)

    def _rules(self, *rows, **vals):
        """Replace all rules by ``(criterion, threshold, points)``."""
        rules = self.env["recouvrement.priority.rule"]
        rules.search([("points", "!=", 1e6)]).unlink()
        return rules.create(
            [
                {"criterion": criterion, "threshold": threshold, "points": points}
                | vals
                for criterion, threshold, points in rows
            ]
        )

    # ------------------------------------------------------------------
    # POINTS
    # ------------------------------------------------------------------

    def test_the_highest_rule_reached_of_each_criterion_counts(self):
        self._rules(
            ("overdue_amount", 500, 3),
            ("overdue_amount", 2000, 6),
            ("days_overdue", 30, 5),
            ("days_overdue", 60, 8),
        )
        for amount, days, points in (
            (499.99, 29, 0),
            (500, 29, 3),
            (1999.99, 30, 8),
            (2000, 59, 11),
            (2000, 60, 14),
            (90000, 900, 14),
        ):
            with self.subTest(amount=amount, days=days):
                debtor = self._debtor_with((amount, -days), name=f"P{amount}-{days}")
                self.assertEqual(debtor.priority_score, points)

    def test_a_limit_date_gives_points_when_so_many_days_or_fewer_are_left(self):
        self._rules(("limit_days", 30, 25), ("limit_days", 90, 10))
        debtor = self._debtor_with((1000, -20))
        for days, points in ((91, 0), (90, 10), (31, 10), (30, 25), (0, 25), (-1, 0)):
            with self.subTest(days=days):
                debtor.sudo().first_limit_date = self._day(days)
                debtor._refresh_work_now()
                self.assertEqual(debtor.priority_score, points)

    def test_an_insured_share_lowers_the_priority_never_below_zero(self):
        self._rules(("overdue_amount", 100, 10), ("insured_share", 50, -30))
        debtor = self._debtor_with((1000, -20))
        self.assertEqual(debtor.priority_score, 10)
        debtor.insured_share = 50
        self.assertEqual(debtor.priority_score, 0)

    def test_the_weight_of_the_segment_multiplies_the_points(self):
        self._rules(("overdue_amount", 100, 10))
        debtor = self._debtor_with((1000, -20))
        segment = self.env["recouvrement.segment"].create(
            {"name": "Heavy", "code": "heavy", "priority_weight": 1.5}
        )
        debtor.segment_id = segment
        self.assertEqual(debtor.priority_score, 15)
        self.assertIn("× 1.5 for Heavy", debtor.work_sentence)
        segment.priority_weight = 2
        self.assertEqual(debtor.priority_score, 20)

    def test_stars_follow_the_points_per_star(self):
        rule = self._rules(("overdue_amount", 100, 19))
        debtor = self._debtor_with((1000, -20))
        for points, stars in ((19, "0"), (20, "1"), (40, "2"), (60, "3"), (400, "3")):
            rule.points = points
            with self.subTest(points=points):
                self.assertEqual(debtor.priority, stars)
        self.company.recouvrement_star_points = 0
        self.assertEqual(debtor.priority, "0")

    def test_the_rules_of_a_company_replace_the_common_ones_of_a_criterion(self):
        self._rules(("overdue_amount", 100, 10), ("days_overdue", 10, 5))
        debtor = self._debtor_with((1000, -20))
        self.assertEqual(debtor.priority_score, 15)
        self.env["recouvrement.priority.rule"].create(
            {
                "criterion": "overdue_amount",
                "threshold": 5000,
                "points": 50,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(debtor.priority_score, 5)

    def test_a_rule_that_changes_moves_the_points_at_once(self):
        rule = self._rules(("overdue_amount", 100, 10))
        debtor = self._debtor_with((1000, -20))
        rule.points = 12
        self.assertEqual(debtor.priority_score, 12)
        rule.active = False
        self.assertEqual(debtor.priority_score, 0)

    def test_nothing_overdue_gives_no_points(self):
        debtor = self._debtor_with((100000, 5))
        self.assertEqual(debtor.priority_score, 0)
        self.assertFalse(debtor.work_reasons)

    def test_the_order_is_points_then_amount(self):
        self._rules(("days_overdue", 30, 10))
        small = self._debtor_with((400, -40), name="Small")
        young = self._debtor_with((9000, -20), name="Young")
        big = self._debtor_with((800, -40), name="Big")
        found = self.env["recouvrement.debtor"].search(
            [("id", "in", (small | young | big).ids)]
        )
        self.assertEqual(found.mapped("partner_id.name"), ["Big", "Small", "Young"])

    # ------------------------------------------------------------------
    # THE SENTENCE
    # ------------------------------------------------------------------

    def test_the_sentence_says_how_the_points_add_up(self):
        self._rules(
            ("overdue_amount", 10000, 12),
            ("days_overdue", 60, 8),
            ("silence_days", 21, 4),
        )
        debtor = self._debtor_with((12450, -63))
        sentence = debtor.work_sentence.replace("\xa0", " ")
        self.assertEqual(
            sentence,
            "$ 12,450.00 overdue for 63 days (20 pts) · no contact for 63 days (4 pts)",
        )
        total = sum(reason["points"] for reason in debtor.work_reasons)
        self.assertEqual(total, debtor.priority_score)

    # ------------------------------------------------------------------
    # WHAT IS DUE
    # ------------------------------------------------------------------

    def test_a_debtor_is_to_be_called_when_the_reminders_had_their_chance(self):
        """Due day + 5 days of the first level + 10 days of silence."""
        for days, kind in ((14, "none"), (15, "call"), (200, "call")):
            with self.subTest(days=days):
                debtor = self._debtor_with((1000, -days), name=f"Call {days}")
                self._assert_work(debtor, kind)
                self.assertEqual(debtor.work_date, self._day(15 - days))

    def test_a_policy_that_is_stopped_gives_no_respite(self):
        debtor = self._debtor_with((1000, -11))
        self._assert_work(debtor, "none")
        self.policy.write({"state": "stopped", "stop_reason": "Summer"})
        debtor._refresh_totals()
        self._assert_work(debtor, "call")

    def test_below_the_smallest_amount_the_reminders_do_it_alone(self):
        debtor = self._debtor_with((299.99, -90))
        self._assert_work(debtor, "none")
        self._make_invoice(debtor.partner_id, 0.01, due=-1)
        self._assert_work(debtor, "call")

    def test_a_reminder_under_way_or_sent_leaves_the_customer_time(self):
        debtor = self._debtor_with((1000, -40))
        self._assert_work(debtor, "call")
        run = self._propose()
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(10))
        self._send_run(run)
        self._deliver()
        self._assert_work(debtor, "none")
        with freeze_time(self._day(10)):
            debtor._refresh_totals()
            self._assert_work(debtor, "call")

    def test_a_reminder_does_not_replace_the_call_of_a_big_debt(self):
        self.company.recouvrement_call_anyway_amount = 5000
        small = self._debtor_with((4999.99, -40), name="Small")
        big = self._debtor_with((5000, -40), name="Big")
        self._propose()
        self._assert_work(small, "none")
        self._assert_work(big, "call")
        self._reach(big)
        self._assert_work(big, "none")

    def test_a_call_asked_by_the_policy_is_due_at_once(self):
        self._make_policy(
            [{"rank": 1, "delay_days": 3, "channel": "call", "approval": "none"}],
            sequence=-5,
        )
        debtor = self._debtor_with((1000, -4))
        self._assert_work(debtor, "none")
        self._run_campaign()
        self._assert_work(debtor, "call")

    def test_what_is_set_aside_is_not_to_be_collected(self):
        """Promised, disputed… until the mark lapses."""
        debtor = self._debtor_with((1000, -40), (200, -40))
        [item, _small] = self._items(
            self.env["account.move"].search([("partner_id", "=", debtor.partner_id.id)])
        ).sorted("balance", reverse=True)
        self._assert_work(debtor, "call")
        self.assertEqual(debtor.collect_amount, 1200)
        item._set_collection_status("disputed", "Broken goods", until=self._day(4))
        self.assertEqual(debtor.collect_amount, 200)
        self._assert_work(debtor, "none")
        with freeze_time(self._day(5)):
            debtor._refresh_totals()
            self.assertEqual(debtor.collect_amount, 1200)
            self._assert_work(debtor, "call")

    def test_the_age_of_what_is_disputed_does_not_hurry_the_rest(self):
        debtor = self._debtor_with((1000, -400), (1000, -1))
        item = self._items(
            self.env["account.move"].search([("partner_id", "=", debtor.partner_id.id)])
        ).sorted("date_maturity")[0]
        item._set_collection_status("disputed", "Broken goods")
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(14))

    def test_credits_not_allocated_lower_what_is_to_collect(self):
        debtor = self._debtor_with((1000, -40))
        self._make_receipt(debtor.partner_id, 800)
        self.assertEqual(debtor.collect_amount, 200)
        self._assert_work(debtor, "none")

    def test_a_hold_keeps_a_debtor_away_until_it_ends(self):
        debtor = self._debtor_with((1000, -40))
        debtor._hold(self._day(3), "Their accountant is away")
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(4))
        with freeze_time(self._day(4)):
            debtor._refresh_totals()
            self._assert_work(debtor, "call")
        debtor.action_release_hold()
        self._assert_work(debtor, "call")

    def test_a_planned_call_back_waits_for_its_day(self):
        debtor = self._debtor_with((1000, -40))
        debtor.write({"next_action": "Ask Ms Roy", "next_action_date": self._day(20)})
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(20))
        debtor.next_action_date = self.today
        self._assert_work(debtor, "callback", ["callback", "call"])
        self.assertIn("Ask Ms Roy", debtor.work_sentence)

    def test_an_answer_comes_before_all_and_in_spite_of_a_hold(self):
        debtor = self._debtor_with((1000, -40))
        debtor._hold(self._day(3), "Wait")
        debtor.message_post(body="We paid", message_type="email", author_id=False)
        self._assert_work(debtor, "reply")
        debtor.action_release_hold()
        self._assert_work(debtor, "reply", ["reply", "call"])
        debtor.action_mark_answer_read()
        self._assert_work(debtor, "call")

    def test_a_limit_date_brings_a_debtor_back_in_spite_of_its_amount(self):
        debtor = self._debtor_with((50, -40))
        self._assert_work(debtor, "none")
        for days, kind in ((61, "none"), (60, "limit"), (0, "limit"), (-1, "none")):
            debtor.sudo().first_limit_date = self._day(days)
            debtor._refresh_work_now()
            with self.subTest(days=days):
                self._assert_work(debtor, kind)

    def test_a_file_to_complete_is_work_when_money_is_at_stake(self):
        debtor = self._debtor_with((1000, -3), email=False)
        self._assert_work(debtor, "defect")
        self.assertIn("no e-mail address", debtor.work_sentence)
        debtor.partner_id.email = "x@example.com"
        self._assert_work(debtor, "none")

    def test_a_segment_that_is_not_chased_is_never_called(self):
        debtor = self._debtor_with((1000, -40))
        debtor.segment_id = self.env.ref("recouvrement.segment_intragroup")
        self._assert_work(debtor, "none")

    def test_a_payment_takes_a_debtor_away_in_the_same_transaction(self):
        debtor = self._debtor_with((1000, -40))
        self._assert_work(debtor, "call")
        move = self.env["account.move"].search(
            [("partner_id", "=", debtor.partner_id.id)]
        )
        self._pay(move)
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.priority_score, 0)

    def test_a_call_without_an_answer_comes_back_after_two_days(self):
        debtor = self._debtor_with((1000, -40))
        debtor.write({"next_action": "Call", "next_action_date": self._day(-1)})
        self._assert_work(debtor, "callback", ["callback", "call"])
        debtor.action_log_attempt()
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(2))
        self.assertEqual(debtor.event_ids[0].kind, "contact")
        self.assertFalse(debtor.interaction_ids.reached)
        with freeze_time(self._day(2)):
            debtor._refresh_totals()
            self._assert_work(debtor, "callback", ["callback", "call"])

    def test_a_conversation_gives_the_days_of_silence(self):
        debtor = self._debtor_with((1000, -40))
        self._reach(debtor)
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(10))

    def _reach(self, debtor):
        outcome = self.env.ref("recouvrement.interaction_outcome_will_check")
        return debtor._log_contact({"channel": "call_out", "outcome_id": outcome.id})

    def test_a_relay_takes_its_time_then_comes_back(self):
        debtor = self._debtor_with((1000, -40))
        debtor.salesperson_id = self.env.user
        wizard = self.env["recouvrement.relay.wizard"].with_context(
            default_debtor_id=debtor.id
        )
        with Form(wizard) as form:
            form.question = "Did they get the goods?"
            form.date_due = self._day(3)
        form.record.action_confirm()
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(4))
        debtor.relay_ids._answer("passed_on", "Yes, they did")
        self.assertEqual(debtor.work_kind, "relay")
        self.assertIn("a relay answered", debtor.work_sentence)

    # == Promises, plans, requests ==

    def _break_promise(self, debtor):
        """A promise whose deadline passed without a payment, judged at night."""
        with freeze_time(self._day(-10)):
            debtor._make_promise(1000, self._day(-6))
        self.env["recouvrement.debtor"]._refresh_totals()

    def test_a_broken_promise_brings_the_debtor_back_until_a_contact(self):
        self._rules(("broken_promises", 1, 15), ("broken_promises", 2, 30))
        debtor = self._debtor_with((1000, -40))
        self._break_promise(debtor)
        self.assertEqual(debtor.promise_broken_count, 1)
        self.assertEqual(debtor.work_kind, "promise_broken")
        self.assertEqual(debtor.priority_score, 15)
        self.assertIn("1 broken promise (15 pts)", debtor.work_sentence)
        debtor.action_log_attempt()
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(2))
        self._reach(debtor)
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(10))
        self.assertEqual(debtor.priority_score, 15)

    def test_a_running_promise_keeps_the_debtor_away_until_its_day(self):
        debtor = self._debtor_with((1000, -40))
        self._assert_work(debtor, "call")
        debtor._make_promise(1000, self._day(4))
        self._assert_work(debtor, "none")
        self.assertEqual(debtor.work_date, self._day(4))
        with freeze_time(self._day(4)):
            self.env["recouvrement.debtor"]._refresh_totals()
            self._assert_work(debtor, "promise_due")
            self.assertIn("promised for", debtor.work_sentence)

    def test_a_request_waits_on_the_worklist_until_it_is_handled(self):
        debtor = self._debtor_with((100, 10))
        request = debtor._declare("message", source="call", text="Call me back")
        self._assert_work(debtor, "request")
        self.assertIn("a request to handle", debtor.work_sentence)
        request.sudo().state = "done"
        self._assert_work(debtor, "none")

    def test_the_columns_of_the_kanban_come_by_urgency(self):
        self._debtor_with((1000, -40), name="Call")
        self._debtor_with((1000, 5), name="Reply").answered = True
        self._debtor_with((1000, 5), name="Back").next_action_date = self.today
        debtors = self.env["recouvrement.debtor"].with_context(read_group_expand=True)
        groups = debtors.web_read_group(
            [("to_work", "=", True)], ["work_kind"], ["overdue_amount:sum"]
        )["groups"]
        kinds = [group["work_kind"] for group in groups]
        self.assertEqual(kinds, ["reply", "callback", "call"])

    def test_settings_apply_at_once(self):
        debtor = self._debtor_with((1000, -40))
        self.company.recouvrement_call_amount = 1000.01
        self._assert_work(debtor, "none")
        self.company.write(
            {"recouvrement_call_amount": 0, "recouvrement_silence_days": 35}
        )
        self._assert_work(debtor, "call")
        self.company.recouvrement_silence_days = 36
        self._assert_work(debtor, "none")

    # ------------------------------------------------------------------
    # ANOTHER DAY, OTHER PEOPLE
    # ------------------------------------------------------------------

    def test_the_first_opening_of_a_day_computes_it(self):
        """The nightly action did not run."""
        debtor = self._debtor_with((1000, -14))
        self._assert_work(debtor, "none")
        self.env.flush_all()
        with freeze_time(self._day(1)):
            worklist = self.env["recouvrement.debtor"].with_context(
                recouvrement_worklist=True
            )
            domain = [("to_work", "=", True), ("id", "=", debtor.id)]
            self.assertFalse(self.env["recouvrement.debtor"].search(domain))
            self.assertEqual(worklist.search(domain), debtor)
            self.assertEqual(self.company.recouvrement_work_day, self._day(1))
            before = self.env.cr.sql_log_count
            worklist.search(domain)
            self.assertLessEqual(self.env.cr.sql_log_count - before, 2)

    def test_the_tabs_count_every_kind_a_debtor_needs(self):
        both = self._debtor_with((1000, -40), name="Both")
        both.next_action_date = self.today
        held = self._debtor_with((700, -40), name="Held")
        held._hold(self._day(2), "Wait")
        self._debtor_with((500, -40), name="Call")
        fine = self._debtor_with((900, 5), name="Fine")
        domain = [("company_id", "=", self.company.id)]
        tabs = {
            tab["code"]: (tab["count"], tab["amount"])
            for tab in self.env["recouvrement.debtor"].get_work_tabs(domain)
        }
        self.assertEqual(tabs["all"], (2, 1500))
        self.assertEqual(tabs["call"], (2, 1500))
        self.assertEqual(tabs["callback"], (1, 1000))
        self.assertEqual(tabs["held"], (1, 700))
        self.assertEqual(tabs["reply"], (0, 0))
        self.assertFalse(fine.to_work)

    def test_the_tabs_count_only_what_the_user_may_see(self):
        collector = self._make_user("collector")
        other = self._make_user("collector", login="test_collector_2")
        self._debtor_with((1000, -40), name="Own").collector_id = collector
        self._debtor_with((1000, -40), name="Foreign").collector_id = other
        tabs = self.env["recouvrement.debtor"].with_user(collector).get_work_tabs([])
        self.assertEqual({tab["code"]: tab["count"] for tab in tabs}["call"], 1)

    def test_the_queue_is_the_whole_list_in_its_order(self):
        self._rules(("overdue_amount", 1000, 10))
        last = self._debtor_with((400, -40), name="Last")
        first = self._debtor_with((2000, -40), name="First")
        domain = [("id", "in", (last | first).ids)]
        debtors = self.env["recouvrement.debtor"]
        self.assertEqual(debtors.get_work_queue(domain), [first.id, last.id])
        order = "overdue_amount asc"
        self.assertEqual(debtors.get_work_queue(domain, order), [last.id, first.id])

    def test_rules_of_two_companies_do_not_mix(self):
        other = self.setup_other_company()["company"]
        self._rules(("overdue_amount", 100, 10))
        self.env["recouvrement.priority.rule"].sudo().create(
            {
                "criterion": "overdue_amount",
                "threshold": 1,
                "points": 77,
                "company_id": other.id,
            }
        )
        self.assertEqual(self._debtor_with((1000, -20)).priority_score, 10)

    def test_only_the_credit_manager_changes_the_rules(self):
        rule = self._rules(("overdue_amount", 100, 10))
        for role in ("collector", "accountant", "auditor", "salesperson"):
            user = self._make_user(role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                rule.with_user(user).points = 99
        rule.with_user(self._make_user("manager")).points = 99

    # ------------------------------------------------------------------
    # HAND-OVER
    # ------------------------------------------------------------------

    def _hand_over(self, debtors, user, collector, **vals):
        wizard = (
            self.env["recouvrement.handover.wizard"]
            .with_user(user)
            .with_context(active_model="recouvrement.debtor", active_ids=debtors.ids)
            .create(
                {"collector_id": collector.id, "note": "Calls in the morning"} | vals
            )
        )
        wizard.action_confirm()

    def test_a_collector_hands_the_own_debtors_over_with_a_word(self):
        collector = self._make_user("collector")
        colleague = self._make_user("collector", login="test_collector_2")
        debtor = self._debtor_with((1000, -40))
        debtor.collector_id = collector
        self._hand_over(debtor, collector, colleague)
        self.assertEqual(debtor.collector_id, colleague)
        event = debtor.event_ids[0]
        self.assertEqual((event.kind, event.user_id), ("assignment", collector))
        self.assertEqual(event.detail, "Calls in the morning")
        activity = debtor.activity_ids
        self.assertEqual(activity.user_id, colleague)
        self.assertIn("Calls in the morning", activity.note)

    def test_a_collector_does_not_hand_over_what_is_not_the_own(self):
        collector = self._make_user("collector")
        colleague = self._make_user("collector", login="test_collector_2")
        nobodys = self._debtor_with((1000, -40))
        nobodys.collector_id = False
        with self.assertRaises(UserError):
            self._hand_over(nobodys, collector, colleague)
        manager = self._make_user("manager")
        self._hand_over(nobodys, manager, colleague)
        self.assertEqual(nobodys.collector_id, colleague)

    def test_debtors_go_to_collectors_of_their_company_only(self):
        debtor = self._debtor_with((1000, -40))
        other = self.setup_other_company()["company"]
        stranger = self._make_user("collector")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        manager = self._make_user("manager")
        for target in (stranger, self._make_user("salesperson")):
            with self.subTest(target=target.name):
                with self.assertRaises(UserError):
                    self._hand_over(debtor, manager, target)
