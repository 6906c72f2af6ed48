from odoo import api, models
from odoo.tools import SQL


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _rate_on_sql(self, currency, company, day):
        """Rate of a currency on a day for a company: its own before the common one,
        the oldest known before there was any, 1 when there is none.

        :param SQL currency, company: columns or values, ids.
        :param day: a date.
        """
        return SQL(
            """COALESCE(
                (SELECT r.rate FROM res_currency_rate r
                  WHERE r.currency_id = %(currency)s
                    AND (r.company_id IS NULL OR r.company_id = %(company)s)
               ORDER BY r.name <= %(day)s DESC, r.company_id,
                        CASE WHEN r.name <= %(day)s THEN r.name END DESC, r.name
                  LIMIT 1), 1)""",
            currency=currency,
            company=company,
            day=day,
        )
