"""What the worklist costs: constant numbers of queries, and lists read by index."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import RecouvrementCommon

ROWS = 20000


@tagged("post_install", "-at_install")
class TestWorklistCost(RecouvrementCommon):
    def _make_many(self, count, tag):
        debtors = self.env["recouvrement.debtor"]
        for index in range(count):
            debtors |= self._make_debtor(f"{tag} {index}", items=[(1000, -40)])
        self.env.flush_all()
        return debtors

    def _queries(self, work):
        self.env.flush_all()
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def _assert_constant(self, act):
        """The same queries for 2 and for 20 debtors."""
        warm = self._make_many(1, "warm up")
        self._queries(lambda: act(warm))
        few, many = self._make_many(2, "few"), self._make_many(20, "many")
        self.assertEqual(
            self._queries(lambda: act(few)), self._queries(lambda: act(many))
        )

    def test_judging_costs_the_same_for_one_and_for_many(self):
        self._assert_constant(lambda debtors: debtors._refresh_work_now())

    def test_the_list_costs_the_same_for_one_and_for_many(self):
        fields_read = {
            "work_badges": {},
            "work_sentence": {},
            "overdue_amount": {},
            "collect_amount": {},
            "days_overdue": {},
            "partner_id": {"fields": {"display_name": {}}},
        }
        self._assert_constant(
            lambda debtors: debtors.web_search_read(
                [("id", "in", debtors.ids)], fields_read, limit=80
            )
        )

    def test_the_tabs_cost_the_same_for_one_and_for_many(self):
        self._assert_constant(
            lambda debtors: debtors.get_work_tabs([("id", "in", debtors.ids)])
        )

    def test_bulk_actions_cost_the_same_for_one_and_for_many(self):
        self._assert_constant(lambda debtors: debtors.action_log_attempt())
        self._assert_constant(lambda debtors: debtors._hold(self._day(2), "Wait"))

    def test_the_worklist_is_read_by_its_index(self):
        """20,000 accounts of which few need something."""
        self._fill()
        query = (
            self.env["recouvrement.debtor"]
            .with_user(self._make_user("manager"))
            ._search([("to_work", "=", True)], limit=80)
        )
        plan = self._explain(query.select())
        self.assertIn("recouvrement_debtor_to_work_idx", plan)
        self.assertNotIn("Seq Scan on recouvrement_debtor", plan)

    def _fill(self):
        """Accounts by SQL: one in 50 needs something today."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH partner AS (
                    INSERT INTO res_partner (name, active, type, is_company,
                                             autopost_bills)
                    SELECT 'Bulk ' || n, TRUE, 'contact', TRUE, 'ask'
                      FROM generate_series(1, %s) n RETURNING id)
                INSERT INTO recouvrement_debtor (partner_id, company_id, active,
                       priority, priority_score, overdue_amount, to_work, work_kind)
                SELECT id, %s, TRUE, '0', MOD(id, 97), MOD(id, 9973),
                       MOD(id, 50) = 0,
                       CASE WHEN MOD(id, 50) = 0 THEN 'call' ELSE 'none' END
                  FROM partner
                """,
                ROWS,
                self.company.id,
            )
        )
        self.env.cr.execute("ANALYZE recouvrement_debtor")
        self.env.invalidate_all()

    def _explain(self, query):
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(line for [line] in rows)
