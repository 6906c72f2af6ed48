"""The tiles at the top of the 360° page."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

ZERO = Decimal(0)
NOT_DUE = "0_not_due"
CREDIT = "credit"


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_tiles(self, _options):
        """Amounts in company currency, all from the items that the user sees."""
        sums = self._desk_sums()
        return {
            **self._desk_amounts(sums),
            "buckets": self._desk_buckets(sums),
            "statuses": self._desk_statuses(sums),
            "currencies": self._desk_currencies(sums),
            "exposure": self._get_exposure(),
            "rating": self._get_rating(),
            "doubtful": self._desk_doubtful(),
            "delay": self._desk_delay(),
            "promises": self._desk_promises(),
            "last_payment": {
                "date": self.last_payment_date,
                "amount": self.last_payment_amount,
            },
            "last_contact": self._desk_last_contact(),
            "last_cause": self.last_cause_id.name or "",
            "last_reminder": self.last_reminder_date,
        }

    def _desk_amounts(self, sums):
        """Totals of ``_desk_sums`` as ``_totals_sql`` defines them."""
        late = [row for row in sums if row["bucket"] not in (NOT_DUE, CREDIT)]
        oldest = min((row["oldest"] for row in late), default=False)
        today = fields.Date.context_today(self)

        def total(rows):
            return float(sum((row["amount"] for row in rows), ZERO))

        return {
            "open": total(sums),
            "overdue": total(late),
            "not_due": total(row for row in sums if row["bucket"] == NOT_DUE),
            "credit": -total(row for row in sums if row["bucket"] == CREDIT) or 0.0,
            "penalties": total(row for row in sums if row["is_penalty"]),
            "count": sum(row["count"] for row in sums),
            "overdue_count": sum(row["count"] for row in late),
            "oldest": oldest,
            "days": (today - oldest).days if oldest else 0,
        }

    def _desk_currencies(self, sums):
        """Open amounts in each currency of the items, foreign ones shown apart."""
        grouped = self._desk_grouped(sums, "currency_id", "amount_currency")
        return [
            {"currency_id": currency_id, **totals}
            for currency_id, totals in sorted(grouped.items())
        ]

    # ------------------------------------------------------------------
    # RISK
    # ------------------------------------------------------------------

    def _get_exposure(self):
        """What is at risk with the debtor, against its credit limit: a hook.

        The exposure is what is open in the whole legal entity, plus what Odoo's apps
        know as ordered and not invoiced, less what others bear for good; the limit is
        that of Odoo (credit limits of the company, or of the customer). sudo: Odoo
        keeps the limit from salespeople, who are to see the bar.

        :return: ``{"amount", "to_invoice", "relieved", "netted", "netting_allowed",
            "limit" (0: none), "percent"}``.
        """
        self.ensure_one()
        partner = self.sudo().partner_id.with_company(self.company_id)
        limit = 0.0
        if self.sudo().company_id.account_use_credit_limit:
            limit = partner.credit_limit
        to_invoice = partner.credit_to_invoice
        amount = self.currency_id.round(
            self.open_amount
            + to_invoice
            - self.exposure_relieved
            - self.exposure_netted
        )
        return {
            "amount": amount,
            "to_invoice": to_invoice,
            "relieved": self.exposure_relieved,
            "netted": self.exposure_netted,
            "netting_allowed": self.netting_allowed,
            "limit": limit,
            "percent": round(100 * max(amount, 0) / limit) if limit > 0 else 0,
        }

    def _get_rating(self):
        """The rating of the customer: a hook.

        :return: False, or ``{"label", "level"}`` (a Bootstrap colour).
        """
        return False

    def _desk_doubtful(self):
        if not self.doubtful_reason_id:
            return False
        return {
            "reason": self.doubtful_reason_id.name,
            "since": self.doubtful_date,
            "rate": self.doubtful_rate,
            "note": self.doubtful_note or "",
        }

    def _desk_promises(self):
        """Promises kept in time out of those decided in 12 months; False when none."""
        if not self.promise_decided_count:
            return False
        return {
            "rate": round(100 * self.promise_kept_rate),
            "kept": self.promise_kept_count,
            "decided": self.promise_decided_count,
        }

    def _desk_last_contact(self):
        """Day of the last contact with the customer, or False: a hook."""
        return self.last_contact_date

    # ------------------------------------------------------------------
    # PAYMENT DELAY
    # ------------------------------------------------------------------

    def _desk_delay(self):
        """Average days late of what was paid over the last 12 months, its trend against
        the 12 months before.

        Each receipt counts from its due date for the amount that it settled of an
        item (weighted by amount in company currency): Σ amount × (day received − due
        date) ÷ Σ amount. A payment before the due date counts as negative days. Credit
        notes, write-offs and compensations are no payments; items taken over without
        their age are left out.

        :return: ``{"days", "previous", "trend", "paid"}``: days rounded to one
            decimal, False when nothing was paid; ``trend`` is ``better``, ``worse``
            (by one day at least), ``same`` or False; ``paid`` is the amount weighed.
        """
        today = fields.Date.context_today(self)
        [[paid, days, previous]] = self.env.execute_query(
            SQL(
                """
                SELECT %(recent_paid)s,
                       SUM(x.amount * x.days) FILTER (WHERE x.day > %(year)s)
                           / NULLIF(%(recent_paid)s, 0),
                       SUM(x.amount * x.days) FILTER (WHERE x.day <= %(year)s)
                           / NULLIF(SUM(x.amount)
                               FILTER (WHERE x.day <= %(year)s), 0)
                  FROM (%(settled)s) x
                """,
                recent_paid=SQL(
                    "SUM(x.amount) FILTER (WHERE x.day > %s)",
                    fields.Date.subtract(today, years=1),
                ),
                year=fields.Date.subtract(today, years=1),
                settled=self._desk_settled_sql(today),
            )
        )
        days = False if days is None else round(float(days), 1)
        previous = False if previous is None else round(float(previous), 1)
        return {
            "days": days,
            "previous": previous,
            "trend": self._desk_trend(days, previous),
            "paid": float(paid or 0),
        }

    @staticmethod
    def _desk_trend(days, previous):
        if days is False or previous is False:
            return False
        if abs(days - previous) < 1:
            return "same"
        return "better" if days < previous else "worse"

    def _desk_settled_sql(self, today):
        """What receipts of two years settled: ``day``, ``amount``, ``days`` late."""
        return SQL(
            """
            SELECT COALESCE(l.takeover_date, l.date) AS day, pr.amount,
                   COALESCE(l.takeover_date, l.date)
                       - COALESCE(due.date_maturity, due.date) AS days
              FROM account_move_line l
              JOIN account_partial_reconcile pr ON pr.credit_move_id = l.id
              JOIN account_move_line due ON due.id = pr.debit_move_id
              JOIN account_account a ON a.id = due.account_id
               AND a.account_type = 'asset_receivable'
              JOIN account_move m ON m.id = due.move_id
             WHERE %(lines)s AND %(receipts)s
               AND COALESCE(l.takeover_date, l.date) > %(start)s
               AND COALESCE(l.takeover_date, l.date) <= %(today)s
               AND due.takeover_age_unknown IS NOT TRUE
               AND (m.move_type IN ('out_invoice', 'out_receipt')
                    OR due.takeover_kind = 'invoice')
            """,
            lines=self._desk_lines_condition(),
            receipts=self._desk_receipts_condition(),
            start=fields.Date.subtract(today, years=2),
            today=today,
        )

    def _desk_receipts_condition(self):
        """Condition on ``l``: a receipt, in the words of the index on receipts."""
        return self.env["recouvrement.receipt"]._is_receipt_sql()
