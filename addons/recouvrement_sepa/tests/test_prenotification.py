from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..tools.target_calendar import is_open, next_open
from .collection_common import CollectionCommon


@tagged("post_install", "-at_install")
class TestPrenotification(CollectionCommon):
    """The customer is told in time, and it can be proved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._make_invoice(cls.partner, 250.0, due=3)
        cls.item = cls._items(cls.invoice)
        cls.notices = cls.env["recouvrement.sepa.prenotification"].sudo()
        cls.company.sepa_prenotification_proof = "sent"

    def _rows(self, items=None, due_on=None, amount=None):
        items = self.item if items is None else items
        return [
            {
                "company_id": self.company.id,
                "debtor_id": self.debtor.id,
                "mandate_id": self.mandate.id,
                "move_line_id": item.id,
                "installment_id": False,
                "name": item.move_id.name,
                "amount": amount or item.amount_residual,
                "due_on": due_on or self.mandate._get_debit_day(item.date_maturity),
            }
            for item in items
        ]

    def _announce(self, rows=None, channel="email"):
        with self.mock_mail_gateway():
            notices = self.notices._announce(rows or self._rows(), channel)
            mails = self.env["mail.mail"].search(
                [("mail_message_id", "in", notices.mail_message_id.ids)]
            )
            mails.send()
        return notices

    def _judge(self, day, item=None):
        candidates = self.env["recouvrement.sepa.candidate"].with_context(
            sepa_company_id=self.company.id,
            sepa_until=day,
            sepa_date=day,
        )
        return candidates.search(
            [("move_line_id", "=", (item or self.item).id)]
        ).mapped("reason")

    # -- The message ---------------------------------------------------

    def test_the_message_says_amount_day_mandate_and_creditor(self):
        notice = self._announce()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.sent_on, self.today)
        body = notice.mail_message_id.body
        self.assertIn("250.00", body)
        self.assertIn(self.mandate.name, body)
        self.assertIn(self.mandate.creditor_identifier, body)
        self.assertIn(self.invoice.name, body)
        self.assertNotIn(self.mandate.iban, body)
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "debit")]
        )
        self.assertEqual(event.amount, 250.0)

    def test_the_day_is_an_open_day_of_target_after_the_agreed_delay(self):
        day = self.mandate._get_debit_day(self.item.date_maturity)
        self.assertTrue(is_open(day))
        self.assertGreaterEqual((day - self.today).days, 14)
        self.mandate.prenotification_days = 5
        sooner = self.mandate._get_debit_day(self.item.date_maturity)
        self.assertEqual(sooner, next_open(self.today + timedelta(days=5)))

    def test_without_an_address_the_reason_is_kept_and_it_can_be_sent_again(self):
        self.partner.email = False
        notice = self._announce()
        self.assertEqual(notice.state, "failed")
        self.assertIn("address", notice.outcome)
        self.partner.email = "compta@example.com"
        notice.action_retry()
        again = self.notices.search([("line_ids.move_line_id", "=", self.item.id)])
        self.assertEqual(again.mapped("state"), ["queued", "failed"])

    def test_a_message_that_bounces_told_nobody(self):
        notice = self._announce()
        notice._mark_failed("The e-mail bounced.")
        far = next_open(self.today + timedelta(days=40))
        self.assertEqual(self._judge(far), ["prenotice"])

    def test_in_test_mode_the_customer_was_not_told(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "test@example.com",
            }
        )
        notice = self._announce()
        self.assertTrue(notice.is_test)
        far = next_open(self.today + timedelta(days=40))
        self.assertEqual(self._judge(far), ["prenotice"])

    # -- What may be collected -----------------------------------------

    def test_what_was_not_told_is_not_collected(self):
        far = next_open(self.today + timedelta(days=40))
        self.assertEqual(self._judge(far), ["prenotice"])
        self.company.sepa_prenotification_proof = "invoice"
        self.assertEqual(self._judge(far), ["collect"])

    def test_what_was_told_is_collected_after_the_delay_only(self):
        notice = self._announce()
        late = next_open(max(notice.due_on, self.today + timedelta(days=14)))
        self.assertEqual(self._judge(late), ["collect"])
        early = next_open(self.today + timedelta(days=5))
        self.assertEqual(self._judge(early), ["prenotice"])

    def test_nothing_is_debited_before_the_day_that_was_announced(self):
        announced = next_open(self.today + timedelta(days=30))
        self._announce(self._rows(due_on=announced))
        before = next_open(self.today + timedelta(days=20))
        self.assertEqual(self._judge(before), ["prenotice"])
        self.assertEqual(self._judge(announced), ["collect"])
        self.company.sepa_prenotification_proof = "invoice"
        self.assertEqual(self._judge(before), ["prenotice"])

    def test_more_than_was_announced_is_not_debited(self):
        self._announce(self._rows(amount=100.0))
        far = next_open(self.today + timedelta(days=40))
        self.assertEqual(self._judge(far), ["prenotice"])

    # -- By itself -----------------------------------------------------

    def _cron(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *a, **k: 1):
            self.notices._cron_prenotify()

    def test_the_cron_tells_once(self):
        self._cron()
        found = self.notices.search([("debtor_id", "=", self.debtor.id)])
        told = found.line_ids.move_line_id
        self.assertIn(self.item, told)
        self._cron()
        with self.mock_mail_gateway():
            self.env["mail.mail"].search(
                [("mail_message_id", "in", found.mail_message_id.ids)]
            ).send()
        self.assertEqual(set(found.mapped("state")), {"sent"})
        self._cron()
        self.assertEqual(
            self.notices.search([("debtor_id", "=", self.debtor.id)]), found
        )

    def test_who_has_no_address_is_not_tried_every_night(self):
        self.partner.email = False
        self._cron()
        self._cron()
        found = self.notices.search([("debtor_id", "=", self.debtor.id)])
        self.assertEqual(found.mapped("state"), ["failed"])

    def test_where_the_invoice_tells_the_cron_does_nothing(self):
        self.company.sepa_prenotification_proof = "invoice"
        self._cron()
        self.assertFalse(self.notices.search([("debtor_id", "=", self.debtor.id)]))

    def test_a_schedule_holds_all_the_days_in_one_message(self):
        later = self._make_invoice(self.partner, 80.0, due=60)
        self.mandate.action_send_schedule()
        notice = self.notices.search([("channel", "=", "schedule")])
        self.assertEqual(len(notice), 1)
        self.assertIn(self._items(later), notice.line_ids.move_line_id)
        self.assertGreater(len(set(notice.line_ids.mapped("due_on"))), 1)

    # -- On the invoice ------------------------------------------------

    def test_the_invoice_says_it_will_be_debited(self):
        text = self.invoice._get_sepa_notice()
        self.assertIn(self.mandate.name, text)
        self.assertIn("250.00", text)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", self.invoice.ids
        )[0]
        self.assertIn(self.mandate.name.encode(), html)

    def test_without_a_mandate_it_says_nothing(self):
        self.mandate._suspend("Test")
        self.assertFalse(self.invoice._get_sepa_notice())

    def test_sending_the_invoice_tells_the_customer(self):
        with self.mock_mail_gateway():
            self.env["account.move.send"]._generate_and_send_invoices(
                self.invoice, sending_methods=["email"]
            )
            self.env["mail.mail"].search(
                [("mail_message_id", "in", self.invoice.message_ids.ids)]
            ).send()
        notice = self.notices.search([("channel", "=", "invoice")])
        self.assertEqual(notice.line_ids.move_line_id, self.item)
        self.assertEqual(notice.state, "sent")
        self.assertIn(self.mandate.name, notice.mail_message_id.body)
        self.assertEqual(notice.line_ids.amount, 250.0)
        self.assertEqual(self._judge(notice.line_ids.due_on), ["collect"])

    # -- Collections ---------------------------------------------------

    def test_a_collection_tells_its_customers(self):
        self.company.sepa_prenotification_proof = "invoice"
        self._make_told_invoice(self.partner, 90.0)
        day = next_open(self.today + timedelta(days=21))
        collection = self.env["recouvrement.sepa.collection"]._propose(
            self.bank, "CORE", self.today + timedelta(days=21), day
        )
        untold = collection.untold_count
        self.assertEqual(untold, 1)
        with self.mock_mail_gateway():
            collection.action_prenotify()
            notice = self.notices.search([("collection_id", "=", collection.id)])
            self.env["mail.mail"].search(
                [("mail_message_id", "in", notice.mail_message_id.ids)]
            ).send()
        collection.invalidate_recordset()
        self.assertEqual(collection.untold_count, 0)
        self.assertEqual(collection.line_ids.prenotified_on, fields.Date.today())
        self.assertEqual(notice.amount, collection.amount)
