"""Events of credit insurance that the night and insolvencies propose."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class RecouvrementInsuranceEvent(models.Model):
    _inherit = "recouvrement.insurance.event"

    # ------------------------------------------------------------------
    # NIGHTLY
    # ------------------------------------------------------------------

    @api.model
    def _cron_propose(self):
        """Every night: defaults to declare come up before the delay of the policy is
        over; events whose items were paid are over."""
        events = self.sudo()
        events._void_settled()
        events._propose(fields.Date.context_today(self))

    @api.model
    def _void_settled(self):
        waiting = self.search([("state", "=", "todo"), ("kind", "!=", "indemnity")])
        settled = waiting.filtered(
            lambda event: event.line_ids and all(event.line_ids.mapped("reconciled"))
        )
        settled._void(self.env._("Everything was settled."))

    @api.model
    def _propose(self, day):
        """Declarations of the items whose longest credit ends: one per customer, due
        on the nearest day, in one statement. Disputed items are not insured until the
        dispute is settled.

        :return: the events created.
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._defaults_sql(day))
        return self._create_missing(
            [
                {
                    "debtor_id": debtor_id,
                    "policy_id": policy_id,
                    "kind": "declaration",
                    "date_due": due,
                    "amount": float(amount),
                    "line_ids": [Command.set(line_ids)],
                }
                for debtor_id, policy_id, due, amount, line_ids in rows
            ]
        )

    @api.model
    def _defaults_sql(self, day):
        return SQL(
            """
            WITH item AS (
                SELECT d.id AS debtor_id, y.id AS policy_id, l.id,
                       l.amount_residual,
                       COALESCE(l.takeover_date, m.invoice_date, l.date)
                         + CASE WHEN p.country_id IS NULL
                                  OR p.country_id = cp.country_id
                                THEN y.max_credit_days
                                ELSE y.max_credit_days_export END
                         + y.declare_days AS due,
                       y.alert_days, y.min_amount
                  FROM recouvrement_debtor d
                  JOIN recouvrement_insurance_policy y
                    ON y.id = d.insurance_policy_id AND y.active
                  JOIN res_company rc ON rc.id = d.company_id
                  JOIN res_partner cp ON cp.id = rc.partner_id
                  JOIN res_partner p ON p.id = d.partner_id
                  JOIN res_partner mine ON mine.commercial_partner_id = d.partner_id
                  JOIN account_move_line l ON l.partner_id = mine.id
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                   AND l.amount_residual > 0 AND l.date_maturity < %(day)s::date
                   AND %(root)s = d.company_id
                   AND COALESCE(l.takeover_date, m.invoice_date, l.date)
                       >= y.date_from
                   AND (y.date_to IS NULL OR
                        COALESCE(l.takeover_date, m.invoice_date, l.date) <= y.date_to)
                   AND l.collection_status NOT IN ('disputed', 'insolvency', 'factored')
                   AND NOT EXISTS (
                       SELECT FROM recouvrement_insurance_event_line_rel r
                         JOIN recouvrement_insurance_event e ON e.id = r.event_id
                        WHERE r.line_id = l.id AND e.policy_id = y.id
                          AND e.state <> 'void'))
            SELECT debtor_id, policy_id, MIN(due), SUM(amount_residual),
                   ARRAY_AGG(id ORDER BY due, id)
              FROM item
             WHERE due - alert_days <= %(day)s::date
          GROUP BY debtor_id, policy_id, min_amount
            HAVING SUM(amount_residual) >= COALESCE(min_amount, 0)
            """,
            day=day,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
        )

    @api.model
    def _propose_insolvency(self, insolvency):
        """Proceedings of a covered customer are told to the insurer."""
        policy = insolvency.debtor_id.insurance_policy_id
        if not policy:
            return self.browse()
        return self._create_missing(
            [
                {
                    "debtor_id": insolvency.debtor_id.id,
                    "policy_id": policy.id,
                    "insolvency_id": insolvency.id,
                    "kind": "insolvency",
                    "date_due": insolvency.date_opened
                    + timedelta(days=policy.insolvency_days),
                    "amount": insolvency.amount_prior,
                    "line_ids": [Command.set(insolvency._get_lines().ids)],
                }
            ]
        )


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # EXTENDS 'recouvrement_litige'
    def _tell_opened(self):
        result = super()._tell_opened()
        self.env["recouvrement.insurance.event"].sudo()._propose_insolvency(self)
        return result

    # EXTENDS 'recouvrement_litige'
    def _undo(self, reason):
        result = super()._undo(reason)
        events = (
            self.env["recouvrement.insurance.event"]
            .sudo()
            .search([("insolvency_id", "in", self.ids), ("state", "=", "todo")])
        )
        events._void(self.env._("Proceedings taken back"))
        return result
