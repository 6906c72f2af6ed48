"""The customer file on paper: all that counts is on it, for whom it concerns."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .access_common import AccessCommon

SIREN, VAT, OTHER_VAT = "732829320", "FR44732829320", "FR83404833048"
REPORT = "recouvrement.action_report_credit_file"


@tagged("post_install", "-at_install")
class TestCreditFileSheet(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own.segment_id = cls.env.ref("recouvrement.segment_company")
        cls.own.partner_id.write({"company_registry": SIREN, "vat": VAT})
        cls.file = cls.env["recouvrement.credit.file"]._open_file(cls.own)

    def _sections(self, role="collector", file=None):
        sections = self._as(file or self.file, role)._get_sheet()
        return {section["title"]: section for section in sections}

    def _pairs(self, title, **kwargs):
        return dict(self._sections(**kwargs)[title]["pairs"])

    def _html(self, role="collector", files=None):
        files = files or self.file
        html, _kind = self._as(self.env["ir.actions.report"], role)._render_qweb_html(
            REPORT, files.ids
        )
        return html.decode()

    def _decide(self):
        self.own.sudo().rating_grade_id = self.env.ref("recouvrement.rating_grade_b")
        file = self._as(self.file, "manager")
        file.requested_amount = 7000
        file.requested_term_id = self.env.ref("account.account_payment_term_30days")
        file.action_propose()
        file._grant(2500, file.proposed_term_id, "Two balance sheets seen")

    def test_numbers_stand_with_what_their_check_says(self):
        found = self._pairs("Customer")
        self.assertEqual(found["SIREN or SIRET"], f"{SIREN} – checked: no anomaly")
        self.own.partner_id.vat = OTHER_VAT
        found = self._pairs("Customer")
        self.assertEqual(
            found["VAT number"], f"{OTHER_VAT} – VAT Number of Another SIREN"
        )
        self.own.partner_id.write({"company_registry": False, "vat": VAT})
        self.assertEqual(self._pairs("Customer")["SIREN or SIRET"], "SIREN Missing")

    def test_who_carries_the_same_number_is_told_within_the_portfolio(self):
        (self.nobodys | self.foreign).partner_id.company_registry = SIREN
        self.assertEqual(self._pairs("Customer")["Entered twice"], "Nobody")
        self.assertEqual(
            self._pairs("Customer", role="manager")["Entered twice"].count(","), 1
        )

    def test_credit_tells_what_was_asked_proposed_and_granted_and_why(self):
        self.assertEqual(
            self._sections()["Credit"]["empty"], "No credit was asked for."
        )
        self._decide()
        section = self._sections()["Credit"]
        self.assertEqual(
            [(row[0], row[2]) for row in section["rows"]],
            [
                (label, self.file.proposed_term_id.name)
                for label in ("Asked for", "Proposed", "Granted")
            ],
        )
        amounts = [row[1] for row in section["rows"]]
        for amount, told in zip(("7,000", "3,500", "2,500"), amounts, strict=True):
            self.assertIn(amount, told)
        pairs = dict(section["pairs"])
        self.assertIn(self.users["manager"].name, pairs["Decided"])
        self.assertEqual(pairs["Decision Reason"], "Two balance sheets seen")
        steps = self._sections()["How the limit proposed was worked out"]["rows"]
        self.assertEqual(steps[0][0], "Asked for")
        self.assertIn("3,500", steps[-1][2])

    def test_the_rating_stands_factor_by_factor(self):
        self.assertIn("not rated", self._sections()["Rating"]["empty"])
        self.env["recouvrement.rating"].sudo()._compute_company(self.company)
        section = self._sections()["Rating"]
        rating = self.own.rating_id
        self.assertEqual(len(section["rows"]), len(rating.parts))
        total = sum(float(row[4]) for row in section["rows"])
        self.assertAlmostEqual(total, rating.score, delta=0.06 * len(rating.parts))

    def test_pieces_stand_with_their_state_and_days(self):
        extract, terms = self.file.piece_ids[:2]
        extract.sudo().write(
            {
                "state": "checked",
                "date_received": self.today,
                "received_by_id": self.users["collector"].id,
                "date_expiry": self.today + timedelta(days=300),
            }
        )
        terms.sudo().write(
            {"state": "expired", "date_expiry": self.today - timedelta(days=3)}
        )
        rows = {row[0]: row[1:] for row in self._sections()["Pieces"]["rows"]}
        self.assertEqual(len(rows), len(self.file.piece_ids))
        self.assertEqual(rows[extract.kind_id.name][0], "Checked")
        self.assertIn(self.users["collector"].name, rows[extract.kind_id.name][1])
        self.assertEqual(rows[terms.kind_id.name][0], "Expired")
        self.assertTrue(rows[terms.kind_id.name][3])

    def test_covers_and_exposure_stand_on_it(self):
        self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.own.id,
                "kind_id": self.env["recouvrement.cover.kind"].search([], limit=1).id,
                "provider_id": self._make_customer("Insurer").id,
                "amount": 400,
                "state": "cancelled",
                "date_effect": self.today + timedelta(days=30),
            }
        )
        [row] = self._sections()["Covers"]["rows"]
        self.assertEqual(row[1], "Insurer")
        self.assertIn("Terminated (", row[2])
        exposure = self._pairs("Exposure")
        self.assertIn("1,500", exposure["Exposure"])
        self.assertIn("not limited", exposure["Credit Limit"])

    def test_it_prints_for_who_reads_the_file_only(self):
        foreign = self.env["recouvrement.credit.file"]._open_file(self.foreign)
        for role in ("salesperson", "collector", "accountant", "auditor", "manager"):
            with self.subTest(role=role):
                self.assertIn("Own", self._html(role))
        for role, file in (("collector", foreign), (self.portal, self.file)):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._html(role, file)
        with self.assertRaises(AccessError):
            self._rpc("collector", foreign, "action_print")

    def test_what_a_person_entered_is_text_and_not_markup(self):
        self.own.partner_id.name = "<script>alert(1)</script>"
        self.assertNotIn("<script>", self._html())

    def test_it_is_printed_from_the_account_too(self):
        action = self._rpc("collector", self.own, "action_print_credit_file")
        self.assertEqual(action["report_name"], "recouvrement.report_credit_file")
        self.assertEqual(action["context"]["active_ids"], self.file.ids)
        with self.assertRaises(UserError):
            self._rpc("collector", self.nobodys, "action_print_credit_file")

    def test_the_menu_of_the_account_prints_for_each_role(self):
        server = self.env.ref("recouvrement.action_print_credit_file_debtor")
        for role in self.users:
            with self.subTest(role=role):
                found = (
                    self._as(server, role)
                    .with_context(
                        active_model="recouvrement.debtor",
                        active_id=self.own.id,
                        active_ids=self.own.ids,
                    )
                    .run()
                )
                self.assertEqual(
                    found["report_name"], "recouvrement.report_credit_file"
                )

    def test_two_files_are_one_document(self):
        other = self.env["recouvrement.credit.file"]._open_file(self.nobodys)
        html = self._html(files=self.file | other)
        self.assertEqual(html.count("page-break-before: always"), 1)
