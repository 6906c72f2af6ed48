"""Statements of a period for many customers: each once, resumed, in test mode."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestStatementRun(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runs = cls.env["recouvrement.statement.run"]

    def _make_statements(self, **vals):
        values = {"date_start": self._day(-30), "date_end": self.today, **vals}
        run = self.runs.create(values)
        run.action_prepare()
        return run

    def _customers(self, run):
        return set(run.line_ids.debtor_id.mapped("partner_id.name"))

    def test_the_scope_chooses_the_customers(self):
        paid = self._make_debtor("Paid", items=((100, -20),))
        self._pay(paid.partner_id.invoice_ids, day=-10)
        later = self._make_debtor("Later", items=((100, 30),))
        everybody = {"Own", "Nobody", "Foreign"}
        for scope, expected in (
            ("moved", everybody | {"Paid", "Later"}),
            ("open", everybody | {"Later"}),
            ("overdue", everybody),
        ):
            with self.subTest(scope=scope):
                run = self._make_statements(scope=scope)
                self.assertEqual(self._customers(run), expected)
        run = self._make_statements(scope="moved")
        amounts = {line.debtor_id: line.balance for line in run.line_ids}
        self.assertEqual((amounts[self.own], amounts[paid]), (1500, 0))
        run = self.runs._create_for(later | paid)
        self.assertEqual(self._customers(run), {"Later", "Paid"})
        run.action_prepare()
        self.assertEqual(self._customers(run), {"Later", "Paid"})

    def test_each_customer_gets_one_e_mail_with_its_statement(self):
        run = self._make_statements()
        run.action_send()
        run._process_all()
        self.assertEqual((run.state, run.sent_count, run.progress), ("done", 3, 100))
        mails = self._queued_mails()
        self.assertEqual(
            set(mails.recipient_ids.mapped("name")), {"Own", "Nobody", "Foreign"}
        )
        self.assertEqual([len(mail.attachment_ids) for mail in mails], [1, 1, 1])
        for line in run.line_ids:
            name = line.debtor_id.partner_id.name
            self.assertIn(name, line.attachment_ids.name)
            self.assertIn(name.encode(), line.attachment_ids.raw)
        kinds = self.own.event_ids.mapped("kind")
        self.assertEqual(kinds.count("document"), 1)

    def test_a_run_that_was_killed_goes_on_without_writing_twice(self):
        run = self._make_statements()
        run.action_send()
        run._process_batch(size=2)
        self.assertEqual((run.state, run.sent_count), ("sending", 2))
        run._process_all()
        self.assertEqual((run.state, run.sent_count), ("done", 3))
        self.assertEqual(len(self._queued_mails()), 3)
        with self.assertRaises(UserError):
            run.action_send()

    def test_one_that_fails_leaves_the_others_alone_and_may_be_tried_again(self):
        run = self._make_statements()
        run.action_send()
        kind = type(self.env["recouvrement.debtor"])
        make = kind._make_period_statement

        def fail(debtor, *args, **kwargs):
            if debtor == self.nobodys:
                raise ValueError("no paper")
            return make(debtor, *args, **kwargs)

        logger = "odoo.addons.recouvrement_reporting.models.statement_run_line"
        with (
            patch.object(kind, "_make_period_statement", fail),
            self.assertLogs(logger, "ERROR"),
        ):
            run._process_all()
        line = run.line_ids.filtered(lambda one: one.state == "failed")
        self.assertEqual((line.debtor_id, line.reason), (self.nobodys, "no paper"))
        run.action_retry()
        run._process_all()
        self.assertEqual((run.sent_count, run.left_count), (3, 0))
        self.assertEqual(len(self._queued_mails()), 3)

    def test_without_an_address_it_is_left_to_print(self):
        self.own.partner_id.email = False
        run = self._make_statements()
        run.action_send()
        run._process_all()
        line = run.line_ids.filtered(lambda one: one.debtor_id == self.own)
        self.assertEqual(line.state, "skipped")
        self.assertIn("no valid e-mail address", line.reason)
        action = run.action_print_unsent()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        self.assertIn(b"Own", attachment.raw)
        self.assertNotIn(b"Foreign", attachment.raw)

    def test_in_test_mode_no_customer_is_written_to(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "essai@example.com",
            }
        )
        run = self._make_statements()
        run.action_send()
        run._process_all()
        mails = self._queued_mails()
        self.assertEqual(set(mails.mapped("email_to")), {"essai@example.com"})
        self.assertFalse(mails.recipient_ids)

    def test_in_test_mode_who_has_no_address_is_left_out_as_he_would_be(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "essai@example.com",
            }
        )
        self.own.partner_id.email = False
        run = self._make_statements()
        run.action_send()
        run._process_all()
        line = run.line_ids.filtered(lambda one: one.debtor_id == self.own)
        self.assertEqual(line.state, "skipped")
        self.assertIn("no valid e-mail address", line.reason)
        self.assertFalse(line.date_sent or line.partner_id or line.attachment_ids)
        self.assertEqual((run.sent_count, run.left_count), (2, 1))
        self.assertEqual(len(self._queued_mails()), 2)
        self.assertFalse(self.own.event_ids.filtered(lambda e: e.kind == "document"))

    def test_a_stopped_run_sends_nothing_more(self):
        run = self._make_statements()
        run.action_send()
        run._process_batch(size=1)
        run.action_cancel()
        run._process_all()
        self.assertEqual(len(self._queued_mails()), 1)

    def test_days_must_make_sense(self):
        for start, end in ((0, 1), (-1, -2)):
            with self.assertRaises(ValidationError):
                self.runs.create(
                    {"date_start": self._day(start), "date_end": self._day(end)}
                )

    def test_other_dates_forget_the_list(self):
        run = self._make_statements()
        self.assertTrue(run.line_ids)
        run.date_start = self._day(-10)
        self.assertFalse(run.line_ids)

    def test_what_was_sent_keeps_its_choices(self):
        run = self._as(self._make_statements(with_workbook=True), "manager")
        lines = run.line_ids
        run.with_workbook = False
        self.assertEqual(run.line_ids, lines)
        run.action_send()
        for choice in ({"with_workbook": True}, {"scope": "open"}):
            with self.subTest(choice=choice), self.assertRaises(UserError):
                run.write(choice)
        run.sudo()._process_all()
        with self.assertRaises(UserError):
            run.with_workbook = True
        self.assertFalse(run.with_workbook)

    def test_a_collector_lists_and_sends_to_its_own_customers_only(self):
        runs = self._as(self.runs, "collector")
        run = runs.create({"date_start": self._day(-30), "date_end": self.today})
        run.action_prepare()
        self.assertEqual(self._customers(run), {"Own", "Nobody"})
        theirs = self._make_statements()
        mine = self._as(theirs, "collector")
        self.assertEqual(self._customers(mine), {"Own", "Nobody"})
        with self.assertRaises(AccessError):
            mine.action_send()
        run.action_send()
        run.sudo()._process_all()
        self.assertEqual(len(self._queued_mails()), 2)

    def test_a_collector_leaves_the_mailing_to_customers_of_others_alone(self):
        run = self._make_statements()
        count = run.line_count
        for method, *args in (
            ("action_prepare",),
            ("action_cancel",),
            ("write", {"scope": "overdue"}),
            ("unlink",),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("collector", run, method, *args)
        self.own.partner_id.email = self.foreign.partner_id.email = False
        run.action_send()
        run._process_all()
        self.assertEqual((run.state, run.left_count > 0), ("done", True))
        with self.assertRaises(AccessError):
            self._rpc("collector", run, "action_retry")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.line_count), ("done", count))

    def test_what_happened_is_not_written_by_hand(self):
        run = self._as(self._make_statements(), "collector")
        with self.assertRaises(AccessError):
            run.write({"state": "done"})
        with self.assertRaises(AccessError):
            run.line_ids.write({"state": "sent"})
        with self.assertRaises(AccessError):
            self._as(self._make_statements(), "auditor").action_send()

    def test_another_company_has_its_own(self):
        run = self._make_statements()
        self.assertNotIn(self.elsewhere, run.line_ids.debtor_id)
        theirs = self.runs.sudo().create({"company_id": self.other.id})
        self.assertFalse(self._as(theirs, "manager").has_access("read"))
