"""The nightly learning of what invoices are paid late: the past read by one statement,
learnt in plain Python, the chances of what is open written by two statements."""

from dataclasses import asdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import late_reading

YEARS = 3
MOST = 20_000  # invoices learnt from, the newest
TEST_SHARE = 5  # one invoice of so many is tested
LEAST_MATCHED = 50.0  # per cent; below, nothing beats the average


class RecouvrementLateModel(models.Model):
    _inherit = "recouvrement.late.model"

    @api.model
    def _cron_learn(self):
        """At night: each legal entity that was not read today; a run that is killed
        goes on with those left."""
        today = fields.Date.context_today(self)
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        done = self.sudo().search([("is_current", "=", True), ("date", "=", today)])
        left = roots - done.company_id
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(left))
        for company in left:
            self.sudo()._learn(company)
            if not cron._commit_progress(1):
                return

    @api.model
    def _learn(self, company):
        """Read the past of a legal entity, and give chances to what is open. In sudo.

        :return: the new model, shown or silent.
        """
        company = company.root_id
        today = fields.Date.context_today(self)
        self._flush_past()
        rows = self._read_past(company, today)
        known = [row for row in rows if row["date_due"] < today][-2 * MOST :]
        values = self._examine(known, self._read_matched(company, today))
        model = self._keep(company, today, values)
        if model.state == "shown":
            learnt = late_reading.learn(*_split(known[-MOST:]))
            model.weights = learnt.weights()
            model._give_chances([row for row in rows if row["is_open"]], learnt)
        return model

    @api.model
    def _examine(self, known, matched):
        """Learn from the older invoices and test on the newer ones.

        :param list known: rows of invoices past due, by day of issue.
        :param float matched: share of receipts matched, in per cent.
        :return: values of a model.
        """
        values = {"state": "silent", "matched_share": matched}
        if not known:
            return values | {"silence": "few"}
        cutoff = known[-1 - len(known) // TEST_SHARE]["issued"]
        older = [row for row in known if row["date_due"] < cutoff][-MOST:]
        newer = [row for row in known if row["issued"] >= cutoff]
        values |= {
            "cutoff": cutoff,
            "learnt_count": len(older),
            "tested_count": len(newer),
        }
        few = late_reading.too_little([row["late"] for row in older]) or (
            late_reading.too_little(
                [row["late"] for row in newer], late_reading.LEAST_TESTED
            )
        )
        if few:
            return values | {"silence": few}
        test = late_reading.examine(late_reading.learn(*_split(older)), *_split(newer))
        values |= {
            "late_share": 100 * test.late / test.number,
            "auc": test.auc,
            "brier": test.brier,
            "brier_plain": test.plain,
            "groups": [asdict(group) for group in test.groups],
        }
        if matched < LEAST_MATCHED:
            return values | {"silence": "unmatched"}
        if late_reading.unconvincing(test):
            return values | {"silence": "unconvincing"}
        return values | {"state": "shown"}

    # ------------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, company, today, values):
        """The current model of a company; of the month, only the last one is kept."""
        mine = self.search([("company_id", "=", company.id)])
        mine.filtered(lambda m: m.date >= fields.Date.start_of(today, "month")).unlink()
        mine.exists().filtered("is_current").is_current = False
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """DELETE FROM recouvrement_late_chance WHERE model_id IN (
                       SELECT id FROM recouvrement_late_model WHERE company_id = %s)""",
                company.id,
            )
        )
        return self.create(
            values | {"company_id": company.id, "date": today, "is_current": True}
        )

    def _give_chances(self, rows, learnt):
        """
        :param list rows: open invoices.
        :param learnt: ``late_reading.Learnt``.
        """
        chances = [learnt.chance(_invoice(row)) for row in rows]
        self.env.cr.execute(
            SQL(
                """INSERT INTO recouvrement_late_chance (move_line_id, model_id, chance)
                   SELECT x.id, %s, x.chance
                     FROM UNNEST(%s::int[], %s::float[]) AS x(id, chance)""",
                self.id,
                [row["id"] for row in rows],
                chances,
            )
        )
        self.invalidate_recordset(["item_count"])

    # ------------------------------------------------------------------
    # STATEMENTS
    # ------------------------------------------------------------------

    @api.model
    def _flush_past(self):
        self.env["recouvrement.debtor"]._process_dirty()
        self.env["recouvrement.debtor"]._flush_sources()
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["move_type", "state", "invoice_date"])

    @api.model
    def _read_past(self, company, today):
        """Invoices of three years to companies, by day of issue, each with the past of
        its customer strictly before that day.

        :return: rows with ``id, issued, date_due, late, is_open`` and the fields of
            ``late_reading.Invoice``.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                WITH invoice AS MATERIALIZED (%(invoices)s),
                event AS (
                    SELECT debtor_id, issued AS day, 0 AS step, id, 0 AS known,
                           0 AS late, 0 AS settled, 0 AS days, 0 AS overdue
                      FROM invoice
                 UNION ALL
                    SELECT debtor_id, date_due + 1, 1, NULL, 1, 1, 0, 0, 1
                      FROM invoice WHERE late
                 UNION ALL
                    SELECT debtor_id, settled_on, 1, NULL, (NOT late)::int, 0, 1,
                           settled_on - date_due, -late::int
                      FROM invoice WHERE settled_on IS NOT NULL
                ), past AS (
                    SELECT id, step, SUM(known) OVER w AS known,
                           SUM(late) OVER w AS late, SUM(settled) OVER w AS settled,
                           SUM(days) OVER w AS days, SUM(overdue) OVER w AS overdue
                      FROM event
                    WINDOW w AS (PARTITION BY debtor_id ORDER BY day, step
                                     ROWS UNBOUNDED PRECEDING)
                )
                SELECT i.id, i.issued, i.date_due, i.late, i.is_open, i.term, i.amount,
                       p.known::int, p.late::int AS late_before, p.settled::int,
                       p.days::int, p.overdue::int
                  FROM past p JOIN invoice i ON i.id = p.id
                 WHERE p.step = 0
              ORDER BY i.issued, i.id
                """,
                invoices=self._invoices_sql(company, today),
            )
        )

    @api.model
    def _invoices_sql(self, company, today):
        """Invoices that receipts settled or that are open; one that a credit note or an
        entry settled alone says nothing of how the customer pays."""
        return SQL(
            """
            SELECT l.id, d.id AS debtor_id, m.invoice_date AS issued,
                   due.day AS date_due, l.balance::float AS amount,
                   due.day - m.invoice_date AS term,
                   paid.settled_on,
                   COALESCE(paid.settled_on > due.day, due.day < %(today)s) AS late,
                   paid.settled_on IS NULL AND due.day >= %(today)s AS is_open
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
              JOIN res_partner customer ON customer.id = p.commercial_partner_id
              JOIN recouvrement_debtor d ON d.partner_id = customer.id
               AND d.company_id = %(root)s
        CROSS JOIN LATERAL (SELECT COALESCE(l.date_maturity, l.date) AS day) due
         LEFT JOIN LATERAL (
                   SELECT MAX(pr.max_date) AS settled_on
                     FROM account_partial_reconcile pr
                     JOIN account_move_line r ON r.id = pr.credit_move_id
                    WHERE l.reconciled AND pr.debit_move_id = l.id
                      AND (r.payment_id IS NOT NULL OR r.statement_line_id IS NOT NULL
                           OR r.takeover_kind = 'payment')) paid ON TRUE
             WHERE m.move_type IN ('out_invoice', 'out_receipt') AND m.state = 'posted'
               AND m.company_id = ANY(%(family)s) AND l.balance > 0
               AND l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                             WHERE account_type = 'asset_receivable'))
               AND m.invoice_date > %(since)s AND m.invoice_date <= %(today)s
               AND customer.is_company AND l.takeover_age_unknown IS NOT TRUE
               AND (l.reconciled IS NOT TRUE OR paid.settled_on IS NOT NULL)
            """,
            root=company.id,
            family=self._get_family(company),
            today=today,
            since=fields.Date.subtract(today, years=YEARS),
        )

    @api.model
    def _get_family(self, company):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", company.id)]).ids

    @api.model
    def _read_matched(self, company, today):
        """Share of the receipts of a year that is matched, by amount, in per cent."""
        [[share]] = self.env.execute_query(
            SQL(
                """
                SELECT 100 * (1 - SUM(l.amount_residual) / NULLIF(SUM(l.balance), 0))
                  FROM account_move_line l
                 WHERE %(receipt)s AND l.company_id = ANY(%(family)s)
                   AND COALESCE(l.takeover_date, l.date) > %(since)s
                   AND COALESCE(l.takeover_date, l.date) <= %(today)s
                """,
                receipt=self.env["recouvrement.receipt"]._is_receipt_sql(),
                family=self._get_family(company),
                since=fields.Date.subtract(today, years=1),
                today=today,
            )
        )
        return float(share or 0)


def _invoice(row):
    return late_reading.Invoice(
        row["known"],
        row["late_before"],
        row["settled"],
        row["days"],
        row["overdue"],
        row["term"],
        row["amount"],
    )


def _split(rows):
    """Invoices and their outcomes, as the tool takes them."""
    return [_invoice(row) for row in rows], [row["late"] for row in rows]
