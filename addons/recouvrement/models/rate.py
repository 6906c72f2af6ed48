from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.interest import RateTable

DIGITS = Decimal("0.0001")


class RecouvrementRate(models.Model):
    """A legal figure, valid from a day, with its source. No such figure is a
    constant in the code, and none is ever carried over to a period that nobody
    loaded."""

    _name = "recouvrement.rate"
    _description = "Legal Rate or Amount"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    value = fields.Float(required=True, digits=(16, 4), aggregator=None, tracking=True)
    unit = fields.Selection(
        [
            ("percent", "% per year"),
            ("share", "%"),
            ("eur", "€"),
            ("days", "days"),
        ],
        required=True,
    )
    review_months = fields.Selection(
        [("6", "Every half-year"), ("12", "Reviewed every year")],
        string="Published",
        help="A half-yearly figure must be loaded for each half-year; the others are "
        "checked once a year. Empty: no reminder.",
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(
        help="Last day of validity; empty: still valid.", tracking=True
    )
    source = fields.Char(
        required=True, help="Article of law or publication.", tracking=True
    )
    confidence = fields.Selection(
        [
            ("sure", "Official text or two sources"),
            ("likely", "One source"),
            ("unverified", "To be verified"),
        ],
        help="How well the delivered value was checked.",
    )

    _code_date_uniq = models.UniqueIndex(
        "(code, date_from)", "This figure already has a value from that day on."
    )

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rate in self:
            if rate.date_to and rate.date_to < rate.date_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", rate.display_name)
                )

    @api.constrains("code", "date_from", "date_to")
    def _check_overlap(self):
        """Two values of a figure never hold on the same day."""
        rates = self.search(Domain("code", "in", self.mapped("code")))
        for code, values in rates.grouped("code").items():
            values = values.sorted("date_from")
            for earlier, later in zip(values, values[1:], strict=False):
                if not earlier.date_to or earlier.date_to >= later.date_from:
                    raise ValidationError(
                        self.env._(
                            "“%(code)s” would have two values on %(day)s: give the "
                            "value valid from %(start)s a last day before that.",
                            code=code,
                            day=tools.format_date(self.env, later.date_from),
                            start=tools.format_date(self.env, earlier.date_from),
                        )
                    )

    @api.constrains("review_months", "date_from", "date_to")
    def _check_half_year(self):
        """A half-yearly figure covers half-years: none is left half known."""
        for rate in self:
            if rate.review_months != "6":
                continue
            first, last = self._get_half_year(rate.date_from)
            if rate.date_from != first or rate.date_to != last:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is published by half-year: it is valid from "
                        "%(first)s to %(last)s.",
                        name=rate.name,
                        first=tools.format_date(self.env, first),
                        last=tools.format_date(self.env, last),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        rates = super().create(vals_list)
        rates._close_reminders()
        return rates

    def write(self, vals):
        self.env.registry.clear_cache()
        result = super().write(vals)
        self._close_reminders()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # ------------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache("code", "day")
    def _get_value(self, code, day):
        """Value of a figure on a day, False when none is loaded for that day."""
        rate = self.sudo().search(
            Domain("code", "=", code)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            limit=1,
        )
        return rate.value if rate else False

    @api.model
    def _get_required(self, code, day):
        """Value of a figure on a day.

        :raise UserError: naming the figure and the period when none is loaded.
        """
        value = self._get_value(code, day)
        if value is False:
            raise UserError(self._explain_missing(code, self._get_label(day)))
        return value

    @api.model
    @tools.ormcache("code", "self.env.lang")
    def _get_table(self, code):
        """All the values of a figure, for the engine of late interest."""
        rates = self.sudo().search(Domain("code", "=", code), order="date_from")
        rows = [
            (rate.date_from, rate.date_to or None, rate._get_decimal())
            for rate in rates
        ]
        return RateTable(code, rates[-1:].name or code, rows)

    def _get_decimal(self):
        self.ensure_one()
        return Decimal(str(self.value)).quantize(DIGITS)

    @api.model
    def _explain_missing(self, code, label):
        """Text naming a figure, the period it lacks and where to load it."""
        return self.env._(
            "“%(name)s” is not loaded for %(period)s: load it under Configuration ▸ "
            "Legal Rates and Amounts.",
            name=self._get_name(code),
            period=label,
        )

    @api.model
    @tools.ormcache("code", "self.env.lang")
    def _get_name(self, code):
        rate = self.sudo().search(Domain("code", "=", code), limit=1)
        return rate.name or code

    @api.model
    def _get_half_year(self, day):
        """First and last day of the half-year of a day."""
        if day.month <= 6:
            return day.replace(month=1, day=1), day.replace(month=6, day=30)
        return day.replace(month=7, day=1), day.replace(month=12, day=31)

    @api.model
    def _get_label(self, day):
        """Half-year of a day as it is published: ``2027-S1``."""
        return f"{day.year}-S{1 if day.month <= 6 else 2}"

    @api.model
    def _get_codes(self, unit):
        """Figures of a unit as ``[(code, name)]``, by name."""
        rates = self.sudo().search(Domain("unit", "=", unit))
        names = {rate.code: rate.name for rate in reversed(rates)}
        return sorted(names.items(), key=lambda item: item[1])
