"""The items of a dispute, and what the ledger leaves of them in dispute."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.dispute_parts import Claim, open_parts

ZERO = Decimal(0)


class RecouvrementDisputeLine(models.Model):
    """An item that is disputed, whole or in part."""

    _name = "recouvrement.dispute.line"
    _description = "Disputed Item"
    _inherit = ["recouvrement.guarded"]
    _order = "dispute_id desc, id"
    _rec_name = "move_line_id"

    dispute_id = fields.Many2one(
        "recouvrement.dispute",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="dispute_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="dispute_id.company_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    is_whole = fields.Boolean(
        string="Whole Item",
        readonly=True,
        help="All that is or becomes open of the item is disputed.",
    )
    amount = fields.Monetary(
        string="Disputed", readonly=True, help="When it was disputed."
    )
    amount_company = fields.Monetary(
        string="Disputed (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_open = fields.Monetary(
        string="Still Disputed",
        readonly=True,
        help="What credit notes and payments left in dispute.",
    )
    amount_open_company = fields.Monetary(
        string="Still Disputed (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Now"
    )
    base_credited = fields.Monetary(readonly=True)
    is_live = fields.Boolean(
        readonly=True, help="Something of the item is in dispute and not asked for."
    )
    is_holding = fields.Boolean(
        readonly=True, help="Nothing of the item is asked for while this lasts."
    )

    _live_idx = models.Index(
        "(move_line_id) INCLUDE (amount_open, is_holding) WHERE is_live"
    )

    # ------------------------------------------------------------------
    # LEDGER
    # ------------------------------------------------------------------

    def _get_open_parts(self):
        """What is still disputed of the items of these lines, in three queries.

        :return: ``({line id: Decimal}, {item id: Decimal residual})``, for all the
            lines of disputes that hold or may hold these items again.
        """
        items = self.move_line_id
        lines = self.search(
            [
                ("move_line_id", "in", items.ids),
                "|",
                ("dispute_id.state", "=", "open"),
                ("dispute_id.closed_by_ledger", "=", True),
            ]
        )
        residuals = lines._read_residuals()
        free, own = lines._read_credits()
        parts = {}
        for item, claimed in lines.grouped("move_line_id").items():
            claims = [
                line._get_claim(own[line.dispute_id.id, item.id]) for line in claimed
            ]
            parts.update(open_parts(residuals[item.id], free[item.id], claims))
        return parts, residuals

    def _get_claim(self, own):
        amount = None if self.is_whole else self._exact(self.amount)
        return Claim(self.id, amount, self._exact(self.base_credited), own)

    def _exact(self, amount):
        return Decimal(str(self.currency_id.round(amount or 0.0)))

    def _read_residuals(self):
        """``{item id: open amount}`` of posted items; a draft keeps its amount: it is
        being corrected."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, CASE WHEN l.parent_state = 'cancel' THEN '0'
                                     WHEN l.parent_state = 'draft'
                                     THEN GREATEST(l.amount_currency, 0)::text
                                     ELSE l.amount_residual_currency::text END
                     FROM account_move_line l WHERE l.id = ANY(%s)""",
                self.move_line_id.ids,
            )
        )
        return {line_id: Decimal(amount or 0) for line_id, amount in rows}

    def _read_credits(self, items=None):
        """What was matched with items, by default those of these lines, otherwise than
        by money received.

        :return: ``({item id: of credit notes of no dispute}, {(dispute id, item id): of
            those made for the dispute})``.
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["recouvrement.dispute"].flush_model(["credit_move_ids"])
        free, own = defaultdict(Decimal), defaultdict(Decimal)
        for line_id, dispute_ids, amount in self.env.execute_query(
            SQL(
                """
                SELECT x.debit_move_id,
                       (SELECT ARRAY_AGG(r.dispute_id)
                          FROM recouvrement_dispute_credit_rel r
                         WHERE r.move_id = l.move_id),
                       SUM(x.debit_amount_currency)::text
                  FROM account_partial_reconcile x
                  JOIN account_move_line l ON l.id = x.credit_move_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN account_journal j ON j.id = m.journal_id
                 WHERE x.debit_move_id = ANY(%s) AND NOT %s
                   AND x.debit_amount_currency <> 0
              GROUP BY x.debit_move_id, l.move_id
                """,
                (items or self.move_line_id).ids,
                self.env["recouvrement.open.item"]._receipt_sql(),
            )
        ):
            if dispute_ids:
                own[dispute_ids[0], line_id] += Decimal(amount)
            else:
                free[line_id] += Decimal(amount)
        return free, own

    # ------------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------------

    def _store_parts(self, parts, residuals):
        """Write what changed: amounts still disputed, and which items are held whole.

        Called in sudo, with all the lines that ``_get_open_parts`` gave.
        """
        for item, lines in self.grouped("move_line_id").items():
            total = sum((parts[line.id] for line in lines), ZERO)
            whole = total >= residuals[item.id]
            rate = self._get_rate(item)
            for line in lines:
                part = parts[line.id]
                held = whole or not line.dispute_id.category_id.keeps_chasing_rest
                line._write_changes(
                    amount_open=float(part),
                    amount_open_company=line.company_currency_id.round(
                        float(part) * rate
                    ),
                    is_live=part > 0,
                    is_holding=part > 0 and held,
                )

    @api.model
    def _get_rate(self, item):
        """Value in company currency of one unit of an item, at the item's rate."""
        if item.currency_id == item.company_currency_id or not item.amount_currency:
            return 1.0
        return item.balance / item.amount_currency
