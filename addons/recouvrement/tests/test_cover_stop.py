"""A stopped cover: what was invoiced before stays insured, nothing new is."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.debtor_exposure import WHAT_IF
from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestCoverStop(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cover = cls._cover_of("Insurer", 5000)

    @classmethod
    def _cover_of(cls, name, amount, kind="named"):
        return cls.env["recouvrement.cover"].create(
            {
                "debtor_id": cls.debtor.id,
                "kind_id": cls.env.ref(f"recouvrement.cover_kind_{kind}").id,
                "provider_id": cls.env["res.partner"].create({"name": name}).id,
                "amount": amount,
                "share": 90 if kind == "named" else 0,
            }
        )

    def _invoice_of(self, days, amount):
        day = self.today + timedelta(days=days)
        move = self._make_invoice(
            self.customer, amount, due=30, post=False, invoice_date=day
        )
        move.action_post()
        self.assertEqual(move.invoice_date, day)
        return move

    def _stop(self, days=-10, cover=None):
        cover = (cover or self.cover).sudo()
        cover.stopped_on = self.today + timedelta(days=days)

    def _ask(self, step, user=None):
        wizards = self.env["recouvrement.cover.stop"]
        wizard = (wizards.with_user(user) if user else wizards).create(
            {"cover_ids": self.cover.ids, "step": step, "reason": "His letter"}
        )
        return wizard.action_confirm()

    def test_the_day_of_the_invoice_decides(self):
        self._pay(self._items_moves())
        self._invoice_of(-11, 100)
        self._invoice_of(-10, 20)
        self._invoice_of(0, 3)
        self.assertEqual(self.debtor.exposure_insured, 110.7)
        self._stop()
        self.assertEqual(self.debtor.exposure_insured, 90)
        self.assertEqual(self.debtor.exposure_own, 33)
        self.cover.sudo().stopped_on = False
        self.assertEqual(self.debtor.exposure_insured, 110.7)

    def _items_moves(self):
        return self.env["account.move"].search(
            [("partner_id", "=", self.customer.id), ("state", "=", "posted")]
        )

    def test_drafts_are_not_insured_and_guarantees_are(self):
        self._draft(200)
        self.assertEqual(self.debtor.exposure_insured, 900)
        self._stop(1)
        self.assertEqual(self.debtor.exposure_insured, 720)
        self._cover_of("Bank", 100, kind="bank")
        self.assertEqual(self.debtor.exposure_guaranteed, 100)
        self.assertEqual(self.debtor.exposure_insured, 630)

    def test_orders_are_not_insured(self):
        supposed = {(self.customer.id, self.company.id): 200}
        self.env.cr.precommit.data[WHAT_IF] = supposed
        self.addCleanup(self.env.cr.precommit.data.pop, WHAT_IF, None)
        self.cover._mark()
        self.assertEqual(self.debtor.exposure_insured, 900)
        self._stop(1)
        self.assertEqual(self.debtor.exposure_insured, 720)

    def test_nothing_new_is_insured(self):
        self.assertEqual(self.debtor._get_uninsured(1000), 100)
        self._stop(1)
        self.assertEqual(self.debtor._get_uninsured(1000), 100)
        self._stop(0)
        self.assertEqual(self.debtor._get_uninsured(1000), 1000)

    def test_a_stop_of_an_older_answer_does_not_count(self):
        self._stop()
        self.cover.date_from = self.today - timedelta(days=30)
        self.assertEqual(self.debtor.cover_stopped_on, self.cover.stopped_on)
        self.cover.copy({"date_from": self.today})
        self.assertEqual(self.debtor._get_uninsured(1000), 100)
        self.assertFalse(self.debtor.cover_stopped_on)
        self.assertFalse(self._told())

    def _told(self):
        self.env.flush_all()
        return self.env["recouvrement.risk.item"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "cover_stopped")]
        )

    def test_the_agenda_and_the_account_tell_it(self):
        self.assertFalse(self._told())
        self._stop()
        item = self._told()
        self.assertEqual(item.date, self.cover.stopped_on)
        self.assertEqual(item.action_open()["res_id"], self.cover.id)
        self.assertEqual(self.debtor.cover_stopped_on, self.cover.stopped_on)
        self.cover.write({"state": "cancelled", "date_effect": self.today})
        self.assertFalse(self._told())

    def test_a_manager_stops_and_resumes_with_a_reason(self):
        self._ask("stop")
        self.assertEqual(self.cover.stopped_on, self.today)
        self.assertTrue(self.cover.stopped_by_hand)
        with self.assertRaises(UserError):
            self._ask("stop")
        self._ask("resume")
        self.assertFalse(self.cover.stopped_on)
        self.assertFalse(self.cover.stop_reason)
        self.assertEqual(self.cover.resumed_on, self.today)
        with self.assertRaises(UserError):
            self._ask("resume")
        events = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("detail", "=", "His letter")]
        )
        self.assertEqual(len(events), 2)

    def test_a_guarantee_is_not_stopped(self):
        self.cover = self._cover_of("Bank", 100, kind="bank")
        with self.assertRaises(UserError):
            self._ask("stop")

    def test_others_neither_press_nor_enter(self):
        for role in ("accountant", "collector"):
            user = self._user(role)
            cover = self.cover.with_user(user)
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self._ask("stop", user)
                with self.assertRaises(AccessError):
                    cover._stop_by_hand("x")
                with self.assertRaises(AccessError):
                    cover.stopped_on = self.today
