"""What a user tries by remote calls, past the screens, and by the wizards."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import ROLES, AccessCommon


@tagged("post_install", "-at_install")
class TestAccessCalls(AccessCommon):
    def test_read_only_fields_of_a_debtor_are_refused_to_every_role(self):
        tampering = {
            "open_amount": 0.0,
            "overdue_amount": 0.0,
            "policy_id": False,
            "contact_id": False,
            "priority_score": 1e9,
            "last_reminder_date": False,
            "hold_until": self.today + timedelta(days=900),
            "hold_user_id": self.env.ref("base.user_admin").id,
            "partner_id": self.partner_a.id,
        }
        for role in ("collector", "accountant", "manager"):
            for field, value in tampering.items():
                with self.subTest(role=role, field=field):
                    with self.assertRaises(AccessError):
                        self._rpc(role, self.own, "write", {field: value})
                    with self.assertRaises(AccessError):
                        self._rpc(
                            role, self.own, "web_save", {field: value}, specification={}
                        )

    def test_the_collector_works_on_the_own_debtor(self):
        self._rpc(
            "collector",
            self.own,
            "web_save",
            {"next_action": "Call", "next_action_date": "2030-01-02", "note": "x"},
            specification={},
        )
        self.assertEqual(self.own.next_action, "Call")

    def test_a_reminder_is_not_moved_on_by_writing_its_state(self):
        reminder = self._reminders(self.own)
        for role in ("collector", "manager"):
            for vals in (
                {"state": "sent"},
                {"state": "approved"},
                {"date_sent": "2020-01-01"},
                {"amount_net": 1.0},
                {"level_id": self.levels[2].id},
                {"debtor_id": self.nobodys.id},
                {"approved_by_id": False},
                {"is_test": True},
            ):
                with self.subTest(role=role, vals=vals), self.assertRaises(AccessError):
                    self._rpc(role, reminder, "write", vals)
        self.assertEqual(reminder.state, "proposed")

    def test_private_methods_are_not_callable(self):
        reminder = self._reminders(self.own)
        for method in ("_confirm_sent", "_mark_failed", "_cancel", "_queue", "_send"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("manager", reminder, method)
        with self.assertRaises(AccessError):
            self._rpc("manager", self.own, "_hold", "2030-01-01", "why")

    def test_a_collector_cannot_approve_for_the_manager(self):
        reminder = self._manager_reminder()
        for method in ("action_approve", "action_send_now"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("collector", reminder, method)
        self.assertEqual(reminder.state, "proposed")
        self._rpc("manager", reminder, "action_approve")
        self.assertEqual(reminder.state, "approved")
        self.assertEqual(reminder.approved_by_id, self.users["manager"])

    def test_a_text_the_manager_approved_is_not_changed_by_a_collector(self):
        reminder = self._manager_reminder()
        self._rpc("collector", reminder, "write", {"subject": "Draft"})
        self._rpc("manager", reminder, "action_approve")
        with self.assertRaises(AccessError):
            self._rpc("collector", reminder, "write", {"body": "<p>Other</p>"})
        self._rpc("manager", reminder, "write", {"subject": "Final"})
        self.assertEqual(reminder.subject, "Final")

    def test_a_sent_text_is_a_record(self):
        reminder = self._reminders(self.own)
        self._rpc("collector", reminder, "action_approve")
        reminder._confirm_sent()
        for vals in ({"subject": "x"}, {"body": "x"}, {"channel": "call"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._rpc("manager", reminder, "write", vals)
        self._rpc("collector", reminder, "write", {"tracking_number": "1A 234"})
        self.assertEqual(reminder.tracking_number, "1A 234")

    def _manager_reminder(self):
        reminder = self._reminders(self.own)
        reminder.level_id.approval = "manager"
        return reminder

    def test_collectors_move_reminders_on_by_the_buttons(self):
        reminder = self._reminders(self.own)
        line = reminder.line_ids.filtered("claimed")[:1]
        self._rpc("collector", line, "action_remove")
        self.assertEqual(
            (line.role, line.reason, line.claimed), ("out", "removed", False)
        )
        self._rpc("collector", line, "action_put_back")
        self.assertEqual((line.role, line.claimed), ("chase", True))
        self._rpc("collector", reminder, "action_approve")
        self.assertEqual(reminder.state, "approved")
        self._rpc("collector", reminder, "action_back_to_proposed")
        self.assertEqual(reminder.state, "proposed")
        self._rpc("collector", reminder, "action_cancel")
        self.assertEqual(reminder.state, "cancelled")

    def test_readers_cannot_press_the_buttons(self):
        reminder = self._reminders(self.own)
        buttons = [
            (reminder, "action_approve"),
            (reminder, "action_cancel"),
            (reminder, "action_send_now"),
            (reminder.line_ids[0], "action_remove"),
            (self.own, "action_mark_answer_read"),
        ]
        for role in ("salesperson", "auditor"):
            for records, method in buttons:
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, records, method)
        for role in ("salesperson", "auditor", "accountant"):
            for method in ("action_send", "action_cancel"):
                self._reminders(self.nobodys).filtered(
                    lambda r: r.state == "proposed"
                ).action_approve()
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        self._rpc(role, self.campaign, method)

    def test_lines_of_a_reminder_are_not_written(self):
        line = self._reminders(self.own).line_ids[0]
        for role in ROLES:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, line, "write", {"claimed": False})

    def test_the_history_is_written_by_nobody(self):
        event = self.own._log_event("note", "Fact")
        for role in ROLES:
            events = event.browse()
            with self.subTest(role=role):
                with self.assertRaises(UserError):
                    self._rpc(role, event, "write", {"summary": "Fiction"})
                with self.assertRaises(AccessError):
                    self._rpc(role, event, "unlink")
                with self.assertRaises(AccessError):
                    self._as(events, role).create(
                        {
                            "debtor_id": self.own.id,
                            "company_id": self.company.id,
                            "kind": "note",
                            "summary": "Forged",
                        }
                    )
        with self.assertRaises(UserError):
            event.sudo().write({"summary": "Fiction"})
        with self.assertRaises(UserError):
            event.sudo().unlink()

    def test_a_campaign_state_is_not_written(self):
        runs = self._as(self.env["recouvrement.dunning.run"], "manager")
        for vals in ({"state": "sending"}, {"cursor_debtor_id": 1}, {"nightly": True}):
            with self.subTest(vals=vals):
                with self.assertRaises(AccessError):
                    runs.create(vals)
                with self.assertRaises(AccessError):
                    self._rpc("manager", self.campaign, "write", vals)

    def test_a_collector_chases_only_the_own_portfolio(self):
        runs = self._as(self.env["recouvrement.dunning.run"], "collector")
        own = runs.create({})
        self.assertEqual(own.collector_ids, self.users["collector"])
        for collectors in ([], self.other_collector.ids):
            with self.subTest(collectors=collectors), self.assertRaises(AccessError):
                runs.create({"collector_ids": [Command.set(collectors)]})
        with self.assertRaises(AccessError):
            own.write({"collector_ids": [Command.clear()]})

    def test_a_collector_does_not_cancel_the_campaign_of_others(self):
        self.assertTrue(self._as(self.campaign, "collector").has_access("read"))
        with self.assertRaises(AccessError):
            self._rpc("collector", self.campaign, "action_cancel")
        self.assertEqual(self.campaign.state, "proposed")

    def test_approving_all_takes_what_the_collector_may_approve(self):
        reminders = self._reminders(self.debtors)
        self._rpc("collector", self.campaign, "action_approve_all")
        approved = reminders.filtered(lambda r: r.state == "approved")
        self.assertEqual(approved.debtor_id, self.own | self.nobodys)

    def test_a_journal_item_is_marked_by_the_wizard_only(self):
        line = self._items(self.own_invoice())
        for role in ("salesperson", "collector", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(
                    role,
                    line,
                    "write",
                    {"collection_mark": "disputed", "collection_reason": "x"},
                )

    def own_invoice(self):
        return self.env["account.move"].search(
            [("partner_id", "=", self.own.partner_id.id)], limit=1
        )

    # ------------------------------------------------------------------
    # WIZARDS
    # ------------------------------------------------------------------

    def _status_wizard(self, role, debtor, **vals):
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", debtor.id)]
        )
        return (
            self._as(self.env["recouvrement.status.wizard"], role)
            .with_context(active_model=items._name, active_ids=items.ids)
            .create({"status": "disputed", "reason": "Broken goods", **vals})
        )

    def test_collector_and_accountant_change_the_status_with_a_trace(self):
        for role, debtor in (("collector", self.own), ("accountant", self.foreign)):
            wizard = self._status_wizard(
                role, debtor, status="to_verify", until=self.today
            )
            wizard.action_confirm()
            lines = wizard.move_line_ids.sudo()
            with self.subTest(role=role):
                self.assertEqual(set(lines.mapped("collection_status")), {"to_verify"})
                self.assertEqual(lines[0].collection_until, self.today)
                event = debtor.event_ids[0]
                self.assertEqual(event.kind, "status")
                self.assertEqual(event.user_id, self.users[role])
                self.assertEqual(event.detail, "Broken goods")

    def test_excluding_and_chasing_again(self):
        self._status_wizard("collector", self.own, status="excluded").action_confirm()
        line = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", self.own.partner_id.id)], limit=1
            )
        )
        self.assertTrue(line.no_followup)
        self._status_wizard("collector", self.own, status="to_chase").action_confirm()
        self.assertFalse(line.no_followup)
        self.assertEqual(line.collection_status, "to_chase")

    def test_a_collector_does_not_mark_foreign_items(self):
        with self.assertRaises(AccessError):
            self._status_wizard("collector", self.foreign).action_confirm()

    def test_items_paid_meanwhile_are_refused(self):
        wizard = self._status_wizard("collector", self.own)
        self._pay(
            self.env["account.move"].search(
                [("partner_id", "=", self.own.partner_id.id)], limit=1
            )
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_readers_open_no_wizard(self):
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._status_wizard(role, self.own)

    def _hold_wizard(self, role, debtors, days=5, reason="Talks"):
        return (
            self._as(self.env["recouvrement.hold.wizard"], role)
            .with_context(active_model=debtors._name, active_ids=debtors.ids)
            .create({"until": self.today + timedelta(days=days), "reason": reason})
        )

    def test_hold_and_release_leave_a_trace(self):
        for role in ("collector", "accountant", "manager"):
            self._hold_wizard(role, self.own | self.nobodys).action_confirm()
            with self.subTest(role=role):
                self.assertTrue(self.own.is_held and self.nobodys.is_held)
                self.assertEqual(self.own.hold_user_id, self.users[role])
                self.assertEqual(self.own.event_ids[0].kind, "hold")
                self.assertEqual(self.own.event_ids[0].detail, "Talks")
                self._rpc(role, self.own, "action_release_hold")
                self.assertFalse(self.own.hold_until)

    def test_hold_needs_a_day_to_come_and_the_own_portfolio(self):
        with self.assertRaises(UserError):
            self._hold_wizard("collector", self.own, days=-1).action_confirm()
        with self.assertRaises(UserError):
            self._hold_wizard("collector", self.own, reason=" ").action_confirm()
        with self.assertRaises(AccessError):
            self._hold_wizard("collector", self.foreign).action_confirm()

    def test_the_manager_hands_a_portfolio_to_a_substitute(self):
        substitute = self._make_user("collector", login="test_substitute")
        wizard = self._as(self.env["recouvrement.assign.wizard"], "manager").create(
            {
                "from_collector_id": self.users["collector"].id,
                "collector_id": substitute.id,
            }
        )
        self.assertEqual(wizard.debtor_count, 1)
        wizard.action_confirm()
        self.assertEqual(self.own.collector_id, substitute)
        self.assertEqual(self.foreign.collector_id, self.other_collector)
        self.assertEqual(self.own.event_ids[0].kind, "assignment")
        self.assertTrue(self.own.with_user(substitute).has_access("write"))
        self.assertFalse(self._as(self.own, "collector").has_access("read"))

    def test_assigning_nobody_is_refused(self):
        wizard = self._as(self.env["recouvrement.assign.wizard"], "manager").create(
            {"debtor_ids": [Command.set(self.own.ids)]}
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_stopping_a_policy_keeps_the_reason(self):
        self._as(self.env["recouvrement.stop.wizard"], "manager").with_context(
            active_model=self.policy._name, active_ids=self.policy.ids
        ).create({"reason": "Invoicing error"}).action_confirm()
        self.assertEqual(self.policy.state, "stopped")
        self.assertIn("Invoicing error", self.policy.why_nobody)

    def test_open_items_as_of_a_past_day(self):
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.nobodys.partner_id.id)], limit=1
        )
        self._pay(invoice)
        wizards = self._as(self.env["recouvrement.as.of.wizard"], "auditor")
        action = wizards.create({"date": self.today - timedelta(days=1)}).action_open()
        items = self.env["recouvrement.open.item"].with_context(**action["context"])
        domain = [("move_id", "=", invoice.id)]
        self.assertEqual(items.search(domain).amount_residual, 2000)
        self.assertFalse(self.env["recouvrement.open.item"].search(domain))
        with self.assertRaises(UserError):
            wizards.create({"date": self.today + timedelta(days=1)}).action_open()
