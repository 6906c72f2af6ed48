"""Duplicates of invoices and statements of account, sent or downloaded."""

import io
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestSend(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        items = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)]
        )
        cls.lines = items.move_line_id

    def _wizard(self, debtor=None, lines=None, role="collector", **vals):
        debtor = debtor or self.own
        action = self._as(debtor, role).action_send(lines.ids if lines else None)
        model = self._as(self.env[action["res_model"]], role)
        with Form(model.with_context(**action["context"])) as form:
            for name, value in vals.items():
                form[name] = value
        return form.record

    def _mail(self):
        return self._queued_mails().filtered(lambda m: m.res_id == self.own.id)

    def test_the_duplicates_of_ticked_items_leave_by_e_mail(self):
        wizard = self._wizard(lines=self.lines)
        self.assertEqual(wizard.partner_id, self.own.contact_id)
        self.assertEqual(wizard.copy_count, 2)
        wizard.action_send()
        mail = self._mail()
        self.assertEqual(mail.recipient_ids, self.own.contact_id)
        self.assertEqual(len(mail.attachment_ids), 2)
        self.assertEqual(mail.author_id, self.users["collector"].partner_id)
        event = self.own.event_ids[:1]
        self.assertEqual((event.kind, event.user_id), ("document", wizard.create_uid))
        self.assertIn(mail.attachment_ids[0].name, event.detail)

    def test_the_statement_leaves_when_no_item_is_ticked(self):
        wizard = self._wizard()
        self.assertTrue(wizard.with_statement)
        self.assertFalse(wizard.with_duplicates)
        wizard.action_send()
        self.assertEqual(len(self._mail().attachment_ids), 1)
        self.assertIn("statement", self._mail().body_html)

    def test_the_statement_adds_up_by_currency(self):
        franc = self.setup_other_currency("CHF", rates=[("2016-01-01", 2.0)])
        self._make_invoice(self.own.partner_id, 300, due=10, currency_id=franc.id)
        self._make_receipt(self.own.partner_id, 120)
        self._pay(self.lines[0].move_id, 100)
        blocks = {b["currency"]: b for b in self.own.sudo()._get_statement_blocks()}
        euro = blocks[self.company.currency_id]
        self.assertEqual(
            [float(euro[key]) for key in ("overdue", "not_due", "credit", "balance")],
            [1400, 0, -120, 1280],
        )
        self.assertEqual(float(blocks[franc]["balance"]), 300)
        rows = [row for page in euro["pages"] for row in page]
        self.assertEqual(sum(row["residual"] for row in rows), euro["balance"])
        self.assertEqual([row["is_credit"] for row in rows], [False, False, True])

    def test_the_statement_says_where_to_pay(self):
        self.company.partner_id.bank_ids = [
            Command.create({"acc_number": "FR1420041010050500013M02606"})
        ]
        _name, html = self.own._get_statement_pdf()
        self.assertIn("FR14 2004 1010 0505 0001 3M02 606", html.decode())
        self._make_receipt(self.own.partner_id, 2000)
        _name, html = self.own._get_statement_pdf()
        self.assertNotIn("FR14", html.decode(), "nothing to pay any more")

    def test_a_long_statement_names_the_rest_and_carries_the_list(self):
        self.company.recouvrement_statement_items = 1
        [block] = self.own.sudo()._get_statement_blocks()
        self.assertEqual((block["rest_count"], float(block["rest"])), (1, 500))
        self.assertEqual(float(block["balance"]), 1500)
        attachments = self.own._make_statement()
        self.assertEqual(len(attachments), 2)
        self.assertTrue(attachments[1].name.endswith(".xlsx"))

    def test_copies_are_capped_and_the_list_goes_along(self):
        self.company.recouvrement_invoice_copies = 1
        wizard = self._wizard(lines=self.lines)
        self.assertEqual((wizard.copy_count, wizard.left_count), (1, 1))
        self.assertIn("spreadsheet", wizard.body)
        wizard.action_send()
        names = self._mail().attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        self.assertTrue(any(name.endswith(".xlsx") for name in names))

    def test_names_of_documents_are_text_in_the_list_and_on_the_statement(self):
        line = self._make_opening(self.own.partner_id, 10)
        line.name = "=cmd|' /C calc'!A0 <script>alert(1)</script>"
        content = self.own._make_item_list().raw
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        self.assertNotIn("<f>", sheet)
        _name, html = self.own._get_statement_pdf()
        self.assertNotIn(b"<script>alert", html)
        self.assertIn(b"&lt;script&gt;alert", html)

    def test_items_of_somebody_else_are_not_sent(self):
        stranger = self._items(self._make_invoice(self.foreign.partner_id, 5))
        model = self._as(self.env["recouvrement.send.wizard"], "collector")
        values = {"debtor_id": self.own.id, "with_duplicates": True}
        with self.assertRaises(UserError):
            model.create({**values, "move_line_ids": stranger.ids}).action_send()
        with self.assertRaises(AccessError):
            model.create(
                {
                    **values,
                    "debtor_id": self.foreign.id,
                    "move_line_ids": stranger.ids,
                    "partner_id": self.foreign.partner_id.id,
                    "lang": "en_US",
                    "subject": "x",
                    "body": "x",
                }
            ).action_send()
        self.assertFalse(self._queued_mails())

    def test_documents_go_to_people_of_the_customer_only(self):
        wizard = self._wizard(lines=self.lines)
        wizard.partner_id = self.foreign.partner_id
        with self.assertRaises(UserError):
            wizard.action_send()

    def test_in_test_mode_only_the_test_address_gets_them(self):
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        self._wizard(lines=self.lines).action_send()
        mail = self._mail()
        self.assertEqual(mail.email_to, "t@example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertIn("test", self.own.event_ids[:1].summary)
        self.company.recouvrement_test_email = False
        with self.assertRaises(UserError):
            self._wizard(lines=self.lines).action_send()

    def test_a_download_is_the_file_or_an_archive(self):
        wizard = self._wizard(lines=self.lines)
        number = int(wizard.action_download()["url"].split("/")[-1].split("?")[0])
        archive = self.env["ir.attachment"].browse(number)
        with zipfile.ZipFile(io.BytesIO(archive.raw)) as opened:
            self.assertEqual(len(opened.namelist()), 2)
        self.assertTrue(self._as(archive, "collector").has_access("read"))
        self.assertFalse(archive.with_user(self.portal).has_access("read"))
        self.assertFalse(self._mail())

    def test_a_request_for_duplicates_is_answered_by_the_documents(self):
        request = self.own.sudo()._declare(
            "duplicate", source="portal", lines=self.lines[0]
        )
        request.answer = "As asked <b>today</b>"
        self._rpc("collector", request, "action_accept")
        self.assertEqual(request.state, "done")
        mail = self._mail()
        self.assertEqual(len(mail), 1)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertIn("As asked &lt;b&gt;today&lt;/b&gt;", mail.body_html)

    def test_a_request_for_the_statement_is_answered_by_the_statement(self):
        request = self.own.sudo()._declare("statement", source="email")
        self._rpc("collector", request, "action_accept")
        self.assertEqual(len(self._mail().attachment_ids), 1)
        self.assertEqual(self.own.request_count, 0)

    def test_auditors_and_salespeople_send_nothing(self):
        for role in ("auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, self.own, "action_send")
