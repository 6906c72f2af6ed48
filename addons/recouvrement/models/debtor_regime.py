"""The legal regime of debtor accounts: given by rule or imposed."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, formatLang


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    forced_regime_id = fields.Many2one(
        "recouvrement.legal.regime",
        string="Imposed Regime",
        index="btree_not_null",
        tracking=True,
        help="Wins over the rules on segment, countries and activity.",
    )
    regime_id = fields.Many2one(
        "recouvrement.legal.regime",
        string="Legal Regime",
        readonly=True,
        index="btree_not_null",
        help="Given by the rules on segment, countries and activity of the company, "
        "or imposed.",
    )
    contractual_rate = fields.Float(
        digits=(16, 4),
        tracking=True,
        aggregator=None,
        help="Late interest agreed with the customer, in % per year; new invoices "
        "take it. 0: none.",
    )
    pause_ids = fields.One2many("recouvrement.interest.pause", "debtor_id")
    regime_summary = fields.Text(related="regime_id.summary", string="What It Gives")
    notice_line_ids = fields.Many2many(
        "account.move.line",
        compute="_compute_notice_line_ids",
        string="Formal Notices Sent Outside",
    )

    _contractual_rate_positive = models.Constraint(
        "CHECK (contractual_rate >= 0)", "A rate cannot be negative."
    )

    def _compute_notice_line_ids(self):
        lines = self.env["account.move.line"].search(
            [
                ("formal_notice_date", "!=", False),
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "child_of", self.company_id.ids),
            ],
            order="formal_notice_date desc, id",
        )
        owners = lines._get_debtors()
        for debtor in self:
            debtor.notice_line_ids = lines.filtered(
                lambda line, debtor=debtor: owners.get(line) == debtor
            )

    @api.constrains("forced_regime_id")
    def _check_forced_regime(self):
        for debtor in self:
            company = debtor.forced_regime_id.sudo().company_id
            if company and company != debtor.company_id:
                raise ValidationError(
                    self.env._("This regime belongs to another company.")
                )

    def write(self, vals):
        watched = {"forced_regime_id", "contractual_rate"} & vals.keys()
        before = self._get_terms_texts() if watched else {}
        result = super().write(vals)
        if "forced_regime_id" in vals:
            self._mark_dirty_debtors(self.ids)
        if watched:
            self._log_terms(before)
        return result

    def _get_terms_texts(self):
        """Imposed regime and contractual rate in words: ``{debtor: text}``."""
        none = self.env._("as the rules say")
        return {
            debtor: self.env._(
                "%(regime)s, contractual rate %(rate)s %%",
                regime=debtor.sudo().forced_regime_id.name or none,
                rate=formatLang(self.env, debtor.contractual_rate, digits=2),
            )
            for debtor in self
        }

    def _log_terms(self, before):
        after = self._get_terms_texts()
        changes = self.grouped(lambda debtor: (before[debtor], after[debtor]))
        for (old, new), debtors in changes.items():
            if old != new:
                debtors._log_event(
                    "regime",
                    self.env._("Legal terms: %(old)s → %(new)s", old=old, new=new),
                )

    def _get_regime(self):
        """Regime that applies to the debtor; empty when none fits."""
        self.ensure_one()
        if self.regime_id:
            return self.regime_id
        regimes = self.env["recouvrement.legal.regime"]
        found = regimes._get_for_partners(self.partner_id, self.company_id)
        return found[self.partner_id.id]

    @api.model
    def _forget_totals(self):
        result = super()._forget_totals()
        self.env["recouvrement.debtor"].invalidate_model(["regime_id"], flush=False)
        return result

    @api.model
    def _mark_regimes_dirty(self):
        """The rules changed: every account gets its regime again, once, before
        somebody looks or at commit."""
        precommit = self.env.cr.precommit
        if not precommit.data.get("recouvrement.regimes"):
            precommit.data["recouvrement.regimes"] = True
            precommit.add(self.env["recouvrement.debtor"].sudo()._process_dirty)
        self.env["recouvrement.debtor"].invalidate_model(["regime_id"], flush=False)

    @api.model
    def _process_dirty(self):
        result = super()._process_dirty()
        if self.env.cr.precommit.data.pop("recouvrement.regimes", False):
            self._assign_regimes(SQL("TRUE"))
        return result

    # EXTENDS recouvrement: two statements for all accounts of a refresh.
    @api.model
    def _refresh_assignments(self, condition):
        changed = super()._refresh_assignments(condition)
        return changed + self._assign_regimes(condition)

    @api.model
    def _assign_regimes(self, condition):
        """Give these accounts the regime that their rules say or that is imposed.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: number of accounts that changed.
        """
        self.flush_model(["forced_regime_id", "segment_id", "company_id"])
        self.env["recouvrement.segment"].flush_model(["regime"])
        self.env["res.partner"].flush_model(["country_id"])
        picked = self._pick_regimes(condition)
        if not picked:
            return 0
        self.env.cr.execute(self._assign_regimes_sql(condition, picked))
        changed = self.env.cr.rowcount
        self.invalidate_model(["regime_id"], flush=False)
        return changed

    @api.model
    def _pick_regimes(self, condition):
        """Regime of each combination of which an account has another one: rows of
        company, customer kind, country and regime, the last three possibly None."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.company_id, s.regime, p.country_id,
                       ARRAY_AGG(DISTINCT d.regime_id)
                           FILTER (WHERE d.forced_regime_id IS NULL),
                       COUNT(*) FILTER (
                           WHERE d.forced_regime_id <> COALESCE(d.regime_id, 0))
                  FROM recouvrement_debtor d
                  JOIN res_partner p ON p.id = d.partner_id
             LEFT JOIN recouvrement_segment s ON s.id = d.segment_id
                 WHERE %s
              GROUP BY d.company_id, s.regime, p.country_id
                """,
                condition,
            )
        )
        regimes = self.env["recouvrement.legal.regime"]
        companies = self.env["res.company"]
        found = []
        for company, kind, country, present, wrong_count in rows:
            regime = regimes._pick(companies.browse(company), kind, country) or None
            if wrong_count or (present or [regime]) != [regime]:
                found.append((company, kind, country, regime))
        return found

    @api.model
    def _assign_regimes_sql(self, condition, picked):
        company, kind, country, regime = (
            list(values) for values in zip(*picked, strict=True)
        )
        return SQL(
            """
            WITH given AS (
                SELECT d.id, COALESCE(d.forced_regime_id, g.regime_id) AS regime_id
                  FROM recouvrement_debtor d
                  JOIN res_partner p ON p.id = d.partner_id
             LEFT JOIN recouvrement_segment s ON s.id = d.segment_id
                  JOIN unnest(%(company)s::integer[], %(kind)s::varchar[],
                              %(country)s::integer[], %(regime)s::integer[])
                       AS g(company_id, kind, country_id, regime_id)
                    ON g.company_id = d.company_id
                   AND COALESCE(g.kind, '') = COALESCE(s.regime, '')
                   AND COALESCE(g.country_id, 0) = COALESCE(p.country_id, 0)
                 WHERE %(condition)s
            )
            UPDATE recouvrement_debtor d SET regime_id = given.regime_id
              FROM given
             WHERE given.id = d.id
               AND d.regime_id IS DISTINCT FROM given.regime_id
            """,
            company=company,
            kind=kind,
            country=country,
            regime=regime,
            condition=condition,
        )
