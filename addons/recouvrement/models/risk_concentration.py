"""How much of the exposure a few customers, groups or sectors carry."""

from odoo import api, fields, models
from odoo.tools import SQL

from .credit_verdict import MAX_DEPTH


class RecouvrementRiskConcentration(models.Model):
    """One row for each account with an exposure. Shares are of the exposure of the
    whole legal entity, whoever reads them and whatever is filtered."""

    _name = "recouvrement.risk.concentration"
    _description = "Concentration of the Exposure"
    _auto = False
    _order = "company_id, position"
    _rec_name = "customer_id"
    _depends = {
        "recouvrement.debtor": [
            "collector_id",
            "company_id",
            "exposure_amount",
            "exposure_own",
            "overdue_amount",
            "partner_id",
            "rating_grade_id",
            "salesperson_id",
            "segment_id",
            "substitute_id",
        ],
        "res.company": ["currency_id"],
        "res.partner": [
            "commercial_partner_id",
            "country_id",
            "industry_id",
            "parent_id",
        ],
    }

    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    group_id = fields.Many2one(
        "res.partner",
        readonly=True,
        help="The company at the head of those it belongs to, else the customer.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    industry_id = fields.Many2one(
        "res.partner.industry", string="Sector", readonly=True
    )
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    rating_grade_id = fields.Many2one(
        "recouvrement.rating.grade", string="Rating", readonly=True
    )
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    exposure_amount = fields.Monetary(string="Exposure", readonly=True)
    exposure_own = fields.Monetary(string="Own Risk", readonly=True)
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    position = fields.Integer(
        string="Rank", readonly=True, aggregator=None, help="1: the largest exposure."
    )
    share = fields.Float(
        string="Share of the Whole (%)",
        digits=(16, 2),
        readonly=True,
        help="Of the exposure of the legal entity.",
    )
    cumulated_share = fields.Float(
        string="Cumulated (%)",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="With all the larger ones.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH RECURSIVE above AS (
                SELECT d.id AS debtor_id, d.partner_id AS head_id, 1 AS depth
                  FROM recouvrement_debtor d WHERE d.exposure_amount > 0
             UNION ALL
                SELECT above.debtor_id, parent.commercial_partner_id, depth + 1
                  FROM above
                  JOIN res_partner p ON p.id = above.head_id
                  JOIN res_partner parent ON parent.id = p.parent_id
                 WHERE depth < %(max_depth)s
            ), head AS (
                SELECT DISTINCT ON (debtor_id) debtor_id, head_id
                  FROM above ORDER BY debtor_id, depth DESC
            )
            SELECT d.id, d.id AS debtor_id, d.partner_id AS customer_id,
                   head.head_id AS group_id, d.company_id, c.currency_id,
                   p.country_id, p.industry_id, d.segment_id, d.rating_grade_id,
                   d.collector_id, d.substitute_id, d.salesperson_id,
                   d.exposure_amount, d.exposure_own, d.overdue_amount,
                   ROW_NUMBER() OVER larger AS position,
                   100 * d.exposure_amount / SUM(d.exposure_amount) OVER whole
                       AS share,
                   100 * SUM(d.exposure_amount) OVER larger
                       / SUM(d.exposure_amount) OVER whole AS cumulated_share
              FROM recouvrement_debtor d
              JOIN head ON head.debtor_id = d.id
              JOIN res_partner p ON p.id = d.partner_id
              JOIN res_company c ON c.id = d.company_id
            WINDOW whole AS (PARTITION BY d.company_id),
                   larger AS (PARTITION BY d.company_id
                              ORDER BY d.exposure_amount DESC, d.id
                              ROWS UNBOUNDED PRECEDING)
            """,
            max_depth=MAX_DEPTH,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Totals of the accounts are brought up to date before they are read."""
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _read_group(self, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        return super()._read_group(*args, **kwargs)

    def action_open_debtor(self):
        """The 360° page, with the customers of the rows as its queue."""
        return self.debtor_id.action_open_desk()
