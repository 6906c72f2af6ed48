"""The insurer covers nothing new for a customer that is late for too long."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementInsurancePolicy(models.Model):
    _inherit = "recouvrement.insurance.policy"

    @api.model
    def _judge_covers(self):
        """Stop the covers of customers that are too late for their policy, and resume
        those that are no longer, where the policy says so. In sudo, two statements
        whatever the number of customers.
        """
        self.env.flush_all()
        covers = self.env["recouvrement.cover"]
        rows = self.env.execute_query(self._verdicts_sql())
        late = [cover_id for cover_id, is_late in rows if is_late]
        paid = [cover_id for cover_id, is_late in rows if not is_late]
        covers.browse(late)._stop(
            self.env._("Overdue for longer than the policy allows")
        )
        covers.browse(paid)._resume(self.env._("Nothing is so late any more"))

    @api.model
    def _verdicts_sql(self):
        """Covers in force that are to stop (``is_late``) or to resume: the newest
        answer of the insurer, unless it was given when the customer was so late
        already."""
        return SQL(
            """
            WITH late AS (%(late)s)
            SELECT cv.id, cv.stopped_on IS NULL AS is_late
              FROM recouvrement_cover cv
              JOIN recouvrement_cover_kind k ON k.id = cv.kind_id
               AND k.effect = 'insurance'
              JOIN recouvrement_debtor d ON d.id = cv.debtor_id
              JOIN recouvrement_insurance_policy y ON y.id = d.insurance_policy_id
               AND y.insurer_id = cv.provider_id
         LEFT JOIN late ON late.debtor_id = d.id
             WHERE cv.state IN ('granted', 'reduced') AND cv.date_from <= %(day)s
               AND (cv.date_to IS NULL OR cv.date_to >= %(day)s)
               AND CASE WHEN late.debtor_id IS NULL
                        THEN cv.stopped_on IS NOT NULL AND y.stop_lifts
                        ELSE cv.stopped_on IS NULL AND y.active
                             AND late.since >= cv.date_from END
               AND NOT EXISTS (
                   SELECT FROM recouvrement_cover newer
                    WHERE newer.debtor_id = cv.debtor_id
                      AND newer.provider_id = cv.provider_id
                      AND (newer.date_from, newer.id) > (cv.date_from, cv.id)
                      AND newer.date_from <= %(day)s)
          ORDER BY cv.id
            """,
            late=self._late_sql(),
            day=fields.Date.context_today(self),
        )

    @api.model
    def _late_sql(self):
        """Customers with an item that is too late: ``debtor_id, since`` (the day on
        which the newest became so); what is disputed or assigned stops no cover."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT d.id AS debtor_id, MAX(o.date_due + y.stop_days + 1) AS since
              FROM recouvrement_debtor d
              JOIN recouvrement_insurance_policy y ON y.id = d.insurance_policy_id
               AND y.stop_days > 0
              JOIN res_partner p ON p.commercial_partner_id = d.partner_id
              JOIN (%(lines)s) o ON o.partner_id = p.id AND o.residual > 0
              JOIN res_company c ON c.id = o.company_id
              JOIN account_move_line l ON l.id = o.id
             WHERE %(root)s = d.company_id
               AND o.date_due < %(day)s::date - y.stop_days
               AND COALESCE(l.collection_status, 'to_chase')
                   NOT IN ('disputed', 'factored')
          GROUP BY d.id
            """,
            lines=items._open_lines_sql(),
            root=items._root_company_sql("c"),
            day=fields.Date.context_today(self),
        )
