"""Anomalies of company data: found, put right, and told to whom they concern."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
OTHER_VAT = "FR83404833048"


@tagged("post_install", "-at_install")
class TestIdentityFinding(AccessCommon):
    def _found(self, debtor):
        findings = self.env["recouvrement.identity.finding"].search(
            [("debtor_id", "=", debtor.id)]
        )
        return {finding.kind: finding for finding in findings}

    def test_a_change_of_the_customer_is_checked_at_once(self):
        self.assertFalse(self._found(self.own))
        partner = self.own.partner_id
        partner.write({"company_registry": SIRET, "vat": OTHER_VAT})
        self.assertEqual(list(self._found(self.own)), ["vat_of_another"])
        partner.vat = VAT
        self.assertFalse(self._found(self.own))
        partner.company_registry = "73282932000075"
        self.assertEqual(list(self._found(self.own)), ["registry_wrong"])

    def test_an_archived_customer_has_no_anomaly_and_gets_it_back(self):
        partner = self.own.partner_id
        partner.company_registry = "123456789"
        partner.active = False
        self.assertFalse(self._found(self.own))
        partner.active = True
        self.assertEqual(list(self._found(self.own)), ["registry_wrong"])

    def test_what_is_certain_is_put_right_by_one_click_with_a_trace(self):
        self.own.partner_id.vat = VAT
        finding = self._found(self.own)["registry_missing"]
        self.assertEqual(finding.proposal, SIREN)
        self._rpc("collector", finding, "action_apply")
        self.assertEqual(self.own.partner_id.company_registry, SIREN)
        self.assertFalse(finding.exists())
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.own.id)], order="id desc", limit=1
        )
        self.assertEqual(event.user_id, self.users["collector"])
        self.assertIn(SIREN, event.summary)

    def test_what_is_not_certain_is_left_to_a_person(self):
        self.own.partner_id.write({"company_registry": SIREN, "vat": OTHER_VAT})
        with self.assertRaises(UserError):
            self._found(self.own)["vat_of_another"].action_apply()

    def test_nobody_applies_without_the_right_to_the_account(self):
        (self.own | self.foreign).partner_id.write({"vat": VAT})
        for role, debtor in (
            ("salesperson", self.own),
            ("auditor", self.own),
            ("collector", self.foreign),
        ):
            finding = self._found(debtor)["registry_missing"]
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._rpc(role, finding, "action_apply")

    def test_customers_of_one_siren_are_a_group_until_one_changes(self):
        self.own.partner_id.company_registry = SIREN
        self.assertFalse(self._found(self.own))
        self.nobodys.partner_id.write({"company_registry": SIRET, "vat": VAT})
        self.elsewhere.partner_id.company_registry = SIREN
        groups = {self._found(one)["duplicate"].group_key for one in self._pair()}
        self.assertEqual(groups, {SIREN})
        self.assertNotIn("duplicate", self._found(self.elsewhere))
        action = self._rpc(
            "salesperson", self._found(self.own)["duplicate"], "action_open_customers"
        )
        self.assertEqual(action["domain"], [("id", "in", self.own.partner_id.ids)])
        self.nobodys.partner_id.write({"company_registry": False, "vat": False})
        self.assertFalse(self._found(self.own))

    def _pair(self):
        return self.own | self.nobodys

    def test_the_night_finds_what_was_written_around_the_model(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET company_registry = '123456789' WHERE id = %s",
            [self.own.partner_id.id],
        )
        self.env.invalidate_all()
        self.env["recouvrement.identity.finding"]._refresh(self.debtors)
        self.assertEqual(list(self._found(self.own)), ["registry_wrong"])
        count = self.env["recouvrement.identity.finding"].search_count([])
        self.env["recouvrement.identity.finding"]._refresh(self.debtors)
        again = self.env["recouvrement.identity.finding"].search_count([])
        self.assertEqual(again, count)

    def test_each_role_sees_the_anomalies_of_its_portfolio(self):
        (self.debtors | self.elsewhere).partner_id.write(
            {"company_registry": "123456789"}
        )
        for role, names in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
            ("manager", {"Own", "Nobody", "Foreign"}),
        ):
            found = self._as(self.env["recouvrement.identity.finding"], role).search(
                [("debtor_id", "in", (self.debtors | self.elsewhere).ids)]
            )
            with self.subTest(role=role):
                self.assertEqual(set(found.sudo().customer_id.mapped("name")), names)

    def test_a_refresh_costs_the_same_for_many(self):
        self.debtors.partner_id.write({"company_registry": "123456789"})
        findings = self.env["recouvrement.identity.finding"]

        def cost(debtors):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            findings._refresh(debtors)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        self.assertEqual(cost(self.own), cost(self.debtors))
