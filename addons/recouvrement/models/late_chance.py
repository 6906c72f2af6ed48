"""The chance of each open invoice to be paid late, and where it is read."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementLateChance(models.Model):
    """Written and emptied by the night; people read it on the open items."""

    _name = "recouvrement.late.chance"
    _description = "Chance of an Item"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade"
    )
    model_id = fields.Many2one(
        "recouvrement.late.model", required=True, index=True, ondelete="cascade"
    )
    chance = fields.Float(required=True, digits=(5, 4), help="From 0 to 1.")

    _line_uniq = models.UniqueIndex(
        "(move_line_id)", "An item has one chance of being late."
    )


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    late_chance = fields.Float(
        string="Chance of Being Late (%)",
        digits=(5, 0),
        readonly=True,
        aggregator=None,
        help="Of an invoice not due yet, from what the company's own past tells. How "
        "far it can be relied upon is under Risk, Chances of Late Payment.",
    )
    late_amount = fields.Monetary(
        string="Expected Late",
        currency_field="company_currency_id",
        readonly=True,
        help="Open amount times the chance of being late.",
    )

    # EXTENDS 'recouvrement'
    @api.model
    def _more_columns_sql(self, as_of=None):
        """A chance is of today, and of what is not due yet."""
        more = super()._more_columns_sql(as_of)
        if as_of:
            return SQL(
                "%s, NULL::float AS late_chance, NULL::numeric AS late_amount", more
            )
        chance = SQL(
            """(SELECT lc.chance FROM recouvrement_late_chance lc
                 WHERE lc.move_line_id = o.id AND o.date_due >= %s)""",
            fields.Date.context_today(self),
        )
        return SQL(
            """%s, 100 * %s AS late_chance,
               ROUND(o.residual * %s::numeric, 2) AS late_amount""",
            more,
            chance,
            chance,
        )
