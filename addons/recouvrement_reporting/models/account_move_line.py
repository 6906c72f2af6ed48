from odoo import fields, models

from odoo.addons.recouvrement.models.open_item import PAYABLE, RECEIVABLE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'account'
    def write(self, vals):
        """Keep the due dates that receivables and payables had once they were
        posted."""
        before = {}
        if "date_maturity" in vals:
            before = {
                line: line.date_maturity or line.date
                for line in self
                if line.account_id.account_type in (RECEIVABLE, PAYABLE)
                and line.move_id.posted_before
            }
        result = super().write(vals)
        changed = {
            line: old
            for line, old in before.items()
            if (line.date_maturity or line.date) != old
        }
        if changed:
            self.env["recouvrement.due.date.change"].sudo().create(
                [line._prepare_due_date_change(old) for line, old in changed.items()]
            )
        return result

    def _prepare_due_date_change(self, old):
        return {
            "move_line_id": self.id,
            "company_id": self.company_id.id,
            "date": fields.Date.context_today(self),
            "date_old": old,
            "date_new": self.date_maturity or self.date,
            "user_id": self.env.uid,
        }
