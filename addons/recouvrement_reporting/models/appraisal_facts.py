"""What the ledger and the work of the desk say of one customer, in a few statements."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.appraisal import average_days
from ..tools.period import Period

ZERO = Decimal(0)
HISTORY = 24
YEAR = 12
AGES = ("not_due", "late_30", "late_60", "late_90", "late_more")


class RecouvrementAppraisal(models.AbstractModel):
    _inherit = "recouvrement.appraisal"

    @api.model
    def _get_facts(self, partner, company):
        """Facts of a commercial partner in a legal entity, up to today.

        Amounts are exact, in the company's currency. Months are whole ones, the last
        is the one before today's.
        """
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()
        today = fields.Date.context_today(self)
        companies = self.env.companies.filtered(lambda one: one.root_id == company)
        eve = Period.month(today).eve
        months = Period(eve, eve).last_months(HISTORY)
        since = months[YEAR].start
        debtor = self.env["recouvrement.debtor"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        return {
            "today": today,
            "months": months,
            "since": since,
            "debtor": debtor,
            "first": self._get_first_day(partner, companies),
            **self._get_sales(partner, companies, months, today),
            **self._get_delays(partner, companies, months, today),
            "open": self._get_open(partner, companies, today),
            "losses": self._get_losses(partner, companies, months, today),
            "disputes": self._get_disputes(partner, companies, since),
            "returned": self._get_returned_payments(partner, companies, since),
            "reminders": self._get_reminders(debtor, since),
            "plans": self._get_plans(debtor, since),
        }

    @api.model
    def _get_first_day(self, partner, companies):
        debtors = self.env["recouvrement.debtor"]
        [[day]] = self.env.execute_query(
            SQL(
                """
                SELECT MIN(COALESCE(l.takeover_date, l.date))
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
                 WHERE %s AND l.parent_state = 'posted' AND l.company_id = ANY(%s)
                """,
                debtors._lines_of_partners_sql(partner.ids),
                companies.ids,
            )
        )
        return day

    @api.model
    def _sum_by_month(self, family, columns, partner, companies, months, today):
        """Sums of lines of the key figures of one customer.

        :return: ``{first day of the month: [sum of each column, number of lines]}``.
        """
        lines = self.env["recouvrement.kpi.line"]
        span = Period(months[0].start, today)
        known = getattr(lines, f"_{family}_columns")(span, span)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DATE_TRUNC('month', r.date)::date, COUNT(*), %s
                  FROM (%s) r
                 WHERE r.partner_id = %s
              GROUP BY 1
                """,
                SQL(", ").join(
                    SQL("COALESCE(SUM(%s), 0)::text", known[name]) for name in columns
                ),
                getattr(lines, f"_{family}_rows_sql")(span, span, companies),
                partner.id,
            )
        )
        empty = [ZERO] * len(columns) + [0]
        found = defaultdict(lambda: empty)
        for month, count, *sums in rows:
            found[month] = [*map(Decimal, sums), count]
        return found

    @api.model
    def _get_sales(self, partner, companies, months, today):
        """Sales of each month with and without tax, of the years and of this month."""
        found = self._sum_by_month(
            "sales", ("sales", "sales_net"), partner, companies, months, today
        )
        rows = [found[month.start] for month in months]
        return {
            "sales": [row[0] for row in rows],
            "sales_net": [row[1] for row in rows],
            "sales_count": sum(row[2] for row in rows[YEAR:]),
            "sales_now": found[Period.month(today).start][0],
        }

    @api.model
    def _get_delays(self, partner, companies, months, today):
        """Days beyond terms of what was received, weighted by amount."""
        found = self._sum_by_month(
            "matched", ("paid", "paid_weighted"), partner, companies, months, today
        )
        this_month = found[Period.month(today).start]

        def average(rows):
            return average_days(
                sum((row[0] for row in rows), ZERO), sum((row[1] for row in rows), ZERO)
            )

        rows = [found[month.start] for month in months]
        return {
            "delay": average(rows[YEAR:]),
            "delay_before": average(rows[:YEAR]),
            "delay_quarter": average([*rows[-3:], this_month]),
            "paid": sum((row[0] for row in rows[YEAR:]), ZERO),
        }

    @api.model
    def _get_open(self, partner, companies, today):
        """What is open: ages of the debits, credits, disputed, doubtful."""
        items = self.env["recouvrement.open.item"]
        condition = SQL(
            "%s AND l.company_id = ANY(%s)",
            self.env["recouvrement.debtor"]._lines_of_partners_sql(partner.ids),
            companies.ids,
        )
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT %(ages)s,
                       COALESCE(-SUM(o.residual) FILTER (WHERE o.residual < 0), 0)
                           ::text,
                       COALESCE(SUM(o.residual) FILTER (
                           WHERE o.residual > 0 AND l.collection_status = 'disputed'),
                           0)::text,
                       COALESCE(SUM(o.residual) FILTER (
                           WHERE o.residual > 0 AND l.doubtful_reason_id IS NOT NULL),
                           0)::text,
                       MIN(o.date_due) FILTER (
                           WHERE o.residual > 0 AND o.date_due < %(day)s)
                  FROM (%(lines)s) o
                  JOIN account_move_line l ON l.id = o.id
                """,
                ages=self._ages_sql(today),
                day=today,
                lines=items._open_lines_sql(today, condition),
            )
        )
        *sums, oldest = row
        names = (*AGES, "credits", "disputed", "doubtful")
        found = dict(zip(names, map(Decimal, sums), strict=True))
        found["oldest"] = oldest
        found["overdue"] = sum((found[name] for name in AGES[1:]), ZERO)
        found["debits"] = found["not_due"] + found["overdue"]
        found["balance"] = found["debits"] - found["credits"]
        return found

    @api.model
    def _ages_sql(self, today):
        late = SQL("%s::date - o.date_due", today)
        spans = (
            SQL("%s <= 0", late),
            SQL("%s BETWEEN 1 AND 30", late),
            SQL("%s BETWEEN 31 AND 60", late),
            SQL("%s BETWEEN 61 AND 90", late),
            SQL("%s > 90", late),
        )
        return SQL(", ").join(
            SQL(
                """COALESCE(SUM(o.residual) FILTER (WHERE o.residual > 0 AND %s), 0)
                   ::text""",
                span,
            )
            for span in spans
        )

    @api.model
    def _get_losses(self, partner, companies, months, today):
        """Receivables taken to a loss in the months shown and since."""
        if not self.env["recouvrement.kpi.line"]._get_loss_account_ids(companies):
            return ZERO
        found = self._sum_by_month(
            "written_off", ("written_off",), partner, companies, months, today
        )
        return sum((row[0] for row in found.values()), ZERO)

    @api.model
    def _get_disputes(self, partner, companies, since):
        """Number of items disputed at some time since a day, and still disputed."""
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT l.id), COUNT(DISTINCT l.id) FILTER (
                           WHERE dp.date_to IS NULL AND NOT l.reconciled
                             AND l.collection_status = 'disputed')
                  FROM recouvrement_dispute_period dp
                  JOIN account_move_line l ON l.id = dp.move_line_id
                 WHERE %s AND l.company_id = ANY(%s)
                   AND (dp.date_to IS NULL OR dp.date_to >= %s)
                """,
                self.env["recouvrement.debtor"]._lines_of_partners_sql(partner.ids),
                companies.ids,
                since,
            )
        )
        return row

    @api.model
    def _get_reminders(self, debtor, since):
        """Number of reminders sent since a day, and the highest of them."""
        reminders = self.env["recouvrement.reminder"]
        domain = [
            ("debtor_id", "in", debtor.ids),
            ("state", "=", "sent"),
            ("is_test", "=", False),
            ("preventive", "=", False),
            ("date_sent", ">=", since),
        ]
        highest = reminders.search(domain, order="rank DESC, date_sent DESC", limit=1)
        return reminders.search_count(domain), highest

    @api.model
    def _get_plans(self, debtor, since):
        """Number of plans in each state, those closed before a day left out."""
        domain = [
            ("debtor_id", "in", debtor.ids),
            ("state", "in", ("accepted", "late", "defaulted", "done")),
            "|",
            ("date_closed", "=", False),
            ("date_closed", ">=", since),
        ]
        plans = self.env["recouvrement.payment.plan"]
        return dict(plans._read_group(domain, ["state"], ["__count"]))
