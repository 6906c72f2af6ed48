"""Which legal regime applies: by customer kind, activity and countries.

One rule for all callers (``_pick``); customers are many, the combinations of what it
looks at are few.
"""

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

DEFAULT_CUSTOMER_KIND = "b2b"


class RecouvrementLegalRegime(models.Model):
    _inherit = "recouvrement.legal.regime"

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Conditions of the regimes in force, in order."""
        return tuple(
            {
                "id": regime.id,
                "company": regime.company_id.id,
                "kind": regime.customer_kind,
                "activity": regime.activity,
                "creditor": frozenset(regime.creditor_country_ids.ids),
                "debtor": frozenset(regime.debtor_country_ids.ids),
            }
            for regime in self.sudo().search(Domain.TRUE)
        )

    @api.model
    def _pick(self, company, customer_kind, country_id):
        """Id of the regime of a customer kind and country, False when none fits.

        :param company: legal entity (root company) that claims.
        :param country_id: country of the debtor; falsy: that of the creditor.
        """
        company = company.sudo()
        creditor = (company.account_fiscal_country_id or company.country_id).id
        debtor = country_id or creditor
        wanted = customer_kind or DEFAULT_CUSTOMER_KIND
        for rule in self._get_rules():
            if (
                rule["company"] in (False, company.id)
                and rule["kind"] in (False, wanted)
                and rule["activity"] in (False, company.recouvrement_activity)
                and (not rule["creditor"] or creditor in rule["creditor"])
                and (not rule["debtor"] or debtor in rule["debtor"])
            ):
                return rule["id"]
        return False

    @api.model
    def _get_for_partners(self, partners, company):
        """Regime of each customer of a company: ``{commercial_partner_id: regime}``.

        A debtor account's imposed regime wins; a customer without an account is
        classified as its account will be. A constant number of queries, plus one
        per segment when a customer has no account yet. An empty regime when none
        fits.
        """
        company = company.root_id
        partners = partners.commercial_partner_id
        accounts = self._read_accounts(partners, company)
        unknown = partners.filtered(lambda partner: partner.id not in accounts)
        segments = self.env["recouvrement.segment"]._match_partners(unknown, company)
        found = {}
        for partner in partners:
            account = accounts.get(partner.id)
            if account:
                forced, kind = account
            else:
                segment = segments.get(partner.id)
                forced, kind = False, segment and segment.regime
            country = partner.sudo().country_id.id
            found[partner.id] = self.browse(
                forced or self._pick(company, kind, country) or ()
            )
        return found

    @api.model
    def _read_accounts(self, partners, company):
        """``{partner_id: (imposed regime, customer kind)}`` of debtor accounts."""
        self.env["recouvrement.debtor"].flush_model(["forced_regime_id", "segment_id"])
        self.env["recouvrement.segment"].flush_model(["regime"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.partner_id, d.forced_regime_id, s.regime
                  FROM recouvrement_debtor d
             LEFT JOIN recouvrement_segment s ON s.id = d.segment_id
                 WHERE d.company_id = %s AND d.partner_id = ANY(%s)
                """,
                company.id,
                partners.ids,
            )
        )
        return {partner: (forced, kind) for partner, forced, kind in rows}

    # ------------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        regimes = super().create(vals_list)
        self._reassign()
        return regimes

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        if self._get_matching_fields() & vals.keys():
            self._reassign()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        result = super().unlink()
        self._reassign()
        return result

    @api.model
    def _get_matching_fields(self):
        return {
            "active",
            "activity",
            "company_id",
            "creditor_country_ids",
            "customer_kind",
            "debtor_country_ids",
            "sequence",
        }

    @api.model
    def _reassign(self):
        self.env["recouvrement.debtor"]._mark_regimes_dirty()
