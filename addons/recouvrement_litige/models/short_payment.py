"""Short payments: invoices of which the customer paid a part and left a rest."""

from odoo import api, fields, models
from odoo.tools import SQL

DAYS = 90


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    short_payment_seen = fields.Date(
        copy=False, help="Day on which somebody said that the rest is no dispute."
    )


class RecouvrementShortPayment(models.Model):
    """Rests that payments of the last months left, and that nobody explained: read
    from the ledger, nothing is stored."""

    _name = "recouvrement.short.payment"
    _description = "Short Payment"
    _auto = False
    _order = "date_paid desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.move.line": [
            "amount_residual_currency",
            "collection_status",
            "reconciled",
            "short_payment_seen",
        ],
        "account.partial.reconcile": ["debit_move_id", "max_date"],
        "recouvrement.dispute.line": ["is_live", "move_line_id"],
    }

    move_line_id = fields.Many2one("account.move.line", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", string="Legal Entity", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_paid = fields.Date(string="Paid On", readonly=True)
    amount = fields.Monetary(string="Original Amount", readonly=True)
    amount_paid = fields.Monetary(string="Paid", readonly=True)
    amount_rest = fields.Monetary(string="Left Unpaid", readonly=True)
    rest_share = fields.Float(string="Share Left", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        """From what was matched in the last months, never through the ledger."""
        items = self.env["recouvrement.open.item"]
        day = fields.Date.context_today(self)
        return SQL(
            """
            SELECT l.id, l.id AS move_line_id, l.move_id, m.name, d.id AS debtor_id,
                   d.collector_id, d.company_id, l.currency_id,
                   COALESCE(l.date_maturity, l.date) AS date_due, paid.day AS date_paid,
                   l.amount_currency AS amount, paid.amount AS amount_paid,
                   l.amount_residual_currency AS amount_rest,
                   l.amount_residual_currency / l.amount_currency AS rest_share
              FROM (SELECT x.debit_move_id, MAX(x.max_date) AS day,
                           SUM(x.debit_amount_currency) AS amount
                      FROM account_partial_reconcile x
                      JOIN account_move_line l ON l.id = x.credit_move_id
                      JOIN account_move m ON m.id = l.move_id
                      JOIN account_journal j ON j.id = m.journal_id
                     WHERE x.max_date >= %(since)s AND %(receipt)s
                  GROUP BY x.debit_move_id) paid
              JOIN account_move_line l ON l.id = paid.debit_move_id
              JOIN account_move m ON m.id = l.move_id
              JOIN res_partner p ON p.id = l.partner_id
              JOIN res_company c ON c.id = l.company_id
              JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
             WHERE l.account_id = ANY(ARRAY(SELECT id FROM account_account
                                             WHERE account_type = 'asset_receivable'))
               AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
               AND l.amount_residual_currency > 0 AND l.amount_currency > 0
               AND COALESCE(l.date_maturity, l.date) <= GREATEST(paid.day, %(day)s)
               AND l.collection_status = 'to_chase'
               AND (l.short_payment_seen >= paid.day) IS NOT TRUE
               AND NOT EXISTS (SELECT FROM recouvrement_dispute_line y
                                WHERE y.move_line_id = l.id AND y.is_live)
            """,
            since=fields.Date.subtract(day, days=DAYS),
            day=day,
            receipt=items._receipt_sql(),
            root=items._root_company_sql("c"),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    def action_dispute(self):
        """Open a dispute on the rests of one customer."""
        debtor = self.debtor_id[:1]
        own = self.filtered(lambda one: one.debtor_id == debtor)
        debtor.check_access("write")
        return debtor._action_dispute_wizard(
            own.move_line_id, default_source="short_payment"
        )

    def action_no_dispute(self):
        """The rest is no dispute: it goes on being chased."""
        self.check_access("read")
        self.debtor_id.check_access("write")
        self.move_line_id.sudo().with_context(skip_invoice_sync=True).write(
            {"short_payment_seen": fields.Date.context_today(self)}
        )
        return True
