"""The items of a payment-delay table, read from the ledger by one statement a side."""

from odoo import models
from odoo.tools import SQL

from odoo.addons.recouvrement.models.open_item import PAYABLE, RECEIVABLE

from .delay_table import CLOSING, ISSUED, RECEIVED

# Kind of account, sign of what is owed, invoices, credit notes.
LEDGERS = {
    RECEIVED: (PAYABLE, -1, ["in_invoice", "in_receipt"], ["in_refund"]),
    ISSUED: (RECEIVABLE, 1, ["out_invoice", "out_receipt"], ["out_refund"]),
}
DISPUTED = ["disputed", "litigation"]
COLUMNS = (
    "move_line_id",
    "move_id",
    "company_id",
    "partner_id",
    "unit",
    "is_invoice",
    "name",
    "ref",
    "document_date",
    "date_due",
    "date_paid",
    "days",
    "item_currency_id",
    "amount",
    "amount_untaxed",
    "amount_currency",
    "category",
    "bucket",
)


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    def _insert_lines(self, side):
        """Write the items of one side."""
        self.ensure_one()
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_delay_table_line
                            (table_id, side, %(columns)s)
                SELECT %(table)s, %(side)s, %(columns)s FROM (%(items)s) items
                 ORDER BY category, bucket, date_due, move_line_id
                """,
                columns=columns,
                table=self.id,
                side=side,
                items=self._side_sql(side),
            )
        )

    def _side_sql(self, side):
        open_items = self._filed_sql(side, self._open_sql(side), self.date_to)
        if self.part == CLOSING:
            read = open_items
        else:
            read = self._filed_sql(side, self._paid_sql(side))
            if self.with_unpaid:
                late = SQL(
                    "SELECT * FROM (%s) late WHERE category IN ('late', 'disputed')",
                    open_items,
                )
                read = SQL("(%s) UNION ALL (%s)", read, late)
        return SQL("(%s) UNION ALL (%s)", read, self._unbooked_sql(side))

    def _get_companies(self):
        """The legal entity with its branches, those that were closed included."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", self.company_id.id)])

    def _accounts_sql(self, side):
        """Ids of the receivable or payable accounts, for the planner an array."""
        return SQL(
            "ANY(ARRAY(SELECT id FROM account_account WHERE account_type = %s))",
            LEDGERS[side][0],
        )

    # ------------------------------------------------------------------
    # FACTS OF AN ITEM, from aliases ``l`` (line) and ``m`` (entry)
    # ------------------------------------------------------------------

    def _document_date_sql(self):
        return SQL("COALESCE(l.takeover_date, m.invoice_date, l.date)")

    def _due_sql(self, side, date_due):
        """Term by the reference delays of the side.

        :param SQL date_due: the contractual one.
        """
        reference = self[f"reference_{side}"]
        if reference == "contractual":
            return date_due
        legal = SQL(
            "%s + %s::integer", self._document_date_sql(), self[f"legal_days_{side}"]
        )
        if reference == "legal":
            return legal
        # No terms, and a due date that Odoo filled in with the day of the invoice.
        return SQL(
            """CASE WHEN m.invoice_payment_term_id IS NULL AND %(due)s <= %(day)s
                    THEN %(legal)s ELSE %(due)s END""",
            due=date_due,
            day=self._document_date_sql(),
            legal=legal,
        )

    def _kind_sql(self, side):
        _type, _sign, invoices, refunds = LEDGERS[side]
        return SQL(
            """CASE WHEN l.takeover_kind IS NOT NULL THEN l.takeover_kind
                    WHEN m.penalty_statement_id IS NOT NULL AND NOT %(penalties)s
                    THEN 'penalty'
                    WHEN m.move_type = ANY(%(invoices)s) THEN 'invoice'
                    WHEN m.move_type = ANY(%(refunds)s) THEN 'credit_note'
                    WHEN l.payment_id IS NOT NULL
                      OR l.statement_line_id IS NOT NULL THEN 'payment'
                    ELSE 'other' END""",
            penalties=self.with_penalties,
            invoices=invoices,
            refunds=refunds,
        )

    def _disputed_sql(self, side):
        if not self.exclude_disputed:
            return SQL("FALSE")
        marks = SQL("COALESCE(l.collection_status, '') = ANY(%s)", DISPUTED)
        if side == RECEIVED:
            marks = SQL("COALESCE(m.payment_state, '') = 'blocked'")
        return SQL("(%s OR m.id = ANY(%s))", marks, self.excluded_move_ids.ids)

    def _facts_sql(self, side, date_due):
        """Columns that all readings share."""
        return SQL(
            """l.id AS move_line_id, m.id AS move_id, l.company_id, l.partner_id,
               CASE WHEN l.takeover_kind IS NULL THEN m.id ELSE -l.id END AS unit,
               %(kind)s AS kind, %(disputed)s AS disputed,
               CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                    THEN l.name ELSE COALESCE(NULLIF(m.name, '/'), m.ref) END AS name,
               m.ref, %(day)s AS document_date, %(due)s AS date_due,
               CASE WHEN m.move_type <> 'entry' THEN m.amount_total_signed END AS total,
               m.amount_untaxed_signed AS untaxed""",
            kind=self._kind_sql(side),
            disputed=self._disputed_sql(side),
            day=self._document_date_sql(),
            due=self._due_sql(side, date_due),
        )

    def _net_sql(self, amount):
        """The part of an amount that is no tax; all of it for what has no detail."""
        return SQL(
            """CASE WHEN COALESCE(i.total, 0) = 0 THEN %(amount)s
                    ELSE ROUND((%(amount)s) * i.untaxed / i.total, %(digits)s) END""",
            amount=amount,
            digits=self.currency_id.decimal_places,
        )
