"""Contacts: logged in one dialog, kept for good, and what they change."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .access_common import AccessCommon


class InteractionCommon(AccessCommon):
    def _get_outcome(self, code):
        return self.env.ref(f"recouvrement.interaction_outcome_{code}")

    def _get_cause(self, code):
        return self.env.ref(f"recouvrement.nonpayment_cause_{code}")

    def _log(self, debtor=None, role="collector", outcome="promised", **vals):
        debtor = self._as(debtor or self.own, role)
        return debtor._log_contact(
            {"outcome_id": self._get_outcome(outcome).id, **vals}
        )

    def _dialog(self, debtor=None, role="collector", **context):
        action = self._as(debtor or self.own, role).action_log_contact(
            context.pop("line_ids", None)
        )
        model = self._as(self.env[action["res_model"]], role)
        return Form(model.with_context(**action["context"], **context))


@tagged("post_install", "-at_install")
class TestInteraction(InteractionCommon):
    def test_the_causes_of_the_field_are_data(self):
        codes = self.env["recouvrement.nonpayment.cause"].search([("id", ">", 0)])
        self.assertEqual(
            set(codes.mapped("code")),
            {
                "financial_difficulty",
                "billing_error",
                "service_problem",
                "commercial_dispute",
                "invoice_not_received",
                "payment_circuit",
                "oversight",
            },
        )

    def test_a_contact_is_logged_from_the_dialog(self):
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.own.id)], limit=1
        )
        form = self._dialog(line_ids=items.ids)
        self.assertEqual(form.partner_id, self.own.contact_id)
        self.assertEqual(form.channel, "call_out")
        form.outcome_id = self._get_outcome("will_check")
        form.cause_id = self._get_cause("payment_circuit")
        form.note = "The manager signs on Thursday"
        self.assertGreaterEqual(form.next_action_date, self.today + timedelta(days=3))
        form.save().action_save()
        interaction = self.own.interaction_ids
        self.assertRecordValues(
            interaction,
            [
                {
                    "user_id": self.users["collector"].id,
                    "partner_id": self.own.contact_id.id,
                    "outcome_id": self._get_outcome("will_check").id,
                    "cause_id": self._get_cause("payment_circuit").id,
                    "reached": True,
                    "company_id": self.company.id,
                    "move_line_ids": items.move_line_id.ids,
                }
            ],
        )
        self.assertRecordValues(
            self.own,
            [
                {
                    "last_contact_date": self.today,
                    "last_reached_date": self.today,
                    "last_outcome_id": self._get_outcome("will_check").id,
                    "last_cause_id": self._get_cause("payment_circuit").id,
                    "next_action": "Ask what the check brought",
                }
            ],
        )
        event = self.own.event_ids.filtered(lambda e: e.kind == "contact")
        self.assertIn("Will check", event.summary)
        self.assertIn("In the payment circuit", event.detail)
        self.assertIn("signs on Thursday", event.detail)

    def test_a_new_person_is_written_down_on_the_fly(self):
        form = self._dialog()
        form.new_person = True
        form.new_name = "Mme Petit"
        form.new_phone = "+33 4 72 11 11 11"
        form.outcome_id = self._get_outcome("promised")
        form.save().action_save()
        person = self.own.interaction_ids.partner_id
        self.assertRecordValues(
            person,
            [{"name": "Mme Petit", "parent_id": self.own.partner_id.id}],
        )

    def test_the_quick_choices_skip_the_week_end(self):
        thursday = self.today - timedelta(days=self.today.weekday()) + timedelta(days=3)
        with freeze_time(f"{thursday} 10:00:00"):
            form = self._dialog()
            form.quick_date = "3"
            self.assertEqual(form.next_action_date, thursday + timedelta(days=4))
            form.quick_date = "1"
            self.assertEqual(form.next_action_date, thursday + timedelta(days=1))

    def test_an_attempt_is_a_contact_that_reached_nobody(self):
        self._log(outcome="promised")
        with freeze_time(self.today + timedelta(days=4)):
            self._log(outcome="no_answer")
        self.assertRecordValues(
            self.own,
            [
                {
                    "last_contact_date": self.today + timedelta(days=4),
                    "last_reached_date": self.today,
                    "last_outcome_id": self._get_outcome("no_answer").id,
                }
            ],
        )

    def test_a_call_that_reached_somebody_does_the_step_that_was_due(self):
        self.own.write({"next_action": "Call back", "next_action_date": self.today})
        self._log(outcome="no_answer")
        self.assertEqual(self.own.next_action, "Call back")
        self._log(outcome="promised")
        self.assertFalse(self.own.next_action)
        self.assertFalse(self.own.next_action_date)

    def test_a_step_to_come_is_not_lost(self):
        later = self.today + timedelta(days=20)
        self.own.write({"next_action": "Visit", "next_action_date": later})
        form = self._dialog()
        form.outcome_id = self._get_outcome("promised")
        self.assertEqual(form.next_action, "Visit")
        form.save().action_save()
        self.assertEqual(self.own.next_action_date, later)

    def test_a_logged_call_is_the_call_of_the_policy(self):
        self.levels[1].channel = "call"
        debtor = self._make_debtor("Called", items=((100, -10),))
        with self.mock_mail_gateway():
            self._run_campaign()
        reminder = self._reminders(debtor)
        self.assertEqual(reminder.state, "queued")
        self._log(debtor, outcome="voicemail")
        self.assertEqual(reminder.state, "queued", "nobody was spoken to")
        self._log(debtor, outcome="promised", note="Friday", channel="email")
        self.assertEqual(reminder.state, "queued", "an e-mail is no call")
        self._log(debtor, outcome="promised", note="Pays on Friday")
        self.assertEqual(reminder.state, "sent")
        self.assertIn("Pays on Friday", reminder.outcome)
        self.assertFalse(reminder.activity_id.active)

    def test_a_wrong_number_is_a_defect_until_it_changes(self):
        self.assertFalse(self.own.wrong_phone)
        self._log(outcome="wrong_number")
        self.assertTrue(self.own.wrong_phone)
        self.assertTrue(self.own.has_defect)
        self.assertIn("wrong number", self.own.defect_summary)
        self.own.partner_id.phone = "+33 4 72 99 99 99"
        self.assertFalse(self.own.wrong_phone)
        self.assertFalse(self.own.partner_id.is_phone_wrong)

    def test_a_number_said_to_be_right_after_all_is_no_defect(self):
        self._log(outcome="wrong_number")
        self._as(self.own.partner_id, "collector").action_phone_is_right()
        self.assertFalse(self.own.wrong_phone)

    # ------------------------------------------------------------------
    # A RECORD
    # ------------------------------------------------------------------

    def test_the_author_corrects_on_the_day_only(self):
        interaction = self._log()
        interaction.note = "Corrected"
        interaction.outcome_id = self._get_outcome("disputes")
        self.assertEqual(self.own.last_outcome_id, self._get_outcome("disputes"))
        with self.assertRaises(AccessError):
            self._as(interaction, "manager").write({"note": "x"})
        with (
            freeze_time(self.today + timedelta(days=1)),
            self.assertRaises(AccessError),
        ):
            interaction.write({"note": "Too late"})

    def test_what_is_a_fact_is_not_written_by_hand(self):
        interaction = self._log()
        for vals in (
            {"debtor_id": self.nobodys.id},
            {"user_id": self.users["manager"].id},
            {"date": "2020-01-01 00:00:00"},
            {"is_cancelled": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._rpc("collector", interaction, "write", vals)
        with self.assertRaises(AccessError):
            self._as(self.env["recouvrement.interaction"], "collector").create(
                {"outcome_id": self._get_outcome("promised").id}
            )

    def test_a_contact_is_cancelled_with_a_reason_and_never_deleted(self):
        first = self._log(outcome="promised", cause_id=self._get_cause("oversight").id)
        second = self._log(outcome="refuses", cause_id=self._get_cause("oversight").id)
        with self.assertRaises(UserError):
            second.sudo().unlink()
        with self.assertRaises(AccessError):
            second.unlink()
        with self.assertRaises(UserError):
            second._cancel(" ")
        wizard = self._as(self.env["recouvrement.interaction.cancel"], "collector")
        wizard.create(
            {"interaction_ids": [Command.set(second.ids)], "reason": "Other customer"}
        ).action_confirm()
        self.assertTrue(second.is_cancelled)
        self.assertEqual(self.own.last_outcome_id, first.outcome_id)
        self.assertIn("Other customer", self.own.event_ids.mapped("detail"))

    def test_a_colleague_does_not_cancel_but_a_credit_manager_does(self):
        interaction = self._log()
        with self.assertRaises(AccessError):
            self._as(interaction, "accountant")._cancel("x")
        self._as(interaction, "manager")._cancel("Not this customer")
        self.assertTrue(interaction.is_cancelled)

    def test_items_and_persons_are_the_customers_own(self):
        foreign = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.foreign.id)], limit=1
        )
        with self.assertRaises(UserError):
            self._log(move_line_ids=[Command.set(foreign.move_line_id.ids)])
        with self.assertRaises(ValidationError):
            self._log(partner_id=self.foreign.partner_id.id)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_nobody_logs_on_a_debtor_of_others(self):
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._log(role=role)
        with self.assertRaises(AccessError):
            self._log(self.foreign)
        with self.assertRaises(AccessError):
            self._log(self.elsewhere, role="manager")

    def test_contacts_follow_the_portfolio(self):
        for debtor in self.debtors:
            debtor._log_contact({"outcome_id": self._get_outcome("promised").id})
        expected = {
            "salesperson": self.own,
            "collector": self.own | self.nobodys,
            "accountant": self.debtors,
            "auditor": self.debtors,
            "manager": self.debtors,
        }
        for role, debtors in expected.items():
            found = self._as(self.env["recouvrement.interaction"], role).search(
                [("debtor_id", "in", self.debtors.ids)]
            )
            with self.subTest(role=role):
                self.assertEqual(set(found.sudo().debtor_id.ids), set(debtors.ids))

    def test_the_day_is_that_of_the_user(self):
        self.users["collector"].tz = "Pacific/Auckland"
        with freeze_time("2026-03-10 20:00:00"):
            self._log()
            self.assertEqual(
                self.own.last_contact_date, fields.Date.to_date("2026-03-11")
            )

    # ------------------------------------------------------------------
    # FOLLOW-UPS
    # ------------------------------------------------------------------

    def test_the_dialogs_that_follow_open_with_the_items(self):
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.own.id)]
        )
        form = self._dialog(line_ids=items.ids)
        form.outcome_id = self._get_outcome("disputes")
        wizard = form.save()
        action = wizard.with_context(follow_up="dispute").action_save()
        # Another addon may have a dialog of its own for disputes.
        expected = self.own.action_desk_dispute(items.move_line_id.ids)
        self.assertEqual(action["res_model"], expected["res_model"])
        if action["res_model"] == "recouvrement.status.wizard":
            status = self._as(self.env[action["res_model"]], "collector")
            status = status.with_context(**action["context"])
            status.create({"reason": "Broken"}).action_confirm()
            self.assertEqual(
                set(items.move_line_id.mapped("collection_status")), {"disputed"}
            )
        self.assertEqual(len(self.own.interaction_ids), 1)
        form = self._dialog(line_ids=items.ids)
        form.outcome_id = self._get_outcome("refuses")
        action = form.save().with_context(follow_up="relay").action_save()
        self.assertEqual(action["res_model"], "recouvrement.relay.wizard")
        self.assertEqual(set(action["context"]["default_line_ids"]), set(items.ids))

    def test_a_dispute_needs_items_before_anything_is_logged(self):
        form = self._dialog()
        form.outcome_id = self._get_outcome("disputes")
        with self.assertRaises(UserError):
            form.save().with_context(follow_up="dispute").action_save()
        self.assertFalse(self.own.interaction_ids)

    def test_contacts_per_collector_and_day_take_one_query(self):
        for number in range(30):
            self._log(note=str(number))
        model = self._as(self.env["recouvrement.interaction"], "manager")
        model.formatted_read_group([], ["user_id", "date:day"], ["__count"])
        self.env.flush_all()
        with self.assertQueryCount(4):
            rows = model.formatted_read_group(
                [("debtor_id", "=", self.own.id)], ["user_id", "date:day"], ["__count"]
            )
        self.assertEqual([row["__count"] for row in rows], [30])
