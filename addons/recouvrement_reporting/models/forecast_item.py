from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.flows import ITEM_SOURCES, OUTSIDE

LABELS = {
    "delay": "Usual Delay",
    "promise": "Promise",
    "plan": "Instalment Plan",
    "dispute": "Dispute",
    "transit": "Payment under Way",
    OUTSIDE: "Not Counted on",
}
SOURCE_SELECTION = [(source, LABELS[source]) for source in (*ITEM_SOURCES, OUTSIDE)]


class RecouvrementForecastItem(models.Model):
    """What an open item, or a part of it, brings to the newest forecast."""

    _name = "recouvrement.forecast.item"
    _description = "Item of a Forecast"
    _inherit = ["recouvrement.guarded"]
    _order = "date_expected, id"
    _rec_name = "move_line_id"

    forecast_id = fields.Many2one(
        "recouvrement.forecast",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", readonly=True, index=True, ondelete="cascade"
    )
    source = fields.Selection(SOURCE_SELECTION, required=True, readonly=True)
    amount = fields.Float(readonly=True, digits=0, help="In company currency.")
    date_expected = fields.Date(readonly=True)
    cells = fields.Json(
        readonly=True, help="What it brings by the end of each cell of the horizon."
    )


class RecouvrementForecastShare(models.Model):
    """What the items bring to one week or month (``forecast_week_id`` of the context),
    to all up to another one (``forecast_last_week_id``), or to the whole forecast."""

    _name = "recouvrement.forecast.share"
    _description = "Expected Receipt"
    _auto = False
    _order = "expected desc, id"
    _rec_name = "name"
    _depends = {
        "account.move": ["name", "move_type"],
        "account.move.line": ["date_maturity", "move_id", "name"],
        "recouvrement.debtor": ["collector_id", "partner_id"],
        "recouvrement.forecast.item": [
            "amount",
            "cells",
            "date_expected",
            "debtor_id",
            "move_line_id",
            "source",
        ],
        "recouvrement.forecast.week": ["cell_from", "cell_to"],
    }

    forecast_id = fields.Many2one("recouvrement.forecast", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    move_line_id = fields.Many2one("account.move.line", string="Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_expected = fields.Date(
        readonly=True,
        help="Day by which it is more likely paid than not; empty: after the horizon.",
    )
    source = fields.Selection(SOURCE_SELECTION, readonly=True)
    amount = fields.Monetary(string="Open Amount", readonly=True)
    expected = fields.Monetary(
        readonly=True, help="Open amount × chance to be paid in the period."
    )
    later = fields.Monetary(
        string="Expected Later",
        readonly=True,
        help="What is left of it after the last week or month of the forecast.",
    )
    chance = fields.Float(string="Chance (%)", readonly=True, aggregator=None)

    @property
    def _table_query(self):
        first_id = int(self.env.context.get("forecast_week_id") or 0)
        last_id = int(self.env.context.get("forecast_last_week_id") or first_id)
        return SQL(
            """
            SELECT i.id, i.forecast_id, i.company_id, i.debtor_id,
                   d.partner_id AS customer_id, d.collector_id,
                   i.move_line_id, l.move_id,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   l.date_maturity AS date_due, i.date_expected, i.source,
                   i.amount, part.expected,
                   CASE WHEN i.source = %(outside)s THEN 0
                        ELSE i.amount::numeric - part.coming END AS later,
                   CASE WHEN i.amount <> 0
                        THEN ROUND(100 * part.expected / i.amount::numeric, 1)
                        END AS chance
              FROM recouvrement_forecast_item i
         LEFT JOIN recouvrement_forecast_week w
                ON w.id = %(first)s AND w.forecast_id = i.forecast_id
         LEFT JOIN recouvrement_forecast_week last
                ON last.id = %(last)s AND last.forecast_id = i.forecast_id
              JOIN account_move_line l ON l.id = i.move_line_id
              JOIN account_move m ON m.id = l.move_id
         LEFT JOIN recouvrement_debtor d ON d.id = i.debtor_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(c.value::numeric), 0) AS coming,
                          COALESCE(SUM(c.value::numeric) FILTER (
                              WHERE w.id IS NULL OR (c.place > w.cell_from
                                AND c.place <= last.cell_to)), 0) AS expected
                     FROM jsonb_array_elements_text(i.cells)
                          WITH ORDINALITY AS c(value, place)) part
             WHERE part.expected <> 0 OR w.id IS NULL
            """,
            first=first_id,
            last=last_id,
            outside=OUTSIDE,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    def action_open_document(self):
        """The invoice or entry behind the item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

    def action_open_debtor(self):
        """The customer behind the item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "view_mode": "form",
        }
