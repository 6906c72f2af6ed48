"""What is known of each open item: statuses, promises, plans, payments under way."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.delay_curve import own
from ..tools.flows import rate_of
from ..tools.stakes import TRANSIT_DAYS, Agreement, Fact, Planner, share_out

# Kept rate of a company that has no promise, no instalment decided yet.
UNKNOWN_RATE = 0.5
# A company of which too few disputes ended to know how long they take.
DISPUTE_DAYS = 60
DISPUTES_NEEDED = 10
DISPUTE_MONTHS = 24


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    def _iter_stakes(self, facts, pool, histories, weight, horizon):
        """Lists of what each customer brings, one customer after the other, so that no
        more than one curve is kept.

        :param list facts: of the customers, each one's together.
        """
        unit, dispute_days = self._unit(), self._get_dispute_days()
        for customer, group in groupby(facts, lambda fact: fact.customer):  # pylint: disable=bad-builtin-groupby
            own_facts = list(group)
            curve = self._make_curve(
                pool, histories.get(customer), own_facts, weight, horizon
            )
            planner = Planner(horizon, {customer: curve}, unit, dispute_days)
            yield [stake for fact in own_facts for stake in planner.stakes(fact)]

    def _make_curve(self, pool, delays, facts, weight, horizon):
        """Curve of a customer over the ages of its items; the one of all without a
        history."""
        if delays is None:
            return pool
        ages = [(self.as_of - fact.date_due).days for fact in facts]
        return own(pool, delays, weight, min(ages) + 1, max(ages) + horizon.last)

    def _get_dispute_days(self):
        """Days that a dispute takes on average, as those of the last months show: the
        days that they lasted, of those still open too, over the number that ended. The
        mean of the ended ones alone would forget the long ones that did not end yet.

        The system parameter ``recouvrement_reporting.forecast_dispute_days`` holds as
        long as fewer than ``DISPUTES_NEEDED`` ended.
        """
        _root, companies = self._get_entity(self.company_id)
        [[ended, days]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE date_to <= %(as_of)s),
                       SUM(LEAST(date_to, %(as_of)s)
                           - GREATEST(date_from, %(since)s))
                  FROM (SELECT x.date_from, CASE WHEN closed.id IS NULL
                               THEN x.date_to ELSE closed.date_to END AS date_to
                          FROM recouvrement_dispute_period x
                     LEFT JOIN (%(closed)s) closed ON closed.id = x.id
                         WHERE x.company_id = ANY(%(companies)s)) d
                 WHERE date_from <= %(as_of)s
                   AND (date_to IS NULL OR date_to > %(since)s)
                """,
                as_of=self.as_of,
                since=fields.Date.subtract(self.as_of, months=DISPUTE_MONTHS),
                closed=self.env["recouvrement.dispute.period"]._closed_sql(),
                companies=companies.ids,
            )
        )
        if ended < DISPUTES_NEEDED:
            return self._get_usual_dispute_days()
        return max(float(days) / ended, 1.0)

    @api.model
    def _get_usual_dispute_days(self):
        text = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("recouvrement_reporting.forecast_dispute_days")
        )
        try:
            return max(float(text), 1.0) if text else DISPUTE_DAYS
        except ValueError:
            return DISPUTE_DAYS

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def _read_facts(self, companies):
        """Open items less the credits of their customers, with what is agreed."""
        rows = self.env.execute_query_dict(self._facts_sql(companies))
        agreements = defaultdict(list)
        for source in (
            self._get_known_receipts(rows),
            self._get_promises(rows),
            self._get_instalments(rows),
            self._get_payments_to_verify(rows),
        ):
            for line_id, found in source.items():
                agreements[line_id] += found
        return [
            Fact(
                row["id"],
                row["customer"],
                row["debtor_id"],
                row["date_due"],
                Decimal(str(row["net"])),
                row["status"],
                Decimal(str(row["loss"])) / 100,
                row["hold_until"],
                tuple(agreements[row["id"]]),
            )
            for row in rows
        ]

    def _facts_sql(self, companies):
        return SQL(
            """
            SELECT o.id, o.customer, d.id AS debtor_id, o.date_due, o.residual,
                   o.residual_currency, o.net, %(status)s AS status,
                   %(under_payment)s AS under_payment, d.hold_until,
                   %(loss)s AS loss, d.promise_decided_count AS decided_count,
                   d.promise_decided_amount AS decided, d.promise_kept_amount AS kept
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN account_move m ON m.id = l.move_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = o.customer AND d.company_id = %(root)s
          ORDER BY o.customer, o.date_due, o.id
            """,
            status=self.env["account.move.line"]._status_on_sql(self.as_of),
            under_payment=self.env[
                "recouvrement.dunning.decision"
            ]._under_payment_sql(),
            loss=SQL(
                """COALESCE(CASE WHEN l.doubtful_date <= %(day)s THEN l.doubtful_rate
                                 WHEN d.doubtful_date <= %(day)s
                                 THEN d.doubtful_rate END, 0)""",
                day=self.as_of,
            ),
            lines=self._net_lines_sql(companies, self.as_of),
            root=self.company_id.id,
        )

    @api.model
    def _net_lines_sql(self, companies, as_of):
        """Debit items after the credits that are not allocated yet took off the oldest
        ones of the same customer: that money came in before, or never will."""
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            SELECT * FROM (
                SELECT o.id, COALESCE(p.commercial_partner_id, 0) AS customer,
                       o.date_due, o.residual, o.residual_currency,
                       LEAST(o.residual, SUM(GREATEST(o.residual, 0)) OVER oldest
                             + SUM(LEAST(o.residual, 0)) OVER whole) AS net
                  FROM (%(lines)s) o
             LEFT JOIN res_partner p ON p.id = o.partner_id
                WINDOW whole AS (PARTITION BY p.commercial_partner_id),
                       oldest AS (PARTITION BY p.commercial_partner_id
                                      ORDER BY o.date_due, o.id)) netted
             WHERE residual > 0 AND net > 0
            """,
            lines=items._open_lines_sql(as_of, self._companies_sql(companies)),
        )

    # ------------------------------------------------------------------
    # WHAT IS AGREED
    # ------------------------------------------------------------------

    def _get_known_receipts(self, rows):
        """Payments under way, which come in for sure, on the day that is known (direct
        debits) or soon.

        :param list rows: open items, as ``_facts_sql`` reads them.
        :return: ``{line id: [Agreement]}``.
        """
        soon = self.as_of + timedelta(days=TRANSIT_DAYS)
        paying = {row["id"]: row for row in rows if row["under_payment"]}
        days = self.env["recouvrement.open.item"]._get_receipt_days(list(paying))
        return {
            line_id: [
                Agreement(
                    "transit",
                    Decimal(str(row["net"])),
                    max(days.get(line_id, soon), self.as_of + timedelta(days=1)),
                    1.0,
                )
            ]
            for line_id, row in paying.items()
        }

    def _get_payments_to_verify(self, rows):
        """What customers say to have paid is believed as their promises are."""
        rates = self._get_promise_rates(rows)
        day = self.as_of + timedelta(days=TRANSIT_DAYS)
        return {
            row["id"]: [
                Agreement(
                    "transit", Decimal(str(row["net"])), day, rates[row["customer"]]
                )
            ]
            for row in rows
            if row["status"] == "to_verify" and not row["under_payment"]
        }

    def _get_promise_rates(self, rows):
        """Share of their promises that customers kept in the last 12 months, by
        amount, drawn to the company's share while few were decided."""
        facts = {
            row["customer"]: (row["kept"], row["decided"], row["decided_count"])
            for row in rows
            if row["decided"]
        }
        decided = sum(decided for _kept, decided, _count in facts.values())
        kept = sum(kept for kept, _decided, _count in facts.values())
        usual = kept / decided if decided else UNKNOWN_RATE
        rates = defaultdict(lambda: float(usual))
        for customer, (kept, decided, count) in facts.items():
            rates[customer] = rate_of(count * kept / decided, count, usual)
        return rates

    def _get_promises(self, rows):
        """Open promises on the items: ``{line id: [Agreement]}``."""
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, p.date, x.move_line_id,
                       ROUND(p.missing_amount * p.amount_company / p.amount, 2)
                           AS amount
                  FROM recouvrement_promise p
                  JOIN recouvrement_promise_line x ON x.promise_id = p.id
                 WHERE p.state = 'open' AND x.is_live AND p.company_id = %s
                   AND p.deadline > %s AND p.date_made <= %s
                """,
                self.company_id.id,
                self.as_of,
                self.as_of,
            )
        )
        rates = self._get_promise_rates(rows)
        return self._share_groups(rows, found, "id", "promise", rates)

    def _get_instalments(self, rows):
        """Instalments to come of running plans: ``{line id: [Agreement]}``."""
        found = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, i.date, x.move_line_id,
                       ROUND(i.missing_amount * l.amount_residual
                             / NULLIF(l.amount_residual_currency, 0), 2) AS amount
                  FROM recouvrement_payment_plan p
                  JOIN recouvrement_payment_plan_installment i ON i.plan_id = p.id
                  JOIN recouvrement_payment_plan_line x ON x.plan_id = p.id
                  JOIN account_move_line l ON l.id = x.move_line_id
                 WHERE p.state IN ('accepted', 'late') AND p.company_id = %s
                   AND x.is_live AND i.missing_amount > 0
                   AND p.date_accepted <= %s
                """,
                self.company_id.id,
                self.as_of,
            )
        )
        return self._share_groups(rows, found, "id", "plan", self._get_plan_rates())

    def _get_plan_rates(self):
        """Share of the instalments of the last 12 months that was paid, per customer,
        drawn to the company's share."""
        found = self.env.execute_query(
            SQL(
                """
                SELECT d.partner_id, SUM(COALESCE(i.paid_amount, 0) / i.amount),
                       COUNT(*)
                  FROM recouvrement_payment_plan_installment i
                  JOIN recouvrement_payment_plan p ON p.id = i.plan_id
                  JOIN recouvrement_debtor d ON d.id = p.debtor_id
                 WHERE p.company_id = %s AND i.amount > 0
                   AND p.state IN ('accepted', 'late', 'done', 'defaulted')
                   AND i.date <= %s AND i.date > %s
              GROUP BY d.partner_id
                """,
                self.company_id.id,
                self.as_of,
                fields.Date.subtract(self.as_of, months=12),
            )
        )
        count = sum(number for _customer, _paid, number in found)
        paid = sum(one for _customer, one, _number in found)
        usual = float(paid / count) if count else UNKNOWN_RATE
        rates = defaultdict(lambda: usual)
        for customer, one, number in found:
            rates[customer] = rate_of(one, number, usual)
        return rates

    @api.model
    def _share_groups(self, rows, found, key, source, rates):
        """Put the amounts of promises or plans on their items, oldest first."""
        by_line = {row["id"]: row for row in rows}
        groups = defaultdict(lambda: ({}, {}))
        for one in found:
            line = by_line.get(one["move_line_id"])
            if line and one["amount"]:
                dates, items = groups[one[key]]
                dates[one["date"]] = (line["customer"], Decimal(one["amount"]))
                items[line["id"]] = (line["date_due"], Decimal(str(line["net"])))
        result = defaultdict(list)
        for dates, items in groups.values():
            agreements = [
                Agreement(source, amount, day, rates[customer])
                for day, (customer, amount) in sorted(dates.items())
            ]
            ordered = sorted(items.items(), key=lambda item: (item[1][0], item[0]))
            pairs = [(line_id, net) for line_id, (_due, net) in ordered]
            for line_id, parts in share_out(agreements, pairs).items():
                result[line_id] += parts
        return result
