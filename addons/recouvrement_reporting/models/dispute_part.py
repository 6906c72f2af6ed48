"""How much of an item was disputed, from when to when: kept because disputes themselves
only say how much it is now."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RecouvrementDisputePart(models.Model):
    _name = "recouvrement.dispute.part"
    _description = "Disputed Part of an Item"
    _inherit = ["recouvrement.guarded"]
    _order = "date_from DESC, id DESC"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Disputed", required=True, readonly=True)
    date_from = fields.Date(string="Disputed From", required=True, readonly=True)
    date_to = fields.Date(
        string="Disputed Until",
        readonly=True,
        help="The day another part, or nothing, was disputed; empty: still disputed.",
    )

    _open_uniq = models.UniqueIndex(
        "(move_line_id) WHERE date_to IS NULL", "This item has a disputed part already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("The past of disputes is kept."))

    @api.model
    def _disputed_sql(self, day):
        """What was disputed of open line ``l`` when a day ended, in company currency:
        the part, at most what was open; all of it when it was only marked."""
        return SQL(
            """COALESCE((SELECT LEAST(dq.amount, GREATEST(l.residual, 0))
                           FROM recouvrement_dispute_part dq
                          WHERE dq.move_line_id = l.id AND dq.date_from <= %(day)s
                            AND (dq.date_to > %(day)s OR dq.date_to IS NULL)
                       ORDER BY dq.id DESC LIMIT 1),
                        CASE WHEN %(whole)s THEN GREATEST(l.residual, 0) ELSE 0 END)""",
            day=day,
            whole=self.env["recouvrement.dispute.period"]._is_disputed_sql(day),
        )

    @api.model
    def _follow(self, amounts):
        """Note what is disputed of items from today on.

        :param dict amounts: ``{item id: amount}`` in company currency, 0: nothing.
        """
        today = fields.Date.context_today(self)
        kept = self.search(
            [("move_line_id", "in", list(amounts)), ("date_to", "=", False)]
        )
        same = kept.filtered(
            lambda part: (
                part.currency_id.compare_amounts(
                    part.amount, amounts[part.move_line_id.id]
                )
                == 0
            )
        )
        (kept - same).write({"date_to": today})
        self.flush_model(["date_to"])
        items = self.env["account.move.line"].browse(
            item_id for item_id, amount in amounts.items() if amount > 0
        )
        self.create(
            [
                {
                    "move_line_id": item.id,
                    "company_id": item.company_id.id,
                    "amount": amounts[item.id],
                    "date_from": today,
                }
                for item in items - same.move_line_id
            ]
        )

    @api.model
    def _take_over(self):
        """Parts that were disputed before this was kept: as of today, which is all that
        is known."""
        items = self.env["recouvrement.open.item"]
        self.env["account.move.line"]._flush_commitments()
        rows = self.env.execute_query(
            SQL(
                """SELECT o.id, o.residual - %(rest)s
                     FROM (%(lines)s) o JOIN account_move_line l ON l.id = o.id
                    WHERE %(part)s > 0
                      AND NOT EXISTS (SELECT FROM recouvrement_dispute_part dq
                                       WHERE dq.move_line_id = l.id
                                         AND dq.date_to IS NULL)""",
                rest=items._undisputed_sql(items._disputed_sql()),
                part=items._disputed_part_sql(),
                lines=items._open_lines_sql(),
            )
        )
        self._follow({item_id: float(amount) for item_id, amount in rows})


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'recouvrement'
    @api.model
    def _on_disputed_parts(self, amounts):
        result = super()._on_disputed_parts(amounts)
        self.env["recouvrement.dispute.part"].sudo()._follow(amounts)
        return result
