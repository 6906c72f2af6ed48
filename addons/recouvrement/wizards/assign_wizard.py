from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementAssignWizard(models.TransientModel):
    """Hands debtors over to a collector, or a whole portfolio to a substitute."""

    _name = "recouvrement.assign.wizard"
    _description = "Assign Debtors"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_assign_wizard_debtor_rel",
        string="Debtors",
        default=lambda self: self._default_debtor_ids(),
    )
    debtor_count = fields.Integer(compute="_compute_debtor_count")
    from_collector_id = fields.Many2one(
        "res.users",
        string="Portfolio Of",
        domain="[('share', '=', False)]",
        help="Hand over the whole portfolio of this collector.",
    )
    collector_id = fields.Many2one(
        "res.users", string="New Collector", domain="[('share', '=', False)]"
    )
    salesperson_id = fields.Many2one(
        "res.users", string="New Salesperson", domain="[('share', '=', False)]"
    )

    def _default_debtor_ids(self):
        if self.env.context.get("active_model") != "recouvrement.debtor":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    def _get_debtors(self):
        if self.from_collector_id:
            return self.env["recouvrement.debtor"].search(
                [("collector_id", "=", self.from_collector_id.id)]
            )
        return self.debtor_ids

    @api.depends("debtor_ids", "from_collector_id")
    def _compute_debtor_count(self):
        for wizard in self:
            wizard.debtor_count = len(wizard._get_debtors())

    def action_confirm(self):
        self.ensure_one()
        vals = {
            field: self[field].id
            for field in ("collector_id", "salesperson_id")
            if self[field]
        }
        debtors = self._get_debtors()
        if not vals or not debtors:
            raise UserError(
                self.env._("Choose debtors, and who takes care of them from now on.")
            )
        debtors.write(vals)
        return {"type": "ir.actions.act_window_close"}
