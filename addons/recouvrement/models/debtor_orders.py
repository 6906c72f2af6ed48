"""Orders of Odoo's Sales in the exposure of an account, when it is installed."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

SOURCES = {
    "sale.order": ["state", "partner_invoice_id", "company_id", "currency_id"],
    "sale.order.line": [
        "order_id",
        "is_downpayment",
        "price_total",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
        "untaxed_amount_to_invoice",
        "invoice_lines",
    ],
    "account.move.line": ["price_total", "currency_id"],
}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        if self.env["recouvrement.order"]._has_orders():
            for name, columns in SOURCES.items():
                self.env[name].flush_model(columns)
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _orders_sql(self):
        """Confirmed orders too, as far as no invoice asks for them."""
        supposed = super()._orders_sql()
        if not self.env["recouvrement.order"]._has_orders():
            return supposed
        return SQL(
            """
            SELECT debtor_id, SUM(amount) AS amount
              FROM (SELECT debtor_id, amount FROM (%s) pending
                 UNION ALL %s) part
          GROUP BY debtor_id
            """,
            self._pending_orders_sql(),
            supposed,
        )

    @api.model
    def _pending_orders_sql(self):
        """What is left to invoice of each order: ``debtor_id, order_id, amount`` of the
        accounts of the step ``account``, in company currency at the rate of the day.

        By quantity, ordered or delivered if more, so that an order invoiced for less
        than it said is over; down payments, invoiced apart, are taken off. An order
        never frees more than it is.
        """
        rates, root = self.env["res.currency"], SQL("root.id")
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT a.id AS debtor_id, so.id AS order_id,
                   GREATEST(0, ROUND((rest.amount - COALESCE(advance.amount, 0))
                       * CASE WHEN so.currency_id = root.currency_id THEN 1
                              ELSE %(own)s / %(given)s END,
                       currency.decimal_places)) AS amount
              FROM account a
              JOIN res_partner p ON p.commercial_partner_id = a.partner_id
              JOIN sale_order so ON so.partner_invoice_id = p.id AND so.state = 'sale'
              JOIN res_company c ON c.id = so.company_id
              JOIN res_company root ON root.id = %(root)s AND root.id = a.company_id
              JOIN res_currency currency ON currency.id = root.currency_id
        CROSS JOIN LATERAL (%(rest)s) rest
        CROSS JOIN LATERAL (%(advance)s) advance
            """,
            own=rates._rate_on_sql(SQL("root.currency_id"), root, today),
            given=rates._rate_on_sql(SQL("so.currency_id"), root, today),
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            rest=self._rest_of_order_sql(),
            advance=self._advance_of_order_sql(today),
        )

    @api.model
    def _rest_of_order_sql(self):
        return SQL(
            """
            SELECT SUM(CASE
                     WHEN COALESCE(line.product_uom_qty, 0) = 0
                     THEN COALESCE(line.untaxed_amount_to_invoice, 0)
                     ELSE COALESCE(line.price_total, 0) * GREATEST(0,
                          (CASE WHEN line.product_uom_qty > 0
                                THEN GREATEST(line.product_uom_qty,
                                              COALESCE(line.qty_delivered, 0))
                                ELSE line.product_uom_qty END
                           - COALESCE(line.qty_invoiced, 0)) / line.product_uom_qty)
                     END) AS amount
              FROM sale_order_line line
             WHERE line.order_id = so.id AND line.is_downpayment IS NOT TRUE
               AND line.display_type IS NULL
            """
        )

    @api.model
    def _advance_of_order_sql(self, today):
        """Down payments invoiced and not taken off a later invoice yet, in the
        currency of the order."""
        rates, root = self.env["res.currency"], SQL("root.id")
        return SQL(
            """
            SELECT SUM(item.price_total
                       * CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * CASE WHEN item.currency_id = so.currency_id THEN 1
                              ELSE %(own)s / %(given)s END) AS amount
              FROM sale_order_line line
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
              JOIN account_move_line item ON item.id = rel.invoice_line_id
              JOIN account_move m ON m.id = item.move_id
             WHERE line.order_id = so.id AND line.is_downpayment
               AND m.state IN ('draft', 'posted')
            """,
            own=rates._rate_on_sql(SQL("so.currency_id"), root, today),
            given=rates._rate_on_sql(SQL("item.currency_id"), root, today),
        )

    # ------------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------------

    def action_view_orders(self):
        """The orders that the exposure counts, of the debtor."""
        if not self.env["recouvrement.order"]._has_orders():
            raise UserError(self.env._("Odoo's Sales is not installed."))
        self.check_access("read")
        self._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                WITH account AS (SELECT id, partner_id, company_id
                                   FROM recouvrement_debtor WHERE id = ANY(%s))
                SELECT order_id FROM (%s) pending WHERE amount > 0
                """,
                self.ids,
                self._pending_orders_sql(),
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ordered, Not Invoiced"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", [order_id for [order_id] in rows])],
        }
