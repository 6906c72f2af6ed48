from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementReceiptMatch(models.Model):
    """What a receipt settled: one row for each reconciliation of its line."""

    _name = "recouvrement.receipt.match"
    _description = "Item Settled by a Receipt"
    _auto = False
    _order = "date desc, id"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["name", "move_type"],
        "account.move.line": [
            "account_id",
            "amount_residual_currency",
            "balance",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "name",
            "parent_state",
            "partner_id",
            "payment_id",
            "statement_line_id",
            "takeover_date",
            "takeover_kind",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "recouvrement.debtor": ["collector_id", "salesperson_id", "substitute_id"],
        "res.company": ["parent_path"],
        "res.partner": ["commercial_partner_id"],
    }

    receipt_id = fields.Many2one("recouvrement.receipt", readonly=True)
    receipt_date = fields.Date(readonly=True)
    date = fields.Date(string="Matched On", readonly=True)
    move_line_id = fields.Many2one("account.move.line", string="Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_late = fields.Integer(
        readonly=True,
        aggregator="max",
        help="From the due date to the receipt; negative when paid early.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    debtor_company_id = fields.Many2one(
        "res.company", string="Legal Entity", readonly=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    amount = fields.Monetary(
        string="Settled", currency_field="company_currency_id", readonly=True
    )
    amount_currency = fields.Monetary(
        string="Settled in Currency",
        currency_field="currency_id",
        readonly=True,
        help="In the currency of the item.",
    )
    amount_residual = fields.Monetary(
        string="Still Open", currency_field="currency_id", readonly=True
    )

    @property
    def _table_query(self):
        receipts = self.env["recouvrement.receipt"]
        return SQL(
            """
            SELECT pr.id, l.id AS receipt_id,
                   COALESCE(l.takeover_date, l.date) AS receipt_date,
                   pr.max_date AS date, i.id AS move_line_id, i.move_id,
                   CASE WHEN m.move_type = 'entry' AND COALESCE(i.name, '') <> ''
                        THEN i.name ELSE m.name END AS name,
                   COALESCE(i.date_maturity, i.date) AS date_due,
                   COALESCE(l.takeover_date, l.date)
                       - COALESCE(i.date_maturity, i.date) AS days_late,
                   l.company_id, %(root)s AS debtor_company_id,
                   i.currency_id, i.company_currency_id, d.id AS debtor_id,
                   d.collector_id, d.substitute_id, d.salesperson_id,
                   pr.amount, pr.debit_amount_currency AS amount_currency,
                   i.amount_residual_currency AS amount_residual
              FROM account_partial_reconcile pr
              JOIN account_move_line l ON l.id = pr.credit_move_id
              JOIN account_move_line i ON i.id = pr.debit_move_id
              JOIN account_move m ON m.id = i.move_id
              JOIN res_company c ON c.id = l.company_id
         LEFT JOIN res_partner p ON p.id = l.partner_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id AND d.company_id = %(root)s
             WHERE %(receipt)s
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            receipt=receipts._is_receipt_sql(),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        return super()._search(domain, *args, **kwargs)

    def action_open_document(self):
        """Open the invoice or entry that was settled."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
