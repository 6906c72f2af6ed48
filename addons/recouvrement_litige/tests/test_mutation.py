"""A change of property manager, from its entry to the letters of the next day."""

from unittest.mock import patch

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestMutation(RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_manager()
        cls.old_office = cls._appoint(cls.own, cls.old)
        cls.old_contact = cls._make_contact(cls.own.partner_id)

    @classmethod
    def _make_contact(cls, customer):
        return cls.env["res.partner"].create(
            {
                "parent_id": customer.id,
                "type": "collection",
                "name": "Old desk",
                "email": "old@example.com",
            }
        )

    def _validated(self, effect=0, **vals):
        mutation = self._enter(effect=effect, **vals)
        self._check_pieces(mutation)
        self._rpc("collector", mutation, "action_submit")
        self._rpc("accountant", mutation, "action_validate")
        return mutation

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def test_the_form_goes_to_customer_accounting_with_its_pieces(self):
        mutation = self._enter()
        self.assertTrue(mutation.name.startswith("MUT/"))
        self.assertEqual(mutation.old_partner_id, self.old)
        with self.assertRaisesRegex(UserError, "Minutes"):
            self._rpc("collector", mutation, "action_submit")
        self._rpc("collector", mutation.piece_ids, "action_receive")
        self._rpc("collector", mutation, "action_submit")
        self.assertEqual(mutation.state, "to_validate")
        self.assertEqual(len(mutation.form_sha256), 64)
        activity = self._activities(mutation)
        self.assertTrue(activity.user_id.has_group("recouvrement.group_accountant"))
        with self.assertRaises(UserError):
            self._rpc("collector", mutation, "write", {"manager_city": "Elsewhere"})

    def test_a_second_person_of_customer_accounting_validates(self):
        mutation = self._enter(role="accountant")
        self._check_pieces(mutation)
        self._rpc("collector", mutation, "action_submit")
        for role in ("salesperson", "collector", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, mutation, "action_validate")
        self._rpc("manager", mutation, "action_validate")
        self.assertEqual(mutation.validated_by_id, self.users["manager"])

    def test_pieces_are_read_before_it_is_validated(self):
        mutation = self._enter()
        self._rpc("collector", mutation.piece_ids, "action_receive")
        self._rpc("collector", mutation, "action_submit")
        with self.assertRaisesRegex(UserError, "Minutes"):
            self._rpc("accountant", mutation, "action_validate")

    def test_the_database_refuses_that_one_person_does_both(self):
        mutation = self._enter()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            mutation.sudo().write(
                {"state": "validated", "validated_by_id": mutation.user_id.id}
            )
            mutation.flush_recordset()

    def test_what_is_lacking_or_wrong_is_told(self):
        mutation = self._enter(manager_email=False, rnc_number="12")
        with self.assertRaisesRegex(UserError, "E-mail"):
            self._rpc("collector", mutation, "action_submit")
        self.assertIn("12", mutation.warning)
        for field in ("manager_siret", "siret"):
            with self.subTest(field=field), self.assertRaises(ValidationError):
                mutation.write({field: "73282932000075"})
        with self.assertRaises(ValidationError):
            mutation.write({"manager_email": "nobody"})

    def test_refused_with_a_reason_or_sent_back(self):
        mutation = self._enter()
        self._check_pieces(mutation)
        self._rpc("collector", mutation, "action_submit")
        self._rpc("accountant", mutation, "action_back", "Wrong date")
        self.assertEqual(
            (mutation.state, mutation.refuse_reason), ("draft", "Wrong date")
        )
        self._rpc("collector", mutation, "action_submit")
        self._rpc("accountant", mutation, "action_refuse", "No minutes")
        self.assertEqual(mutation.state, "refused")
        self.assertFalse(self._activities(mutation))
        self.assertEqual(self.own.manager_id, self.old)

    def test_one_change_waits_per_association(self):
        self._enter()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._enter()

    # ------------------------------------------------------------------
    # EFFECT
    # ------------------------------------------------------------------

    def test_the_debtor_stays_and_its_representative_changes_on_the_day(self):
        owed, partner = self.own.open_amount, self.own.partner_id
        mutation = self._validated(effect=-3)
        new = mutation.new_partner_id
        self.assertEqual(new.name, "Cabinet Nouveau")
        self.assertEqual(self.old_office.date_to, self._day(-4))
        self.assertEqual(self.own.manager_id, new)
        self.assertEqual(self.own.representative_id.mutation_id, mutation)
        self.assertEqual(self.own.contact_id, new)
        self.assertEqual((self.own.partner_id, self.own.open_amount), (partner, owed))
        self.assertEqual(
            self.own._get_representative(self._day(-4)).partner_id, self.old
        )
        self.assertEqual(self.own._get_representative(self._day(-3)).partner_id, new)

    def test_statement_and_open_invoices_are_sent_to_the_new_manager(self):
        mutation = self._validated()
        mail = self._queued_mails()[-1:]
        self.assertEqual(mail.recipient_ids, mutation.new_partner_id)
        moves = self.lines.move_id
        self.assertEqual(len(mail.attachment_ids), len(moves) + 1)
        self.assertIn("stays the association", mail.body_html)
        self.assertEqual(mutation.date_documents, self.today)

    def test_without_an_address_the_change_stands_and_says_so(self):
        mutation = self._validated()
        mutation.new_partner_id.email = False
        self._rpc("collector", mutation, "action_send_account")
        self.assertTrue(mutation.document_obstacle)
        self.assertEqual(mutation.state, "validated")

    def test_billing_is_told_how_to_address_invoices(self):
        mutation = self._validated(mandate_state="asked")
        activities = self._activities(mutation)
        self.assertIn("Cabinet Nouveau", " ".join(activities.mapped("note")))
        self.assertIn(self.users["collector"], activities.user_id)
        invoice = self.own.partner_id.address_get(["invoice"])["invoice"]
        self.assertEqual(
            self.env["res.partner"].browse(invoice).email, "compta@nouveau.example.com"
        )
        self.assertFalse(self.old_contact.active)

    def test_a_manager_on_file_is_found_by_its_number(self):
        known = self._make_manager(
            "Nouveau SARL", company_registry="732 829 320 00074", email="x@example.com"
        )
        mutation = self._validated()
        self.assertEqual(mutation.new_partner_id, known)
        person = self.own.contact_id
        self.assertEqual(person.parent_id, known)
        self.assertEqual(person.email, "compta@nouveau.example.com")

    def test_a_change_to_come_waits_for_its_day(self):
        mutation = self._validated(effect=5)
        self.assertEqual(self.own.manager_id, self.old)
        self.assertFalse(mutation.date_applied)
        self.assertTrue(self.old_contact.active)
        later = self._day(5)
        cron = type(self.env["ir.cron"])
        with (
            patch.object(fields.Date, "context_today", lambda *a, **k: later),
            patch.object(cron, "_commit_progress", lambda *a, **k: 60),
        ):
            self.env["recouvrement.mutation"]._cron_apply()
            self.own._refresh_totals()
            self.assertEqual(self.own.manager_id, mutation.new_partner_id)
            self.assertEqual(mutation.date_applied, later)

    def test_nobody_is_appointed_before_the_one_in_office_took_it(self):
        mutation = self._enter(effect=-500)
        self._check_pieces(mutation)
        with self.assertRaises(UserError):
            self._rpc("collector", mutation, "action_submit")

    def test_a_representative_written_by_hand_leaves_a_trace(self):
        before = len(self.own.event_ids)
        self._rpc("accountant", self.old_office, "write", {"note": "Renewed"})
        self.assertEqual(len(self.own.event_ids), before + 1)
        newest = self.own.event_ids.sorted("id")[-1]
        self.assertEqual(newest.user_id, self.users["accountant"])
        with self.assertRaises(AccessError):
            self._rpc("collector", self.old_office, "write", {"note": "x"})

    def test_two_are_never_in_office_on_one_day(self):
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            self._appoint(self.own, self._make_manager("Third"), since=-10)

    # ------------------------------------------------------------------
    # LETTERS
    # ------------------------------------------------------------------

    def _letter(self):
        run = self._propose(collector_ids=[(5,)])
        return self._reminders(self.own, "proposed").filtered(lambda r: r.run_id == run)

    def test_reminders_go_to_who_is_in_office_on_the_day_they_leave(self):
        """An old letter keeps who it was sent to; one proposed before the change and
        sent after it is addressed anew."""
        self.campaign.action_cancel()
        before = self._letter()
        self.assertEqual(before.partner_id, self.old)
        identity = before._get_sender_identity()
        self.assertEqual(identity["addressee"][0], self.own.partner_id.name)
        self.assertIn("Cabinet Ancien", identity["addressee"][1])
        self.assertFalse(identity["attention"])
        sent = before[:1]
        sent.sudo().write({"state": "approved"})
        sent._confirm_sent(self._day(-1))
        mutation = self._validated()
        self.assertEqual(sent.partner_id, self.old)
        self.assertIn("Cabinet Ancien", sent._get_sender_identity()["addressee"][1])
        waiting = before[1:] or self._letter()
        waiting._recheck()
        for reminder in waiting:
            self.assertEqual(reminder.partner_id, mutation.new_partner_id)

    def test_a_waiting_reminder_follows_the_change(self):
        self.campaign.action_cancel()
        waiting = self._letter()
        self.assertTrue(waiting)
        mutation = self._validated()
        self.assertEqual(waiting.partner_id, mutation.new_partner_id)

    def test_the_manager_speaks_for_the_association_while_in_office(self):
        self.assertTrue(self.own._has_person(self.old))
        self._validated()
        self.assertFalse(self.own._has_person(self.old))
        self.assertTrue(self.own._has_person(self.own.contact_id))

    # ------------------------------------------------------------------
    # FROM A REQUEST
    # ------------------------------------------------------------------

    def test_what_the_customer_tells_becomes_a_change_and_is_done_with_it(self):
        request = self._ask(
            "mutation",
            party_name="Cabinet Neuf",
            date_effect=self.today,
            attachments=[("pv.pdf", b"%PDF")],
        )
        action = self._rpc("collector", request, "action_accept")
        mutation = self.env["recouvrement.mutation"].browse(action["res_id"])
        self.assertEqual(mutation.manager_name, "Cabinet Neuf")
        self.assertEqual(mutation.piece_ids[0].state, "received")
        self.assertEqual(request.state, "new")
        again = self._rpc("collector", request, "action_accept")
        self.assertEqual(again["res_id"], mutation.id)
        mutation.write(
            {
                "manager_street": "1",
                "manager_zip": "2",
                "manager_city": "3",
                "manager_email": "a@example.com",
            }
        )
        self._check_pieces(mutation)
        self._rpc("collector", mutation, "action_submit")
        self._rpc("accountant", mutation, "action_validate")
        self.assertEqual(request.state, "done")

    def test_the_desk_shows_the_manager_and_the_change(self):
        self._enter()
        blocks = {b["key"]: b for b in self.own._desk_blocks({})}
        self.assertEqual(blocks["representatives"]["items"][0]["title"], self.old.name)
        self.assertTrue(blocks["mutations"]["items"])
        kinds = [row["kind"] for row in self.own._desk_timeline({})["rows"]]
        self.assertIn("mutation", kinds)
