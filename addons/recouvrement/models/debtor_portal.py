"""What the page of a customer shows of the account, read from the ledger.

Every query is limited to one debtor account: nothing of another customer, nor of
another company, can be reached by a number that comes from a browser.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

PAID_DAYS = 365
SHOWN_STATUSES = ("promised", "plan", "disputed", "to_verify")
ORDERS = {
    "due": SQL("date_due, id"),
    "newest": SQL("document_date DESC, id DESC"),
    "amount": SQL("residual DESC, id"),
    "name": SQL("name, id"),
}
TABS = ("open", "overdue", "paid")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    portal_seen_date = fields.Date(
        string="Page Seen On",
        readonly=True,
        copy=False,
        help="Last day the customer opened the page of the account.",
    )

    # ------------------------------------------------------------------
    # TOTALS
    # ------------------------------------------------------------------

    def _get_portal_totals(self):
        """What is owed, in each currency of the open items.

        :return: dicts ``currency, owed, overdue, not_due, credits, net``; credits are
            positive, and ``net`` is what remains once they are deducted.
        """
        self.ensure_one()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT i.currency_id,
                       COALESCE(SUM(residual) FILTER (WHERE residual > 0), 0) AS owed,
                       COALESCE(SUM(residual) FILTER (
                           WHERE residual > 0 AND days_overdue > 0), 0) AS overdue,
                       COALESCE(SUM(residual) FILTER (
                           WHERE residual > 0 AND days_overdue <= 0), 0) AS not_due,
                       COALESCE(-SUM(residual) FILTER (WHERE residual < 0), 0)
                           AS credits,
                       SUM(residual) AS net,
                       COUNT(*) FILTER (WHERE residual > 0) AS item_count,
                       COUNT(*) FILTER (WHERE residual > 0 AND days_overdue > 0)
                           AS overdue_count
                  FROM (%s) i
              GROUP BY i.currency_id
              ORDER BY i.currency_id <> %s, i.currency_id
                """,
                self._portal_open_sql(),
                self.currency_id.id,
            )
        )
        currencies = self.env["res.currency"]
        return [
            {**row, "currency": currencies.browse(row.pop("currency_id"))}
            for row in rows
        ]

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def _get_portal_items(self, tab, search="", sort="due", offset=0, limit=None):
        """A page of the items of a tab.

        :param str tab: ``open`` (credits included), ``overdue``, or ``paid``: settled
            in the last 12 months.
        :return: ``(rows, count)``: dicts as ``_portal_open_sql`` gives, with amounts as
            decimals, the currency and the entry as records, and the number of rows of
            all pages.
        """
        self.ensure_one()
        source = self._portal_paid_sql() if tab == "paid" else self._portal_open_sql()
        conditions = [SQL("TRUE")]
        if tab == "overdue":
            conditions.append(SQL("i.residual > 0 AND i.days_overdue > 0"))
        if search:
            conditions.append(SQL("i.name ILIKE %s", f"%{escape_psql(search)}%"))
        order = ORDERS.get(sort, ORDERS["due"])
        if tab == "paid" and sort not in ORDERS:
            order = SQL("settled_date DESC, id DESC")
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT i.*, COUNT(*) OVER () AS total FROM (%s) i
                    WHERE %s ORDER BY %s OFFSET %s LIMIT %s""",
                source,
                SQL(" AND ").join(conditions),
                order,
                offset,
                limit,
            )
        )
        return self._dress_portal_rows(rows), rows[0]["total"] if rows else 0

    def _get_portal_selection(self, line_ids):
        """Open items of the account among these ids that the customer may pay or
        speak of: sums owed, not credits.

        :return: dicts as ``_get_portal_items``, the oldest first.
        """
        self.ensure_one()
        if not line_ids:
            return []
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT i.* FROM (%s) i
                    WHERE i.id = ANY(%s) AND i.residual > 0 ORDER BY i.date_due, i.id
                """,
                self._portal_open_sql(),
                list(line_ids),
            )
        )
        return self._dress_portal_rows(rows)

    def _get_portal_document(self, line_id):
        """Invoice or credit note behind an item of the account, open or not.

        :return: the entry, in sudo; empty when the item is not of this account or has
            no document that the customer received.
        """
        self.ensure_one()
        lines = self.env["account.move.line"].sudo()
        line = lines.search(
            [
                ("id", "=", line_id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("move_id.move_type", "in", self._get_portal_document_types()),
            ]
        )
        return line.move_id

    @api.model
    def _get_portal_document_types(self):
        return ("out_invoice", "out_refund", "out_receipt")

    def _dress_portal_rows(self, rows):
        currencies = self.env["res.currency"]
        moves = self.env["account.move"].sudo()
        move_ids = [row["move_id"] for row in rows]
        for row in rows:
            currency = row["currency"] = currencies.browse(row["currency_id"])
            for field in ("amount", "residual", "disputed"):
                row[field] = Decimal(f"{row[field]:.{currency.decimal_places}f}")
            row["move"] = moves.browse(row["move_id"]).with_prefetch(move_ids)
            row["has_document"] = row["move_type"] in self._get_portal_document_types()
        return rows

    # ------------------------------------------------------------------
    # PENALTIES
    # ------------------------------------------------------------------

    def _get_portal_penalties(self):
        """Penalty statements that were invoiced and still stand; what is only
        computed, or mentioned, was not claimed."""
        self.ensure_one()
        return (
            self.env["recouvrement.interest.statement"]
            .sudo()
            .search(
                [
                    ("debtor_id", "=", self.id),
                    ("outcome", "=", "invoiced"),
                    ("state", "=", "done"),
                    ("move_id.state", "=", "posted"),
                ],
                limit=100,
            )
        )

    # ------------------------------------------------------------------
    # VISITS
    # ------------------------------------------------------------------

    def _log_portal_visit(self, partner):
        """Write the first visit of the day in the history.

        :param partner: who opened the page, as far as the link or the login says.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        self.flush_recordset(["portal_seen_date"])
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_debtor SET portal_seen_date = %(today)s
                    WHERE id = %(id)s
                      AND portal_seen_date IS DISTINCT FROM %(today)s::date""",
                today=today,
                id=self.id,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["portal_seen_date"], flush=False)
            company_lang = self.company_id.partner_id.lang
            env = self.with_context(lang=company_lang).env
            self._log_event(
                "portal", env._("Customer page opened by %s", partner.display_name)
            )

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    def _portal_lines_condition_sql(self):
        return SQL(
            """%s AND l.company_id IN (SELECT c.id FROM res_company c
                                        WHERE %s = %s)""",
            self._lines_of_partners_sql(self.partner_id.ids),
            self.env["recouvrement.open.item"]._root_company_sql("c"),
            self.company_id.id,
        )

    def _portal_open_sql(self):
        """Open items of the account.

        :return: SQL of ``id, move_id, move_type, name, kind, is_penalty,
            document_date, date_due, days_overdue, currency_id, amount, residual``
            and ``disputed`` (in their currency), ``status`` (shown to the customer, or
            NULL) and ``settled_date`` (NULL).
        """
        self.env.flush_all()
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT o.id, o.move_id, m.move_type, o.name, o.kind, o.is_penalty,
                   o.document_date, o.date_due, o.days_overdue, o.currency_id,
                   o.amount, o.amount_residual_currency AS residual,
                   o.amount_disputed AS disputed,
                   CASE WHEN o.collection_status = ANY(%(shown)s)
                         AND COALESCE(l.collection_until, %(today)s::date)
                             >= %(today)s::date
                        THEN o.collection_status
                        WHEN o.amount_residual_currency > 0 AND %(under_payment)s
                        THEN 'in_payment' END AS status,
                   NULL::date AS settled_date
              FROM (%(items)s) o
              JOIN account_move m ON m.id = o.move_id
              JOIN account_move_line l ON l.id = o.id
             WHERE o.debtor_id = %(debtor)s AND o.amount_residual_currency <> 0
            """,
            shown=list(SHOWN_STATUSES),
            under_payment=self.env[
                "recouvrement.dunning.decision"
            ]._under_payment_sql(),
            today=fields.Date.context_today(self),
            items=items._open_items_sql(condition=self._portal_lines_condition_sql()),
            debtor=self.id,
        )

    def _portal_paid_sql(self):
        """Sums owed that were settled in the last 12 months; columns as
        ``_portal_open_sql``."""
        self.env.flush_all()
        items = self.env["recouvrement.open.item"]
        since = fields.Date.context_today(self) - timedelta(days=PAID_DAYS)
        return SQL(
            """
            SELECT l.id, l.move_id, m.move_type,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                        THEN l.name ELSE m.name END AS name,
                   %(kind)s AS kind,
                   m.penalty_statement_id IS NOT NULL AS is_penalty,
                   COALESCE(l.takeover_date, m.invoice_date, l.date) AS document_date,
                   COALESCE(l.date_maturity, l.date) AS date_due,
                   0 AS days_overdue, l.currency_id, l.amount_currency AS amount,
                   0 AS residual, 0 AS disputed, NULL AS status,
                   settled.day AS settled_date
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
              JOIN LATERAL (SELECT MAX(p.max_date) AS day
                              FROM account_partial_reconcile p
                             WHERE p.debit_move_id = l.id) settled
                ON settled.day >= %(since)s
             WHERE l.account_id = ANY(ARRAY(
                       SELECT id FROM account_account
                        WHERE account_type = 'asset_receivable'))
               AND l.parent_state = 'posted' AND l.reconciled AND l.balance > 0
               AND l.amount_residual = 0 AND l.amount_residual_currency = 0
               AND %(condition)s
            """,
            kind=items._kind_sql(),
            since=since,
            condition=self._portal_lines_condition_sql(),
        )
