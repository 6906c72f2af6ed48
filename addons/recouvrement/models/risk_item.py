"""The risk agenda: what a credit manager has to look at, whatever record tells it."""

from odoo import api, fields, models
from odoo.tools import SQL

from .risk_kinds import KINDS, NUMBERS


class RecouvrementRiskItem(models.Model):
    """One row for each fact: a debtor with a limit exceeded and a review due has two.

    Nothing is stored: a row is there as long as its fact is.
    """

    _name = "recouvrement.risk.item"
    _description = "Risk to Look At"
    _inherit = ["recouvrement.risk.kinds"]
    _auto = False
    _order = "date, exposure_amount desc, id"
    _rec_name = "customer_id"
    _depends = {
        "recouvrement.cover": [
            "date_effect",
            "date_from",
            "date_presentation",
            "date_presented",
            "date_shipment",
            "date_shipped",
            "date_to",
            "debtor_id",
            "state",
            "stopped_on",
        ],
        "recouvrement.credit.file": [
            "date_opened",
            "date_review",
            "debtor_id",
            "missing_count",
        ],
        "recouvrement.credit.limit": ["date_to", "debtor_id", "state"],
        "recouvrement.debtor": [
            "collector_id",
            "company_id",
            "credit_limit",
            "credit_limited",
            "exposure_amount",
            "exposure_guaranteed",
            "last_contact_date",
            "last_payment_date",
            "last_reached_date",
            "limit_excess",
            "oldest_due_date",
            "overdue_amount",
            "partner_id",
            "rating_grade_id",
            "salesperson_id",
            "segment_id",
            "substitute_id",
        ],
        "recouvrement.identity.finding": [
            "date",
            "date_accepted",
            "debtor_id",
            "kind",
        ],
        "recouvrement.rating": ["change", "date", "debtor_id", "is_current"],
        "res.company": [
            "currency_id",
            "recouvrement_big_amount",
            "recouvrement_default_days",
            "recouvrement_limit_near",
            "recouvrement_risk_days",
            "recouvrement_silent_days",
        ],
    }

    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(
        readonly=True,
        help="When it ends, is due or happened; of a silent debtor, the last news.",
    )
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    rating_grade_id = fields.Many2one(
        "recouvrement.rating.grade", string="Rating", readonly=True
    )
    # No sums: a debtor with two facts would count twice.
    exposure_amount = fields.Monetary(string="Exposure", readonly=True, aggregator=None)
    limit_excess = fields.Monetary(
        string="Above the Limit", readonly=True, aggregator=None
    )
    overdue_amount = fields.Monetary(string="Overdue", readonly=True, aggregator=None)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    @property
    def _table_query(self):
        found = SQL(" UNION ALL ").join(
            SQL(
                """SELECT record_id::bigint * %s + %s AS id, %s::varchar AS kind,
                          %s::varchar AS res_model, record_id AS res_id,
                          debtor_id, date
                     FROM (%s) AS facts""",
                NUMBERS,
                kind.number,
                kind.code,
                kind.model,
                kind.rows,
            )
            for kind in self._get_kinds()
        )
        return SQL(
            """SELECT found.*, d.partner_id AS customer_id, d.company_id,
                      company.currency_id, d.collector_id, d.substitute_id,
                      d.salesperson_id, d.segment_id, d.rating_grade_id,
                      d.exposure_amount, d.limit_excess, d.overdue_amount
                 FROM (%s) AS found
                 JOIN recouvrement_debtor d ON d.id = found.debtor_id
                 JOIN res_company company ON company.id = d.company_id""",
            found,
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

    def action_open(self):
        """What the row was found by: the limit, the cover, the file, or the 360° page
        of the debtor."""
        self.ensure_one()
        if self.res_model == "recouvrement.debtor":
            return self.debtor_id.action_open_desk()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_debtor(self):
        """The 360° page, with the customers of the rows as its queue."""
        return self.debtor_id.action_open_desk()
