from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class RecouvrementAsOfWizard(models.TransientModel):
    """Opens the list of what was owed at the end of a day."""

    _name = "recouvrement.as.of.wizard"
    _description = "Open Items as of a Date"

    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="The ledger is read as it was at the end of this day.",
    )

    @api.model
    def _default_date(self):
        """Last day of the month before."""
        first = fields.Date.start_of(fields.Date.context_today(self), "month")
        return fields.Date.subtract(first, days=1)

    def action_open(self):
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("What will be open on a future day is not known yet.")
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_open_item_action"
        )
        action["name"] = action["display_name"] = self.env._(
            "Open Items on %s", format_date(self.env, self.date)
        )
        action["context"] = {"open_items_as_of": fields.Date.to_string(self.date)}
        # Another address would reopen the list of today.
        action.pop("path", None)
        return action
