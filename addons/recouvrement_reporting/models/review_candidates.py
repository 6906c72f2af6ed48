"""Which debtors come on the agenda of a review: one statement for all its sections."""

from odoo import models
from odoo.tools import SQL

ON_OPEN_AMOUNT = ("limit", "doubtful", "credit_limit")


class RecouvrementReviewSection(models.Model):
    _inherit = "recouvrement.review.section"

    def _find_candidates(self, scope, company, day, as_of=None):
        """Debtors of these sections, in the order of the sections.

        :param SQL scope: select of the ids of the debtors that may be listed.
        :param company: legal entity of the review.
        :param date day: day from which days are counted.
        :param date as_of: past day whose amounts are read; None reads today's.
        :return: dicts ``section_id, debtor_id, position, amount, day, number``, the
            measures being those that brought the debtor there (or None).
        """
        if not self:
            return []
        self._flush_candidate_sources()
        parts = [
            SQL("(%s)", section._candidates_sql(company, day))
            for section in self.sorted(lambda section: (section.sequence, section.id))
        ]
        return self.env.execute_query_dict(
            SQL(
                """
                WITH f AS MATERIALIZED (%(facts)s)
                SELECT * FROM (%(parts)s) found
              ORDER BY array_position(%(order)s, found.section_id), found.position
                """,
                facts=self._facts_sql(scope, as_of),
                parts=SQL(" UNION ALL ").join(parts),
                order=self.sorted(lambda s: (s.sequence, s.id)).ids,
            )
        )

    def _flush_candidate_sources(self):
        debtors = self.env["recouvrement.debtor"].sudo()
        debtors._process_dirty()
        debtors._flush_sources()
        self.env["recouvrement.promise"].flush_model()

    def _facts_sql(self, scope, as_of):
        """Amounts of the debtors in scope: the cache, or the ledger of a past day."""
        debtors = self.env["recouvrement.debtor"]
        if as_of is None:
            return SQL(
                """SELECT d.id AS debtor_id, d.open_amount, d.overdue_amount,
                          d.oldest_due_date
                     FROM recouvrement_debtor d WHERE d.id IN (%s)""",
                scope,
            )
        return SQL(
            """SELECT t.debtor_id, t.open_amount, t.overdue_amount, t.oldest_due_date
                 FROM (%s) t WHERE t.debtor_id IN (%s)""",
            debtors._totals_sql(SQL("TRUE"), as_of),
            scope,
        )

    def _candidates_sql(self, company, day):
        """Select of one section; a rule gives its measures, conditions and order."""
        rule = getattr(self, f"_rule_{self.rule}")(company, day)
        basis = SQL.identifier(
            "f", "open_amount" if self.rule in ON_OPEN_AMOUNT else "overdue_amount"
        )
        return SQL(
            """
            SELECT %(section)s::integer AS section_id, x.debtor_id, x.position,
                   x.amount, x.day, x.number
              FROM (SELECT f.debtor_id, %(amount)s::numeric AS amount,
                           %(day)s::date AS day, %(number)s::integer AS number,
                           ROW_NUMBER() OVER (%(partition)s
                               ORDER BY %(order)s, f.debtor_id) AS position
                      FROM f
                      JOIN recouvrement_debtor d ON d.id = f.debtor_id
                      %(join)s
                     WHERE %(basis)s > 0 AND %(basis)s >= %(minimum)s
                       AND %(condition)s) x
             WHERE x.position <= %(max_count)s
            """,
            section=self.id,
            amount=rule.get("amount", SQL("NULL")),
            day=rule.get("day", SQL("NULL")),
            number=rule.get("number", SQL("NULL")),
            partition=rule.get("partition", SQL()),
            order=rule["order"],
            join=rule.get("join", SQL()),
            basis=basis,
            minimum=self.minimum,
            condition=rule.get("condition", SQL("TRUE")),
            max_count=self.max_count,
        )

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def _rule_biggest(self, _company, _day):
        return {
            "amount": SQL("f.overdue_amount"),
            "order": SQL("f.overdue_amount DESC"),
        }

    def _rule_oldest(self, _company, _day):
        return {
            "day": SQL("f.oldest_due_date"),
            "condition": SQL("f.oldest_due_date IS NOT NULL"),
            "order": SQL("f.oldest_due_date"),
        }

    def _rule_risk(self, _company, _day):
        return {
            "number": SQL("ROUND(d.priority_score)"),
            "order": SQL("d.priority_score DESC, f.overdue_amount DESC"),
        }

    def _rule_disputed(self, _company, _day):
        """What is disputed now, in company currency."""
        items = self.env["recouvrement.open.item"]
        disputed = SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, %(root)s AS company_id,
                   SUM(o.residual) AS amount, COUNT(*) AS number
              FROM (%(lines)s) o
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
          GROUP BY 1, 2
            """,
            root=items._root_company_sql("c"),
            lines=items._open_lines_sql(
                condition=SQL("l.collection_status = 'disputed'")
            ),
        )
        return {
            "join": SQL(
                """JOIN (%s) disputed ON disputed.partner_id = d.partner_id
                                     AND disputed.company_id = d.company_id""",
                disputed,
            ),
            "amount": SQL("disputed.amount"),
            "number": SQL("disputed.number"),
            "order": SQL("disputed.amount DESC"),
        }

    def _rule_broken_promise(self, _company, day):
        return {
            "join": SQL(
                """JOIN (SELECT debtor_id, COUNT(*) AS number,
                                SUM(amount_company) AS amount,
                                MAX(date_decided) AS day
                           FROM recouvrement_promise
                          WHERE state IN ('broken', 'partly')
                            AND date_decided > %(day)s::date - %(days)s
                            AND date_decided <= %(day)s
                       GROUP BY debtor_id) broken ON broken.debtor_id = d.id""",
                day=day,
                days=self.days,
            ),
            "amount": SQL("broken.amount"),
            "day": SQL("broken.day"),
            "number": SQL("broken.number"),
            "order": SQL("broken.amount DESC"),
        }

    def _rule_plan_default(self, _company, _day):
        return {
            "amount": SQL("d.plan_late_amount"),
            "condition": SQL("d.plan_state IN ('late', 'defaulted')"),
            "order": SQL("d.plan_late_amount DESC, f.overdue_amount DESC"),
        }

    def _rule_silence(self, _company, day):
        contact = SQL("GREATEST(d.last_contact_date, d.last_reminder_date)")
        return {
            "day": contact,
            "condition": SQL(
                """COALESCE(%s, '-infinity') <= %s::date - %s
                   AND f.oldest_due_date <= %s::date - %s""",
                contact,
                day,
                self.days,
                day,
                self.days,
            ),
            "order": SQL("f.overdue_amount DESC"),
        }

    def _rule_limit(self, _company, day):
        return {
            "day": SQL("d.first_limit_date"),
            "condition": SQL("d.first_limit_date <= %s::date + %s", day, self.days),
            "order": SQL("d.first_limit_date"),
        }

    def _rule_salesperson(self, _company, _day):
        return {
            "amount": SQL("f.overdue_amount"),
            "condition": SQL("d.salesperson_id IS NOT NULL"),
            "partition": SQL("PARTITION BY d.salesperson_id"),
            "order": SQL("f.overdue_amount DESC"),
        }

    def _rule_doubtful(self, _company, day):
        return {
            "day": SQL("d.doubtful_date"),
            "condition": SQL(
                "d.doubtful_reason_id IS NOT NULL AND d.doubtful_date <= %s", day
            ),
            "order": SQL("f.open_amount DESC"),
        }

    def _rule_credit_limit(self, company, _day):
        """Customers who owe more than the limit written on the customer."""
        partners = self.env["res.partner"].with_company(company)
        limit = partners._field_to_sql("cp", "credit_limit")
        return {
            "join": SQL("JOIN res_partner cp ON cp.id = d.partner_id"),
            "amount": SQL("f.open_amount - %s::numeric", limit),
            "condition": SQL(
                "%(limit)s > 0 AND f.open_amount > %(limit)s", limit=limit
            ),
            "order": SQL("f.open_amount - %s::numeric DESC", limit),
        }
