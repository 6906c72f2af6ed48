"""Key accounts wait for a person; intragroup customers have no limit, no reminder."""

from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestKeyAccount(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env["recouvrement.segment"].create(
            {"name": "Nation-wide", "code": "NAT"}
        )
        cls.policy.automatic = True

    def _nightly(self, *debtors):
        """States of the reminders of the debtors after a night of today."""
        run = (
            self.env["recouvrement.dunning.run"]
            .sudo()
            .create(
                {
                    "name": "Night",
                    "date": self.today,
                    "company_ids": self.company.ids,
                    "nightly": True,
                    "nightly_company_id": self.company.id,
                    "state": "proposing",
                }
            )
        )
        run._propose_batch()
        states = [
            run.reminder_ids.filtered(lambda one, d=debtor: one.debtor_id == d).state
            for debtor in debtors
        ]
        run.action_cancel()
        run.nightly = False
        run.flush_recordset(["nightly"])
        return states

    def test_above_the_level_the_night_only_proposes(self):
        key = self._make_debtor("Key", [(500, -10)])
        plain = self._make_debtor("Plain", [(500, -10)])
        key.is_key_account = True
        self.assertEqual(self._nightly(key, plain), ["proposed", "approved"])
        self.company.recouvrement_key_rank = 1
        self.assertEqual(self._nightly(key, plain), ["approved", "approved"])

    def test_up_to_the_level_it_sends(self):
        key = self._make_debtor("Key", [(500, -20)])
        key.is_key_account = True
        self.policy.skip_levels = True
        self.company.recouvrement_key_rank = 1
        self.assertEqual(self._nightly(key), ["proposed"])
        self.company.recouvrement_key_rank = 2
        self.assertEqual(self._nightly(key), ["approved"])

    def test_a_person_may_approve_it(self):
        key = self._make_debtor("Key", [(500, -10)])
        key.is_key_account = True
        run = self._propose()
        reminder = run.reminder_ids.filtered(lambda one: one.debtor_id == key)
        reminder.action_approve()
        self.assertEqual(reminder.state, "approved")

    def test_the_segment_gives_it_and_the_manager_changes_it(self):
        self.debtor.segment_id = self.segment
        self.assertFalse(self.debtor.is_key_account)
        self.segment.is_key_account = True
        self.assertTrue(self.debtor.is_key_account)
        self.debtor.is_key_account = False
        self.assertFalse(self.debtor.is_key_account)

    def test_only_a_manager_says_who_is_one(self):
        for role in ("collector", "accountant", "all_portfolios"):
            user = self._user(role)
            if role == "collector":
                self.debtor.collector_id = user
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.debtor.with_user(user).is_key_account = True
        self.debtor.with_user(self._user("manager")).is_key_account = True
        self.assertTrue(self.debtor.is_key_account)

    def test_a_segment_out_of_the_limits_neither_warns_nor_blocks(self):
        """What was limited is free at once, and limited again with the segment."""
        self._limit(500)
        self._limit(400, for_group=True)
        pair = self.debtor._get_pair()
        verdict = self.env["recouvrement.credit.verdict"]
        self.debtor.segment_id = self.segment
        self.assertTrue(self.debtor.credit_limited)
        self.assertTrue(verdict._get_excesses({pair}))
        self.segment.credit_controlled = False
        self.assertFalse(self.debtor.credit_limited)
        self.assertEqual(self.debtor.limit_excess, 0)
        self.assertEqual(self.debtor.exposure_amount, 800)
        self.assertFalse(verdict._get_excesses({pair}))
        self._draft(1000).action_post()
        self.assertFalse(
            self.env["recouvrement.risk.item"].search(
                [
                    ("debtor_id", "=", self.debtor.id),
                    ("kind", "in", ("limit_exceeded", "limit_near")),
                ]
            )
        )
        self.segment.credit_controlled = True
        self.assertEqual(self.debtor.limit_excess, 1300)
        self.assertEqual(verdict._get_excesses({pair})[pair].amount, 1400)

    def test_a_segment_that_is_not_chased_gets_no_reminder(self):
        self.segment.write({"chase": False, "regime": "intragroup"})
        inside = self._make_debtor("Sister", [(500, -10)])
        inside.segment_id = self.segment
        self.assertFalse(inside.policy_id)
        self.assertFalse(
            self._propose().reminder_ids.filtered(lambda one: one.debtor_id == inside)
        )

    def test_the_lists_show_them(self):
        self.segment.regime = "intragroup"
        inside = self._make_debtor("Sister", [(500, -10)])
        inside.segment_id = self.segment
        self.debtor.is_key_account = True
        for name, expected in (
            ("key_accounts", self.debtor),
            ("intragroup", inside),
        ):
            action = self.env.ref(f"recouvrement.recouvrement_debtor_action_{name}")
            with self.subTest(name=name):
                found = self.debtor.search(literal_eval(action.domain))
                self.assertEqual(found & (self.debtor | inside), expected)
