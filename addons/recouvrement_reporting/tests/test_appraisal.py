"""The appraisal: its figures, who may have it, and that it fits on one page."""

import io
from decimal import Decimal

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.fields import Date
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.recouvrement.tests.access_common import ROLES, AccessCommon

from ..tools.period import Period


class AppraisalCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.appraisal = cls.env["recouvrement.appraisal"].with_context(
            force_report_rendering=True
        )

    def _facts(self, partner):
        return self.appraisal.sudo()._get_facts(partner, self.company)

    def _doc(self, partner, months=12):
        return self.appraisal._get_appraisal(partner, self.company, months)

    @classmethod
    def _invoice_of(cls, partner, amount, day, due, **vals):
        move = cls._make_invoice(partner, amount, 0, post=False, **vals)
        move.write({"invoice_date": day, "date": day, "invoice_date_due": due})
        move.action_post()
        return move

    def _month(self, ago):
        eve = Period.month(self.today).eve
        return Period(eve, eve).last_months(ago + 1)[0]


@tagged("post_install", "-at_install")
class TestAppraisal(AppraisalCommon):
    def test_sales_are_those_of_whole_months_without_penalties_nor_others(self):
        partner = self._make_customer("Gamma")
        last, old = self._month(0), self._month(13)
        self._invoice_of(partner, 1000, last.end, last.end)
        self._invoice_of(partner, 200, last.start, last.end, move_type="out_refund")
        self._invoice_of(partner, 400, old.start, old.end)
        self._invoice_of(partner, 70, self.today, self.today)
        self._invoice_of(partner, 9999, last.start, last.end).button_draft()
        facts = self._facts(partner)
        self.assertEqual(facts["sales"][-1], Decimal(800))
        self.assertEqual(sum(facts["sales"]), Decimal(1200))
        self.assertEqual(facts["sales"][24 - 14], Decimal(400))
        self.assertEqual(facts["sales_now"], Decimal(70))
        self.assertEqual(facts["sales_count"], 2)
        self.assertEqual(facts["first"], old.start)

    def test_ages_add_up_to_the_balance_of_the_ledger(self):
        partner = self._make_customer("Delta")
        for amount, due in ((1, 0), (2, -1), (4, -30), (8, -31), (16, -60)):
            self._make_invoice(partner, amount, due)
        for amount, due in ((32, -61), (64, -90), (128, -91), (256, -400)):
            self._make_invoice(partner, amount, due)
        self._pay(self._make_invoice(partner, 512, -10), 12)
        self._make_credit_note(partner, 7)
        found = self._facts(partner)["open"]
        ages = [found[n] for n in ("not_due", "late_30", "late_60", "late_90")]
        self.assertEqual(ages, [1, 2 + 4 + 500, 8 + 16, 32 + 64])
        self.assertEqual(found["late_more"], 128 + 256)
        self.assertEqual(found["credits"], 7)
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertAlmostEqual(
            float(found["balance"]), sum(lines.mapped("amount_residual")), 2
        )
        self.assertEqual(found["oldest"], self._day(-400))

    def test_days_beyond_terms_are_weighted_and_compared(self):
        partner = self._make_customer("Epsilon")
        last, old = self._month(1), self._month(15)
        for amount, days in ((900, 10), (100, 50)):
            due = Date.subtract(last.end, days=days)
            move = self._invoice_of(partner, amount, due, due)
            self._pay(move, day=(last.end - self.today).days)
        due = Date.subtract(old.end, days=5)
        move = self._invoice_of(partner, 300, due, due)
        self._pay(move, day=(old.end - self.today).days)
        facts = self._facts(partner)
        self.assertEqual(facts["delay"], Decimal(14))
        self.assertEqual(facts["delay_before"], Decimal(5))
        self.assertEqual(facts["paid"], Decimal(1000))
        text = " ".join(self._doc(partner)["sentences"])
        self.assertIn("14 d after the due date", text)
        self.assertIn("slower", text)

    def test_a_prospect_has_nothing_said_of_it(self):
        partner = self._make_customer("Prospect")
        doc = self._doc(partner)
        [sentence] = doc["sentences"]
        self.assertIn("No entry", sentence)

    def test_reminders_disputes_promises_plans_and_doubt_are_told(self):
        reminder = self._reminders(self.own)
        reminder.action_approve()
        reminder._confirm_sent()
        line = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", self.own.partner_id.id)], limit=1
            )
        )
        line.sudo().write({"collection_mark": "disputed", "collection_reason": "x"})
        facts = self._facts(self.own.partner_id)
        self.assertEqual(facts["reminders"][0], 1)
        self.assertEqual(facts["disputes"], (1, 1))
        self.assertGreater(facts["open"]["disputed"], 0)
        text = " ".join(self._doc(self.own.partner_id)["sentences"])
        self.assertIn(reminder.level_id.name, text)
        self.assertIn("Items disputed in the last 12 months: 1", text)

    def test_numbers_are_checked_and_said_to_be_wrong(self):
        france = self.env.ref("base.fr")
        partner = self._make_customer("Zeta", country_id=france.id)
        partner.sudo().write({"vat": "FR23334175221", "company_registry": "334175221"})
        lines = self._doc(partner)["identity"]
        shown = " ".join(line[1] for line in lines)
        self.assertEqual(shown.count("valid check digits"), 2)
        self.assertFalse([line for line in lines if line[2]])
        partner.company_registry = "334175222"
        lines = self._doc(partner)["identity"]
        self.assertTrue([line for line in lines if "check digits" in line[2]])

    def test_a_person_is_not_rated_whatever_a_scoring_says(self):
        model = type(self.appraisal)
        self.patch(
            model,
            "_get_appraisal_rating",
            lambda self, partner, company: ("Grade", "A"),
        )
        company = self._make_customer("Firm")
        person = self._make_customer("Person", is_company=False)
        self.assertEqual(self._doc(company)["rating"], ("Grade", "A"))
        self.assertIsNone(self._doc(person)["rating"])
        labels = [line[0] for line in self._doc(person)["identity"]]
        self.assertNotIn("VAT Number", labels)

    def test_only_those_who_see_the_customer_have_its_page(self):
        allowed = {
            "salesperson": (self.own,),
            "collector": (self.own, self.nobodys),
            "accountant": tuple(self.debtors),
            "auditor": tuple(self.debtors),
            "manager": tuple(self.debtors),
        }
        for role in ROLES:
            for debtor in self.debtors:
                with self.subTest(role=role, debtor=debtor.partner_id.name):
                    if debtor in allowed[role]:
                        action = self._rpc(role, debtor.partner_id, "action_appraisal")
                        self.assertEqual(action["type"], "ir.actions.act_url")
                    else:
                        with self.assertRaises(AccessError):
                            self._rpc(role, debtor.partner_id, "action_appraisal")
                        with self.assertRaises(AccessError):
                            self._rpc(role, debtor, "action_appraisal")

    def test_a_salesperson_has_the_page_of_the_own_prospects_only(self):
        mine, other = self._make_customer("Mine"), self._make_customer("Other")
        mine.user_id = self.users["salesperson"]
        self.assertTrue(self._rpc("salesperson", mine, "action_appraisal"))
        with self.assertRaises(AccessError):
            self._rpc("salesperson", other, "action_appraisal")
        for user in (self.portal, self._make_user_without_role()):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                mine.with_user(user).action_appraisal()

    def _make_user_without_role(self):
        return new_test_user(self.env, "test_nothing", groups="base.group_user")

    def test_the_printing_itself_refuses_the_customers_of_others(self):
        report = self.env["ir.actions.report"].with_user(self.users["salesperson"])
        with self.assertRaises(AccessError):
            report._render_qweb_html(
                "recouvrement_reporting.report_appraisal", self.foreign.partner_id.ids
            )

    def test_another_company_has_no_page(self):
        with self.assertRaises(AccessError):
            self._as(self.appraisal, "manager")._get_action(
                self.elsewhere.partner_id, self.other
            )

    def test_what_branches_sold_counts_for_the_legal_entity(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        partner = self._make_customer("Of a branch")
        env = self.env(context={"allowed_company_ids": [self.company.id, branch.id]})
        facts = env["recouvrement.appraisal"].sudo()._get_facts(partner, self.company)
        self.assertEqual(facts["open"]["balance"], 0)
        self.assertFalse(facts["debtor"])


@tagged("post_install", "-at_install")
class TestAppraisalFile(AppraisalCommon, HttpCase):
    def _pages(self, content):
        return PdfReader(io.BytesIO(content)).pages

    def test_the_longest_page_is_one_page(self):
        long = "Établissements Wolfeschlegelsteinhausenbergerdorff & Fils " * 6
        partner = self.own.partner_id
        partner.write(
            {
                "name": long,
                "street": long,
                "city": long,
                "zip": "9" * 60,
                "vat": False,
                "company_registry": "1" * 80,
                "property_payment_term_id": self.env["account.payment.term"]
                .create({"name": long})
                .id,
            }
        )
        self.own.sudo().write({"insured_share": 90})
        self.company.name = long
        for ago in range(24):
            month = self._month(ago)
            self._invoice_of(partner, 98_765_432.10, month.start, month.end)
        self.patch(
            type(self.appraisal),
            "_get_appraisal_rating",
            lambda self, partner, company: (long, long * 4),
        )
        self.patch(
            type(self.appraisal),
            "_get_returned_payments",
            lambda self, partner, companies, since: (3, Decimal(1)),
        )
        for months in (12, 24):
            content, name = self.appraisal._print_pdf(
                partner, self.company, months=months
            )
            with self.subTest(months=months):
                self.assertTrue(content.startswith(b"%PDF"), name)
                self.assertEqual(len(self._pages(content)), 1)

    def test_the_address_gives_the_page_to_those_who_may_have_it(self):
        self.users["salesperson"].password = "salesperson-1"
        self.authenticate(self.users["salesperson"].login, "salesperson-1")
        url = f"/recouvrement/appraisal/%s.pdf?company={self.company.id}"
        url += f"&companies={self.company.id}"
        answer = self.url_open(url % self.own.partner_id.id)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Own", answer.text)
        for partner_id in (self.foreign.partner_id.id, 2**31 - 1):
            self.assertEqual(self.url_open(url % partner_id).status_code, 404)
