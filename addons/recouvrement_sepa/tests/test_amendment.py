"""Amendments of mandates, and the new bank details that make them."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.mandate import Amendment
from .mandate_common import IBAN, ICS, OTHER_IBAN, MandateCommon


@tagged("post_install", "-at_install")
class TestAmendment(MandateCommon):
    def _make_used(self, **vals):
        mandate = self._make_mandate(**vals)
        mandate._note_presented([(mandate.id, self.today)])
        return mandate

    def _change_bank(self, iban=OTHER_IBAN, debtor=None):
        """New bank details, called back by one person, approved by another."""
        debtor = debtor or self.debtor
        collector = self._make_user("collector", login=f"c{iban}")
        accountant = self._make_user("accountant", login=f"a{iban}")
        change = (
            self.env["recouvrement.bank.change"]
            .with_user(collector)
            .create(
                {
                    "debtor_id": debtor.id,
                    "iban": iban,
                    "account_holder": debtor.partner_id.name,
                    "requester": "Mme Dubois",
                }
            )
        )
        change._confirm_call(debtor.partner_id.phone, "Mme Dubois", "")
        change.with_user(accountant).action_approve()
        return change

    def test_nothing_collected_yet_needs_no_amendment(self):
        mandate = self._make_mandate()
        amendment = mandate._amend("account", OTHER_IBAN, "x")
        self.assertEqual(mandate.iban, OTHER_IBAN)
        self.assertEqual(amendment.state, "void")
        self.assertEqual(mandate._get_pending_amendment(), Amendment())
        self.assertFalse(mandate._get_pending_amendment())

    def test_the_next_collection_tells_what_the_bank_knew(self):
        mandate = self._make_used()
        rum = mandate.name
        mandate._amend("account", OTHER_IBAN, "x")
        mandate._amend("rum", "OTHER-1", "x")
        mandate._amend("ics", "DE98ZZZ09999999999", "x")
        mandate._amend("creditor_name", "Moulins", "x")
        self.assertEqual(
            mandate._get_pending_amendment(),
            Amendment(
                old_rum=rum,
                old_ics=ICS,
                old_creditor_name="Minoterie Test",
                old_iban=IBAN,
                same_mandate_new_account=True,
            ),
        )
        self.assertEqual(mandate.name, "OTHER-1")

    def test_of_two_changes_the_first_old_value_counts(self):
        mandate = self._make_used()
        mandate._amend("creditor_name", "B", "x")
        mandate._amend("creditor_name", "C", "x")
        self.assertEqual(
            mandate._get_pending_amendment().old_creditor_name, "Minoterie Test"
        )

    def test_what_goes_back_needs_no_amendment(self):
        mandate = self._make_used()
        mandate._amend("account", OTHER_IBAN, "x")
        mandate._amend("account", IBAN, "x")
        self.assertFalse(mandate._get_pending_amendment())
        self.assertEqual(set(mandate.amendment_ids.mapped("state")), {"void"})

    def test_pending_amendments_of_many_mandates_are_one_query(self):
        mandates = self.env["recouvrement.sepa.mandate"]
        for number in range(5):
            mandate = self._make_used()
            mandate._amend("creditor_name", f"N{number}", "x")
            mandates |= mandate
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            found = mandates._get_pending_amendments(mandates.ids)
        self.assertEqual(set(found), set(mandates.ids))

    def test_wrong_values_are_refused(self):
        mandate = self._make_used()
        for kind, value in (
            ("rum", "a//b"),
            ("rum", ""),
            ("ics", "FR00ZZZ1"),
            ("account", "FR00"),
            ("creditor_name", "x" * 71),
        ):
            with self.subTest(kind=kind), self.assertRaises(ValidationError):
                mandate._amend(kind, value, "x")
        with self.assertRaises(UserError):
            mandate._amend("account", IBAN, "x")
        with self.assertRaises(UserError):
            self._make_mandate(state="sent")._amend("account", OTHER_IBAN, "x")

    def test_a_b2b_mandate_of_a_new_account_is_registered_again(self):
        mandate = self._make_used(scheme="B2B")
        mandate._amend("account", OTHER_IBAN, "x")
        self.assertEqual(mandate.state, "signed")
        self.assertFalse(mandate.registered_on)
        self.assertFalse(mandate.can_collect)
        mandate._note_registered(self.today)
        self.assertTrue(mandate.can_collect)
        self.assertTrue(mandate._get_pending_amendment())

    def test_approved_bank_details_amend_the_mandates(self):
        mandate = self._make_used()
        over = self._make_mandate()
        over._cancel("x")
        change = self._change_bank()
        self.assertEqual(mandate.iban, OTHER_IBAN)
        self.assertEqual(over.iban, IBAN)
        amendment = mandate.amendment_ids
        self.assertEqual(amendment.bank_change_id, change)
        self.assertEqual((amendment.kind, amendment.state), ("account", "to_send"))
        self.assertEqual(amendment.user_id, change.decided_by_id)

    def test_a_mandate_on_another_account_in_use_stays(self):
        self.env["res.partner.bank"].create(
            {"partner_id": self.debtor.partner_id.id, "acc_number": IBAN}
        )
        kept = self._make_mandate()
        self._change_bank()
        self.assertEqual(kept.iban, IBAN)

    def test_a_new_account_that_was_asked_for_collects_again(self):
        asked = self._make_used()
        other = self._make_used()
        asked._ask_iban("AC04")
        other._suspend("MD06")
        self.assertEqual(asked.state, "suspended")
        self.assertTrue(asked.awaits_account)
        [mail] = self.env["mail.mail"].search([("subject", "like", "bank details")])
        self.assertIn(asked.name, mail.body_html)
        self.assertNotIn(IBAN, mail.body_html)
        self._change_bank()
        self.assertEqual(asked.state, "active")
        self.assertFalse(asked.awaits_account)
        self.assertEqual(other.state, "suspended")
        self.assertEqual(other.iban, OTHER_IBAN)
