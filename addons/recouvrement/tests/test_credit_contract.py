"""The contract of the customer file against the system: told, put right, accepted."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon

VAT = "FR44732829320"


@tagged("post_install", "-at_install")
class TestCreditContract(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.segment_id = cls.env.ref("recouvrement.segment_company")
        cls.file = cls.env["recouvrement.credit.file"]._open_file(cls.own)
        cls.partner = cls.own.partner_id.with_company(cls.company)
        cls.terms = cls.env.ref("account.account_payment_term_30days")
        cls.longer = cls.env.ref("account.account_payment_term_45days")
        cls.belgium = cls.env.ref("base.be")

    def _found(self, debtor=None):
        findings = self.env["recouvrement.identity.finding"].search(
            [
                ("debtor_id", "=", (debtor or self.own).id),
                ("kind", "=like", "contract_%"),
            ]
        )
        return {finding.kind: finding for finding in findings}

    def _sign(self, role="collector", **values):
        self._rpc(role, self.file, "write", values)

    def _invoice_contact(self, **values):
        return self.env["res.partner"].create(
            {"parent_id": self.partner.id, "type": "invoice", "name": "Books", **values}
        )

    def _accept(self, finding, role="collector", reason="Agreed by letter"):
        action = self._rpc(role, finding, "action_accept")
        wizard = self._as(self.env["recouvrement.identity.accept"], role)
        wizard.with_context(**action["context"]).create(
            {"reason": reason}
        ).action_confirm()

    # ------------------------------------------------------------------
    # EACH DATUM
    # ------------------------------------------------------------------

    def test_what_was_not_signed_is_not_compared(self):
        self.partner.write({"vat": VAT, "street": "1 rue A", "email": "a@x.example"})
        self.assertFalse(self._found())

    def test_terms_are_told_and_put_right_by_who_decides_on_them(self):
        self.partner.property_payment_term_id = self.longer
        self._sign(contract_term_id=self.terms.id)
        finding = self._found()["contract_terms"]
        self.assertEqual(
            (finding.value, finding.proposal), (self.longer.name, self.terms.name)
        )
        with self.assertRaises(AccessError):
            self._rpc("collector", finding, "action_apply")
        self.assertEqual(self.partner.property_payment_term_id, self.longer)
        self._rpc("accountant", finding, "action_apply")
        self.assertEqual(self.partner.property_payment_term_id, self.terms)
        self.assertFalse(self._found())
        self.partner.property_payment_term_id = self.longer
        self.assertIn("contract_terms", self._found())

    def test_terms_are_those_of_the_company_of_the_account(self):
        self.partner.property_payment_term_id = self.terms
        self.partner.with_company(self.other).property_payment_term_id = self.longer
        self._sign(contract_term_id=self.terms.id)
        self.assertFalse(self._found())

    def test_the_email_is_that_of_the_invoicing_contact(self):
        self.partner.email = "books@own.example"
        self._sign(contract_email="Books@own.example ")
        self.assertFalse(self._found())
        contact = self._invoice_contact(email="other@own.example")
        finding = self._found()["contract_email"]
        self.assertEqual(finding.value, "other@own.example")
        self._rpc("collector", finding, "action_apply")
        self.assertEqual(contact.email, "Books@own.example ".strip())
        self.assertEqual(self.partner.email, "books@own.example")
        self.assertFalse(self._found())

    def test_a_vat_number_is_compared_without_its_blanks(self):
        self.partner.vat = VAT
        self._sign(contract_vat="FR 44 732 829 320")
        self.assertFalse(self._found())
        self.partner.vat = False
        finding = self._found()["contract_vat"]
        self.assertFalse(finding.value)
        self._sign(contract_vat=VAT)
        self._rpc("collector", finding, "action_apply")
        self.assertEqual(self.partner.vat, VAT)
        self.assertFalse(self._found())

    def test_an_address_differs_in_words_not_in_accents_and_commas(self):
        self.partner.write(
            {"street": "12, RUE DES ECOLES", "zip": "69003", "city": "LYON"}
        )
        signed = {
            "contract_street": "12 rue des Écoles",
            "contract_zip": "69003",
            "contract_city": "Lyon",
        }
        self._sign(**signed)
        self.assertFalse(self._found())
        self._sign(contract_country_id=self.belgium.id)
        self.assertIn("contract_address", self._found())
        self.partner.write({"country_id": self.belgium.id, "street2": "Bât. B"})
        finding = self._found()["contract_address"]
        self.assertIn("Bât. B", finding.value)
        self._rpc("collector", finding, "action_apply")
        self.assertEqual(self.partner.street, "12 rue des Écoles")
        self.assertFalse(self.partner.street2)
        self.assertFalse(self._found())

    def test_a_price_list_is_compared_where_one_was_signed(self):
        lists = self.env["product.pricelist"].create(
            [{"name": name, "company_id": False} for name in ("Signed", "Other")]
        )
        self.partner.property_product_pricelist = lists[1]
        self._sign(contract_pricelist_id=lists[0].id)
        self.assertFalse(self._found())
        feature = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.user_root").group_ids = [Command.link(feature.id)]
        self.partner.property_product_pricelist = lists[1]
        finding = self._found()["contract_pricelist"]
        self.assertIn("Other", finding.value)
        with self.assertRaises(AccessError):
            self._rpc("collector", finding, "action_apply")
        self._rpc("manager", finding, "action_apply")
        self.assertEqual(self.partner.property_product_pricelist, lists[0])
        self.assertFalse(self._found())

    # ------------------------------------------------------------------
    # TRACE, ACCEPTANCE
    # ------------------------------------------------------------------

    def test_putting_right_leaves_a_trace_and_refuses_what_changed_since(self):
        self.partner.email = "a@x.example"
        self._sign(contract_email="b@x.example")
        finding = self._found()["contract_email"]
        self.env.cr.execute(
            "UPDATE res_partner SET email = 'c@x.example' WHERE id = %s",
            [self.partner.id],
        )
        self.partner.invalidate_recordset()
        with self.assertRaises(UserError):
            self._rpc("collector", finding, "action_apply")
        self.env["recouvrement.identity.finding"]._refresh(self.own)
        self._rpc("collector", finding, "action_apply")
        event = self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.own.id)], order="id desc", limit=1
        )
        self.assertEqual(event.user_id, self.users["collector"])
        for told in ("b@x.example", "c@x.example"):
            self.assertIn(told, event.summary)

    def test_an_accepted_difference_stays_until_contract_or_system_changes(self):
        self.partner.email = "a@x.example"
        self._sign(contract_email="b@x.example")
        finding = self._found()["contract_email"]
        with self.assertRaises(UserError):
            self._accept(finding, reason="  ")
        self._accept(finding)
        self.assertEqual(finding.accepted_by_id, self.users["collector"])
        self.assertEqual(finding.date_accepted, self.today)
        self.assertEqual(self.file.difference_count, 0)
        with self.assertRaises(UserError):
            self._accept(finding)
        for change in ({"email": "A@x.example"}, {"phone": "+33 4 65 71 00 00"}):
            self.partner.write(change)
            self.env["recouvrement.identity.finding"].with_context(
                lang="fr_FR"
            )._refresh(self.own)
            self.assertEqual(finding.reason, "Agreed by letter")
        self._sign(contract_email="d@x.example")
        self.assertFalse(finding.date_accepted or finding.reason)
        self.assertEqual(self.file.difference_count, 1)
        self._accept(finding)
        self.partner.email = "e@x.example"
        self.assertFalse(finding.date_accepted)

    def test_a_wrong_number_is_not_to_be_accepted(self):
        self.partner.company_registry = "123456789"
        finding = self.env["recouvrement.identity.finding"].search(
            [("debtor_id", "=", self.own.id)]
        )
        self.assertEqual(finding.kind, "registry_wrong")
        with self.assertRaises(UserError):
            self._accept(finding)

    def test_rights_are_those_to_the_account(self):
        self.env["recouvrement.credit.file"]._open_file(
            self.foreign
        ).contract_email = "x@x.example"
        self.partner.email = "a@x.example"
        self._sign(contract_email="b@x.example")
        own, foreign = (
            self._found(debtor)["contract_email"] for debtor in (self.own, self.foreign)
        )
        for role, finding in (
            ("salesperson", own),
            ("auditor", own),
            ("collector", foreign),
        ):
            for method, args in (("action_apply", ()), ("_accept", ("Why",))):
                with self.subTest(role=role, method=method):
                    with self.assertRaises(AccessError):
                        getattr(self._as(finding, role), method)(*args)
        with self.assertRaises(AccessError):
            self._rpc("manager", own, "write", {"date_accepted": self.today})
        with self.assertRaises(AccessError):
            self._rpc("auditor", self.file, "write", {"contract_email": "z@z.example"})

    def test_the_button_of_the_file_lists_its_differences(self):
        self.partner.email = "a@x.example"
        self._sign(contract_email="b@x.example")
        self.assertEqual(self.file.difference_count, 1)
        action = self._rpc("collector", self.file, "action_view_differences")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self._found()["contract_email"])
        section = {one["title"]: one for one in self.file._get_sheet()}["Contract"]
        self.assertEqual(section["rows"][0][1:3], ["a@x.example", "b@x.example"])

    def test_many_files_cost_as_many_queries_as_one(self):
        files = self.file
        for debtor in self.nobodys | self.foreign:
            files |= files._open_file(debtor)
        files.write({"contract_email": "x@x.example", "contract_vat": VAT})
        files.write({"contract_street": "3 rue B", "contract_term_id": self.terms.id})
        self.assertEqual(len(self._found(self.foreign)), 4)
        findings = self.env["recouvrement.identity.finding"]

        def cost(debtors):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            findings._refresh(debtors)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(self.debtors)
        self.assertEqual(cost(self.own), cost(self.debtors))
