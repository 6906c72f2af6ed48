"""Who changes legal terms, pauses interest and records notices; what is traced."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.account_move_regime import TERMS
from .access_common import ROLES, AccessCommon


@tagged("post_install", "-at_install")
class TestLegalTermsRights(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.env["account.move"].search(
            [("partner_id", "=", cls.own.partner_id.id)], limit=1
        )
        cls.consumer = cls.env.ref("recouvrement.regime_fr_consumer")

    def _change(self, role, reason="Court order", **vals):
        wizard = self._as(self.env["recouvrement.regime.wizard"], role).create(
            {
                "move_ids": [Command.set(self.invoice.ids)],
                "legal_regime_id": self.consumer.id,
                "contractual_rate": 3,
                "reason": reason,
                **vals,
            }
        )
        wizard.action_confirm()

    def test_terms_after_posting_change_with_a_reason_and_a_trace(self):
        for role in ("manager", "accountant"):
            self.invoice.sudo().write(
                {
                    "legal_regime_id": self.env.ref("recouvrement.regime_fr_b2b").id,
                    "contractual_rate": 0,
                }
            )
            self._change(role, reason=f"Asked by the {role}")
            self.assertEqual(self.invoice.legal_regime_id, self.consumer)
            self.assertEqual(self.invoice.contractual_rate, 3)
            event = self.env["recouvrement.event"].search(
                [("debtor_id", "=", self.own.id), ("kind", "=", "regime")], limit=1
            )
            with self.subTest(role=role):
                self.assertEqual(event.user_id, self.users[role])
                self.assertEqual(event.detail, f"Asked by the {role}")
                self.assertIn("Business (France)", event.summary)
                self.assertIn("3.00 %", event.summary)

    def test_a_change_without_a_reason_is_refused(self):
        with self.assertRaises(UserError):
            self._change("manager", reason="  ")

    def test_nobody_else_changes_the_terms(self):
        for role in ("salesperson", "collector", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._change(role)

    def test_the_terms_of_a_posted_document_are_not_written_directly(self):
        for name, value in (
            ("legal_regime_id", self.consumer.id),
            ("contractual_rate", 7),
        ):
            with self.subTest(field=name), self.assertRaises(UserError):
                self._rpc("accountant", self.invoice, "write", {name: value})
        self.assertEqual(set(TERMS), {"legal_regime_id", "contractual_rate"})

    def test_a_reset_draft_does_not_open_the_terms(self):
        self.invoice.sudo().button_draft()
        with self.assertRaises(UserError):
            self._rpc("accountant", self.invoice, "write", {"contractual_rate": 7})

    def test_the_dialog_proposes_the_terms_in_force(self):
        wizards = self._as(self.env["recouvrement.regime.wizard"], "manager")
        form = Form(
            wizards.with_context(
                active_model="account.move", active_ids=self.invoice.ids
            )
        )
        self.assertEqual(form.legal_regime_id, self.invoice.legal_regime_id)
        self.assertEqual(form.move_ids[:], self.invoice)

    # ------------------------------------------------------------------
    # PAUSES AND NOTICES
    # ------------------------------------------------------------------

    def _pause(self, role, debtor, **vals):
        return self._as(self.env["recouvrement.interest.pause"], role).create(
            {
                "debtor_id": debtor.id,
                "kind": "insolvency",
                "date_from": self.today,
                "reason": "Judgment of the commercial court",
                **vals,
            }
        )

    def test_who_may_pause_interest_and_the_trace(self):
        for role in ("collector", "accountant", "manager"):
            pause = self._pause(role, self.own)
            event = self.env["recouvrement.event"].search(
                [("debtor_id", "=", self.own.id), ("kind", "=", "regime")], limit=1
            )
            with self.subTest(role=role):
                self.assertTrue(pause.prior_only)
                self.assertEqual(pause.source, "C. com. art. L622-28")
                self.assertEqual(event.user_id, self.users[role])
                self.assertIn("Judgment", event.detail)
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._pause(role, self.own)
        with self.assertRaises(AccessError):
            self._pause("collector", self.foreign)

    def test_pauses_follow_the_portfolio_and_the_company(self):
        pauses = self._pause("manager", self.own) | self._pause("manager", self.foreign)
        elsewhere = self.env["recouvrement.interest.pause"].sudo()
        elsewhere = elsewhere.create(
            {
                "debtor_id": self.elsewhere.id,
                "reason": "Elsewhere",
                "date_from": self.today,
            }
        )
        model = self.env["recouvrement.interest.pause"]
        for role in ROLES:
            found = self._as(model, role).search(
                [("id", "in", (pauses | elsewhere).ids)]
            )
            expected = pauses[:1] if role in ("salesperson", "collector") else pauses
            with self.subTest(role=role):
                self.assertEqual(set(found.ids), set(expected.ids))

    def test_a_pause_is_checked(self):
        with self.assertRaises(ValidationError):
            self._pause(
                "manager",
                self.own,
                line_ids=[
                    Command.set(
                        self.env["account.move.line"]
                        .search([("partner_id", "=", self.foreign.partner_id.id)])
                        .ids
                    )
                ],
            )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._pause("manager", self.own, date_to=self._day(-1))
                self.env.flush_all()

    def test_only_a_manager_removes_a_pause(self):
        pause = self._pause("collector", self.own)
        with self.assertRaises(AccessError):
            self._as(pause, "collector").unlink()
        self._as(pause, "manager").unlink()
        self.assertFalse(pause.exists())

    def test_a_notice_sent_outside_is_recorded_on_its_items(self):
        item = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.own.id)], limit=1
        )
        wizards = self.env["recouvrement.notice.wizard"]
        vals = {"date": self._day(-3), "reason": "Registered letter 1A"}
        context = {"active_model": item._name, "active_ids": item.ids}
        for role in ("collector", "accountant"):
            wizard = self._as(wizards, role).with_context(**context).create(vals)
            wizard.action_confirm()
            with self.subTest(role=role):
                self.assertEqual(item.move_line_id.formal_notice_date, self._day(-3))
        self.assertEqual(self.own.notice_line_ids, item.move_line_id)
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.own.id), ("kind", "=", "regime")], limit=1
        )
        self.assertEqual(event.detail, "Registered letter 1A")
        with self.assertRaises(AccessError):
            self._as(wizards, "salesperson").create(vals)

    def test_the_day_of_a_notice_is_not_written_directly(self):
        item = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.own.id)], limit=1
        )
        with self.assertRaises(UserError):
            self._rpc(
                "accountant",
                item.move_line_id,
                "write",
                {"formal_notice_date": self.today},
            )

    def test_a_collector_pauses_interest_from_the_form_of_the_debtor(self):
        for role in ("collector", "accountant", "manager"):
            with Form(self._as(self.own, role)) as form:
                form.contractual_rate = 11.5
                with form.pause_ids.new() as pause:
                    pause.kind = "grace"
                    pause.date_to = self._day(30)
                    pause.reason = f"Order, {role}"
            with self.subTest(role=role):
                self.assertEqual(self.own.contractual_rate, 11.5)
                self.assertIn(f"Order, {role}", self.own.pause_ids.mapped("reason"))

    def test_a_notice_is_in_the_past_and_in_the_portfolio(self):
        context = {"active_model": "recouvrement.debtor"}
        future = (
            self._as(self.env["recouvrement.notice.wizard"], "collector")
            .with_context(**context, active_ids=self.own.ids)
            .create({"date": self._day(2), "reason": "x"})
        )
        self.assertEqual(len(future.move_line_ids), 2, "both items are overdue")
        with self.assertRaises(UserError):
            future.action_confirm()
        items = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.foreign.id)]
        )
        foreign = self._as(self.env["recouvrement.notice.wizard"], "collector").create(
            {
                "date": self._day(-2),
                "reason": "x",
                "move_line_ids": [Command.set(items.ids)],
            }
        )
        with self.assertRaises(AccessError):
            foreign.action_confirm()

    # ------------------------------------------------------------------
    # CONFIGURATION
    # ------------------------------------------------------------------

    def test_a_manager_copies_a_regime_and_changes_it(self):
        regime = self._as(self.env.ref("recouvrement.regime_fr_b2b"), "manager")
        copy = regime.copy()
        self.assertNotEqual(copy.code, regime.code)
        with Form(copy) as form:
            form.margin = 12
        self.assertEqual(copy.margin, 12)
        self.assertIn("plus 12 points", copy.summary)

    def test_a_regime_of_another_company_is_invisible(self):
        regime = self.env.ref("recouvrement.regime_fr_b2b").sudo()
        foreign = regime.copy({"company_id": self.other.id})
        for role in ROLES:
            found = self._as(regime, role).search([("id", "=", foreign.id)])
            with self.subTest(role=role):
                self.assertFalse(found)
