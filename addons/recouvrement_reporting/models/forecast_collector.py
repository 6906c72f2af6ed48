"""Whose customers the receipts are expected of."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.forecast_share import shared_by


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    def _get_expected_by_collector(self, kind, whole):
        """What comes in of the customers that each collector has now, in a week or a
        month: what came in already, what the open items bring, and a part of the
        invoices to come, as its customers had in the sales of the last weeks.

        :param str kind: ``week`` or ``month``.
        :param Period whole: the calendar week or month.
        :return: ``{id of the collector or None: Decimal}``; together what the period
            has before and to come. Empty when the forecast is not that far, or knows
            no items.
        """
        row = self.period_ids.filtered(
            lambda one: one.kind == kind and one.date_start == whole.start
        )
        items = self.env["recouvrement.forecast.item"].sudo()
        known = Domain("forecast_id", "=", self.id)
        if not row or row.date_end < whole.end or not items.search(known, limit=1):
            return {}
        received, expected, sales = self._read_by_collector(row)
        exact = self._exact
        new = shared_by(exact(row.amount_new), sales, self._unit())
        return {
            key: sum(
                (part.get(key, Decimal(0)) for part in (received, expected, new)),
                Decimal(0),
            )
            for key in received.keys() | expected.keys() | new.keys()
        }

    def _read_by_collector(self, row):
        """Received before, expected of items, and sales of the last weeks, each
        ``{id of the collector or None: Decimal}``, in one query."""
        _root, companies = self._get_entity(self.company_id)
        found = {}, {}, {}
        for place, collector_id, amount in self.env.execute_query(
            self._by_collector_sql(row, companies)
        ):
            found[place][collector_id] = Decimal(amount)
        return found

    def _by_collector_sql(self, row, companies):
        receipts = self.env["recouvrement.receipt"]
        self.env["account.move.line"].flush_model()
        self.env["recouvrement.forecast.item"].flush_model()
        self.env["recouvrement.debtor"].flush_model(["collector_id", "partner_id"])
        return SQL(
            """
            WITH line AS (
                SELECT 0 AS place, l.partner_id, -l.balance AS amount
                  FROM account_move_line l
                 WHERE %(receipt)s AND %(companies)s
                   AND COALESCE(l.takeover_date, l.date) >= %(start)s
                   AND COALESCE(l.takeover_date, l.date) <= %(as_of)s
             UNION ALL
                SELECT 2, l.partner_id, l.balance
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
                 WHERE %(sale)s AND %(companies)s
                   AND l.date <= %(as_of)s AND l.date > %(since)s
            ), part AS (
                SELECT line.place, d.collector_id, line.amount
                  FROM line
             LEFT JOIN res_partner p ON p.id = line.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(company)s
             UNION ALL
                SELECT 1, d.collector_id, cell.value::numeric
                  FROM recouvrement_forecast_item i
             LEFT JOIN recouvrement_debtor d ON d.id = i.debtor_id
            CROSS JOIN LATERAL jsonb_array_elements_text(i.cells)
                       WITH ORDINALITY AS cell(value, place)
                 WHERE i.forecast_id = %(forecast)s
                   AND cell.place > %(cell_from)s AND cell.place <= %(cell_to)s
            )
            SELECT place, collector_id, SUM(amount)::text FROM part GROUP BY 1, 2
            """,
            receipt=receipts._is_receipt_sql(),
            sale=self._is_sale_sql(),
            companies=self._companies_sql(companies),
            company=self.company_id.id,
            forecast=self.id,
            start=row.date_start,
            as_of=self.as_of,
            since=self._get_sales_start(self.as_of),
            cell_from=row.cell_from,
            cell_to=row.cell_to,
        )
