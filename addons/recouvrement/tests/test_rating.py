"""The rating of debtors: what it says is what the ledger says, it explains itself, and
a person has the last word."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestRating(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ratings = cls.env["recouvrement.rating"]
        cls.good = cls._make_customer("Prompt SAS")
        cls.bad = cls._make_customer("Tardif SARL")
        cls.person = cls._make_customer("Jeanne Petit", is_company=False)
        for partner, late in ((cls.good, 0), (cls.bad, 70), (cls.person, 70)):
            for n in range(4):
                due = -200 + 10 * n
                invoice = cls._make_invoice(partner, 1000, due=due)
                cls._pay(invoice, day=due + late)
        cls._make_invoice(cls.bad, 3000, due=-120)
        for partner in (cls.good, cls.person):
            cls._make_invoice(partner, 1000, due=20)
        cls.env["recouvrement.debtor"]._refresh_totals()

    def _rate(self):
        self.ratings.sudo()._compute_company(self.company)

    def _current(self, partner):
        return self._debtor(partner).rating_id

    def test_who_pays_in_time_is_better_than_who_does_not(self):
        self._rate()
        good, bad = self._current(self.good), self._current(self.bad)
        self.assertLess(good.grade_id.rank, bad.grade_id.rank)
        self.assertEqual(good.grade_id.code, "A")
        self.assertEqual(bad.grade_id.code, "E")

    def test_measures_are_those_of_the_ledger(self):
        self._rate()
        values = {part["code"]: part["value"] for part in self._current(self.bad).parts}
        self.assertEqual(values["days_late"], "70.00")
        self.assertEqual(values["overdue_share"], "100.00")
        self.assertEqual(values["old_share"], "100.00")

    def test_contributions_add_up_to_the_score_that_is_shown(self):
        self._rate()
        for rating in self.ratings.search([("is_current", "=", True)]):
            total = sum(float(part["contribution"]) for part in rating.parts)
            self.assertAlmostEqual(total, rating.score, places=6)
            self.assertIn(
                self.ratings._format_number(rating.score, 1), rating.explanation
            )

    def test_a_natural_person_is_never_computed(self):
        self._rate()
        self.assertFalse(self._current(self.person))

    def test_a_person_may_be_rated_by_a_manager_with_a_reason(self):
        debtor = self._debtor(self.person)
        grade = self.env.ref("recouvrement.rating_grade_b")
        day = self.today + timedelta(days=30)
        with self.assertRaises(UserError):
            self.ratings._decide(debtor, grade, " ", day)
        rating = self.ratings._decide(debtor, grade, "Seen on the phone", day)
        self.assertEqual(debtor.rating_grade_id, grade)
        self.assertEqual(rating.author_id, self.env.user)
        self._rate()
        self.assertEqual(debtor.rating_grade_id, grade, "the night keeps the decision")

    def test_a_decision_on_a_natural_person_lapses_too(self):
        debtor = self._debtor(self.person)
        grade = self.env.ref("recouvrement.rating_grade_b")
        rating = self.ratings._decide(debtor, grade, "Seen", self.today)
        rating.sudo().date_expiry = self.today - timedelta(days=1)
        self._rate()
        self.assertFalse(debtor.rating_grade_id)

    def test_a_collector_decides_on_nothing(self):
        collector = new_test_user(
            self.env, "rating_collector", groups="recouvrement.group_collector"
        )
        debtor = self._debtor(self.good).with_user(collector)
        grade = self.env.ref("recouvrement.rating_grade_a")
        with self.assertRaises(AccessError):
            self.ratings.with_user(collector)._decide(
                debtor, grade, "He is nice", self.today + timedelta(days=9)
            )
        with self.assertRaises(AccessError):
            self.ratings.with_user(collector).create(
                {"debtor_id": debtor.id, "grade_id": grade.id}
            )

    def test_a_decision_that_has_lapsed_is_computed_again(self):
        debtor = self._debtor(self.bad)
        grade = self.env.ref("recouvrement.rating_grade_a")
        rating = self.ratings._decide(debtor, grade, "Guarantee seen", self.today)
        self._rate()
        self.assertEqual(debtor.rating_grade_id, grade)
        rating.sudo().date_expiry = self.today - timedelta(days=1)
        self._rate()
        self.assertEqual(debtor.rating_grade_id.code, "E")
        self.assertEqual(debtor.rating_id.previous_grade_id, grade)

    def test_ending_a_decision_computes_at_once(self):
        self._rate()
        debtor = self._debtor(self.bad)
        grade = self.env.ref("recouvrement.rating_grade_a")
        rating = self.ratings._decide(
            debtor, grade, "Guarantee seen", self.today + timedelta(days=9)
        )
        rating.action_end()
        self.assertEqual(debtor.rating_grade_id.code, "E")

    def test_a_second_run_writes_nothing(self):
        self._rate()
        before = self.ratings.search_count([])
        self._rate()
        self.assertEqual(self.ratings.search_count([]), before)

    def test_a_fall_gives_the_collector_something_to_do_once(self):
        self._rate()
        debtor = self._debtor(self.good)
        debtor.collector_id = self.env.user
        self._make_invoice(self.good, 50000, due=-150)
        self._rate()
        self.assertLess(debtor.rating_change, 0)
        alerts = debtor.activity_ids.filtered(lambda a: "A" in a.summary)
        self.assertEqual(len(alerts), 1)
        self._rate()
        self.assertEqual(len(debtor.activity_ids), 1)

    def test_insolvency_alone_decides(self):
        invoice = self._make_invoice(self.good, 100, due=10)
        line = invoice.line_ids.filtered("collection_status")
        line._set_collection_status("insolvency", "Jugement d'ouverture")
        self._rate()
        rating = self._current(self.good)
        self.assertEqual(rating.grade_id.code, "E")
        self.assertEqual(rating.knockout, "insolvency")

    def test_of_a_stranger_nothing_is_said(self):
        new = self._make_customer("Nouveau SA")
        model = self.env.ref("recouvrement.score_model_default")
        model.least_known = 60
        self._debtor(new)
        self._rate()
        self.assertFalse(self._current(new))

    def test_queries_do_not_grow_with_the_debtors(self):
        self._rate()
        more = [self._make_customer(f"Client {n}") for n in range(12)]
        for partner in more:
            self._make_invoice(partner, 100, due=-5)
        self.env["recouvrement.debtor"]._refresh_totals()
        self.env.flush_all()
        with self.assertQueryCount(40):
            self._rate()

    def test_what_is_rated_alone_is_rated_as_at_night(self):
        self._rate()
        debtor = self._debtor(self.bad)
        night = debtor.rating_score
        self.ratings.sudo()._withdraw(debtor)
        debtor.action_rate()
        self.assertEqual(debtor.rating_score, night)

    def test_what_another_company_knows_does_not_count(self):
        self._rate()
        before = self._debtor(self.good).rating_score
        other = self.setup_other_company()["company"]
        self.env["account.move"].with_company(other).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.good.id,
                "invoice_date": self._day(-150),
                "invoice_date_due": self._day(-150),
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 9000, "tax_ids": False})
                ],
            }
        ).action_post()
        self._rate()
        self.assertEqual(self._debtor(self.good).rating_score, before)
