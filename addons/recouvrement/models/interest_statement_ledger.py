"""What stands of a claim, read from the penalty invoice and its credit notes."""

from collections import defaultdict

from odoo import models

from .interest_statement_feed import PARTS


class RecouvrementInterestStatement(models.Model):
    _inherit = "recouvrement.interest.statement"

    def _follow_invoices(self):
        """Bring the statements in line with their invoices.

        Cancelled, deleted or entirely credited: the statement is cancelled and its
        days are free again. Credited in part: the rest stands.
        """
        invoiced = self.sudo().filtered(
            lambda s: s.outcome == "invoiced" and s.state in ("done", "cancelled")
        )
        if not invoiced:
            return
        invoiced._apply_credits()
        before = {statement: statement.state for statement in invoiced}
        stands = invoiced.filtered(lambda s: s._has_standing_invoice())
        revived = stands.filtered(lambda s: s.state == "cancelled")
        revived._check_free_again()
        stands.write({"state": "done"})
        (invoiced - stands).write({"state": "cancelled"})
        self.env.flush_all()
        dead = (invoiced - stands).filtered(lambda s: before[s] == "done")
        dead._log(
            self.env._(
                "Penalty invoice cancelled, its days may be claimed again: %(total)s"
            )
        )
        revived._log(self.env._("Penalty invoice taken up again: %(total)s"))

    def _has_standing_invoice(self):
        self.ensure_one()
        return bool(
            self.move_id
            and self.move_id.state != "cancel"
            and any(line.interest or line.indemnity for line in self.line_ids)
        )

    def _check_free_again(self):
        """Before an invoice that was cancelled lives again."""
        if self:
            self._check_free()

    def _apply_credits(self):
        """Lower each line by the posted credit notes that name it."""
        credited = defaultdict(float)
        refunds = self.move_ids.filtered(
            lambda m: m.move_type == "out_refund" and m.state == "posted"
        )
        for refund_line in refunds.invoice_line_ids:
            key = (refund_line.penalty_line_id.id, refund_line.penalty_part)
            credited[key] += refund_line.price_subtotal
        for line in self.line_ids:
            vals = {
                part: line.currency_id.round(
                    max(line[f"{part}_initial"] - credited[line.id, part], 0.0)
                )
                for part in PARTS
            }
            if any(line.currency_id.compare_amounts(line[p], vals[p]) for p in PARTS):
                line.write(vals)
