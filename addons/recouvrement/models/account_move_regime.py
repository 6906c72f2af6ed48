"""Invoices keep the legal regime and the contractual rate they were posted under."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

CLAIMS = ("out_invoice", "out_receipt")
TERMS = {"legal_regime_id", "contractual_rate"}


class AccountMove(models.Model):
    _inherit = "account.move"

    legal_regime_id = fields.Many2one(
        "recouvrement.legal.regime",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="Empty on a draft: the regime of the debtor, kept at posting.",
    )
    contractual_rate = fields.Float(
        compute="_compute_contractual_rate",
        store=True,
        readonly=False,
        copy=False,
        digits=(16, 4),
        aggregator=None,
        help="Late interest agreed with the customer, in % per year. 0: the rate of "
        "the legal regime.",
    )

    _contractual_rate_positive = models.Constraint(
        "CHECK (contractual_rate >= 0)", "A rate cannot be negative."
    )

    _contractual_rate_idx = models.Index(
        "(contractual_rate) WHERE contractual_rate > 0"
    )

    # EXTENDS 'base'
    def _auto_init(self):
        """Entries posted before the addon have no rate: nothing to compute."""
        if not column_exists(self.env.cr, "account_move", "contractual_rate"):
            create_column(self.env.cr, "account_move", "contractual_rate", "numeric")
        return super()._auto_init()

    @api.depends("commercial_partner_id", "company_id", "move_type")
    def _compute_contractual_rate(self):
        drafts = self.filtered(
            lambda move: move.move_type in CLAIMS and move.state != "posted"
        )
        rates = drafts._get_debtor_rates(drafts.commercial_partner_id)
        for move in self:
            if move.state == "posted":
                move.contractual_rate = move.contractual_rate
                continue
            key = move.commercial_partner_id._origin.id, move.company_id.root_id.id
            move.contractual_rate = rates.get(key, 0) if move in drafts else 0

    @api.model
    def _get_debtor_rates(self, partners):
        """Contractual rates: ``{(commercial_partner_id, root_company_id): rate}``."""
        if not partners:
            return {}
        self.env["recouvrement.debtor"].flush_model(["contractual_rate"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, company_id, contractual_rate
                  FROM recouvrement_debtor
                 WHERE contractual_rate > 0 AND partner_id = ANY(%s)
                """,
                partners._origin.ids,
            )
        )
        return {(partner, company): float(rate) for partner, company, rate in rows}

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    # EXTENDS 'account'
    def _post(self, soft=True):
        self.mapped("contractual_rate")  # computed while they are drafts
        posted = super()._post(soft)
        posted._freeze_terms()
        return posted

    def _freeze_terms(self):
        """Keep the regime and the rate of the debtor on claims that have none; a
        constant number of statements. An entry of several customers keeps none: the
        regime of each debtor applies."""
        rows = []
        partners = {
            move: move._get_claim_partner() for move in self if not move.legal_regime_id
        }
        moves = self.filtered(lambda move: partners.get(move))
        regimes = self.env["recouvrement.legal.regime"].sudo()
        entries = moves.filtered(lambda move: move.move_type == "entry")
        rates = self._get_debtor_rates(
            self.env["res.partner"].union(*(partners[move] for move in entries))
        )
        for company, group in moves.grouped(lambda m: m.company_id.root_id).items():
            customers = self.env["res.partner"].union(*(partners[m] for m in group))
            found = regimes._get_for_partners(customers, company)
            for move in group:
                partner = partners[move]
                rate = rates.get((partner.id, company.id)) if move in entries else None
                rows.append((move.id, found[partner.id].id or None, rate))
        self._store_terms(rows)

    def _get_claim_partner(self):
        """Commercial partner of whom the entry claims; empty when none or several."""
        self.ensure_one()
        if self.move_type in CLAIMS:
            return self.commercial_partner_id
        if self.move_type != "entry":
            return self.env["res.partner"]
        partners = self.line_ids.filtered(
            lambda line: (
                line.balance > 0 and line.account_id.account_type == "asset_receivable"
            )
        ).partner_id.commercial_partner_id
        return partners if len(partners) == 1 else partners.browse()

    @api.model
    def _store_terms(self, rows):
        """Set-based, because posting must not cost a statement per entry.

        :param rows: ``(move_id, regime_id or None, rate or None to keep it)``.
        """
        if not rows:
            return
        self.env["account.move"].flush_model(list(TERMS))
        ids, regimes, rates = (list(values) for values in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move m
                   SET legal_regime_id = given.regime_id,
                       contractual_rate = COALESCE(given.rate, m.contractual_rate)
                  FROM unnest(%s::integer[], %s::integer[], %s::numeric[])
                       AS given(id, regime_id, rate)
                 WHERE m.id = given.id
                """,
                ids,
                regimes,
                rates,
            )
        )
        self.browse(ids).invalidate_recordset(list(TERMS), flush=False)

    # ------------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------------

    # EXTENDS 'account'
    def write(self, vals):
        if TERMS & vals.keys() and not self.env.su:
            self._check_terms_open(vals)
        before = {}
        if "partner_id" in vals and "legal_regime_id" not in vals:
            before = {move: move.commercial_partner_id for move in self}
        result = super().write(vals)
        other = self.filtered(
            lambda move: (
                move.legal_regime_id
                and move in before
                and before[move] != move.commercial_partner_id
            )
        )
        if other:
            other.sudo().legal_regime_id = False
        return result

    def _check_terms_open(self, vals):
        """The terms of what was posted once are changed with a reason, by a button.

        :raise UserError: when one of the entries was posted before.
        """
        for move in self.filtered("posted_before"):
            new = self._convert_terms(vals)
            if any(move[name] != value for name, value in new.items()):
                raise UserError(
                    self.env._(
                        "The legal terms of %s were kept at posting: use “Change "
                        "Legal Terms” and say why.",
                        move.display_name,
                    )
                )

    @api.model
    def _convert_terms(self, vals):
        regimes = self.env["recouvrement.legal.regime"]
        new = {}
        if "legal_regime_id" in vals:
            new["legal_regime_id"] = regimes.browse(vals["legal_regime_id"] or ())
        if "contractual_rate" in vals:
            new["contractual_rate"] = vals["contractual_rate"] or 0.0
        return new
