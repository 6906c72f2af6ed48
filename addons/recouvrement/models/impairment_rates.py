"""Loss rates by age, proposed from what became of the items of past month-ends."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..tools.impairment import ENOUGH_MONTHS, Snapshot, roll_rates

# The tool reads months overdue one by one; the open items are shown in wider buckets.
AGES = {
    "0_not_due": (0,),
    "1_30": (1,),
    "31_60": (2,),
    "61_90": (3,),
    "91_180": (4, 5, 6),
    "over_180": (7,),
}
WIDTH = 8
MONTHS = 37
LAST_DAYS = 180
ALL_SEGMENTS = None


class RecouvrementImpairmentMatrix(models.Model):
    _inherit = "recouvrement.impairment.matrix"

    def action_propose(self):
        """Propose rates for the company of the user, for all segments together and for
        each one with enough past. The rates in force are not touched."""
        if not self.has_access("write"):
            raise AccessError(self.env._("You may not change the ageing matrix."))
        company = self.env.company.root_id
        history = self._get_history(company)
        found = {
            segment_id: self._get_proposals(snapshots)
            for segment_id, snapshots in history.items()
        }
        found = {segment_id: rates for segment_id, rates in found.items() if rates}
        self.sudo()._write_proposals(company, found)
        return self._tell(found, history)

    @api.model
    def _get_proposals(self, snapshots):
        """``{age bucket: (rate, months)}`` where the past says something."""
        rates = roll_rates(snapshots)
        result = {}
        for bucket, columns in AGES.items():
            weights = [
                sum(snapshot.amounts[column] for snapshot in snapshots)
                for column in columns
            ]
            losses = [rates.losses[column] for column in columns]
            known = [
                (loss, weight)
                for loss, weight in zip(losses, weights, strict=True)
                if loss is not None and weight
            ]
            if known:
                total = sum(weight for _loss, weight in known)
                rate = sum(loss * weight for loss, weight in known) / total
                result[bucket] = (rate, rates.months)
        return result

    # ------------------------------------------------------------------
    # THE PAST
    # ------------------------------------------------------------------

    @api.model
    def _get_history(self, company):
        """Month-end snapshots of each segment and of all (``None``).

        :return: ``{segment id or None: [Snapshot]}``.
        """
        days = self._get_month_ends(company)
        if not days:
            return {}
        self.env["recouvrement.impairment"]._flush_impairment_sources()
        amounts = defaultdict(lambda: defaultdict(lambda: [Decimal(0)] * WIDTH))
        for day, segment_id, column, amount in self._read_amounts(company, days):
            for key in {segment_id, ALL_SEGMENTS}:
                amounts[key][day][column] += Decimal(str(amount))
        left = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for day, segment_id, is_loss, amount in self._read_left(company, days):
            for key in {segment_id, ALL_SEGMENTS}:
                left[key, day][0 if is_loss else 1] += Decimal(str(amount))
        return {
            key: [
                Snapshot(day, tuple(months[day]), *left[key, day])
                for day in days
                if day in months
            ]
            for key, months in amounts.items()
        }

    @api.model
    def _get_month_ends(self, company):
        """Past month-ends, from the first month with a receivable on."""
        today = fields.Date.context_today(self)
        [[first]] = self.env.execute_query(
            SQL(
                "SELECT MIN(l.date) FROM account_move_line l WHERE %(condition)s "
                "AND l.account_id = ANY(ARRAY(SELECT id FROM account_account "
                "WHERE account_type = 'asset_receivable')) "
                "AND l.parent_state = 'posted'",
                condition=self._companies_sql(company),
            )
        )
        days = []
        day = fields.Date.start_of(today, "month")
        while first and len(days) < MONTHS:
            day = fields.Date.subtract(fields.Date.start_of(day, "month"), days=1)
            if day < first:
                break
            days.append(day)
        return days[::-1]

    @api.model
    def _companies_sql(self, company):
        companies = self.env["res.company"].search([("id", "child_of", company.id)])
        return SQL("l.company_id = ANY(%s)", companies.ids)

    @api.model
    def _read_amounts(self, company, days):
        """``(day, segment, months overdue, amount)`` of the debits of each day."""
        items = self.env["recouvrement.open.item"]
        condition = self._companies_sql(company)
        snapshots = [
            SQL(
                """
                SELECT %(day)s::date AS day, d.segment_id,
                       CASE WHEN o.date_due >= %(day)s::date THEN 0
                            ELSE LEAST((%(day)s::date - o.date_due - 1) / 30 + 1,
                                       %(last)s) END AS months,
                       SUM(o.residual)
                  FROM (%(lines)s) o
                  JOIN res_partner p ON p.id = o.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(company)s
                 WHERE o.residual > 0
              GROUP BY d.segment_id, months
                """,
                day=day,
                last=WIDTH - 1,
                lines=items._open_lines_sql(day, condition),
                company=company.id,
            )
            for day in days
        ]
        return self.env.execute_query(SQL(" UNION ALL ").join(snapshots))

    @api.model
    def _read_left(self, company, days):
        """``(month-end, segment, lost?, amount)`` of what left the oldest bucket.

        Lost: matched with an entry that books a loss on irrecoverable claims.
        """
        accounts = company._get_loss_accounts()
        return self.env.execute_query(
            SQL(
                """
                SELECT (date_trunc('month', r.max_date) + interval '1 month - 1 day')
                           ::date AS day,
                       d.segment_id,
                       EXISTS (SELECT FROM account_move_line loss
                                 JOIN account_move_line cl ON cl.id = r.credit_move_id
                                WHERE loss.move_id = cl.move_id
                                  AND loss.account_id = ANY(%(accounts)s)) AS lost,
                       SUM(r.amount)
                  FROM account_partial_reconcile r
                  JOIN account_move_line l ON l.id = r.debit_move_id
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
                  JOIN res_partner p ON p.id = l.partner_id
             LEFT JOIN recouvrement_debtor d
                    ON d.partner_id = p.commercial_partner_id
                   AND d.company_id = %(company)s
                 WHERE r.max_date > %(first)s AND r.max_date <= %(last)s
                   AND %(condition)s
                   AND COALESCE(l.date_maturity, l.date)
                       < date_trunc('month', r.max_date)
                         - make_interval(days => %(age)s)
              GROUP BY 1, 2, 3
                """,
                accounts=accounts.ids,
                company=company.id,
                first=fields.Date.start_of(days[0], "month"),
                last=days[-1],
                condition=self._companies_sql(company),
                age=LAST_DAYS,
            )
        )

    # ------------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------------

    def _write_proposals(self, company, found):
        rows = self.search([("company_id", "=", company.id)])
        rows.write({"has_proposal": False, "proposed_rate": 0, "proposal_note": False})
        known = {(row.segment_id.id or None, row.age_bucket): row for row in rows}
        missing = [
            {
                "company_id": company.id,
                "segment_id": segment_id,
                "age_bucket": bucket,
                **self._prepare_proposal(*proposal),
            }
            for segment_id, proposals in found.items()
            for bucket, proposal in proposals.items()
            if (segment_id, bucket) not in known
        ]
        for segment_id, proposals in found.items():
            for bucket, proposal in proposals.items():
                if row := known.get((segment_id, bucket)):
                    row.write(self._prepare_proposal(*proposal))
        self.create(missing)

    def _prepare_proposal(self, rate, months):
        return {
            "has_proposal": True,
            "proposed_rate": float(rate),
            "proposal_note": self.env._(
                "Roll rates of %(months)s months up to %(day)s",
                months=months,
                day=fields.Date.to_string(fields.Date.context_today(self)),
            ),
        }

    def _tell(self, found, history):
        snapshots = history.get(ALL_SEGMENTS, [])
        if found:
            message = self.env._(
                "Rates are proposed for %s ages and segments. Read them, then take "
                "over those you can justify.",
                sum(len(rates) for rates in found.values()),
            )
        else:
            message = self.env._(
                "Nothing is proposed: %(months)s month-ends with open items and losses "
                "or payments of old items are known, %(needed)s in a row are needed.",
                months=len(snapshots),
                needed=ENOUGH_MONTHS + 1,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if found else "warning",
                "sticky": not found,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
