"""Daily receipts: what came in, what it settled, what is left to allocate."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementReceipt(models.Model):
    """One row for each receivable line that a payment, a bank line or a payment taken
    over put on the credit of a customer.

    The amounts are those of the ledger: settled + left = received, to the cent. No
    sum is computed here that the line does not carry, so that a day is read from the
    index ``_recouvrement_receipt_day_idx`` whatever the size of the ledger.
    """

    _name = "recouvrement.receipt"
    _description = "Receipt"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["name", "ref"],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
            "balance",
            "company_id",
            "currency_id",
            "date",
            "journal_id",
            "move_id",
            "name",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
            "statement_line_id",
            "takeover_date",
            "takeover_kind",
        ],
        "account.partial.reconcile": ["credit_move_id"],
        "recouvrement.debtor": ["collector_id", "salesperson_id", "substitute_id"],
        "res.company": ["parent_path"],
        "res.partner": ["commercial_partner_id"],
    }

    move_line_id = fields.Many2one("account.move.line", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    name = fields.Char(string="Receipt", readonly=True)
    label = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    origin = fields.Selection(
        [
            ("payment", "Payment"),
            ("statement", "Bank Statement"),
            ("takeover", "Takeover"),
        ],
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    debtor_company_id = fields.Many2one(
        "res.company", string="Legal Entity", readonly=True
    )
    journal_id = fields.Many2one("account.journal", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    amount = fields.Monetary(
        string="Received", currency_field="company_currency_id", readonly=True
    )
    settled_amount = fields.Monetary(
        string="Settled", currency_field="company_currency_id", readonly=True
    )
    unallocated_amount = fields.Monetary(
        string="Left to Allocate", currency_field="company_currency_id", readonly=True
    )
    amount_currency = fields.Monetary(
        string="Received in Currency", currency_field="currency_id", readonly=True
    )
    unallocated_currency = fields.Monetary(
        string="Left in Currency", currency_field="currency_id", readonly=True
    )
    is_unallocated = fields.Boolean(string="To Allocate", readonly=True)
    item_count = fields.Integer(string="Items Settled", readonly=True)

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _is_receipt_sql(self):
        """Condition on ``l``: the words of the partial indexes on receipts."""
        return SQL(
            """l.balance < 0 AND l.parent_state = 'posted'
               AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL
                    OR l.takeover_kind = 'payment')
               AND l.account_id = ANY(ARRAY(
                   SELECT id FROM account_account
                    WHERE account_type = 'asset_receivable'))"""
        )

    @property
    def _table_query(self):
        """The number of items is in the select list, so that it is counted for the
        rows of a page only, and outer joins vanish from a sum that needs none."""
        return SQL(
            """
            SELECT l.id, l.id AS move_line_id, l.move_id, l.payment_id,
                   m.name, COALESCE(NULLIF(l.name, ''), m.ref) AS label,
                   COALESCE(l.takeover_date, l.date) AS date,
                   %(origin)s AS origin,
                   l.company_id, %(root)s AS debtor_company_id, l.journal_id,
                   l.currency_id, l.company_currency_id, l.partner_id,
                   p.commercial_partner_id AS customer_id, d.id AS debtor_id,
                   d.collector_id, d.substitute_id, d.salesperson_id,
                   -l.balance AS amount,
                   l.amount_residual - l.balance AS settled_amount,
                   -l.amount_residual AS unallocated_amount,
                   -l.amount_currency AS amount_currency,
                   -l.amount_residual_currency AS unallocated_currency,
                   l.reconciled IS NOT TRUE
                       AND (l.amount_residual <> 0
                            OR l.amount_residual_currency <> 0) AS is_unallocated,
                   (SELECT COUNT(DISTINCT pr.debit_move_id)
                      FROM account_partial_reconcile pr
                     WHERE pr.credit_move_id = l.id) AS item_count
              FROM account_move_line l
         LEFT JOIN account_move m ON m.id = l.move_id
              JOIN res_company c ON c.id = l.company_id
         LEFT JOIN res_partner p ON p.id = l.partner_id
         LEFT JOIN recouvrement_debtor d
                ON d.partner_id = p.commercial_partner_id AND d.company_id = %(root)s
             WHERE %(receipt)s
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            origin=self._origin_sql(),
            receipt=self._is_receipt_sql(),
        )

    @api.model
    def _origin_sql(self):
        """Where receipt ``l`` comes from, a key of ``origin``: a hook."""
        return SQL(
            """CASE WHEN l.payment_id IS NOT NULL THEN 'payment'
                    WHEN l.statement_line_id IS NOT NULL THEN 'statement'
                    ELSE 'takeover' END"""
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Accounts of new customers open before their receipts are read."""
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        return super()._search(domain, *args, **kwargs)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_matches(self):
        """What these receipts settled."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_receipt_match_action"
        )
        action["domain"] = [("receipt_id", "in", self.ids)]
        if len(self) == 1:
            action["name"] = action["display_name"] = self.env._(
                "Settled by %s", self.name
            )
        return action

    def action_open_entry(self):
        """The payment, else the entry, behind the receipt."""
        self.ensure_one()
        record = self.payment_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def action_open_debtor(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "view_mode": "form",
        }
