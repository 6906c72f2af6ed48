"""What a litigation file claims, brings in and costs: kept for lists and sums, from the
ledger and the claim, by one statement for any number of files."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .counsel_assignment import OPEN


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    claim_ids = fields.One2many("recouvrement.litigation.claim", "litigation_id")
    claim_id = fields.Many2one(
        "recouvrement.litigation.claim",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The claim that was filed last, else the one that was computed.",
    )
    claim_date = fields.Date(related="claim_id.date", string="Claimed As Of")
    cost_ids = fields.One2many("recouvrement.litigation.cost", "litigation_id")
    assignment_ids = fields.One2many(
        "recouvrement.counsel.assignment", "litigation_id", string="Mandates"
    )
    counsel_ids = fields.Many2many(
        "recouvrement.counsel",
        compute="_compute_counsel_ids",
        search="_search_counsel_ids",
    )

    # == In company currency; kept by _refresh_amounts ==
    amount_claimed = fields.Monetary(string="Claimed", readonly=True)
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="Money received on its items since they were transferred.",
    )
    amount_credited = fields.Monetary(
        string="Credited",
        readonly=True,
        help="Credit notes and other reductions of its items since the transfer.",
    )
    amount_remaining = fields.Monetary(
        string="Remaining",
        readonly=True,
        help="Claimed, less what was paid or credited since the claim; what is open "
        "while no claim is computed. Interest runs on: compute the claim again.",
    )
    cost_total = fields.Monetary(string="Costs", readonly=True)
    cost_recoverable = fields.Monetary(string="Recoverable Costs", readonly=True)
    amount_net = fields.Monetary(
        string="Net of Costs",
        compute="_compute_amount_net",
        help="Recovered, less the costs so far.",
    )
    cost_ratio = fields.Float(
        string="Cost per Euro Recovered (%)",
        compute="_compute_amount_net",
        digits=(8, 1),
    )

    @api.depends("amount_recovered", "cost_total")
    def _compute_amount_net(self):
        for litigation in self:
            recovered = litigation.amount_recovered
            litigation.amount_net = recovered - litigation.cost_total
            litigation.cost_ratio = (
                100 * litigation.cost_total / recovered if recovered else 0.0
            )

    @api.depends("assignment_ids.counsel_id", "assignment_ids.state")
    def _compute_counsel_ids(self):
        for litigation in self:
            litigation.counsel_ids = litigation.assignment_ids.filtered(
                lambda one: one.state in OPEN
            ).counsel_id

    @api.model
    def _search_counsel_ids(self, operator, value):
        if operator not in ("in", "any", "ilike", "like", "="):
            return NotImplemented
        return Domain(
            "assignment_ids",
            "any",
            Domain("counsel_id", operator, value) & Domain("state", "in", OPEN),
        )

    # ------------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------------

    def _get_court_lang(self):
        """Language of what a French court reads: French when it is installed."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        french = [code for code in installed if code.startswith("fr")]
        own = self.sudo().company_id.partner_id.lang
        return (french or [own or self.env.lang or "en_US"])[0]

    def action_compute_claim(self):
        """The claim as of today; settings are those of the one before."""
        self.ensure_one()
        claim = self._compute_claim()
        return claim.action_open()

    def _compute_claim(self, day=None, **vals):
        """The draft claim of the file, computed.

        :param date day: default today.
        :param vals: settings that differ from those of the claim before.
        """
        self.ensure_one()
        self.check_access("write")
        claims = self.env["recouvrement.litigation.claim"]
        day = day or fields.Date.context_today(self)
        litigation = self.sudo()
        draft = litigation.claim_ids.filtered(lambda claim: claim.state == "draft")
        settings = {**vals, "date": day}
        if draft:
            draft.write(settings)
        else:
            before = litigation.claim_ids[:1]
            draft = claims.sudo().create(
                {
                    **before._get_settings(),
                    **settings,
                    "litigation_id": litigation.id,
                }
            )
            draft._build()
        return claims.browse(draft.id)

    def action_print_claim(self):
        self.ensure_one()
        if not self.claim_id:
            return self._compute_claim().action_print()
        return self.claim_id.action_print()

    def _log_claim(self, claim):
        """The history tells what was filed."""
        self.ensure_one()
        self.message_post(
            body=self.env._("Claim filed: %s", claim.name),
            attachment_ids=claim.pdf_id.ids,
        )
        self.debtor_id._log_event(
            "litigation",
            self.env._("%(file)s: claim filed", file=self.name),
            amount=claim.amount_total,
            currency_id=claim.currency_id.id,
        )

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    @api.model
    def _refresh_all_amounts(self):
        """At night: what the ledger says of the open files."""
        self.sudo().search([("state", "=", "open")])._refresh_amounts()

    def _refresh_amounts(self):
        """Write what the ledger, the claims and the costs say; sudo, one statement.

        Only rows that differ are written.
        """
        if not self:
            return
        for model in (
            "account.partial.reconcile",
            "account.move.line",
            "recouvrement.litigation",
            "recouvrement.litigation.line",
            "recouvrement.litigation.claim",
            "recouvrement.litigation.claim.row",
            "recouvrement.litigation.cost",
        ):
            self.env[model].flush_model()
        self.env.cr.execute(self._refresh_sql())
        self.invalidate_recordset(
            [
                "claim_id",
                "amount_claimed",
                "amount_recovered",
                "amount_credited",
                "amount_remaining",
                "cost_total",
                "cost_recoverable",
            ]
        )
        self.env["recouvrement.counsel.assignment"].search(
            [("litigation_id", "in", self.ids), ("state", "!=", "draft")]
        )._refresh_amounts()

    def _refresh_sql(self):
        return SQL(
            """
            WITH claim AS (
                SELECT DISTINCT ON (litigation_id) litigation_id, id, amount_total
                  FROM recouvrement_litigation_claim
                 WHERE litigation_id = ANY(%(ids)s) AND state <> 'replaced'
              ORDER BY litigation_id, state = 'filed' DESC, date DESC, id DESC),
            deducted AS (
                SELECT r.move_line_id
                  FROM recouvrement_litigation_claim_row r
                  JOIN claim ON claim.id = r.claim_id
                 WHERE r.head = 'credits' AND r.move_line_id IS NOT NULL),
            counted AS (
                SELECT claim.litigation_id, SUM(r.settled_company) AS settled
                  FROM recouvrement_litigation_claim_row r
                  JOIN claim ON claim.id = r.claim_id
                 WHERE r.head IN ('principal', 'penalties')
              GROUP BY claim.litigation_id),
            matched AS (
                SELECT x.litigation_id,
                       SUM(pr.amount) FILTER (
                           WHERE cl.id NOT IN (SELECT move_line_id FROM deducted)
                       ) AS settled,
                       SUM(pr.amount) FILTER (
                           WHERE %(day)s >= f.date_open AND %(receipt)s
                       ) AS received,
                       SUM(pr.amount) FILTER (
                           WHERE %(day)s >= f.date_open AND NOT %(receipt)s
                       ) AS credited
                  FROM recouvrement_litigation_line x
                  JOIN recouvrement_litigation f ON f.id = x.litigation_id
                  JOIN account_partial_reconcile pr
                    ON pr.debit_move_id = x.move_line_id
                  JOIN account_move_line cl ON cl.id = pr.credit_move_id
                  JOIN account_move cm ON cm.id = cl.move_id
                 WHERE x.litigation_id = ANY(%(ids)s)
              GROUP BY x.litigation_id),
            open AS (
                SELECT x.litigation_id, SUM(l.amount_residual) AS residual
                  FROM recouvrement_litigation_line x
                  JOIN account_move_line l ON l.id = x.move_line_id
                 WHERE x.litigation_id = ANY(%(ids)s)
              GROUP BY x.litigation_id),
            spent AS (
                SELECT litigation_id, SUM(amount_company) AS total,
                       SUM(recoverable_company) AS recoverable
                  FROM recouvrement_litigation_cost
                 WHERE litigation_id = ANY(%(ids)s)
              GROUP BY litigation_id),
            found AS (
                SELECT f.id, claim.id AS claim_id,
                       COALESCE(claim.amount_total, 0) AS claimed,
                       COALESCE(matched.received, 0) AS received,
                       COALESCE(matched.credited, 0) AS credited,
                       CASE WHEN claim.id IS NULL THEN COALESCE(open.residual, 0)
                            ELSE GREATEST(0, claim.amount_total
                                + COALESCE(counted.settled, 0)
                                - COALESCE(matched.settled, 0)) END AS remaining,
                       COALESCE(spent.total, 0) AS spent,
                       COALESCE(spent.recoverable, 0) AS recoverable
                  FROM recouvrement_litigation f
             LEFT JOIN claim ON claim.litigation_id = f.id
             LEFT JOIN counted ON counted.litigation_id = f.id
             LEFT JOIN matched ON matched.litigation_id = f.id
             LEFT JOIN open ON open.litigation_id = f.id
             LEFT JOIN spent ON spent.litigation_id = f.id
                 WHERE f.id = ANY(%(ids)s))
            UPDATE recouvrement_litigation f
               SET claim_id = found.claim_id, amount_claimed = found.claimed,
                   amount_recovered = found.received,
                   amount_credited = found.credited,
                   amount_remaining = found.remaining, cost_total = found.spent,
                   cost_recoverable = found.recoverable
              FROM found
             WHERE found.id = f.id
               AND (f.claim_id, f.amount_claimed, f.amount_recovered,
                    f.amount_credited, f.amount_remaining, f.cost_total,
                    f.cost_recoverable)
                   IS DISTINCT FROM
                   (found.claim_id, found.claimed, found.received, found.credited,
                    found.remaining, found.spent, found.recoverable)
            """,
            ids=self.ids,
            day=self._credit_day_sql(),
            receipt=self._is_receipt_sql(),
        )

    @api.model
    def _credit_day_sql(self):
        return self.env["recouvrement.interest"]._credit_day_sql()

    @api.model
    def _is_receipt_sql(self):
        """Whether the credit ``cl`` is money that came in."""
        return SQL(
            """(cl.payment_id IS NOT NULL OR cl.statement_line_id IS NOT NULL
                OR COALESCE(cl.takeover_kind, '') = 'payment')"""
        )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _on_items_matched(self, line_ids):
        """Files on these items have other amounts."""
        result = super()._on_items_matched(line_ids)
        lines = self.env["recouvrement.litigation.line"].sudo()
        found = lines.search([("move_line_id", "in", list(line_ids))])
        found.litigation_id._refresh_amounts()
        return result
