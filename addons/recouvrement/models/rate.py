from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class RecouvrementRate(models.Model):
    """A legal figure, valid from a day, with its source. No such figure is a
    constant in the code."""

    _name = "recouvrement.rate"
    _description = "Legal Rate or Amount"
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    value = fields.Float(required=True, digits=(16, 4))
    unit = fields.Selection(
        [("percent", "% per year"), ("eur", "€"), ("days", "days")], required=True
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(help="Last day of validity; empty: still valid.")
    source = fields.Char(required=True, help="Article of law or publication.")

    _code_date_uniq = models.UniqueIndex(
        "(code, date_from)", "This figure already has a value from that day on."
    )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rate in self:
            if rate.date_to and rate.date_to < rate.date_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", rate.display_name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

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
