"""Claims whose payment is uncertain: a mark with its reason, on a debtor or on items.

The items stay on their receivable account. Account 416 is no receivable account in
Odoo: an item moved there would leave the aged balance, the reminders and the matching
(the French chart itself only asks that doubtful claims can be told apart).
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

UNMARKED = {
    "doubtful_reason_id": False,
    "doubtful_date": False,
    "doubtful_rate": False,
    "doubtful_note": False,
}


class RecouvrementDoubtful(models.AbstractModel):
    _name = "recouvrement.doubtful"
    _description = "What May Be Doubtful"

    doubtful_reason_id = fields.Many2one(
        "recouvrement.doubtful.reason",
        string="Doubtful",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Why payment is uncertain. The item stays on its receivable account.",
    )
    doubtful_date = fields.Date(string="Doubtful Since", readonly=True, copy=False)
    doubtful_rate = fields.Float(
        string="Expected Loss (%)",
        digits=(5, 2),
        readonly=True,
        copy=False,
        aggregator=None,
    )
    doubtful_note = fields.Char(string="Facts", readonly=True, copy=False)

    def _check_doubtful(self, reason, day, rate, note):
        if not reason:
            raise UserError(self.env._("Choose why payment is uncertain."))
        if not day or day > fields.Date.context_today(self):
            raise UserError(self.env._("The doubt arose today or earlier."))
        if not 0 <= rate <= 100:
            raise UserError(self.env._("A rate lies between 0 and 100 %."))
        if not (note or "").strip():
            raise UserError(
                self.env._("Write down the facts: a provision must be justified.")
            )

    def _describe_doubt(self, reason, day, rate):
        return self.env._(
            "Doubtful since %(day)s: %(reason)s, expected loss %(rate)s %%",
            day=format_date(self.env, day),
            reason=reason.name,
            rate=f"{rate:g}",
        )


class RecouvrementDebtor(models.Model):
    _name = "recouvrement.debtor"
    _inherit = ["recouvrement.debtor", "recouvrement.doubtful"]

    insured_share = fields.Float(
        string="Insured Share (%)",
        digits=(5, 2),
        tracking=True,
        help="Part of a loss that a credit insurer or another cover bears.",
    )
    insured_ceiling = fields.Monetary(
        string="Cover Limit",
        tracking=True,
        help="The most the cover pays for this debtor; 0: no limit.",
    )

    _insured_range = models.Constraint(
        "CHECK (insured_share BETWEEN 0 AND 100 AND insured_ceiling >= 0)",
        "The insured share lies between 0 and 100 %, the limit is not negative.",
    )

    def _set_doubtful(self, reason, day, rate, note):
        """Mark all that these debtors owe as doubtful, and trace it.

        :raise UserError: without reason, facts, or with an impossible day or rate.
        """
        self._check_doubtful(reason, day, rate, note)
        self.check_access("write")
        self.sudo().write(
            {
                "doubtful_reason_id": reason.id,
                "doubtful_date": day,
                "doubtful_rate": rate,
                "doubtful_note": note.strip(),
            }
        )
        self._log_event(
            "doubtful", self._describe_doubt(reason, day, rate), detail=note.strip()
        )

    def _clear_doubtful(self, note):
        marked = self.filtered("doubtful_reason_id")
        marked.check_access("write")
        marked.sudo().write(UNMARKED)
        marked._log_event("doubtful", self.env._("No longer doubtful"), detail=note)


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "recouvrement.doubtful"]

    def _set_doubtful(self, reason, day, rate, note):
        """Mark receivable items as doubtful on their own, whatever their debtor is.

        :raise UserError: as for debtors, and on lines that are no receivables.
        """
        self._check_doubtful(reason, day, rate, note)
        if any(not line.collection_status for line in self):
            raise UserError(self.env._("Only receivable items can be doubtful."))
        self.write(
            {
                "doubtful_reason_id": reason.id,
                "doubtful_date": day,
                "doubtful_rate": rate,
                "doubtful_note": note.strip(),
            }
        )
        self._log_doubt(self._describe_doubt(reason, day, rate), note.strip())

    def _clear_doubtful(self, note):
        marked = self.filtered("doubtful_reason_id")
        marked.write(UNMARKED)
        marked._log_doubt(self.env._("No longer doubtful"), note)

    def _log_doubt(self, summary, note):
        items = self.env["recouvrement.open.item"].sudo().browse(self.ids).exists()
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": item.debtor_id.id,
                    "company_id": item.debtor_id.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "doubtful",
                    "summary": f"{item.name}: {summary}",
                    "detail": note,
                    "amount": item.amount_residual_currency,
                    "currency_id": item.currency_id.id,
                    "move_line_id": item.id,
                }
                for item in items
                if item.debtor_id
            ]
        )
