"""The part of an item that the customer disputes: still owed, asked for nowhere."""

from odoo import api, models
from odoo.tools import SQL


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    @api.model
    def _disputed_part_sql(self):
        """What the customer disputes of item ``l``, in its currency, 0 or more: a hook.

        An item that is disputed as a whole has the mark ``disputed`` besides.
        """
        return SQL("0")

    @api.model
    def _disputed_sql(self):
        """``_disputed_part_sql``, at most what is open of line ``o``."""
        return SQL(
            "LEAST(%s, GREATEST(o.residual_currency, 0))", self._disputed_part_sql()
        )

    @api.model
    def _undisputed_sql(self, part):
        """What is left to ask of open line ``o`` in company currency, at the rate of
        the item.

        :param SQL part: disputed part, in the currency of the item.
        """
        return SQL(
            """CASE WHEN %(part)s = 0 THEN o.residual
                    WHEN o.currency_id = o.company_currency_id
                    THEN o.residual - %(part)s
                    ELSE ROUND(o.residual * (o.residual_currency - %(part)s)
                               / o.residual_currency,
                               (SELECT rc.decimal_places FROM res_currency rc
                                 WHERE rc.id = o.company_currency_id)) END""",
            part=part,
        )
