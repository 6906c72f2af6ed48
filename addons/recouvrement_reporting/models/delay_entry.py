from odoo import fields, models
from odoo.tools import SQL

READINGS = [
    ("document", "Document"),
    ("debit", "Debits Count as Positive"),
    ("credit", "Credits Count as Positive"),
]


class RecouvrementDelayEntry(models.Model):
    """Posted documents and journal items with the sign that they have in a
    payment-delay table: a purchase is positive there as a sale is.

    Each journal item is here twice, once for either reading: accounts of purchases and
    of customers grow by debits, those of sales and of suppliers by credits.
    """

    _name = "recouvrement.delay.entry"
    _description = "Entry behind a Payment-delay Table"
    _auto = False
    _order = "date, id"
    _rec_name = "name"
    _depends = {
        "account.move": ["amount_total_signed", "amount_untaxed_signed", "state"],
        "account.move.line": ["balance", "parent_state"],
    }

    reading = fields.Selection(READINGS, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    ref = fields.Char(string="Reference", readonly=True)
    label = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    move_type = fields.Char(string="Type of Entry", readonly=True)
    line_type = fields.Char(string="Type of Line", readonly=True)
    is_penalty = fields.Boolean(string="Penalty Invoice", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_untaxed = fields.Monetary(string="Excluding Taxes", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "(%s) UNION ALL (%s) UNION ALL (%s)",
            self._documents_sql(),
            self._items_sql("debit", 1, 1),
            self._items_sql("credit", 2, -1),
        )

    def _documents_sql(self):
        return SQL(
            """
            SELECT m.id::bigint * 3 AS id, 'document' AS reading, m.company_id,
                   m.id AS move_id, m.partner_id, NULL::integer AS account_id,
                   m.name, m.ref, NULL AS label, m.date, m.move_type,
                   NULL AS line_type, m.penalty_statement_id IS NOT NULL AS is_penalty,
                   s.sign * m.amount_total_signed AS amount,
                   s.sign * m.amount_untaxed_signed AS amount_untaxed
              FROM account_move m
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN m.move_type LIKE 'in%%' THEN -1 ELSE 1 END AS sign
                   ) s
             WHERE m.state = 'posted' AND m.move_type <> 'entry'
            """
        )

    def _items_sql(self, reading, place, sign):
        return SQL(
            """
            SELECT l.id::bigint * 3 + %(place)s, %(reading)s, l.company_id, l.move_id,
                   l.partner_id, l.account_id, m.name, m.ref, l.name, l.date,
                   m.move_type, l.display_type, m.penalty_statement_id IS NOT NULL,
                   %(sign)s * l.balance, NULL::numeric
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE l.parent_state = 'posted'
            """,
            place=place,
            reading=reading,
            sign=sign,
        )

    def action_open_document(self):
        """Open the entry itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
