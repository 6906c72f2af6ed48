"""What the rating looks at: one measure per debtor for each factor, all read by one
statement."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementRatingFacts(models.AbstractModel):
    _name = "recouvrement.rating.facts"
    _description = "Measures of Debtors"

    @api.model
    def _get_measures(self):
        """What a debtor may be judged by: a hook.

        :return: ``{code: {"label", "definition", "unit"}}``; ``unit`` is ``days``,
            ``percent``, ``months``, ``number`` or ``points``. Each code needs its
            statement in ``_get_sources``.
        """

        def measure(label, definition, unit):
            return {"label": label, "definition": definition, "unit": unit}

        return {
            "days_late": measure(
                self.env._("Average days late"),
                self.env._(
                    "Days late of what was paid in 12 months, weighted by amount."
                ),
                "days",
            ),
            "trend": measure(
                self.env._("Trend of the days late"),
                self.env._(
                    "Average days late of 12 months less that of the 12 before."
                ),
                "days",
            ),
            "late_share": measure(
                self.env._("Share of invoices paid late"),
                self.env._(
                    "Invoices settled in 12 months of which a part came late, by "
                    "number, drawn towards the share of the segment."
                ),
                "percent",
            ),
            "overdue_share": measure(
                self.env._("Overdue share"),
                self.env._("Overdue amount in per cent of what is owed."),
                "percent",
            ),
            "old_share": measure(
                self.env._("Share older than 90 days"),
                self.env._(
                    "Amount more than 90 days overdue in per cent of what is owed."
                ),
                "percent",
            ),
            "broken_promises": measure(
                self.env._("Broken promises"),
                self.env._("Promises broken or partly kept in 12 months."),
                "number",
            ),
            "disputed_share": measure(
                self.env._("Disputed share"),
                self.env._("Disputed amount in per cent of what is owed."),
                "percent",
            ),
            "seniority": measure(
                self.env._("Seniority"),
                self.env._("Months since the first invoice."),
                "months",
            ),
            "insolvency": measure(
                self.env._("Insolvency"),
                self.env._(
                    "1 when something owed is caught by insolvency proceedings."
                ),
                "number",
            ),
            "doubtful": measure(
                self.env._("Doubtful claim"),
                self.env._("1 when the debtor was marked as doubtful."),
                "number",
            ),
            "completeness": measure(
                self.env._("Completeness of the file"),
                self.env._(
                    "Share of what reminders need that is on file: e-mail, address, "
                    "collector, working phone; with a customer file, half of it is "
                    "the share of its required pieces that are checked."
                ),
                "percent",
            ),
        }

    @api.model
    def _get_sources(self, condition, day):
        """Where the measures come from: a hook.

        :param SQL condition: on ``recouvrement_debtor d``.
        :param date day: day of the rating, today.
        :return: ``{tuple of codes: SQL}``; each statement gives ``debtor_id`` and a
            column per code, for debtors of the condition (others are ignored), once
            each; NULL or no row: unknown.
        """
        return {
            ("days_late", "trend", "late_number", "paid_number"): self._delays_sql(
                condition, day
            ),
            ("old_share", "disputed_share", "insolvency"): self._open_sql(
                condition, day
            ),
            ("seniority",): self._seniority_sql(condition, day),
            (
                "overdue_share",
                "broken_promises",
                "doubtful",
                "completeness",
            ): self._account_sql(condition),
        }

    # ------------------------------------------------------------------
    # SOURCES
    # ------------------------------------------------------------------

    @api.model
    def _accounts_sql(self, condition):
        """Each contact of the debtors ``d`` of a condition, with the companies of the
        legal entity: ``debtor_id, partner_id, company_id``. What a ledger line says is
        looked up in it."""
        return SQL(
            """
            SELECT d.id AS debtor_id, p.id AS partner_id, c.id AS company_id
              FROM recouvrement_debtor d
              JOIN res_partner p ON p.commercial_partner_id = d.partner_id
              JOIN res_company c ON %(root)s = d.company_id
             WHERE %(condition)s
            """,
            condition=condition,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
        )

    @api.model
    def _of_accounts_sql(self, lines, condition):
        """Rows of ledger lines with the debtor they are of.

        Of all debtors of a legal entity (``rating_company_ids`` of the context), lines
        are read first and accounts looked up at once; of a few, the planner begins
        with them.

        :param SQL lines: with ``partner_id`` and ``company_id``.
        """
        return SQL(
            """
            SELECT a.debtor_id, x.*
              FROM (%(lines)s %(apart)s) x
              JOIN (%(accounts)s %(apart)s) a
                ON a.partner_id = x.partner_id AND a.company_id = x.company_id
            """,
            lines=lines,
            accounts=self._accounts_sql(condition),
            apart=SQL("OFFSET 0" if self._get_family() else ""),
        )

    @api.model
    def _get_family(self):
        """Companies of the legal entity that is rated whole; none: a few debtors."""
        return self.env.context.get("rating_company_ids") or []

    @api.model
    def _of_family_sql(self, alias):
        family = self._get_family()
        if not family:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", SQL.identifier(alias, "company_id"), list(family))

    @api.model
    def _settled_sql(self, condition, start, day):
        """What receipts settled of invoices between two days: ``debtor_id``,
        ``line_id``, ``day``, ``amount`` (company currency), ``days`` late."""
        lines = SQL(
            """
            SELECT due.id AS line_id, due.partner_id, due.company_id,
                   COALESCE(l.takeover_date, l.date) AS day, pr.amount,
                   COALESCE(l.takeover_date, l.date)
                       - COALESCE(due.date_maturity, due.date) AS days
              FROM account_move_line l
              JOIN account_partial_reconcile pr ON pr.credit_move_id = l.id
              JOIN account_move_line due ON due.id = pr.debit_move_id
              JOIN account_move m ON m.id = due.move_id
             WHERE %(receipt)s AND %(family)s
               AND COALESCE(l.takeover_date, l.date) > %(start)s
               AND COALESCE(l.takeover_date, l.date) <= %(day)s
               AND due.takeover_age_unknown IS NOT TRUE
               AND (m.move_type IN ('out_invoice', 'out_receipt')
                    OR due.takeover_kind = 'invoice')
            """,
            receipt=self.env["recouvrement.receipt"]._is_receipt_sql(),
            family=self._of_family_sql("l"),
            start=start,
            day=day,
        )
        return self._of_accounts_sql(lines, condition)

    @api.model
    def _delays_sql(self, condition, day):
        """Average days late of 12 months and how they moved; how many invoices were
        settled in them, and of how many a part came late. What was settled is read
        once."""
        year = fields.Date.subtract(day, years=1)
        return SQL(
            """
            SELECT i.debtor_id, SUM(i.weighted) / NULLIF(SUM(i.amount), 0) AS days_late,
                   SUM(i.weighted) / NULLIF(SUM(i.amount), 0)
                       - SUM(i.weighted_before) / NULLIF(SUM(i.amount_before), 0)
                       AS trend,
                   COUNT(*) FILTER (WHERE i.days > 0) AS late_number,
                   COUNT(i.days) AS paid_number
              FROM (SELECT x.debtor_id, MAX(x.days) FILTER (WHERE %(recent)s) AS days,
                           SUM(x.amount) FILTER (WHERE %(recent)s) AS amount,
                           SUM(x.amount * x.days) FILTER (WHERE %(recent)s)
                               AS weighted,
                           SUM(x.amount) FILTER (WHERE NOT %(recent)s)
                               AS amount_before,
                           SUM(x.amount * x.days) FILTER (WHERE NOT %(recent)s)
                               AS weighted_before
                      FROM (%(settled)s) x GROUP BY x.debtor_id, x.line_id) i
          GROUP BY i.debtor_id
            """,
            recent=SQL("x.day > %s", year),
            settled=self._settled_sql(
                condition, fields.Date.subtract(day, years=2), day
            ),
        )

    @api.model
    def _open_sql(self, condition, day):
        """Shares of what is open now, credits apart."""
        items = self.env["recouvrement.open.item"]
        owed = SQL("NULLIF(SUM(o.residual) FILTER (WHERE o.residual > 0), 0)")
        return SQL(
            """
            SELECT o.debtor_id,
                   100 * COALESCE(SUM(o.residual) FILTER (WHERE o.residual > 0
                       AND o.date_due < %(old)s), 0) / %(owed)s AS old_share,
                   100 * COALESCE(SUM(o.residual) FILTER (WHERE o.residual > 0
                       AND line.collection_status = 'disputed'), 0) / %(owed)s
                       AS disputed_share,
                   BOOL_OR(line.collection_status = 'insolvency')::int AS insolvency
              FROM (%(lines)s) o
              JOIN account_move_line line ON line.id = o.id
          GROUP BY o.debtor_id
            """,
            old=fields.Date.subtract(day, days=90),
            owed=owed,
            lines=self._of_accounts_sql(
                items._open_lines_sql(None, self._of_family_sql("l")), condition
            ),
        )

    @api.model
    def _seniority_sql(self, condition, day):
        return SQL(
            """
            SELECT f.debtor_id,
                   EXTRACT(YEAR FROM AGE(%(day)s, f.first)) * 12
                       + EXTRACT(MONTH FROM AGE(%(day)s, f.first)) AS seniority
              FROM (SELECT d.id AS debtor_id, MIN(m.invoice_date) AS first
                      FROM recouvrement_debtor d
                      JOIN account_move m ON m.commercial_partner_id = d.partner_id
                      JOIN res_company c ON c.id = m.company_id
                     WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
                       AND d.company_id = %(root)s AND %(condition)s
                  GROUP BY d.id) f
            """,
            day=day,
            condition=condition,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
        )

    @api.model
    def _account_sql(self, condition):
        """What the account and its file carry; nothing owed: nothing overdue."""
        self.env["recouvrement.credit.file"].flush_model(["completeness", "debtor_id"])
        return SQL(
            """
            SELECT d.id AS debtor_id,
                   CASE WHEN d.open_amount + d.credit_amount > 0
                        THEN 100 * d.overdue_amount
                             / (d.open_amount + d.credit_amount)
                        WHEN d.open_item_count > 0 THEN 0 END AS overdue_share,
                   COALESCE(d.promise_broken_count, 0) AS broken_promises,
                   (d.doubtful_reason_id IS NOT NULL)::int AS doubtful,
                   CASE WHEN cf.id IS NULL THEN reach.share
                        ELSE (reach.share + cf.completeness) / 2.0 END AS completeness
              FROM recouvrement_debtor d
              LEFT JOIN recouvrement_credit_file cf ON cf.debtor_id = d.id
             CROSS JOIN LATERAL (
                   SELECT 25 * ((d.missing_email IS NOT TRUE)::int
                                + (d.missing_address IS NOT TRUE)::int
                                + (d.missing_collector IS NOT TRUE)::int
                                + (d.wrong_phone IS NOT TRUE)::int) AS share) reach
             WHERE %s
            """,
            condition,
        )

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _facts_sql(self, condition, day):
        """One row per debtor: ``id``, ``segment_id`` and a column per measure.

        Natural persons are not there: a decision about them is taken by a human
        (GDPR art. 22).
        """
        sources = self._get_sources(condition, day)
        names = [SQL.identifier(f"s{at}") for at in range(len(sources))]
        columns = [
            SQL("%s", SQL.identifier(f"s{at}", code))
            for at, codes in enumerate(sources)
            for code in codes
        ]
        joins = [
            SQL("LEFT JOIN (%s) %s ON %s.debtor_id = d.id", source, name, name)
            for name, source in zip(names, sources.values(), strict=True)
        ]
        return SQL(
            """
            SELECT d.id, d.segment_id, %(columns)s
              FROM recouvrement_debtor d
              JOIN res_partner customer ON customer.id = d.partner_id
              %(joins)s
             WHERE %(condition)s AND customer.is_company
            """,
            columns=SQL(", ").join(columns),
            joins=SQL(" ").join(joins),
            condition=condition,
        )
