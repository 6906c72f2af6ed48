"""Instalment plans of a debtor: made from its items, summed up on its account."""

from odoo import api, fields, models
from odoo.tools import SQL

from .plan import STATES

# From what needs somebody most to what runs by itself.
WORST = ("late", "defaulted", "to_approve", "offered", "accepted")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    plan_ids = fields.One2many("recouvrement.payment.plan", "debtor_id")
    plan_state = fields.Selection(
        [state for state in STATES if state[0] in WORST],
        string="Instalment Plan",
        readonly=True,
        help="The plan that needs somebody most.",
    )
    plan_next_date = fields.Date(string="Next Instalment", readonly=True)
    plan_late_amount = fields.Monetary(string="Late Instalments", readonly=True)
    plan_count = fields.Integer(compute="_compute_plan_count")

    def _compute_plan_count(self):
        counts = dict(
            self.env["recouvrement.payment.plan"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.plan_count = counts.get(debtor, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_plan(self, line_ids=None):
        """Negotiate an instalment plan.

        :param line_ids: items to put in it; default: all that is overdue and free.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Instalment Plan"),
            "res_model": "recouvrement.plan.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_debtor_id": self.id,
                **({"plan_line_ids": list(line_ids)} if line_ids else {}),
            },
        }

    def action_view_plans(self):
        return self._action_related("recouvrement_payment_plan_action")

    # ------------------------------------------------------------------
    # TOTALS
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.payment.plan"].flush_model()
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _get_total_fields(self):
        return [
            *super()._get_total_fields(),
            "plan_state",
            "plan_next_date",
            "plan_late_amount",
        ]

    @api.model
    def _refresh_statements(self, condition):
        return [*super()._refresh_statements(condition), self._plans_sql(condition)]

    @api.model
    def _plans_sql(self, condition):
        """Worst plan, next instalment and late amount (company currency) of debtors.

        A forfeited plan counts as long as something of it is open and nothing new was
        negotiated.
        """
        return SQL(
            """
            UPDATE recouvrement_debtor debtor
               SET plan_state = fresh.state,
                   plan_next_date = fresh.next_date,
                   plan_late_amount = fresh.late
              FROM (SELECT d.id, plan.state, plan.next_date,
                           COALESCE(plan.late, 0) AS late
                      FROM recouvrement_debtor d
                 LEFT JOIN (SELECT p.debtor_id,
                                   (ARRAY_AGG(p.state ORDER BY
                                       array_position(%(worst)s, p.state::text)))[1]
                                       AS state,
                                   MIN(p.next_date) FILTER (
                                       WHERE p.state IN ('accepted', 'late'))
                                       AS next_date,
                                   SUM(p.amount_late_company) FILTER (
                                       WHERE p.state = 'late') AS late
                              FROM recouvrement_payment_plan p
                             WHERE p.state IN ('to_approve', 'offered', 'accepted',
                                               'late', 'defaulted')
                               AND (p.state <> 'defaulted'
                                    OR p.amount_remaining > 0 AND NOT EXISTS (
                                        SELECT 1 FROM recouvrement_payment_plan newer
                                         WHERE newer.debtor_id = p.debtor_id
                                           AND newer.state IN ('to_approve', 'offered',
                                                               'accepted', 'late')))
                          GROUP BY p.debtor_id) plan ON plan.debtor_id = d.id
                     WHERE %(condition)s) fresh
             WHERE fresh.id = debtor.id
               AND (debtor.plan_state, debtor.plan_next_date, debtor.plan_late_amount)
                   IS DISTINCT FROM (fresh.state, fresh.next_date, fresh.late)
            """,
            worst=list(WORST),
            condition=condition,
        )
