from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .selections import ACTIVITIES, REGIMES

KINDS = [
    ("fr_b2b", "French Law, Business"),
    ("fr_public", "French Law, Public Body"),
    ("fr_consumer", "French Law, Consumer"),
    ("fr_non_professional", "French Law, Non-professional Legal Person"),
    ("other", "Other: No French Wording"),
]


class RecouvrementLegalRegime(models.Model):
    """What the law lets a company claim for late payment, and until when.

    Every figure is a dated rate or a field of the record, with its source: nothing
    of the law is in the code. Which regime applies is told by
    ``legal_regime_matching.py``, what it says by ``legal_regime_text.py``.
    """

    _name = "recouvrement.legal.regime"
    _description = "Legal Regime"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(
        default=10, help="The first regime whose conditions are met applies."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    kind = fields.Selection(
        KINDS,
        string="Wording",
        required=True,
        default="other",
        tracking=True,
        help="Which sentences of law reminders and statements may use.",
    )

    # == Conditions ==
    customer_kind = fields.Selection(
        REGIMES, help="Kind of customer, as its segment says. Empty: any."
    )
    activity = fields.Selection(
        ACTIVITIES,
        help="Activity of the company, as its settings say. Empty: any.",
    )
    creditor_country_ids = fields.Many2many(
        "res.country",
        "recouvrement_regime_creditor_country_rel",
        "regime_id",
        "country_id",
        string="Countries of the Company",
        help="Empty: every country.",
    )
    debtor_country_ids = fields.Many2many(
        "res.country",
        "recouvrement_regime_debtor_country_rel",
        "regime_id",
        "country_id",
        string="Countries of the Customer",
        help="Empty: every country. A customer without a country is in that of the "
        "company.",
    )

    # == Late interest ==
    rate_kind = fields.Selection(
        [
            ("half_year", "Rate of Each Half-Year"),
            ("half_year_frozen", "Rate of the Half-Year of the First Day of Interest"),
            ("fixed", "Fixed Rate"),
            ("none", "No Interest"),
        ],
        string="Interest",
        required=True,
        default="none",
        tracking=True,
    )
    rate_code = fields.Selection(
        selection="_selection_rate_code", string="Reference Rate", tracking=True
    )
    margin = fields.Float(
        string="Points Added", digits=(16, 4), aggregator=None, tracking=True
    )
    fixed_rate = fields.Float(
        string="Rate (% per Year)", digits=(16, 4), aggregator=None, tracking=True
    )
    interest_start = fields.Selection(
        [
            ("due", "The Day After the Due Date"),
            ("formal_notice", "The Day After the Formal Notice"),
        ],
        string="First Day of Interest",
        required=True,
        default="due",
        tracking=True,
    )
    contractual_allowed = fields.Boolean(
        string="Contractual Rate Applies",
        default=True,
        tracking=True,
        help="A rate agreed with the customer replaces the one above.",
    )
    floor_code = fields.Selection(
        selection="_selection_rate_code",
        string="Floor: Reference Rate",
        tracking=True,
        help="A contractual rate below this rate times the factor is flagged; it is "
        "never raised.",
    )
    floor_factor = fields.Float(
        string="Floor: Factor",
        digits=(16, 4),
        default=3,
        aggregator=None,
        tracking=True,
    )
    indemnity_code = fields.Selection(
        selection="_selection_indemnity_code",
        string="Fixed Indemnity",
        tracking=True,
        help="Legal amount due once per late invoice. Empty: the amount below.",
    )
    indemnity_amount = fields.Monetary(
        string="Fee per Late Invoice",
        tracking=True,
        help="Fee agreed or given by another law, once per late invoice.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    interest_source = fields.Char(
        string="Source", translate=True, help="Articles that give interest and fee."
    )
    mention_interest = fields.Boolean(
        string="Reminders Mention Interest",
        tracking=True,
        help="Reminders and letters may show the interest and the fee to this day.",
    )

    # == Prescription ==
    term_count = fields.Integer(
        string="Limitation Period",
        default=5,
        aggregator=None,
        tracking=True,
        help="0: no limit date is computed.",
    )
    term_unit = fields.Selection(
        [("months", "Months"), ("years", "Years")], required=True, default="years"
    )
    term_start = fields.Selection(
        [
            ("due", "Due Date"),
            ("document", "Date of the Document"),
            ("next_january", "1 January After the Due Date"),
        ],
        string="Runs From",
        required=True,
        default="due",
        tracking=True,
    )
    claim_interrupts = fields.Boolean(
        string="A Written Demand Interrupts",
        tracking=True,
        help="A written demand starts the period anew. A formal notice does not, "
        "except against a public body.",
    )
    alert_months = fields.Char(
        string="Alerts, Months Before",
        default="12,6,3,1",
        help="Months before the limit date, separated by commas.",
    )
    term_source = fields.Char(
        string="Source of the Period",
        translate=True,
        help="Articles that give the limitation period.",
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The code of a regime must be unique."
    )
    _margin_positive = models.Constraint(
        "CHECK (margin >= 0 AND fixed_rate >= 0 AND floor_factor >= 0 "
        "AND indemnity_amount >= 0 AND term_count >= 0)",
        "Rates, fees and periods of a regime cannot be negative.",
    )

    @api.model
    def _selection_rate_code(self):
        return self.env["recouvrement.rate"]._get_codes("percent")

    @api.model
    def _selection_indemnity_code(self):
        return self.env["recouvrement.rate"]._get_codes("eur")

    @api.constrains("rate_kind", "rate_code", "fixed_rate", "floor_code")
    def _check_rate(self):
        for regime in self:
            if regime.rate_kind.startswith("half_year") and not regime.rate_code:
                raise ValidationError(
                    self.env._(
                        "Say which reference rate the regime “%s” follows.",
                        regime.name,
                    )
                )

    @api.constrains("alert_months")
    def _check_alert_months(self):
        for regime in self:
            try:
                valid = all(months > 0 for months in regime._get_alert_months())
            except ValueError:
                valid = False
            if not valid:
                raise ValidationError(
                    self.env._(
                        "The alerts of “%s” are months before the limit date, such "
                        "as 12,6,3,1.",
                        regime.name,
                    )
                )

    def _get_alert_months(self):
        """Distances of the alerts, in months, the farthest first."""
        self.ensure_one()
        parts = (self.alert_months or "").split(",")
        return sorted({int(part) for part in parts if part.strip()}, reverse=True)

    # EXTENDS 'base'
    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for regime, vals in zip(self, vals_list, strict=True):
            vals.setdefault("name", regime.name)
            if not (default or {}).get("name"):
                vals["name"] = self.env._("%s (copy)", regime.name)
            if not (default or {}).get("code"):
                vals["code"] = f"{regime.code}_{fields.Datetime.now():%Y%m%d%H%M%S%f}"
        return vals_list
