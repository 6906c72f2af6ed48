from odoo import api, fields, models
from odoo.tools import SQL

from .selections import AGE_BUCKETS, COLLECTION_STATUSES, ITEM_KINDS

ALWAYS = SQL("TRUE")
RECEIVABLE, PAYABLE = "asset_receivable", "liability_payable"

ORIGIN = (
    "journal_id",
    "payment_id",
    "statement_line_id",
    "takeover_kind",
    "doubtful_date",
    "collection_until",
)


class RecouvrementOpenItem(models.Model):
    """Receivable items open at a date: the one answer to « what was owed on day D? ».

    ``_open_lines_sql`` is the composable core; every total of the application is
    built on it. The model itself shows the items of today, or of the day in the
    context key ``open_items_as_of``.
    """

    _name = "recouvrement.open.item"
    _description = "Open Receivable Item"
    _auto = False
    _order = "date_due, id"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type"],
        "account.move": [
            "name",
            "move_type",
            "invoice_date",
            "payment_state",
            "penalty_statement_id",
        ],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "amount_residual_currency",
            "collection_status",
            "collection_until",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "doubtful_date",
            "doubtful_reason_id",
            "limit_date",
            "limit_date_possible",
            "name",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
            "statement_line_id",
            "takeover_age_unknown",
            "takeover_date",
            "takeover_kind",
        ],
        "account.partial.reconcile": ["amount", "max_date"],
        "recouvrement.debtor": [
            "collector_id",
            "doubtful_date",
            "doubtful_reason_id",
            "salesperson_id",
            "segment_id",
            "substitute_id",
        ],
        "recouvrement.reminder": ["state", "date_sent"],
        "recouvrement.reminder.line": ["claimed", "rank", "move_line_id"],
        "res.company": ["parent_path"],
        "res.partner": ["commercial_partner_id", "country_id"],
    }

    move_line_id = fields.Many2one("account.move.line", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(
        readonly=True, aggregator="max", help="Negative before the due date."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    debtor_company_id = fields.Many2one(
        "res.company", string="Legal Entity", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    kind = fields.Selection(ITEM_KINDS, readonly=True)
    is_penalty = fields.Boolean(
        string="Late-payment Penalties",
        readonly=True,
        help="A penalty invoice or its credit note: it bears no interest itself.",
    )
    amount = fields.Monetary(
        string="Original Amount", currency_field="currency_id", readonly=True
    )
    amount_residual = fields.Monetary(
        string="Open Amount (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_residual_currency = fields.Monetary(
        string="Open Amount", currency_field="currency_id", readonly=True
    )
    amount_disputed = fields.Monetary(
        string="Disputed Part",
        currency_field="currency_id",
        readonly=True,
        help="Still owed, but not asked for while it is disputed.",
    )
    collection_status = fields.Selection(COLLECTION_STATUSES, readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    reached_rank = fields.Integer(
        string="Level Reached", aggregator="max", readonly=True
    )
    last_reminder_date = fields.Date(readonly=True)
    age_bucket = fields.Selection(AGE_BUCKETS, string="Age", readonly=True)
    doubtful_reason_id = fields.Many2one(
        "recouvrement.doubtful.reason", string="Doubtful", readonly=True
    )
    limit_date = fields.Date(readonly=True)
    limit_date_possible = fields.Date(
        string="Limit Date with Possible Events", readonly=True
    )

    # ------------------------------------------------------------------
    # COMPOSABLE SQL
    # ------------------------------------------------------------------

    @api.model
    def _open_lines_sql(self, as_of=None, condition=ALWAYS, account_type=RECEIVABLE):
        """SQL of the receivable lines open at the end of a day.

        :param date as_of: the day; None or a day not before today reads today's
            residuals, a past day rebuilds them from the partial reconciliations
            whose ``max_date`` is later.
        :param SQL condition: more conditions on the alias ``l`` of
            ``account_move_line`` (companies, partners…).
        :param str account_type: ``PAYABLE`` for what the company itself owes; a
            parameter and no context key, so that no remote call asks for it.
        :return: SQL with one row per line: ``id, account_id, move_id, company_id,
            partner_id, currency_id, company_currency_id, date, date_due, residual``
            (company currency) and ``residual_currency``; negative for credits. With
            the context key ``with_origin`` also ``journal_id, payment_id,
            statement_line_id, takeover_kind, doubtful_date, collection_until``: all of
            them are in the index of open items, the table is not read.
        """
        columns = SQL(
            """l.id, l.account_id, l.move_id, l.company_id, l.partner_id,
               l.currency_id, l.company_currency_id, l.date,
               COALESCE(l.date_maturity, l.date) AS date_due"""
        )
        columns = SQL("%s%s", columns, self._origin_sql("l"))
        # An array, because the planner takes a subquery for many accounts. The same
        # words as the partial index of ``account_move_line.py``.
        receivable = SQL(
            """l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                         WHERE account_type = %s))
               AND l.parent_state = 'posted'""",
            account_type,
        )
        is_open = SQL(
            """l.reconciled IS NOT TRUE
               AND (l.amount_residual <> 0 OR l.amount_residual_currency <> 0)"""
        )
        if as_of is None or self._is_present(as_of, account_type):
            return SQL(
                """
                SELECT %(columns)s, l.amount_residual AS residual,
                       l.amount_residual_currency AS residual_currency
                  FROM account_move_line l
                 WHERE %(receivable)s AND %(is_open)s AND %(condition)s
                """,
                columns=columns,
                receivable=receivable,
                is_open=is_open,
                condition=condition,
            )
        # Back from today's open items and what was matched since, never through the
        # whole ledger.
        return SQL(
            """
            SELECT o.*
              FROM (WITH later AS MATERIALIZED (%(later)s)
                    SELECT %(columns)s,
                           l.amount_residual + COALESCE(later.amount, 0) AS residual,
                           l.amount_residual_currency
                               + COALESCE(later.amount_currency, 0)
                               AS residual_currency
                      FROM account_move_line l
                 LEFT JOIN later ON later.line_id = l.id
                     WHERE %(receivable)s AND %(is_open)s AND %(condition)s
                 UNION ALL
                    SELECT %(columns)s, l.amount_residual + later.amount,
                           l.amount_residual_currency + later.amount_currency
                      FROM later
                      JOIN account_move_line l ON l.id = later.line_id
                     WHERE %(receivable)s AND (%(is_open)s) IS NOT TRUE
                       AND %(condition)s) o
             WHERE o.date <= %(as_of)s
               AND (o.residual <> 0 OR o.residual_currency <> 0)
            """,
            columns=columns,
            later=self._later_matching_sql(as_of),
            receivable=receivable,
            is_open=is_open,
            as_of=as_of,
            condition=condition,
        )

    @api.model
    def _origin_sql(self, alias):
        """More columns of open items, when the context asks for them."""
        names = ORIGIN if self.env.context.get("with_origin") else ()
        return SQL().join(SQL(", %s", SQL.identifier(alias, name)) for name in names)

    @api.model
    def _is_present(self, as_of, account_type=RECEIVABLE):
        """Whether today's residuals answer for a day."""
        return as_of >= fields.Date.context_today(self)

    @api.model
    def _later_matching_sql(self, as_of):
        """What was matched after a day, per line: what must be added back."""
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount,
                   SUM(amount_currency) AS amount_currency
              FROM (SELECT debit_move_id AS line_id, amount,
                           debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile
                     WHERE max_date > %(as_of)s
                 UNION ALL
                    SELECT credit_move_id, -amount, -credit_amount_currency
                      FROM account_partial_reconcile
                     WHERE max_date > %(as_of)s) matched
             GROUP BY line_id
            """,
            as_of=as_of,
        )

    @api.model
    def _root_company_sql(self, alias):
        """Root company (legal entity) of a ``res_company`` alias."""
        return SQL(
            "split_part(%s, '/', 1)::integer", SQL.identifier(alias, "parent_path")
        )

    @api.model
    def _kind_sql(self):
        """Nature of an item, from aliases ``l`` (line) and ``m`` (entry)."""
        return SQL(
            """CASE WHEN l.takeover_kind IS NOT NULL THEN l.takeover_kind
                    WHEN m.move_type IN ('out_invoice', 'out_receipt') THEN 'invoice'
                    WHEN m.move_type = 'out_refund' THEN 'credit_note'
                    WHEN l.payment_id IS NOT NULL
                      OR l.statement_line_id IS NOT NULL THEN 'payment'
                    ELSE 'other' END"""
        )

    @api.model
    def _open_items_sql(self, as_of=None, condition=ALWAYS):
        """SQL of the open items with all the columns of the model.

        Parameters as in ``_open_lines_sql``. Outer joins, because counting or summing
        then leaves out the tables it does not need.
        """
        day = as_of or fields.Date.context_today(self)
        return SQL(
            """
            SELECT o.id, o.id AS move_line_id, o.move_id,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   COALESCE(l.takeover_date, m.invoice_date, o.date)
                       AS document_date,
                   o.date_due, %(day)s::date - o.date_due AS days_overdue,
                   o.company_id, %(root)s AS debtor_company_id,
                   o.currency_id, o.company_currency_id,
                   o.partner_id, p.commercial_partner_id, d.id AS debtor_id,
                   %(kind)s AS kind,
                   m.penalty_statement_id IS NOT NULL AS is_penalty,
                   l.amount_currency AS amount,
                   o.residual AS amount_residual,
                   o.residual_currency AS amount_residual_currency,
                   %(disputed)s AS amount_disputed,
                   COALESCE(l.collection_status, 'to_chase') AS collection_status,
                   d.collector_id, d.substitute_id, d.salesperson_id, d.segment_id,
                   cp.country_id,
                   (SELECT MAX(rl.rank) %(sent)s) AS reached_rank,
                   (SELECT MAX(r.date_sent) %(sent)s) AS last_reminder_date,
                   CASE WHEN o.date_due >= %(day)s::date THEN '0_not_due'
                        WHEN l.takeover_age_unknown THEN 'unknown'
                        WHEN o.date_due >= %(day)s::date - 30 THEN '1_30'
                        WHEN o.date_due >= %(day)s::date - 60 THEN '31_60'
                        WHEN o.date_due >= %(day)s::date - 90 THEN '61_90'
                        WHEN o.date_due >= %(day)s::date - 180 THEN '91_180'
                        ELSE 'over_180' END AS age_bucket,
                   CASE WHEN l.doubtful_date <= %(day)s::date
                        THEN l.doubtful_reason_id
                        WHEN d.doubtful_date <= %(day)s::date
                        THEN d.doubtful_reason_id END AS doubtful_reason_id,
                   l.limit_date, l.limit_date_possible%(more)s
              FROM (%(lines)s) o
         LEFT JOIN account_move_line l ON l.id = o.id
         LEFT JOIN account_move m ON m.id = o.move_id
              JOIN res_company c ON c.id = o.company_id
         LEFT JOIN res_partner p ON p.id = o.partner_id
         LEFT JOIN res_partner cp ON cp.id = p.commercial_partner_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
            """,
            day=day,
            sent=self._sent_sql(),
            root=self._root_company_sql("c"),
            kind=self._kind_sql(),
            disputed=self._disputed_sql(),
            more=self._more_columns_sql(as_of),
            lines=self._open_lines_sql(as_of, condition),
        )

    @api.model
    def _more_columns_sql(self, as_of=None):
        """More columns of the open items, each after a comma, from ``o``, ``l``, ``m``,
        ``p``, ``cp``, ``c`` and ``d``: a hook."""
        return SQL()

    @api.model
    def _sent_sql(self):
        """Sent reminders of item ``o``; in the select list, so that it is read for
        the rows of a page only."""
        return SQL(
            """FROM recouvrement_reminder_line rl
               JOIN recouvrement_reminder r ON r.id = rl.reminder_id
              WHERE rl.move_line_id = o.id AND rl.claimed AND r.state = 'sent'"""
        )

    @property
    def _table_query(self):
        as_of = fields.Date.to_date(self.env.context.get("open_items_as_of"))
        return self._open_items_sql(as_of)

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        # The same id has other values on another day.
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print_document(self):
        """Print the invoice or credit note behind the item."""
        self.ensure_one()
        return self.move_id.action_print_pdf()

    def action_open_document(self):
        """Open the invoice or entry behind the item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
