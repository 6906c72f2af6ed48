"""What outside providers say of a customer: ratings with their scale, date and
validity. Nothing is asked on line: a person enters them, or a file is loaded."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

BETTER = [("high", "A High Value Is Good"), ("low", "A Low Value Is Good")]


class RecouvrementExternalProvider(models.Model):
    """A provider's scale. Scales change: a new version is a new line."""

    _name = "recouvrement.external.provider"
    _description = "Rating Provider"
    _order = "sequence, name"

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="As files name the provider.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    version = fields.Char(help="Of the scale: an old 4 is not a new 4.")
    better = fields.Selection(BETTER, required=True, default="high")
    lowest = fields.Float(default=0.0, aggregator=None)
    highest = fields.Float(default=100.0, aggregator=None)
    value_ids = fields.One2many(
        "recouvrement.external.value",
        "provider_id",
        string="Values in Words",
        help="Values that are no numbers, or that the scale does not place evenly.",
    )
    validity_months = fields.Integer(
        string="Valid for (Months)", default=12, aggregator=None
    )
    is_unsure = fields.Boolean(
        string="To Verify",
        help="The scale was not confirmed by a document of the provider.",
    )
    note = fields.Text()

    _code_uniq = models.UniqueIndex(
        "(code) WHERE active", "Another active provider has this code."
    )
    _check_scale = models.Constraint(
        "CHECK (lowest < highest)", "The lowest value is below the highest."
    )
    _check_validity = models.Constraint(
        "CHECK (validity_months > 0)", "A rating is valid for a month at least."
    )

    def _get_score(self, value):
        """A value on the scale of the desk.

        :param str value: as the provider writes it.
        :return: 0 (worst) to 100 (best).
        :raise ValidationError: when the scale does not have it.
        """
        self.ensure_one()
        text = (value or "").strip()
        for known in self.value_ids:
            if known.name.casefold() == text.casefold():
                return known.score
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            number = None
        if number is None or not self.lowest <= number <= self.highest:
            raise ValidationError(
                self.env._(
                    "“%(value)s” is no value of %(provider)s: %(low)g to %(high)g.",
                    value=text,
                    provider=self.name,
                    low=self.lowest,
                    high=self.highest,
                )
            )
        share = (number - self.lowest) / (self.highest - self.lowest)
        return round(100 * (share if self.better == "high" else 1 - share), 1)


class RecouvrementExternalValue(models.Model):
    _name = "recouvrement.external.value"
    _description = "Value of a Rating Provider"
    _order = "score desc, id"

    provider_id = fields.Many2one(
        "recouvrement.external.provider", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Value", required=True)
    score = fields.Float(
        required=True, digits=(5, 1), aggregator=None, help="0 worst, 100 best."
    )
    meaning = fields.Char()

    _name_uniq = models.UniqueIndex(
        "(provider_id, lower(name))", "The provider has this value already."
    )
    _check_score = models.Constraint(
        "CHECK (score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )


class RecouvrementExternalRating(models.Model):
    """What a provider said of a customer on a day. It is kept; a newer one replaces
    it."""

    _name = "recouvrement.external.rating"
    _description = "External Rating"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _rec_name = "value"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    provider_id = fields.Many2one(
        "recouvrement.external.provider", required=True, index=True, ondelete="restrict"
    )
    value = fields.Char(required=True, help="As the provider writes it.")
    score = fields.Float(
        compute="_compute_score",
        store=True,
        precompute=True,
        digits=(5, 1),
        aggregator="avg",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_valid = fields.Date(
        string="Valid Until",
        compute="_compute_date_valid",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    limit_advised = fields.Monetary(aggregator=None)
    reference = fields.Char(help="Number of the report at the provider.")
    attachment_ids = fields.Many2many("ir.attachment", string="Report")
    is_valid = fields.Boolean(compute="_compute_is_valid", search="_search_is_valid")

    _once = models.UniqueIndex(
        "(debtor_id, provider_id, date, value)", "This rating was entered already."
    )

    @api.depends("provider_id", "value")
    def _compute_score(self):
        for rating in self:
            known = rating.provider_id and rating.value
            rating.score = known and rating.provider_id._get_score(rating.value)

    @api.depends("provider_id", "date")
    def _compute_date_valid(self):
        for rating in self:
            months = rating.provider_id.validity_months or 12
            rating.date_valid = rating.date and rating.date + relativedelta(
                months=months
            )

    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for rating in self:
            rating.is_valid = bool(rating.date_valid and rating.date_valid >= today)

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("date_valid", ">=" if True in value else "<", today)]

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(rating.date > today for rating in self):
            raise ValidationError(self.env._("A rating is of today or earlier."))

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings.debtor_id.check_access("write")
        for rating in ratings:
            rating.debtor_id._log_event(
                "rating",
                self.env._(
                    "%(provider)s: %(value)s",
                    provider=rating.provider_id.name,
                    value=rating.value,
                ),
                detail=rating.reference or False,
            )
        return ratings

    def write(self, vals):
        if not self.env.su and {"value", "provider_id", "debtor_id", "date"} & set(
            vals
        ):
            raise UserError(
                self.env._("What a provider said is kept: enter the new rating.")
            )
        return super().write(vals)

    @api.model
    def _latest_sql(self, day):
        """The newest rating of each debtor that is valid on a day: ``debtor_id,
        external`` (score)."""
        return SQL(
            """
            SELECT DISTINCT ON (er.debtor_id) er.debtor_id, er.score AS external
              FROM recouvrement_external_rating er
             WHERE er.date <= %(day)s AND er.date_valid >= %(day)s
          ORDER BY er.debtor_id, er.date DESC, er.id DESC
            """,
            day=day,
        )


class RecouvrementRatingFacts(models.AbstractModel):
    _inherit = "recouvrement.rating.facts"

    @api.model
    def _get_measures(self):
        return {
            **super()._get_measures(),
            "external": {
                "label": self.env._("External rating"),
                "definition": self.env._(
                    "Newest valid rating of a provider, brought to 0 (worst) to 100."
                ),
                "unit": "points",
            },
        }

    @api.model
    def _get_sources(self, condition, day):
        ratings = self.env["recouvrement.external.rating"]
        ratings.flush_model()
        return {
            **super()._get_sources(condition, day),
            ("external",): ratings._latest_sql(day),
        }
