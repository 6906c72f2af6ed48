"""Promises as each role, in two companies, through remote calls."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .access_common import ROLES, AccessCommon

MAY = ("collector", "accountant", "manager")


@tagged("post_install", "-at_install")
class TestPromiseAccess(AccessCommon):
    def _take(self, debtor, **vals):
        day = vals.pop("day", self.today)
        return debtor._make_promise(100.0, day, **vals).sudo()

    def _told(self, debtor):
        return debtor.event_ids.filtered(lambda event: event.kind == "promise")

    def _all(self, role):
        return self._as(self.env["recouvrement.promise"], role).search([])

    def test_who_may_take_a_promise(self):
        for role in ROLES:
            debtor = self._as(self.own, role)
            with self.subTest(role=role):
                if role in MAY:
                    promise = self._take(debtor)
                    self.assertEqual(promise.user_id, self.users[role])
                    self.assertIn(self.users[role], self._told(self.own).user_id)
                else:
                    with self.assertRaises(AccessError):
                        self._take(debtor)

    def test_a_collector_takes_none_outside_the_portfolio(self):
        with self.assertRaises(AccessError):
            self._take(self._as(self.foreign, "collector"))
        with self.assertRaises(AccessError):
            self._rpc("collector", self.foreign, "action_promise_all")
        self.assertTrue(self._take(self._as(self.nobodys, "collector")))

    def test_a_substitute_takes_it_for_the_collector(self):
        self.foreign.sudo().substitute_id = self.users["collector"]
        promise = self._take(self._as(self.foreign, "collector"))
        self.assertIn(promise, self._all("collector").sudo())

    def test_each_role_sees_the_promises_of_its_portfolio(self):
        promises = {debtor: self._take(debtor) for debtor in self.debtors}
        expected = {
            "salesperson": self.own,
            "collector": self.own | self.nobodys,
            "accountant": self.debtors,
            "auditor": self.debtors,
            "manager": self.debtors,
        }
        for role, debtors in expected.items():
            found = self._all(role) & self._as(
                self.env["recouvrement.promise"].concat(*promises.values()), role
            )
            lines = self._as(self.env["recouvrement.promise.line"], role).search(
                [("debtor_id", "in", self.debtors.ids)]
            )
            with self.subTest(role=role):
                self.assertEqual(found.sudo().debtor_id, debtors)
                self.assertEqual(lines.sudo().debtor_id, debtors)

    def test_promises_of_another_company_are_not_seen(self):
        partner = self._make_customer("Far away")
        self.env.user.company_ids |= self.other
        invoice = self._make_invoice(
            partner,
            500.0,
            due=-20,
            company_id=self.other.id,
            journal_id=self.env["account.journal"]
            .search([("company_id", "=", self.other.id), ("type", "=", "sale")])[0]
            .id,
        )
        self.assertEqual(invoice.company_id, self.other)
        debtor = self._debtor(partner, self.other)
        promise = self._take(debtor)
        self.assertEqual(promise.company_id, self.other)
        for role in ROLES:
            with self.subTest(role=role):
                self.assertFalse(self._all(role))
                with self.assertRaises(AccessError):
                    self._as(promise, role).read(["amount"])
        with self.assertRaises(AccessError):
            self._rpc("manager", debtor, "action_promise_all")

    def test_a_portal_user_of_the_other_company_gets_nothing(self):
        promise = self._take(self.own)
        user = new_test_user(
            self.env,
            "portal_elsewhere",
            groups="base.group_portal",
            company_id=self.other.id,
            company_ids=[Command.set(self.other.ids)],
        )
        for portal in (user, self.portal, self.env.ref("base.public_user")):
            with self.subTest(user=portal.id), self.assertRaises(AccessError):
                promise.with_user(portal).read(["amount"])
            with self.subTest(user=portal.id), self.assertRaises(AccessError):
                self.own.with_user(portal).action_promise_all()

    def test_nothing_judged_is_entered_by_hand(self):
        promise = self._take(self.own)
        for name, value in {
            "state": "kept",
            "amount": 1.0,
            "date": self.today,
            "deadline": self._day(60),
            "tolerance": 99.0,
            "paid_in_time": 100.0,
            "required_amount": 0.0,
            "date_decided": self.today,
            "date_made": self._day(-9),
            "user_id": self.env.uid,
            "replaced_by_id": promise.id,
            "cancel_reason": "None",
        }.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._rpc("manager", promise, "write", {name: value})
        self._rpc("manager", promise, "write", {"note": "A note is free"})
        self.assertEqual(promise.note, "A note is free")

    def test_promises_and_their_items_are_not_created_by_remote_calls(self):
        promise = self._take(self.own)
        for model, values in (
            ("recouvrement.promise", {"debtor_id": self.own.id, "amount": 5.0}),
            (
                "recouvrement.promise.line",
                {
                    "promise_id": promise.id,
                    "move_line_id": promise.line_ids[0].move_line_id.id,
                },
            ),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self._as(self.env[model], "manager").create(values)
        with self.assertRaises(AccessError):
            self._as(promise.line_ids, "manager").write({"base_received": 1.0})

    def test_readers_do_not_cancel(self):
        promise = self._take(self.own)
        for role in ("salesperson", "auditor"):
            for method, args in (("action_cancel", ("No",)), ("action_undo", ())):
                with (
                    self.subTest(role=role, method=method),
                    self.assertRaises(AccessError),
                ):
                    self._rpc(role, promise, method, *args)
        self._rpc("collector", promise, "action_cancel", "Withdrawn")
        self.assertEqual(promise.state, "cancelled")

    def test_a_colleague_does_not_undo_but_a_manager_does(self):
        promise = self._take(self._as(self.nobodys, "collector"))
        other = promise.with_user(self.other_collector)
        with self.assertRaisesRegex(UserError, "who took it"):
            other.action_undo()
        self._rpc("manager", promise, "action_undo")
        self.assertEqual(promise.state, "cancelled")

    def test_a_portfolio_of_each_collector_is_judged_by_whoever_books(self):
        """The accountant who matches a receipt decides the promise, whose event
        carries the accountant's name."""
        promise = self._take(self._as(self.own, "collector"))
        accountant = self.users["accountant"]
        accountant.group_ids |= self.env.ref("account.group_account_invoice")
        item = promise.line_ids.move_line_id[:1]
        receipt = self._items(self._make_receipt(item.partner_id, 100.0).move_id)
        (item | receipt).with_user(accountant).reconcile()
        self.env(user=accountant)["recouvrement.debtor"].sudo()._process_dirty()
        self.assertEqual(promise.state, "kept")
        kept = self._told(self.own).filtered(lambda e: "kept" in e.summary)
        self.assertEqual(kept.user_id, accountant)

    def test_buttons_are_for_who_may(self):
        promise = self._take(self.own)
        for role in ROLES:
            own = self._as(promise, role)
            with self.subTest(role=role):
                self.assertEqual(own.may_change, role in MAY)
                self.assertEqual(own.may_undo, role == "manager")
        with freeze_time(self._day(1)):
            promise.invalidate_recordset()
            self.assertFalse(self._as(promise, "collector").may_change)
            self.assertTrue(self._as(promise, "manager").may_change)

    def test_settings_of_promises_are_the_managers(self):
        settings = self._as(self.env["recouvrement.company.settings"], "manager")
        settings.create(
            {
                "recouvrement_promise_tolerance_days": 5,
                "recouvrement_promise_default_days": 3,
                "recouvrement_promise_max_days": 10,
                "recouvrement_test_email": "t@example.com",
            }
        ).action_confirm()
        promise = self._take(self.own)
        self.assertEqual(promise.deadline, self._day(5))
        self.assertEqual(self.own._get_promise_day(), self._day(3))
