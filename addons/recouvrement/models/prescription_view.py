"""Limit dates on the open items, and why they are what they are."""

from odoo import models
from odoo.exceptions import UserError


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    def action_explain_limit(self):
        """Open the computation of the item's limit date."""
        self.ensure_one()
        if self.amount_residual <= 0:
            raise UserError(
                self.env._("A credit is owed to the customer: it has no limit date.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Limit Date of %s", self.name),
            "res_model": "recouvrement.prescription.explanation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_line_id": self.id},
        }


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def action_limit_dates(self):
        """Open items of the debtor, the nearest limit date first."""
        return self._action_related(
            "recouvrement_open_item_action", search_default_with_limit=1
        )

    def action_add_prescription_event(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an Event"),
            "res_model": "recouvrement.prescription.event",
            "view_mode": "form",
            "target": "new",
            "context": {"default_debtor_id": self.id},
        }
