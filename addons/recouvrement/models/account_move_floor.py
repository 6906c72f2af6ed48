"""A contractual rate under the legal floor is flagged, never raised."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, formatLang


class AccountMove(models.Model):
    _inherit = "account.move"

    rate_under_floor = fields.Boolean(
        string="Rate Under the Floor",
        compute="_compute_rate_under_floor",
        search="_search_rate_under_floor",
        help="The contractual rate is below the floor of the legal regime (C. com. "
        "art. L441-10 II: three times the legal interest rate).",
    )
    regime_warning = fields.Char(compute="_compute_rate_under_floor")

    @api.depends(
        "contractual_rate",
        "legal_regime_id",
        "invoice_date_due",
        "partner_id",
        "company_id",
        "state",
    )
    def _compute_rate_under_floor(self):
        regimes = self.filtered("contractual_rate")._get_regimes()
        for move in self:
            regime = regimes.get(move)
            move.rate_under_floor = move.regime_warning = False
            if regime:
                under, warning = move._judge_rate(regime)
                move.rate_under_floor, move.regime_warning = under, warning

    def _get_regimes(self):
        """Regime that applies to each entry: kept at posting, else the debtor's."""
        found = {move: move.sudo().legal_regime_id for move in self}
        missing = self.filtered(lambda move: not found[move])
        regimes = self.env["recouvrement.legal.regime"].sudo()
        for company, moves in missing.grouped(lambda m: m.company_id.root_id).items():
            partners = moves.commercial_partner_id._origin
            by_partner = regimes._get_for_partners(partners, company)
            for move in moves:
                partner_id = move.commercial_partner_id._origin.id
                found[move] = by_partner.get(partner_id, regimes)
        return found

    def _judge_rate(self, regime):
        """Whether the contractual rate is under the floor, and a text for people."""
        self.ensure_one()
        if not regime.contractual_allowed or regime.rate_kind == "none":
            return False, self.env._(
                "The contractual rate does not apply under the regime “%s”.",
                regime.name,
            )
        day = self.invoice_date_due or fields.Date.context_today(self)
        try:
            floor = regime._get_floor(day)
        except UserError as error:
            return False, str(error)
        if floor is None or self.contractual_rate >= float(floor):
            return False, False
        return True, self.env._(
            "The contractual rate of %(rate)s %% is under the floor of %(floor)s %%: "
            "%(factor)s × %(name)s of %(period)s. It is applied as agreed; have the "
            "clause checked.",
            rate=formatLang(self.env, self.contractual_rate, digits=2),
            floor=formatLang(self.env, float(floor), digits=2),
            factor=regime._format_figure(regime.floor_factor),
            name=self.env["recouvrement.rate"]._get_name(regime.floor_code),
            period=self.env["recouvrement.rate"]._get_label(day),
        )

    @api.model
    def _search_rate_under_floor(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        under = Domain("contractual_rate", ">", 0) & Domain.custom(
            to_sql=lambda model, alias, query: self._under_floor_sql(alias, today)
        )
        return under if True in value else ~under

    @api.model
    def _under_floor_sql(self, alias, today):
        self.env["recouvrement.debtor"].flush_model(["regime_id"])
        self.env["recouvrement.legal.regime"].flush_model()
        self.env["recouvrement.rate"].flush_model()
        return SQL(
            """EXISTS (
                SELECT 1
                  FROM account_move m
                  JOIN res_company c ON c.id = m.company_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = m.commercial_partner_id
                   AND d.company_id = %(root)s
                  JOIN recouvrement_legal_regime regime
                    ON regime.id = COALESCE(m.legal_regime_id, d.regime_id)
                   AND regime.contractual_allowed AND regime.rate_kind <> 'none'
                  JOIN recouvrement_rate rate ON rate.code = regime.floor_code
                   AND rate.date_from <= COALESCE(m.invoice_date_due, %(today)s::date)
                   AND (rate.date_to IS NULL OR rate.date_to >=
                        COALESCE(m.invoice_date_due, %(today)s::date))
                 WHERE m.id = %(id)s
                   AND m.contractual_rate < rate.value * regime.floor_factor)""",
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            today=today,
            id=SQL.identifier(alias, "id"),
        )
