"""Every way by which a dispute comes in."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.recouvrement.tests.portal_common import PortalCommon

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeEntries(DisputeCommon):
    def _dispute(self):
        return self.env["recouvrement.dispute"].search(
            [("debtor_id", "=", self.debtor.id)]
        )

    def _wizard(self, action):
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        return Form(wizard)

    def test_from_the_desk_with_a_part(self):
        action = self.debtor.action_desk_dispute([self.big.id, self.small.id])
        with self._wizard(action) as form:
            form.category_id = self.env.ref(
                "recouvrement_litige.dispute_category_quantity"
            )
            form.text = "Two boxes were missing"
            with form.line_ids.edit(0) as line:
                line.amount = line.residual - 100
            wizard = form.save()
        self.assertTrue(wizard.date_due)
        closed = wizard.with_context(**action["context"]).action_confirm()
        self.assertEqual(closed["type"], "ir.actions.act_window_close")
        dispute = self.env["recouvrement.dispute"].search(
            [("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual(dispute.source, "call")
        self.assertEqual(len(dispute.line_ids), 2)
        self.assertEqual(sorted(dispute.line_ids.mapped("is_whole")), [False, True])
        self.assertEqual(sum(self._asked(self.debtor).values()), 100)

    def test_from_a_request_that_is_accepted(self):
        request = self.debtor._declare(
            "dispute",
            source="email",
            text="The price is wrong",
            lines=self.big,
            amount=300,
            reason_code="price",
            attachments=[("offer.txt", b"offer")],
        )
        self.assertFalse(self._dispute())
        request.action_accept()
        dispute = self._dispute()
        self.assertRecordValues(
            dispute,
            [
                {
                    "source": "email",
                    "request_id": request.id,
                    "amount_company": 300,
                    "text": "The price is wrong",
                }
            ],
        )
        self.assertEqual(dispute.category_id.code, "price")
        self.assertEqual(request.state, "done")
        self.assertEqual(
            self.env["ir.attachment"].search_count(
                [
                    ("res_model", "=", "recouvrement.dispute"),
                    ("res_id", "=", dispute.id),
                ]
            ),
            1,
        )

    def test_a_part_of_several_items_goes_on_the_oldest(self):
        request = self.debtor._declare(
            "dispute",
            source="call",
            text="x",
            lines=self.big | self.small,
            amount=1200,
        )
        request.action_accept()
        amounts = {
            line.move_line_id: (line.amount, line.is_whole)
            for line in self._dispute().line_ids
        }
        self.assertEqual(sum(amount for amount, _whole in amounts.values()), 1200)
        first = min(self.big | self.small, key=lambda item: item.id)
        self.assertTrue(amounts[first][1])

    def test_items_in_dispute_already_do_not_stop_a_request(self):
        self._open((self.big, None))
        request = self.debtor._declare(
            "dispute", source="call", text="Again", lines=self.big
        )
        request.action_accept()
        self.assertEqual(request.state, "done")
        self.assertEqual(len(self._dispute()), 1)

    def test_from_a_relay(self):
        technician = self._make_user("salesperson", login="technician")
        relays = self.env["recouvrement.relay"]
        relay = relays._ask(
            [
                {
                    "debtor_id": self.debtor.id,
                    "role": "other",
                    "user_id": technician.id,
                    "question": "What happened?",
                    "date_due": self.today,
                    "move_line_ids": [(6, 0, self.big.ids)],
                }
            ]
        )
        self.assertFalse(relay.may_dispute)
        relay._answer("technical", "The pump leaks")
        self.assertTrue(relay.may_dispute)
        with self._wizard(relay.action_open_dispute()) as form:
            wizard = form.save()
        wizard.action_confirm()
        dispute = self._dispute()
        self.assertEqual(
            (dispute.source, dispute.text, dispute.category_id.code),
            ("relay", "The pump leaks", "technical"),
        )
        self.assertEqual(dispute.relay_id, relay)
        self.assertTrue(relay.is_handled)
        self.assertFalse(relay.may_dispute)

    def test_from_a_short_payment(self):
        shorts = self.env["recouvrement.short.payment"]
        mine = [("debtor_id", "=", self.debtor.id)]
        self.assertFalse(shorts.search(mine))
        self._pay(self.big.move_id, 950)
        self._process()
        short = shorts.search(mine)
        self.assertRecordValues(
            short,
            [{"move_line_id": self.big.id, "amount_paid": 950, "amount_rest": 50}],
        )
        with self._wizard(short.action_dispute()) as form:
            form.category_id = self.env.ref(
                "recouvrement_litige.dispute_category_price"
            )
            form.text = "Discount of 5 % promised"
            wizard = form.save()
        wizard.action_confirm()
        self.assertEqual(self._dispute().source, "short_payment")
        self.assertEqual(self.big.collection_status, "disputed")
        self.assertFalse(shorts.search(mine))

    def test_a_rest_that_is_no_dispute_is_chased(self):
        self._pay(self.big.move_id, 950)
        self._process()
        shorts = self.env["recouvrement.short.payment"]
        mine = [("debtor_id", "=", self.debtor.id)]
        shorts.search(mine).action_no_dispute()
        self.assertFalse(shorts.search(mine))
        self.assertEqual(self._asked(self.debtor)[self.big.id], 50)

    def test_a_returned_debit_and_its_withdrawal(self):
        self.debtor._dispute(self.big, "Contested", source="return")
        self.assertEqual(self._dispute().source, "return")
        self.assertEqual(self.big.collection_status, "disputed")
        self.debtor._withdraw_dispute(self.big, "Mistake", source="return")
        self.assertEqual(self._dispute().outcome, "abandoned")
        self.assertEqual(self.big.collection_status, "to_chase")

    # ------------------------------------------------------------------
    # E-INVOICES
    # ------------------------------------------------------------------

    def test_each_status_that_disputes_opens_one(self):
        expected = {
            ("207", "PU_ERR"): "price",
            ("207", False): "other",
            ("208", False): "missing_piece",
            ("210", False): "invoice_error",
        }
        for (status, code), category in expected.items():
            with self.subTest(status=status, code=code):
                invoice = self._make_invoice(self.partner, 100)
                dispute = invoice._take_einvoice_status(status, self.today, code)
                self.assertEqual(dispute.category_id.code, category)
                self.assertEqual(dispute.source, "einvoice")
                self.assertEqual(self._items(invoice).collection_status, "disputed")
                again = invoice._take_einvoice_status(status, self.today, code)
                self.assertFalse(again)

    def test_a_part_that_is_not_approved(self):
        dispute = self.big.move_id._take_einvoice_status(
            "206", self.today, text="Two of ten", amount=200
        )
        self.assertEqual(dispute.amount_company, 200)
        self.assertEqual(self._asked(self.debtor)[self.big.id], 800)

    def test_what_completes_or_approves_ends_the_dispute_of_the_platform(self):
        move = self.big.move_id
        dispute = move._take_einvoice_status("208", self.today, text="No order")
        move._take_einvoice_status("209", self.today)
        self.assertEqual((dispute.state, dispute.outcome), ("closed", "abandoned"))
        self.assertEqual(self.big.collection_status, "to_chase")

    def test_an_older_status_does_not_come_after_a_newer_one(self):
        move = self.big.move_id
        move._take_einvoice_status("205", self.today)
        yesterday = self._day(-1)
        self.assertFalse(move._take_einvoice_status("207", yesterday))
        self.assertEqual(move.einvoice_status, "205")

    def test_a_file_of_statuses_is_loaded_line_by_line(self):
        name = self.big.move_id.name
        content = (
            "facture;statut;date;code;motif\n"
            f"{name};207;{self.today};PU_ERR;=1+1\n"
            f"UNKNOWN/1;207;{self.today};;\n"
            f"{name};xxx;{self.today};;\n"
        )
        wizard = self.env["recouvrement.einvoice.import"].create(
            {"data": base64.b64encode(content.encode())}
        )
        wizard.action_load()
        self.assertEqual(wizard.taken_count, 1)
        self.assertEqual(wizard.dispute_ids, self._dispute())
        self.assertEqual(len(wizard.report.splitlines()), 2)
        self.assertIn("Line 3", wizard.report)
        with self.assertRaises(UserError):
            self.env["recouvrement.einvoice.import"].create(
                {"data": base64.b64encode(b"a;b\n1;2\n")}
            ).action_load()

    def test_the_status_is_not_written_by_hand(self):
        collector = self._make_user("collector")
        with self.assertRaises(AccessError):
            self.big.move_id.with_user(collector).write({"einvoice_status": "205"})


@tagged("post_install", "-at_install")
class TestDisputePortal(PortalCommon):
    def test_the_customer_chooses_a_category_and_a_part(self):
        line = self._line(self.overdue)
        tree = self._page("/ask/dispute", items=line.id)
        codes = tree.xpath("//select[@id='reason']/option/@value")
        self.assertIn("delivery", codes)
        self.assertNotIn("payment_not_credited", codes)
        response = self._post(
            "/ask/dispute",
            {
                "items": line.id,
                "reason": "delivery",
                "part": "200.50",
                "text": "Three boxes were missing",
            },
        )
        self.assertEqual(response.status_code, 303, response.text[:500])
        request = self.env["recouvrement.request"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "dispute")]
        )
        self.assertEqual((request.reason_code, request.amount), ("delivery", 200.5))
        request.with_user(self.collector).action_accept()
        dispute = request.dispute_ids
        self.assertEqual(dispute.category_id.code, "delivery")
        self.assertEqual(dispute.source, "portal")
        self.assertEqual(dispute.amount_company, 200.5)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertIn("Of which disputed", self._text(self._page()))

    def test_a_part_beyond_what_is_open_is_refused(self):
        response = self._post(
            "/ask/dispute",
            {
                "items": self._line(self.overdue).id,
                "reason": "price",
                "part": "1200.01",
                "text": "x",
            },
        )
        self.assertEqual(response.status_code, 422)
