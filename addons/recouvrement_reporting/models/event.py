from odoo import fields, models


class RecouvrementEvent(models.Model):
    _inherit = "recouvrement.event"

    kind = fields.Selection(
        selection_add=[("reconciliation", "Reconciliation")],
        ondelete={"reconciliation": lambda events: events.sudo()._forget_kind()},
    )

    def _forget_kind(self):
        """Without this addon these events stay, as notes."""
        self.env.cr.execute(
            "UPDATE recouvrement_event SET kind = 'note' WHERE id = ANY(%s)", [self.ids]
        )
