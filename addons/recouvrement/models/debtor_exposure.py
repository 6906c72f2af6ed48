"""What is at risk with a debtor against its credit limit, on the account itself: lists
and filters read it, and what is posted or paid refreshes it with the other totals."""

from odoo import api, fields, models
from odoo.tools import SQL

from .credit_limit import CONTROLS

# Amounts that a verdict supposes, in the data of the transaction.
WHAT_IF = "recouvrement.what_if"
COLUMNS = [
    "exposure_draft",
    "exposure_order",
    "exposure_relieved",
    "netting_allowed",
    "payable_amount",
    "exposure_netted",
    "exposure_amount",
    "exposure_guaranteed",
    "exposure_insured",
    "exposure_own",
    "credit_limited",
    "credit_limit",
    "limit_excess",
]


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    exposure_draft = fields.Monetary(string="Draft Invoices", readonly=True)
    exposure_order = fields.Monetary(string="Ordered, Not Invoiced", readonly=True)
    exposure_amount = fields.Monetary(
        string="Exposure",
        readonly=True,
        help="What is open in the legal entity, invoices in draft and orders not "
        "invoiced, less what is assigned without recourse and what can "
        "be netted.",
    )
    credit_limited = fields.Boolean(string="Has a Credit Limit", readonly=True)
    credit_limit = fields.Monetary(readonly=True, aggregator=None)
    limit_excess = fields.Monetary(
        string="Above the Limit",
        readonly=True,
        help="Exposure less guarantees and the credit limit.",
    )
    limit_used = fields.Float(
        string="Limit Used (%)", compute="_compute_limit_used", digits=(16, 0)
    )
    credit_limit_ids = fields.One2many("recouvrement.credit.limit", "debtor_id")
    credit_control = fields.Selection(
        CONTROLS,
        string="Above the Limit, Invoices",
        tracking=True,
        help="Empty: as the company says.",
    )
    credit_checked_on = fields.Datetime(readonly=True, copy=False)

    _exceeded_idx = models.Index(
        "(company_id, limit_excess DESC) "
        "WHERE credit_limited IS TRUE AND limit_excess > 0"
    )

    @api.depends(
        "exposure_amount", "exposure_guaranteed", "credit_limit", "credit_limited"
    )
    def _compute_limit_used(self):
        for debtor in self:
            limit = debtor.credit_limit
            used = max(debtor.exposure_amount - debtor.exposure_guaranteed, 0)
            debtor.limit_used = 100 * used / limit if limit else 0

    # EXTENDS 'recouvrement'
    def _get_exposure(self):
        """Against our limit; a customer without one keeps that of Odoo."""
        if not self.credit_limited:
            return super()._get_exposure()
        return {
            "amount": self.exposure_amount,
            "to_invoice": self.exposure_order,
            "relieved": self.exposure_relieved,
            "netted": self.exposure_netted,
            "netting_allowed": self.netting_allowed,
            "limit": self.credit_limit,
            "percent": round(self.limit_used),
        }

    # ------------------------------------------------------------------
    # REFRESH
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    @api.model
    def _get_total_fields(self):
        return [*super()._get_total_fields(), *COLUMNS]

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.credit.limit"].flush_model()
        self.env["res.currency.rate"].flush_model()
        self.env["account.move"].flush_model(
            ["state", "move_type", "commercial_partner_id", "company_id"]
        )
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _refresh_steps(self, condition, lines_condition):
        steps, columns = super()._refresh_steps(condition, lines_condition)
        steps["exposure"] = self._exposure_step_sql(lines_condition)
        return steps, {**columns, "exposure": COLUMNS}

    @api.model
    def _exposure_step_sql(self, lines_condition):
        """Exposure and limit of the accounts of the step ``account``."""
        return SQL(
            """
            SELECT z.id, z.exposure_draft, z.exposure_order,
                   z.exposure_relieved, z.netting_allowed, z.payable_amount,
                   z.exposure_netted, z.exposure_amount,
                   z.exposure_guaranteed, z.exposure_insured,
                   z.exposure_amount - z.exposure_guaranteed - z.exposure_insured
                       AS exposure_own,
                   z.amount IS NOT NULL AS credit_limited,
                   COALESCE(z.amount, 0) AS credit_limit,
                   COALESCE(z.exposure_amount - z.exposure_guaranteed - z.amount, 0)
                       AS limit_excess
              FROM (SELECT y.*, borne.exposure_guaranteed,
                           ROUND(COALESCE(y.insured_share * LEAST(y.insured_limit,
                               GREATEST(y.exposure_amount - y.uninsurable
                                   - borne.exposure_guaranteed, 0)), 0),
                               y.decimal_places) AS exposure_insured
                      FROM (SELECT a.id, cover.guaranteed,
                                   CASE WHEN segment.credit_controlled IS NOT FALSE
                                        THEN valid.amount END AS amount,
                                   cover.insured_limit, cover.insured_share,
                                   currency.decimal_places,
                                   COALESCE(uninsurable.amount, 0)
                                       + CASE WHEN cover.stopped_on IS NULL THEN 0
                                              ELSE GREATEST(
                                                  COALESCE(draft.amount, 0)
                                                  + COALESCE(ordered.amount, 0), 0)
                                         END AS uninsurable,
                                   COALESCE(draft.amount, 0) AS exposure_draft,
                                   COALESCE(ordered.amount, 0) AS exposure_order,
                                   COALESCE(relieved.amount, 0)
                                       AS exposure_relieved,
                                   payable.debtor_id IS NOT NULL
                                       AS netting_allowed,
                                   COALESCE(payable.amount, 0) AS payable_amount,
                                   netted.amount AS exposure_netted,
                                   a.open_amount + COALESCE(draft.amount, 0)
                                       + COALESCE(ordered.amount, 0)
                                       - COALESCE(relieved.amount, 0)
                                       - netted.amount AS exposure_amount
                              FROM account a
                              JOIN res_company company ON company.id = a.company_id
                              JOIN res_currency currency
                                ON currency.id = company.currency_id
                         LEFT JOIN recouvrement_segment segment
                                ON segment.id = a.segment_id
                         LEFT JOIN (%(drafts)s) draft ON draft.debtor_id = a.id
                         LEFT JOIN (%(orders)s) ordered ON ordered.debtor_id = a.id
                         LEFT JOIN (%(relieved)s) relieved
                                ON relieved.debtor_id = a.id
                         LEFT JOIN (%(payables)s) payable
                                ON payable.debtor_id = a.id
                        CROSS JOIN LATERAL (SELECT LEAST(
                                COALESCE(payable.amount, 0),
                                GREATEST(a.open_amount
                                    - COALESCE(relieved.amount, 0), 0))
                                AS amount) netted
                         LEFT JOIN (%(valid)s) valid ON valid.debtor_id = a.id
                         LEFT JOIN (%(covers)s) cover ON cover.debtor_id = a.id
                         LEFT JOIN (%(uninsurable)s) uninsurable
                                ON uninsurable.debtor_id = a.id) y
        CROSS JOIN LATERAL (SELECT LEAST(COALESCE(y.guaranteed, 0),
                                         GREATEST(y.exposure_amount, 0))
                                   AS exposure_guaranteed) borne) z
            """,
            drafts=self._drafts_sql(),
            orders=self._orders_sql(),
            relieved=self._relieved_sql(lines_condition),
            payables=self._payables_sql(lines_condition),
            valid=self.env["recouvrement.credit.limit"]._valid_sql(
                fields.Date.context_today(self)
            ),
            covers=self.env["recouvrement.cover"]._cover_sql(
                fields.Date.context_today(self)
            ),
            uninsurable=self._uninsurable_sql(lines_condition),
        )

    @api.model
    def _drafts_sql(self):
        """Invoices and credit notes in draft: ``debtor_id, amount`` of the accounts of
        the step ``account``, in company currency."""
        return SQL(
            """
            SELECT a.id AS debtor_id, SUM(m.amount_total_signed) AS amount
              FROM account a
              JOIN account_move m ON m.commercial_partner_id = a.partner_id
              JOIN res_company c ON c.id = m.company_id
             WHERE m.state = 'draft' AND a.company_id = %(root)s
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
          GROUP BY a.id
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
        )

    @api.model
    def _orders_sql(self):
        """What is ordered and not invoiced, a hook of the same form as ``_drafts_sql``;
        here only what ``_get_excesses_with`` supposes."""
        supposed = self.env.cr.precommit.data.get(WHAT_IF, {})
        partners, companies = zip(*supposed, strict=True) if supposed else ((), ())
        return SQL(
            """
            SELECT a.id AS debtor_id, supposed.amount
              FROM account a
              JOIN UNNEST(%s::int[], %s::int[], %s::numeric[])
                   AS supposed (partner_id, company_id, amount)
                ON supposed.partner_id = a.partner_id
               AND supposed.company_id = a.company_id
            """,
            list(partners),
            list(companies),
            list(supposed.values()),
        )

    # ------------------------------------------------------------------
    # CHECK
    # ------------------------------------------------------------------

    def _get_credit_control(self):
        """What happens above the limit: ``none``, ``warn`` or ``block``."""
        self.ensure_one()
        if self.segment_id and not self.segment_id.credit_controlled:
            return "none"
        return self.credit_control or self.company_id.recouvrement_credit_control

    def _get_uninsured(self, amount):
        """The part of an amount that no cover insures: a hook of covers; all of it
        without one.

        :param float amount: in company currency.
        """
        self.ensure_one()
        return amount

    def _get_credit_ladder(self, amount):
        """What one must have the authority for, to grant a limit: all of it, and what
        no cover bears of it.

        :param float amount: in company currency.
        :return: pairs ``(subject of authority, amount)``.
        """
        return [
            ("credit_limit", amount),
            ("credit_uninsured", self.sudo()._get_uninsured(amount)),
        ]

    def _lock_exposure(self):
        """Have whoever checks the same accounts wait for this transaction, and see
        what it changed: two documents at once cannot both pass. In sudo.

        The row is written, so that a transaction that began before this one ended
        starts again instead of judging by what it saw.
        """
        if not self:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_debtor d SET credit_checked_on = %s
                  FROM (SELECT id FROM recouvrement_debtor WHERE id = ANY(%s)
                      ORDER BY id FOR UPDATE) locked
                 WHERE d.id = locked.id
                """,
                fields.Datetime.now(),
                self.ids,
            )
        )
        self.invalidate_recordset(["credit_checked_on"], flush=False)

    def action_view_credit_limits(self):
        """The limits the debtor has had, and those asked for."""
        action = self._action_related("recouvrement_credit_limit_action")
        if len(self) == 1:
            action["context"]["default_debtor_id"] = self.id
        return action
