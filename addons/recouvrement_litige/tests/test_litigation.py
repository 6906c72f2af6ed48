"""A litigation file from its transfer to its end."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .litigation_common import LitigationCommon


@tagged("post_install", "-at_install")
class TestLitigation(LitigationCommon):
    # ------------------------------------------------------------------
    # TRANSFER
    # ------------------------------------------------------------------

    def test_items_transferred_leave_the_reminders_and_stay_in_the_receivables(self):
        before = self.debtor.open_amount
        litigation = self._file()
        self._settle()
        self.assertEqual(set(self._statuses()), {"litigation"})
        self.assertEqual(litigation.amount_transferred, 900)
        self.assertEqual(litigation.amount_open, 900)
        self.assertEqual(self.debtor.open_amount, before)
        self.assertRegex(litigation.name, r"^CTX/\d{4}/\d{4}$")
        reasons = set(self._decisions(self.debtor).mapped("reason"))
        self.assertEqual(reasons, {"litigation"})

    def test_the_transfer_is_in_the_history_and_in_the_thread(self):
        litigation = self._file()
        events = self.debtor.event_ids.filtered(lambda one: one.kind == "litigation")
        self.assertIn(litigation.name, events[0].summary)
        self.assertTrue(litigation.message_ids)

    def test_an_item_is_in_one_open_file_only(self):
        first = self._file(self.lines[0])
        with self.assertRaises(UserError):
            self._file(self.lines[:2])
        self._file(self.lines[1:])
        first._close("abandoned", "Too small")
        self._file(self.lines[0])

    def test_what_is_settled_or_of_another_customer_is_refused(self):
        other = self._make_debtor("Other")
        with self.assertRaises(UserError):
            self._file(self._open_lines(other))
        self._pay(self.lines[0].move_id)
        with self.assertRaises(UserError):
            self._file(self.lines[0])
        with self.assertRaises(UserError):
            self._file(self.lines.browse())

    def test_an_item_in_insolvency_is_refused(self):
        self.lines[0]._set_collection_status("insolvency", "Judgment")
        with self.assertRaises(UserError):
            self._file(self.lines[0])

    def test_items_are_added_and_taken_out(self):
        litigation = self._file(self.lines[0])
        litigation._add_items(self.lines[1])
        self.assertEqual(litigation.amount_transferred, 600)
        self.assertEqual(litigation.amount_open, 600)
        rows = litigation.line_ids
        rows.filtered(lambda row: row.move_line_id == self.lines[0]).action_withdraw()
        self.assertEqual(self._statuses(), ["to_chase", "litigation", "to_chase"])
        self.assertEqual(litigation.amount_open, 300)
        with self.assertRaises(UserError):
            litigation.line_ids.filtered("is_live").action_withdraw()

    def test_items_marked_by_hand_before_get_a_file_to_prepare(self):
        self.lines[:2]._set_collection_status("litigation", "At the lawyer's")
        other = self._make_debtor("Other")
        theirs = self._open_lines(other)
        theirs._set_collection_status("litigation", "Summons served")
        self._file(self.lines[2])
        files = self.files._take_over_marks()
        found = {one.debtor_id: one.line_ids.move_line_id for one in files}
        self.assertEqual(found[self.debtor], self.lines[:2])
        self.assertEqual(found[other], theirs)
        self.assertEqual(set(files.stage_id.mapped("code")), {"prepare"})
        mine = files.filtered(lambda one: one.debtor_id == other)
        self.assertIn("Summons served", mine.note)
        self.assertFalse(self.files._take_over_marks())

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def test_a_payment_order_from_the_application_to_the_title(self):
        with self._on("2026-09-14"):
            litigation = self._file(date_open="2026-09-14")
            self._do(litigation, "application", day=self._date("2026-09-14"))
        self.assertEqual(litigation.stage_id.code, "proceedings")
        self.assertFalse(self._step(litigation, "serve").date_due)
        with self._on("2026-10-01"):
            self._do(litigation, "order", day=self._date("2026-09-30"))
        self.assertEqual(litigation.order_date, self._date("2026-09-30"))
        serve = self._step(litigation, "serve")
        self.assertEqual(serve.date_due, self._date("2026-12-30"))
        deadline = self._deadline(litigation, "serve")
        self.assertEqual(deadline.date_due, serve.date_due)
        self.assertTrue(deadline.lapse_text)
        with self._on("2026-10-20"):
            self._do(litigation, "serve", day=self._date("2026-10-15"))
        event = serve.prescription_event_id
        self.assertEqual(event.kind_id.code, "payment_order")
        self.assertEqual(event.line_ids, self.lines)
        self.assertEqual(self._deadline(litigation, "serve").state, "done")
        self.assertEqual(
            self._step(litigation, "term").date_due, self._date("2026-11-16")
        )
        self.assertEqual(
            self._step(litigation, "enforceable").date_due, self._date("2026-12-15")
        )
        with self._on("2026-12-16"):
            granted = {"name": "2026IP00042", "amount_principal": 900}
            self._do(
                litigation,
                "enforceable",
                day=self._date("2026-12-16"),
                granted=granted,
            )
        title = litigation.title_id
        self.assertEqual(litigation.stage_id.code, "title")
        self.assertEqual(title.date, self._date("2026-09-30"))
        self.assertEqual(title.served_on, self._date("2026-10-15"))
        self.assertEqual(title.amount_total, 900)
        self.assertEqual(title.date_expiry, self._date("2036-10-15"))
        self.assertEqual(title.prescription_event_id.kind_id.code, "title")
        self.assertEqual(self._step(litigation, "opposition").state, "void")

    def _date(self, text):
        return type(self.today).fromisoformat(text)

    def test_the_limit_dates_of_the_items_move_with_the_service(self):
        self.debtor._process_dirty()
        before = self.lines[0].limit_date
        litigation = self._file()
        self._do(litigation, "application")
        self._do(litigation, "order")
        self._settle()
        self.env.invalidate_all()
        self.assertEqual(self.lines[0].limit_date, before, "filing moves nothing")
        self._do(litigation, "serve")
        self._settle()
        self.env.invalidate_all()
        self.assertGreater(self.lines[0].limit_date, before)
        served = self.lines[0].limit_date
        step = self._step(litigation, "serve")
        step._undo("Served on somebody else")
        self._settle()
        self.env.invalidate_all()
        self.assertEqual(self.lines[0].limit_date, before)
        self.assertNotEqual(before, served)
        self.assertEqual(step.state, "todo")

    def test_the_date_of_the_order_decides_on_the_regime(self):
        litigation = self._file(procedure="payment_order_2026_09")
        with self._on("2026-09-20"):
            self._do(litigation, "application", day=self._date("2026-08-20"))
            self._do(litigation, "order", day=self._date("2026-08-31"))
        old = self._procedure("payment_order_before_2026_09")
        self.assertEqual(litigation.procedure_id, old)
        serve = self._step(litigation, "serve")
        self.assertEqual(serve.template_id.procedure_id, old)
        self.assertEqual(serve.date_due, self._date("2027-03-01"))
        self.assertFalse(self._step(litigation, "produce"))
        self.assertTrue(self._step(litigation, "application").date_done)
        with self._on("2026-09-25"):
            order = self._step(litigation, "order")
            order._undo("Wrong day")
            order._set_done(self._date("2026-09-21"))
        self.assertEqual(litigation.procedure_id, self._procedure())
        self.assertEqual(
            self._step(litigation, "serve").date_due, self._date("2026-12-21")
        )
        self.assertTrue(self._step(litigation, "produce"))

    def test_every_step_says_what_recording_it_does(self):
        """The form of each step of each procedure opens, with its words."""
        steps = self.env["recouvrement.litigation.step"]
        for procedure in self.env["recouvrement.procedure"].search([]):
            litigation = self._file(procedure=procedure.code)
            for step in litigation.step_ids:
                action = step.action_done()
                form = Form(
                    self.env[action["res_model"]].with_context(**action["context"])
                )
                effect = form.effect or ""
                with self.subTest(procedure=procedure.code, step=step.code):
                    kind = step.template_id.prescription_kind_id
                    moves = kind and kind.effect != "none"
                    self.assertEqual(bool(moves and kind.name in effect), bool(moves))
                steps |= step
            unsure = procedure.confidence != "S"
            self.assertEqual(bool(litigation.confidence_note), unsure)
            litigation._close("abandoned", "Next")
        self.assertGreater(len(steps), 80)

    def test_an_objection_calls_the_steps_that_follow_and_voids_the_others(self):
        litigation = self._file()
        for code in ("application", "order", "serve"):
            self._do(litigation, code)
        self.assertFalse(self._deadline(litigation, "notice"))
        self._do(litigation, "opposition")
        self.assertEqual(self._step(litigation, "enforceable").state, "void")
        self.assertEqual(self._deadline(litigation, "enforceable").state, "void")
        self.assertTrue(self._deadline(litigation, "notice"))
        self._step(litigation, "opposition")._undo("Another case")
        self.assertEqual(self._step(litigation, "enforceable").state, "todo")
        self.assertEqual(self._deadline(litigation, "enforceable").state, "todo")

    def test_a_rejected_application_leaves_nothing_to_serve(self):
        litigation = self._file()
        self._do(litigation, "application")
        self._do(litigation, "rejected")
        for code in ("order", "serve", "term", "enforceable"):
            self.assertEqual(self._step(litigation, code).state, "void", code)

    def test_a_step_is_recorded_on_its_day_and_after_the_one_before(self):
        litigation = self._file()
        with self.assertRaises(UserError):
            self._do(litigation, "application", day=1)
        self._do(litigation, "application", day=-3)
        self._do(litigation, "order", day=-1)
        with self.assertRaises(UserError):
            self._do(litigation, "serve", day=-2)
        with self.assertRaises(UserError):
            self._do(litigation, "application")
        with self.assertRaises(UserError):
            self._step(litigation, "serve")._undo("Not done")
        self._do(litigation, "serve")
        with self.assertRaises(UserError):
            self._step(litigation, "order")._undo("Served already")

    def test_the_day_that_a_court_fixes_goes_before_the_delay(self):
        litigation = self._file(procedure="summons")
        hearing = self._step(litigation, "hearing")
        hearing.date_fixed = self._day(60)
        self.assertEqual(hearing.date_due, self._day(60))
        place = self._step(litigation, "place_commercial")
        self.assertTrue(place.date_due)
        self.assertLessEqual(place.date_due, self._day(52))
        hearing.date_fixed = self._day(90)
        self.assertLessEqual(place.date_due, self._day(82))
        self.assertGreater(place.date_due, self._day(60))
        self.assertEqual(self._deadline(litigation, "hearing").date_due, self._day(90))

    def test_the_steps_are_those_of_the_court_and_of_the_amount(self):
        litigation = self._file(procedure="summons")
        self.assertTrue(self._step(litigation, "place_commercial"))
        self.assertFalse(self._step(litigation, "conciliation"))
        person = self._make_debtor("Jean Durand", is_company=False)
        consumer = self._file(debtor=person, procedure="summons")
        self.assertTrue(self._step(consumer, "conciliation"))
        self.assertTrue(self._step(consumer, "place_civil"))
        self.assertFalse(self._step(consumer, "place_commercial"))

    def test_a_judgment_ends_the_effect_of_the_summons(self):
        litigation = self._file(procedure="summons")
        self._do(litigation, "summons", day=-20)
        event = self._step(litigation, "summons").prescription_event_id
        self.assertFalse(event.date_end)
        self._do(litigation, "decision", day=-2)
        self.assertEqual(event.date_end, self._day(-2))
        self.assertEqual(litigation.title_id.kind, "judgment")

    def test_a_claim_that_is_dismissed_has_no_effect(self):
        litigation = self._file(procedure="summons")
        self._do(litigation, "summons", day=-20)
        self._do(litigation, "dismissed")
        event = self._step(litigation, "summons").prescription_event_id
        self.assertTrue(event.is_void)

    def test_a_formal_notice_is_written_on_the_items(self):
        litigation = self._file(procedure="formal_notice")
        self._do(litigation, "send", day=-1)
        self.assertEqual(set(self.lines.mapped("formal_notice_date")), {self._day(-1)})
        self.assertEqual(litigation.stage_id.code, "formal_notice")
        self.assertTrue(self._step(litigation, "next").date_due)

    def test_the_next_procedure_takes_the_place_of_the_one_before(self):
        litigation = self._file(procedure="formal_notice")
        self._do(litigation, "send", day=-10)
        litigation._start_procedure(self._procedure())
        self.assertEqual(self._step(litigation, "next").state, "done")
        self.assertEqual(self._step(litigation, "received").state, "void")
        self.assertEqual(self._step(litigation, "application").round, 2)
        for code in ("application", "order", "serve"):
            self._do(litigation, code)
        self._do(litigation, "enforceable", granted={"amount_principal": 900})
        litigation._start_procedure(self._procedure("attachment_seizure"))
        self.assertEqual(litigation.procedure_id.code, "attachment_seizure")
        self._do(litigation, "seizure", amount=250)
        self.assertEqual(litigation.stage_id.code, "title")
        self._do(litigation, "instruct")
        self.assertEqual(litigation.stage_id.code, "enforcement")
        event = self._step(litigation, "seizure").prescription_event_id
        self.assertEqual(event.kind_id.code, "enforcement")
        self.assertEqual(self._step(litigation, "seizure").amount, 250)
        litigation._start_procedure(self._procedure("attachment_seizure"))
        self.assertEqual(self._step(litigation, "seizure").round, 4)

    def test_enforcement_starts_the_delay_of_the_title_again(self):
        litigation = self._file(procedure="summons")
        with self._on("2026-12-01"):
            self._do(litigation, "decision", day=self._date("2026-12-01"))
            title = litigation.title_id
            self.assertEqual(title.date_expiry, self._date("2036-12-01"))
            litigation._start_procedure(self._procedure("attachment_seizure"))
        with self._on("2027-03-15"):
            self._do(litigation, "seizure", day=self._date("2027-03-15"))
            self.assertEqual(title.date_expiry, self._date("2037-03-15"))
            self._step(litigation, "seizure")._undo("No account there")
            self.assertEqual(title.date_expiry, self._date("2036-12-01"))
        expiry = self.env["recouvrement.deadline"].search(
            [("res_model", "=", title._name), ("res_id", "=", title.id)]
        )
        self.assertEqual(expiry.date_due, title.date_expiry)

    def test_a_title_that_is_taken_back_is_void(self):
        litigation = self._file(procedure="summons")
        step = self._do(litigation, "decision")
        title = litigation.title_id
        step._undo("Of another case")
        self.assertTrue(title.is_void and title.prescription_event_id.is_void)
        self.assertFalse(litigation.title_id)

    def test_the_calendar_is_that_of_the_court_and_of_the_debtor(self):
        region = self.env["recouvrement.jurisdiction"].create(
            {"name": "TJ Strasbourg", "kind": "tj", "zip": "67000"}
        )
        self.assertEqual(region.region, "alsace_moselle")
        litigation = self._file(jurisdiction_id=region.id)
        self.assertEqual(litigation._get_places(), ("alsace_moselle", 0))
        self.debtor.partner_id.write({"zip": "97400", "city": "Saint-Denis"})
        self.assertEqual(litigation._get_places(), ("alsace_moselle", 1))
        self.debtor.partner_id.country_id = self.env.ref("base.de")
        self.assertEqual(litigation._get_places(), ("alsace_moselle", 2))
        litigation.jurisdiction_id = False
        self.assertEqual(litigation._get_places(), ("metropole", 2))

    def test_another_court_has_the_days_worked_out_again(self):
        litigation = self._file(procedure="protective_seizure")
        with self._on("2025-12-20"):
            self._step(litigation, "leave").sudo().date_done = "2025-12-12"
            self._step(litigation, "seizure").sudo().date_done = "2025-12-18"
            litigation._recompute_steps()
            denounce = self._step(litigation, "denounce")
            self.assertEqual(denounce.date_due, self._date("2025-12-26"))
            litigation.jurisdiction_id = self.env["recouvrement.jurisdiction"].create(
                {"name": "JEX Metz", "kind": "jex", "zip": "57000"}
            )
            self.assertEqual(denounce.date_due, self._date("2025-12-29"))

    def test_a_step_of_ones_own_has_its_deadline(self):
        litigation = self._file()
        steps = self.env["recouvrement.litigation.step"]
        step = steps.create(
            {
                "litigation_id": litigation.id,
                "label": "Call the registry",
                "date_fixed": self._day(5),
            }
        )
        self.assertEqual(step.date_due, self._day(5))
        deadline = self.env["recouvrement.deadline"].search(
            [("res_model", "=", step._name), ("res_id", "=", step.id)]
        )
        self.assertEqual(deadline.name, "Call the registry")
        step._set_done(self.today)
        self.assertEqual(deadline.state, "done")
        other = steps.create({"litigation_id": litigation.id, "label": "Other"})
        other.unlink()

    # ------------------------------------------------------------------
    # END
    # ------------------------------------------------------------------

    def test_a_file_ends_when_the_ledger_settles_all(self):
        litigation = self._file()
        payment = self._pay(self.lines[:2].move_id)
        self._settle()
        self.env.invalidate_all()
        self.assertEqual((litigation.state, litigation.amount_open), ("open", 300))
        self._pay(self.lines[2].move_id)
        self._settle()
        self.env.invalidate_all()
        self.assertEqual(litigation.state, "closed")
        self.assertEqual(litigation.outcome, "paid")
        self.assertEqual(litigation.stage_id.code, "settled")
        self.assertFalse(litigation.next_date)
        open_steps = litigation.step_ids.filtered(
            lambda step: step.state in ("todo", "late")
        )
        self.assertFalse(open_steps)
        payment.action_draft()
        payment.action_cancel()
        self._settle()
        self._night()
        self.assertEqual(litigation.state, "open")
        self.assertEqual(litigation.amount_open, 600)
        self.assertEqual(litigation.stage_id.code, "prepare")
        self.assertEqual(set(self._statuses(self.lines[:2])), {"litigation"})
        self.assertTrue(litigation.next_date)

    def test_a_partial_payment_and_a_credit_note_take_their_part(self):
        litigation = self._file()
        self._pay(self.lines[0].move_id, amount=100)
        refund = self._make_credit_note(self.debtor.partner_id, 300)
        (self._items(refund) | self.lines[1]).reconcile()
        self._settle()
        self.env.invalidate_all()
        self.assertEqual(litigation.amount_open, 500)
        self.assertEqual(litigation.state, "open")

    def test_a_settlement_lets_the_items_go(self):
        litigation = self._file()
        litigation._close("settlement", "Paid in three months")
        self.assertEqual(set(self._statuses()), {"to_chase"})
        self.assertEqual(litigation.stage_id.code, "settled")
        with self.assertRaises(UserError):
            litigation._close("paid", "Again")
        with self.assertRaises(UserError):
            self._step(litigation, "application")._set_done(self.today)
        litigation.action_reopen()
        self.assertEqual(set(self._statuses()), {"litigation"})
        self.assertEqual(litigation.stage_id.code, "prepare")
        self.assertEqual(self._step(litigation, "application").state, "todo")

    def test_irrecoverable_items_stay_out_until_they_are_written_off(self):
        litigation = self._file()
        wizard = self.env["recouvrement.litigation.close"].create(
            {
                "litigation_id": litigation.id,
                "outcome": "irrecoverable",
                "reason": "No assets",
            }
        )
        action = wizard.action_confirm()
        self.assertEqual(action["res_model"], "recouvrement.write.off.wizard")
        self.assertEqual(set(self._statuses()), {"litigation"})
        ground = self.env.ref("recouvrement.write_off_ground_other")
        write_off = (
            self.env["recouvrement.write.off.wizard"]
            .with_context(**action["context"])
            .create({"ground_id": ground.id})
        )
        self.assertEqual(write_off.total, 900)
        self.assertIn("No assets", write_off.note)
        for line in self.lines:
            refund = self._make_credit_note(self.debtor.partner_id, 300)
            (self._items(refund) | line).reconcile()
        self._settle()
        self.env.invalidate_all()
        self.assertFalse(litigation.line_ids.filtered("is_live"))
        self.assertEqual(litigation.outcome, "irrecoverable")

    def test_by_hand_a_file_moves_among_the_open_stages_only(self):
        litigation = self._file()
        decision = self.files._get_stage("decision")
        litigation.with_user(self.env.user).stage_id = decision
        settled = self.files._get_stage("settled")
        with self.assertRaises(UserError):
            litigation.with_user(self.env.user).stage_id = settled
        with self.assertRaises(AccessError):
            litigation.with_user(self.env.user).write({"state": "closed"})
        with self.assertRaises(UserError):
            litigation.unlink()

    # ------------------------------------------------------------------
    # NIGHT: TERMS, ALERTS, ESCALATIONS
    # ------------------------------------------------------------------

    def test_a_term_that_only_runs_is_over_by_itself(self):
        litigation = self._file(procedure="formal_notice")
        self._do(litigation, "send")
        term = self._step(litigation, "term")
        with self._on(self._between(term.date_due, 1)):
            self._night()
        self.assertEqual((term.state, term.date_done), ("done", term.date_due))
        self.assertTrue(self._step(litigation, "next").date_due)

    def test_what_may_not_happen_is_never_late(self):
        litigation = self._file(procedure="formal_notice")
        self._do(litigation, "send")
        received = self._step(litigation, "received")
        with self._on(self._between(received.date_due, 10)):
            self._night()
            litigation._recompute_steps()
        self.assertEqual(received.state, "todo")
        self.assertFalse(self._deadline(litigation, "received"))

    def test_a_title_is_never_given_by_time_alone(self):
        litigation = self._file()
        for code in ("application", "order", "serve"):
            self._do(litigation, code)
        enforceable = self._step(litigation, "enforceable")
        with self._on(self._between(enforceable.date_due, 10)):
            self._night()
        self.assertEqual(enforceable.state, "todo")
        self.assertFalse(litigation.title_ids)

    def _between(self, day, days):
        return str(day + timedelta(days=days))

    def test_who_is_responsible_is_told_before_and_the_manager_after_once(self):
        litigation = self._file()
        self._do(litigation, "application")
        self._do(litigation, "order")
        serve = self._deadline(litigation, "serve")
        with self._on(self._between(serve.date_due, -31)):
            self._night()
        self.assertFalse(serve.alerted_on)
        with self._on(self._between(serve.date_due, -30)):
            self._night()
            self._night()
        activity = serve.alert_activity_id
        self.assertEqual(activity.user_id, litigation.user_id)
        self.assertEqual(activity.res_model, "recouvrement.litigation")
        named = litigation.activity_ids.filtered(
            lambda one: serve.name in (one.summary or "")
        )
        self.assertEqual(len(named), 1)
        with self._on(self._between(serve.date_due, -9)):
            self._night()
            self._night()
        self.assertTrue(serve.escalated_on, "ten days before it is lost")
        self.assertTrue(serve.escalation_activity_id)
        with self._on(str(serve.date_due)):
            self._do(litigation, "serve", day=serve.date_due)
        self.assertFalse(activity.exists())
        self.assertFalse(serve.escalation_activity_id.exists())

    def test_the_manager_of_litigation_is_the_one_of_the_company(self):
        manager = self._make_user("manager", login="litigation_manager")
        self.company.recouvrement_litigation_manager_id = manager
        litigation = self._file()
        deadline = self._deadline(litigation, "application")
        with self._on(self._between(deadline.date_due, 10)):
            self._night()
        self.assertEqual(deadline.escalation_activity_id.user_id, manager)
        self.assertEqual(deadline.state, "late")
        self.assertEqual(self._step(litigation, "application").state, "late")
        self.assertEqual(litigation.urgency, "late")
        self.assertEqual(litigation.late_count, 1)

    def test_a_night_that_comes_after_a_payment_told_nobody_closes_the_file(self):
        litigation = self._file()
        for move in self.lines.move_id:
            self._pay(move)
        self._night()
        self.assertEqual(litigation.state, "closed")
