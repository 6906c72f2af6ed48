from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementNoticeWizard(models.TransientModel):
    """A formal notice that was sent outside this software."""

    _name = "recouvrement.notice.wizard"
    _description = "Record a Formal Notice"

    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_notice_wizard_line_rel",
        string="Items",
        required=True,
        default=lambda self: self._default_move_line_ids(),
    )
    date = fields.Date(
        string="Day of the Notice",
        help="Empty: forget the day that was recorded.",
    )
    reason = fields.Char(
        string="Reference or Reason",
        required=True,
        help="Number of the registered letter, act of the commissaire de justice, or "
        "why the day changes.",
    )

    def _default_move_line_ids(self):
        """Items selected, or all the overdue items of the debtors selected."""
        active_model = self.env.context.get("active_model")
        active_ids = self.env.context.get("active_ids", [])
        if active_model == "recouvrement.debtor":
            items = self.env["recouvrement.open.item"].search(
                [
                    ("debtor_id", "in", active_ids),
                    ("amount_residual", ">", 0),
                    ("date_due", "<", fields.Date.context_today(self)),
                ]
            )
            active_ids = items.ids
        elif active_model not in ("recouvrement.open.item", "account.move.line"):
            return False
        return [Command.set(active_ids)]

    def action_confirm(self):
        """Collectors may do this on their debtors, though not edit journal items:
        sudo after the check on the debtor accounts."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reference of the notice."))
        if self.date and self.date > fields.Date.context_today(self):
            raise UserError(self.env._("A formal notice cannot be in the future."))
        self.move_line_ids.check_access("read")
        debtors = self.move_line_ids._get_debtors()
        missing = self.move_line_ids.filtered(lambda line: line not in debtors)
        if missing:
            raise UserError(
                self.env._("%s is no item of a debtor.", missing[0].display_name)
            )
        self.env["recouvrement.debtor"].union(*debtors.values()).check_access("write")
        self.move_line_ids.sudo()._set_formal_notice(self.date, reason, debtors)
        return {"type": "ir.actions.act_window_close"}
