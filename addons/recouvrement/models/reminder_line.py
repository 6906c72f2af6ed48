from odoo import fields, models
from odoo.exceptions import UserError

from .selections import DECISION_REASONS, ITEM_KINDS, LINE_ROLES


class RecouvrementReminderLine(models.Model):
    _name = "recouvrement.reminder.line"
    _description = "Item of a Reminder"
    _order = "reminder_id, role, date_due, id"
    _rec_name = "name"

    reminder_id = fields.Many2one(
        "recouvrement.reminder", required=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        index=True,
        ondelete="restrict",
    )
    debtor_id = fields.Many2one("recouvrement.debtor", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    kind = fields.Selection(ITEM_KINDS)
    name = fields.Char(string="Document")
    document_date = fields.Date()
    date_due = fields.Date(string="Due Date")
    days_overdue = fields.Integer(aggregator="max")
    amount = fields.Monetary(string="Original Amount")
    amount_residual = fields.Monetary(
        string="Open Amount",
        help="At the proposal, then at the sending, without what is disputed. "
        "Negative: credit.",
    )
    amount_disputed = fields.Monetary(
        string="Disputed Part", help="Still owed, but not asked for."
    )
    role = fields.Selection(LINE_ROLES, required=True)
    reason = fields.Selection(DECISION_REASONS)
    level_id = fields.Many2one("recouvrement.dunning.level", ondelete="restrict")
    rank = fields.Integer(string="Level Number", aggregator="max")
    removed_role = fields.Selection(
        LINE_ROLES, help="Role before the item was left out by hand."
    )
    removed_reason = fields.Selection(DECISION_REASONS)
    claimed = fields.Boolean(
        help="This reminder holds the item's level: no other reminder can give it."
    )
    state = fields.Selection(related="reminder_id.state")

    # Exactly once: the database refuses a second reminder of the same level.
    _claim_uniq = models.UniqueIndex(
        "(move_line_id, rank) WHERE claimed",
        "This item has already been reminded at this level.",
    )

    def action_remove(self):
        """Leave items out of a reminder that is still under review; its level goes
        down with them when they gave it."""
        self._check_under_review()
        for line in self.filtered(lambda line: line.role != "out"):
            line.sudo().write(
                {
                    "removed_role": line.role,
                    "removed_reason": line.reason,
                    "role": "out",
                    "reason": "removed",
                    "claimed": False,
                }
            )
        self._reconsider_reminders()

    def action_put_back(self):
        """Undo a removal by hand."""
        self._check_under_review()
        removed = self.filtered(lambda line: line.reason == "removed")
        for line in removed:
            line.sudo().write(
                {
                    "role": line.removed_role,
                    "reason": line.removed_reason,
                    "claimed": line.removed_role == "chase",
                }
            )
        removed._reconsider_reminders()

    def _reconsider_reminders(self):
        self.reminder_id._update_totals()
        self.reminder_id._follow_items()

    def _check_under_review(self):
        self.reminder_id.check_access("write")
        if any(state not in ("proposed", "approved") for state in self.mapped("state")):
            raise UserError(
                self.env._("This reminder has left or was cancelled: it is a record.")
            )
