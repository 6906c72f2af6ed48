"""Alerts: each fact to whom it concerns, once as long as it lasts."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestAlert(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alerts = cls.env["recouvrement.alert"].sudo()
        cls.rules = cls.env["recouvrement.alert.rule"]
        cls.rules.search([("kind", "!=", "")]).active = False
        cls.collector = cls.users["collector"]
        cls.company.email = "credit@example.com"
        cls._limit(cls.own, 1)

    @classmethod
    def _limit(cls, debtor, amount):
        return cls.env["recouvrement.credit.limit"].create(
            {"debtor_id": debtor.id, "amount": amount, "reason": "To exceed"}
        )

    def _rule(self, kind="limit_exceeded", **vals):
        return self.rules.create({"kind": kind, **vals})

    def _night(self, days=0):
        with (
            freeze_time(self.today + timedelta(days=days, hours=3)),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", return_value=600.0
            ),
        ):
            self.alerts._cron_daily()
        self.env.flush_all()
        self.env.invalidate_all()

    def _told(self, **vals):
        domain = [(name, "=", value) for name, value in vals.items()]
        return self.alerts.search(domain, order="id")

    def _mails(self, user=None):
        mails = self.env["mail.mail"].sudo().search([("subject", "ilike", "alert")])
        return mails.filtered(
            lambda mail: not user or user.partner_id in mail.recipient_ids
        )

    def test_the_collector_is_told_once_by_one_message(self):
        self._rule()
        self._rule("lasting_default")
        self._night()
        self._night()
        self._night(days=1)
        told = self._told(kind="limit_exceeded")
        self.assertEqual((told.user_id, told.debtor_id), (self.collector, self.own))
        self.assertTrue(told.date_told)
        [mail] = self._mails(self.collector)
        self.assertIn(self.own.partner_id.display_name, mail.body_html)
        self.assertIn(f"/odoo/debtors/{self.own.id}", mail.body_html)
        self.assertFalse(self.own.activity_ids.filtered("automated"))

    def test_what_ended_and_comes_back_is_told_again(self):
        self._rule()
        self._night()
        self._limit(self.own, 10**6)
        self._night(days=1)
        self.assertTrue(self._told().date_ended)
        self._limit(self.own, 2)
        self._night(days=2)
        self.assertEqual(self._told().mapped(lambda one: bool(one.date_ended)), [1, 0])
        self.assertEqual(len(self._mails(self.collector)), 2)

    def test_the_substitute_is_told_in_place_of_who_is_absent(self):
        self._rule()
        self.env["recouvrement.substitution"].create(
            {
                "user_id": self.collector.id,
                "substitute_id": self.other_collector.id,
                "date_to": self.today + timedelta(days=5),
            }
        )
        self._night()
        self.assertEqual(self._told().user_id, self.other_collector)

    def test_salespeople_and_named_users_are_told_of_what_they_may_read(self):
        foreign = self.other_collector
        self._rule(
            to_collector=False,
            to_salesperson=True,
            user_ids=[Command.set([self.users["manager"].id, foreign.id])],
        )
        self.own.partner_id.user_id = self.users["salesperson"]
        self._night()
        expected = self.users["manager"] | self.users["salesperson"]
        self.assertEqual(self._told().user_id, expected)
        self.assertFalse(self._mails(foreign))

    def test_activities_begin_with_what_is_new_after_the_rule(self):
        rule = self._rule(by_activity=True)
        self._night()
        self.assertEqual(rule.started_on, self.today)
        self.assertFalse(self.own.activity_ids.filtered("automated"))
        self._limit(self.nobodys, 1)
        self.nobodys.collector_id = self.collector
        self._night(days=1)
        [activity] = self.nobodys.activity_ids.filtered("automated")
        self.assertEqual(activity.user_id, self.collector)
        self.assertFalse(self.own.activity_ids.filtered("automated"))

    def test_below_the_amount_or_in_another_company_nobody_is_told(self):
        self._rule(min_exposure=self.own.exposure_amount + 1)
        self._rule(company_id=self.other.id)
        self._night()
        self.assertFalse(self._told())
        self._rule(min_exposure=self.own.exposure_amount)
        self._night()
        self.assertEqual(self._told().debtor_id, self.own)

    def test_a_doubtful_customer_is_told(self):
        self._rule("doubtful")
        self.own.sudo().write({"doubtful_date": self.today})
        self._night()
        self.assertEqual(self._told().kind, "doubtful")

    def test_in_test_mode_only_the_test_address_is_written_to(self):
        self._rule()
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        self._night()
        mail = self._mails()
        self.assertEqual(mail.email_to, "t@example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertIn("TEST", mail.subject)
        self._night(days=1)
        self.assertEqual(len(self._mails()), 1)
        self.company.recouvrement_test_mode = False
        self._night(days=2)
        self.assertEqual(len(self._mails(self.collector)), 1)
        self._night(days=3)
        self.assertEqual(len(self._mails(self.collector)), 1)

    def test_a_rule_that_is_archived_ends_its_alerts(self):
        rule = self._rule()
        self._night()
        rule.active = False
        self._night()
        self.assertTrue(self._told().date_ended)

    def test_the_preview_shows_whom_it_is_about(self):
        rule = self._rule()
        action = rule.with_user(self.users["manager"]).action_preview()
        found = self.env["recouvrement.debtor"].search(action["domain"])
        self.assertEqual(found, self.own)

    def test_a_rule_tells_somebody_somehow(self):
        for vals in (
            {"by_mail": False, "by_activity": False},
            {"to_collector": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._rule(**vals)

    def test_nobody_writes_alerts_and_each_reads_the_own(self):
        self._rule(user_ids=[Command.set(self.users["manager"].ids)])
        self._night()
        mine = self.alerts.with_user(self.collector).search([("id", ">", 0)])
        self.assertEqual(mine.user_id, self.collector)
        self.own.collector_id = self.other_collector
        lost = self.alerts.with_user(self.collector).search([("id", ">", 0)])
        self.assertFalse(lost)
        every = self.alerts.with_user(self.users["auditor"]).search([("id", ">", 0)])
        self.assertEqual(len(every), 2)
        with self.assertRaises(AccessError):
            mine.with_user(self.users["manager"]).write({"date_told": False})

    def test_finding_takes_the_same_queries_for_more_facts(self):
        self._rule()
        self.alerts._refresh()
        counts = []
        for number in (1, 12):
            for place in range(number):
                debtor = self._make_debtor(f"Client {number}-{place}")
                debtor.collector_id = self.collector
                self._limit(debtor, 1)
            self.env["recouvrement.debtor"]._process_dirty()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.alerts._refresh()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertEqual(len(self._told(kind="limit_exceeded")), 14)
