"""What customers ask for: noted, validated by a person, answered."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import ROLES, AccessCommon


@tagged("post_install", "-at_install")
class TestRequest(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)]
        )
        cls.lines = cls.lines.move_line_id
        cls.line = cls.lines[0]

    def _declare(self, kind="message", debtor=None, source="portal", **vals):
        debtor = debtor or self.own
        return debtor.sudo()._declare(kind, source=source, **vals).sudo(False)

    def _mail_of(self, debtor):
        return self.env["mail.mail"].search(
            [("model", "=", debtor._name), ("res_id", "=", debtor.id)], order="id"
        )

    # ------------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------------

    def test_a_declaration_waits_numbered_for_the_collector_and_shows_in_history(self):
        request = self._declare(
            "promise", text=" On Friday ", amount=500, day=self.today, lines=self.line
        )
        self.assertRecordValues(
            request,
            [
                {
                    "kind": "promise",
                    "state": "new",
                    "text": "On Friday",
                    "user_id": self.users["collector"].id,
                    "company_id": self.company.id,
                    "partner_id": self.own.contact_id.id,
                    "amount": 500,
                }
            ],
        )
        self.assertTrue(request.name)
        self.assertEqual(request.date_due, self._day(3))
        self.assertEqual(self.own.request_count, 1)
        self.assertEqual(self.own.event_ids[:1].kind, "request")

    def test_nothing_declared_changes_what_is_chased(self):
        before = self.lines.mapped("collection_status")
        for kind in ("promise", "dispute", "payment_check", "plan"):
            self._declare(kind, lines=self.lines, amount=10, day=self.today)
        self.assertEqual(self.lines.mapped("collection_status"), before)
        self.assertFalse(self.own.hold_until)
        self.assertEqual(self.own.request_count, 4)

    def test_the_same_declaration_twice_is_one_request(self):
        first = self._declare("dispute", text="Broken", lines=self.line)
        self.assertEqual(
            first, self._declare("dispute", text="Broken", lines=self.line)
        )
        self.assertNotEqual(
            first, self._declare("dispute", text="Late", lines=self.line)
        )
        first.action_refuse("Delivered whole")
        again = self._declare("dispute", text="Broken", lines=self.line)
        self.assertNotEqual(first, again)

    def test_items_of_another_customer_or_company_are_refused(self):
        stranger = self._items(self._make_invoice(self.foreign.partner_id, 5))
        revenue = (self.line.move_id.line_ids - self.line)[0]
        draft = self._items(self._make_invoice(self.own.partner_id, 5, post=False))
        for lines in (stranger, self.line | stranger, revenue, draft):
            with self.subTest(lines=lines), self.assertRaises(UserError):
                self._declare("dispute", lines=lines)
        with self.assertRaises(UserError):
            self._declare("promise", amount=-1)
        with self.assertRaises(UserError):
            self._declare("message", partner=self.foreign.partner_id)

    def test_documents_belong_to_the_request_and_do_not_run_in_a_browser(self):
        request = self._declare(
            "dispute",
            lines=self.line,
            attachments=[("photo.svg", b"<svg onload='alert(1)'/>"), ("a.txt", b"x")],
        )
        self.assertEqual(len(request.attachment_ids), 2)
        for file in request.attachment_ids:
            self.assertEqual((file.res_model, file.res_id), (request._name, request.id))
            self.assertNotIn("svg", file.mimetype)
            self.assertNotIn("html", file.mimetype)
        readable = request.attachment_ids.with_user(self.users["collector"])
        self.assertTrue(readable.has_access("read"))
        hidden = request.attachment_ids.with_user(self.portal)
        self.assertFalse(hidden.has_access("read"))

    # ------------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------------

    def test_an_accepted_dispute_marks_its_items_with_the_words_of_the_customer(self):
        request = self._declare("dispute", text="Two pallets missing", lines=self.line)
        self._rpc("collector", request, "action_accept")
        self.assertEqual(self.line.collection_status, "disputed")
        self.assertEqual(self.line.collection_reason, "Two pallets missing")
        self.assertEqual((self.lines - self.line).collection_status, "to_chase")
        self.assertRecordValues(
            request,
            [{"state": "done", "handled_by_id": self.users["collector"].id}],
        )
        self.assertEqual(self.own.request_count, 0)

    def test_a_promise_is_made_as_the_customer_said(self):
        request = self._declare(
            "promise", amount=500, day=self._day(4), lines=self.line
        )
        self._rpc("collector", request, "action_accept")
        self.assertRecordValues(
            self.own.promise_ids,
            [
                {
                    "amount": 500,
                    "date": self._day(4),
                    "source": "portal",
                    "partner_id": self.own.contact_id.id,
                    "user_id": self.users["collector"].id,
                }
            ],
        )
        self.assertEqual(self.own.promise_ids.line_ids.move_line_id, self.line)
        self.assertEqual(self.line.collection_status, "promised")

    def test_a_promise_that_is_refused_by_its_rules_leaves_the_request_waiting(self):
        request = self._declare("promise", amount=500, day=self._day(-4))
        with self.assertRaises(UserError):
            self._rpc("collector", request, "action_accept")
        self.assertEqual(request.state, "new")
        self.assertFalse(self.own.promise_ids)

    def test_an_accepted_plan_goes_on_with_its_negotiation(self):
        request = self._declare("plan", text="In three times", lines=self.lines)
        action = self._rpc("collector", request, "action_accept")
        self.assertEqual(action["res_model"], "recouvrement.plan.wizard")
        self.assertEqual(request.state, "done")

    def test_a_claimed_payment_leaves_its_items_alone_for_some_days_only(self):
        self.company.recouvrement_verify_days = 6
        request = self._declare("payment_check", amount=500, lines=self.line)
        self._rpc("collector", request, "action_accept")
        self.assertEqual(self.line.collection_status, "to_verify")
        self.assertEqual(self.line.collection_until, self._day(6))
        self.assertEqual((self.lines - self.line).collection_status, "to_chase")
        reasons = {d.move_line_id: d.reason for d in self._decisions(self.own)}
        self.assertEqual(reasons[self.line], "to_verify")
        self.assertNotIn("to_verify", [reasons[x] for x in self.lines - self.line])
        later = {d.move_line_id: d.reason for d in self._decisions(self.own, 7)}
        self.assertNotEqual(later[self.line], "to_verify")

    def test_the_collector_sees_what_the_ledger_has_of_a_claimed_payment(self):
        request = self._declare(
            "payment_check", amount=500, day=self._day(-2), lines=self.line
        )
        request = self._as(request, "collector")
        self.assertIn("Nothing was received", request.receipt_note)
        other = self._make_receipt(self.own.partner_id, 12, day=-90)
        request.invalidate_recordset()
        self.assertIn("No receipt of this amount", request.receipt_note)
        receipt = self._make_receipt(self.own.partner_id, 500, day=-1)
        self._make_receipt(self.foreign.partner_id, 500, day=-1)
        request.invalidate_recordset()
        self.assertEqual(
            request.receipt_ids.move_line_id.move_id, (receipt | other).move_id
        )
        self.assertIn(receipt.move_id.name, request.receipt_note)
        self.assertIn("not allocated", request.receipt_note)

    def test_a_bank_line_of_the_amount_that_has_no_customer_is_told(self):
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_ref": "VIR 2291",
                "amount": 500,
                "date": self.today,
            }
        )
        request = self._declare("payment_check", amount=500, lines=self.line)
        self.assertIn("VIR 2291", self._as(request, "collector").receipt_note)
        other = self._declare("payment_check", amount=501, lines=self.line)
        self.assertNotIn("VIR 2291", self._as(other, "collector").receipt_note)

    def test_a_salesperson_reads_the_form_of_an_own_request(self):
        request = self._declare("dispute", text="No", lines=self.line)
        request = self._as(request, "salesperson")
        view = request.get_view(view_type="form")
        arch = etree.fromstring(view["arch"])
        names = {
            node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")
        }
        [values] = request.web_read({name: {} for name in names})
        self.assertEqual(values["text"], "No")
        self.assertNotIn("move_line_ids", names)
        self.assertEqual(request.item_count, 1)

    def test_a_refusal_needs_a_reason_and_tells_it_to_the_customer(self):
        request = self._declare("dispute", text="No", lines=self.line)
        action = self._rpc("collector", request, "action_refuse")
        self.assertEqual(action["res_model"], "recouvrement.request.refuse")
        self.assertEqual(request.state, "new")
        wizard = self._as(self.env["recouvrement.request.refuse"], "collector").create(
            {"request_ids": request.ids, "reason": "Signed by <b>you</b>"}
        )
        wizard.action_confirm()
        self.assertEqual(request.state, "refused")
        mail = self._mail_of(self.own)
        self.assertEqual(len(mail), 1)
        self.assertIn("Signed by &lt;b&gt;you&lt;/b&gt;", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.own.contact_id)
        self.assertEqual(self.line.collection_status, "to_chase")

    def test_who_phoned_gets_no_e_mail(self):
        request = self._declare("dispute", source="call", text="No", lines=self.line)
        request.action_refuse("Signed")
        self.assertFalse(self._mail_of(self.own))

    def test_in_test_mode_the_customer_is_not_among_the_recipients(self):
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        self._declare("dispute", text="No", lines=self.line).action_refuse("Signed")
        mail = self._mail_of(self.own)
        self.assertEqual(mail.email_to, "t@example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertIn("[TEST", mail.subject)

    def test_an_answer_that_cannot_leave_is_told_and_the_decision_stands(self):
        self.own.partner_id.email = False
        request = self._declare("dispute", text="No", lines=self.line)
        request.action_refuse("Signed")
        self.assertEqual(request.state, "refused")
        self.assertFalse(self._mail_of(self.own))
        self.assertIn("not told", self.own.event_ids[:1].summary)

    def test_a_handled_request_is_a_record(self):
        request = self._declare("dispute", text="No", lines=self.line)
        request.action_refuse("Signed")
        for call in (
            lambda: request.action_accept(),
            lambda: request.action_refuse("Again"),
            lambda: request.write({"answer": "x"}),
            lambda: request.unlink(),
        ):
            with self.assertRaises(UserError):
                call()
        self.assertEqual(self.line.collection_status, "to_chase")

    def test_what_the_customer_said_is_not_rewritten(self):
        request = self._declare("promise", amount=5, day=self.today, text="Friday")
        for vals in (
            {"text": "x"},
            {"amount": 9},
            {"kind": "plan"},
            {"source": "call"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._rpc("manager", request, "write", vals)
        for vals in ({"state": "done"}, {"name": "x"}, {"handled_by_id": 1}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._rpc("manager", request, "write", vals)
        self._rpc("collector", request, "write", {"answer": "Noted"})

    def test_items_settled_meanwhile_are_not_disputed(self):
        request = self._declare("dispute", text="No", lines=self.line)
        self._pay(self.line.move_id)
        with self.assertRaises(UserError):
            request.action_accept()
        self.assertEqual(request.state, "new")

    # ------------------------------------------------------------------
    # CONTACTS AND MESSAGES
    # ------------------------------------------------------------------

    def test_a_new_contact_is_written_under_the_customer_after_acceptance(self):
        request = self._declare(
            "contact_change",
            contact_name="Ana Petit",
            contact_email=" Ana@Example.com ",
        )
        children = self.own.partner_id.child_ids
        self.assertFalse(children)
        self._rpc("collector", request, "action_accept")
        contact = self.own.partner_id.child_ids
        self.assertRecordValues(
            contact,
            [{"name": "Ana Petit", "email": "ana@example.com", "type": "invoice"}],
        )
        self.assertEqual(self.own.contact_id, contact)

    def test_a_contact_without_a_valid_address_is_not_written(self):
        request = self._declare(
            "contact_change", contact_name="Ana", contact_email="ana at example"
        )
        with self.assertRaises(UserError):
            request.action_accept()

    def test_a_message_of_an_unknown_sender_is_attached_by_a_person(self):
        request = self.env["recouvrement.request"]._declare_unknown(
            "Ana <ana@unknown.example>",
            "Paid <script>x</script>",
            self.company,
            attachments=[("proof.txt", b"proof")],
        )
        request = self._as(request, "collector")
        self.assertTrue(request.has_access("write"))
        with self.assertRaises(UserError):
            request.action_accept()
        with self.assertRaises(AccessError):
            request.write({"debtor_id": self.foreign.id})
        request.write({"debtor_id": self.own.id})
        self.assertEqual(self.own.request_count, 1)
        request.action_accept()
        self.assertTrue(self.own.answered)
        message = self.own.message_ids.filtered(lambda m: m.message_type == "email")
        self.assertEqual(message.email_from, "Ana <ana@unknown.example>")
        self.assertNotIn("<script", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["proof.txt"])
        self.assertEqual(self.own.request_count, 0)
        self.assertEqual(request.state, "done")

    # ------------------------------------------------------------------
    # ROLES AND COMPANIES
    # ------------------------------------------------------------------

    def test_each_role_sees_the_requests_of_its_portfolio(self):
        requests = self.env["recouvrement.request"]
        for debtor in self.debtors:
            requests |= self._declare("message", debtor, text="Hello")
        elsewhere = self._declare("message", self.elsewhere, text="Hello")
        for role in ROLES:
            found = self._as(requests.browse(), role).search([])
            with self.subTest(role=role):
                names = {"salesperson": ["Own"], "collector": ["Own", "Nobody"]}
                expected = names.get(role, ["Own", "Nobody", "Foreign"])
                self.assertEqual(
                    set(found.debtor_id.mapped("partner_id.name")), set(expected)
                )
                self.assertNotIn(elsewhere, found)

    def test_only_who_works_on_the_debtor_decides(self):
        request = self._declare("dispute", self.foreign, text="No")
        own = self._declare("dispute", text="No", lines=self.line)
        for role, record in (
            ("collector", request),
            ("salesperson", own),
            ("auditor", own),
        ):
            for method in ("action_accept", "action_take"):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self._rpc(role, record, method)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, record, "action_refuse", "No")
        self.assertEqual((request | own).mapped("state"), ["new", "new"])

    def test_a_collector_logs_a_request_on_the_own_debtors_only(self):
        requests = self._as(self.env["recouvrement.request"], "collector")
        made = requests.create(
            {"kind": "statement", "debtor_id": self.own.id, "source": "call"}
        )
        self.assertEqual(made.state, "new")
        self.assertTrue(made.name)
        with self.assertRaises(AccessError):
            requests.create({"kind": "statement", "debtor_id": self.foreign.id})
        with self.assertRaises(UserError):
            requests.create(
                {
                    "kind": "statement",
                    "debtor_id": self.own.id,
                    "company_id": self.other.id,
                }
            )
        with self.assertRaises(UserError):
            requests.create(
                {
                    "kind": "dispute",
                    "debtor_id": self.own.id,
                    "move_line_ids": self._items(
                        self._make_invoice(self.foreign.partner_id, 5)
                    ).ids,
                }
            )
        with self.assertRaises(AccessError):
            requests.create(
                {"kind": "statement", "debtor_id": self.own.id, "state": "done"}
            )

    def test_late_requests_are_found(self):
        late = self._declare("message", text="A")
        self._declare("message", text="B")
        late.sudo().date_due = self._day(-1)
        found = self.env["recouvrement.request"].search(
            [("is_late", "=", True), ("debtor_id", "=", self.own.id)]
        )
        self.assertEqual(found, late)
        self.assertTrue(late.is_late)
