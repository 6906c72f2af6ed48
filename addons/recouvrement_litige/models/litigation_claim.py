"""What is claimed in a litigation file as of a day: each computation is kept, and
frozen once it was filed."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.claim import ZERO, Bearing, sum_by_half_year

STATES = [
    ("draft", "Computed"),
    ("filed", "Filed"),
    ("replaced", "Replaced"),
]
ORDERS = [
    ("interest_first", "Interest First (C. civ. art. 1343-1)"),
    ("principal_first", "Principal First (Agreed)"),
]
# What a change of makes a draft be computed again.
SETTINGS = {
    "date",
    "imputation",
    "with_indemnity",
    "with_credits",
    "with_costs",
    "clause_rate",
    "clause_minimum",
    "article_700",
}


class RecouvrementLitigationClaim(models.Model):
    """The decomposition of a claim (décompte de créance).

    Principal, interest by half-year and rate, fixed indemnities, penalty clause,
    penalties invoiced, costs, article 700, less credits. See
    ``litigation_claim_build.py`` for the rows and ``litigation_claim_remains.py`` for
    what payments left since.
    """

    _name = "recouvrement.litigation.claim"
    _description = "Claim of a Litigation File"
    _inherit = ["recouvrement.guarded", "recouvrement.litigation.paper"]
    _order = "date desc, id desc"
    _paper_report = "recouvrement_litige.report_claim"

    name = fields.Char(compute="_compute_name")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True
    )

    # == Settings ==
    date = fields.Date(
        string="As Of",
        required=True,
        default=fields.Date.context_today,
        help="Last day of interest, and of the payments that count.",
    )
    imputation = fields.Selection(
        ORDERS,
        required=True,
        default="interest_first",
        string="Payments Pay",
        help="What a partial payment pays first. The French Civil Code says interest "
        "(art. 1343-1) unless the contract says otherwise.",
    )
    with_indemnity = fields.Boolean(string="Fixed Indemnities", default=True)
    with_credits = fields.Boolean(
        string="Deduct Open Credits",
        default=True,
        help="Payments and credit notes of the customer that are not allocated.",
    )
    with_costs = fields.Boolean(
        string="Recoverable Costs",
        default=True,
        help="Costs of the file that are marked as recoverable, up to the day.",
    )
    clause_rate = fields.Float(
        string="Penalty Clause (%)",
        digits=(6, 3),
        help="Of the principal, as the contract says. A judge may lower it (C. civ. "
        "art. 1231-5).",
    )
    clause_minimum = fields.Monetary(string="Minimum of the Clause")
    article_700 = fields.Monetary(
        help="Asked for irrecoverable costs (CPC art. 700).",
    )

    # == Result, in company currency ==
    row_ids = fields.One2many(
        "recouvrement.litigation.claim.row", "claim_id", readonly=True
    )
    amount_principal = fields.Monetary(string="Principal", readonly=True)
    amount_interest = fields.Monetary(string="Late Interest", readonly=True)
    amount_indemnity = fields.Monetary(string="Indemnities", readonly=True)
    amount_penalties = fields.Monetary(string="Penalties Invoiced", readonly=True)
    amount_clause = fields.Monetary(string="Penalty Clause", readonly=True)
    amount_costs = fields.Monetary(string="Costs", readonly=True)
    amount_700 = fields.Monetary(string="Article 700 Asked", readonly=True)
    amount_credits = fields.Monetary(
        string="Credits", readonly=True, help="Deducted, as an amount below zero."
    )
    amount_total = fields.Monetary(string="Total", readonly=True)
    remark = fields.Text(string="To Check", readonly=True)
    computed_on = fields.Datetime(readonly=True)
    computed_by_id = fields.Many2one("res.users", readonly=True)

    # == Filed ==
    filed_on = fields.Date(readonly=True)
    filed_by_id = fields.Many2one("res.users", readonly=True)

    _one_draft = models.UniqueIndex(
        "(litigation_id) WHERE state = 'draft'",
        "This file already has a claim that is being computed.",
    )

    # ------------------------------------------------------------------
    # COMPUTES, CHECKS
    # ------------------------------------------------------------------

    @api.depends("date")
    def _compute_name(self):
        for claim in self:
            claim.name = self.env._("Claim as of %s", format_date(self.env, claim.date))

    @api.constrains("clause_rate", "clause_minimum", "article_700")
    def _check_amounts(self):
        for claim in self:
            if claim.clause_rate < 0 or claim.clause_rate > 100:
                raise ValidationError(
                    self.env._("A penalty clause is between 0 and 100 %.")
                )
            if min(claim.clause_minimum, claim.article_700) < 0:
                raise ValidationError(self.env._("An amount asked is not negative."))

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        """Settings of a draft compute it again; what was filed stays as it was."""
        if SETTINGS & vals.keys() and not self.env.context.get("building_claim"):
            self._check_draft()
        result = super().write(vals)
        if SETTINGS & vals.keys() and not self.env.context.get("building_claim"):
            self._build()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        if self.filtered(lambda claim: claim.state == "filed"):
            raise UserError(self.env._("A claim that was filed is kept."))

    def _check_draft(self):
        if self.filtered(lambda claim: claim.state != "draft"):
            raise UserError(
                self.env._(
                    "This claim was filed or replaced: compute a new one instead."
                )
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_compute(self):
        """Compute again on today's facts, as of the same day."""
        self.check_access("write")
        self._check_draft()
        self._build()
        return True

    def action_file(self):
        """Freeze the claim as it is filed: its PDF is kept with its fingerprint."""
        self.check_access("write")
        self._check_draft()
        for claim in self.sudo():
            claim.lock_for_update()
            claim._build()
            if claim.remark and not claim.amount_total:
                raise UserError(claim.remark)
            claim._file(self.env.user)
        return True

    def _file(self, user):
        self.search(
            [("litigation_id", "=", self.litigation_id.id), ("state", "=", "filed")]
        ).write({"state": "replaced"})
        self.write(
            {
                "state": "filed",
                "filed_on": fields.Date.context_today(self),
                "filed_by_id": user.id,
            }
        )
        self._keep_document("pdf", self._get_file_name(), self._render_pdf())
        self.litigation_id._refresh_amounts()
        self.litigation_id._log_claim(self)

    def _get_content(self):
        """Bytes of what was filed, else of the computation as it is now."""
        self.ensure_one()
        return self._get_kept("pdf") if self.pdf_id else self._render_pdf()

    def _get_file(self):
        """The claim as an attachment; a draft has one of its own each time."""
        self.ensure_one()
        claim = self.sudo()
        return claim.pdf_id or claim._attach(
            claim._get_file_name(), claim._get_content()
        )

    def _get_file_name(self):
        claim = self.with_context(lang=self.lang)
        return claim.env._(
            "Claim %(file)s %(date)s.pdf",
            file=self.litigation_id.name.replace("/", "-"),
            date=self.date,
        )

    def _get_settings(self):
        """Settings that the next claim of the file takes over."""
        if not self:
            return {}
        return {name: self[name] for name in SETTINGS - {"date"}}

    def _sum_interest(self):
        """Interest by half-year and rate, per currency: what a judge is told.

        :return: list of dicts ``currency, label, rate, first, last, amount``.
        """
        found = []
        rows = self.row_ids.filtered(lambda row: row.head == "interest")
        for currency, own in rows.grouped("currency_id").items():
            bearings = [
                Bearing(
                    row.date_from,
                    row.date_to,
                    row.days,
                    Decimal(f"{row.rate:.4f}").normalize(),
                    ZERO,
                    Decimal(f"{row.amount:.{currency.decimal_places}f}"),
                    row.half_year or "",
                )
                for row in own
                if row.date_from
            ]
            for label, rate, first, last, amount in sum_by_half_year(bearings):
                found.append(
                    {
                        "currency": currency,
                        "label": label,
                        "rate": rate,
                        "first": first,
                        "last": last,
                        "amount": amount,
                    }
                )
        return found
