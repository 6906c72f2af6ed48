from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementFactoringWizard(models.TransientModel):
    """Assign chosen items to a factor, or take them back."""

    _name = "recouvrement.factoring.wizard"
    _description = "Assign to a Factor"

    kind = fields.Selection(
        [("assign", "Assign"), ("return", "Take Back")], default="assign", required=True
    )
    factoring_id = fields.Many2one("recouvrement.factoring", string="Contract")
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char()
    line_ids = fields.Many2many(
        "account.move.line",
        string="Items",
        default=lambda self: self._default_lines(),
    )
    returned_ids = fields.Many2many("recouvrement.factoring.line", string="Given Back")

    def _default_lines(self):
        if self.env.context.get("active_model") != "recouvrement.open.item":
            return False
        return [fields.Command.set(self.env.context.get("active_ids", []))]

    def action_confirm(self):
        self.ensure_one()
        if self.kind == "return":
            self.returned_ids._take_back(self.date, self.reason)
        elif not self.factoring_id or not self.line_ids:
            raise UserError(self.env._("Choose a contract and items."))
        else:
            self.factoring_id._assign(self.line_ids, self.date)
        return {"type": "ir.actions.act_window_close"}
