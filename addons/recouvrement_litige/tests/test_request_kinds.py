"""What accepting each kind of request does, and who may."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.recouvrement.models.selections import REQUEST_KINDS

from ..models.request_kinds import KINDS
from .request_common import IBAN, RequestCommon


@tagged("post_install", "-at_install")
class TestRequestKinds(RequestCommon):
    def test_every_kind_has_a_type_with_a_delay(self):
        """Kinds of ``recouvrement`` keep the delay of the company."""
        types = self.env["recouvrement.request.type"]
        added = {kind for kind, _label in KINDS}
        kinds = added | {kind for kind, _label in REQUEST_KINDS}
        self.assertEqual(set(types.search([]).mapped("kind")), kinds)
        self.assertEqual(set(types.search([("days", ">", 0)]).mapped("kind")), added)

    def test_delay_owner_and_pieces_are_those_of_the_type(self):
        kind = self.env.ref("recouvrement_litige.request_type_termination")
        kind.days = 9
        request = self._ask("termination", text="We stop")
        self.assertEqual(request.date_due, self._day(9))
        self.assertEqual(request.user_id, self.users["salesperson"])
        self.assertEqual(
            request.piece_ids.mapped("name"), kind.piece_ids.mapped("name")
        )
        self.assertEqual(set(request.piece_ids.mapped("state")), {"missing"})

    def test_two_different_addresses_are_two_requests(self):
        first = self._ask("address_change", new_street="1 rue A", text="Moved")
        again = self._ask("address_change", new_street="1 rue A", text="Moved")
        other = self._ask("address_change", new_street="2 rue B", text="Moved")
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    # ------------------------------------------------------------------
    # FILE
    # ------------------------------------------------------------------

    def test_billing_parameters_are_written_and_billing_is_told(self):
        request = self._ask(
            "billing_params",
            billing_method="email",
            billing_email="factures@own.example.com",
            billing_reference="EJ 4500",
        )
        self._rpc("collector", request, "action_accept")
        partner = self.own.partner_id
        contact = partner.child_ids.filtered(lambda p: p.type == "invoice")
        self.assertEqual(contact.email, "factures@own.example.com")
        self.assertEqual(partner.invoice_sending_method, "email")
        self.assertEqual(self.own.billing_reference, "EJ 4500")
        activity = self._activities(request)
        self.assertIn("EJ 4500", activity.note)
        self.assertTrue(activity.user_id.has_group("recouvrement.group_accountant"))
        self.assertEqual(request.state, "done")
        self.assertIn("receive your invoices", request.answer)

    def test_an_empty_change_of_billing_is_refused(self):
        request = self._ask("billing_params", text="Please change")
        with self.assertRaises(UserError):
            self._rpc("collector", request, "action_accept")

    def test_an_address_changes_only_after_a_second_person_and_its_proof(self):
        before = self.own.partner_id.street
        request = self._ask(
            "address_change",
            address_use="main",
            new_street="8 rue Neuve",
            new_zip="75011",
            new_city="Paris",
        )
        with self.assertRaisesRegex(UserError, "Proof"):
            self._rpc("collector", request, "action_submit")
        self._rpc("collector", request.piece_ids, "action_receive")
        self._rpc("collector", request, "action_accept")
        self.assertEqual(request.approval_state, "to_approve")
        self.assertEqual(self.own.partner_id.street, before)
        for role in ("collector", "salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, request, "action_accept")
        with self.assertRaisesRegex(UserError, "Proof"):
            self._rpc("accountant", request, "action_accept")
        self._rpc("accountant", request.piece_ids, "action_check")
        self._rpc("accountant", request, "action_accept")
        self.assertEqual(self.own.partner_id.street, "8 rue Neuve")
        self.assertEqual(request.approved_by_id, self.users["accountant"])
        self.assertEqual(request.state, "done")
        events = self.own.event_ids.filtered(lambda e: e.kind == "request")
        self.assertTrue(any(before in (e.detail or "") for e in events))

    def test_what_was_submitted_no_longer_changes(self):
        request = self._ask("address_change", new_street="1", new_zip="2", new_city="3")
        self._check_pieces(request)
        self._rpc("collector", request, "action_submit")
        with self.assertRaises(UserError):
            self._rpc("collector", request, "write", {"new_street": "Elsewhere"})
        self._rpc("accountant", request, "action_send_back", "Wrong street")
        self.assertEqual(request.sent_back_reason, "Wrong street")
        self._rpc("collector", request, "write", {"new_street": "Elsewhere"})

    def test_the_database_refuses_that_one_person_does_both(self):
        request = self._ask("address_change", new_street="1", new_zip="2", new_city="3")
        self._check_pieces(request, "accountant")
        self._rpc("accountant", request, "action_submit")
        with self.assertRaises(AccessError):
            self._rpc("accountant", request, "action_accept")
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            request.sudo().approved_by_id = self.users["accountant"]
            request.flush_recordset()

    def test_who_writes_the_request_down_does_not_approve_it(self):
        model = self._as(self.env["recouvrement.request"], "accountant")
        request = model.create(
            {
                "kind": "address_change",
                "source": "call",
                "debtor_id": self.own.id,
                "new_street": "1",
                "new_zip": "2",
                "new_city": "3",
            }
        )
        self.assertEqual(request.entered_by_id, self.users["accountant"])
        self._check_pieces(request)
        self._rpc("collector", request, "action_submit")
        with self.assertRaises(AccessError):
            self._rpc("accountant", request, "action_accept")
        self._rpc("manager", request, "action_accept")
        self.assertEqual(request.state, "done")

    def test_a_copy_of_a_contract_leaves_with_the_contract(self):
        request = self._ask("contract_copy", contract_reference="C-12")
        with self.assertRaises(UserError):
            self._rpc("collector", request, "action_accept")
        file = self.env["ir.attachment"].create({"name": "c.pdf", "raw": b"%PDF"})
        request.write({"answer_file_ids": [(6, 0, file.ids)]})
        self._rpc("collector", request, "action_accept")
        mail = self._queued_mails()[-1:]
        self.assertIn(file, mail.attachment_ids)
        self.assertEqual(request.state, "done")

    def test_a_termination_is_noted_and_billing_told_and_the_debt_stays(self):
        owed = self.own.open_amount
        request = self._ask(
            "termination",
            text="We stop",
            contract_reference="C-12",
            date_effect=self._day(30),
        )
        self._check_pieces(request)
        self._rpc("collector", request, "action_submit")
        self._rpc("accountant", request, "action_accept")
        self.assertEqual(self.own.terminated_on, self._day(30))
        self.assertEqual(self.own.open_amount, owed)
        self.assertTrue(self._activities(request))

    # ------------------------------------------------------------------
    # REFUND
    # ------------------------------------------------------------------

    def _ask_refund(self, amount=150, **vals):
        self._give_credit(self.own)
        request = self._ask("refund", amount=amount, **vals)
        self._check_pieces(request)
        return request

    def test_a_refund_waits_until_the_account_was_called_back(self):
        request = self._ask_refund(iban=IBAN)
        action = self._rpc("collector", request, "action_submit")
        self.assertEqual(action["res_model"], "recouvrement.bank.change")
        self.assertEqual(request.approval_state, "none")
        change = request.bank_change_id
        self.assertEqual(change.asked_user_id, self.users["collector"])
        change.sudo()._confirm_call(self.own.partner_id.phone, "Jeanne", "")
        self._rpc("accountant", change, "action_approve")
        self.assertEqual(request.state, "new", "the refund is not paid by this")
        self._rpc("collector", request, "action_submit")
        self.assertEqual(request.approval_state, "to_approve")
        self._rpc("accountant", request, "action_accept")
        self.assertEqual(request.payment_id.partner_bank_id, change.bank_id)

    def test_a_refund_is_a_draft_payment_and_nothing_more(self):
        bank = self._verify(self.own)
        request = self._ask_refund()
        self._rpc("collector", request, "action_submit")
        self._rpc("accountant", request, "action_accept")
        payment = request.payment_id
        self.assertRecordValues(
            payment,
            [
                {
                    "state": "draft",
                    "payment_type": "outbound",
                    "amount": 150,
                    "partner_id": self.own.partner_id.id,
                    "partner_bank_id": bank.id,
                }
            ],
        )
        self.assertEqual(request.state, "done")
        self.assertEqual(
            self._activities(payment).user_id,
            request.type_id._get_informed(self.company),
        )

    def test_no_more_is_refunded_than_the_credits_not_yet_promised(self):
        self._verify(self.own)
        first = self._ask_refund(150)
        self._rpc("collector", first, "action_submit")
        self._rpc("accountant", first, "action_accept")
        second = self._ask("refund", amount=60, text="the rest")
        self._check_pieces(second)
        with self.assertRaisesRegex(UserError, "50"):
            self._rpc("collector", second, "action_submit")
        second.amount_granted = 50
        self._rpc("collector", second, "action_submit")
        self.assertEqual(second.approval_state, "to_approve")

    def test_a_refund_beyond_the_limit_of_the_role_is_for_a_manager(self):
        self._verify(self.own)
        self.env["recouvrement.authority"].search(
            [("subject", "=", "refund"), ("role", "=", "accountant")]
        ).limit = 100
        request = self._ask_refund(150)
        self._rpc("collector", request, "action_submit")
        with self.assertRaises(UserError):
            self._rpc("accountant", request, "action_accept")
        self.assertFalse(request.payment_id)
        self._rpc("manager", request, "action_accept")
        self.assertEqual(request.payment_id.state, "draft")

    # ------------------------------------------------------------------
    # BILLING
    # ------------------------------------------------------------------

    def test_a_credit_note_is_passed_to_billing_and_the_item_leaves_the_reminders(self):
        request = self._ask("credit_note", text="Wrong price", lines=self.line)
        self._check_pieces(request)
        self._rpc("collector", request, "action_submit")
        self.assertEqual(self.line.collection_status, "to_chase")
        self._rpc("accountant", request, "action_accept")
        self.assertEqual(self.line.collection_status, "disputed")
        self.assertEqual((self.lines - self.line).collection_status, "to_chase")
        target = request.credit_move_ids or self.line.move_id
        activity = self._activities(target[:1])
        self.assertIn("Wrong price", activity.note)
        self.assertEqual(request.state, "done")
        self.assertEqual(
            set(request.credit_move_ids.mapped("state")) - {"draft"}, set()
        )

    def test_a_part_is_credited_on_one_invoice_and_never_more_than_is_open(self):
        request = self._ask("credit_note", text="x", lines=self.lines, amount=10)
        with self.assertRaises(UserError):
            self._rpc("collector", request, "action_submit")
        request = self._ask("credit_note", text="y", lines=self.line, amount=99999)
        with self.assertRaises(UserError):
            self._rpc("collector", request, "action_submit")

    # ------------------------------------------------------------------
    # OTHER PARTY
    # ------------------------------------------------------------------

    def _ask_novation(self, effect, lines=None, **vals):
        request = self._ask(
            "novation",
            text="Sold",
            lines=lines,
            contract_reference="C-1",
            date_effect=self.today,
            party_name="Repreneur",
        )
        party = self._make_customer("Repreneur")
        request.write({"novation_kind": effect, "party_id": party.id, **vals})
        self._check_pieces(request)
        self._rpc("collector", request, "action_submit")
        with self.assertRaises(AccessError):
            self._rpc("accountant", request, "action_accept")
        self._rpc("manager", request, "action_accept")
        return request, party

    def test_a_novation_ends_the_old_claim_when_its_entry_is_posted(self):
        owed = self.line.amount_residual
        request, party = self._ask_novation("novation", self.line)
        move = request.transfer_move_id
        self.assertEqual(move.state, "draft")
        self.assertFalse(self.line.reconciled, "nothing moves before it is posted")
        move.action_post()
        self.assertTrue(self.line.reconciled)
        born = self._items(move).filtered(lambda x: x.partner_id == party)
        self.assertEqual(born.amount_residual, owed)
        self.assertEqual(born.date_maturity, self.line.date_maturity)
        self.assertEqual(self._debtor(party).open_amount, owed)
        with self.assertRaises(UserError):
            move.unlink()

    def test_a_transferred_contract_leaves_the_debt_where_it_is(self):
        owed = self.own.open_amount
        request, _party = self._ask_novation("contract", self.line)
        self.assertFalse(request.transfer_move_id)
        self.assertEqual(self.own.open_amount, owed)
        self.assertEqual(self.own.terminated_on, self.today)

    def test_who_takes_the_debt_over_without_a_discharge_is_liable_too(self):
        request, party = self._ask_novation("assumption", self.line)
        self.assertFalse(request.transfer_move_id)
        self.assertEqual(self.own.codebtor_ids, party)
