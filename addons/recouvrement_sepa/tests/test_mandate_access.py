"""Who may do what with mandates: roles, companies, remote calls."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import SepaRights
from .mandate_common import IBAN, MandateCommon

WORKERS = ("collector", "accountant", "manager")
RIGHTS = {
    "recouvrement.sepa.mandate": {
        **dict.fromkeys(ROLES, READ),
        **dict.fromkeys(WORKERS, EDIT),
    },
    "recouvrement.sepa.amendment": dict.fromkeys(ROLES, READ),
    "recouvrement.sepa.mandate.decision": dict.fromkeys(WORKERS, EDIT),
    "recouvrement.sepa.mandate.import": dict.fromkeys(("accountant", "manager"), EDIT),
    "recouvrement.sepa.mandate.import.line": dict.fromkeys(
        ("accountant", "manager"), EDIT
    ),
    "recouvrement.sepa.settings": {"manager": EDIT},
    "recouvrement.sepa.settings.journal": {"manager": EDIT},
}
MENUS = {
    "sepa_mandates": ROLES,
    "sepa_without_mandate": ROLES,
    "sepa_mandate_import": ("accountant", "manager"),
    "sepa_settings": ("manager",),
}
STEPS = (
    "action_send",
    "action_remind",
    "action_resume",
    "action_renew",
    "action_customer_page",
)


@tagged("post_install", "-at_install")
class TestMandateAccess(SepaRights, MandateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandates = {
            debtor: cls._make_mandate(debtor)
            for debtor in (cls.own, cls.nobodys, cls.foreign)
        }

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_each_role_sees_the_mandates_of_its_customers(self):
        all_three = {"Own", "Nobody", "Foreign"}
        for role, expected in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
            ("accountant", all_three),
            ("auditor", all_three),
            ("manager", all_three),
        ):
            found = self._as(self.env["recouvrement.sepa.mandate"], role).search(
                [("debtor_id", "in", self.debtors.ids)]
            )
            with self.subTest(role=role):
                self.assertEqual(set(found.mapped("partner_id.name")), expected)

    def test_the_screens_open_for_each_role(self):
        views = [(False, mode) for mode in ("list", "kanban", "form", "search")]
        for role in ROLES:
            mandates = self._as(self.env["recouvrement.sepa.mandate"], role)
            debtors = self._as(self.env["recouvrement.debtor"], role)
            with self.subTest(role=role):
                mandates.get_views(views)
                mine = mandates.search([("debtor_id", "=", self.own.id)])
                mine.web_read({"name": {}, "can_collect": {}, "amendment_state": {}})
                self.assertEqual(debtors.browse(self.own.id).sepa_situation, "usable")

    def test_who_only_reads_moves_nothing(self):
        mandate = self.mandates[self.own]
        for role in ("salesperson", "auditor"):
            for step in STEPS:
                with self.subTest(role=role, step=step):
                    with self.assertRaises(AccessError):
                        self._rpc(role, mandate, step)

    def test_the_mandate_of_another_portfolio_is_out_of_reach(self):
        mandate = self.mandates[self.foreign]
        for step in STEPS:
            with self.subTest(step=step), self.assertRaises(AccessError):
                self._rpc("collector", mandate, step)
        with self.assertRaises(AccessError):
            self._as(self.env["recouvrement.sepa.mandate"], "collector").create(
                {"debtor_id": self.foreign.id, "scheme": "CORE", "iban": IBAN}
            )

    def test_what_is_frozen_is_frozen_for_remote_calls(self):
        draft = self._make_mandate(self.own, "draft")
        forged = (
            {"name": "X"},
            {"state": "active"},
            {"creditor_identifier": "FR72ZZZ123456"},
            {"creditor_name": "Thief"},
            {"date_signed": self.today},
            {"registered_on": self.today},
            {"signed_sha256": "0" * 64},
            {"signed_hash": "0" * 64},
            {"form_id": 1},
            {"collection_count": 0},
            {"date_last_collection": self.today},
            {"awaits_account": True},
            {"bic": "AGRIFRPP"},
        )
        for role in WORKERS:
            for values in forged:
                with self.subTest(role=role, values=values):
                    with self.assertRaises(AccessError):
                        self._rpc(role, draft, "write", values)
            for values in ({"iban": IBAN}, {"scheme": "B2B"}, {"partner_id": 1}):
                with self.subTest(role=role, values=values):
                    with self.assertRaises(UserError):
                        self._rpc(role, self.mandates[self.own], "write", values)
        model = self._as(self.env["recouvrement.sepa.mandate"], "manager")
        for values in forged:
            vals = {"debtor_id": self.own.id, "scheme": "CORE", **values}
            with self.subTest(create=values), self.assertRaises(AccessError):
                model.create(vals)

    def test_amendments_are_made_by_nobody_by_hand(self):
        amendment = self.mandates[self.own]._amend("creditor_name", "New", "x")
        for role in WORKERS:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, amendment, "write", {"state": "acquired"})
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, amendment, "unlink")
        with self.assertRaises(UserError):
            amendment.unlink()

    def test_a_collector_issues_and_records_a_mandate(self):
        collector = self.users["collector"]
        mandate = (
            self.env["recouvrement.sepa.mandate"]
            .with_user(collector)
            .create({"debtor_id": self.own.id, "scheme": "CORE", "iban": IBAN})
        )
        mandate.action_send()
        mandate._accept_outside(
            "paper", "M. Own", self.today, scan=("m.pdf", b"%PDF-1.4")
        )
        self.assertEqual(mandate.state, "active")
        self.assertEqual(mandate.recorded_by_id, collector)
        events = self.own.event_ids.filtered(lambda e: e.kind == "mandate")
        self.assertEqual(events[:1].user_id, collector)

    def test_only_the_manager_changes_the_creditor(self):
        bank = self.company_data["default_journal_bank"]
        wizard = (
            self.env["recouvrement.sepa.settings"]
            .with_user(self.users["manager"])
            .create({"sepa_ics": "DE98ZZZ09999999999", "sepa_prenotification_days": 5})
        )
        line = wizard.journal_ids.filtered(lambda j: j.journal_id == bank)
        line.sepa_lead_days_core = 7
        wizard.action_confirm()
        self.assertEqual(self.company.sepa_ics, "DE98ZZZ09999999999")
        self.assertEqual(self.company._get_sepa_days("prenotification"), 5)
        self.assertEqual(bank._get_sepa_lead_days("CORE"), 7)
        with self.assertRaises(AccessError):
            self.env["recouvrement.sepa.settings"].with_user(
                self.users["accountant"]
            ).create({})

    def test_each_company_has_its_references_and_its_mandates(self):
        self._make_creditor(self.other, "DE98ZZZ09999999999")
        theirs = self._make_mandate(self.elsewhere, "sent")
        ours = self.mandates[self.own]
        self.assertNotEqual(ours.creditor_identifier, theirs.creditor_identifier)
        self.assertEqual(theirs.company_id, self.other)
        manager = self._as(self.env["recouvrement.sepa.mandate"], "manager")
        self.assertFalse(manager.search([("id", "=", theirs.id)]))
        sequences = self.env["ir.sequence"].search(
            [("code", "=", "recouvrement.sepa.mandate")]
        )
        self.assertLessEqual({self.company, self.other}, set(sequences.company_id))

    def test_a_mandate_of_an_archived_customer_stays_and_collects_nothing_new(self):
        mandate = self.mandates[self.own]
        self.own.partner_id.action_archive()
        self.assertEqual(mandate.partner_id, self.own.partner_id)
        mandate._cancel("Archived")
        self.assertEqual(mandate.state, "cancelled")

    def test_customers_without_a_mandate_are_found(self):
        bare = self._make_debtor("Bare")
        sent = self._make_debtor("Sent")
        self._make_mandate(sent, "sent")
        other = self._make_debtor("By cheque")
        term = self.env["account.payment.term"].create(
            {"name": "Prélèvement", "sepa_wanted": True}
        )
        by_term = self._make_debtor("By term", property_payment_term_id=term.id)
        (bare | sent | self.own).sepa_mode = "yes"
        other.sepa_mode = "no"
        found = self.env["recouvrement.debtor"].search(
            [
                ("sepa_wanted", "=", True),
                ("sepa_has_mandate", "=", False),
                ("company_id", "=", self.company.id),
            ]
        )
        self.assertEqual(found, bare | sent | by_term)
        self.assertEqual(
            [d.sepa_situation for d in (bare, sent, by_term, self.own)],
            ["none", "sent", "none", "usable"],
        )
        by_term.sepa_mode = "no"
        self.assertFalse(by_term.sepa_wanted)

    def test_the_desk_shows_the_mandates_and_starts_new_ones(self):
        collector = self.own.with_user(self.users["collector"])
        [block] = [b for b in collector._desk_blocks({}) if b["key"] == "mandates"]
        self.assertEqual(block["items"][0]["id"], self.mandates[self.own].id)
        self.assertIn("mandate", [b["key"] for b in collector._desk_actions({})])
        action = collector.action_new_mandate()
        self.assertEqual(action["context"]["default_debtor_id"], self.own.id)
