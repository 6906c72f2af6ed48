"""How late customers paid so far, read in sets."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.delay_curve import FIRST, LAST, Delays, Histories
from .forecast_history import RECEIVABLE

HISTORY_MONTHS = 24
OLD_DAYS = 90


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    # ------------------------------------------------------------------
    # DELAYS
    # ------------------------------------------------------------------

    @api.model
    def _get_delays(self, companies, as_of, partner_ids):
        """Histograms of what was seen by the end of a day, in one query.

        :param partner_ids: commercial partners whose own histogram is wanted.
        :return: delays of all, ``Histories`` of the customers, and weeks from the
            document to its payment, weighted by amount.
        """
        everybody, lags, own = Delays(), Delays(), {}
        rows = self.env.execute_query(
            self._delays_sql(companies, as_of, list(partner_ids))
        )
        for kind, partner_id, *columns in rows:
            if kind == "own":
                own[partner_id] = columns
                continue
            delays = lags if kind == "lag" else everybody
            for one in zip(*columns, strict=True):
                delays.add(*one)
        return everybody, Histories(own), lags

    @api.model
    def _delays_sql(self, companies, as_of, partner_ids):
        """One row for all, for the weeks from the documents on, and for each customer,
        each with four arrays: place, items that entered, were paid, and left.

        Places are days near the due date, weeks farther from it. A part that was paid
        counts as that part of an item; what was credited or written off left unpaid.
        Everybody's histogram is added up from those of the customers.
        """
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
            settled AS MATERIALIZED (%(settled)s),
            point AS (%(points)s),
            histogram AS MATERIALIZED (%(histogram)s)
            SELECT 'all', NULL::integer, %(arrays)s
              FROM (SELECT place, SUM(entered) AS entered, SUM(paid) AS paid,
                           SUM(gone) AS gone
                      FROM histogram WHERE NOT by_lag GROUP BY place) h
         UNION ALL
            SELECT 'lag', NULL, %(arrays)s
              FROM (SELECT place, entered_amount AS entered, paid_amount AS paid,
                           gone_amount AS gone
                      FROM histogram WHERE by_lag) h
         UNION ALL
            SELECT 'own', partner_id, %(arrays)s
              FROM histogram h
             WHERE NOT by_lag AND partner_id = ANY(%(partners)s)
          GROUP BY partner_id
            """,
            items=self._history_items_sql(companies, as_of),
            settled=self._history_settled_sql(as_of),
            points=self._delay_points_sql(as_of),
            histogram=self._delay_histogram_sql(),
            arrays=SQL(", ").join(
                SQL("COALESCE(array_agg(h.%s), '{}')", SQL.identifier(column))
                for column in ("place", "entered", "paid", "gone")
            ),
            partners=partner_ids,
        )

    @api.model
    def _delay_points_sql(self, as_of):
        """What happened to the items of the CTEs ``item`` and ``settled``, day by day:
        they entered observation, parts of them were paid or left unpaid."""
        return SQL(
            """
            SELECT partner_id, date_due, amount, seen, seen AS day,
                   1.0::float8 AS entered, 0.0::float8 AS paid, 0.0::float8 AS gone
              FROM item
         UNION ALL
            SELECT partner_id, date_due, amount, seen, day,
                   0, CASE WHEN is_paid THEN share ELSE 0 END,
                   CASE WHEN is_paid THEN 0 ELSE share END
              FROM settled
         UNION ALL
            SELECT partner_id, date_due, amount, seen, %(as_of)s::date,
                   0, 0, 1 - COALESCE(s.share, 0)
              FROM item
         LEFT JOIN (SELECT id, SUM(share) AS share FROM settled GROUP BY id) s
                ON s.id = item.id
             WHERE COALESCE(s.share, 0) < 0.99999
            """,
            as_of=as_of,
        )

    @api.model
    def _delay_histogram_sql(self):
        """The CTE ``point`` by customer and delay, and by weeks from the document."""
        return SQL(
            """
            SELECT GROUPING(lag) = 0 AS by_lag, partner_id,
                   COALESCE(delay, lag) AS place, SUM(entered) AS entered,
                   SUM(paid) AS paid, SUM(gone) AS gone,
                   SUM(entered * amount) AS entered_amount,
                   SUM(paid * amount) AS paid_amount,
                   SUM(gone * amount) AS gone_amount
              FROM (SELECT partner_id, amount, entered, paid, gone,
                           CASE WHEN entered > 0 THEN 0
                                ELSE (day - seen) / 7 * 7 + 3 END AS lag,
                           %(bin)s AS delay
                      FROM point
                CROSS JOIN LATERAL (SELECT point.day - date_due AS days) late) placed
          GROUP BY GROUPING SETS ((partner_id, delay), (lag))
            """,
            bin=self._bin_sql(),
        )

    @api.model
    def _bin_sql(self):
        """Place of a number of ``days`` in the histogram: days near the due date, the
        middle of weeks farther from it."""
        return SQL(
            """CASE WHEN days > %(last)s THEN %(last)s WHEN days < %(first)s
                    THEN %(first)s WHEN days > 62 THEN (days - 63) / 7 * 7 + 66
                    WHEN days < -31 THEN -((-days - 32) / 7 * 7 + 35)
                    ELSE days END""",
            first=FIRST,
            last=LAST,
        )

    @api.model
    def _history_items_sql(self, companies, as_of):
        """Invoices of the last months: ``id, partner_id, seen, date_due, amount``.

        They are seen from their own date; those taken over without the history of
        what was paid, from the takeover on.
        """
        return SQL(
            """
            SELECT l.id, p.commercial_partner_id AS partner_id,
                   COALESCE(l.date_maturity, l.date) AS date_due,
                   CASE WHEN COALESCE(f.load_history, 'none') <> 'none'
                        THEN LEAST(l.date, l.takeover_date) ELSE l.date END AS seen,
                   l.balance::float8 AS amount
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
         LEFT JOIN recouvrement_fec_import f ON f.id = m.takeover_import_id
         LEFT JOIN res_partner p ON p.id = l.partner_id
             WHERE %(receivable)s AND %(companies)s AND l.balance > 0
               AND l.date <= %(as_of)s AND l.date > %(since)s
               AND m.date <= %(as_of)s AND m.date > %(since)s AND %(moves)s
               AND l.takeover_age_unknown IS NOT TRUE
               AND (m.move_type IN ('out_invoice', 'out_receipt')
                    OR l.takeover_kind = 'invoice')
            """,
            receivable=RECEIVABLE,
            companies=self._companies_sql(companies),
            # Those of the entry are those of its lines, and leave fewer to look up.
            moves=SQL("m.company_id = ANY(%s)", companies.ids),
            as_of=as_of,
            since=fields.Date.subtract(as_of, months=HISTORY_MONTHS),
        )

    @api.model
    def _history_settled_sql(self, as_of):
        """What was matched with the items of the CTE ``item`` by the end of a day."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT r.debit_move_id AS id, item.partner_id, item.date_due, item.amount,
                   item.seen,
                   GREATEST(COALESCE(l.takeover_date, r.max_date), item.seen) AS day,
                   r.amount::float8 / item.amount AS share, %(receipt)s AS is_paid
              FROM account_partial_reconcile r
              JOIN item ON item.id = r.debit_move_id
              JOIN account_move_line l ON l.id = r.credit_move_id
              JOIN account_journal j ON j.id = l.journal_id
             WHERE COALESCE(l.takeover_date, r.max_date) <= %(as_of)s
            """,
            receipt=items._receipt_sql(),
            as_of=as_of,
        )

    @api.model
    def _get_matched_share(self, companies, as_of):
        """Matched out of all receivable lines of the last months that are old enough
        to have been; None without any."""
        [[lines, matched]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*), COUNT(*) FILTER (
                           WHERE l.reconciled OR l.amount_residual <> l.balance)
                  FROM account_move_line l
                 WHERE %(receivable)s AND %(companies)s AND l.balance <> 0
                   AND l.date <= %(until)s AND l.date > %(since)s
                """,
                receivable=RECEIVABLE,
                companies=self._companies_sql(companies),
                until=as_of - timedelta(days=OLD_DAYS),
                since=fields.Date.subtract(as_of, months=HISTORY_MONTHS),
            )
        )
        return matched / lines if lines else None
