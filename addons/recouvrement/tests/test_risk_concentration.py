"""Concentration: shares add up to the whole of the legal entity, groups by their
head."""

from odoo.tests import tagged

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestRiskConcentration(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["recouvrement.risk.concentration"]
        cls.company_rows = [("company_id", "=", cls.company.id)]

    def _row(self, debtor):
        return self.rows.search([("debtor_id", "=", debtor.id)])

    def test_shares_are_of_the_exposure_of_the_legal_entity(self):
        rows = self.rows.search(self.company_rows)
        debtors = rows.debtor_id
        whole = sum(debtors.mapped("exposure_amount"))
        self.assertGreaterEqual(whole, 6500)
        self.assertAlmostEqual(sum(rows.mapped("share")), 100, places=6)
        self.assertAlmostEqual(self._row(self.own).share, 100 * 1500 / whole, places=6)
        [(total,)] = self.rows._read_group(
            self.company_rows, [], ["exposure_amount:sum"]
        )
        self.assertEqual(self.company.currency_id.compare_amounts(total, whole), 0)

    def test_ranks_go_from_the_largest_and_shares_are_cumulated(self):
        rows = self.rows.search(self.company_rows, order="position")
        self.assertEqual(rows.mapped("position"), list(range(1, len(rows) + 1)))
        amounts = rows.mapped("exposure_amount")
        self.assertEqual(amounts, sorted(amounts, reverse=True))
        cumulated = 0
        for row in rows:
            cumulated += row.share
            self.assertAlmostEqual(row.cumulated_share, cumulated, places=6)

    def test_shares_do_not_depend_on_what_is_filtered_or_on_who_reads(self):
        share = self._row(self.own).share
        salesperson = self._as(self.rows, "salesperson").search([])
        self.assertEqual(salesperson.debtor_id & self.debtors, self.own)
        mine = salesperson.filtered(lambda row: row.debtor_id == self.own)
        self.assertEqual(mine.share, share)

    def test_a_company_is_of_the_group_of_its_head(self):
        holding = self._make_customer("Holding")
        middle = self._make_customer("Middle")
        (holding | middle | self.own.partner_id).is_company = True
        middle.parent_id = holding
        self.own.partner_id.parent_id = middle
        self.assertEqual(self._row(self.own).group_id, holding)
        nobodys = self._row(self.nobodys)
        self.assertEqual(nobodys.group_id, nobodys.customer_id)

    def test_who_owes_nothing_or_has_a_credit_balance_is_left_out(self):
        credit = self._make_debtor("In Credit", items=((10, -10),))
        self.assertTrue(self._row(credit))
        self._make_receipt(credit.partner_id, 100)
        self.assertFalse(self._row(credit))

    def test_another_company_is_a_whole_of_its_own(self):
        rows = self.rows.search([("company_id", "!=", self.company.id)])
        self.assertNotIn(self.elsewhere, self._as(rows, "manager").search([]).debtor_id)

    def test_as_many_queries_for_many_debtors_as_for_one(self):
        names = ["customer_id", "share", "group_id"]
        self.rows.search_read([], names)

        def cost(domain):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows.search_read(domain, names)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(cost([]), cost([("debtor_id", "=", self.own.id)]))

    def test_a_row_opens_the_360_page(self):
        action = self._rpc("collector", self._row(self.own), "action_open_debtor")
        self.assertEqual(action["params"]["resId"], self.own.id)
