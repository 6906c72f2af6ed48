"""The risk agenda: each fact is there as long as it is true, for whom it concerns."""

from odoo.tests import tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestRiskAgenda(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env["recouvrement.risk.item"]
        cls.company.write(
            {
                "recouvrement_risk_days": 30,
                "recouvrement_limit_near": 90,
                "recouvrement_big_amount": 1500,
                "recouvrement_silent_days": 90,
                "recouvrement_default_days": 90,
            }
        )

    def _kinds(self, debtor=None, role=None):
        items = self._as(self.items, role) if role else self.items
        found = items.search([("debtor_id", "=", (debtor or self.own).id)])
        return sorted(found.mapped("kind"))

    def _limit(self, amount, **vals):
        return self.env["recouvrement.credit.limit"].create(
            {"debtor_id": self.own.id, "amount": amount, "reason": "Opening", **vals}
        )

    def _speak(self, debtor, days):
        debtor.sudo().last_contact_date = self._day(days)

    # ------------------------------------------------------------------
    # KINDS
    # ------------------------------------------------------------------

    def test_a_limit_is_near_from_its_share_on_then_exceeded(self):
        self._speak(self.own, 0)
        limit = self._limit(1667)
        self.assertEqual(self._kinds(), [])
        limit.action_end()
        limit = self._limit(1666.66)
        self.assertEqual(self._kinds(), ["limit_near"])
        limit.action_end()
        limit = self._limit(1499.99)
        self.assertEqual(self._kinds(), ["limit_exceeded"])
        item = self.items.search([("debtor_id", "=", self.own.id)])
        self.assertEqual((item.exposure_amount, item.limit_excess), (1500, 0.01))
        limit.action_end()
        self.assertEqual(self._kinds(), [])

    def test_a_limit_that_ends_within_the_days_is_told_until_its_last_day(self):
        self._speak(self.own, 0)
        for days, expected in ((31, []), (30, ["limit_ending"]), (0, ["limit_ending"])):
            limit = self._limit(9000, date_to=self._day(days))
            with self.subTest(days=days):
                self.assertEqual(self._kinds(), expected)
            limit.action_end()

    def test_a_cover_that_ends_is_told_unless_it_covers_nothing(self):
        self._speak(self.own, 0)
        cover = self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.own.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_named").id,
                "provider_id": self.company.partner_id.id,
                "amount": 10,
                "date_to": self._day(12),
            }
        )
        self.assertEqual(self._kinds(), ["cover_ending"])
        [item] = self.items.search([("debtor_id", "=", self.own.id)])
        self.assertEqual(item.date, self._day(12))
        self.assertEqual(item.action_open()["res_model"], "recouvrement.cover")
        self.assertEqual(item.action_open()["res_id"], cover.id)
        cover.write({"state": "cancelled", "date_effect": self._day(3)})
        self.env.invalidate_all()
        [item] = self.items.search([("debtor_id", "=", self.own.id)])
        self.assertEqual(item.date, self._day(3))
        cover.state = "refused"
        self.assertEqual(self._kinds(), [])

    def test_a_rating_that_fell_is_told_while_it_is_new(self):
        self._speak(self.own, 0)
        grades = self.env["recouvrement.rating.grade"].search([], order="rank")
        rating = (
            self.env["recouvrement.rating"]
            .sudo()
            .create(
                {
                    "debtor_id": self.own.id,
                    "company_id": self.company.id,
                    "date": self._day(-30),
                    "grade_id": grades[2].id,
                    "previous_grade_id": grades[1].id,
                    "change": -1,
                    "source": "computed",
                    "is_current": True,
                }
            )
        )
        self.assertEqual(self._kinds(), ["rating_fallen"])
        rating.sudo().date = self._day(-31)
        self.assertEqual(self._kinds(), [])

    def test_reviews_and_missing_pieces_come_from_the_customer_file(self):
        self._speak(self.own, 0)
        self.own.segment_id = self.env.ref("recouvrement.segment_company")
        file = self.env["recouvrement.credit.file"]._open_file(self.own)
        self.assertEqual(self._kinds(), ["piece_missing"])
        self.company.recouvrement_big_amount = 1500.01
        self.assertEqual(self._kinds(), [])
        file.sudo().date_review = self._day(30)
        self.assertEqual(self._kinds(), ["review_due"])
        file.sudo().date_review = self._day(31)
        self.assertEqual(self._kinds(), [])

    def test_a_big_debtor_without_news_is_silent(self):
        self.assertEqual(self._kinds(), ["silent"])
        self._speak(self.own, -90)
        self.assertEqual(self._kinds(), [])
        self._speak(self.own, -91)
        self.assertEqual(self._kinds(), ["silent"])
        self.company.recouvrement_big_amount = 1500.01
        self.assertEqual(self._kinds(), [])

    def test_a_default_lasts_after_its_days(self):
        self._speak(self.own, 0)
        self.company.recouvrement_default_days = 60
        self.assertEqual(self._kinds(), [])
        self.company.recouvrement_default_days = 59
        self.assertEqual(self._kinds(), ["lasting_default"])
        [item] = self.items.search([("debtor_id", "=", self.own.id)])
        self.assertEqual(item.overdue_amount, self.own.overdue_amount)
        self.assertEqual(item.date, self._day(-60))

    def test_what_is_posted_in_the_transaction_counts(self):
        self._speak(self.own, 0)
        self._limit(2000)
        self.assertEqual(self._kinds(), [])
        self._make_invoice(self.own.partner_id, 501, due=30)
        self.assertEqual(self._kinds(), ["limit_exceeded"])

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def test_rows_have_ids_of_their_own_that_can_be_read_again(self):
        self._limit(1000, date_to=self._day(5))
        self.company.recouvrement_default_days = 1
        items = self.items.search([])
        self.assertEqual(len(set(items.ids)), len(items))
        self.assertEqual(
            set(self._kinds()),
            {"limit_ending", "limit_exceeded", "silent", "lasting_default"},
        )
        again = self.items.browse(items.ids).read(["kind", "res_id"])
        self.assertEqual(len(again), len(items))

    def test_kinds_have_numbers_of_their_own(self):
        kinds = self.items._get_kinds()
        self.assertEqual(len({kind.number for kind in kinds}), len(kinds))
        labels = dict(self.items._fields["kind"].selection)
        self.assertLessEqual({kind.code for kind in kinds}, set(labels))

    def test_as_many_queries_for_many_debtors_as_for_one(self):
        fields = ["kind", "customer_id", "exposure_amount", "date"]
        self.items.search_read([], fields)
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("debtor_id", "=", self.own.id)]
        before = self.env.cr.sql_log_count
        self.items.search_read(domain, fields)
        one = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertGreater(len(self.items.search_read([], fields)), 2)
        self.assertLessEqual(self.env.cr.sql_log_count - before, one)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_each_sees_what_concerns_him(self):
        self.company.recouvrement_default_days = 1
        seen = {
            "salesperson": self.own,
            "collector": self.own | self.nobodys,
            "accountant": self.debtors,
            "auditor": self.debtors,
            "manager": self.debtors,
        }
        for role, debtors in seen.items():
            with self.subTest(role=role):
                found = self._as(self.items, role).search([]).debtor_id
                self.assertEqual(found & self.debtors, debtors)
                self.assertNotIn(self.elsewhere, found)

    def test_another_company_has_its_own_agenda(self):
        self._make_invoice(
            self.elsewhere.partner_id, 20000, due=-200, company_id=self.other.id
        )
        items = self.items.with_context(allowed_company_ids=self.other.ids)
        self.assertIn(
            "lasting_default",
            items.search([("debtor_id", "=", self.elsewhere.id)]).mapped("kind"),
        )
        manager = self._as(self.items, "manager")
        self.assertFalse(manager.search([("debtor_id", "=", self.elsewhere.id)]))

    def test_the_debtor_opens_its_360_page(self):
        [item] = self.items.search([("debtor_id", "=", self.own.id)])
        action = self._rpc("collector", item, "action_open")
        self.assertEqual(action["params"]["resId"], self.own.id)
