"""What a provision run reads: items, marks, matrix, cover, and what is booked."""

from odoo import api, models
from odoo.tools import SQL


class RecouvrementImpairment(models.Model):
    _inherit = "recouvrement.impairment"

    def _lines_sql(self):
        """One row per item to provide for, or that was provided for before.

        The share of VAT is the invoice's own; items without taxes of their own carry
        the default rate, unless their customer is in another country. The cover of a
        debtor is used up by its oldest items first.
        """
        self.ensure_one()
        return SQL(
            """
            WITH booked AS (%(booked)s),
            item AS (%(items)s),
            net AS (
                SELECT item.*,
                       ROUND(item.residual * item.net_share / %(unit)s) * %(unit)s
                           AS net_base
                  FROM item
            ),
            raw AS (
                SELECT net.*, d.insured_ceiling,
                       CASE WHEN net.method IS NULL THEN 0
                            ELSE ROUND(net.net_base * COALESCE(d.insured_share, 0)
                                       / 100 / %(unit)s) * %(unit)s END AS insured
                  FROM net
             LEFT JOIN recouvrement_debtor d ON d.id = net.debtor_id
            ),
            covered AS (
                SELECT raw.*,
                       CASE WHEN COALESCE(insured_ceiling, 0) = 0 THEN insured
                            ELSE GREATEST(0, LEAST(insured, insured_ceiling
                                 - SUM(insured) OVER older + insured)) END AS cover
                  FROM raw
                WINDOW older AS (PARTITION BY debtor_id ORDER BY date_due, move_line_id)
            ),
            provided AS (
                SELECT covered.*,
                       ROUND((net_base - cover) * rate / 100 / %(unit)s) * %(unit)s
                           AS provision
                  FROM covered
            )
            SELECT p.debtor_id, p.partner_id, p.segment_id, p.move_line_id, p.name,
                   p.date_due, p.age_bucket, p.item_currency_id, p.residual_currency,
                   p.residual, p.net_base, p.cover, COALESCE(p.method, 'closed') AS
                   method, p.reason_id, COALESCE(p.rate, 0) AS rate, p.note,
                   COALESCE(p.provision, 0) AS provision,
                   COALESCE(b.amount, 0) AS booked
              FROM provided p
         LEFT JOIN booked b ON b.move_line_id = p.move_line_id
             WHERE p.method IS NOT NULL OR b.amount <> 0
         UNION ALL
            SELECT b.debtor_id, d.partner_id, d.segment_id, b.move_line_id, b.name,
                   l.date_maturity, NULL, l.currency_id, 0, 0, 0, 0, 'closed', NULL, 0,
                   NULL, 0, b.amount
              FROM booked b
         LEFT JOIN recouvrement_debtor d ON d.id = b.debtor_id
         LEFT JOIN account_move_line l ON l.id = b.move_line_id
             WHERE NOT EXISTS (SELECT FROM item WHERE item.move_line_id
                                                      = b.move_line_id)
            """,
            booked=self._booked_sql(self.company_id),
            items=self._items_sql(),
            unit=self._unit(),
        )

    def _unit(self):
        """Smallest amount of the company currency, as an exact number."""
        return SQL("%s::numeric", repr(self.currency_id.rounding or 0.01))

    def _items_sql(self):
        """Debit items open at the closing date, with method and rate (NULL: none)."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT i.id AS move_line_id, i.name, i.date_due, i.age_bucket,
                   i.debtor_id, i.commercial_partner_id AS partner_id, i.segment_id,
                   i.currency_id AS item_currency_id,
                   i.amount_residual_currency AS residual_currency,
                   CASE WHEN i.currency_id = i.company_currency_id
                        THEN i.amount_residual
                        ELSE ROUND(i.amount_residual_currency * r.rate / %(unit)s)
                             * %(unit)s END AS residual,
                   %(net_share)s AS net_share,
                   CASE WHEN mark.reason_id IS NOT NULL THEN 'individual'
                        WHEN x.rate > 0 THEN 'matrix' END AS method,
                   mark.reason_id, mark.note,
                   COALESCE(CASE WHEN mark.reason_id IS NOT NULL
                                 THEN mark.rate ELSE x.rate END, 0)::numeric AS rate
              FROM (%(items)s) i
              JOIN account_move_line l ON l.id = i.id
              JOIN account_move m ON m.id = l.move_id
              JOIN (VALUES %(rates)s) AS r(currency_id, rate)
                ON r.currency_id = i.currency_id
         LEFT JOIN recouvrement_debtor d ON d.id = i.debtor_id
         LEFT JOIN LATERAL (%(mark)s) mark ON TRUE
         LEFT JOIN LATERAL (%(matrix)s) x ON TRUE
             WHERE i.amount_residual > 0
            """,
            unit=self._unit(),
            net_share=self._net_share_sql(),
            items=items._open_items_sql(self.date, self._companies_sql()),
            rates=self._currency_rates_sql(),
            mark=self._mark_sql(),
            matrix=self._matrix_sql(),
        )

    def _companies_sql(self):
        """Journal items ``l`` of the legal entity and its branches."""
        companies = self.env["res.company"].search(
            [("id", "child_of", self.company_id.id)]
        )
        return SQL("l.company_id = ANY(%s)", companies.ids)

    def _net_share_sql(self):
        """Part of item ``i`` (entry ``m``) that is not VAT."""
        company = self.company_id
        country = company.account_fiscal_country_id or company.country_id
        return SQL(
            """
            CASE WHEN m.move_type <> 'entry'
                 THEN CASE WHEN COALESCE(m.amount_total, 0) = 0 THEN 1
                           ELSE m.amount_untaxed / m.amount_total END
                 WHEN COALESCE(i.country_id, %(country)s) <> %(country)s THEN 1
                 ELSE 100 / (100 + %(vat)s::numeric) END
            """,
            country=country.id or 0,
            vat=repr(company._get_default_vat(self.date)),
        )

    def _mark_sql(self):
        """The doubt about item ``l`` of debtor ``d`` that had arisen at the closing
        date: its own, else the debtor's."""
        return SQL(
            """
            SELECT * FROM (
                SELECT 1 AS rank, l.doubtful_reason_id AS reason_id,
                       l.doubtful_rate AS rate, l.doubtful_note AS note
                 WHERE l.doubtful_reason_id IS NOT NULL
                   AND l.doubtful_date <= %(date)s
             UNION ALL
                SELECT 2, d.doubtful_reason_id, d.doubtful_rate, d.doubtful_note
                 WHERE d.doubtful_reason_id IS NOT NULL
                   AND d.doubtful_date <= %(date)s
            ) marks ORDER BY rank LIMIT 1
            """,
            date=self.date,
        )

    def _matrix_sql(self):
        """The rate of the matrix for item ``i``: its segment's, else the common one."""
        return SQL(
            """
            SELECT x.rate FROM recouvrement_impairment_matrix x
             WHERE %(wanted)s AND x.company_id = %(company)s
               AND x.age_bucket = i.age_bucket
               AND (x.segment_id = i.segment_id OR x.segment_id IS NULL)
          ORDER BY x.segment_id NULLS LAST LIMIT 1
            """,
            wanted=self.statistical,
            company=self.company_id.id,
        )

    def _currency_rates_sql(self):
        """Value of each currency in company currency on the closing date."""
        own = self.currency_id
        items = self.env["recouvrement.open.item"]._open_lines_sql(
            self.date, self._companies_sql()
        )
        found = self.env.execute_query(
            SQL("SELECT DISTINCT currency_id FROM (%s) items", items)
        )
        currencies = own | own.browse(currency_id for [currency_id] in found)
        rows = [
            SQL(
                "(%s, %s::numeric)",
                currency.id,
                repr(
                    currency._get_conversion_rate(
                        currency, own, self.company_id, self.date
                    )
                ),
            )
            for currency in currencies
        ]
        return SQL(", ").join(rows)

    @api.model
    def _booked_sql(self, company):
        """What posted runs and write-offs booked per item of the company so far.

        Items that were deleted since have no id: they are told apart by their debtor.
        """
        return SQL(
            """
            SELECT move_line_id, MAX(debtor_id) AS debtor_id, MAX(name) AS name,
                   SUM(amount) AS amount
              FROM (SELECT il.move_line_id, il.debtor_id, il.name, il.delta AS amount
                      FROM recouvrement_impairment_line il
                      JOIN recouvrement_impairment run ON run.id = il.impairment_id
                       AND run.state = 'posted'
                     WHERE il.company_id = %(company)s AND il.delta <> 0
                 UNION ALL
                    SELECT wl.move_line_id, w.debtor_id, wl.name, -wl.released
                      FROM recouvrement_write_off_line wl
                      JOIN recouvrement_write_off w ON w.id = wl.write_off_id
                       AND w.state = 'posted'
                     WHERE w.root_company_id = %(company)s AND wl.released <> 0) deltas
          GROUP BY move_line_id, CASE WHEN move_line_id IS NULL THEN debtor_id END
            HAVING SUM(amount) <> 0
            """,
            company=company.id,
        )
